"""The network in memory: footprints in a grid, the first free day of each node, work calendars. Pure; a snapshot."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from plugins.serviceability.geometry import Areas, Polygon
from plugins.serviceability.index import Line
from plugins.serviceability.qualification import LINES, Access, Drop, Technology
from plugins.serviceability.workdays import Calendar

# What a line carries where no footprint says it; copper is cut down by its length.
SPEEDS = {Technology.FTTH: (1000, 1000), Technology.HFC: (500, 50), Technology.VDSL: (100, 40)}
NOWHERE = (Line(Drop.NONE, ""), Line(Drop.NONE, ""), Line(Drop.NONE, ""))
"""The lines of a place that is no premises."""


@dataclass(frozen=True, slots=True)
class Area:
    """A footprint without its polygon."""

    code: str
    technology: Technology
    live: bool
    built_on: dt.date | None
    download: int
    upload: int
    node: str


@dataclass(frozen=True, slots=True)
class Network:
    """`first_days` has for each node the first day on which a port is free, None when all are taken."""

    areas: tuple[Area, ...] = ()
    polygons: Areas = field(default_factory=lambda: Areas.of([]))
    first_days: Mapping[str, dt.date | None] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        footprints: Iterable[tuple[Area, list[Polygon]]],
        first_days: Mapping[str, dt.date | None],
        calendars: Mapping[str, Calendar],
    ) -> "Network":
        """From footprints with their polygons."""
        listed = list(footprints)
        polygons = Areas.of((number, found) for number, (_area, found) in enumerate(listed))
        return cls(tuple(area for area, _found in listed), polygons, first_days, calendars)

    def calendar(self, country: str) -> Calendar:
        """The country's calendar; Monday to Friday in UTC where none is kept."""
        return self.calendars.get(country) or Calendar()

    def covering(self, latitude: float, longitude: float) -> list[Area]:
        """The footprints that hold a point."""
        return [self.areas[number] for number in self.polygons.at(latitude, longitude)]

    def accesses(
        self, latitude: float, longitude: float, lines: Sequence[Line], today: dt.date
    ) -> dict[Technology, tuple[Access, str]]:
        """What reaches a point whose lines are these, with the node whose capacity it takes."""
        covering: dict[Technology, Area] = {}
        for area in sorted(self.covering(latitude, longitude), key=lambda one: self._rank(one, today)):
            covering.setdefault(area.technology, area)
        found = {}
        for technology, line in zip(LINES, lines, strict=True):
            if made := self._line(technology, line, covering.get(technology), today):
                found[technology] = made
        for technology, area in covering.items():
            if technology not in LINES:
                found[technology] = self._air(area, today)
        return found

    def _rank(self, area: Area, today: dt.date) -> tuple[bool, dt.date, int]:
        """The live before the planned, then what opens first, then the fastest."""
        opens = self._first(area.node, today) or dt.date.max
        return not area.live, max(opens, area.built_on or today), -area.download

    def _first(self, node: str, today: dt.date) -> dt.date | None:
        first = self.first_days.get(node)
        return None if first is None else max(first, today)

    def _line(self, technology: Technology, line: Line, area: Area | None, today: dt.date) -> tuple[Access, str] | None:
        if line.drop is Drop.NONE and area is None:
            return None
        drop = line.drop
        if area is not None and drop < Drop.FOOTPRINT:
            drop = Drop.FOOTPRINT if area.live else Drop.PLANNED
        down, up = (area.download, area.upload) if area else SPEEDS[technology]
        node = line.node or (area.node if area else "")
        built_on = area.built_on if area and not area.live else None
        access = Access(technology, drop, down, up, self._first(node, today), built_on, line.loop_metres)
        return access, node

    def _air(self, area: Area, today: dt.date) -> tuple[Access, str]:
        drop = Drop.FOOTPRINT if area.live else Drop.PLANNED
        limited = area.technology is Technology.FIXED_WIRELESS
        opens = self._first(area.node, today) if limited else today
        built_on = None if area.live else area.built_on
        return Access(area.technology, drop, area.download, area.upload, opens, built_on), area.node
