"""A made-up catalogue of any size: devices of invented generations, accessories that fit them, and electronics.

Deterministic, and made in blocks that depend on their number alone: the first 50,000 products of a catalogue of 500,000
are those of a catalogue of 50,000.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np

from demo import devices, operator
from demo.devices import COLOURS, Device
from plugins.guided_search.documents import Category, ProductDocument, VariantDocument

FAMILIES = Path(__file__).parent / "families.csv"
BLOCK = 1000
_SEED = 20260901
# Of ten products, one is a device and two are accessories.
_DEVICES, _ACCESSORIES = 100, 200
_DRAWS = 12
_FIRST_NUMBER = re.compile(r"\d+")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
# Half of the accessories are cases.
_ACCESSORY_SHARES = (0, 0, 0, 0, 1, 1, 2, 3)
_EPOCH = date(2015, 1, 1)
_COLOURS = tuple(COLOURS)
_STORAGES = ("32 GB", "64 GB", "128 GB", "256 GB", "512 GB", "1 TB")

DEVICES = Category("devices", "Devices")
ACCESSORIES = Category("accessories", "Accessories")
ELECTRONICS = Category("electronics", "Electronics")
PHONES, TABLETS = Category("phones", "Phones"), Category("tablets", "Tablets")


@dataclass(frozen=True)
class Family:
    """A leaf of the category tree: what its products are called and what tells them apart."""

    path: tuple[Category, ...]
    noun: str
    adjectives: tuple[str, ...]
    sizes: tuple[str, ...]
    price: float


@cache
def families(*, accessories: bool) -> tuple[Family, ...]:
    """What `families.csv` lists: accessories of devices, or electronics of all sorts."""
    with FAMILIES.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if (row["parent"] == ACCESSORIES.name) == accessories]
    return tuple(_family(row) for row in rows)


def _family(row: dict[str, str]) -> Family:
    parent = Category(_slug(row["parent"]), row["parent"])
    path = (parent,) if parent == ACCESSORIES else (ELECTRONICS, parent)
    leaf = Category(_slug(row["category"]), row["category"])
    sizes = tuple(filter(None, row["sizes"].split("|")))
    return Family((*path, leaf), row["noun"], tuple(row["adjectives"].split("|")), sizes, float(row["price"]))


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


_SYLLABLES = ("ka", "ro", "ven", "lu", "ta", "mi", "zor", "el", "no", "bri", "sa", "dex", "pi", "qua", "ter", "fo")
_WORDS = (
    "battery", "design", "light", "strong", "display", "sound", "control", "setting", "app", "family", "office",
    "travel", "warranty", "material", "surface", "energy", "quiet", "quick", "simple", "reliable", "modern", "compact",
    "bright", "clear", "motor", "sensor", "button", "remote", "storage", "charging", "connection", "update", "safety",
    "comfort",
)  # fmt: skip


def products(count: int) -> Iterator[ProductDocument]:
    """The first `count` products, made while they are read."""
    for block in range(0, count, BLOCK):
        yield from _block(block // BLOCK)[: count - block]


@cache
def brands() -> tuple[str, ...]:
    """Made-up makers; the first ones make most products."""
    rng = np.random.default_rng(_SEED)
    parts = rng.choice(_SYLLABLES, size=(600, 3))
    return tuple(dict.fromkeys("".join(row).capitalize() for row in parts))[:400]


@cache
def _real_devices() -> Sequence[Device]:
    return devices.read_devices(operator.DATA / "devices.csv").rows


@cache
def _zipf(size: int) -> np.ndarray:
    weights = 1 / np.arange(1, size + 1)
    return np.cumsum(weights / weights.sum())


def _block(number: int) -> list[ProductDocument]:
    rng = np.random.default_rng([_SEED, number])
    draws = rng.integers(0, 1 << 30, (BLOCK, _DRAWS)).tolist()
    makers = np.searchsorted(_zipf(len(brands())), rng.random(BLOCK)).tolist()
    made: list[ProductDocument] = []
    for place, (draw, maker) in enumerate(zip(draws, makers, strict=True)):
        key = number * BLOCK + place
        if place < _DEVICES:
            made.append(_device(key, number * _DEVICES + place, draw))
        elif place < _DEVICES + _ACCESSORIES:
            made.append(_accessory(key, made[draw[0] % _DEVICES].name, brands()[maker], draw))
        else:
            made.append(_general(key, brands()[maker], draw))
    return [made[place] for place in rng.permutation(BLOCK)]


def _device(key: int, count: int, draw: Sequence[int]) -> ProductDocument:
    """A real device, its generation counted on at each turn through the facts, with storage and colours of its own."""
    base = _real_devices()[count % len(_real_devices())]
    turn = count // len(_real_devices())
    storages = [_STORAGES[(draw[1] + step) % len(_STORAGES)] for step in range(1 + draw[2] % 3)]
    colours = [_COLOURS[(draw[3] + step) % len(_COLOURS)] for step in range(1 + draw[4] % 2)]
    price = 60 + draw[5] % 1100
    variants = [
        _variant(key, number, price + 50 * (number // len(colours)), {"storage": (size,), "colour": (colour,)})
        for number, (size, colour) in enumerate((size, colour) for size in storages for colour in colours)
    ]
    attributes = {name: tuple(values) for name, values in base.facts.items() if name != "model_codes"}
    return ProductDocument(
        id=f"p{key}",
        name=_FIRST_NUMBER.sub(lambda found: str(int(found[0]) + 10 * turn), base.name, count=1),
        kind="DEVICE",
        brand=base.brand,
        categories=(DEVICES, TABLETS if base.is_tablet else PHONES),
        attributes={**attributes, "model_codes": (_code(draw),)},
        variants=tuple(variants),
        description=_description(draw),
        released=_EPOCH + timedelta(days=draw[6] % 4000),
    )


def _accessory(key: int, device: str, brand: str, draw: Sequence[int]) -> ProductDocument:
    family = families(accessories=True)[_ACCESSORY_SHARES[draw[1] % len(_ACCESSORY_SHARES)]]
    adjective = family.adjectives[draw[2] % len(family.adjectives)]
    return _other(key, f"{brand} {adjective} {family.noun} for {device}", brand, family, draw, fits=(device,))


def _general(key: int, brand: str, draw: Sequence[int]) -> ProductDocument:
    choice = families(accessories=False)
    family = choice[draw[1] % len(choice)]
    adjective = family.adjectives[draw[2] % len(family.adjectives)]
    size = family.sizes[draw[3] % len(family.sizes)]
    return _other(key, f"{brand} {adjective} {family.noun} {_code(draw)} {size}", brand, family, draw)


def _other(
    key: int, name: str, brand: str, family: Family, draw: Sequence[int], fits: tuple[str, ...] = ()
) -> ProductDocument:
    colours = [_COLOURS[(draw[4] + step) % len(_COLOURS)] for step in range(1 + draw[5] % 3)]
    price = max(3, int(family.price * (0.4 + draw[6] % 100 / 60)))
    attributes = {"style": (family.adjectives[draw[2] % len(family.adjectives)],)}
    if family.sizes:
        attributes["size"] = (family.sizes[draw[3] % len(family.sizes)],)
    return ProductDocument(
        id=f"p{key}",
        name=name,
        kind="ACCESSORY" if fits else "OTHER",
        brand=brand,
        categories=family.path,
        attributes=attributes,
        variants=tuple(_variant(key, number, price, {"colour": (colour,)}) for number, colour in enumerate(colours)),
        description=_description(draw),
        fits=fits,
        released=_EPOCH + timedelta(days=draw[7] % 4000),
    )


def _variant(key: int, number: int, price: int, attributes: dict[str, tuple[str, ...]]) -> VariantDocument:
    barcode = f"29{key:09d}{number:02d}"
    return VariantDocument(f"S{key:07d}-{number}", Decimal(price), attributes, barcode)


def _code(draw: Sequence[int]) -> str:
    """A maker's model code, such as "KR-4821"."""
    return f"{_LETTERS[draw[8] % 24]}{_LETTERS[draw[9] % 24]}-{draw[10] % 10000:04d}"


def _description(draw: Sequence[int]) -> str:
    words = [_WORDS[draw[number] // 7 % len(_WORDS)] for number in range(_DRAWS)]
    return f"A {words[0]} {words[1]} with {' '.join(words[2:8])}. For {' and '.join(words[8:11])}, {words[11]}."
