"""What a shopper may ask of a product, each as a rule over the catalogue's facts that is met, nearly met or not met."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from bench.relevance.items import Item, Sku


class Degree(IntEnum):
    """How far a product answers one condition."""

    UNMET = 0
    NEAR = 1
    MET = 2


Rule = Callable[[Item, Sku, str], Degree]

# A colour that a shopper names, the demonstration's colours that are it, and those that come close.
COLOURS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "black": (("Black",), ("Graphite",)),
    "grey": (("Graphite",), ("Silver",)),
    "silver": (("Silver",), ("Graphite",)),
    "white": (("Pearl white",), ("Silver",)),
    "blue": (("Midnight blue", "Sky blue"), ()),
    "green": (("Forest green",), ()),
    "purple": (("Lavender",), ()),
    "red": (("Crimson",), ("Coral",)),
    "orange": (("Coral",), ()),
    "pink": (("Coral",), ("Lavender",)),
    "gold": (("Sand",), ()),
    "brown": (("Brown",), ("Sand",)),
}
# Device lines made for one purpose; words that a model name begins with.
GAMING = ("asus rog phone", "nubia red magic", "xiaomi black shark", "razer ")
RUGGED = ("motorola defy", "samsung galaxy s4 active", "samsung galaxy s5 active")
REPAIRABLE = ("fairphone", "the fairphone", "shift")
# From this processor class on a phone is fast: the top class of each maker.
_FAST_PROCESSOR = re.compile(r"Snapdragon (8 |8\+|8s|85\d|86\d|87\d|88\d)|Tensor|Dimensity 9")


def _kind(item: Item, _sku: Sku, wanted: str) -> Degree:
    if wanted in {"phone", "tablet"}:
        return _met(f"{wanted}s" in item.categories)
    return _met(item.kind == wanted.upper())


def _brand(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(item.brand == wanted)


def _series(item: Item, _sku: Sku, wanted: str) -> Degree:
    """The words that a name begins with: "google pixel" is no "google pixels"."""
    return _met(f"{item.model} ".startswith(f"{wanted.casefold()} "))


def _family(item: Item, _sku: Sku, wanted: str) -> Degree:
    """A generation and all that is sold of it: "samsung galaxy s10"."""
    return _met(item.family == wanted.casefold())


def _category(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(wanted in item.categories)


def _name(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(wanted.casefold() in item.name.casefold())


def _colour(_item: Item, sku: Sku, wanted: str) -> Degree:
    own = sku.attributes.get("colour", [])
    exact, close = COLOURS.get(wanted, ((wanted,), ()))
    if any(colour in exact for colour in own):
        return Degree.MET
    return Degree.NEAR if any(colour in close for colour in own) else Degree.UNMET


def _storage(_item: Item, sku: Sku, wanted: str) -> Degree:
    """The size asked for; twice as much comes near."""
    own = [gigabytes(value) for value in sku.attributes.get("storage", [])]
    size = gigabytes(wanted)
    return Degree.MET if size in own else Degree.NEAR if size * 2 in own else Degree.UNMET


def _storage_min(_item: Item, sku: Sku, wanted: str) -> Degree:
    own = [gigabytes(value) for value in sku.attributes.get("storage", [])]
    return _at_least(own, gigabytes(wanted), gigabytes(wanted) / 2)


def _ram(item: Item, _sku: Sku, wanted: str) -> Degree:
    """The memory asked for; more comes near."""
    own = [gigabytes(value) for value in item.attributes.get("ram", [])]
    size = gigabytes(wanted)
    return Degree.MET if size in own else Degree.NEAR if max(own, default=0) > size else Degree.UNMET


def _ram_min(item: Item, _sku: Sku, wanted: str) -> Degree:
    own = [gigabytes(value) for value in item.attributes.get("ram", [])]
    return _at_least(own, gigabytes(wanted), gigabytes(wanted) * 0.75)


def _screen(item: Item, _sku: Sku, wanted: str) -> Degree:
    """Inches; a tenth of an inch more or less comes near."""
    off = min((abs(inches - float(wanted)) for inches in _numbers(item, "screen_inches")), default=99.0)
    return Degree.MET if off < 0.005 else Degree.NEAR if off < 0.105 else Degree.UNMET


def _screen_min(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _at_least(_numbers(item, "screen_inches"), float(wanted), float(wanted) - 0.2)


def _screen_max(item: Item, _sku: Sku, wanted: str) -> Degree:
    own = [-inches for inches in _numbers(item, "screen_inches")]
    return _at_least(own, -float(wanted), -float(wanted) - 0.3)


def _battery(item: Item, _sku: Sku, wanted: str) -> Degree:
    """mAh; a tenth more or less comes near."""
    off = min((abs(size / float(wanted) - 1) for size in _numbers(item, "battery_mah")), default=99.0)
    return Degree.MET if off < 0.001 else Degree.NEAR if off <= 0.1 else Degree.UNMET


def _battery_min(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _at_least(_numbers(item, "battery_mah"), float(wanted), float(wanted) * 0.9)


def _camera_min(item: Item, _sku: Sku, wanted: str) -> Degree:
    """Megapixels of the best camera."""
    return _at_least(_numbers(item, "cameras"), float(wanted), float(wanted) * 0.75)


def _network(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(wanted in item.attributes.get("network", []))


def _feature(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(wanted in [*item.attributes.get("features", []), *item.attributes.get("sim", [])])


def _wifi(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(wanted in item.attributes.get("wifi", []))


def _screen_technology(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(any(wanted in value for value in item.attributes.get("screen_technology", [])))


def _processor(item: Item, _sku: Sku, wanted: str) -> Degree:
    return _met(any(re.search(rf"{re.escape(wanted)}\b", value) for value in item.attributes.get("processor", [])))


def _fast(item: Item, _sku: Sku, _wanted: str) -> Degree:
    return _met(any(_FAST_PROCESSOR.search(f"{value} ") for value in item.attributes.get("processor", [])))


def _released_from(item: Item, _sku: Sku, wanted: str) -> Degree:
    """Years; the year before comes near."""
    return _at_least([float(day[:4]) for day in item.attributes.get("released", [])], float(wanted), float(wanted) - 1)


def _price_max(_item: Item, sku: Sku, wanted: str) -> Degree:
    return _at_least([-sku.price], -float(wanted), -1.25 * float(wanted))


def _price_min(_item: Item, sku: Sku, wanted: str) -> Degree:
    return _at_least([sku.price], float(wanted), 0.8 * float(wanted))


def _made_for(lines: Sequence[str]) -> Rule:
    return lambda item, _sku, _wanted: _met(item.model.startswith(tuple(lines)))


RULES: Mapping[str, Rule] = {
    "kind": _kind,
    "brand": _brand,
    "series": _series,
    "family": _family,
    "category": _category,
    "name": _name,
    "colour": _colour,
    "storage": _storage,
    "storage_min": _storage_min,
    "ram": _ram,
    "ram_min": _ram_min,
    "screen": _screen,
    "screen_min": _screen_min,
    "screen_max": _screen_max,
    "battery": _battery,
    "battery_min": _battery_min,
    "camera_min": _camera_min,
    "network": _network,
    "feature": _feature,
    "wifi": _wifi,
    "screen_technology": _screen_technology,
    "processor": _processor,
    "fast": _fast,
    "released_from": _released_from,
    "price_max": _price_max,
    "price_min": _price_min,
    "for_gaming": _made_for(GAMING),
    "rugged": _made_for(RUGGED),
    "repairable": _made_for(REPAIRABLE),
}

# What a need comes down to. Written from what the words mean to a shopper, with the catalogue's prices in mind:
# half of the devices cost less than 80 dollars, a tenth more than 370.
NEEDS: Mapping[str, Mapping[str, str]] = {
    "big battery": {"battery_min": "5000"},
    "cheap": {"price_max": "80"},
    "premium": {"price_min": "500"},
    "for children": {"price_max": "100", "screen_min": "5"},
    "easy to read": {"screen_min": "6.3"},
    "good camera": {"camera_min": "48", "released_from": "2019"},
    "small": {"screen_max": "5.2"},
    "large screen": {"screen_min": "6.7"},
    "fast": {"fast": "yes", "ram_min": "8 GB"},
    "for gaming": {"for_gaming": "yes"},
    "rugged": {"rugged": "yes"},
    "repairable": {"repairable": "yes"},
    "lots of storage": {"storage_min": "256 GB"},
    "music": {"feature": "3.5mm jack"},
    "films": {"screen_min": "6.5", "screen_technology": "OLED"},
    "new": {"released_from": "2024"},
    "contactless payment": {"feature": "NFC"},
    "remote control": {"feature": "IR blaster"},
    "radio": {"feature": "FM radio"},
    "two numbers": {"feature": "Dual SIM"},
    "wireless charging": {"feature": "Qi wireless charging"},
    "keyboard": {"feature": "Hardware keyboard"},
}


def degree_of(item: Item, sku: Sku, condition: str, wanted: str) -> Degree:
    """How far this variant of the product answers a condition; raises KeyError for one that does not exist."""
    return RULES[condition](item, sku, wanted)


def gigabytes(text: str) -> float:
    """A size such as "128 GB" or "1 TB"; 0 when it is none."""
    found = re.search(r"(\d+(?:\.\d+)?)\s*(TB|GB)", text)
    return float(found[1]) * (1024 if found[2] == "TB" else 1) if found else 0.0


def _numbers(item: Item, attribute: str) -> list[float]:
    found = (re.match(r"\d+(?:\.\d+)?", value) for value in item.attributes.get(attribute, []))
    return [float(number[0]) for number in found if number]


def _met(is_met: bool) -> Degree:
    return Degree.MET if is_met else Degree.UNMET


def _at_least(own: Sequence[float], wanted: float, near: float) -> Degree:
    best = max(own, default=float("-inf"))
    return Degree.MET if best >= wanted else Degree.NEAR if best >= near else Degree.UNMET
