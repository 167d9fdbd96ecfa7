"""Goods between stores: asked for, sent, on their way, received with differences, settled."""

import pytest

from inventory import errors, proof, services
from inventory.models import Balance, Contradiction, Movement, ReceiptDifference, Reservation, Transfer, Unit
from inventory.services import Counted, transfer_receipts, transfers
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, NOT_FOUND, ApiError

from .goods import imei, make_item, make_store, stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_add_up(db):
    yield
    assert proof.differences() == []


@pytest.fixture
def other(db):
    return make_store()


def refusal(call, **more):
    with pytest.raises(ApiError) as caught:
        call(**more)
    return caught.value


def request(origin, target, *lines, key="t1", **more):
    return transfers.request(
        origin_id=origin.pk,
        target_id=target.pk,
        lines=[(item.sku, quantity) for item, quantity in lines],
        source_key=key,
        actor="staff:7",
        **more,
    )


def picking(origin, target, *lines, **more):
    transfer = request(origin, target, *lines, pushed=True, **more)
    return transfers.start_picking(transfer_id=transfer.pk, actor="staff:8")


def ship(transfer, *lines):
    return transfers.ship(
        transfer_id=transfer.pk,
        lines=[(item.sku, quantity, serials) for item, quantity, serials in lines],
        actor="staff:8",
    )


def receive(transfer, *lines, key="r1", **more):
    return transfer_receipts.receive(transfer_id=transfer.pk, lines=lines, source_key=key, actor="staff:7", **more)


def finish(transfer):
    found = transfer_receipts.finish(transfer_id=transfer.pk, actor="staff:7")
    return [(row.kind, row.item_id, row.quantity, row.unit and row.unit.identifier) for row in found]


def on_hand(store, item):
    found = Balance.objects.filter(store=store, item=item).first()
    return found.on_hand if found else 0


def in_transit(transfer, item):
    return transfer.lines.get(item=item).in_transit


def place_of(serial):
    unit = Unit.objects.get(identifier=serial)
    return (unit.state, unit.store_id)


def test_the_whole_way(store, other, phone, cable):
    serials = stock(other, phone, 2)
    stock(other, cable, 5)
    transfer = request(other, store, (phone, 1), (cable, 4))
    assert request(other, store, (phone, 1), (cable, 4)).pk == transfer.pk
    transfers.approve(transfer_id=transfer.pk, actor="staff:9", quantities={phone.sku: 1, cable.sku: 3})
    transfers.start_picking(transfer_id=transfer.pk, actor="staff:8")
    assert Balance.objects.get(item=cable).reserved == 3
    assert Reservation.objects.get().purpose == "TRANSFER"

    shipped = ship(transfer, (phone, 1, serials[:1]), (cable, 3, []))
    assert ship(transfer, (cable, 3, []), (phone, 1, serials[:1])).pk == shipped.pk
    assert (on_hand(other, cable), in_transit(transfer, cable), on_hand(store, cable)) == (2, 3, 0)
    assert place_of(serials[0])[0] == "SHIPPED_TO_STORE"
    assert Reservation.objects.get().state == "ISSUED"
    assert Balance.objects.get(item=cable, store=other).reserved == 0

    receive(transfer, Counted(phone.sku, 1, serials[:1]), Counted(cable.sku, 2, damaged=1, note="Wet"))
    assert receive(transfer, Counted(phone.sku, 1, serials[:1]), Counted(cable.sku, 2, damaged=1, note="Wet"))
    assert finish(transfer) == [("DAMAGED", cable.sku, 1, None)]
    assert (on_hand(other, cable), in_transit(transfer, cable), on_hand(store, cable)) == (2, 0, 3)
    assert Balance.objects.get(store=store, item=cable).unsellable == 1
    assert place_of(serials[0]) == ("IN_STOCK", store.pk)
    assert Transfer.objects.get().state == "RECEIVED"


def test_a_request_is_made_once_and_checked(store, other, cable, plan):
    request(other, store, (cable, 1))
    assert refusal(lambda: request(other, store, (cable, 2))).code == IDEMPOTENCY_MISMATCH
    assert refusal(lambda: request(store, store, (cable, 2), key="t2")).code == INVALID
    assert refusal(lambda: request(other, store, key="t2")).code == INVALID
    assert refusal(lambda: request(other, store, (plan, 1), key="t2")).code == errors.NOT_STOCKED
    assert refusal(lambda: request(other, store, (cable, 0), key="t2")).code == errors.INVALID_QUANTITY
    assert Transfer.objects.count() == 1


def test_the_sender_approves_at_most_what_was_asked_for_or_rejects(store, other, cable):
    transfer = request(other, store, (cable, 2))
    call = {"transfer_id": transfer.pk, "actor": "staff:9"}
    assert refusal(transfers.approve, quantities={cable.sku: 3}, **call).code == errors.NOT_APPROVED
    assert refusal(transfers.approve, quantities={cable.sku: -1}, **call).code == errors.NOT_APPROVED
    assert refusal(transfers.approve, quantities={}, **call).code == INVALID
    assert refusal(transfers.start_picking, **call).code == errors.DOCUMENT_CLOSED
    assert Transfer.objects.get().state == "REQUESTED"
    for _twice in range(2):
        assert transfers.reject(**call).state == "REJECTED"
    assert refusal(transfers.approve, **call).code == errors.DOCUMENT_CLOSED
    assert refusal(transfers.approve, transfer_id="7x", actor="a").code == NOT_FOUND


def test_picking_needs_the_goods_and_a_cancelled_transfer_frees_them(store, other, cable):
    stock(other, cable, 2)
    transfer = request(other, store, (cable, 3), pushed=True)
    call = {"transfer_id": transfer.pk, "actor": "staff:8"}
    assert refusal(transfers.start_picking, **call).code == errors.INSUFFICIENT_STOCK
    stock(other, cable, 1)
    transfers.start_picking(**call)
    assert Balance.objects.get().reserved == 3
    for _twice in range(2):
        assert transfers.cancel(**call).state == "CANCELLED"
    assert Balance.objects.get().reserved == 0
    assert refusal(lambda: ship(transfer, (cable, 3, []))).code == errors.DOCUMENT_CLOSED


def test_shipping_is_checked(store, other, phone, cable):
    serials = stock(other, phone, 3)
    stock(other, cable, 3)
    (elsewhere,) = stock(make_store(), phone, 1)
    transfer = picking(other, store, (phone, 2), (cable, 1))
    for lines, code in (
        ([(cable, 2, [])], errors.NOT_APPROVED),
        ([(make_item(), 1, [])], errors.NOT_APPROVED),
        ([(phone, 1, [])], errors.SERIAL_REQUIRED),
        ([(phone, 1, [imei()])], errors.SERIAL_UNKNOWN),
        ([(phone, 1, [elsewhere])], errors.SERIAL_NOT_IN_STOCK),
        ([(cable, 0, [])], INVALID),
    ):
        assert refusal(lambda lines=lines: ship(transfer, *lines)).code == code
    assert not Movement.objects.filter(kind="TRANSFER_OUT").exists()
    assert Balance.objects.get(item=phone, store=other).reserved == 2
    ship(transfer, (phone, 1, serials[:1]))
    assert refusal(lambda: ship(transfer, (phone, 1, serials[1:2]))).code == errors.DOCUMENT_CLOSED
    assert refusal(transfers.cancel, transfer_id=transfer.pk, actor="a").code == errors.DOCUMENT_CLOSED
    assert Balance.objects.get(item=phone, store=other).reserved == 0


def test_a_piece_without_a_serial_gets_it_when_it_is_shipped(store, other):
    item = make_item()
    stock(other, item, 1)
    services.upsert_item(sku=item.sku, tracking="IMEI", stocked=True, core_variant_id="")
    assert Balance.objects.get().unregistered == 1
    serial = imei()
    transfer = picking(other, store, (item, 1))
    ship(transfer, (item, 1, [serial]))
    assert Balance.objects.get(store=other).unregistered == 0
    receive(transfer, Counted(item.sku, 1, [serial]))
    assert place_of(serial) == ("IN_STOCK", store.pk)


def test_what_does_not_arrive_stays_in_transit_until_it_is_settled(store, other, phone, cable):
    serials = stock(other, phone, 3)
    stock(other, cable, 4)
    transfer = picking(other, store, (phone, 3), (cable, 4))
    ship(transfer, (phone, 3, serials), (cable, 4, []))
    receive(transfer, Counted(cable.sku, 1))
    assert sorted(finish(transfer)) == sorted(
        [("SHORT", cable.sku, 3, None), *(("SHORT", phone.sku, 1, serial) for serial in serials)]
    )
    assert len(finish(transfer)) == 4
    assert (in_transit(transfer, cable), in_transit(transfer, phone)) == (3, 3)

    def settle(difference, settlement, **more):
        return transfer_receipts.settle(difference_id=difference.pk, settlement=settlement, actor="staff:1", **more)

    for serial, settlement in zip(serials, ("ARRIVED", "NEVER_LEFT", "LOST"), strict=True):
        difference = ReceiptDifference.objects.get(unit__identifier=serial)
        for _twice in range(2):
            assert settle(difference, settlement).settlement == settlement
        assert refusal(lambda d=difference: settle(d, "ACCEPTED")).code == errors.DOCUMENT_CLOSED
    assert [place_of(serial)[0] for serial in serials] == ["IN_STOCK", "IN_STOCK", "MISSING"]
    assert (on_hand(store, phone), on_hand(other, phone), in_transit(transfer, phone)) == (1, 1, 0)

    of_cables = ReceiptDifference.objects.get(item=cable)
    assert refusal(lambda: settle(of_cables, "LOST", quantity=4)).code == errors.INVALID_QUANTITY
    assert refusal(lambda: settle(of_cables, "ACCEPTED")).code == errors.DOCUMENT_CLOSED
    settle(of_cables, "ARRIVED", quantity=1)
    assert (on_hand(store, cable), in_transit(transfer, cable)) == (2, 2)
    settle(ReceiptDifference.objects.get(item=cable, settled_at=None), "LOST")
    assert (on_hand(store, cable), in_transit(transfer, cable), transfer.lines.get(item=cable).lost) == (2, 0, 2)


def test_a_piece_that_was_not_sent_has_left_the_sender_all_the_same(store, other, phone, cable):
    sent, grabbed = stock(other, phone, 2)
    stock(other, cable, 5)
    transfer = picking(other, store, (phone, 1), (cable, 2))
    ship(transfer, (phone, 1, [sent]), (cable, 2, []))
    receive(transfer, Counted(phone.sku, 1, [grabbed]), Counted(cable.sku, 3))
    assert sorted(finish(transfer)) == sorted(
        [("NOT_ANNOUNCED", phone.sku, 1, grabbed), ("OVER", cable.sku, 1, None), ("SHORT", phone.sku, 1, sent)]
    )
    assert place_of(grabbed) == ("IN_STOCK", store.pk)
    assert (on_hand(other, phone), on_hand(store, phone), in_transit(transfer, phone)) == (0, 1, 1)
    assert (on_hand(other, cable), on_hand(store, cable), in_transit(transfer, cable)) == (2, 3, 0)
    assert not Contradiction.objects.exists()


def test_a_piece_of_a_third_store_or_more_than_the_sender_has_is_left_for_a_person(store, other, phone, cable):
    (sent,) = stock(other, phone, 1)
    third = make_store()
    (theirs,) = stock(third, phone, 1)
    stock(other, cable, 1)
    transfer = picking(other, store, (phone, 1), (cable, 1))
    ship(transfer, (phone, 1, [sent]), (cable, 1, []))
    receive(transfer, Counted(phone.sku, 2, [sent, theirs]), Counted(cable.sku, 2))
    assert place_of(theirs) == ("IN_STOCK", third.pk)
    assert (on_hand(other, phone), on_hand(store, phone)) == (-1, 2)
    assert sorted(Contradiction.objects.values_list("code", flat=True)) == [
        errors.INSUFFICIENT_STOCK,
        errors.INSUFFICIENT_STOCK,
        errors.SERIAL_IN_STOCK,
    ]


def test_receiving_is_checked(store, other, phone, cable):
    sent, on_another = stock(other, phone, 2)
    (here,) = stock(store, phone, 1)
    stock(other, cable, 4)
    rival = picking(other, make_store(), (phone, 1), key="t2")
    ship(rival, (phone, 1, [on_another]))
    transfer = picking(other, store, (phone, 1), (cable, 1))
    assert refusal(lambda: receive(transfer, Counted(cable.sku, 1))).code == errors.DOCUMENT_CLOSED
    ship(transfer, (phone, 1, [sent]), (cable, 1, []))
    before = Movement.objects.count()
    for line, code in (
        (Counted(phone.sku, 1, [here]), errors.SERIAL_IN_STOCK),
        (Counted(phone.sku, 1, [on_another]), errors.SERIAL_IN_TRANSIT),
        (Counted(cable.sku, 3), errors.OVER_RECEIPT),
        (Counted(cable.sku, -3), errors.INVALID_QUANTITY),
    ):
        assert refusal(lambda line=line: receive(transfer, line)).code == code
    assert Movement.objects.count() == before
    receive(transfer, Counted(cable.sku, 3), authorised_by="staff:1")


def test_a_piece_in_transit_comes_in_by_its_transfer_alone(store, other, phone):
    (sent,) = stock(other, phone, 1)
    transfer = picking(other, store, (phone, 1))
    ship(transfer, (phone, 1, [sent]))
    problem = refusal(
        services.receiving.receive_unannounced,
        supplier="Acme",
        number="1",
        store_id=store.pk,
        lines=[Counted(phone.sku, 1, [sent])],
        source_key="k",
        actor="a",
    )
    assert problem.code == errors.SERIAL_IN_TRANSIT
    problem = refusal(
        services.receive, store_id=store.pk, sku=phone.sku, quantity=1, serials=[sent], source_key="k", actor="a"
    )
    assert problem.code == errors.SERIAL_IN_STOCK


def test_the_proof_names_what_is_lost_between_stores(store, other, phone):
    (sent,) = stock(other, phone, 1)
    transfer = picking(other, store, (phone, 1))
    ship(transfer, (phone, 1, [sent]))
    transfer.lines.update(received=1)
    found = [(row.fact.name, row.store, row.balance, row.actual) for row in proof.differences()]
    assert found == [("TRANSIT", store.code, 0, 1), ("TRANSIT_UNITS", store.code, 0, 1)]
    transfer.lines.update(received=0)
    Unit.objects.update(state="MISSING")
    found = [(row.fact.name, row.store, row.balance, row.actual) for row in proof.differences()]
    assert found == [("TRANSIT_UNITS", store.code, 1, 0)]
    Unit.objects.update(state="SHIPPED_TO_STORE")
