"""Polygons on the map: what is a valid one, and which of many a point lies in. Pure; positions are in degrees.

Polygons follow GeoJSON: longitude before latitude, rings closed, the first ring outside and the others holes. Edges
are straight in degrees, which over the length of a city differs from the globe by less than a metre.
"""
# mypy: disable-error-code="no-untyped-def"

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

MAX_VERTICES = 20_000
CELL = 0.02
# A polygon over more cells is asked for every point instead.
MAX_CELLS = 40_000

Ring = NDArray[np.float64]
Polygon = list[Ring]

# South, north, west, east of the countries that are served, their islands included.
COUNTRIES = {"US": (17.5, 72.0, -180.0, -64.0), "CN": (3.0, 54.0, 73.0, 136.0)}


class BadGeometry(ValueError):
    """What is wrong with a geometry, as one word: see the constants."""


NOT_A_POLYGON, TOO_MANY_VERTICES, OPEN_RING, OFF_GLOBE, SWAPPED, ELSEWHERE, SELF_CROSSING, NO_AREA = (
    "NOT_A_POLYGON", "TOO_MANY_VERTICES", "OPEN_RING", "OFF_GLOBE", "SWAPPED", "ELSEWHERE", "SELF_CROSSING", "NO_AREA",
)  # fmt: skip


def in_country(latitude: float, longitude: float, country: str) -> bool:
    """Whether a position can be in the country: within its bounds."""
    south, north, west, east = COUNTRIES[country]
    return south <= latitude <= north and west <= longitude <= east


def check_position(latitude: float, longitude: float, country: str) -> None:
    """Raise BadGeometry for a position that is not in the country; SWAPPED where it would be the other way round."""
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(longitude) <= 180):
        raise BadGeometry(OFF_GLOBE)
    if in_country(latitude, longitude, country):
        return
    if in_country(longitude, latitude, country):
        raise BadGeometry(SWAPPED)
    raise BadGeometry(OFF_GLOBE if abs(latitude) > 90 else ELSEWHERE)


def polygons(geometry: Any, country: str) -> list[Polygon]:
    """The polygons of a GeoJSON Polygon or MultiPolygon, checked. Raises BadGeometry."""
    if not isinstance(geometry, Mapping):
        raise BadGeometry(NOT_A_POLYGON)
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    listed = [coordinates] if kind == "Polygon" else coordinates if kind == "MultiPolygon" else None
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
        raise BadGeometry(NOT_A_POLYGON)
    found = [_polygon(one, country) for one in listed]
    if sum(len(ring) for polygon in found for ring in polygon) > MAX_VERTICES:
        raise BadGeometry(TOO_MANY_VERTICES)
    return found


def _polygon(rings: Any, country: str) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise BadGeometry(NOT_A_POLYGON)
    found = [_ring(ring) for ring in rings]
    outside = found[0]
    for longitude, latitude in ((outside[:, 0].min(), outside[:, 1].min()), (outside[:, 0].max(), outside[:, 1].max())):
        check_position(float(latitude), float(longitude), country)
    lengths = np.array([len(ring) for ring in found], np.int64)
    if sum(lengths) <= MAX_VERTICES and crosses(np.concatenate(found), lengths):
        raise BadGeometry(SELF_CROSSING)
    if abs(_area(outside)) < 1e-12:
        raise BadGeometry(NO_AREA)
    return found


def _ring(points: Any) -> Ring:
    if not isinstance(points, list) or len(points) < 4:
        raise BadGeometry(NOT_A_POLYGON)
    if len(points) > MAX_VERTICES:
        raise BadGeometry(TOO_MANY_VERTICES)
    pairs = [point[:2] for point in points if isinstance(point, list) and len(point) in (2, 3)]
    if len(pairs) != len(points) or not all(type(value) in (int, float) for pair in pairs for value in pair):
        raise BadGeometry(NOT_A_POLYGON)
    ring = np.array(pairs, np.float64)
    if not np.isfinite(ring).all():
        raise BadGeometry(OFF_GLOBE)
    if (ring[0] != ring[-1]).any():
        raise BadGeometry(OPEN_RING)
    return ring


def _area(ring: Ring) -> float:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


@numba.njit("boolean(float64[:, ::1], int64[::1])", cache=True, nogil=True)
def crosses(points, lengths):
    """Whether any two edges of the rings cross, or overlap; neighbours may meet in their common vertex."""
    edges = 0
    for length in lengths:
        edges += length - 1
    ax, ay = np.empty(edges), np.empty(edges)
    bx, by = np.empty(edges), np.empty(edges)
    ring = np.empty(edges, np.int64)
    at = 0
    start = 0
    for number, length in enumerate(lengths):
        for place in range(start, start + length - 1):
            ax[at], ay[at] = points[place, 0], points[place, 1]
            bx[at], by[at] = points[place + 1, 0], points[place + 1, 1]
            ring[at] = number
            at += 1
        start += length
    left = np.minimum(ax, bx)
    order = np.argsort(left)
    for one in range(edges):
        i = order[one]
        right = max(ax[i], bx[i])
        for two in range(one + 1, edges):
            j = order[two]
            if left[j] > right:
                break
            if max(ay[j], by[j]) < min(ay[i], by[i]) or min(ay[j], by[j]) > max(ay[i], by[i]):
                continue
            c = (bx[i] - ax[i]) * (ay[j] - ay[i]) - (by[i] - ay[i]) * (ax[j] - ax[i])
            d = (bx[i] - ax[i]) * (by[j] - ay[i]) - (by[i] - ay[i]) * (bx[j] - ax[i])
            e = (bx[j] - ax[j]) * (ay[i] - ay[j]) - (by[j] - ay[j]) * (ax[i] - ax[j])
            f = (bx[j] - ax[j]) * (by[i] - ay[j]) - (by[j] - ay[j]) * (bx[i] - ax[j])
            if ring[i] == ring[j] and ((bx[i] == ax[j] and by[i] == ay[j]) or (bx[j] == ax[i] and by[j] == ay[i])):
                # Neighbours share a vertex; folded back on each other they overlap.
                if c == 0.0 and d == 0.0:
                    dot = (bx[i] - ax[i]) * (bx[j] - ax[j]) + (by[i] - ay[i]) * (by[j] - ay[j])
                    if dot < 0.0:
                        return True
                continue
            if ((c > 0.0) != (d > 0.0)) and ((e > 0.0) != (f > 0.0)):
                return True
            if c == 0.0 and d == 0.0 and max(ax[j], bx[j]) >= min(ax[i], bx[i]):
                return True
    return False


@numba.njit("boolean(float64[:, ::1], int64[::1], int64, int64, float64, float64)", cache=True, nogil=True)
def inside(points, rings, first, last, x, y):
    """Whether (x, y) lies in the polygon whose rings are numbers `first` to `last`: even-odd, so holes count."""
    odd = False
    for ring in range(first, last):
        for place in range(rings[ring], rings[ring + 1] - 1):
            y1, y2 = points[place, 1], points[place + 1, 1]
            if (y1 > y) != (y2 > y):
                x1, x2 = points[place, 0], points[place + 1, 0]
                if x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    odd = not odd
    return odd


@numba.njit(
    "int64[:](float64[:, ::1], int64[::1], int64[:, ::1], float64[:, ::1], int32[::1], float64, float64)",
    cache=True,
    nogil=True,
)
def holding(points, rings, spans, bounds, asked, x, y):
    """The owners of those of the `asked` polygons that hold (x, y), one for each polygon."""
    found = np.empty(len(asked), np.int64)
    count = 0
    for number in asked:
        near = bounds[number, 0] <= x <= bounds[number, 2] and bounds[number, 1] <= y <= bounds[number, 3]
        if near and inside(points, rings, spans[number, 1], spans[number, 2], x, y):
            found[count] = spans[number, 0]
            count += 1
    return found[:count]


@dataclass(slots=True)
class Areas:
    """Many polygons, each of an owner; a point's owners are found by a grid of 0.02 degrees."""

    points: NDArray[np.float64]
    rings: NDArray[np.int64]
    # Of each polygon its owner and its rings, from and to; and west, south, east, north.
    spans: NDArray[np.int64]
    bounds: NDArray[np.float64]
    # The polygons to be asked for a point of a cell, and for one of any other cell.
    grid: dict[tuple[int, int], NDArray[np.int32]]
    elsewhere: NDArray[np.int32]

    @classmethod
    def of(cls, owned: Iterable[tuple[int, list[Polygon]]]) -> "Areas":
        """Build it from the polygons of each owner."""
        points: list[Ring] = []
        rings = [0]
        spans: list[tuple[int, int, int]] = []
        bounds: list[Ring] = []
        grid: dict[tuple[int, int], list[int]] = {}
        everywhere: list[int] = []
        for owner, found in owned:
            for polygon in found:
                first = len(rings) - 1
                for ring in polygon:
                    points.append(ring)
                    rings.append(rings[-1] + len(ring))
                number = len(spans)
                spans.append((owner, first, len(rings) - 1))
                bounds.append(np.concatenate([polygon[0].min(axis=0), polygon[0].max(axis=0)]))
                cells = list(_cells(polygon[0]))
                for cell in cells:
                    grid.setdefault(cell, []).append(number)
                if not cells:
                    everywhere.append(number)
        return cls(
            np.ascontiguousarray(np.concatenate(points) if points else np.zeros((0, 2))),
            np.array(rings, np.int64),
            np.array(spans, np.int64).reshape(-1, 3),
            np.array(bounds, np.float64).reshape(-1, 4),
            {cell: np.array([*listed, *everywhere], np.int32) for cell, listed in grid.items()},
            np.array(everywhere, np.int32),
        )

    def at(self, latitude: float, longitude: float) -> list[int]:
        """The owners of the polygons that hold the point, each once, in the order of their numbers."""
        asked = self.grid.get((int(latitude // CELL), int(longitude // CELL)), self.elsewhere)
        found = holding(self.points, self.rings, self.spans, self.bounds, asked, longitude, latitude)
        return sorted(set(found.tolist()))


def _cells(ring: Ring) -> Iterator[tuple[int, int]]:
    """The cells of the ring's bounds; none when there are too many."""
    south, north = int(ring[:, 1].min() // CELL), int(ring[:, 1].max() // CELL)
    west, east = int(ring[:, 0].min() // CELL), int(ring[:, 0].max() // CELL)
    if (north - south + 1) * (east - west + 1) <= MAX_CELLS:
        for down in range(south, north + 1):
            for across in range(west, east + 1):
                yield down, across
