"""Building the indexes anew: who may ask for it, what the admin and the command show."""

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kernel import clock
from kernel.models import AuditEntry
from plugins.catalogue.models import ChangeCounter
from plugins.guided_search import loader, reports
from plugins.guided_search.models import IndexReport
from tests.catalogue.fake_core import FakeCore
from tests.guided_search.test_preview import visitor

LIST = "/admin/guided_search/indexreport/"
REBUILD = LIST + "rebuild/"


def report(**values: Any) -> IndexReport:
    now = clock.now()
    given = {"process": "host:1", "channel": "us", "state": "READY", "whole": True, "read": 3, "total": 3}
    given |= {"products": 3, "bytes": 2048, "started_at": now, "finished_at": now, "seen_at": now, "built_at": now}
    return IndexReport.objects.create(**(given | values))


def asked() -> int:
    return AuditEntry.objects.filter(action="guided_search.rebuild_requested").count()


@pytest.mark.django_db
def test_who_may_change_indexes_may_have_them_built_anew() -> None:
    client = visitor("guided_search.change_indexreport")
    assert REBUILD in client.get(LIST).content.decode()
    answer = client.post(REBUILD)
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert asked() == 1
    assert AuditEntry.objects.get().actor.startswith("admin:")


@pytest.mark.django_db
@pytest.mark.parametrize("permission", ["guided_search.view_indexreport", "merchandising.view_rule"])
def test_others_may_not(permission: str) -> None:
    client = visitor(permission)
    assert REBUILD not in client.get(LIST).content.decode()
    assert client.post(REBUILD).status_code == 403
    assert Client().post(REBUILD).status_code == 302
    assert asked() == 0


@pytest.mark.django_db
def test_a_link_builds_nothing(admin_client: Client) -> None:
    assert admin_client.get(REBUILD).status_code == 405
    assert asked() == 0


@pytest.mark.django_db
def test_the_list_tells_how_far_each_process_is(admin_client: Client) -> None:
    report(state="BUILDING", read=500, total=800)
    report(process="host:2", seen_at=clock.now() - timedelta(minutes=2))
    report(process="host:3", read=0, total=0)
    body = admin_client.get(LIST).content.decode()
    assert '<progress value="500" max="800" aria-label="500 of 800">' in body
    assert body.count("No sign of life") == 1
    assert "Nothing was new" in body
    assert "2.0\xa0KB" in body
    assert "<script>" not in body


@pytest.mark.django_db
def test_reports_are_not_to_be_changed(admin_client: Client) -> None:
    row = report()
    assert admin_client.get(LIST + "add/").status_code == 403
    assert admin_client.post(f"{LIST}{row.pk}/change/", {"products": 9}).status_code == 403
    assert admin_client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.products == 3


def test_a_process_reports_whole_builds_and_signs_of_life(synced: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "reporting", True)
    monkeypatch.setattr(reports, "ALIVE_SECONDS", 0.0)
    loader.renew_all()
    row = IndexReport.objects.get()
    assert (row.process, row.channel, row.state, row.whole) == (reports.process(), "us", "READY", True)
    assert (row.read, row.total, row.products, row.built_at) == (3, 3, 3, row.started_at)

    ChangeCounter.objects.update(token=uuid4())
    loader.renew_all()
    after = IndexReport.objects.get()
    assert (after.whole, after.total, after.built_at) == (False, 0, row.built_at)

    IndexReport.objects.update(seen_at=clock.now() - timedelta(hours=2))
    reports.alive()
    assert reports.living() == [after]
    reports.farewell()
    assert not IndexReport.objects.exists()


@pytest.mark.django_db
def test_the_command_asks_and_returns() -> None:
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert asked() == 1
    assert AuditEntry.objects.get().actor == "system:rebuild_search"
    assert "Asked." in out.getvalue()


@pytest.mark.django_db
def test_waiting_for_nobody_fails() -> None:
    report(seen_at=clock.now() - timedelta(minutes=2))
    with pytest.raises(CommandError, match="No server process is alive"):
        call_command("rebuild_search", wait=True)


@pytest.mark.django_db
def test_waiting_ends_in_time_and_names_who_is_late(capsys: pytest.CaptureFixture[str]) -> None:
    report(built_at=clock.now() - timedelta(minutes=1))
    report(process="host:2", built_at=clock.now() + timedelta(minutes=1))
    with pytest.raises(CommandError, match=r"Not built anew in time: us in host:1\.$"):
        call_command("rebuild_search", wait=True, limit=0)
    assert "us in host:2: 100%" in capsys.readouterr().err
