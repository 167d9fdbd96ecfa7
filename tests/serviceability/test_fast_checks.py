"""TMF645 ahead of Django: the same bytes, the same refusals, kept before it is told, and closed to strangers."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from django.db import Error, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.models import Store
from kernel import group_commit
from kernel.clock import FrozenClock
from plugins.serviceability import limits, loader
from plugins.serviceability.models import NetworkNode, Qualification, QualificationTask
from plugins.staff import permissions, tokens
from plugins.staff.models import Register, StaffMember
from storefront_api import checks
from storefront_api.bare import Answer
from tests.serviceability.conftest import HERE
from tests.serviceability.random_requests import ask_at_random
from tests.serviceability.swagger import problems
from tests.serviceability.test_tmf645 import CHECK, QUERY, day, item
from tests.storefront_api.test_hot_path import Site, seen

pytestmark = pytest.mark.django_db(transaction=True)

_NEW = re.compile(r"[\w-]{32}")
BODY = {"serviceQualificationItem": [item()]}


@dataclass
class Door:
    """A server that follows the network, and a clerk who asks it."""

    site: Site
    member: StaffMember
    register: Register
    token: str

    def ask(self, body: Any, path: str = CHECK, **headers: str) -> Any:
        """What the bare route answers, or Django behind it: see `site.reached`."""
        self.site.reached.clear()
        sent = {"authorization": f"Bearer {self.token}"} | {key.replace("_", "-"): one for key, one in headers.items()}
        return self.site.ask(self.site.hot, body, path=path, headers=sent)


@pytest.fixture
def door(network: FrozenClock) -> Iterator[Door]:
    loader.follower.renew()
    loader.follower.start()
    place = {"latitude": HERE[0], "longitude": HERE[1], "timezone": "America/Chicago", "country": "US"}
    store = Store.objects.create(code="S", name="S", city="Austin", street_address="1", postal_code="78701", **place)
    register = Register.objects.create(store=store, code="1", token_hash="x")
    member = StaffMember.objects.create(code="ada", name="Ada", pin_hash="x")
    site = Site()
    made = Door(site, member, register, tokens.issue(member, register).token)
    yield made
    site.close()
    site.hot.writer._thread.submit(connections.close_all).result()
    loader.follower.stop()


def nothing_is_kept() -> bool:
    return (QualificationTask.objects.count(), Qualification.objects.count()) == (0, 0)


def test_a_check_is_answered_ahead_of_django_and_kept_when_it_is_told(door: Door) -> None:
    answer = door.ask(BODY)
    assert (answer.status_code, door.site.reached) == (200, [])
    told = answer.json()
    assert problems(told, "CheckServiceQualification") == []
    assert told["serviceQualificationItem"][0]["qualificationResult"] == "alternate"
    kept = QualificationTask.objects.get()
    assert (kept.pk, kept.owner, kept.resource) == (told["id"], f"staff:{door.member.pk}", told)
    assert Qualification.objects.get().premises_id == "LATER"


def test_it_is_read_again_at_its_address(door: Door) -> None:
    told = door.ask({"searchCriteria": item("FIBRE"), "instantSyncQualification": False}, path=QUERY)
    assert (told.status_code, door.site.reached) == (201, [])
    headers = {"authorization": f"Bearer {door.token}"}
    again = door.site.ask(door.site.hot, b"", method="GET", path=told.json()["href"], headers=headers)
    assert again.json() == told.json()


names = st.sampled_from(
    ["120 Maple St, Austin TX 78701", "122 maple street", "Maple St", "", "東京", "x" * 201, "\x7f"]
)
places = st.one_of(
    st.fixed_dictionaries({"id": st.sampled_from(["FIBRE", "LATER", "NOTHING", "forged", ""])}),
    st.fixed_dictionaries({"name": names}),
    st.fixed_dictionaries({"latitude": st.sampled_from([HERE[0], -97.74, 0.0]), "longitude": st.just(HERE[1])}),
    st.fixed_dictionaries({"streetNr": st.just("120"), "streetName": st.just("Maple St"), "city": st.just("Austin"),
                           "country": st.sampled_from(["US", "us", "GB"])}),
    st.just({}),
)  # fmt: skip
items = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["1", "a'b", "京"]),
        "category": st.sampled_from([{"id": "BROADBAND"}, {"name": " tv "}, {"id": "SMOKE"}, {}, None, 7]),
        "service": st.fixed_dictionaries(
            {"place": st.lists(places.map(lambda one: one | {"role": "installation"}), max_size=2)},
            optional={"category": st.sampled_from(["MOBILE", "x"])},
        ),
        "expectedServiceAvailabilityDate": st.sampled_from([day(5), day(30), day(-1), "soon", 7]),
    },
)
headers = st.fixed_dictionaries(
    {
        "description": st.one_of(st.none(), st.text(max_size=20), st.just("x" * 1001), st.just(10**20)),
        "externalId": st.sampled_from(["A-1", None, 1.5]),
        "instantSyncQualification": st.sampled_from([True, False, None, "yes"]),
        "provideAlternative": st.sampled_from([True, False, None]),
        "provideUnavailabilityReason": st.sampled_from([True, False, None]),
    }
)
bodies = st.one_of(
    st.tuples(headers, st.lists(items, max_size=5)).map(lambda one: one[0] | {"serviceQualificationItem": one[1]}),
    st.tuples(headers, items).map(lambda one: one[0] | {"searchCriteria": one[1]}),
    st.sampled_from(
        [[], {}, None, 7, b"{", b"", b'{"a":"\\ud800"}', b"[" * 2000, b'{"description":"\\u0000"}', b" " * 9000]
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, path=st.sampled_from([CHECK, f"{CHECK}/", QUERY]), language=st.sampled_from(["en", "zh-Hans"]))
def test_it_is_what_django_answers(door: Door, body: Any, path: str, language: str) -> None:
    limits.forget()
    counted = (QualificationTask.objects.count(), Qualification.objects.count())
    fast = door.ask(body, path, accept_language=language)
    between = (QualificationTask.objects.count(), Qualification.objects.count())
    slow = door.site.ask(
        door.site.plain, body, path=path, headers={"authorization": f"Bearer {door.token}", "accept-language": language}
    )
    after = (QualificationTask.objects.count(), Qualification.objects.count())
    assert fast.status_code == slow.status_code
    assert _NEW.sub("NEW", fast.text) == _NEW.sub("NEW", slow.text)
    assert fast.headers["content-length"] == slow.headers["content-length"]
    assert seen(fast) == seen(slow)
    assert [b - a for a, b in zip(counted, between, strict=True)] == [
        b - a for a, b in zip(between, after, strict=True)
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [({"serviceQualificationItem": [item("forged")]}, 404, "NOT_FOUND"), ({}, 400, "REQUIRED"),
     ({"serviceQualificationItem": [item(), item("forged")]}, 404, "NOT_FOUND")],
)  # fmt: skip
def test_a_refusal_is_told_there_and_nothing_is_stored_half(door: Door, body: Any, status: int, code: str) -> None:
    answer = door.ask(body)
    assert (answer.status_code, answer.json()["code"], door.site.reached) == (status, code, [])
    assert nothing_is_kept()


def test_who_is_no_longer_of_the_staff_is_refused_at_once(door: Door) -> None:
    assert door.ask(BODY).status_code == 200
    QualificationTask.objects.all().delete()
    Qualification.objects.all().delete()
    for change in ({"is_active": False}, {"pin_hash": "another"}):
        StaffMember.objects.filter(pk=door.member.pk).update(is_active=True, pin_hash="x")
        StaffMember.objects.filter(pk=door.member.pk).update(**change)
        answer = door.ask(BODY)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
        assert door.site.reached == [CHECK]
        assert nothing_is_kept()
    StaffMember.objects.filter(pk=door.member.pk).update(is_active=True, pin_hash="x")
    Register.objects.update(is_active=False)
    assert door.ask(BODY).status_code == 401
    assert nothing_is_kept()


def test_the_end_of_a_session_is_looked_at_each_time(door: Door, network: FrozenClock) -> None:
    assert door.ask(BODY).status_code == 200
    network.advance(hours=12)
    assert door.ask(BODY).status_code == 401


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer forged", "Basic YWRhOng="])
def test_strangers_are_refused_by_django(door: Door, authorization: str) -> None:
    assert door.ask(BODY, authorization=authorization).status_code == 401
    assert door.site.reached == [CHECK]
    assert nothing_is_kept()


def test_staff_without_the_permission_are_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    without = permissions.permissions_of("clerk") - {permissions.SERVICE_QUALIFY}
    monkeypatch.setattr(tokens, "permissions_of", lambda _role: without)
    answer = door.ask(BODY)
    assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED")
    assert door.site.reached == [CHECK]
    assert nothing_is_kept()


def test_one_who_may_not_ask_leaves_the_others_of_the_group_alone(door: Door) -> None:
    claims = tokens.signed(door.token)
    withdrawn = tokens.Claims("999999", door.register.pk, "x")
    codes = ["FIRST", "REFUSED", "OTHER"]

    async def written() -> list[Any]:
        writer = door.site.hot.writer
        rows = [NetworkNode(code=code, technology="FTTH", country="US", latitude=30, longitude=-97) for code in codes]
        asked = [writer.write([row], who) for row, who in zip(rows, (claims, withdrawn, claims), strict=True)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, refused, other = asyncio.run(written())
    assert first == other == tokens.read(door.token)
    assert isinstance(refused, group_commit.NotAllowedError)
    assert set(NetworkNode.objects.filter(pk__in=codes).values_list("pk", flat=True)) == {"FIRST", "OTHER"}


def test_what_cannot_be_kept_there_is_asked_again_of_django(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_rows: object) -> None:
        raise Error("the connection ended")

    monkeypatch.setattr(group_commit, "_write", refuses)
    assert door.ask(BODY).status_code == 200
    assert door.site.reached == [CHECK]
    assert QualificationTask.objects.count() == 1


def test_who_does_not_follow_the_network_asks_django(door: Door) -> None:
    loader.follower.stop()
    assert door.ask(BODY).status_code == 200
    assert door.site.reached == [CHECK]


def test_many_items_do_not_hold_the_others(door: Door) -> None:
    for count, reached in ((checks.MOST_ITEMS, []), (checks.MOST_ITEMS + 1, [CHECK])):
        answer = door.ask({"serviceQualificationItem": [item() for _number in range(count)]})
        assert (answer.status_code, len(answer.json()["serviceQualificationItem"])) == (200, count)
        assert door.site.reached == reached


def test_too_many_questions_are_refused(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.A_MINUTE, "qualification", 1)
    limits.forget()
    assert door.ask(BODY).status_code == 200
    answer = door.ask(BODY)
    assert (answer.status_code, answer.json()["code"], door.site.reached) == (429, "RATE_LIMITED", [])
    assert QualificationTask.objects.count() == 1


def test_random_requests_of_the_definition_are_answered_within_it(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given the bare route on a port
    ahead = []

    async def counted(answer: Answer, send: Any) -> None:
        ahead.append(answer.status)
        await Answer.send(answer, send)

    class Counted(Answer):
        send = counted

    monkeypatch.setattr(checks, "Answer", Counted)
    server = uvicorn.Server(uvicorn.Config(door.site.hot, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        # When schemathesis asks it
        asked = ask_at_random(f"http://127.0.0.1:{port}", f"Bearer {door.token}")
    finally:
        server.should_exit = True
        thread.join()
    # Then every answer is within the definition, and of those to checks and queries some were given ahead of Django
    assert asked.keys() == {"GET", "POST", "PATCH", "DELETE"}
    assert 0 < len(ahead) <= asked["POST"]
