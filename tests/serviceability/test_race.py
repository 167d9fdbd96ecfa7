"""Real connections on the real database: the last ports are reserved once, and nobody waits for ever."""

import datetime as dt
import os
import uuid

import pytest
from django.db.models import Count, Q

from kernel import clock
from kernel.errors import ApiError
from plugins.serviceability import reservations
from plugins.serviceability.models import CapacityOpening, CapacityReservation
from plugins.serviceability.qualification import Drop, Technology
from tests.kernel.threads import Running
from tests.serviceability import places
from tests.serviceability.places import us

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

CLIENTS = 8
ROUNDS = 100 if os.environ.get("SOAK") else 3


def together(calls):
    def guarded(call):
        try:
            return call()
        except ApiError as refusal:
            return refusal.code

    return [worker.result() for worker in [Running(lambda call=call: guarded(call)) for call in calls]]


def street(ports):
    """Premises of one node with so many ports, half of them open from next week on."""
    name = uuid.uuid4().hex[:8].upper()
    today = clock.now().date()
    later = today + dt.timedelta(days=7)
    places.node(name, "FTTH", (today, ports - ports // 2), (later, ports // 2))
    for number in range(CLIENTS):
        places.premises(f"{name}-{number}", us(number, name), fibre=Drop.DROP, fibre_node=name)
    places.loaded()
    return name


def reserve(name, number, key=None):
    return reservations.reserve(
        key=key or f"{name}/{number}",
        owner=f"cart:{number}",
        premises_id=f"{name}-{number}",
        technology=Technology.FTTH,
        expires_at=clock.now() + dt.timedelta(minutes=5),
    )


def consistent():
    """Each opening counts exactly its active reservations, and never more than its ports."""
    active = Count("reservations", filter=Q(reservations__state__in=CapacityReservation.ACTIVE))
    rows = CapacityOpening.objects.annotate(active=active).values_list("reserved", "active", "ports")
    return all(reserved == held <= ports for reserved, held, ports in rows)


@pytest.mark.parametrize("ports", [1, 3])
def test_the_last_ports_are_reserved_exactly_once(ports):
    for _round in range(ROUNDS):
        name = street(ports)
        outcomes = together([lambda name=name, number=number: reserve(name, number) for number in range(CLIENTS)])
        assert sum(isinstance(outcome, CapacityReservation) for outcome in outcomes) == ports
        assert outcomes.count("CAPACITY_GONE") == CLIENTS - ports
    assert consistent()


def test_one_key_reserved_by_many_at_once_is_one_port():
    for _round in range(ROUNDS):
        name = street(4)
        outcomes = together([lambda name=name: reserve(name, 0, key=f"{name}/one")] * CLIENTS)
        assert len({outcome.pk for outcome in outcomes}) == 1
        assert CapacityReservation.objects.filter(key=f"{name}/one").count() == 1
    assert consistent()


def test_confirming_releasing_and_expiring_at_once_free_once():
    for _round in range(ROUNDS):
        name = street(2)
        reserve(name, 0)
        calls = [
            lambda name=name: reservations.confirm(key=f"{name}/0"),
            lambda name=name: reservations.release(key=f"{name}/0", reason="cancelled"),
            lambda name=name: reservations.release(key=f"{name}/0", reason="again"),
            lambda name=name: reserve(name, 1),
            lambda name=name: reserve(name, 2),
            reservations.expire_due,
        ]
        together(calls)
        assert CapacityReservation.objects.get(key=f"{name}/0").state == "RELEASED"
    assert consistent()
