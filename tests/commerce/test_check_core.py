"""`manage.py check_core`: each thing that can be wrong is a line with a remedy, and the exit code says it."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from commerce import check, connection, installations, manifest
from commerce.client.enums import PermissionEnum
from commerce.models import CoreInstallation, InboxEvent
from tests.commerce.conftest import identity
from tests.commerce.fake_core import FakeCore

pytestmark = pytest.mark.django_db


def webhooks(**changes: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": spec.name,
            "name": spec.name,
            "isActive": True,
            "targetUrl": manifest.webhook_url(),
            "subscriptionQuery": spec.query,
        }
        | changes
        for spec in manifest.WEBHOOKS
    ]


@pytest.fixture
def whole(installable: FakeCore, settings: Any, monkeypatch: pytest.MonkeyPatch) -> FakeCore:
    """An installation to which nothing is missing."""
    monkeypatch.setattr(check, "_more", [])
    monkeypatch.setattr(manifest, "suite_version", lambda: "0.1.0")
    permissions = [{"code": name} for name in manifest.PERMISSIONS]
    installable.answer("AppIdentity", identity(permissions=permissions, webhooks=webhooks()))
    installations.install(api_url=installable.url, token="good", schema_version="3.23")
    connection.forget()
    settings.CORE_TOKEN_KEYS = []
    return installable


def told(level: str) -> list[tuple[str, str]]:
    return [(point.what, point.found) for point in check.points() if point.level == level]


def test_nothing_is_missing(whole: FakeCore) -> None:
    out = StringIO()
    call_command("check_core", stdout=out)
    lines = out.getvalue()
    assert "OK    version: 3.23.28" in lines
    assert lines.rstrip().endswith("12 OK, 1 WARN, 0 FAIL")
    assert told("WARN") == [("token's key", "derived from SECRET_KEY")]


def test_every_point_that_is_not_ok_has_a_remedy(whole: FakeCore) -> None:
    whole.answer("AppIdentity", identity(isActive=False, version="0.0.9", permissions=[{"code": "MANAGE_STAFF"}]))
    found = list(check.points())
    assert all(bool(point.remedy) == (point.level != "OK") for point in found)
    assert {what for what, _found in told("FAIL")} == {"App", "permission", "webhook"}
    assert len(told("FAIL")) == 1 + len(manifest.PERMISSIONS) + len(manifest.WEBHOOKS)
    assert ("App", "installed as 0.0.9, this suite is 0.1.0") in told("WARN")
    assert ("permissions", "more than needed: MANAGE_STAFF") in told("WARN")
    with pytest.raises(SystemExit) as ended:
        call_command("check_core", stdout=StringIO())
    assert ended.value.code == 1


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"isActive": False}, "FAIL"),
        ({"targetUrl": "https://old.example.com/"}, "FAIL"),
        ({"subscriptionQuery": "x"}, "WARN"),
    ],
)
def test_webhooks_that_are_not_as_they_should_be(whole: FakeCore, change: dict[str, Any], level: str) -> None:
    permissions = [{"code": name} for name in manifest.PERMISSIONS]
    whole.answer("AppIdentity", identity(permissions=permissions, webhooks=webhooks(**change)))
    assert len([what for what, _found in told(level) if what == "webhook"]) == len(manifest.WEBHOOKS)


def test_a_revoked_token_a_core_that_is_away_another_version(whole: FakeCore) -> None:
    whole.known_tokens = set()
    assert [what for what, _found in told("FAIL")] == ["token"]
    assert CoreInstallation.objects.get().refused_at is not None
    whole.known_tokens = {"good"}
    assert told("FAIL") == []
    assert CoreInstallation.objects.get().refused_at is None
    whole.answer("AppIdentity", identity(webhooks=webhooks()) | {"shop": {"version": "3.21.0"}})
    assert ("version", "3.21.0") in told("FAIL")
    whole.fail("AppIdentity", status=503, times=3)
    assert [what for what, _found in told("FAIL")] == ["reachable"]
    whole.keys_status = 500
    assert "keys" in [what for what, _found in told("FAIL")]


@pytest.mark.parametrize(
    ("version", "level", "found"),
    [
        ("3.21.20", "FAIL", "3.21.20"),
        ("3.22.0", "OK", "3.22.0"),
        ("3.23.28", "OK", "3.23.28"),
        ("3.24.0-a.1", "WARN", "3.24.0-a.1 is newer than this suite knows (>=3.22 <3.24)"),
        ("4.0.0", "WARN", "4.0.0 is newer than this suite knows (>=3.22 <3.24)"),
        ("unknown", "FAIL", "unknown"),
    ],
)
def test_versions_that_are_older_or_newer(whole: FakeCore, version: str, level: str, found: str) -> None:
    permissions = [{"code": name} for name in manifest.PERMISSIONS]
    facts = identity(permissions=permissions, webhooks=webhooks()) | {"shop": {"version": version}}
    whole.answer("AppIdentity", facts)
    assert [(point.level, point.found) for point in check.points() if point.what == "version"] == [(level, found)]


def test_an_app_with_every_permission_of_the_platform_is_read(whole: FakeCore) -> None:
    """As one that was made by hand may be."""
    everything = [{"code": name} for name in PermissionEnum.__members__]
    assert {"code": "MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES"} in everything
    whole.answer("AppIdentity", identity(permissions=everything, webhooks=webhooks()))
    assert told("FAIL") == []


def test_without_a_core(whole: FakeCore) -> None:
    CoreInstallation.objects.update(state="DISCONNECTED", token="")
    connection.forget()
    assert [what for what, _found in told("FAIL")] == ["core"]


def test_events_that_wait_or_failed(whole: FakeCore) -> None:
    InboxEvent.objects.create(event="x", digest="1", object_key="x", payload={}, state="FAILED")
    assert ("events", "1 could not be handled") in told("WARN")
