"""From what somebody typed to premises: never wrong ones with confidence EXACT. Pure.

A *reading* is one way to divide the words into street and city. Each reading gives *hits*, streets in places with
what speaks against them; the one with the least cost is taken. The docstring of `_is_exact` has the rule.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA

from plugins.serviceability.addresses import Street, Typed, city_of, read_us, street_of
from plugins.serviceability.chinese_addresses import is_chinese, read_cn
from plugins.serviceability.index import SCALE, Index, Numbers
from plugins.serviceability.qualification import Confidence
from plugins.serviceability.spelling import Spelling, is_near
from plugins.serviceability.us_words import DIRECTIONS, KINDS, STATES, UNITS

MAX_WORDS = 12
MAX_SEGMENTS = 200
CANDIDATES = 10
# A house number so far beyond the last known one is not on this street.
BEYOND = 200
_TYPO, _MISSING, _UNKNOWN_CITY, _AGAINST = 1.0, 0.3, 1.5, 3.0
# Shorter names have too many neighbours.
_LEAST_NAME = {"US": 4, "CN": 3}

_KIND_WORDS: Final = sorted(KINDS)
_KIND_SPELLING: Final = Spelling(_KIND_WORDS)
_DIRECTION_WORDS: Final = [word for word in DIRECTIONS if len(word) >= 4]


@dataclass(frozen=True, slots=True)
class Match:
    """Where an address is. `row` is set with EXACT alone; `candidates` are premises that could be meant, best first."""

    confidence: Confidence
    latitude: float
    longitude: float
    country: str
    label: str
    row: int | None = None
    candidates: tuple[int, ...] = ()


@dataclass(slots=True)
class _Reading:
    """A street, and the city as it was understood; None: none was typed, "": one that nobody knows."""

    name: int
    street: Street
    city: str | None
    typos: int = 0
    name_typo: bool = False
    city_typo: bool = False


@dataclass(slots=True)
class _Hit:
    """A street in a place, and the rows there with the number that was typed."""

    segment: int
    cost: float
    typos: int
    against: bool
    missing: bool
    anchored: bool
    reading: _Reading
    rows: list[int] = field(default_factory=list)
    row: int | None = None


def match(index: Index, text: str) -> Match | None:
    """The best answer to an address in free text; None when no part of it is known."""
    if is_chinese(text):
        typed = read_cn(text, areas=index.chinese_areas, cities=index.chinese_cities,
                        districts=index.chinese_districts)  # fmt: skip
        return _best(index, typed, _chinese(index, typed), _chinese_near)
    typed = read_us(text)
    return _best(index, typed, _american(index, typed), _american_near)


def _best(index: Index, typed: Typed, readings: Iterable[_Reading], near) -> Match | None:  # type: ignore[no-untyped-def]
    hits = _hits(index, typed, readings)
    exact = _exact(index, typed, hits)
    if exact is None:
        hits += _hits(index, typed, near(index, typed))
        exact = _exact(index, typed, hits)
    if exact is not None:
        assert exact.row is not None
        latitude, longitude = index.position(exact.row)
        return Match(Confidence.EXACT, latitude, longitude, typed.country, index.address(exact.row).label, exact.row,
                     (exact.row,))  # fmt: skip
    hits.sort(key=lambda hit: (not hit.rows, hit.cost, hit.segment))
    found = _between(index, typed, hits) or _between(index, typed, _hits(index, typed, _chinese_other(index, typed)))
    return found or _area(index, typed, hits)


def _splits(typed: Typed) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Street and city words, in both orders where something stands between them."""
    words = typed.words[:MAX_WORDS]
    for cut in range(len(words), 0, -1):
        yield words[:cut], words[cut:]
        if cut < len(words) and cut in typed.cuts:
            yield words[cut:], words[:cut]


def _american(index: Index, typed: Typed) -> Iterator[_Reading]:
    """Readings whose every word is known as it is."""
    for words, rest in _splits(typed):
        city = city_of(rest) if rest else None
        if city is not None and city not in index.cities:
            if len(typed.words) - len(rest) not in typed.cuts or not typed.postal_code:
                continue
            city = ""
        street = street_of(words)
        name = index.names.get(street.name)
        if name is not None:
            yield _Reading(name, street, city)


def _american_near(index: Index, typed: Typed) -> Iterator[_Reading]:
    """Readings with one typo: in the street's name, its kind or direction, in the city, the state or APT."""
    for words, rest in _splits(typed):
        street = street_of(words)
        known = index.names.get(street.name)
        city = city_of(rest) if rest else None
        if city is not None and city not in index.cities:
            if known is not None:
                yield from _near_cities(index, typed, known, street, rest)
            continue
        if known is None:
            for number in index.name_spelling.near(street.name):
                yield _Reading(number, street, city, 1, name_typo=True)
        for other in _respelled(words):
            number_of = index.names.get(other.name)
            if number_of is not None:
                yield _Reading(number_of, other, city, 1)


def _near_cities(index: Index, typed: Typed, name: int, street: Street, rest: tuple[str, ...]) -> Iterator[_Reading]:
    for number in index.city_spelling.near(city_of(rest)):
        yield _Reading(name, street, index.city_list[number], 1, city_typo=True)
    # A state that is none, in front of the ZIP code.
    city = city_of(rest[:-1])
    if not typed.area and city in index.cities and any(is_near(rest[-1], state) for state in STATES):
        yield _Reading(name, street, city, 1)


def _respelled(words: tuple[str, ...]) -> Iterator[Street]:
    """The street with its kind or a direction spelled right, or without what should be APT or UNIT."""
    last = words[-1]
    if len(words) > 1 and last not in KINDS:
        for kind in dict.fromkeys(KINDS[_KIND_WORDS[number]] for number in _KIND_SPELLING.near(last)):
            yield street_of((*words[:-1], kind))
    may_be_unit = len(words) > 1 and (last not in KINDS or words[-2] in KINDS)
    if may_be_unit and any(is_near(last, designator) for designator in UNITS if len(designator) > 2):
        yield street_of(words[:-1])
    if len(words) > 1 and len(words[0]) <= 2 and words[0] not in DIRECTIONS:
        yield street_of(words[1:])  # A direction of which nothing is left.
    for place in {0, len(words) - 1}:
        word = words[place]
        if len(words) > 1 and word not in DIRECTIONS and word not in KINDS:
            for direction in _DIRECTION_WORDS:
                if is_near(word, direction):
                    yield street_of((*words[:place], direction, *words[place + 1 :]))


def _chinese(index: Index, typed: Typed) -> Iterator[_Reading]:
    name = index.names.get(typed.words[0]) if typed.words else None
    if name is not None:
        yield _Reading(name, Street(typed.words[0]), index.chinese_cities.get(typed.city))


def _chinese_near(index: Index, typed: Typed) -> Iterator[_Reading]:
    if typed.words and typed.words[0] not in index.names:
        city = index.chinese_cities.get(typed.city)
        for number in index.name_spelling.near(typed.words[0]):
            yield _Reading(number, Street(typed.words[0]), city, 1, name_typo=True)


def _chinese_other(index: Index, typed: Typed) -> Iterator[_Reading]:
    """Roads one edit from a known one that has no such house: to be asked about, never to be taken for it."""
    if typed.country == "CN" and typed.words and typed.words[0] in index.names:
        city = index.chinese_cities.get(typed.city)
        for number in index.name_spelling.near(typed.words[0]):
            yield _Reading(number, Street(typed.words[0]), city, 1, name_typo=True)


def _hits(index: Index, typed: Typed, readings: Iterable[_Reading]) -> list[_Hit]:
    """All streets of the readings in places that fit the ZIP code or the city; all places when neither is typed."""
    found = []
    for reading in readings:
        segments = _narrowed(index, typed, reading)
        for segment in segments[:MAX_SEGMENTS]:
            hit = _hit(index, typed, reading, int(segment))
            if hit is not None:
                found.append(hit)
    return found


def _narrowed(index: Index, typed: Typed, reading: _Reading) -> Numbers:
    """The segments of a name in the ZIP code or city that was named; all when none was."""
    segments = index.segments_named(reading.name)
    if not typed.postal_code and not reading.city:
        return segments
    wanted = {*index.places_of.get(typed.postal_code, ()), *index.places_of.get(reading.city or "", ())}
    # Of the few segments of a name a set tells sooner than numpy's isin, which sorts.
    mask = [place in wanted for place in index.segment_place[segments].tolist()]
    return segments[mask]


def _hit(index: Index, typed: Typed, reading: _Reading, segment: int) -> _Hit | None:
    place, street = index.place(segment), index.street(segment)
    if place.country != typed.country:
        return None
    zip_same = bool(typed.postal_code) and typed.postal_code == place.postal_code
    city_same = bool(reading.city) and reading.city == place.city
    if (typed.postal_code or reading.city) and not (zip_same or city_same):
        return None
    cost, typos, against = float(reading.typos), reading.typos, False
    if typed.postal_code and not zip_same and place.postal_code:
        if typed.postal_code not in index.postal_codes and is_near(typed.postal_code, place.postal_code):
            cost, typos = cost + _TYPO, typos + 1
        else:
            cost, against = cost + _AGAINST, True
    if reading.city == "":
        cost, against = cost + _UNKNOWN_CITY, True
    elif reading.city is not None and not city_same:
        cost, against = cost + _AGAINST, True
    area, district = typed.area, typed.district
    if typed.country == "CN":
        area = index.chinese_areas.get(area, area)
        district = index.chinese_districts.get(district, district)
    for said, real in ((area, place.area), (district, place.district)):
        if said and said != real:
            cost, against = cost + _AGAINST, True
    missing = False
    for said, real in zip(_parts(reading.street), _parts(street), strict=True):
        if said and said != real:
            cost, against = cost + _AGAINST, True
        elif real and not said:
            cost, missing = cost + _MISSING, True
    if typed.country == "CN":
        anchored = zip_same or city_same
    else:
        anchored = (zip_same or (city_same and bool(area))) and not (reading.city_typo and not zip_same)
    hit = _Hit(segment, cost, typos, against, missing, anchored, reading)
    _find_rows(index, typed, hit)
    return hit


def _parts(street: Street) -> tuple[str, str, str]:
    return street.before, street.kind, street.after


def _find_rows(index: Index, typed: Typed, hit: _Hit) -> None:
    """The rows with the house number; `row` is the one with the sub-unit too."""
    if typed.number is None:
        return
    start, end = index.segment_start[hit.segment], index.segment_start[hit.segment + 1]
    numbers = index.number[start:end]
    low, high = np.searchsorted(numbers, typed.number, "left"), np.searchsorted(numbers, typed.number, "right")
    suffix = index.suffixes.get(typed.suffix)
    hit.rows = [row for row in range(int(start + low), int(start + high)) if index.suffix[row] == suffix]
    same = [row for row in hit.rows if index.unit_values[index.unit[row]] == typed.unit]
    if len(same) == 1:
        hit.row = same[0]


def _exact(index: Index, typed: Typed, hits: list[_Hit]) -> _Hit | None:
    """The hit that may be called EXACT: all its parts fit, and no rival is as good within one typo."""
    possible = [hit for hit in hits if hit.row is not None]
    if not possible:
        return None
    best = min(possible, key=lambda hit: hit.cost)
    if not _is_exact(index, typed, best, hits):
        return None
    rivals = (hit for hit in hits if hit.rows and hit.row != best.row)
    return None if any(hit.cost < best.cost + _TYPO for hit in rivals) else best


def _is_exact(index: Index, typed: Typed, hit: _Hit, hits: list[_Hit]) -> bool:
    """Number and sub-unit are as typed (the row says so); nothing contradicts; ZIP code, or city and state, are as
    typed; at most one typo in all; a name with a typo is long enough; what was left out fits one street alone."""
    if hit.against or not hit.anchored or hit.typos > 1 or (hit.typos and hit.missing):
        return False
    if hit.reading.name_typo and len(index.name_list[hit.reading.name]) < _LEAST_NAME[typed.country]:
        return False
    if hit.missing:
        same = {other.segment for other in hits if other.reading.name == hit.reading.name}
        return len({index.segment_street[segment] for segment in same}) == 1
    return True


def _between(index: Index, typed: Typed, hits: list[_Hit]) -> Match | None:
    """A building of which the unit is not clear, an address that could be several, or a place between neighbours."""
    candidates = list(dict.fromkeys(row for hit in hits if hit.rows for row in _ordered(index, typed, hit)))[
        :CANDIDATES
    ]
    if candidates:
        latitude, longitude = index.position(candidates[0])
        address = index.address(candidates[0])
        return Match(Confidence.INTERPOLATED, latitude, longitude, typed.country, address.label, None,
                     tuple(candidates))  # fmt: skip
    if typed.number is None:
        return None
    for hit in hits:
        if hit.against or not hit.anchored:
            continue
        start, end = int(index.segment_start[hit.segment]), int(index.segment_start[hit.segment + 1])
        if index.number[start] - BEYOND <= typed.number <= index.number[end - 1] + BEYOND:
            return _interpolated(index, typed, hit, start, end)
    return None


def _ordered(index: Index, typed: Typed, hit: _Hit) -> list[int]:
    """Rows of a building, those first whose sub-unit is the most like the one that was typed."""
    if not typed.unit:
        return hit.rows
    return sorted(hit.rows, key=lambda row: OSA.distance(index.unit_values[index.unit[row]], typed.unit))


def _interpolated(index: Index, typed: Typed, hit: _Hit, start: int, end: int) -> Match:
    """Between the neighbours on the same side of the street."""
    number = typed.number or 0
    side = start + np.flatnonzero(index.number[start:end] % 2 == number % 2)
    rows = side if len(side) else np.arange(start, end)
    numbers = index.number[rows].astype(float)
    latitude = float(np.interp(number, numbers, index.latitude[rows].astype(float))) / SCALE
    longitude = float(np.interp(number, numbers, index.longitude[rows].astype(float))) / SCALE
    place, street = index.place(hit.segment), index.street(hit.segment)
    label = f"{number} {street}, {place.city}, {place.area} {place.postal_code}"
    if typed.country == "CN":
        label = f"{place.area}{'' if place.city == place.area else place.city}{place.district}{street}{number}号"
    return Match(Confidence.INTERPOLATED, latitude, longitude, typed.country, label)


def _area(index: Index, typed: Typed, hits: list[_Hit]) -> Match | None:
    """The street's place, the ZIP code's, or the city's."""
    places = [index.place(hit.segment) for hit in hits if hit.anchored]
    if not places:
        places = [index.place_list[number] for number in index.places_of.get(typed.postal_code, ())]
    if not places:
        cities = {city_of(rest) for _street, rest in _splits(typed) if rest} | {city_of(typed.words)}
        if typed.country == "CN":
            cities = {index.chinese_cities.get(typed.city, "")}
        known = (index.place_list[number] for city in cities for number in index.places_of.get(city, ()))
        places = [one for one in known if one.country == typed.country and typed.area in ("", one.area)]
    if not places:
        return None
    latitude, longitude = index.middle(places[0])
    place = places[0]
    label = f"{place.city}, {place.area} {place.postal_code}".strip()
    if typed.country == "CN":
        label = f"{place.area}{'' if place.city == place.area else place.city}{place.district}"
    return Match(Confidence.AREA, latitude, longitude, typed.country, label)
