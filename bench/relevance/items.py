"""The demonstration's products as facts to judge by. Read from the operator, not from any index or engine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from demo import operator
from demo.prices import YUAN_A_DOLLAR

# A device sold for several radios is one model to a shopper.
_RADIOS = frozenset({"lte", "wi-fi", "wifi", "gsm", "4g"})
_ROMAN = re.compile(r"[IVX]+")
_GENERATION = re.compile(r"([A-Za-z]*)(\d{1,3}(?:\.\d+)?)(?!\d|G\b)")
_BRACKETS = re.compile(r"\s\(([^)]*)\)")
_PART_OF_MODEL = re.compile(r"\d+|Gen\. \d+|M\d")
# Accessories that the catalogue lists for so many devices are made for no particular one.
_UNIVERSAL_FITS = 10


@dataclass(frozen=True)
class Sku:
    """One variant: its price in dollars, whatever the channel's currency, and its own attributes."""

    price: float
    attributes: Mapping[str, list[str]]


@dataclass(frozen=True)
class Item:
    """One product; `kind` is DEVICE, ACCESSORY, PLAN, SERVICE or SIM, `categories` slugs from the root down."""

    id: str
    name: str
    kind: str
    brand: str
    categories: tuple[str, ...]
    attributes: Mapping[str, list[str]]
    skus: tuple[Sku, ...]
    fits: frozenset[str]

    @property
    def is_universal(self) -> bool:
        return len(self.fits) >= _UNIVERSAL_FITS

    @cached_property
    def model(self) -> str:
        return model_of(self.name)

    @cached_property
    def family(self) -> str:
        return family_of(self.model)


@cache
def items(channel: str) -> tuple[Item, ...]:
    """What the demonstration sells in a channel, ordered by id."""
    core = operator.build().core
    kinds = {kind["slug"]: kind["kind"] for kind in core["product_types"]}
    parents = {category["slug"]: category["parent"] for category in core["categories"]}
    sold = (product for product in core["products"] if channel in product["variants"][0]["listings"])
    found = [_item(product, kinds, parents) for product in sold]
    return tuple(sorted(found, key=lambda item: item.id))


@cache
def model_of(name: str) -> str:
    """The name without radio, region and board: "samsung galaxy s5" of "Samsung Galaxy S5 LTE (G900I/P)"."""
    kept = _BRACKETS.sub(lambda found: f" {found[1]}" if _PART_OF_MODEL.fullmatch(found[1]) else "", name)
    return " ".join(word for word in kept.casefold().split() if word not in _RADIOS)


@cache
def family_of(model: str) -> str:
    """The generation that a model is of: "samsung galaxy s10" of "samsung galaxy s10+"."""
    words = model.split()
    for place, word in enumerate(words[1:], start=1):
        generation = _GENERATION.match(word.upper())
        if generation:
            return " ".join([*words[:place], generation[0].casefold()])
        if _is_roman(word):
            return " ".join(words[: place + 1])
    return re.sub(r"( 5g)?( -)?( \d{4})?$", "", model)


def _is_roman(word: str) -> bool:
    return len(word) > 1 and _ROMAN.fullmatch(word.upper()) is not None


def _item(product: Mapping[str, Any], kinds: Mapping[str, str], parents: Mapping[str, str | None]) -> Item:
    path: list[str] = []
    category: str | None = product["category"]
    while category:
        path.insert(0, category)
        category = parents[category]
    attributes = dict(product["attributes"])
    return Item(
        id=product["slug"],
        name=product["name"],
        kind=kinds[product["product_type"]],
        brand=attributes.pop("brand", [""])[0],
        categories=tuple(path),
        fits=frozenset(attributes.pop("fits", [])),
        attributes=attributes,
        skus=tuple(Sku(_dollars(sku["listings"]), sku["attributes"]) for sku in product["variants"]),
    )


def _dollars(listings: Mapping[str, Mapping[str, str]]) -> float:
    return float(listings["us"]["price"]) if "us" in listings else float(listings["cn"]["price"]) / YUAN_A_DOLLAR
