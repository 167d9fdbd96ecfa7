"""Polygons: what is one, and who lies in it, beside counting one by one."""

import math
import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.serviceability import geometry
from plugins.serviceability.geometry import Areas, BadGeometry, check_position, polygons

RING = [[-97.1, 30.0], [-97.0, 30.0], [-97.0, 30.1], [-97.1, 30.1], [-97.1, 30.0]]
HOLE = [[-97.07, 30.03], [-97.03, 30.03], [-97.03, 30.07], [-97.07, 30.07], [-97.07, 30.03]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        (polygon([[-97, 30], [-96, 31], [-96, 30], [-97, 31], [-97, 30]]), geometry.SELF_CROSSING),
        (polygon([[-97, 30], [-96, 30], [-97, 30], [-96, 31], [-97, 30]]), geometry.SELF_CROSSING),
        (polygon(RING, [[-97.2, 30.05], [-97.05, 30.05], [-97.05, 30.06], [-97.2, 30.05]]), geometry.SELF_CROSSING),
        (polygon([[y, x] for x, y in RING]), geometry.SWAPPED),
        (polygon([[0, 50], [1, 50], [1, 51], [0, 50]]), geometry.ELSEWHERE),
        (polygon([[-97, 230], [-96, 230], [-96, 231], [-97, 230]]), geometry.OFF_GLOBE),
        (polygon(RING[:-1]), geometry.OPEN_RING),
        (polygon(RING[:2]), geometry.NOT_A_POLYGON),
        (polygon(), geometry.NOT_A_POLYGON),
        (polygon([["a", 1]] * 4), geometry.NOT_A_POLYGON),
        (polygon([[math.nan, 1.0]] * 4), geometry.OFF_GLOBE),
        (polygon([[-97.0, 30.0]] * 4), geometry.NO_AREA),
        (polygon([[-97 + n / 1e6, 30 + n % 2 / 1e6] for n in range(20_001)]), geometry.TOO_MANY_VERTICES),
        ({"type": "Point", "coordinates": [-97, 30]}, geometry.NOT_A_POLYGON),
        ([], geometry.NOT_A_POLYGON),
        (None, geometry.NOT_A_POLYGON),
    ],
)  # fmt: skip
def test_what_is_no_polygon_is_refused_with_its_reason(shape: Any, problem: str) -> None:
    with pytest.raises(BadGeometry, match=f"^{problem}$"):
        polygons(shape, "US")


@pytest.mark.parametrize(
    ("latitude", "longitude", "problem"),
    [(-97.7, 30.2, geometry.SWAPPED), (0.0, 0.0, geometry.ELSEWHERE), (91.0, 0.0, geometry.OFF_GLOBE),
     (math.nan, 0.0, geometry.OFF_GLOBE), (31.2, 121.5, geometry.ELSEWHERE)],
)  # fmt: skip
def test_positions_outside_the_country_are_refused(latitude: float, longitude: float, problem: str) -> None:
    with pytest.raises(BadGeometry, match=f"^{problem}$"):
        check_position(latitude, longitude, "US")


def test_holes_are_outside() -> None:
    areas = Areas.of([(7, polygons(polygon(RING, HOLE), "US"))])
    assert areas.at(30.01, -97.01) == [7]
    assert areas.at(30.05, -97.05) == []
    assert areas.at(31.0, -97.05) == []


def test_several_polygons_of_one_owner_are_told_once() -> None:
    both = {"type": "MultiPolygon", "coordinates": [[RING], [[[x + 0.01, y] for x, y in RING]]]}
    areas = Areas.of([(1, polygons(both, "US")), (2, polygons(polygon(RING), "US"))])
    assert areas.at(30.05, -97.05) == [1, 2]


def test_a_polygon_as_wide_as_a_country_is_found() -> None:
    wide = [[-120.0, 25.0], [-70.0, 25.0], [-70.0, 49.0], [-120.0, 49.0], [-120.0, 25.0]]
    assert Areas.of([(3, polygons(polygon(wide), "US"))]).at(30.05, -97.05) == [3]


@given(st.integers(0, 10_000))
def test_the_grid_finds_what_looking_at_all_finds(seed: int) -> None:
    chance = random.Random(seed)
    shapes = []
    for _number in range(10):
        x, y, size = chance.uniform(-98, -97), chance.uniform(30, 31), chance.uniform(0.001, 0.3)
        corners = sorted(chance.uniform(0, 2 * math.pi) for _corner in range(chance.randrange(3, 12)))
        ring = [[x + size * math.cos(at), y + size * math.sin(at)] for at in corners]
        shapes.append(polygons(polygon([*ring, ring[0]]), "US"))
    areas = Areas.of(enumerate(shapes))
    for _point in range(20):
        x, y = chance.uniform(-98.2, -96.8), chance.uniform(29.8, 31.2)
        assert areas.at(y, x) == [number for number, (shape,) in enumerate(shapes) if _inside(shape[0], x, y)]


def _inside(ring: np.ndarray, x: float, y: float) -> bool:
    odd = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd
