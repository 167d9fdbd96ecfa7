"""Goods in and out: receipts, sales with and without cover, returns, opening stock, each booked once."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from inventory import errors, proof, selectors, services
from inventory.models import Balance, Contradiction, Movement, Reservation, StockItem, Unit
from kernel import clock as time
from kernel.errors import IDEMPOTENCY_MISMATCH, ApiError
from kernel.models import OutboxMessage

from .goods import iccid, imei, make_item, make_store, stock

pytestmark = pytest.mark.django_db


def refusal(call):
    with pytest.raises(ApiError) as caught:
        call()
    return caught.value


def sell(store, *lines, key=None, **more):
    return services.sell(
        store_id=store.pk,
        lines=[(item.sku, quantity, serials) for item, quantity, serials in lines],
        source_key=key or str(uuid.uuid4()),
        actor="staff:7",
        **more,
    )


def codes(outcome):
    return [problem.code for problem in outcome.exceptions]


def test_receive_books_once(store, phone):
    call = {
        "store_id": store.pk,
        "sku": phone.sku,
        "quantity": 2,
        "serials": [imei(), imei()],
        "source_key": "delivery:1/1",
        "actor": "staff:7",
    }
    movement = services.receive(**call)
    assert services.receive(**call).pk == movement.pk
    assert (movement.quantity, movement.balance_after) == (2, 2)
    assert Unit.objects.filter(state=Unit.State.IN_STOCK, store=store).count() == 2
    assert refusal(lambda: services.receive(**call | {"quantity": 1, "serials": [imei()]})).code == IDEMPOTENCY_MISMATCH
    event = OutboxMessage.objects.get()
    assert (event.topic, event.payload) == ("stock.changed", {"store_id": store.pk, "sku": phone.sku})


def test_receive_refuses_what_cannot_come_in(store, phone, plan):
    (known,) = stock(store, phone, 1)
    call = {"store_id": store.pk, "sku": phone.sku, "quantity": 1, "source_key": "d", "actor": "a"}
    assert refusal(lambda: services.receive(**call)).code == errors.SERIAL_REQUIRED
    assert refusal(lambda: services.receive(serials=[known], **call)).code == errors.SERIAL_IN_STOCK
    assert refusal(lambda: services.receive(serials=[iccid()], **call)).code == errors.SERIAL_INVALID
    sell(store, (phone, 1, [known]))
    assert refusal(lambda: services.receive(serials=[known], **call)).code == errors.SERIAL_IN_STOCK
    assert refusal(lambda: services.receive(**call | {"sku": plan.sku})).code == errors.NOT_STOCKED
    assert refusal(lambda: services.receive(**call | {"store_id": "?"})).code == errors.STORE_NOT_FOUND
    assert Balance.objects.get().on_hand == 0


def test_sell_books_units_and_is_replayed(store, phone, cable):
    serials = stock(store, phone, 2)
    stock(store, cable, 3)
    lines = ((phone, 1, serials[:1]), (cable, 1, []), (cable, 1, []))
    outcome = sell(store, *lines, key="sale:1")
    again = sell(store, *lines, key="sale:1")
    assert [movement.pk for movement in again.movements] == [movement.pk for movement in outcome.movements]
    assert outcome.exceptions == []
    assert selectors.find_unit(serials[0]).state == Unit.State.SOLD
    assert selectors.availability([phone.sku, cable.sku], [store.pk]) == {
        (phone.sku, store.pk): 1,
        (cable.sku, store.pk): 1,
    }


def test_a_strict_sale_leaves_what_others_hold(store, cable):
    stock(store, cable, 2)
    services.reserve(
        key="cart",
        purpose="CART",
        owner="cart:1",
        store_id=store.pk,
        lines=[(cable.sku, 1)],
        expires_at=time.now() + dt.timedelta(minutes=5),
    )
    assert refusal(lambda: sell(store, (cable, 2, []))).params["available"] == 1
    sell(store, (cable, 1, []))


def test_a_sale_uses_up_the_hold_it_comes_from(store, cable, phone):
    stock(store, cable, 1)
    serials = stock(store, phone, 1)
    held = services.reserve(
        key="cart",
        purpose="POS",
        owner="cart:1",
        store_id=store.pk,
        lines=[(cable.sku, 1), (phone.sku, 1)],
        expires_at=time.now() + dt.timedelta(minutes=5),
    )
    services.pick_unit(reservation_id=held.pk, sku=phone.sku, serial=serials[0])
    sell(store, (phone, 1, serials), reservation_id=held.pk)
    held.refresh_from_db()
    assert held.state == Reservation.State.ISSUED
    assert selectors.availability([cable.sku], [store.pk]) == {(cable.sku, store.pk): 1}
    assert proof.differences() == []


def test_a_short_sale_is_booked_and_told(store, cable, clock):
    outcome = sell(store, (cable, 2, []), allow_short=True, key="sale:1")
    assert codes(outcome) == [errors.INSUFFICIENT_STOCK]
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.short_since) == (-2, clock.now())
    again = sell(store, (cable, 2, []), allow_short=True, key="sale:1")
    assert codes(again) == codes(outcome)
    assert again.exceptions[0].message == outcome.exceptions[0].message
    assert selectors.availability([cable.sku], [store.pk]) == {(cable.sku, store.pk): 0}
    stock(store, cable, 3)
    balance.refresh_from_db()
    assert (balance.on_hand, balance.short_since) == (1, None)
    assert proof.differences() == []


@pytest.mark.parametrize(
    ("case", "code", "unregistered"),
    [
        ("unknown", errors.SERIAL_UNKNOWN, -1),
        ("invalid", errors.SERIAL_INVALID, -1),
        ("missing", errors.SERIAL_REQUIRED, -1),
        ("other item", errors.SERIAL_WRONG_ITEM, -1),
        ("other store", errors.SERIAL_NOT_IN_STOCK, -1),
        ("sold before", errors.SERIAL_NOT_IN_STOCK, -1),
        ("kept for another", errors.SERIAL_NOT_IN_STOCK, 0),
    ],
)
def test_a_sale_with_a_doubtful_serial_is_booked_and_told(store, phone, case, code, unregistered):
    own = stock(store, phone, 3)
    sell(store, (phone, 1, own[:1]))
    held = services.reserve(
        key="cart",
        purpose="CART",
        owner="cart:1",
        store_id=store.pk,
        lines=[(phone.sku, 1)],
        expires_at=time.now() + dt.timedelta(minutes=5),
    )
    services.pick_unit(reservation_id=held.pk, sku=phone.sku, serial=own[1])
    serials = {
        "unknown": lambda: [imei()],
        "invalid": lambda: ["12345"],
        "missing": list,
        "other item": lambda: stock(store, make_item("IMEI"), 1),
        "other store": lambda: stock(make_store(), phone, 1),
        "sold before": lambda: own[:1],
        "kept for another": lambda: own[1:2],
    }[case]()
    strict = {"key": "sale:x"}
    assert refusal(lambda: sell(store, (phone, 1, serials), **strict)).code == code
    outcome = sell(store, (phone, 1, serials), allow_short=True, **strict)
    assert code in codes(outcome)
    balance = Balance.objects.get(store=store, item=phone)
    assert (balance.on_hand, balance.unregistered) == (1, unregistered)
    assert list(Contradiction.objects.values_list("code", flat=True)) == codes(outcome)
    assert proof.differences() == []


def test_unknown_articles_are_never_booked(store):
    unknown = StockItem(sku="no such article")
    assert refusal(lambda: sell(store, (unknown, 1, []), allow_short=True)).code == errors.UNKNOWN_SKU


def test_returned_goods_are_sellable_again(store, phone):
    serials = stock(store, phone, 1)
    sell(store, (phone, 1, serials))
    other = make_store()
    call = {"store_id": other.pk, "source_key": "return:1", "actor": "staff:7"}
    first = services.take_back(lines=[(phone.sku, 1, serials)], **call)
    assert services.take_back(lines=[(phone.sku, 1, serials)], **call) == first
    unit = selectors.find_unit(serials[0])
    assert (unit.store_id, unit.state) == (other.pk, Unit.State.IN_STOCK)
    assert [link.movement.kind for link in unit.links.order_by("movement_id")] == ["RECEIPT", "SALE", "RETURN"]
    again = refusal(lambda: services.take_back(lines=[(phone.sku, 1, serials)], **call | {"source_key": "return:2"}))
    assert again.code == errors.SERIAL_IN_STOCK
    assert proof.differences() == []


def test_opening_stock_is_booked_once(store, phone, cable):
    rows = [
        services.OpeningRow(store.pk, phone.sku, 2, (imei(), imei())),
        services.OpeningRow(store.pk, cable.sku, 7),
    ]
    assert services.receive_opening(rows) == 2
    assert services.receive_opening(rows) == 0
    assert Movement.objects.count() == 2
    assert proof.differences() == []
    assert selectors.available_in_store(store.pk) == {phone.sku: 2, cable.sku: 7}
    assert selectors.stores_with_stock([phone.sku, "?"]) == {phone.sku: {store.pk}, "?": set()}
    twice = [services.OpeningRow(make_store().pk, phone.sku, 1, rows[0].serials[:1])]
    assert refusal(lambda: services.receive_opening(twice)).code == errors.SERIAL_IN_STOCK


def test_the_database_refuses_what_must_not_be(store, cable):
    stock(store, cable, 1)
    statements = [
        "UPDATE inventory_movement SET quantity = 5",
        "DELETE FROM inventory_movement",
        "UPDATE inventory_balance SET on_hand = -1",
        "UPDATE inventory_balance SET reserved = -1",
    ]
    for statement in statements:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert proof.differences() == []


def test_the_proof_names_each_difference(store, phone):
    stock(store, phone, 2)
    Balance.objects.update(on_hand=3, reserved=1)
    found = {difference.fact.name: str(difference) for difference in proof.differences()}
    assert set(found) == {"ON_HAND", "RUNNING", "RESERVED", "UNITS"}
    assert phone.sku in found["UNITS"]
    assert store.code in found["UNITS"]
