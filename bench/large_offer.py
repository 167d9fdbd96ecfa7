"""An offer of 200 options in groups six deep, with rules, and choices from it: what the benchmark of bundles asks."""

import random
from decimal import Decimal
from typing import Any

from plugins.bundles.compiled import Compiled, Listed, Selected, compile_offer
from plugins.bundles.document import OfferDocument, read
from plugins.bundles.structure import Product

OPTIONS = 200
DEPTH = 6


def document() -> OfferDocument:
    """Two branches each level, options in all of them; a family of five lines in one of the branches."""
    groups: list[dict[str, Any]] = []
    codes: list[str] = []
    for level in range(DEPTH):
        for branch in range(1 if level == 0 else 5):
            code = f"g{level}-{branch}"
            parent = None if level == 0 else f"g{level - 1}-{0 if level == 1 else branch}"
            groups.append(
                {
                    "code": code, "label": {"en": code}, "parent": parent,
                    "lowerLimit": 1 if level in (0, 3) else 0, "upperLimit": 90,
                    "maximumInstances": 5 if (level, branch) == (2, 0) else 1,
                    "minimumInstances": 1 if level in (0, 3) and branch < 2 else 0,
                    "options": [],
                }
            )  # fmt: skip
            codes.append(code)
    for number in range(OPTIONS):
        group = groups[number % len(groups)]
        group["options"].append(
            {
                "sku": f"S{number}",
                "upperLimit": 3,
                "default": int(number % 40 == 0),
                "prices": {
                    "charges": [{"type": "RECURRING", "code": "m", "price": f"{number % 30 + 1}.00"}]
                    if number % 2
                    else [{"type": "ONE_TIME", "code": "p", "price": f"{number * 4 + 99}.00", "financed": True}],
                    "instalments": [] if number % 2 else [{"months": 24}],
                },
            }
        )
    rules = [
        {
            "code": f"r{number}",
            "kind": "REQUIRES" if number % 2 else "EXCLUDES",
            "when": {"skus": [f"S{number * 3}"]},
            "then": {"skus": [f"S{number * 3 + 1}", f"S{number * 3 + 40}"]},
        }
        for number in range(40)
    ]
    rules.append(
        {"code": "network", "kind": "COMPATIBLE", "when": {"groups": [codes[0]]}, "then": {"skus": ["S7", "S9"]},
         "attribute": "network"}
    )  # fmt: skip
    return read({"name": {"en": "Large"}, "currency": "USD", "terms": [24], "groups": groups, "rules": rules})


def compiled() -> Compiled:
    """The offer ready to be configured, with products of two network generations."""
    listed = {
        f"S{number}": Listed(
            Product("DEVICE", {"network": frozenset({"4G"} if number % 17 == 0 else {"4G", "5G"})}),
            Decimal("10.00"),
            Decimal("0.0825"),
        )
        for number in range(OPTIONS)
    }
    return compile_offer(document(), listed, country="US")


def selections(offer: Compiled, seed: int, units: int = 12) -> list[Selected]:
    """A choice of that many parts, at random: some are valid, most break something."""
    chance = random.Random(seed)
    options = chance.sample(offer.structure.options, units)
    return [
        Selected(
            offer.structure.groups[option.group].code,
            option.sku,
            chance.randint(1, offer.structure.instances(option.group)),
        )
        for option in options
    ]
