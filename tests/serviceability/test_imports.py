"""Files of premises, nodes and footprints: what is right comes in, what is wrong is listed, and twice is once."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kernel.errors import ApiError
from kernel.models import AuditEntry
from plugins.serviceability import imports, loader
from plugins.serviceability.imports import Outcome
from plugins.serviceability.models import CapacityOpening, Footprint, NetworkNode, NetworkVersion, Premises
from tests.serviceability.places import square

pytestmark = pytest.mark.django_db

NODES = """code,technology,country,latitude,longitude,name,opens_on,ports
OLT1,FTTH,US,30.27,-97.74,Central,2026-01-01,8
OLT1,FTTH,US,30.27,-97.74,Central,2026-12-08,16
CELL1,FIXED_WIRELESS,US,30.27,-97.74,,,
"""
PREMISES = """code,country,street,unit,city,area,postal_code,latitude,longitude,fibre,fibre_node,district
A,US,120 North Maple Street,,Austin,Texas,78701,30.27,-97.74,drop,OLT1,
B,US,122 N Maple St,Apt 4b,Austin,TX,78701,30.27,-97.74,,,
C,CN,南京西路120号,2单元501室,上海市,上海市,,31.23,121.46,active,,静安区
"""


def bring(kind: str, text: str | bytes, name: str = "file.csv", **more: Any) -> Outcome:
    data = text.encode() if isinstance(text, str) else text
    return imports.bring_in(kind=kind, file=io.BytesIO(data), name=name, actor="test", **more)


def mistakes(outcome: Outcome) -> list[tuple[int, str]]:
    return [(mistake.row, mistake.column) for mistake in outcome.mistakes.found]


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape, "properties": properties}


def area(code: str = "F1", shape: Any = None, **more: Any) -> dict[str, Any]:
    values = {"code": code, "technology": "FTTH", "country": "US", "download_mbps": 1000, "node": "OLT1"} | more
    return feature(shape or square(30.27, -97.74), **values)


def test_a_file_brought_in_twice_changes_nothing_the_second_time() -> None:
    assert bring("nodes", NODES).added == 2
    first = bring("premises", PREMISES)
    assert (first.added, first.skipped, mistakes(first)) == (3, 0, [])
    mark = NetworkVersion.objects.get()
    again = bring("premises", PREMISES)
    assert (again.added, again.skipped) == (0, 3)
    assert bring("nodes", NODES).added == 0
    assert NetworkVersion.objects.get().premises == mark.premises
    assert list(CapacityOpening.objects.order_by("opens_on").values_list("ports", flat=True)) == [8, 16]
    assert AuditEntry.objects.filter(action="serviceability.premises_imported").count() == 1


def test_what_is_brought_in_is_found() -> None:
    bring("nodes", NODES)
    bring("premises", PREMISES)
    index = loader.index()
    row = index.row_of("B")
    assert row is not None
    assert index.address(row).label == "122 N MAPLE ST APT 4B, AUSTIN, TX 78701"
    bring("premises", PREMISES.replace("122 N Maple", "124 N Maple"))
    row = loader.index().row_of("B")
    assert row is not None
    assert loader.index().address(row).number == 124


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",US,120 Elm St,,Austin,TX,78701,30.27,-97.74,,,", "code"),
        ("D,DE,120 Elm St,,Austin,TX,78701,30.27,-97.74,,,", "country"),
        ("D,US,Elm St,,Austin,TX,78701,30.27,-97.74,,,", "street"),
        ("D,US,120 Elm St,,Austin,Bavaria,78701,30.27,-97.74,,,", "area"),
        ("D,US,120 Elm St,,Austin,TX,1,30.27,-97.74,,,", "postal_code"),
        ("D,US,120 Elm St,,Austin,TX,78701,-97.74,30.27,,,", "latitude"),
        ("D,US,120 Elm St,,Austin,TX,78701,0,0,,,", "latitude"),
        ("D,US,120 Elm St,,Austin,TX,78701,north,-97.74,,,", "latitude"),
        ("D,US,120 Elm St,,Austin,TX,78701,30.27,-97.74,maybe,,", "fibre"),
        ("D,US,120 Elm St,,Austin,TX,78701,30.27,-97.74,drop,CELL1,", "fibre_node"),
        ("D,US,120 N Maple St,,Austin,TX,78701,30.27,-97.74,,,", "street"),
        ("D,CN,南京西路120号,,上海市,上海市,,31.23,121.46,,,", "district"),
    ],
)
def test_a_wrong_row_is_listed_and_the_others_come_in(row: str, column: str) -> None:
    bring("nodes", NODES)
    outcome = bring("premises", f"{PREMISES}{row}\n")
    assert mistakes(outcome) == [(5, column)]
    assert sorted(Premises.objects.values_list("pk", flat=True)) == ["A", "B", "C"]


def test_an_address_that_others_have_is_refused_and_two_may_swap_theirs() -> None:
    bring("nodes", NODES)
    bring("premises", PREMISES)
    head, first, *_rest = PREMISES.splitlines()
    other = bring("premises", f"{head}\n{first.replace('A,US', 'D,US', 1)}\n")
    assert (mistakes(other), other.added) == ([(0, "street")], 0)
    lines = [head, "A,US,122 N Maple St,Apt 4b,Austin,TX,78701,30.27,-97.74,drop,OLT1,",
             "B,US,120 N Maple St,,Austin,TX,78701,30.27,-97.74,,,"]  # fmt: skip
    assert bring("premises", "\n".join(lines)).added == 2
    assert Premises.objects.get(pk="A").number == 122


def test_looking_only_writes_nothing() -> None:
    outcome = bring("nodes", NODES, dry_run=True)
    assert outcome.added == 2
    assert NetworkNode.objects.count() == NetworkVersion.objects.count() == 0


def test_geojson_is_read_feature_by_feature() -> None:
    bring("nodes", NODES)
    assert bring("footprints", collection(area()), "areas.geojson").added == 1
    assert Footprint.objects.get().geometry["type"] == "Polygon"
    lines = b"\n".join(json.dumps(area(f"L{number}")).encode() for number in range(3))
    assert bring("footprints", lines, "areas.geojsonl").added == 3
    point = {"type": "Point", "coordinates": [-97.74, 30.27]}
    home = feature(point, code="G", country="US", street="5 Oak St", city="Austin", area="TX", postal_code="78701")
    assert bring("premises", collection(home), "homes.geojson").added == 1
    assert Premises.objects.get(pk="G").latitude == 30.27


CROSSING = {"type": "Polygon", "coordinates": [[[-97, 30], [-96, 31], [-96, 30], [-97, 31], [-97, 30]]]}


@pytest.mark.parametrize(
    ("wrong", "column"),
    [(area("W", CROSSING), "geometry"), (area("W", node=""), "node"), (area("W", node="CELL1"), "node"),
     (area("W", download_mbps=0), "download_mbps"), (area("W", technology="SMOKE", node=""), "technology"),
     (area("W", {"type": "Point", "coordinates": [0, 0]}), "geometry"), (area("W", opens_on="soon"), "opens_on"),
     (area("W", square(-97.74, 30.27)), "geometry"), (area("W", download_mbps=-5), "download_mbps")],
)  # fmt: skip
def test_a_wrong_footprint_is_listed_and_not_stored(wrong: dict[str, Any], column: str) -> None:
    bring("nodes", NODES)
    outcome = bring("footprints", collection(area(), wrong), "areas.geojson")
    assert {mistake.column for mistake in outcome.mistakes.found} == {column}
    assert list(Footprint.objects.values_list("pk", flat=True)) == ["F1"]


@pytest.mark.parametrize(
    "data",
    [b"", b"[1, 2]", b'{"type": "FeatureCollection"}', b'{"features": [{"a": ', b"\xff\xfe{", b'{"features": [7]}'],
)
def test_what_is_no_geojson_is_refused(data: bytes) -> None:
    with pytest.raises(ApiError) as refused:
        bring("footprints", data, "areas.geojson")
    assert (refused.value.code, refused.value.field) == ("INVALID", "file")


def test_the_command_lists_what_it_left_out(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nodes.csv"
    path.write_text(NODES + "X,FTTH,US,0,0,,,\n")
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 mistakes"):
        call_command("import_network", "nodes", str(path), stderr=errors, stdout=io.StringIO())
    assert "row 5, latitude" in errors.getvalue()
    assert NetworkNode.objects.count() == 2
