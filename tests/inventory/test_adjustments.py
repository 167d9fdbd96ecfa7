"""Adjustments: booked with a reason, or after a second person has agreed."""

import uuid

import pytest

from inventory import adjustments, count_errors, errors, proof, selectors
from inventory.adjustments import Change
from inventory.models import Adjustment, Balance, Movement, Reason
from kernel.errors import IDEMPOTENCY_MISMATCH

from .goods import iccid, imei, make_store, seed_reasons, stock
from .test_reservations import reserve
from .test_rooms import floor, lying, move, refusal, room

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reasons(db):
    seed_reasons()


def adjust(store, item, quantity, reason, serials=(), *, actor="staff:1", key=None, **more):
    where = {name: more.pop(name) for name in ("room_id", "to_room_id") if name in more}
    return adjustments.adjust(
        store_id=store.pk,
        reason_code=reason,
        change=Change(item.sku, quantity, serials, **where),
        source_key=key or str(uuid.uuid4()),
        actor=actor,
        **more,
    )


def decide(adjustment, *, approve=True, actor="staff:9", store=None):
    return adjustments.decide(
        adjustment_id=adjustment.pk, store_id=(store or adjustment.store).pk, approve=approve, actor=actor
    )


def refused(call):
    def facts():
        return (
            list(Adjustment.objects.order_by("pk").values_list("pk", "state", "decided_by")),
            list(Balance.objects.order_by("pk").values_list("pk", "on_hand", "unsellable", "unregistered")),
            Movement.objects.count(),
        )

    before = facts()
    found = refusal(call)
    assert facts() == before
    return found.code


def test_below_the_threshold_it_is_booked_at_once_and_once(store, cable):
    stock(store, cable, 10)
    first = adjust(store, cable, 4, "LOST", key="a", note="shelf 3")
    assert adjust(store, cable, 4, "LOST", key="a", note="shelf 3").pk == first.pk
    assert refused(lambda: adjust(store, cable, 3, "LOST", key="a")) == IDEMPOTENCY_MISMATCH
    (booked,) = Movement.objects.filter(kind="ADJUSTMENT")
    assert (booked.quantity, booked.reason, booked.actor, first.state) == (-4, "LOST", "staff:1", "BOOKED")
    adjust(store, cable, 2, "FOUND")
    assert Balance.objects.get().on_hand == 8
    assert proof.differences() == []


@pytest.mark.parametrize(("quantity", "state"), [(4, "BOOKED"), (5, "PENDING"), (6, "PENDING")])
def test_from_the_threshold_on_it_waits_for_someone_else(store, cable, quantity, state):
    stock(store, cable, 10)
    made = adjust(store, cable, quantity, "LOST")
    assert (made.state, Balance.objects.get().on_hand) == (state, 10 if state == "PENDING" else 10 - quantity)


def test_someone_else_of_the_store_books_or_rejects_it_once(store, cable):
    stock(store, cable, 20)
    first, second = adjust(store, cable, 6, "LOST"), adjust(store, cable, 7, "STOLEN")
    assert refused(lambda: decide(first, actor="staff:1")) == count_errors.ADJUSTMENT_OWN_WORK
    assert refused(lambda: decide(first, store=make_store())) == count_errors.ADJUSTMENT_NOT_FOUND
    assert decide(first).state == decide(first).state == "BOOKED"
    assert refused(lambda: decide(first, approve=False)) == count_errors.ADJUSTMENT_DECIDED
    assert refused(lambda: decide(first, actor="staff:8")) == count_errors.ADJUSTMENT_DECIDED
    assert decide(second, approve=False).state == "REJECTED"
    assert refused(lambda: decide(second)) == count_errors.ADJUSTMENT_DECIDED
    (booked,) = Movement.objects.filter(kind="ADJUSTMENT")
    assert (booked.quantity, booked.actor, Balance.objects.get().on_hand) == (-6, "staff:9", 14)


def test_what_can_no_longer_be_booked_waits_on(store, cable):
    stock(store, cable, 6)
    waiting = adjust(store, cable, 6, "LOST")
    adjust(store, cable, 3, "STORE_USE")
    assert refused(lambda: decide(waiting)) == errors.INSUFFICIENT_STOCK
    assert Adjustment.objects.get(pk=waiting.pk).state == "PENDING"


def test_units_leave_by_scan_and_what_is_wrong_with_them_is_said_before_anyone_waits(store, phone, cable):
    first, second = stock(store, phone, 2)
    (kept,) = stock(store, phone, 1)
    reserve(store, (phone, 1), serials={phone.sku: [kept]})
    stock(store, cable, 1)
    assert refused(lambda: adjust(store, phone, 1, "STOLEN")) == errors.SERIAL_REQUIRED
    assert refused(lambda: adjust(store, phone, 1, "STOLEN", [iccid()])) == errors.SERIAL_INVALID
    assert refused(lambda: adjust(store, phone, 1, "STOLEN", [imei()])) == errors.SERIAL_UNKNOWN
    assert refused(lambda: adjust(store, phone, 1, "STOLEN", [kept])) == errors.SERIAL_NOT_IN_STOCK
    assert refused(lambda: adjust(store, phone, -1, "STOLEN")) == errors.INVALID_QUANTITY
    assert refused(lambda: adjust(store, cable, 9, "LOST")) == errors.INSUFFICIENT_STOCK
    assert refused(lambda: adjust(store, cable, 1, "NONE")) == count_errors.REASON_NOT_FOUND
    Reason.objects.filter(pk="FOUND").update(is_active=False)
    assert refused(lambda: adjust(store, cable, 1, "FOUND")) == count_errors.REASON_NOT_FOUND
    stolen = adjust(store, phone, 1, "STOLEN", [first])
    assert selectors.find_unit(first).state == "IN_STOCK"
    decide(stolen)
    adjust(store, phone, 1, "SCRAPPED", [second])
    states = [selectors.find_unit(serial).state for serial in (first, second)]
    assert states == ["MISSING", "REMOVE_FROM_INVENTORY"]
    assert Balance.objects.get(item=phone).on_hand == 1
    assert proof.differences() == []


def test_a_move_goes_to_the_room_of_the_reasons_kind(store, cable, phone):
    stock(store, cable, 3)
    assert refused(lambda: adjust(store, cable, 1, "DAMAGED")) == errors.ROOM_NOT_FOUND
    quarantine, back = room(store, "QUARANTINE"), room(store, "BACK", sellable=True)
    move(store, cable, 1, floor(store), back)
    made = adjust(store, cable, 1, "DAMAGED", room_id=back.pk)
    assert (made.to_room, lying(cable)) == (quarantine, {"BACK": 0, "QUARANTINE": 1})
    assert refused(lambda: adjust(store, cable, 1, "DAMAGED", to_room_id=back.pk)) == errors.ROOM_NOT_FOUND
    (serial,) = stock(store, phone, 1)
    adjust(store, phone, 1, "DAMAGED", [serial])
    assert selectors.find_unit(serial).room == quarantine
    found = imei()
    adjust(store, phone, 1, "FOUND", [found], room_id=back.pk)
    assert selectors.find_unit(found).room == back
    assert proof.differences() == []
