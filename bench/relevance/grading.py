"""Grades of a product for what a shopper wants: 3 is what was asked for, 2 a good substitute, 1 one some would take
or a complement to it, 0 beside it.

A want is written beside each query in `queries.jsonl`, by hand, from what the words mean. It is one of

- `{"model": [names], ...conditions}`: a device by its name,
- `{"code": start}`: a device by its maker's model code,
- `{"accessory": type, "for": model, ...conditions}`: an accessory, fitting a device or any,
- `{"best": conditions, "good": conditions, "related": conditions}`: whatever meets the conditions, best first,
- `{...conditions, "needs": [...]}`: a device by its properties and by what it is needed for.

The rules read the catalogue's facts. No index, no tokenizer and no engine has a part in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.relevance.conditions import NEEDS, Degree, degree_of
from bench.relevance.items import Item, Sku, family_of, model_of

ASKED_FOR, SUBSTITUTE, RELATED, BESIDE = 3, 2, 1, 0
Want = Mapping[str, Any]
_NO_SKU = Sku(0.0, {})


@dataclass(frozen=True)
class AccessoryType:
    """Accessories of a category by words of their name: all of `words` for the type, one of `near` for a substitute."""

    category: str
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    def degree(self, item: Item) -> Degree:
        name = item.name.casefold()
        if self.category in item.categories and all(word in name for word in self.words):
            return Degree.MET
        return Degree.NEAR if item.kind == "ACCESSORY" and any(word in name for word in self.near) else Degree.UNMET


ACCESSORY_TYPES: Mapping[str, AccessoryType] = {
    "any": AccessoryType("accessories"),
    "case": AccessoryType("cases"),
    "clear case": AccessoryType("cases", ("clear",), ("wallet case",)),
    "wallet case": AccessoryType("cases", ("wallet",), ("clear case",)),
    "screen protector": AccessoryType("screen-protection"),
    "charger": AccessoryType("chargers-cables", ("charg",), ("car charger", "travel adapter")),
    "usb-c charger": AccessoryType("chargers-cables", ("usb-c", "charger"), ("car charger",)),
    "65 w charger": AccessoryType("chargers-cables", ("charger", "65 w"), ("charger",)),
    "45 w charger": AccessoryType("chargers-cables", ("charger", "45 w"), ("charger",)),
    "wireless charger": AccessoryType("chargers-cables", ("wireless charging",)),
    "cable": AccessoryType("chargers-cables", ("cable",)),
    "usb-c cable": AccessoryType("chargers-cables", ("usb-c cable",)),
    "long usb-c cable": AccessoryType("chargers-cables", ("usb-c cable", "2 m"), ("usb-c cable",)),
    "micro-usb cable": AccessoryType("chargers-cables", ("micro-usb",)),
    "power bank": AccessoryType("power-banks"),
    "10000 mah power bank": AccessoryType("power-banks", ("10,000",), ("20,000", "5,000 mah")),
    "20000 mah power bank": AccessoryType("power-banks", ("20,000",), ("10,000",)),
    "headphones": AccessoryType("audio", ("headphones",), ("earbuds", "earphones")),
    "earphones": AccessoryType("audio", ("ear",), ("headphones",)),
    "wired earphones": AccessoryType("audio", ("wired",), ("earbuds", "headphones")),
    "earbuds": AccessoryType("audio", ("earbuds",), ("earphones", "headphones")),
    "noise cancelling headphones": AccessoryType("audio", ("noise cancelling",), ("headphones", "earbuds")),
    "speaker": AccessoryType("audio", ("speaker",)),
    "car holder": AccessoryType("car-travel", ("car holder",)),
    "magnetic car holder": AccessoryType("car-travel", ("magnetic", "holder"), ("car holder",)),
    "car charger": AccessoryType("car-travel", ("car charger",)),
    "travel adapter": AccessoryType("car-travel", ("travel adapter",)),
    "waterproof pouch": AccessoryType("car-travel", ("pouch",)),
    "tracker": AccessoryType("car-travel", ("tracking",)),
    "stylus": AccessoryType("tablet-accessories", ("stylus",)),
    "keyboard": AccessoryType("tablet-accessories", ("keyboard",)),
    "memory card": AccessoryType("memory"),
    "256 gb memory card": AccessoryType("memory", ("256 gb",), ("microsd",)),
    "128 gb memory card": AccessoryType("memory", ("128 gb",), ("microsd",)),
}


class Grader:
    """Grades the products of one catalogue."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self._by_id = {item.id: item for item in items}

    def grades(self, want: Want) -> dict[str, int]:
        """Products by id with their grade; those beside the want are left out."""
        coded = [item for item in self.items if _has_code(item, want["code"])] if "code" in want else []
        found = ((item.id, self._coded(coded, item) if coded else self._grade(want, item)) for item in self.items)
        return {key: grade for key, grade in found if grade != BESIDE}

    def _grade(self, want: Want, item: Item) -> int:
        if "model" in want:
            return self._model(want, item)
        if "accessory" in want:
            return self._accessory(want, item)
        if "best" in want:
            return _tier(want, item)
        return _properties(want, item)

    def _model(self, want: Want, item: Item) -> int:
        """The model 3, those whose name goes on from it 2, others of its generation and accessories made for it 1."""
        models = [model_of(name) for name in want["model"]]
        if item.kind == "ACCESSORY":
            return RELATED if self._made_for(item, models) else BESIDE
        if item.kind != "DEVICE" or item.family not in map(family_of, models):
            return BESIDE
        if item.model in models:
            rest = {name: value for name, value in want.items() if name != "model"}
            return ASKED_FOR if _meets(item, rest) else SUBSTITUTE
        return SUBSTITUTE if item.model.startswith(tuple(models)) else RELATED

    def _coded(self, coded: Sequence[Item], item: Item) -> int:
        """The devices that bear the code 3, accessories made for them 1: who types a code means nothing else."""
        if item in coded:
            return ASKED_FOR
        return RELATED if self._made_for(item, [other.model for other in coded]) else BESIDE

    def _accessory(self, want: Want, item: Item) -> int:
        degree = ACCESSORY_TYPES[want["accessory"]].degree(item)
        rest = {name: value for name, value in want.items() if name not in {"accessory", "for"}}
        if degree is Degree.MET and not _meets(item, rest):
            degree = Degree.NEAR
        if "for" in want:
            return self._accessory_for(model_of(want["for"]), item, degree)
        return {Degree.MET: ASKED_FOR, Degree.NEAR: SUBSTITUTE, Degree.UNMET: BESIDE}[degree]

    def _accessory_for(self, model: str, item: Item, degree: Degree) -> int:
        """What is asked for and fits 3; another make of it that fits, or one for any device, 2; the device itself 1."""
        if item.kind == "DEVICE":
            return RELATED if item.model == model else BESIDE
        fits = any(self._by_id[fitted].model == model for fitted in item.fits)
        if degree is Degree.MET:
            return ASKED_FOR if fits else SUBSTITUTE if item.is_universal else BESIDE
        if degree is Degree.NEAR and fits:
            return SUBSTITUTE
        return RELATED if fits and not item.is_universal else BESIDE

    def _made_for(self, item: Item, models: Sequence[str]) -> bool:
        return not item.is_universal and any(self._by_id[fitted].model in models for fitted in item.fits)


def _has_code(item: Item, start: str) -> bool:
    return any(code.casefold().startswith(start.casefold()) for code in item.attributes.get("model_codes", []))


def _tier(want: Want, item: Item) -> int:
    for grade, name in ((ASKED_FOR, "best"), (SUBSTITUTE, "good"), (RELATED, "related")):
        # Alternatives are a list: any of them will do.
        alternatives = want.get(name, [])
        for asked in [alternatives] if isinstance(alternatives, Mapping) else alternatives:
            if _meets(item, asked):
                return grade
    return BESIDE


def _properties(want: Want, item: Item) -> int:
    """All conditions met 3, some only nearly 2, one of several not met 1; nothing when it is another kind of thing."""
    asked = {name: value for name, value in want.items() if name not in {"kind", "needs"}}
    if not _meets(item, {"kind": want.get("kind", "device")}):
        return BESIDE
    answers = []
    for sku in item.skus:
        found = [degree_of(item, sku, name, value) for name, value in asked.items()]
        for need in want.get("needs", []):
            found.append(min(degree_of(item, sku, name, value) for name, value in NEEDS[need].items()))
        answers.append(_grade_of(found))
    return max(answers)


def _grade_of(found: Sequence[Degree]) -> int:
    unmet = sum(degree is Degree.UNMET for degree in found)
    if unmet:
        return RELATED if unmet == 1 and len(found) > 1 else BESIDE
    return ASKED_FOR if all(degree is Degree.MET for degree in found) else SUBSTITUTE


def _meets(item: Item, asked: Mapping[str, str]) -> bool:
    """Whether one variant meets all conditions."""
    return any(
        all(degree_of(item, sku, name, value) is Degree.MET for name, value in asked.items())
        for sku in item.skus or (_NO_SKU,)
    )
