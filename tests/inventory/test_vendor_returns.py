"""Goods that go back to their vendor: set aside, shipped, or put back."""

import pytest
from django.core.exceptions import ValidationError

from inventory import errors, proof, services
from inventory.models import Balance, Movement, Unit, VendorReturn
from inventory.services import Returned, vendor_returns
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, NOT_FOUND, REQUIRED, ApiError

from .goods import stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_add_up(db):
    yield
    assert proof.differences() == []


@pytest.fixture
def quarantine(store):
    return services.upsert_room(store_id=store.pk, code="Q", kind="QUARANTINE", sellable=False)


def refusal(call, **more):
    with pytest.raises(ApiError) as caught:
        call(**more)
    return caught.value


def prepare(store, *lines, key="v1", vendor="Acme"):
    return vendor_returns.prepare(store_id=store.pk, vendor=vendor, lines=lines, source_key=key, actor="staff:1")


def state_of(serial):
    unit = Unit.objects.get(identifier=serial)
    return (unit.state, unit.room and unit.room.kind)


def test_goods_are_set_aside_and_shipped_once(store, phone, cable, quarantine):
    serials = stock(store, phone, 2)
    stock(store, cable, 3)
    lines = (Returned(phone.sku, 1, serials[:1]), Returned(cable.sku, 2))
    found = prepare(store, *lines)
    assert prepare(store, *lines).pk == found.pk
    assert state_of(serials[0]) == ("RESERVED_FOR_SHIPPING", "QUARANTINE")
    balance = Balance.objects.get(item=cable)
    assert (balance.on_hand, balance.unsellable) == (3, 2)
    shipped = vendor_returns.ship(return_id=found.pk, actor="staff:1")
    assert [row.pk for row in vendor_returns.ship(return_id=found.pk, actor="staff:1")] == [row.pk for row in shipped]
    assert sorted((row.kind, row.quantity) for row in shipped) == [("VENDOR_RETURN", -2), ("VENDOR_RETURN", -1)]
    assert state_of(serials[0]) == ("SHIPPED_TO_VENDOR", None)
    assert (Balance.objects.get(item=cable).on_hand, Balance.objects.get(item=phone).on_hand) == (1, 1)
    assert refusal(vendor_returns.cancel, return_id=found.pk, actor="a").code == errors.DOCUMENT_CLOSED


def test_a_cancelled_return_lies_where_it_was_taken_from(store, phone, quarantine):
    floor, damaged = stock(store, phone, 2)
    services.move_goods(
        store_id=store.pk,
        lines=[(phone.sku, 1, [damaged])],
        from_room_id=store.rooms.get(kind="FLOOR").pk,
        to_room_id=quarantine.pk,
        source_key="m",
        actor="a",
    )
    found = prepare(store, Returned(phone.sku, 1, [floor]), Returned(phone.sku, 1, [damaged], quarantine.pk))
    for _twice in range(2):
        assert vendor_returns.cancel(return_id=found.pk, actor="staff:1").state == "CANCELLED"
    assert state_of(floor) == ("IN_STOCK", None)
    assert state_of(damaged) == ("UNAVAILABLE", "QUARANTINE")
    assert refusal(vendor_returns.ship, return_id=found.pk, actor="a").code == errors.DOCUMENT_CLOSED


def test_what_waits_for_one_return_is_not_taken_for_another(store, cable, phone, quarantine):
    stock(store, cable, 2)
    (serial,) = stock(store, phone, 1)
    prepare(store, Returned(cable.sku, 2), Returned(phone.sku, 1, [serial]))
    again = refusal(lambda: prepare(store, Returned(cable.sku, 1, (), quarantine.pk), key="v2"))
    assert (again.code, again.params["available"]) == (errors.INSUFFICIENT_STOCK, 0)
    assert refusal(lambda: prepare(store, Returned(phone.sku, 1, [serial], quarantine.pk), key="v2")).code == (
        errors.INSUFFICIENT_STOCK
    )
    assert VendorReturn.objects.count() == 1


def test_what_is_promised_or_not_there_is_refused(store, cable, plan, phone):
    stock(store, cable, 1)
    stock(store, phone, 1)
    for lines, code in (
        ([Returned(cable.sku, 2)], errors.INSUFFICIENT_STOCK),
        ([Returned(cable.sku, -2)], errors.INVALID_QUANTITY),
        ([Returned(plan.sku, 1)], errors.NOT_STOCKED),
        ([Returned(phone.sku, 1)], errors.SERIAL_REQUIRED),
        ([Returned(cable.sku, 1, (), "nowhere")], errors.ROOM_NOT_FOUND),
        ([], INVALID),
    ):
        assert refusal(lambda lines=lines: prepare(store, *lines)).code == code
    assert refusal(lambda: prepare(store, Returned(cable.sku, 1), vendor=" ")).code == REQUIRED
    assert refusal(vendor_returns.ship, return_id="x", actor="a").code == NOT_FOUND
    assert not VendorReturn.objects.exists()
    assert Movement.objects.count() == 2
    prepare(store, Returned(cable.sku, 1))
    assert refusal(lambda: prepare(store, Returned(phone.sku, 1))).code == IDEMPOTENCY_MISMATCH


def take_out(store, quarantine, item, quantity, serials=(), key="m"):
    return services.move_goods(
        store_id=store.pk,
        lines=[(item.sku, quantity, serials)],
        from_room_id=quarantine.pk,
        to_room_id=store.rooms.get(kind="FLOOR").pk,
        source_key=key,
        actor="staff:2",
    )


def test_what_waits_for_its_vendor_is_neither_moved_nor_sold(store, cable, phone, quarantine):
    stock(store, cable, 3)
    (serial,) = stock(store, phone, 1)
    prepare(store, Returned(cable.sku, 2), Returned(phone.sku, 1, [serial]))

    moved = refusal(lambda: take_out(store, quarantine, cable, 1))
    assert (moved.code, moved.params["available"]) == (errors.INSUFFICIENT_STOCK, 0)
    assert refusal(lambda: take_out(store, quarantine, phone, 1, [serial])).code == errors.SERIAL_NOT_IN_STOCK
    call = {"store_id": store.pk, "source_key": "s", "actor": "staff:2"}
    sold = refusal(services.sell, lines=[(cable.sku, 2, [])], **call)
    assert (sold.code, sold.params["available"]) == (errors.INSUFFICIENT_STOCK, 1)
    assert refusal(services.sell, lines=[(phone.sku, 1, [serial])], **call).code == errors.INSUFFICIENT_STOCK
    assert Movement.objects.count() == 2 + 4


def test_its_quarantine_stays_one_and_another_does_not_take_its_place(store, cable, quarantine):
    stock(store, cable, 2)
    found = prepare(store, Returned(cable.sku, 2))

    for change in ({"kind": "QUARANTINE", "sellable": True}, {"kind": "BACK", "sellable": False}):
        with pytest.raises(ValidationError):
            services.upsert_room(store_id=store.pk, code="Q", **change)
    services.upsert_room(store_id=store.pk, code="A", kind="QUARANTINE", sellable=False)

    assert services.upsert_room(store_id=store.pk, code="Q", kind="QUARANTINE", name="Q", sellable=False).name == "Q"
    (gone,) = vendor_returns.ship(return_id=found.pk, actor="staff:1")
    assert (gone.quantity, gone.room) == (-2, quarantine)
    assert services.upsert_room(store_id=store.pk, code="Q", kind="QUARANTINE", sellable=True).sellable


def test_a_piece_sold_all_the_same_is_neither_shipped_nor_put_back(store, phone, quarantine):
    sold, kept = stock(store, phone, 2)
    found = prepare(store, Returned(phone.sku, 2, [sold, kept]))
    services.sell(store_id=store.pk, lines=[(phone.sku, 1, [sold])], source_key="s", actor="staff:2", allow_short=True)

    assert refusal(vendor_returns.ship, return_id=found.pk, actor="a").code == errors.SERIAL_WRONG_STATE
    assert vendor_returns.cancel(return_id=found.pk, actor="staff:1").state == "CANCELLED"

    assert (state_of(sold), state_of(kept)) == (("SOLD", None), ("IN_STOCK", None))
    balance = Balance.objects.get(item=phone)
    assert (balance.on_hand, balance.unsellable) == (1, 0)
