"""Rooms: what lies where, what of it is for sale, and that moving loses nothing."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from inventory import errors, explained, proof, selectors, services, uin
from inventory.models import Balance, Movement, RoomBalance, StockRoom, Unit
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, ApiError

from .goods import imei, make_store, stock
from .test_reservations import available, reserve

pytestmark = pytest.mark.django_db


def refusal(call):
    with pytest.raises(ApiError) as caught:
        call()
    return caught.value


def room(store, kind, *, sellable=False, code=None):
    return services.upsert_room(store_id=store.pk, code=code or kind, kind=kind, sellable=sellable)


def floor(store):
    return StockRoom.objects.get(store=store, kind="FLOOR")


def move(store, item, quantity, origin, target, *, serials=(), key=None, **more):
    return services.move_goods(
        store_id=store.pk,
        lines=[(item.sku, quantity, serials)],
        from_room_id=origin.pk,
        to_room_id=target.pk,
        source_key=key or f"move-{uuid.uuid4()}",
        actor="staff:7",
        **more,
    )


def sell(store, item, quantity, serials=(), **more):
    return services.sell(
        store_id=store.pk,
        lines=[(item.sku, quantity, serials)],
        source_key=f"sale-{uuid.uuid4()}",
        actor="staff:7",
        **more,
    )


def lying(item):
    return {row.room.code: row.quantity for row in RoomBalance.objects.filter(balance__item=item)}


def test_each_store_has_one_floor_that_sells(store):
    assert [(one.kind, one.sellable) for one in store.rooms.all()] == [("FLOOR", True)]
    make_store(code=store.code, name="Renamed")
    assert store.rooms.count() == 1
    with pytest.raises(ValidationError):
        room(store, "FLOOR", code="SECOND", sellable=True)
    with pytest.raises(ValidationError):
        services.upsert_room(store_id=store.pk, code="FLOOR", kind="FLOOR", sellable=False)
    with pytest.raises(ValidationError):
        services.upsert_room(store_id=store.pk, code="FLOOR", kind="BACK", sellable=True)
    assert [(one.code, one.kind, one.sellable) for one in store.rooms.all()] == [("FLOOR", "FLOOR", True)]


def test_what_does_not_sell_cannot_be_promised(store, cable):
    stock(store, cable, 5)
    display = room(store, "DISPLAY")
    done = move(store, cable, 2, floor(store), display, kind=Movement.Kind.DISPLAY, reason="ON_DISPLAY")
    assert [(row.quantity, row.room_id, row.kind, row.balance_after) for row in done] == [
        (-2, None, "DISPLAY", 3),
        (2, display.pk, "DISPLAY", 5),
    ]
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.unsellable, available(store, cable)) == (5, 2, 3)
    assert refusal(lambda: reserve(store, (cable, 4))).code == errors.INSUFFICIENT_STOCK
    assert refusal(lambda: sell(store, cable, 4)).code == errors.INSUFFICIENT_STOCK
    assert proof.differences() == []


def test_a_move_is_booked_once(store, cable):
    stock(store, cable, 5)
    back, display = room(store, "BACK", sellable=True), room(store, "DISPLAY")
    first = move(store, cable, 2, floor(store), back, key="move:1")
    assert [row.pk for row in move(store, cable, 2, floor(store), back, key="move:1")] == [row.pk for row in first]
    assert refusal(lambda: move(store, cable, 2, floor(store), display, key="move:1")).code == IDEMPOTENCY_MISMATCH
    assert refusal(lambda: move(store, cable, 1, floor(store), back, key="move:1")).code == IDEMPOTENCY_MISMATCH
    assert (lying(cable), available(store, cable)) == ({"BACK": 2}, 5)


def test_a_move_refuses_what_is_not_there_or_promised(store, cable):
    stock(store, cable, 5)
    back, display = room(store, "BACK", sellable=True), room(store, "DISPLAY")
    strange = room(make_store(), "BACK", sellable=True)
    reserve(store, (cable, 4))
    before = Movement.objects.count()
    short = refusal(lambda: move(store, cable, 6, floor(store), back))
    assert (short.code, short.params["available"]) == (errors.INSUFFICIENT_STOCK, 5)
    assert refusal(lambda: move(store, cable, 1, back, floor(store))).code == errors.INSUFFICIENT_STOCK
    promised = refusal(lambda: move(store, cable, 2, floor(store), display))
    assert (promised.code, promised.params["available"]) == (errors.INSUFFICIENT_STOCK, 1)
    assert refusal(lambda: move(store, cable, 1, floor(store), strange)).code == errors.ROOM_NOT_FOUND
    assert refusal(lambda: move(store, cable, 1, back, back)).code == INVALID
    assert (Movement.objects.count(), lying(cable)) == (before, {})
    # What has happened is booked: two lie broken on the floor.
    move(store, cable, 2, floor(store), display, kind=Movement.Kind.DAMAGE, even_if_promised=True)
    assert available(store, cable) == 0
    assert proof.differences() == []


def test_a_sale_brings_what_the_floor_lacks_from_other_rooms_that_sell(store, cable):
    stock(store, cable, 6)
    back, display = room(store, "BACK", sellable=True), room(store, "DISPLAY")
    move(store, cable, 3, floor(store), back)
    move(store, cable, 1, floor(store), display)
    outcome = sell(store, cable, 4)
    assert [row.quantity for row in outcome.movements] == [-4]
    moves = Movement.objects.filter(kind="MOVE", source_key__contains="/from/").order_by("pk")
    assert [(row.quantity, row.room_id) for row in moves] == [(-2, back.pk), (2, None)]
    assert lying(cable) == {"BACK": 1, "DISPLAY": 1}
    assert proof.differences() == []


def test_a_sale_that_has_happened_leaves_the_display_alone_and_is_short(store, cable):
    stock(store, cable, 1)
    move(store, cable, 1, floor(store), room(store, "DISPLAY"))
    sell(store, cable, 1, allow_short=True)
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.unsellable, balance.short_since is not None) == (0, 1, True)
    assert proof.differences() == []
    stock(store, cable, 1)
    balance.refresh_from_db()
    assert balance.short_since is None


def test_a_unit_is_known_where_it_lies_and_sold_from_there(store, phone):
    first, second = stock(store, phone, 2)
    back, display = room(store, "BACK", sellable=True), room(store, "DISPLAY")
    move(store, phone, 1, floor(store), back, serials=[first])
    move(store, phone, 1, floor(store), display, serials=[second])
    assert selectors.find_unit(first).room == back
    assert selectors.find_unit(second).state == Unit.State.UNAVAILABLE
    assert available(store, phone) == 1
    assert refusal(lambda: sell(store, phone, 1, [second])).code == errors.SERIAL_NOT_IN_STOCK
    wrong_room = refusal(lambda: move(store, phone, 1, back, floor(store), serials=[second]))
    assert wrong_room.code in (errors.INSUFFICIENT_STOCK, errors.SERIAL_NOT_IN_STOCK)
    sell(store, phone, 1, [first])
    unit = selectors.find_unit(first)
    assert (unit.state, unit.room, lying(phone)) == ("SOLD", None, {"BACK": 0, "DISPLAY": 1})
    kinds = [link.movement.kind for link in unit.links.order_by("movement_id")]
    assert kinds == ["RECEIPT", "MOVE", "MOVE", "MOVE", "SALE"]
    assert proof.differences() == []


def test_an_unknown_unit_sold_does_not_take_a_known_one_from_the_back(store, phone):
    (known,) = stock(store, phone, 1)
    back = room(store, "BACK", sellable=True)
    move(store, phone, 1, floor(store), back, serials=[known])
    sell(store, phone, 1, [imei()], allow_short=True)
    assert lying(phone) == {"BACK": 1}
    assert proof.differences() == []
    sell(store, phone, 1, [known], allow_short=True)
    assert Balance.objects.get().on_hand == -1
    assert proof.differences() == []


def test_a_room_ceases_to_sell_and_sells_again(store, phone, cable):
    (serial,) = stock(store, phone, 1)
    stock(store, cable, 3)
    back = room(store, "BACK", sellable=True)
    move(store, phone, 1, floor(store), back, serials=[serial])
    move(store, cable, 2, floor(store), back)
    room(store, "BACK", sellable=False)
    assert (available(store, phone), available(store, cable)) == (0, 1)
    assert selectors.find_unit(serial).state == Unit.State.UNAVAILABLE
    assert proof.differences() == []
    room(store, "BACK", sellable=True)
    assert (available(store, phone), available(store, cable)) == (1, 3)
    assert selectors.find_unit(serial).state == Unit.State.IN_STOCK
    assert proof.differences() == []


def test_a_unit_kept_in_a_room_goes_back_to_it(store, phone):
    (serial,) = stock(store, phone, 1)
    back = room(store, "BACK", sellable=True)
    move(store, phone, 1, floor(store), back, serials=[serial])
    held = reserve(store, (phone, 1), serials={phone.sku: [serial]})
    assert (selectors.find_unit(serial).state, selectors.find_unit(serial).room) == ("CUSTOMER_RESERVED", back)
    room(store, "BACK", sellable=False)
    services.release(reservation_id=held.pk, reason="cancelled")
    assert (selectors.find_unit(serial).state, selectors.find_unit(serial).room) == ("UNAVAILABLE", back)
    assert proof.differences() == []


def test_goods_are_received_and_taken_back_into_a_room(store, phone, cable):
    quarantine = room(store, "QUARANTINE")
    serial = imei()
    call = {"store_id": store.pk, "actor": "staff:7", "room_id": quarantine.pk}
    services.receive(sku=phone.sku, quantity=1, serials=[serial], source_key="d/1", **call)
    services.take_back(lines=[(cable.sku, 2, [])], source_key="r/1", **call)
    assert (available(store, phone), available(store, cable)) == (0, 0)
    assert selectors.find_unit(serial).state == Unit.State.UNAVAILABLE
    missing = {**call, "room_id": "nowhere"}
    wrong = refusal(lambda: services.receive(sku=cable.sku, quantity=1, source_key="d/2", **missing))
    assert wrong.code == errors.ROOM_NOT_FOUND
    assert proof.differences() == []


def test_availability_is_explained(store, cable, django_assert_num_queries):
    stock(store, cable, 9)
    back, display = room(store, "BACK", sellable=True), room(store, "DISPLAY")
    move(store, cable, 3, floor(store), back)
    move(store, cable, 1, floor(store), display)
    reserve(store, (cable, 2))
    reserve(store, (cable, 1), purpose="POS")
    services.set_safety_rule(sku=cable.sku, quantity=2)
    empty = make_store(country_area="WI")
    stock(empty, cable, 5)
    with django_assert_num_queries(5):
        found = explained.explain(cable.sku, [store.pk, empty.pk, "none"])
    lines = [(line.kind, line.quantity, line.room and line.room.code, line.purpose) for line in found[store.pk].lines]
    assert lines == [
        ("ON_HAND", 5, None, None),
        ("ON_HAND", 3, "BACK", None),
        ("ON_HAND", 1, "DISPLAY", None),
        ("UNSELLABLE", -1, "DISPLAY", None),
        ("RESERVED", -2, None, "CART"),
        ("RESERVED", -1, None, "POS"),
        ("SAFETY", -2, None, None),
    ]
    assert found[store.pk].available == available(store, cable) == 3
    assert (found["none"].lines, found["none"].available) == ((), 0)
    regions = explained.by_region([cable.sku], country="US")
    assert [(row.country_area, row.available, row.stores) for row in regions] == [("MN", 3, 1), ("WI", 3, 1)]
    assert explained.by_country([cable.sku]) == {(cable.sku, "US"): 6}
    assert explained.by_region([cable.sku], country="CN") == []


def test_the_life_of_a_unit_is_closed():
    states = {str(state) for state in uin.State}
    assert states == set(Unit.State.values)
    assert len(states) == 15
    assert set(uin.FOLLOWS) == set(uin.State)
    # From everywhere there is a way back to a shelf, and none out of the customer's hands to a shipment.
    assert all(uin.State.IN_STOCK in {state, *follows} for state, follows in uin.FOLLOWS.items())
    assert not uin.may_become("SOLD", "SHIPPED_TO_STORE")
    assert not uin.may_become("UNAVAILABLE", "CUSTOMER_RESERVED")
