"""qualifyService ahead of Django: made in memory, kept before it is told, and refused as Django refuses."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import Error, connections

from kernel import group_commit
from kernel.clock import FrozenClock
from plugins.serviceability import limits, loader
from plugins.serviceability.models import Qualification
from storefront_api import documents
from storefront_api.documents import prepare
from tests.serviceability.places import loaded
from tests.storefront_api.test_hot_path import Site

pytestmark = pytest.mark.django_db(transaction=True)

QUALIFY = next(documents.id_of(text) for text in documents.persisted_texts() if "mutation QualifyService(" in text)


@pytest.fixture
def site(network: FrozenClock) -> Iterator[Site]:
    """A server that follows the network; its first question compiles the plan."""
    loaded()
    loader.follower.renew()
    loader.follower.start()
    prepare(documents.persisted_text(QUALIFY) or "")
    made = Site()
    ask(made, premisesId="FIBRE")
    Qualification.objects.all().delete()
    made.reached.clear()
    yield made
    made.close()
    made.hot.writer._thread.submit(connections.close_all).result()
    loader.follower.stop()


def ask(site: Site, *, headers: dict[str, str] | None = None, **given: Any) -> dict[str, Any]:
    body = {"documentId": QUALIFY, "variables": {"input": given}}
    answer = site.ask(site.hot, body, headers=headers or ())
    assert answer.status_code == 200
    return json.loads(answer.content)["data"]["qualifyService"]


def test_it_is_answered_ahead_of_django_and_kept_when_it_is_told(site: Site) -> None:
    told = ask(site, addressText="120 Maple Street, Austin TX 78701")
    assert site.reached == []
    assert (told["errors"], told["qualification"]["premisesId"]) == ([], "FIBRE")
    assert Qualification.objects.get().pk == told["qualification"]["id"]


def test_it_is_what_django_answers(site: Site) -> None:
    given = {"addressText": "120 Maple St", "categories": ["BROADBAND", "TV"]}
    for language in ("en", "zh-Hans"):
        header = {"accept-language": language}
        fast = ask(site, headers=header, **given)
        assert site.reached == []
        slow = ask(site, headers=header | {"idempotency-key": language}, **given)
        assert site.reached == ["/graphql/"]
        site.reached.clear()
        assert fast["qualification"].pop("id") != slow["qualification"].pop("id")
        assert fast == slow
    assert Qualification.objects.count() == 4


@pytest.mark.parametrize(
    ("given", "code"),
    [({"addressText": "x" * 5000}, "INVALID"), ({"addressText": "日本东京都千代田区1号"}, "ADDRESS_ELSEWHERE"),
     ({"premisesId": "forged"}, "NOT_FOUND"), ({}, "REQUIRED")],
)  # fmt: skip
def test_a_refusal_is_told_there_and_nothing_is_kept(site: Site, given: dict[str, str], code: str) -> None:
    told = ask(site, **given)
    assert site.reached == []
    assert told["qualification"] is None
    assert [error["code"] for error in told["errors"]] == [code]
    assert Qualification.objects.count() == 0


def test_the_same_key_is_the_same_answer(site: Site) -> None:
    header = {"idempotency-key": "once"}
    first = ask(site, headers=header, premisesId="FIBRE")
    assert ask(site, headers=header, premisesId="FIBRE") == first
    assert site.reached == ["/graphql/"] * 2
    assert Qualification.objects.count() == 1


def test_what_cannot_be_kept_there_is_asked_again_of_django(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_rows: object) -> None:
        raise Error("the connection ended")

    monkeypatch.setattr(group_commit, "_write", refuses)
    told = ask(site, premisesId="FIBRE")
    assert site.reached == ["/graphql/"]
    assert Qualification.objects.get().pk == told["qualification"]["id"]


def test_who_does_not_follow_the_network_asks_the_tables_in_a_thread(site: Site) -> None:
    loader.follower.stop()
    told = ask(site, premisesId="LATER", categories=["BROADBAND"])
    assert site.reached == []
    assert Qualification.objects.get().pk == told["qualification"]["id"]


def test_too_many_questions_are_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.A_MINUTE, "qualification", 1)
    limits.forget()
    assert ask(site, premisesId="FIBRE")["errors"] == []
    assert [error["code"] for error in ask(site, premisesId="FIBRE")["errors"]] == ["RATE_LIMITED"]
    assert Qualification.objects.count() == 1
