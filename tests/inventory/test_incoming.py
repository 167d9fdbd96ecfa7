"""What is on its way to a store is told with the explanation, and promised to no one."""

import datetime as dt

import pytest

from inventory import explained
from inventory.incoming import Incoming
from inventory.services import Counted, receiving, transfer_receipts, transfers

from .goods import make_store, stock
from .test_reservations import available

pytestmark = pytest.mark.django_db

FRIDAY = dt.date(2026, 3, 6)


def announce(store, item, quantity, number, expected_on=None):
    lines = [(item.sku, quantity, ())]
    return receiving.announce(
        supplier="Acme", number=number, store_id=store.pk, lines=lines, actor="import", expected_on=expected_on
    )


def ship(origin, target, item, quantity, key):
    made = transfers.request(
        origin_id=origin.pk,
        target_id=target.pk,
        lines=[(item.sku, quantity)],
        source_key=key,
        actor="staff:7",
        pushed=True,
    )
    transfers.start_picking(transfer_id=made.pk, actor="staff:8")
    return transfers.ship(transfer_id=made.pk, lines=[(item.sku, quantity, ())], actor="staff:8")


def test_what_is_sent_or_announced_is_told_and_not_counted(store, cable, django_assert_num_queries):
    origin = make_store(name="Uptown")
    stock(origin, cable, 9)
    stock(store, cable, 1)
    sent = ship(origin, store, cable, 4, "t1")
    arrived = ship(origin, store, cable, 2, "t2")
    transfer_receipts.receive(transfer_id=arrived.pk, lines=[Counted(cable.sku, 2)], source_key="r", actor="staff:7")
    announce(store, cable, 3, "LS-2")
    partly = announce(store, cable, 10, "LS-1", FRIDAY)
    receiving.receive(notice_id=partly.pk, lines=[Counted(cable.sku, 3, damaged=1)], source_key="r2", actor="staff:7")
    receiving.cancel(notice_id=announce(store, cable, 5, "LS-3").pk, actor="staff:7")
    announce(origin, cable, 7, "LS-4")

    with django_assert_num_queries(5):
        found = explained.explain(cable.sku, [store.pk, origin.pk])

    assert found[store.pk].incoming == (
        Incoming("IN_TRANSIT", 4, sent.number, "Uptown"),
        Incoming("ANNOUNCED", 6, "LS-1", "Acme", FRIDAY),
        Incoming("ANNOUNCED", 3, "LS-2", "Acme"),
    )
    assert found[origin.pk].incoming == (Incoming("ANNOUNCED", 7, "LS-4", "Acme"),)
    assert found[store.pk].available == available(store, cable) == 1 + 2 + 3


def test_what_came_too_much_or_was_written_off_is_not_on_its_way(store, cable):
    origin = make_store()
    stock(origin, cable, 5)
    notice = announce(store, cable, 2, "LS-1")
    receiving.receive(
        notice_id=notice.pk, lines=[Counted(cable.sku, 3)], source_key="r", actor="staff:7", authorised_by="staff:1"
    )
    sent = ship(origin, store, cable, 5, "t1")
    transfer_receipts.receive(transfer_id=sent.pk, lines=[Counted(cable.sku, 3)], source_key="r2", actor="staff:7")
    (short,) = transfer_receipts.finish(transfer_id=sent.pk, actor="staff:7")

    def coming():
        return [(line.kind, line.quantity) for line in explained.explain(cable.sku, [store.pk])[store.pk].incoming]

    assert coming() == [("IN_TRANSIT", 2)]
    transfer_receipts.settle(difference_id=short.pk, settlement="LOST", actor="staff:1")
    assert coming() == []
