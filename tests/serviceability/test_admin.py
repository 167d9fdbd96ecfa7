"""The planner's screens: who may, what is shown, what an upload brings in, and that a change is told."""

import datetime as dt
import json

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.formats import date_format

from kernel.clock import FrozenClock
from plugins.serviceability.models import Footprint, NetworkVersion
from tests.serviceability.conftest import HERE
from tests.serviceability.places import TODAY, footprint, node, square

COVERAGE, IMPORT = "/admin/serviceability/footprint/coverage/", "/admin/serviceability/footprint/import/footprints/"


@pytest.fixture
def planner(network: FrozenClock, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("planner", password="x"))
    return client


def upload(code: str = "NEW") -> SimpleUploadedFile:
    shape = {"type": "Feature", "geometry": square(30.27, -97.74), "properties": {
        "code": code, "technology": "FTTH", "country": "US", "download_mbps": 900, "node": "OLT1"}}  # fmt: skip
    wrong = {**shape, "properties": {**shape["properties"], "code": "BAD", "node": ""}}
    body = json.dumps({"type": "FeatureCollection", "features": [shape, wrong]})
    return SimpleUploadedFile("areas.geojson", body.encode())


def test_the_map_has_its_data_and_the_list_the_same(planner: Client) -> None:
    response = planner.get(COVERAGE)
    page = response.content.decode()
    assert response.status_code == 200
    assert [row["code"] for row in response.context["rows"]] == ["5G", "FIBRE-AREA"]
    assert 'id="coverage-data" type="application/json"' in page
    assert "<script>" not in page.replace("<script>\n", "<script>")[page.index("coverage-data") :]
    assert "http://" not in page[page.index("coverage-map") :]
    assert planner.get(f"{COVERAGE}?country=CN").context["total"] == 0
    assert planner.get(f"{COVERAGE}?technology=SMOKE").status_code == 200


def test_a_port_is_free_from_a_day_to_come_or_now(planner: Client) -> None:
    later = TODAY + dt.timedelta(days=12)
    for code, day, free in (("GONE", -100, 0), ("SINCE", -100, 1), ("TODAY", 0, 1), ("LATER", 12, 1)):
        node(code, "FTTH", (TODAY + dt.timedelta(days=day), free))
        footprint(f"{code}-AREA", "FTTH", HERE, node_id=code)
    rows = planner.get(f"{COVERAGE}?technology=FTTH").context["rows"]
    assert {row["code"]: row["free"] for row in rows} == {
        "FIBRE-AREA": "Now",
        "GONE-AREA": None,
        "LATER-AREA": date_format(later),
        "SINCE-AREA": "Now",
        "TODAY-AREA": "Now",
    }


def test_a_file_is_looked_at_and_then_brought_in(planner: Client) -> None:
    before = Footprint.objects.count()
    looked = planner.post(IMPORT, {"file": upload(), "look": "1"})
    assert (looked.context["outcome"].added, looked.context["count"]) == (1, 1)
    assert Footprint.objects.count() == before
    done = planner.post(IMPORT, {"file": upload()})
    assert [(one.row, one.column) for one in done.context["mistakes"]] == [(2, "node")]
    assert Footprint.objects.filter(pk="NEW").exists()
    wrong = planner.post(IMPORT, {"file": SimpleUploadedFile("areas.geojson", b"nothing")})
    assert wrong.context["form"].errors["file"]
    assert planner.get(IMPORT.replace("footprints/", "moons/")).status_code == 404


def test_a_change_in_the_admin_is_told(planner: Client) -> None:
    mark = NetworkVersion.objects.get().network
    given = {
        "code": "5G", "technology": "NR", "country": "US", "state": "LIVE", "download_mbps": "700", "upload_mbps": "50",
        "name": "", "opens_on": "", "node": "", "geometry": json.dumps(square(30.27, -97.74)),
    }  # fmt: skip
    assert planner.post("/admin/serviceability/footprint/5G/change/", given).status_code == 302
    assert NetworkVersion.objects.get().network != mark
    crossing = {"type": "Polygon", "coordinates": [[[-97, 30], [-96, 31], [-96, 30], [-97, 31], [-97, 30]]]}
    refused = planner.post(
        "/admin/serviceability/footprint/5G/change/", given | {"geometry": json.dumps(crossing), "download_mbps": "9"}
    )
    assert refused.status_code == 200
    assert Footprint.objects.get(pk="5G").download_mbps == 700


@pytest.mark.parametrize("permissions", [[], ["view_footprint"]])
def test_without_permission_nothing_is_shown_or_brought_in(
    network: FrozenClock, client: Client, permissions: list[str]
) -> None:
    user = User.objects.create_user("clerk", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    assert client.get(COVERAGE).status_code == (200 if permissions else 403)
    before = Footprint.objects.count()
    assert client.post(IMPORT, {"file": upload()}).status_code == 403
    assert Footprint.objects.count() == before
