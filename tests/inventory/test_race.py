"""Real threads on the real database: the last pieces are sold once, and nobody waits for another for ever."""

import datetime as dt
import os
import uuid

import pytest
from django.db import transaction

from inventory import errors, proof, services
from inventory.models import Balance, Movement, Reservation, Unit
from kernel import clock as time
from kernel import outbox
from kernel.errors import IDEMPOTENCY_MISMATCH, TRY_AGAIN, ApiError
from tests.kernel.threads import Running, wait_until_blocked

from .goods import imei, make_item, make_store, stock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

CLIENTS = 8
ROUNDS = 100 if os.environ.get("SOAK") else 3


def together(calls):
    """Run all calls at once; returns what each returned, or the code of its refusal."""

    def guarded(call):
        try:
            return call()
        except ApiError as refusal:
            return refusal.code

    return [worker.result() for worker in [Running(lambda call=call: guarded(call)) for call in calls]]


def hold(store, *lines, key=None, replaces=None):
    return services.reserve(
        key=key or str(uuid.uuid4()),
        purpose="CART",
        owner="cart:1",
        store_id=store.pk,
        lines=[(item.sku, quantity) for item, quantity in lines],
        expires_at=time.now() + dt.timedelta(minutes=15),
        replaces=replaces,
    )


@pytest.mark.parametrize("left", [1, 3])
def test_the_last_pieces_are_reserved_exactly_once(left):
    for _round in range(ROUNDS):
        store, item = make_store(), make_item()
        stock(store, item, left)
        outcomes = together([lambda store=store, item=item: hold(store, (item, 1))] * CLIENTS)
        assert sum(isinstance(outcome, Reservation) for outcome in outcomes) == left
        assert outcomes.count(errors.INSUFFICIENT_STOCK) == CLIENTS - left
    assert proof.differences() == []


def test_the_last_pieces_are_sold_exactly_once():
    for _round in range(ROUNDS):
        store, item = make_store(), make_item("IMEI")
        serials = stock(store, item, 3)

        def sale(serial, store=store, item=item):
            return services.sell(
                store_id=store.pk, lines=[(item.sku, 1, [serial])], source_key=str(uuid.uuid4()), actor="clerk"
            )

        outcomes = together([lambda serial=serial: sale(serial) for serial in serials * 3])
        assert sum(isinstance(outcome, services.SaleOutcome) for outcome in outcomes) == 3
        refused = {outcome for outcome in outcomes if isinstance(outcome, str)}
        assert refused <= {errors.INSUFFICIENT_STOCK, errors.SERIAL_NOT_IN_STOCK}
    assert proof.differences() == []


def test_several_articles_in_any_order_do_not_lock_each_other_out():
    store, a, b = make_store(), make_item(), make_item()
    stock(store, a, 50)
    stock(store, b, 50)
    outcomes = together([lambda: hold(store, (a, 1), (b, 1)), lambda: hold(store, (b, 1), (a, 1))] * (CLIENTS // 2))
    assert all(isinstance(outcome, Reservation) for outcome in outcomes)
    assert proof.differences() == []


def test_one_document_booked_by_many_at_once_is_one_movement():
    for _round in range(ROUNDS):
        store, item = make_store(), make_item()
        stock(store, item, 5)
        key = f"sale-{uuid.uuid4()}"
        outcomes = together(
            [
                lambda key=key, store=store, item=item: services.sell(
                    store_id=store.pk, lines=[(item.sku, 1, [])], source_key=key, actor="clerk"
                )
            ]
            * CLIENTS
        )
        assert len({outcome.movements[0].pk for outcome in outcomes}) == 1
        assert Movement.objects.filter(store=store, kind="SALE").count() == 1
    assert proof.differences() == []


def sold_once(store, item, key):
    return services.sell(store_id=store.pk, lines=[(item.sku, 1, [])], source_key=key, actor="clerk")


def test_who_repeats_while_the_first_has_not_committed_is_answered_with_what_it_booked():
    # Given a sale whose client died after it had asked for the commit, which the server has not done yet
    store, item = make_store(), make_item()
    stock(store, item, 5)
    with transaction.atomic():
        first = sold_once(store, item, "sale:1")
        # When its client, started again, repeats it
        repeat = Running(lambda: sold_once(store, item, "sale:1"))
        wait_until_blocked()
    # Then it is told of the sale that there is
    assert [row.pk for row in repeat.result().movements] == [row.pk for row in first.movements]
    assert Balance.objects.get().on_hand == 4
    assert proof.differences() == []


def test_a_key_that_is_being_used_elsewhere_is_refused_and_told_why_when_tried_again():
    # Given a sale that has not committed, and the same key of another store, whose balance nobody has locked
    item, here, there = make_item(), make_store(), make_store()
    stock(here, item, 5)
    stock(there, item, 5)
    with transaction.atomic():
        sold_once(here, item, "sale:1")
        other = Running(lambda: sold_once(there, item, "sale:1"))
        wait_until_blocked()
    # Then it hears to try again, and hears then that the key was used
    with pytest.raises(ApiError) as refused:
        other.result()
    assert refused.value.code == TRY_AGAIN
    with pytest.raises(ApiError) as refused:
        sold_once(there, item, "sale:1")
    assert refused.value.code == IDEMPOTENCY_MISMATCH
    assert Movement.objects.filter(kind="SALE").count() == 1
    assert proof.differences() == []


def test_one_key_reserved_by_many_at_once_is_one_reservation():
    store, item = make_store(), make_item()
    stock(store, item, 5)
    outcomes = together([lambda: hold(store, (item, 2), key="cart")] * CLIENTS)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert Balance.objects.get().reserved == 2
    assert proof.differences() == []


def test_release_confirm_and_expiry_at_once_free_once():
    for _round in range(ROUNDS):
        store, item = make_store(), make_item()
        stock(store, item, 1)
        held = hold(store, (item, 1))
        calls = [
            lambda held=held: services.release(reservation_id=held.pk, reason="cancelled"),
            lambda held=held: services.confirm(reservation_id=held.pk),
            lambda held=held: services.release(reservation_id=held.pk, reason="again"),
            lambda held=held: services.issue(
                reservation_id=held.pk, serials={}, source_key=str(held.pk), actor="clerk"
            ),
            services.expire_due,
        ]
        together(calls)
        held.refresh_from_db()
        balance = Balance.objects.get(store=store)
        assert balance.reserved == 0
        assert balance.on_hand == (0 if held.state == Reservation.State.ISSUED else 1)
    assert proof.differences() == []


def test_the_same_imei_in_the_same_second_at_two_stores():
    for _round in range(ROUNDS):
        stores, item, serial = [make_store(), make_store()], make_item("IMEI"), imei()
        outcomes = together(
            [
                lambda store=store, item=item, serial=serial: services.receive(
                    store_id=store.pk,
                    sku=item.sku,
                    quantity=1,
                    serials=[serial],
                    source_key=str(uuid.uuid4()),
                    actor="clerk",
                )
                for store in stores
            ]
        )
        assert sum(isinstance(outcome, Movement) for outcome in outcomes) == 1
        assert {outcome for outcome in outcomes if isinstance(outcome, str)} <= {TRY_AGAIN, errors.SERIAL_IN_STOCK}
        assert Unit.objects.filter(identifier=serial).count() == 1
    assert proof.differences() == []


def test_holds_that_replace_each_other_crosswise_do_not_lock_each_other_out():
    store, item = make_store(), make_item()
    stock(store, item, 2)
    hold(store, (item, 1), key="a")
    hold(store, (item, 1), key="b")
    together(
        [
            lambda: hold(store, (item, 1), key="a", replaces="b"),
            lambda: hold(store, (item, 1), key="b", replaces="a"),
        ]
        * 3
    )
    assert proof.differences() == []
    assert Balance.objects.get().reserved == Reservation.objects.filter(state="HELD").count()


def room_of(store, kind, *, sellable):
    return services.upsert_room(store_id=store.pk, code=kind, kind=kind, sellable=sellable)


def carry(store, item, origin, goal):
    return services.move_goods(
        store_id=store.pk,
        lines=[(item.sku, 1, [])],
        from_room_id=origin.pk,
        to_room_id=goal.pk,
        source_key=str(uuid.uuid4()),
        actor="clerk",
    )


def test_the_last_pieces_are_promised_or_put_away_but_not_both():
    for _round in range(ROUNDS):
        store, item = make_store(), make_item()
        stock(store, item, 3)
        floor, display = store.rooms.get(), room_of(store, "DISPLAY", sellable=False)
        outcomes = together(
            [
                lambda store=store, item=item: hold(store, (item, 1)),
                lambda store=store, item=item, floor=floor, display=display: carry(store, item, floor, display),
            ]
            * (CLIENTS // 2)
        )
        assert outcomes.count(errors.INSUFFICIENT_STOCK) == CLIENTS - 3
        balance = Balance.objects.get(store=store)
        assert (balance.unsellable + balance.reserved, balance.on_hand) == (3, 3)
    assert proof.differences() == []


def test_a_room_changes_while_goods_move_and_are_sold():
    for _round in range(ROUNDS):
        store, item = make_store(), make_item()
        stock(store, item, 20)
        floor, back = store.rooms.get(), room_of(store, "BACK", sellable=True)
        carry(store, item, floor, back)

        def sale(store=store, item=item):
            services.sell(store_id=store.pk, lines=[(item.sku, 1, [])], source_key=str(uuid.uuid4()), actor="clerk")

        together(
            [
                lambda store=store: room_of(store, "BACK", sellable=False),
                lambda store=store, item=item, floor=floor, back=back: carry(store, item, floor, back),
                sale,
                lambda store=store: room_of(store, "BACK", sellable=True),
                lambda store=store, item=item, floor=floor, back=back: carry(store, item, back, floor),
                sale,
            ]
        )
        assert Balance.objects.get(store=store).on_hand == 18
        assert proof.differences() == []


def test_a_rule_that_comes_while_others_reserve_and_receive_is_kept():
    for _round in range(ROUNDS):
        stores, item = [make_store() for _ in range(4)], make_item()
        stock(stores[0], item, 5)
        rule = [lambda item=item: services.set_safety_rule(sku=item.sku, quantity=3)]
        receipts = [lambda store=store, item=item: stock(store, item, 5) for store in stores[1:]]
        holds = [lambda stores=stores, item=item: hold(stores[0], (item, 1))] * 4
        together(rule + receipts + holds)
        outbox.deliver_due()
        assert set(Balance.objects.filter(item=item).values_list("safety", flat=True)) == {3}
    assert proof.differences() == []


def test_both_numbers_of_a_phone_are_sold_once():
    for _round in range(ROUNDS):
        store, item, first, second = make_store(), make_item("IMEI"), imei(), imei()
        services.receive(
            store_id=store.pk,
            sku=item.sku,
            quantity=1,
            serials=[first],
            further={first: [("IMEI2", second)]},
            source_key=str(uuid.uuid4()),
            actor="clerk",
        )
        stock(store, item, 2)
        outcomes = together(
            [
                lambda store=store, item=item, number=number: services.sell(
                    store_id=store.pk, lines=[(item.sku, 1, [number])], source_key=str(uuid.uuid4()), actor="clerk"
                )
                for number in (first, second) * 3
            ]
        )
        assert sum(isinstance(outcome, services.SaleOutcome) for outcome in outcomes) == 1
        assert outcomes.count(errors.SERIAL_NOT_IN_STOCK) == 5
    assert proof.differences() == []
