"""From the order to the hand-over, and what each step refuses."""

import datetime as dt
from dataclasses import replace

import pytest

from inventory.models import Movement, Reservation, Unit
from kernel import outbox
from kernel.errors import PERMISSION_DENIED, REQUIRED, TOO_MANY_ATTEMPTS, UNAUTHENTICATED
from kernel.models import AuditEntry
from plugins.carts import cancellation, orders
from plugins.carts.models import Order
from plugins.catalogue.models import Variant
from plugins.payments.models import Payment
from plugins.pickup import errors, selectors, services
from plugins.pickup.models import Pickup
from tests.counter import ADA, GUEST, refused
from tests.pickup.steps import accept, hand_over, make_ready, ready, reject, scan

pytestmark = pytest.mark.django_db


def state_of(pickup) -> str:
    return Pickup.objects.get(pk=pickup.pk).state


def test_from_the_order_to_the_customers_hands(counter):
    pickup = counter.pickup(("PHONE", 1), ("CASE", 2))
    serial = counter.serials[1]
    assert (pickup.state, pickup.ready_by) == ("PLACED", pickup.delivery.slot_start)
    assert (counter.available("PHONE"), counter.on_hand("PHONE")) == (2, 3)

    assert accept(counter, pickup).state == "ACCEPTED"
    assert scan(counter, pickup, serial).state == "PICKING"
    scan(counter, pickup, "CASE")
    picked = scan(counter, pickup, "case")
    assert [(row.sku, row.picked, row.serials) for row in picked.lines.all()] == [
        ("PHONE", 1, [serial]), ("CASE", 2, []),
    ]  # fmt: skip
    assert ready(counter, pickup).pickup_by is not None
    done = hand_over(counter, pickup, collected_by=" Ada Lovelace ")

    assert (done.state, done.collected_by, done.handed_over_by) == (
        "HANDED_OVER", "Ada Lovelace", counter.staff().scope,
    )  # fmt: skip
    assert (counter.on_hand("PHONE"), counter.available("PHONE"), counter.on_hand("CASE")) == (2, 2, 8)
    assert Unit.objects.get(identifier=serial).state == "SOLD"
    assert Reservation.objects.get().state == "ISSUED"
    order = Order.objects.get(pk=pickup.order_id)
    assert (order.status, order.lines.get(sku="PHONE").serials) == ("FULFILLED", [serial])
    assert [event.code for event in order.events.all()] == [
        "PLACED", "PAYMENT_AUTHORISED", "PICKUP_READY", "FULFILLED",
    ]  # fmt: skip


def test_after_the_hand_over_the_card_is_charged_and_the_core_fulfils(counter):
    pickup = make_ready(counter)
    hand_over(counter, pickup)
    assert Reservation.objects.get().core_pending

    outbox.deliver_due()

    recorded = counter.core.orders[pickup.order.core_id]
    assert [(row.quantity_fulfilled, recorded.status) for row in recorded.lines] == [(1, "FULFILLED")]
    assert Payment.objects.get().state == "CAPTURED"
    assert not Reservation.objects.get().core_pending


@pytest.mark.parametrize("method", ["CARD", "PAY_IN_STORE"])
def test_a_core_that_wants_the_payment_first_is_told_of_it_first(counter, method):
    counter.core.takes_payment_first = True
    pickup = make_ready(counter, ("CASE", 1), method=method)
    if method == "PAY_IN_STORE":
        orders.record_store_payment(
            order_id=pickup.order_id, amount=pickup.order.total, method="CASH", reference="sale-1", actor="clerk"
        )
    hand_over(counter, pickup)

    outbox.deliver_due()

    recorded = counter.core.orders[pickup.order.core_id]
    assert (recorded.status, len(recorded.transactions)) == ("FULFILLED", 1)
    assert recorded.transactions[0].charged == pickup.order.total
    assert not Reservation.objects.get().core_pending
    assert not AuditEntry.objects.filter(action="pickup.core_fulfilment_refused").exists()


def test_a_core_that_does_not_answer_is_told_again(counter):
    pickup = make_ready(counter)
    hand_over(counter, pickup)
    counter.core.fail("fulfil_order", times=2, after=True)

    for _n in range(4):
        outbox.deliver_due()
        counter.clock.advance(hours=1)

    assert counter.core.orders[pickup.order.core_id].status == "FULFILLED"
    assert not Reservation.objects.get().core_pending


def test_accepting_and_readiness_told_twice_are_the_same_as_once(counter):
    pickup = counter.pickup(("CASE", 1))
    accept(counter, pickup)
    accept(counter, pickup)
    scan(counter, pickup, "CASE")
    accept(counter, pickup)
    first = ready(counter, pickup)
    counter.clock.advance(hours=1)

    assert ready(counter, pickup).pickup_by == first.pickup_by
    assert AuditEntry.objects.filter(action="pickup.accepted").count() == 1
    assert AuditEntry.objects.filter(action="pickup.ready").count() == 1


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (lambda counter: GUEST, UNAUTHENTICATED),
        (lambda counter: ADA, PERMISSION_DENIED),
        (lambda counter: counter.staff("manager", "R9"), PERMISSION_DENIED),
        (lambda counter: replace(counter.staff(), permissions=frozenset({"pos.sell"})), PERMISSION_DENIED),
    ],
    ids=["guest", "shopper", "another store", "without the permission"],
)
def test_only_the_stores_staff_takes_a_step(counter, caller, code):
    pickup = make_ready(counter)
    who, before = caller(counter), AuditEntry.objects.count()

    for step in (accept, ready, reject, hand_over):
        assert refused(step, counter, pickup, caller=who).code == code
    assert refused(scan, counter, pickup, "PHONE", caller=who).code == code
    assert refused(selectors.queue, caller=who, store_id=counter.store.pk).code == code

    assert (state_of(pickup), AuditEntry.objects.count()) == ("READY", before)
    assert counter.on_hand("PHONE") == 3


@pytest.mark.parametrize("role", ["clerk", "manager"])
def test_clerks_and_managers_both_hand_over(counter, role):
    pickup = make_ready(counter)

    assert hand_over(counter, pickup, caller=counter.staff(role)).state == "HANDED_OVER"


@pytest.mark.parametrize("pickup_id", ["", "7", "7a8152e9-288a-4ae0-82fa-f2518e0fd9b8", "x\0"])
def test_a_pickup_that_does_not_exist(counter, pickup_id):
    assert refused(services.accept, caller=counter.staff(), pickup_id=pickup_id).code == errors.PICKUP_NOT_FOUND


@pytest.mark.parametrize(
    ("code", "serial", "refusal"),
    [
        ("NOTHING", None, errors.NOT_IN_PICKUP),
        ("PLAN", None, errors.NOT_IN_PICKUP),
        ("", None, REQUIRED),
        ("PHONE", None, "SERIAL_INVALID"),
        ("PHONE", "12345", "SERIAL_INVALID"),
        ("PHONE", "490154203237518", "SERIAL_UNKNOWN"),
    ],
)
def test_a_wrong_scan_picks_nothing(counter, code, serial, refusal):
    pickup = counter.pickup()
    accept(counter, pickup)

    assert refused(scan, counter, pickup, code, serial).code == refusal
    assert state_of(pickup) == "ACCEPTED"
    assert pickup.lines.get().picked == 0


def test_a_unit_is_picked_once_and_no_more_than_was_ordered(counter):
    pickup = counter.pickup(("PHONE", 2), ("CASE", 1))
    accept(counter, pickup)
    scan(counter, pickup, "PHONE", counter.serials[0])

    assert refused(scan, counter, pickup, counter.serials[0]).code == errors.ALREADY_PICKED
    scan(counter, pickup, counter.serials[1])
    assert refused(scan, counter, pickup, counter.serials[2]).code == errors.ALREADY_PICKED
    scan(counter, pickup, "CASE")
    assert refused(scan, counter, pickup, "CASE").code == errors.ALREADY_PICKED
    assert list(pickup.lines.values_list("picked", flat=True)) == [2, 1]


def test_a_unit_picked_for_one_customer_is_not_anothers(counter):
    first, second = counter.pickup(), counter.pickup()
    for pickup in (first, second):
        accept(counter, pickup)
    scan(counter, first, counter.serials[0])

    assert refused(scan, counter, second, counter.serials[0]).code == "SERIAL_NOT_IN_STOCK"


def test_an_article_that_is_no_longer_sold_is_still_picked(counter):
    pickup = counter.pickup(("CASE", 1))
    accept(counter, pickup)
    Variant.objects.filter(sku="CASE").update(is_active=False)

    assert scan(counter, pickup, "CASE").state == "PICKING"


def test_steps_out_of_order_are_refused(counter):
    pickup = counter.pickup(("CASE", 2))

    assert refused(scan, counter, pickup, "CASE").code == errors.WRONG_STATE
    assert refused(ready, counter, pickup).code == errors.WRONG_STATE
    assert refused(hand_over, counter, pickup).code == errors.WRONG_STATE
    accept(counter, pickup)
    assert refused(ready, counter, pickup).code == errors.NOT_ALL_PICKED
    scan(counter, pickup, "CASE")
    assert refused(ready, counter, pickup).code == errors.NOT_ALL_PICKED
    assert refused(hand_over, counter, pickup).code == errors.WRONG_STATE
    scan(counter, pickup, "CASE")
    ready(counter, pickup)
    for step in (accept, reject):
        assert refused(step, counter, pickup).code == errors.WRONG_STATE
    assert state_of(pickup) == "READY"


def test_nothing_is_handed_over_before_it_is_paid(counter):
    pickup = make_ready(counter, ("CASE", 1), method="PAY_IN_STORE")

    refusal = refused(hand_over, counter, pickup)

    assert refusal.code == errors.PAYMENT_DUE
    assert "21.64" in refusal.message
    assert (state_of(pickup), counter.on_hand("CASE")) == ("READY", 10)
    orders.record_store_payment(
        order_id=pickup.order_id, amount=pickup.order.total, method="CASH", reference="sale-1", actor="test"
    )
    assert hand_over(counter, pickup).state == "HANDED_OVER"


def test_whoever_collects_is_noted(counter):
    pickup = make_ready(counter)

    refusal = refused(hand_over, counter, pickup, collected_by="  ")

    assert (refusal.code, refusal.field) == (REQUIRED, "collectedBy")


def test_wrong_codes_lock_the_pickup_for_a_while(counter):
    pickup = make_ready(counter)
    for _n in range(services.WRONG_CODES_A_PICKUP):
        assert refused(hand_over, counter, pickup, code="00000000").code == errors.WRONG_CODE

    assert refused(hand_over, counter, pickup).code == TOO_MANY_ATTEMPTS
    assert AuditEntry.objects.filter(action="pickup.wrong_code").count() == services.WRONG_CODES_A_PICKUP
    assert (state_of(pickup), counter.on_hand("PHONE")) == ("READY", 3)
    counter.clock.advance(minutes=16)
    assert hand_over(counter, pickup).state == "HANDED_OVER"


def test_wrong_codes_lock_the_store_but_a_locked_pickup_alone_does_not(counter, monkeypatch):
    monkeypatch.setattr(services, "WRONG_CODES_A_STORE", services.WRONG_CODES_A_PICKUP + 1)
    first, second = make_ready(counter, ("CASE", 1)), make_ready(counter, ("CASE", 1))
    for _n in range(services.WRONG_CODES_A_PICKUP + 5):
        refused(hand_over, counter, first, code="00000000")

    assert refused(hand_over, counter, second, code="00000000").code == errors.WRONG_CODE
    assert refused(hand_over, counter, second).code == TOO_MANY_ATTEMPTS


def test_a_right_code_does_not_count(counter):
    pickup = make_ready(counter, ("CASE", 1), method="PAY_IN_STORE")

    for _n in range(services.WRONG_CODES_A_PICKUP + 1):
        assert refused(hand_over, counter, pickup).code == errors.PAYMENT_DUE


def test_a_hand_over_told_again_is_the_same_for_the_same_clerk_alone(counter):
    pickup = make_ready(counter)
    hand_over(counter, pickup)

    assert hand_over(counter, pickup).state == "HANDED_OVER"
    for values in ({"collected_by": "Bob"}, {"caller": counter.staff("manager")}):
        refusal = refused(hand_over, counter, pickup, **values)
        assert (refusal.code, "Ada Lovelace" in refusal.message) == (errors.WRONG_STATE, True)
    assert refused(hand_over, counter, pickup, code="00000000").code == errors.WRONG_CODE
    assert Movement.objects.filter(kind="SALE").count() == 1
    assert AuditEntry.objects.filter(action="pickup.handed_over").count() == 1


def test_rejecting_gives_everything_back(counter):
    pickup = counter.pickup()
    accept(counter, pickup)
    scan(counter, pickup, counter.serials[0])

    assert refused(reject, counter, pickup, "  ").code == REQUIRED
    rejected = reject(counter, pickup)

    assert (rejected.state, rejected.reason, rejected.order.status) == ("REJECTED", "broken box", "CANCELLED")
    assert selectors.amount_due(rejected) == 0
    assert counter.available("PHONE") == 3
    assert Unit.objects.get(identifier=counter.serials[0]).state == "IN_STOCK"
    outbox.deliver_due()
    assert Payment.objects.get().state == "VOIDED"
    assert counter.core.orders[pickup.order.core_id].status == "CANCELED"


def test_a_customer_may_cancel_until_it_is_ready_and_staff_even_then(counter):
    early, waiting = counter.pickup(("CASE", 1)), make_ready(counter, ("CASE", 1))

    cancellation.cancel_order(caller=GUEST, order_id=early.order_id)
    refusal = refused(cancellation.cancel_order, caller=GUEST, order_id=waiting.order_id)
    cancellation.cancel_order(caller=counter.staff(), order_id=waiting.order_id)

    assert refusal.code == "ORDER_NOT_CANCELLABLE"
    assert (state_of(early), state_of(waiting)) == ("CANCELLED", "CANCELLED")
    assert counter.available("CASE") == 10
    assert refused(hand_over, counter, waiting).code == errors.WRONG_STATE


def test_what_was_handed_over_cannot_be_cancelled(counter):
    pickup = make_ready(counter)
    hand_over(counter, pickup)

    refusal = refused(cancellation.cancel_order, caller=counter.staff(), order_id=pickup.order_id)

    assert refusal.code == "ORDER_NOT_CANCELLABLE"


def test_it_is_kept_for_five_days_to_the_end_of_the_stores_day(counter):
    pickup = make_ready(counter)

    local = pickup.pickup_by.astimezone(counter.store.zone())

    assert (local.date(), local.hour) == (dt.date(2026, 3, 7), 18)


def test_what_nobody_collects_expires_and_goes_back(counter):
    waiting, fresh = make_ready(counter), counter.pickup(("CASE", 1))
    counter.clock.advance(days=6)

    assert refused(hand_over, counter, waiting).code == errors.PICKUP_EXPIRED
    assert services.expire_due() == 1
    assert services.expire_due() == 0

    assert (state_of(waiting), state_of(fresh)) == ("EXPIRED", "PLACED")
    assert counter.available("PHONE") == 3
    assert Order.objects.get(pk=waiting.order_id).status == "CANCELLED"
    assert refused(hand_over, counter, waiting).code == errors.PICKUP_EXPIRED
    outbox.deliver_due()
    assert Payment.objects.get(reference=waiting.order_id).state == "VOIDED"


def test_one_that_cannot_expire_keeps_no_other(counter, monkeypatch):
    first, second = make_ready(counter, ("CASE", 1)), make_ready(counter, ("CASE", 1))
    Order.objects.filter(pk=first.order_id).update(status="FULFILLED")
    counter.clock.advance(days=6)

    assert services.expire_due() == 1
    assert (state_of(first), state_of(second)) == ("READY", "EXPIRED")


def test_no_code_is_shown_once_there_is_nothing_to_collect(counter):
    pickup = make_ready(counter)
    assert selectors.hand_over_code(pickup) == selectors.code_of(pickup)

    assert selectors.hand_over_code(hand_over(counter, pickup)) is None
