"""Deliveries with and without a notice: counted, scanned, over, short, damaged, replayed."""

import pytest

from inventory import errors, proof, selectors
from inventory.models import (
    Balance,
    Contradiction,
    Movement,
    NoticeLine,
    Receipt,
    ReceiptDifference,
    RoomBalance,
    ShippingNotice,
    Unit,
)
from inventory.services import Counted, receiving
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, NOT_FOUND, ApiError

from .goods import iccid, imei, make_store, stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_add_up(db):
    yield
    assert proof.differences() == []


def refusal(call, **more):
    with pytest.raises(ApiError) as caught:
        call(**more)
    return caught.value


def announce(store, *lines, number="LS-1", **more):
    return receiving.announce(
        supplier="Acme Mobile",
        number=number,
        store_id=store.pk,
        lines=[(item.sku, quantity, serials) for item, quantity, serials in lines],
        actor="import",
        **more,
    )


def receive(notice, *lines, key="r1", **more):
    return receiving.receive(notice_id=notice.pk, lines=lines, source_key=key, actor="staff:7", **more)


def close(notice):
    found = receiving.close(notice_id=notice.pk, actor="staff:7")
    return [(row.kind, row.item_id, row.quantity, row.unit and row.unit.identifier) for row in found]


def state_of(serial):
    return Unit.objects.get(identifier=serial).state


def test_announced_pieces_wait_and_are_received_in_two_receipts(store, phone, cable):
    serials = [imei(), imei()]
    notice = announce(store, (phone, 2, serials), (cable, 5, []))
    assert [state_of(serial) for serial in serials] == ["IN_RECEIVING", "IN_RECEIVING"]
    assert selectors.availability([phone.sku], [store.pk])[phone.sku, store.pk] == 0

    receive(notice, Counted(phone.sku, 1, serials[:1]), Counted(cable.sku, 3))
    notice.refresh_from_db()
    assert notice.state == "RECEIVING"
    receive(notice, Counted(phone.sku, 1, serials[1:]), Counted(cable.sku, 2), key="r2")

    assert close(notice) == []
    assert [state_of(serial) for serial in serials] == ["IN_STOCK", "IN_STOCK"]
    assert selectors.availability([phone.sku, cable.sku], [store.pk]) == {
        (phone.sku, store.pk): 2,
        (cable.sku, store.pk): 5,
    }
    assert list(NoticeLine.objects.order_by("expected").values_list("expected", "received")) == [(2, 2), (5, 5)]


def test_a_receipt_is_booked_once(store, cable):
    notice = announce(store, (cable, 5, []))
    first = receive(notice, Counted(cable.sku, 3))
    assert receive(notice, Counted(cable.sku, 3)).pk == first.pk
    assert refusal(lambda: receive(notice, Counted(cable.sku, 2))).code == IDEMPOTENCY_MISMATCH
    assert Balance.objects.get().on_hand == 3
    other = announce(store, (cable, 5, []), number="LS-2")
    assert refusal(lambda: receive(other, Counted(cable.sku, 3))).code == IDEMPOTENCY_MISMATCH


def test_short_over_damaged_and_unannounced_are_written_down(store, phone, cable):
    told = [imei(), imei(), imei()]
    strange = imei()
    notice = announce(store, (phone, 3, told), (cable, 2, []))
    receive(
        notice,
        Counted(phone.sku, 2, [told[0], strange], damaged=1, damaged_serials=[told[1]], note="Screen is cracked"),
        Counted(cable.sku, 3),
    )
    assert sorted(close(notice)) == [
        ("DAMAGED", phone.sku, 1, told[1]),
        ("NOT_ANNOUNCED", phone.sku, 1, strange),
        ("OVER", cable.sku, 1, None),
        ("SHORT", phone.sku, 1, told[2]),
    ]
    assert close(notice) == close(notice)
    assert {code: state_of(code) for code in (*told, strange)} == {
        told[0]: "IN_STOCK",
        told[1]: "UNAVAILABLE",
        told[2]: "MISSING",
        strange: "IN_STOCK",
    }
    quarantine = RoomBalance.objects.select_related("room").get()
    assert (quarantine.room.kind, quarantine.room.sellable, quarantine.quantity) == ("QUARANTINE", False, 1)
    assert ReceiptDifference.objects.get(kind="DAMAGED").note == "Screen is cracked"
    assert Movement.objects.get(room=quarantine.room).reason == "DAMAGED"
    assert refusal(lambda: receive(notice, Counted(cable.sku, 1), key="r9")).code == errors.DOCUMENT_CLOSED


def test_what_was_missing_may_come_with_a_later_delivery(store, phone):
    serial = imei()
    close(announce(store, (phone, 1, [serial])))
    assert state_of(serial) == "MISSING"
    later = announce(store, (phone, 1, [serial]), number="LS-2")
    receive(later, Counted(phone.sku, 1, [serial]))
    assert (close(later), state_of(serial)) == ([], "IN_STOCK")


def test_an_article_that_was_not_announced(store, cable, phone):
    notice = announce(store, (cable, 1, []))
    serial = imei()
    receive(notice, Counted(phone.sku, 1, [serial]), Counted(cable.sku, 1))
    assert close(notice) == [("NOT_ANNOUNCED", phone.sku, 1, None)]


def test_more_than_the_tolerance_needs_a_manager(store, cable):
    notice = announce(store, (cable, 20, []))
    problem = refusal(lambda: receive(notice, Counted(cable.sku, 23)))
    assert (problem.code, problem.params) == (errors.OVER_RECEIPT, {"sku": cable.sku, "expected": 20, "counted": 23})
    assert not Movement.objects.exists()
    assert ShippingNotice.objects.get().state == "EXPECTED"
    receive(notice, Counted(cable.sku, 22))
    assert refusal(lambda: receive(notice, Counted(cable.sku, 1), key="r2")).code == errors.OVER_RECEIPT
    receipt = receive(notice, Counted(cable.sku, 1), key="r2", authorised_by="staff:1")
    assert receipt.authorised_by == "staff:1"
    assert close(notice) == [("OVER", cable.sku, 3, None)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (lambda phone: Counted(phone.sku, 1, [iccid()]), errors.SERIAL_INVALID),
        (lambda phone: Counted(phone.sku, 1, ["4006381333931"]), errors.SERIAL_INVALID),
        (lambda phone: Counted(phone.sku, 1), errors.SERIAL_REQUIRED),
        (lambda phone: Counted(phone.sku, 1, [], 1, [imei(), imei()]), errors.SERIAL_REQUIRED),
        (lambda phone: Counted(phone.sku, 2, ["352099001761481", "35-209900-176148-1"]), errors.SERIAL_TWICE),
        (lambda phone: Counted(phone.sku, -1, []), errors.INVALID_QUANTITY),
        (lambda phone: Counted(phone.sku, 0, []), errors.INVALID_QUANTITY),
        (lambda phone: Counted("nothing-of-ours", 1), errors.UNKNOWN_SKU),
    ],
)
def test_bad_counts_are_refused(store, phone, line, code):
    notice = announce(store, (phone, 2, []))
    assert refusal(lambda: receive(notice, line(phone))).code == code
    assert not Movement.objects.exists()
    assert not Receipt.objects.exists()


def test_nothing_counted_or_one_article_twice(store, cable, plan):
    notice = announce(store, (cable, 2, []))
    assert refusal(lambda: receive(notice)).code == INVALID
    assert refusal(lambda: receive(notice, Counted(cable.sku, 1), Counted(cable.sku, 1))).code == INVALID
    assert refusal(lambda: receive(notice, Counted(plan.sku, 1))).code == errors.NOT_STOCKED
    assert refusal(receiving.receive, notice_id="x", lines=[Counted(cable.sku, 1)], source_key="k", actor="a").code == (
        NOT_FOUND
    )
    assert not Movement.objects.exists()


def test_a_piece_that_is_here_already_is_refused(store, phone):
    (known,) = stock(store, phone, 1)
    notice = announce(store, (phone, 2, []))
    assert refusal(lambda: receive(notice, Counted(phone.sku, 1, [known]))).code == errors.SERIAL_IN_STOCK
    assert Balance.objects.get().on_hand == 1


def test_a_piece_of_another_article_is_refused(store, phone, cable):
    from .goods import make_item

    other = make_item("IMEI")
    (known,) = stock(make_store(), other, 1)
    notice = announce(store, (phone, 2, []))
    assert refusal(lambda: receive(notice, Counted(phone.sku, 1, [known]))).code == errors.SERIAL_WRONG_ITEM


def test_a_piece_received_elsewhere_comes_in_without_its_serial_and_is_left_for_a_person(store, phone):
    elsewhere = make_store()
    (known,) = stock(elsewhere, phone, 1)
    notice = announce(store, (phone, 1, []))
    receive(notice, Counted(phone.sku, 1, [known]))
    here = Balance.objects.get(store=store)
    assert (here.on_hand, here.unregistered) == (1, 1)
    unit = Unit.objects.get(identifier=known)
    assert (unit.store_id, unit.state) == (elsewhere.pk, "IN_STOCK")
    contradiction = Contradiction.objects.select_related("movement").get()
    assert (contradiction.code, contradiction.params["serial"]) == (errors.SERIAL_IN_STOCK, known)
    assert contradiction.movement.store_id == store.pk


def test_the_same_notice_again_is_the_same_and_other_contents_are_refused(store, phone, cable):
    serial = imei()
    notice = announce(store, (phone, 1, [serial]), (cable, 2, []))
    assert announce(store, (phone, 1, [serial]), (cable, 2, [])).pk == notice.pk
    assert announce(store, (phone, 1, [serial]), (cable, 2, []), number=" ls-1 ").pk == notice.pk
    assert refusal(lambda: announce(store, (cable, 3, []))).code == errors.DELIVERY_NOTE_KNOWN
    assert refusal(lambda: announce(make_store(), (phone, 1, [serial]), (cable, 2, []))).code == (
        errors.DELIVERY_NOTE_KNOWN
    )
    assert ShippingNotice.objects.count() == 1


@pytest.mark.parametrize("number", ["LS-2", "LS-3"])
def test_a_serial_in_the_books_or_in_another_notice_is_not_announced(store, phone, number):
    told = imei()
    announce(store, (phone, 1, [told]))
    (known,) = stock(store, phone, 1)
    serial = {"LS-2": told, "LS-3": known}[number]
    assert refusal(lambda: announce(store, (phone, 1, [serial]), number=number)).code == errors.SERIAL_IN_STOCK
    assert ShippingNotice.objects.count() == 1


def test_a_notice_is_cancelled_until_goods_came(store, phone, cable):
    serial = imei()
    notice = announce(store, (phone, 1, [serial]), (cable, 1, []))
    for _twice in range(2):
        assert receiving.cancel(notice_id=notice.pk, actor="admin").state == "CANCELLED"
    assert state_of(serial) == "UNKNOWN"
    assert refusal(lambda: receive(notice, Counted(cable.sku, 1))).code == errors.DOCUMENT_CLOSED
    assert refusal(receiving.close, notice_id=notice.pk, actor="a").code == errors.DOCUMENT_CLOSED
    other = announce(store, (cable, 1, []), number="LS-2")
    receive(other, Counted(cable.sku, 1))
    assert refusal(receiving.cancel, notice_id=other.pk, actor="a").code == errors.DOCUMENT_CLOSED


def unannounced(store, *lines, key="d1", number="LS-7", supplier="Acme Mobile"):
    return receiving.receive_unannounced(
        supplier=supplier, number=number, store_id=store.pk, lines=lines, source_key=key, actor="staff:7"
    )


def test_a_delivery_without_notice_is_booked_once_for_its_note(store, phone, cable):
    serial = imei()
    lines = (Counted(phone.sku, 1, [serial]), Counted(cable.sku, 4, damaged=1))
    first = unannounced(store, *lines)
    assert (first.state, first.announced) == ("RECEIVED", False)
    assert unannounced(store, *lines).pk == first.pk
    problem = refusal(lambda: unannounced(store, *lines, key="d2", supplier="acme  mobile", number="ls-7"))
    assert problem.code == errors.DELIVERY_NOTE_KNOWN
    assert "Nothing was booked: delivery note LS-7 of Acme Mobile" in problem.message
    assert Balance.objects.get(item=cable).on_hand == 5
    assert list(first.differences.values_list("kind", "quantity")) == [("DAMAGED", 1)]


def test_a_delivery_that_was_announced_is_not_received_as_unannounced(store, cable):
    announce(store, (cable, 4, []), number="LS-7")
    assert refusal(lambda: unannounced(store, Counted(cable.sku, 4))).code == errors.DELIVERY_NOTE_KNOWN
    assert not Movement.objects.exists()


def test_a_delivery_note_needs_a_supplier_and_a_number(store, cable):
    assert refusal(lambda: unannounced(store, Counted(cable.sku, 4), supplier=" ")).field == "supplier"
    assert refusal(lambda: unannounced(store, Counted(cable.sku, 4), number="x" * 65)).field == "number"
