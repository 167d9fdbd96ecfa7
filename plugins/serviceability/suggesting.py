"""Premises that complete an address while it is typed. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from plugins.serviceability.addresses import Address, Street, Typed, read_us, street_of, words_of
from plugins.serviceability.chinese_addresses import is_chinese, read_cn
from plugins.serviceability.index import Index
from plugins.serviceability.matching import match
from plugins.serviceability.us_words import KINDS

# Streets that are looked at for one text.
MAX_NAMES = 60
MAX_SEGMENTS = 400


def suggest(index: Index, text: str, limit: int) -> list[int]:
    """Rows whose address begins like the text, then those that it could mean with a typo."""
    found: dict[int, None] = {}
    for row in _beginning(index, text):
        found[row] = None
        if len(found) >= limit:
            return list(found)
    best = match(index, text)
    if best is not None and (best.row is not None or not found):
        found = dict.fromkeys((*best.candidates, *found))
    return list(found)[:limit]


def _beginning(index: Index, text: str) -> Iterator[int]:
    """House number and the beginning of a street; further words must begin the city, state or ZIP code."""
    if is_chinese(text):
        yield from _chinese(index, text)
        return
    for typed in _typed(text):
        for cut in range(len(typed.words), 0, -1):
            found = False
            for prefix in _streets(typed.words[:cut]):
                for row in _rows(index, prefix.name, typed.number, typed.unit):
                    if _goes_on(index.address(row), typed, prefix, cut):
                        found = True
                        yield row
            if found:
                return


def _typed(text: str) -> Iterator[Typed]:
    """What was typed, and what else it may become: CT the court rather than the state, MA the beginning of MAPLE."""
    typed = read_us(text)
    if typed.number is None:
        return
    if typed.words:
        yield typed
    if typed.area and (not typed.words or typed.area in KINDS):
        yield replace(typed, words=(*typed.words, typed.area), area="")


def _streets(words: Sequence[str]) -> Iterator[Street]:
    """The street as it stands, and the one whose name goes on behind what may be a kind: OAK HILL, then COURT."""
    street = street_of(words)
    yield street
    if street.kind and len(words) > 1:
        yield replace(street, name=f"{street.name} {words[-1]}", kind="")


def _goes_on(address: Address, typed: Typed, prefix: Street, cut: int) -> bool:
    """Whether an address on a street of that name goes on from what was typed."""
    street = address.street
    if (prefix.before and prefix.before != street.before) or (prefix.kind and prefix.kind != street.kind):
        return False
    if typed.postal_code and not address.postal_code.startswith(typed.postal_code):
        return False
    if typed.area and typed.area != address.area:
        return False
    rest = " ".join(words_of(" ".join(typed.words[cut:])))
    ends = (address.city, f"{street.kind} {address.city}".strip())
    return not rest or any(end.startswith(rest) for end in ends)


def _chinese(index: Index, text: str) -> Iterator[int]:
    typed = read_cn(text, areas=index.chinese_areas, cities=index.chinese_cities, districts=index.chinese_districts)
    if not typed.words:
        return
    city, district = index.chinese_cities.get(typed.city), index.chinese_districts.get(typed.district)
    for row in _rows(index, typed.words[0], typed.number, typed.unit):
        address = index.address(row)
        if (city is None or address.city == city) and (district is None or address.district == district):
            yield row


def _rows(index: Index, prefix: str, number: int | None, unit: str) -> Iterator[int]:
    """Rows on streets whose name begins so, with the house number (without one, the first house of each street)."""
    first = bisect_left(index.sorted_names, prefix)
    looked = 0
    for name in index.sorted_names[first : first + MAX_NAMES]:
        if not name.startswith(prefix):
            return
        for segment in index.segments_named(index.names[name]):
            looked += 1
            if looked > MAX_SEGMENTS:
                return
            start, end = int(index.segment_start[segment]), int(index.segment_start[segment + 1])
            if number is None:
                yield start
                continue
            numbers = index.number[start:end]
            low, high = np.searchsorted(numbers, number, "left"), np.searchsorted(numbers, number, "right")
            for row in range(start + int(low), start + int(high)):
                if not unit or index.unit_values[index.unit[row]].startswith(unit):
                    yield row
