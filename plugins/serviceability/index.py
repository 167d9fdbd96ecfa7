"""Premises in memory: sorted by street, place, number and unit, as columns of numbers. Pure; a snapshot.

A *segment* is one street in one place; its rows lie together. Words are numbered once. Nothing here asks the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from plugins.serviceability.addresses import Address, Street, unit_value
from plugins.serviceability.chinese_addresses import short
from plugins.serviceability.qualification import Drop
from plugins.serviceability.spelling import Spelling

Numbers = NDArray[np.int32]
# Positions are kept in ten-millionths of a degree, about a centimetre.
SCALE = 10_000_000
BATCH = 50_000


class Row(NamedTuple):
    """Premises as they are read: the columns of the table, in this order."""

    code: str
    country: str
    number: int
    suffix: str
    before: str
    street: str
    kind: str
    after: str
    unit: str
    district: str
    city: str
    area: str
    postal_code: str
    latitude: float
    longitude: float
    fibre: int
    coax: int
    copper: int
    loop_metres: int
    fibre_node: str | None
    coax_node: str | None
    copper_node: str | None


class Place(NamedTuple):
    """Where streets are."""

    country: str
    area: str
    city: str
    district: str
    postal_code: str


class Line(NamedTuple):
    """A line of premises: how near it is, its node ("" for none) and the length of the copper."""

    drop: Drop
    node: str
    loop_metres: int = 0


@dataclass(slots=True)
class _Columns:
    """Rows as they come, words numbered; arrays of a batch each."""

    street: list[Numbers]
    place: list[Numbers]
    number: list[Numbers]
    suffix: list[Numbers]
    unit: list[Numbers]
    latitude: list[Numbers]
    longitude: list[Numbers]
    drops: list[NDArray[np.uint16]]
    loop: list[NDArray[np.uint16]]
    nodes: list[Numbers]


class Index:
    """All premises of one moment. `build` makes one."""

    def __init__(self) -> None:
        self.streets: dict[tuple[str, str, str, str], int] = {}
        self.places: dict[Place, int] = {}
        self.units: dict[str, int] = {"": 0}
        self.suffixes: dict[str, int] = {"": 0}
        self.node_numbers: dict[str | None, int] = {None: 0}

    @classmethod
    def build(cls, rows: Iterable[Sequence[Row]]) -> "Index":
        """From batches of rows."""
        self = cls()
        columns = _Columns([], [], [], [], [], [], [], [], [], [])
        codes: list[bytes] = []
        for batch in rows:
            self._take(columns, batch)
            codes.extend(row[0].encode() for row in batch)
        self._arrange(columns, codes)
        self._name()
        return self

    def _take(self, into: _Columns, batch: Sequence[Row]) -> None:
        if not batch:
            return
        (_code, country, number, suffix, before, street, kind, after, unit, district, city, area, postal, latitude,
         longitude, fibre, coax, copper, loop, *nodes) = zip(*batch, strict=True)  # fmt: skip
        into.street.append(_numbered(self.streets, zip(before, street, kind, after, strict=True)))
        into.place.append(
            _numbered(self.places, map(Place._make, zip(country, area, city, district, postal, strict=True)))
        )
        into.number.append(np.array(number, np.int32))
        into.suffix.append(_numbered(self.suffixes, suffix))
        into.unit.append(_numbered(self.units, unit))
        into.latitude.append(np.round(np.array(latitude) * SCALE).astype(np.int32))
        into.longitude.append(np.round(np.array(longitude) * SCALE).astype(np.int32))
        drops = np.array(fibre, np.uint16) | (np.array(coax, np.uint16) << 4) | (np.array(copper, np.uint16) << 8)
        into.drops.append(drops.astype(np.uint16))
        into.loop.append(np.minimum(np.array(loop, np.int64), 65_535).astype(np.uint16))
        into.nodes.append(np.stack([_numbered(self.node_numbers, one) for one in nodes], axis=1))

    def _arrange(self, columns: _Columns, codes: list[bytes]) -> None:
        def joined(parts: list[NDArray[np.generic]], dtype: type) -> NDArray[np.generic]:
            return np.concatenate(parts) if parts else np.zeros(0, dtype)

        street, place = joined(columns.street, np.int32), joined(columns.place, np.int32)  # type: ignore[arg-type]
        number, suffix = joined(columns.number, np.int32), joined(columns.suffix, np.int32)  # type: ignore[arg-type]
        unit = joined(columns.unit, np.int32)  # type: ignore[arg-type]
        order = np.lexsort((unit, suffix, number, place, street))
        self.number, self.suffix, self.unit = number[order], suffix[order].astype(np.uint16), unit[order]
        self.latitude = joined(columns.latitude, np.int32)[order]  # type: ignore[arg-type]
        self.longitude = joined(columns.longitude, np.int32)[order]  # type: ignore[arg-type]
        self.drops = joined(columns.drops, np.uint16)[order]  # type: ignore[arg-type]
        self.loop = joined(columns.loop, np.uint16)[order]  # type: ignore[arg-type]
        self.nodes = np.concatenate(columns.nodes)[order] if columns.nodes else np.zeros((0, 3), np.int32)
        street, place = street[order], place[order]
        size = len(order)
        begins = np.ones(size, bool)
        if size:
            begins[1:] = (street[1:] != street[:-1]) | (place[1:] != place[:-1])
        starts = np.flatnonzero(begins)
        self.segment_street, self.segment_place = street[starts], place[starts]
        self.segment_start = np.append(starts, size).astype(np.int64)
        self._file_codes([codes[row] for row in order])

    def _file_codes(self, codes: list[bytes]) -> None:
        lengths = np.fromiter(map(len, codes), np.int64, len(codes))
        self.code_start = np.concatenate([[0], np.cumsum(lengths)])
        self.codes = b"".join(codes)
        hashes = np.fromiter(map(hash, codes), np.int64, len(codes))
        order = np.argsort(hashes)
        self._code_hashes, self._code_rows = hashes[order], order.astype(np.int32)

    def _name(self) -> None:
        """The words by which streets and places are found."""
        self.street_list = [Street(name, before, kind, after) for before, name, kind, after in self.streets]
        self.place_list = list(self.places)
        self.unit_list, self.suffix_list = list(self.units), list(self.suffixes)
        self.unit_values = [unit_value(unit) for unit in self.unit_list]
        self.node_list = [code or "" for code in self.node_numbers]
        self.names: dict[str, int] = {}
        name_of = np.array([self.names.setdefault(one.name, len(self.names)) for one in self.street_list], np.int32)
        self.name_list = list(self.names)
        owner = name_of[self.segment_street] if len(self.segment_street) else np.zeros(0, np.int32)
        order = np.argsort(owner, kind="stable")
        self.name_segments = order.astype(np.int32)
        self.name_start = np.searchsorted(owner[order], np.arange(len(self.names) + 1))
        self.name_spelling = Spelling(self.name_list)
        self.sorted_names = sorted(self.names)
        self.cities = {place.city for place in self.place_list}
        self.city_list = sorted({place.city for place in self.place_list if place.country == "US"})
        self.city_spelling = Spelling(self.city_list)
        self.postal_codes = {place.postal_code for place in self.place_list}
        self.places_of: dict[str, list[int]] = {}
        for number, place in enumerate(self.place_list):
            for word in {place.postal_code, place.city} - {""}:
                self.places_of.setdefault(word, []).append(number)
        chinese = [place for place in self.place_list if place.country == "CN"]
        self.chinese_areas = _with_short(place.area for place in chinese)
        self.chinese_cities = _with_short(place.city for place in chinese)
        self.chinese_districts = _with_short(place.district for place in chinese)
        self._middle = self._middles()
        self._near = {self._cell(a, b) for a, b in zip(*self._coarse(), strict=True)}

    def _coarse(self) -> tuple[list[int], list[int]]:
        pairs = np.unique(np.stack([self.latitude // (SCALE // 2), self.longitude // (SCALE // 2)], axis=1), axis=0)
        return pairs[:, 0].tolist(), pairs[:, 1].tolist()

    @staticmethod
    def _cell(down: int, across: int) -> tuple[int, int]:
        return int(down), int(across)

    def _middles(self) -> NDArray[np.float64]:
        """The middle of each place, in degrees."""
        count = len(self.place_list)
        lengths = np.diff(self.segment_start)
        owner = np.repeat(self.segment_place, lengths) if len(lengths) else np.zeros(0, np.int32)
        sizes = np.maximum(np.bincount(owner, minlength=count), 1)
        sums = [np.bincount(owner, self.latitude, count), np.bincount(owner, self.longitude, count)]
        return np.stack([one / sizes / SCALE for one in sums], axis=1)

    def __len__(self) -> int:
        return len(self.number)

    @property
    def bytes(self) -> int:
        """Size of the arrays in memory; words come on top."""
        arrays = (self.number, self.suffix, self.unit, self.latitude, self.longitude, self.drops, self.loop, self.nodes,
                  self.code_start, self._code_hashes, self._code_rows, self.segment_start, self.segment_street,
                  self.segment_place, self.name_segments, self.name_start)  # fmt: skip
        return sum(one.nbytes for one in arrays) + len(self.codes) + self.name_spelling.bytes + self.city_spelling.bytes

    def row_of(self, code: str) -> int | None:
        """The row of premises by their code."""
        key = code.encode()
        first = int(np.searchsorted(self._code_hashes, hash(key)))
        while first < len(self._code_hashes) and self._code_hashes[first] == hash(key):
            row = int(self._code_rows[first])
            if self.code(row) == code:
                return row
            first += 1
        return None

    def code(self, row: int) -> str:
        """The operator's code of the premises."""
        return self.codes[self.code_start[row] : self.code_start[row + 1]].decode()

    def segment_of(self, row: int) -> int:
        """The segment in which a row lies."""
        return int(np.searchsorted(self.segment_start, row, "right")) - 1

    def segments_named(self, name: int) -> Numbers:
        """All segments of streets with this name."""
        return self.name_segments[self.name_start[name] : self.name_start[name + 1]]

    def street(self, segment: int) -> Street:
        """The street of a segment."""
        return self.street_list[self.segment_street[segment]]

    def place(self, segment: int) -> Place:
        """The place of a segment."""
        return self.place_list[self.segment_place[segment]]

    def position(self, row: int) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return self.latitude[row] / SCALE, self.longitude[row] / SCALE

    def middle(self, place: Place) -> tuple[float, float]:
        """The middle of a place."""
        latitude, longitude = self._middle[self.places[place]]
        return float(latitude), float(longitude)

    def is_near(self, latitude: float, longitude: float) -> bool:
        """Whether there are premises within half a degree or so."""
        down, across = int(latitude * 2 // 1), int(longitude * 2 // 1)
        return any((down + d, across + a) in self._near for d in (-1, 0, 1) for a in (-1, 0, 1))

    def address(self, row: int) -> Address:
        """The address of a row in parts."""
        segment = self.segment_of(row)
        place = self.place(segment)
        return Address(
            country=place.country,
            number=int(self.number[row]),
            street=self.street(segment),
            city=place.city,
            area=place.area,
            postal_code=place.postal_code,
            suffix=self.suffix_list[self.suffix[row]],
            unit=self.unit_list[self.unit[row]],
            district=place.district,
        )

    def lines(self, row: int) -> tuple[Line, Line, Line]:
        """Fibre, cable and copper of a row."""
        drops = int(self.drops[row])
        fibre, coax, copper = (self.node_list[number] for number in self.nodes[row])
        return (
            Line(Drop(drops & 15), fibre),
            Line(Drop(drops >> 4 & 15), coax),
            Line(Drop(drops >> 8 & 15), copper, int(self.loop[row])),
        )


def _numbered(known: dict, values: Iterable) -> Numbers:  # type: ignore[type-arg]
    """The number of each value, new ones numbered on."""
    return np.fromiter((known.setdefault(value, len(known)) for value in values), np.int32)


def _with_short(names: Iterable[str]) -> dict[str, str]:
    """Each name by itself and by its short form, where only one has that."""
    found: dict[str, str] = {}
    whole = {name for name in names if name}
    counts: dict[str, int] = {}
    for name in whole:
        counts[short(name)] = counts.get(short(name), 0) + 1
    for name in whole:
        if counts[short(name)] == 1:
            found[short(name)] = name
    return found | {name: name for name in whole}
