"""Ports that are taken away: who loses and who gets is decided by age alone, and nothing is ever oversold."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock, outbox
from kernel.clock import FrozenClock
from kernel.errors import ApiError
from plugins.serviceability import capacity, reservations
from plugins.serviceability.capacity import Wanted
from plugins.serviceability.models import CapacityOpening, CapacityReservation
from plugins.serviceability.qualification import Technology
from tests.serviceability.places import TODAY

LATER = TODAY + dt.timedelta(days=12)


def promised(*numbers: int, network: FrozenClock, by: dt.date | None = TODAY) -> None:
    for number in numbers:
        reservations.reserve(
            key=f"order/{number}",
            owner=f"order:{number}",
            premises_id="FIBRE",
            technology=Technology.FTTH,
            expires_at=clock.now() + dt.timedelta(minutes=15),
            by=by,
        )
        reservations.confirm(key=f"order/{number}")
        network.advance(seconds=1)


def only() -> CapacityOpening:
    return CapacityOpening.objects.filter(node="OLT1").order_by("opens_on")[0]


def change(ports: int, opens_on: dt.date | None = None, opening: CapacityOpening | None = None) -> int:
    opening = opening or only()
    return capacity.change(wanted={opening.pk: Wanted(ports, opens_on or opening.opens_on)}, actor="planner")


def states() -> dict[str, str]:
    return dict(CapacityReservation.objects.order_by("key").values_list("key", "state"))


def reserved() -> list[tuple[int, int]]:
    return list(CapacityOpening.objects.filter(node="OLT1").order_by("opens_on").values_list("reserved", "ports"))


def test_who_reserved_last_loses_first_and_who_reserved_first_gets_first(network: FrozenClock) -> None:
    promised(1, 2, 3, network=network)

    assert change(1) == 2
    assert states() == {"order/1": "CONFIRMED", "order/2": "LOST", "order/3": "LOST"}
    assert reserved() == [(1, 1)]
    assert change(2) == 1
    assert states() == {"order/1": "CONFIRMED", "order/2": "CONFIRMED", "order/3": "LOST"}
    assert reserved() == [(2, 2)]


def test_who_loses_a_port_gets_a_later_one_and_comes_back_to_an_earlier(network: FrozenClock) -> None:
    promised(1, 2, network=network)
    CapacityOpening.objects.create(node_id="OLT1", opens_on=LATER, ports=1)

    assert change(1) == 1
    assert states() == {"order/1": "CONFIRMED", "order/2": "CONFIRMED"}
    assert reserved() == [(1, 1), (1, 1)]
    assert change(2) == 1
    assert reserved() == [(2, 2), (0, 1)]


def test_a_day_that_moves_takes_its_ports_along_unless_there_are_earlier_ones(network: FrozenClock) -> None:
    promised(1, 2, network=network)
    CapacityOpening.objects.create(node_id="OLT1", opens_on=TODAY, ports=1)
    opening = CapacityOpening.objects.filter(node="OLT1").order_by("opens_on")[0]

    assert change(8, LATER, opening) == 1
    assert {row.key: row.opening.opens_on for row in CapacityReservation.objects.all()} == {
        "order/1": TODAY,
        "order/2": LATER,
    }


def test_what_is_only_held_for_an_order_being_placed_is_released(network: FrozenClock) -> None:
    promised(1, network=network)
    until = clock.now() + dt.timedelta(minutes=15)
    reservations.reserve(
        key="cart/1", owner="cart", premises_id="FIBRE", technology=Technology.FTTH, expires_at=until, by=TODAY
    )

    change(1)

    assert states() == {"cart/1": "RELEASED", "order/1": "CONFIRMED"}
    with pytest.raises(ApiError) as refused:
        reservations.confirm(key="cart/1")
    assert refused.value.code == "CAPACITY_GONE"


def test_a_port_that_is_given_back_goes_to_who_waits(network: FrozenClock) -> None:
    promised(1, 2, network=network)
    change(1)
    outbox.deliver_due()

    reservations.release(key="order/1", reason="cancelled")
    outbox.deliver_due()

    assert states() == {"order/1": "RELEASED", "order/2": "CONFIRMED"}
    assert capacity.settle([]) == 0
    reservations.release(key="order/2", reason="cancelled")
    assert reserved() == [(0, 1)]


def test_one_who_waits_and_gives_up_frees_nothing(network: FrozenClock) -> None:
    promised(1, 2, network=network)
    change(1)
    reservations.release(key="order/2", reason="cancelled")
    assert (states()["order/2"], reserved()) == ("RELEASED", [(1, 1)])


def test_two_openings_on_one_day_are_refused_and_nothing_changes(network: FrozenClock) -> None:
    CapacityOpening.objects.create(node_id="OLT1", opens_on=LATER, ports=1)
    with pytest.raises(ApiError) as refused:
        change(8, LATER)
    assert refused.value.code == "INVALID"
    assert reserved() == [(0, 8), (0, 1)]


def test_a_planner_takes_ports_away_in_the_admin_and_by_a_file(network: FrozenClock, client: Client) -> None:
    promised(1, 2, network=network)
    client.force_login(User.objects.create_superuser("planner", password="x"))
    opening = only()
    form = {
        "code": "OLT1", "technology": "FTTH", "country": "US", "name": "", "latitude": "30.27", "longitude": "-97.74",
        "openings-TOTAL_FORMS": "2", "openings-INITIAL_FORMS": "1",
        "openings-0-id": str(opening.pk), "openings-0-node": "OLT1", "openings-0-opens_on": str(opening.opens_on),
        "openings-0-ports": "1",
        "openings-1-id": "", "openings-1-node": "OLT1", "openings-1-opens_on": str(LATER), "openings-1-ports": "0",
    }  # fmt: skip

    response = client.post("/admin/serviceability/networknode/OLT1/change/", form, follow=True)

    assert "1 reserved port was lost or moved" in response.content.decode()
    assert reserved() == [(1, 1), (0, 0)]
    assert states()["order/2"] == "LOST"
    header = "code,technology,country,name,latitude,longitude,opens_on,ports"
    rows = f"{header}\nOLT1,FTTH,US,,30.27,-97.74,{opening.opens_on},0\nOLT1,FTTH,US,,30.27,-97.74,{LATER},1\n"
    done = client.post(
        "/admin/serviceability/footprint/import/nodes/", {"file": SimpleUploadedFile("nodes.csv", rows.encode())}
    )
    assert list(done.context["mistakes"]) == []
    assert reserved() == [(0, 0), (1, 1)]
    assert states() == {"order/1": "CONFIRMED", "order/2": "LOST"}


_rows = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["CONFIRMED", "LOST", "HELD"]), st.integers(0, 20)))


@given(ports=st.lists(st.integers(0, 3), min_size=1, max_size=4), told=_rows)
def test_no_opening_is_oversold_and_nobody_waits_beside_a_free_port(ports: list[int], told: list[Any]) -> None:
    openings = [
        CapacityOpening(pk=number, node_id="N", opens_on=TODAY + dt.timedelta(days=5 * number), ports=count)
        for number, count in enumerate(ports)
    ]
    rows = [
        CapacityReservation(
            pk=number,
            state=state,
            opening_id=place % len(ports),
            needed_by=TODAY + dt.timedelta(days=days),
            created_at=clock.now() + dt.timedelta(seconds=number),
        )
        for number, (place, state, days) in enumerate(told)
    ]

    after = capacity.placed(openings, rows)

    counts = [sum(place == opening.pk for place in after.values()) for opening in openings]
    assert all(count <= opening.ports for count, opening in zip(counts, openings, strict=True))
    waiting = [row for row in rows if after[row.pk] is None and row.state != "HELD"]
    assert not waiting or counts == ports
    still = [row for row in rows if row.state != "HELD" or after[row.pk] is not None]
    assert capacity.placed(openings, [_moved(row, after[row.pk]) for row in still]).items() <= after.items()


def _moved(row: CapacityReservation, place: int | None) -> CapacityReservation:
    state = row.state if row.state == "HELD" else ("LOST" if place is None else "CONFIRMED")
    return CapacityReservation(
        pk=row.pk,
        state=state,
        opening_id=row.opening_id if place is None else place,
        needed_by=row.needed_by,
        created_at=row.created_at,
    )
