"""Ports are promised once, freed once, and a change of what is free reaches every answer that holds."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import clock, outbox
from kernel.clock import FrozenClock
from kernel.errors import ApiError
from kernel.models import OutboxMessage
from plugins.serviceability import changes, reservations, services
from plugins.serviceability.asking import Question
from plugins.serviceability.models import CapacityOpening, CapacityReservation, Footprint, NetworkNode, Qualification
from plugins.serviceability.qualification import Category, Technology
from tests.serviceability import places
from tests.serviceability.places import TODAY

BROADBAND = (Category.BROADBAND,)


def reserve(key: str = "order/1", premises: str = "FIBRE", **more: Any) -> CapacityReservation:
    given = {
        "key": key,
        "owner": f"cart:{key}",
        "premises_id": premises,
        "technology": Technology.FTTH,
        "expires_at": clock.now() + dt.timedelta(minutes=15),
    }
    return reservations.reserve(**given | more)


def reserved(node: str = "OLT1") -> list[int]:
    return list(CapacityOpening.objects.filter(node=node).values_list("reserved", flat=True))


def refusal(call: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(ApiError) as caught:
        call(*args, **given)
    return caught.value.code


def test_one_key_takes_one_port_and_frees_it_once(network: FrozenClock) -> None:
    first = reserve()
    assert reserve().pk == first.pk
    assert reserved() == [1]
    assert reservations.confirm(key="order/1").state == "CONFIRMED"
    assert reservations.confirm(key="order/1").state == "CONFIRMED"
    network.advance(days=30)
    assert reservations.expire_due() == 0
    for _time in range(2):
        assert reservations.release(key="order/1", reason="cancelled").state == "RELEASED"
    assert reserved() == [0]
    assert reserve(expires_at=clock.now() + dt.timedelta(minutes=1)).pk == first.pk
    assert reserved() == [1]


def test_what_is_held_too_long_is_given_back(network: FrozenClock) -> None:
    reserve()
    network.advance(minutes=16)
    assert refusal(reservations.confirm, key="order/1") == "CAPACITY_GONE"
    assert reservations.expire_due() == 1
    assert reservations.expire_due() == 0
    assert reserved() == [0]


def test_a_full_node_gives_the_port_that_opens_next_or_none(network: FrozenClock) -> None:
    assert reserve(premises="LATER").opening.opens_on == TODAY + dt.timedelta(days=12)
    assert reserved("OLT2") == [0, 1]
    assert refusal(reserve, "order/2", "LATER", by=TODAY + dt.timedelta(days=11)) == "CAPACITY_GONE"
    for number in range(3, 6):
        reserve(f"order/{number}", "LATER")
    assert refusal(reserve, "order/6", "LATER") == "CAPACITY_GONE"
    assert reserved("OLT2") == [0, 4]
    assert CapacityReservation.objects.count() == 4


@pytest.mark.parametrize(
    ("given", "code"),
    [({"premises": "forged"}, "NOT_FOUND"), ({"premises": "NOTHING"}, "INVALID"),
     ({"technology": Technology.HFC}, "INVALID"), ({"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "INVALID")],
)  # fmt: skip
def test_what_cannot_be_reserved_changes_nothing(network: FrozenClock, given: dict[str, Any], code: str) -> None:
    assert refusal(reserve, **given) == code
    assert CapacityReservation.objects.count() == 0
    assert reserved() == [0]


def test_a_key_is_for_one_address(network: FrozenClock) -> None:
    reserve()
    assert refusal(reserve, premises="LATER") == "INVALID"
    assert refusal(reservations.release, key="forged", reason="") == "NOT_FOUND"


def ask(premises: str) -> Qualification:
    return services.qualify(Question(premises_id=premises, categories=BROADBAND))[0]


def deliver() -> list[dict[str, Any]]:
    """Deliver what is due; returns what was announced about qualifications."""
    while outbox.deliver_due():
        pass
    told = OutboxMessage.objects.filter(topic=changes.QUALIFICATION_CHANGED).order_by("pk")
    return [message.payload for message in told]


@pytest.mark.django_db(transaction=True)
def test_the_last_port_changes_the_answers_of_the_others_alone(network: FrozenClock) -> None:
    deliver()
    mine, others = ask("FIBRE"), ask("FIBRE")
    assert mine.result == others.result == "QUALIFIED"
    CapacityOpening.objects.filter(node="OLT1").update(reserved=8, ports=8)
    places.loaded()
    told = deliver()
    assert [one["result"] for one in told] == ["UNQUALIFIED"] * 2
    assert {one["qualification_id"] for one in told} == {mine.pk, others.pk}
    assert Qualification.objects.get(pk=mine.pk).items[0]["reasons"] == ["CAPACITY_EXHAUSTED"]


@pytest.mark.django_db(transaction=True)
def test_who_has_a_port_keeps_his_answer(network: FrozenClock) -> None:
    CapacityOpening.objects.filter(node="OLT1").update(ports=1)
    places.loaded()
    mine = ask("FIBRE")
    reserve()
    assert deliver() == []
    assert Qualification.objects.get(pk=mine.pk).result == "QUALIFIED"
    reservations.release(key="order/1", reason="cancelled")
    assert deliver() == []


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_asked_again_before_it_is_used(network: FrozenClock) -> None:
    kept = ask("LATER")
    network.advance(days=3)
    assert refusal(services.require_valid, kept) == "QUALIFICATION_EXPIRED"
    again = services.ask_again(qualification_id=kept.pk)
    services.require_valid(again)
    assert again.items[0]["day"] == kept.items[0]["day"]
    CapacityOpening.objects.filter(node="OLT2", ports=4).update(opens_on=TODAY + dt.timedelta(days=20))
    places.loaded()
    assert deliver() == [
        {"qualification_id": kept.pk, "result": "ALTERNATE", "day": "2026-12-16"}
    ]  # fmt: skip
    assert refusal(services.ask_again, qualification_id="forged") == "NOT_FOUND"


def test_old_answers_are_forgotten(network: FrozenClock) -> None:
    ask("FIBRE")
    network.advance(days=100)
    assert services.forget_old() == 0
    network.advance(days=5)
    assert services.forget_old() == 1


@pytest.mark.parametrize("field", ["reserved", "footprint"])
def test_the_database_refuses_what_must_not_be(network: FrozenClock, field: str) -> None:
    writes = {
        "reserved": lambda: CapacityOpening.objects.filter(node="OLT1").update(reserved=9),
        "footprint": lambda: Footprint.objects.filter(pk="FIBRE-AREA").update(node=None),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        writes[field]()
    assert (reserved(), NetworkNode.objects.count()) == ([0], 3)
