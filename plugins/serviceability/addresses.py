"""Addresses in parts, in one spelling: what is written in many ways becomes the same. Pure.

Of the United States as USPS Publication 28 has them ("100 North Main Street, Apartment 4b" is 100 N MAIN ST APT 4B).
The Chinese form is in `chinese_addresses`; both are the same parts.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from plugins.serviceability.us_words import (
    DIRECTIONS,
    FIRST_WORDS,
    KINDS,
    LONE_UNITS,
    ORDINALS,
    STATE_NAMES,
    STATES,
    UNITS,
)

MAX_TEXT = 300
_NUMBER = re.compile(r"(\d{1,7})(-\d{1,5}|[A-Z])?")
_ZIP = re.compile(r"(\d{5})(-\d{4})?")
# Roads that are known by a number behind the word.
_NUMBERED = ("HWY", "RTE")
_GLUED_UNIT = re.compile(r"(APT|UNIT|STE|RM|LOT|#)([A-Z]?\d+[A-Z]?)")
_LETTERS = str.maketrans({".": "", "'": "", "’": "", "`": "", '"': "", "#": " # ", ",": " , ", ";": " , ", "\n": " , "})


@dataclass(frozen=True, slots=True)
class Street:
    """A street in canonical words: direction before, name, kind, direction after; what it has not is empty."""

    name: str
    before: str = ""
    kind: str = ""
    after: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.before, self.name, self.kind, self.after) if part)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in canonical parts. `area` is the state or province, `suffix` what follows the house number."""

    country: str
    number: int
    street: Street
    city: str
    area: str = ""
    postal_code: str = ""
    suffix: str = ""
    unit: str = ""
    district: str = ""

    @property
    def key(self) -> str:
        """The same for all spellings of the address, another for each other address."""
        unit = unit_value(self.unit)
        parts = (self.area, self.city, self.district, self.postal_code, self.street, self.number, self.suffix, unit)
        return "|".join(str(part) for part in parts)

    @property
    def label(self) -> str:
        """As it is written on an envelope."""
        if self.country == "CN":
            city = "" if self.city == self.area else self.city
            return f"{self.area}{city}{self.district}{self.street}{self.number}{self.suffix or '号'}{self.unit}"
        line = " ".join(
            part for part in (f"{self.number}{_fraction(self.suffix)}", str(self.street), self.unit) if part
        )
        return f"{line}, {self.city}, {self.area} {self.postal_code}".strip()


def _fraction(suffix: str) -> str:
    return f" {suffix}" if "/" in suffix else suffix


def words_of(text: str) -> list[str]:
    """Upper-case words without accents and dots; commas and lines as ",", number signs as "#"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    spaced = re.sub(r"[^A-Z0-9#,/-]+", " ", plain.upper().translate(_LETTERS))
    return [word for word in spaced.split() if word.strip("-/")]


def street_of(words: Sequence[str]) -> Street:
    """A street's words in canonical form. A lone word is a name, whatever it means elsewhere."""
    left = [ORDINALS.get(word, word) for word in words]
    after = kind = before = ""
    if len(left) > 2 and left[-1] in DIRECTIONS and left[-2] in KINDS:
        after = DIRECTIONS[left.pop()]
    if len(left) > 1 and left[-1] in KINDS:
        kind = KINDS[left.pop()]
    if len(left) > 1 and left[0] in DIRECTIONS:
        before = DIRECTIONS[left.pop(0)]
        if len(left) > 1 and before in "NS" and left[0] in ("EAST", "WEST"):
            before += DIRECTIONS[left.pop(0)]
    if not kind and len(left) > 1 and left[0] in KINDS:
        left[0] = KINDS[left[0]]  # AVENUE B, HIGHWAY 71
    elif len(left) > 1 and left[0] in FIRST_WORDS:
        left[0] = FIRST_WORDS[left[0]]
    return Street(" ".join(left), before, kind, after)


def city_of(words: Sequence[str]) -> str:
    """A city's canonical name."""
    left = list(words)
    if len(left) > 1 and left[0] in FIRST_WORDS:
        left[0] = FIRST_WORDS[left[0]]
    return " ".join(left)


def unit_value(unit: str) -> str:
    """What tells a sub-unit from its neighbours: APT 4B, UNIT 4B and # 4B are 4B; 3号楼2单元501室 is 3-2-501."""
    words = [word for word in words_of(unit) if word not in UNITS]
    if not words or any(ord(letter) > 127 for letter in unit):
        return "-".join(re.findall(r"\d+|[A-Z]+", unit.upper()))
    return "-".join(LONE_UNITS.get(word, word.lstrip("0") or "0") for word in words)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, as far as it is clear without knowing which streets and cities there are.

    `words` are the street and the city, one after the other in either order; `cuts` the places in it where there was
    a comma, or something that stands between the two.
    """

    country: str
    number: int | None = None
    suffix: str = ""
    unit: str = ""
    postal_code: str = ""
    area: str = ""
    words: tuple[str, ...] = ()
    cuts: frozenset[int] = frozenset()
    city: str = ""
    district: str = ""


def read_us(text: str) -> Typed:
    """Read free text of the American form."""
    words = words_of(text)
    if words[-1:] and words[-1] in ("USA", "US"):
        words = words[:-1]
    elif words[-2:] == ["UNITED", "STATES"]:
        words = words[:-2]
    units, words = _take_units(words)
    postal_code, words = _take_zip(words)
    number, suffix, words = _take_number(words)
    area, words = _take_state(words)
    kept: list[str] = []
    cuts = set()
    for word in words:
        if word in (",", "|"):
            cuts.add(len(kept))
        elif word == "#":
            continue
        elif not units and _is_lone_unit(word, kept):
            units = word
            cuts.add(len(kept))
        else:
            kept.append(word)
    return Typed("US", number, suffix, units, postal_code, area, tuple(kept), frozenset(cuts))


def _is_lone_unit(word: str, before: list[str]) -> bool:
    """A word with a digit behind a whole street, as 4B in MAIN ST 4B; 71 in HIGHWAY 71 is none."""
    if not any(earlier in KINDS for earlier in before[1:]) or KINDS.get(before[-1]) in _NUMBERED:
        return False
    return re.fullmatch(r"[A-Z]?\d{1,5}[A-Z]?", word) is not None


def _take_units(words: list[str]) -> tuple[str, list[str]]:
    """Sub-units, each with its value; a cut takes their place."""
    found: list[str] = []
    left: list[str] = []
    place = 0
    while place < len(words):
        word, after = words[place], words[place + 1] if place + 1 < len(words) else ""
        glued = _GLUED_UNIT.fullmatch(word)
        if glued:
            found.append(glued[2])
        elif word in UNITS and after == "#" and place + 2 < len(words) and place:
            found.append(words[place + 2])
            place += 2
        elif (
            word in UNITS and place and re.fullmatch(r"\d{0,5}[A-Z]?|[A-Z]\d{0,5}[A-Z]?|\d+-[A-Z0-9]+", after) and after
        ):
            if word == "FL" and _ZIP.fullmatch(after):
                left.append(word)  # Florida
                place += 1
                continue
            found.append(after)
            place += 1
        elif word in LONE_UNITS and place > 2:
            found.append(LONE_UNITS[word])
        else:
            left.append(word)
            place += 1
            continue
        left.append("|")
        place += 1
    return unit_value(" ".join(found)) if found else "", left


def _take_zip(words: list[str]) -> tuple[str, list[str]]:
    """The last word that can be a ZIP code; the first word is a house number, unless another one can be that."""
    places = [place for place, word in enumerate(words) if _ZIP.fullmatch(word)]
    if places and places[-1] == 0 and not any(_NUMBER.fullmatch(word) for word in words[1:]):
        places = []
    if not places and len(words) > 3 and re.fullmatch(r"\d{4,6}", words[-1]):
        places = [len(words) - 1]  # A digit too few or too many.
    if not places:
        return "", words
    at = places[-1]
    return words[at].split("-")[0], [*words[:at], "|", *words[at + 1 :]]


def _take_number(words: list[str]) -> tuple[int | None, str, list[str]]:
    # Behind HIGHWAY stands the highway's number.
    places = [place for place, word in enumerate(words) if _NUMBER.fullmatch(word)]
    places = [place for place in places if not place or KINDS.get(words[place - 1]) not in _NUMBERED] or places
    if not places:
        return None, "", words
    at = places[0]
    read = _NUMBER.fullmatch(words[at])
    assert read is not None
    number, suffix, end = int(read[1]), read[2] or "", at + 1
    if not suffix and end < len(words) and re.fullmatch(r"\d/\d", words[end]):
        suffix, end = words[end], end + 1
    return number, suffix, [*words[:at], "|", *words[end:]]


def _take_state(words: list[str]) -> tuple[str, list[str]]:
    """A state at the end of the text or of a part of it, by its letters or its name."""
    ends = [place for place, word in enumerate(words) if word in (",", "|")] + [len(words)]
    for end in reversed(ends):
        if end and words[end - 1] in STATES and end >= 2:
            return words[end - 1], [*words[: end - 1], "|", *words[end:]]
    for end in reversed(ends):
        for length in (3, 2, 1):
            name = " ".join(words[max(end - length, 0) : end])
            # NEW YORK alone is the city.
            if end - length >= 1 and name in STATE_NAMES and words[end - length - 1] not in ("|",):
                return STATE_NAMES[name], [*words[: end - length], "|", *words[end:]]
    return "", words


def parse_us(*, street: str, city: str, area: str, postal_code: str, unit: str = "") -> Address:
    """An address given in fields, in canonical form.

    Raises ValueError with the name of the field that is missing or cannot be read.
    """
    typed = read_us(street)
    if typed.number is None:
        raise ValueError("number")
    if not typed.words:
        raise ValueError("street")
    cut = min((cut for cut in typed.cuts if cut), default=len(typed.words))
    town = city_of(words_of(city))
    if not town:
        raise ValueError("city")
    plain = area.strip().upper()
    state = plain if plain in STATES else STATE_NAMES.get(plain, "")
    if not state:
        raise ValueError("area")
    zip_code = _ZIP.fullmatch(postal_code.strip())
    if not zip_code:
        raise ValueError("postal_code")
    label = _unit_label(unit) or _unit_label(typed.unit)
    return Address("US", typed.number, street_of(typed.words[:cut]), town, state, zip_code[1], typed.suffix, label)


def _unit_label(unit: str) -> str:
    words = words_of(unit)
    if not words:
        return ""
    if words[0] not in UNITS and words[0] not in LONE_UNITS:
        words.insert(0, "APT")
    return " ".join(UNITS.get(word, LONE_UNITS.get(word, word)) for word in words)


def without_unit(address: Address) -> Address:
    """The building."""
    return replace(address, unit="")
