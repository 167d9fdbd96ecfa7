"""Real threads on the real database: goods that go back to their vendor, wanted by others at the same moment."""

import os
import uuid

import pytest

from inventory import errors, proof, services
from inventory.models import Balance, Movement, VendorReturn
from inventory.services import Returned, vendor_returns

from .goods import make_item, make_store, stock
from .test_receiving_race import outcomes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROUNDS = 100 if os.environ.get("SOAK") else 4


def prepare(store, *lines):
    return vendor_returns.prepare(
        store_id=store.pk, vendor="Acme", lines=lines, source_key=str(uuid.uuid4()), actor="staff:1"
    )


def sell(store, item, serials=()):
    lines = [(item.sku, 1, serials)]
    return services.sell(store_id=store.pk, lines=lines, source_key=str(uuid.uuid4()), actor="staff:2")


def test_the_last_piece_is_sold_or_goes_back_and_never_both():
    store, phone, cable = make_store(), make_item("IMEI"), make_item()
    for _round in range(ROUNDS):
        (serial,) = stock(store, phone, 1)
        stock(store, cable, 1)
        back = Returned(phone.sku, 1, [serial]), Returned(cable.sku, 1)
        for mine, theirs in (
            (lambda back=back: prepare(store, back[0]), lambda serial=serial: sell(store, phone, [serial])),
            (lambda back=back: prepare(store, back[1]), lambda: sell(store, cable)),
        ):
            found = outcomes([mine, theirs, mine, theirs])
            assert set(found) <= {"VendorReturn", "SaleOutcome", errors.INSUFFICIENT_STOCK, errors.SERIAL_NOT_IN_STOCK}
            assert sum(found.count(done) for done in ("VendorReturn", "SaleOutcome")) == 1
    on_hand, unsellable = Balance.objects.values_list("on_hand", "unsellable").get(item=cable)
    assert on_hand == unsellable == VendorReturn.objects.filter(lines__item=cable).count()
    assert proof.differences() == []


def test_what_lies_in_quarantine_is_taken_out_or_goes_back_and_never_both():
    store, cable = make_store(), make_item()
    quarantine = services.upsert_room(store_id=store.pk, code="Q", kind="QUARANTINE", sellable=False)
    floor = store.rooms.get(kind="FLOOR")

    def take_out():
        return services.move_goods(
            store_id=store.pk,
            lines=[(cable.sku, 1, [])],
            from_room_id=quarantine.pk,
            to_room_id=floor.pk,
            source_key=str(uuid.uuid4()),
            actor="staff:2",
        )

    for _round in range(ROUNDS):
        key = str(uuid.uuid4())
        services.receive(store_id=store.pk, sku=cable.sku, quantity=1, source_key=key, actor="x", room_id=quarantine.pk)
        go_back = lambda: prepare(store, Returned(cable.sku, 1, (), quarantine.pk))  # noqa: E731
        found = outcomes([go_back, take_out, go_back, take_out])
        assert found.count(errors.INSUFFICIENT_STOCK) == 3
        waiting = VendorReturn.objects.filter(state="PREPARED")
        for pk in waiting.values_list("pk", flat=True):
            vendor_returns.ship(return_id=pk, actor="staff:1")
    assert Balance.objects.get(item=cable).unsellable == 0
    assert proof.differences() == []


def test_shipped_or_put_back_and_each_once():
    store, cable = make_store(), make_item()
    stock(store, cable, ROUNDS)
    shipped = 0
    for _round in range(ROUNDS):
        found = prepare(store, Returned(cable.sku, 1))
        ship = lambda pk=found.pk: vendor_returns.ship(return_id=pk, actor="staff:1")  # noqa: E731
        cancel = lambda pk=found.pk: vendor_returns.cancel(return_id=pk, actor="staff:2")  # noqa: E731
        answers = outcomes([ship, cancel, ship, cancel])
        assert answers in (
            [errors.DOCUMENT_CLOSED] * 2 + ["VendorReturn"] * 2,
            [errors.DOCUMENT_CLOSED] * 2 + ["list"] * 2,
        )
        shipped += answers.count("list") // 2
        if "VendorReturn" in answers:
            sell(store, cable)
    gone = Movement.objects.filter(kind="VENDOR_RETURN").count()
    assert (gone, Balance.objects.get(item=cable).on_hand) == (shipped, 0)
    assert Movement.objects.filter(kind="SALE").count() == ROUNDS - shipped
    assert proof.differences() == []
