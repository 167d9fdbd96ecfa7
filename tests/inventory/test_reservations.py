"""Promises of stock: all or nothing, by key, released once, of no use when expired."""

import datetime as dt
import uuid

import pytest

from inventory import errors, selectors, services
from inventory.models import Balance, CoreStock, Movement, Reservation, Unit
from kernel import clock as time
from kernel.errors import IDEMPOTENCY_MISMATCH, ApiError

from .goods import imei, make_item, make_store, stock

pytestmark = pytest.mark.django_db

State = Reservation.State


def reserve(store, *lines, key=None, minutes=15, purpose="CART", **more):
    return services.reserve(
        key=key or str(uuid.uuid4()),
        purpose=purpose,
        owner="cart:1",
        store_id=store.pk,
        lines=[(item.sku, quantity) for item, quantity in lines],
        expires_at=time.now() + dt.timedelta(minutes=minutes),
        **more,
    )


def available(store, item):
    return selectors.availability([item.sku], [store.pk])[item.sku, store.pk]


def refusal(call):
    with pytest.raises(ApiError) as caught:
        call()
    return caught.value


def test_reserve_takes_all_lines_and_leaves_on_hand(store, cable, phone):
    stock(store, cable, 5)
    stock(store, phone, 2)
    held = reserve(store, (cable, 2), (phone, 1), (cable, 1))
    assert held.state == State.HELD
    assert available(store, cable) == 2
    assert available(store, phone) == 1
    assert Balance.objects.get(item=cable).on_hand == 5


def test_reserve_is_all_or_nothing_and_names_every_shortage(store, cable, phone):
    stock(store, cable, 5)
    stock(store, phone, 1)
    error = refusal(lambda: reserve(store, (cable, 6), (phone, 2)))
    assert error.code == errors.INSUFFICIENT_STOCK
    assert {short["sku"]: short["available"] for short in error.params["shortages"]} == {cable.sku: 5, phone.sku: 1}
    assert str(error.params["available"]) in error.message
    assert not Reservation.objects.exists()
    assert available(store, cable) == 5


def test_reserve_refuses_bad_input(store, cable):
    stock(store, cable, 5)
    for quantity in (0, -1, errors.MAX_QUANTITY + 1, True, 1.5):
        assert refusal(lambda q=quantity: reserve(store, (cable, q))).code == errors.INVALID_QUANTITY
    call = {"key": "k", "purpose": "CART", "owner": "o", "expires_at": time.now() + dt.timedelta(minutes=1)}
    assert refusal(lambda: services.reserve(store_id=store.pk, lines=[("?", 1)], **call)).code == errors.UNKNOWN_SKU
    unknown_store = refusal(lambda: services.reserve(store_id="x", lines=[(cable.sku, 1)], **call))
    assert unknown_store.code == errors.STORE_NOT_FOUND
    assert not Reservation.objects.exists()


def test_what_is_not_stocked_is_never_limited(store, plan):
    held = reserve(store, (plan, 3))
    assert not held.lines.exists()
    assert selectors.availability([plan.sku], [store.pk]) == {}
    services.confirm(reservation_id=held.pk)
    assert services.issue(reservation_id=held.pk, serials={}, source_key="hand-over", actor="clerk") == []


def test_the_same_key_extends_changes_and_reopens(store, cable, clock):
    stock(store, cable, 3)
    first = reserve(store, (cable, 1), key="cart")
    again = reserve(store, (cable, 1), key="cart", minutes=30)
    assert again.pk == first.pk
    assert available(store, cable) == 2
    reserve(store, (cable, 3), key="cart")
    assert available(store, cable) == 0
    assert refusal(lambda: reserve(store, (cable, 4), key="cart")).code == errors.INSUFFICIENT_STOCK
    assert available(store, cable) == 0
    services.release(reservation_id=first.pk, reason="emptied")
    assert available(store, cable) == 3
    reopened = reserve(store, (cable, 2), key="cart")
    assert (reopened.pk, reopened.state) == (first.pk, State.HELD)
    assert available(store, cable) == 1


def test_a_reservation_moves_to_another_store(store, cable):
    other = make_store()
    stock(store, cable, 1)
    stock(other, cable, 1)
    reserve(store, (cable, 1), key="cart")
    moved = reserve(other, (cable, 1), key="cart")
    assert moved.store_id == other.pk
    assert (available(store, cable), available(other, cable)) == (1, 0)


def test_replaces_frees_the_other_hold_in_the_same_step(store, cable):
    stock(store, cable, 1)
    old = reserve(store, (cable, 1), key="cart")
    new = reserve(store, (cable, 1), key="order", replaces="cart")
    old.refresh_from_db()
    assert (old.state, new.state) == (State.RELEASED, State.HELD)
    assert available(store, cable) == 0
    services.confirm(reservation_id=new.pk)
    error = refusal(lambda: reserve(store, (cable, 1), key="third", replaces="order"))
    assert error.code == errors.RESERVATION_CLOSED


def test_confirmed_stays_and_repeats_are_harmless(store, cable, clock):
    stock(store, cable, 2)
    held = reserve(store, (cable, 1), key="cart")
    services.confirm(reservation_id=held.pk)
    services.confirm(reservation_id=held.pk)
    clock.advance(days=30)
    assert services.expire_due() == 0
    assert available(store, cable) == 1
    assert reserve(store, (cable, 1), key="cart").state == State.CONFIRMED
    assert refusal(lambda: reserve(store, (cable, 2), key="cart")).code == errors.RESERVATION_CLOSED


def test_released_once(store, cable):
    stock(store, cable, 1)
    held = reserve(store, (cable, 1))
    assert services.release(reservation_id=held.pk, reason="cancelled") is True
    assert services.release(reservation_id=held.pk, reason="cancelled") is False
    assert Balance.objects.get(item=cable).reserved == 0
    assert refusal(lambda: services.confirm(reservation_id=held.pk)).code == errors.RESERVATION_EXPIRED
    missing = refusal(lambda: services.release(reservation_id=uuid.uuid4(), reason=""))
    assert missing.code == errors.RESERVATION_NOT_FOUND
    assert refusal(lambda: services.confirm(reservation_id="no uuid")).code == errors.RESERVATION_NOT_FOUND


def test_an_expired_hold_is_of_no_use_even_before_it_is_swept(store, cable, clock):
    stock(store, cable, 1)
    held = reserve(store, (cable, 1), minutes=15)
    clock.advance(minutes=15)
    issue = {"reservation_id": held.pk, "serials": {}, "source_key": "k", "actor": "clerk"}
    for call in (
        lambda: services.confirm(reservation_id=held.pk),
        lambda: services.extend(reservation_id=held.pk, expires_at=time.now() + dt.timedelta(minutes=5)),
        lambda: services.issue(**issue),
    ):
        assert refusal(call).code == errors.RESERVATION_EXPIRED
    assert services.expire_due() == 1
    assert services.expire_due() == 0
    held.refresh_from_db()
    assert held.state == State.EXPIRED
    assert available(store, cable) == 1


def test_the_next_customer_need_not_wait_for_the_sweep(store, cable, clock):
    stock(store, cable, 1)
    late = reserve(store, (cable, 1), minutes=15)
    clock.advance(minutes=16)
    reserve(store, (cable, 1))
    late.refresh_from_db()
    assert late.state == State.EXPIRED
    assert Balance.objects.get(item=cable).reserved == 1


def test_extend(store, cable, clock):
    stock(store, cable, 1)
    held = reserve(store, (cable, 1), minutes=15)
    services.extend(reservation_id=held.pk, expires_at=time.now() + dt.timedelta(hours=1))
    clock.advance(minutes=59)
    assert services.expire_due() == 0
    services.confirm(reservation_id=held.pk)
    assert services.extend(reservation_id=held.pk, expires_at=time.now()).state == State.CONFIRMED


def test_issue_names_the_units_and_is_replayed(store, phone, cable):
    serials = stock(store, phone, 3)
    stock(store, cable, 1)
    held = reserve(store, (phone, 2), (cable, 1))
    services.confirm(reservation_id=held.pk)
    call = {
        "reservation_id": held.pk,
        "serials": {phone.sku: serials[:2]},
        "source_key": "pickup:1",
        "actor": "staff:7",
    }
    movements = services.issue(**call)
    assert sorted((movement.item_id, movement.quantity) for movement in movements) == sorted(
        [(phone.sku, -2), (cable.sku, -1)]
    )
    assert [movement.pk for movement in services.issue(**call)] == [movement.pk for movement in movements]
    assert refusal(lambda: services.issue(**call | {"source_key": "other"})).code == errors.RESERVATION_CLOSED
    assert refusal(lambda: services.release(reservation_id=held.pk, reason="")).code == errors.RESERVATION_CLOSED
    assert Unit.objects.filter(state=Unit.State.SOLD).count() == 2
    assert (Balance.objects.get(item=phone).on_hand, available(store, phone)) == (1, 1)
    assert set(movements[0].unit_links.values_list("unit__identifier", flat=True)) <= set(serials)


def test_a_key_issues_one_reservation_even_if_another_is_of_the_same_goods(store, cable):
    stock(store, cable, 2)
    first, second = reserve(store, (cable, 1)), reserve(store, (cable, 1))
    services.issue(reservation_id=first.pk, serials={}, source_key="pickup:1", actor="clerk")
    again = {"reservation_id": second.pk, "serials": {}, "source_key": "pickup:1", "actor": "clerk"}
    assert refusal(lambda: services.issue(**again)).code == IDEMPOTENCY_MISMATCH
    second.refresh_from_db()
    assert second.state == State.HELD
    assert Movement.objects.filter(kind="SALE").count() == 1
    assert (Balance.objects.get().on_hand, Balance.objects.get().reserved) == (1, 1)


@pytest.mark.parametrize(
    ("serials", "code"),
    [
        (lambda own, foreign, other: [], errors.SERIAL_REQUIRED),
        (lambda own, foreign, other: [own[0]], errors.SERIAL_REQUIRED),
        (lambda own, foreign, other: [own[0], own[0]], errors.SERIAL_REQUIRED),
        (lambda own, foreign, other: own[:3], errors.SERIAL_REQUIRED),
        (lambda own, foreign, other: [own[0], "123456789012345"], errors.SERIAL_INVALID),
        (lambda own, foreign, other: [own[0], imei()], errors.SERIAL_UNKNOWN),
        (lambda own, foreign, other: [own[0], foreign[0]], errors.SERIAL_NOT_IN_STOCK),
        (lambda own, foreign, other: [own[0], other[0]], errors.SERIAL_WRONG_ITEM),
    ],
)
def test_issue_refuses_wrong_serials_and_changes_nothing(store, phone, serials, code):
    own = stock(store, phone, 3)
    foreign = stock(make_store(), phone, 1)
    other = stock(store, make_item("IMEI"), 1)
    held = reserve(store, (phone, 2))
    before = Movement.objects.count()
    named = {phone.sku: serials(own, foreign, other)}
    call = {"reservation_id": held.pk, "serials": named, "source_key": "k", "actor": "clerk"}
    assert refusal(lambda: services.issue(**call)).code == code
    held.refresh_from_db()
    assert held.state == State.HELD
    assert Movement.objects.count() == before
    assert not Unit.objects.filter(state=Unit.State.SOLD).exists()


def test_a_picked_unit_is_kept_for_its_owner(store, phone):
    first, second = stock(store, phone, 2)
    held = reserve(store, (phone, 1))
    services.pick_unit(reservation_id=held.pk, sku=phone.sku, serial=first)
    services.pick_unit(reservation_id=held.pk, sku=phone.sku, serial=f" {first[:6]}-{first[6:]} ")
    too_many = refusal(lambda: services.pick_unit(reservation_id=held.pk, sku=phone.sku, serial=second))
    assert too_many.code == errors.SERIAL_REQUIRED
    sale = {"store_id": store.pk, "source_key": "sale:1", "actor": "clerk"}
    error = refusal(lambda: services.sell(lines=[(phone.sku, 1, [first])], **sale))
    assert error.code == errors.SERIAL_NOT_IN_STOCK
    services.issue(reservation_id=held.pk, serials={}, source_key="pickup:1", actor="clerk")
    assert selectors.find_unit(first).state == Unit.State.SOLD


def test_picked_units_go_back_with_the_release(store, phone):
    (serial,) = stock(store, phone, 1)
    held = reserve(store, (phone, 1))
    services.pick_unit(reservation_id=held.pk, sku=phone.sku, serial=serial)
    services.release(reservation_id=held.pk, reason="cancelled")
    unit = selectors.find_unit(serial)
    assert (unit.state, unit.reservation_line_id) == (Unit.State.IN_STOCK, None)


def test_only_holds_the_core_cannot_know_make_its_quantity_stale(store, cable):
    stock(store, cable, 5)
    before = CoreStock.objects.get().wanted
    held = reserve(store, (cable, 1))
    services.release(reservation_id=held.pk, reason="")
    assert CoreStock.objects.get().wanted == before
    register = reserve(store, (cable, 1), purpose="POS")
    assert CoreStock.objects.get().wanted == before + 1
    services.release(reservation_id=register.pk, reason="")
    assert CoreStock.objects.get().wanted == before + 2
