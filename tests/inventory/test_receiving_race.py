"""Real threads on the real database: one delivery, one piece, one transfer, wanted by several at once."""

import os
import uuid

import pytest

from inventory import errors, proof
from inventory.models import Balance, Receipt, ShippingNotice, Unit
from inventory.services import Counted, receiving, transfer_receipts, transfers
from kernel.errors import ApiError
from tests.kernel.threads import Running

from .goods import imei, make_item, make_store, stock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROUNDS = 100 if os.environ.get("SOAK") else 4
CLIENTS = 5


def outcomes(calls):
    """What each call answered: its result's class, or the code of its refusal."""

    def attempt(call):
        try:
            return type(call()).__name__
        except ApiError as refused:
            return refused.code

    workers = [Running(lambda call=call: attempt(call)) for call in calls]
    return sorted(worker.result() for worker in workers)


def test_two_clerks_the_same_imei_the_same_second():
    """One delivery, each clerk with an act of their own: one books it, the others are told that it is here."""
    store, phone = make_store(), make_item("IMEI")
    for number in range(ROUNDS):
        serial = imei()
        notice = receiving.announce(
            supplier="Acme", number=str(number), store_id=store.pk, lines=[(phone.sku, 3, [])], actor="x"
        )

        def receive(notice=notice, serial=serial):
            return receiving.receive(
                notice_id=notice.pk, lines=[Counted(phone.sku, 1, [serial])], source_key=str(uuid.uuid4()), actor="x"
            )

        assert outcomes([receive] * CLIENTS) == ["Receipt"] + [errors.SERIAL_IN_STOCK] * (CLIENTS - 1)
        assert Unit.objects.get(identifier=serial).state == "IN_STOCK"
    assert Balance.objects.get(item=phone).on_hand == ROUNDS
    assert proof.differences() == []


def test_a_delivery_note_told_by_many_at_once_is_booked_once():
    store, cable = make_store(), make_item()
    for number in range(ROUNDS):

        def receive(number=number):
            return receiving.receive_unannounced(
                supplier="Acme",
                number=f"D-{number}",
                store_id=store.pk,
                lines=[Counted(cable.sku, 2)],
                source_key=str(uuid.uuid4()),
                actor="x",
            )

        found = outcomes([receive] * CLIENTS)
        assert found.count("ShippingNotice") == 1
        assert set(found) <= {"ShippingNotice", "TRY_AGAIN", errors.DELIVERY_NOTE_KNOWN}
    assert Balance.objects.get(item=cable).on_hand == 2 * ROUNDS
    assert (ShippingNotice.objects.count(), Receipt.objects.count()) == (ROUNDS, ROUNDS)


def test_stores_that_send_to_each_other_do_not_wait_for_each_other_for_ever():
    """Shipping and receiving in both directions at once: all is done, nothing is lost."""
    one, two = make_store(), make_store()
    cable = make_item()
    for store in (one, two):
        stock(store, cable, 10 * ROUNDS)

    def shipped(origin, target):
        sent = transfers.request(
            origin_id=origin.pk,
            target_id=target.pk,
            lines=[(cable.sku, 2)],
            source_key=str(uuid.uuid4()),
            actor="x",
            pushed=True,
        )
        transfers.start_picking(transfer_id=sent.pk, actor="x")
        return transfers.ship(transfer_id=sent.pk, lines=[(cable.sku, 2, ())], actor="x")

    def receive(sent):
        return transfer_receipts.receive(
            transfer_id=sent.pk, lines=[Counted(cable.sku, 3)], source_key=str(uuid.uuid4()), actor="x"
        )

    for _round in range(ROUNDS):
        on_the_way = [shipped(one, two), shipped(two, one)]
        calls = [lambda sent=sent: receive(sent) for sent in on_the_way]
        calls += [lambda: shipped(one, two), lambda: shipped(two, one)]
        assert outcomes(calls) == ["Receipt", "Receipt", "Transfer", "Transfer"]
    assert proof.differences() == []
    assert sum(Balance.objects.values_list("on_hand", flat=True)) == 20 * ROUNDS - 4 * ROUNDS
