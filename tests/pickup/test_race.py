"""Real threads on the real database: goods are handed over once, to one customer."""

import os

import pytest

from inventory import proof
from inventory.models import Movement
from kernel.errors import ApiError
from plugins.carts import cancellation
from plugins.carts.models import Order
from plugins.pickup.models import Pickup
from tests.counter import GUEST
from tests.kernel.threads import Running
from tests.pickup.steps import accept, hand_over, make_ready, ready, scan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
ROUNDS = 50 if os.environ.get("SOAK") else 2


def together(calls):
    """Run all calls at once; returns what each returned, or the code of its refusal."""

    def guarded(call):
        try:
            return call()
        except ApiError as refusal:
            return refusal.code

    return [worker.result() for worker in [Running(lambda call=call: guarded(call)) for call in calls]]


def test_two_clerks_hand_the_same_order_over_in_the_same_second(counter):
    for done in range(1, ROUNDS + 1):
        pickup = make_ready(counter, ("CASE", 1))
        clerks = [counter.staff("clerk", "R1"), counter.staff("manager", "R2")]

        outcomes = together([lambda who=who, pickup=pickup: hand_over(counter, pickup, caller=who) for who in clerks])

        assert sorted(isinstance(outcome, Pickup) for outcome in outcomes) == [False, True]
        assert "WRONG_STATE" in outcomes
        assert Movement.objects.filter(kind="SALE").count() == done
    assert proof.differences() == []


def test_the_last_piece_of_a_pickup_is_picked_once(counter):
    pickup = counter.pickup()
    accept(counter, pickup)

    outcomes = together([lambda code=code: scan(counter, pickup, code) for code in counter.serials])

    assert sorted(isinstance(outcome, Pickup) for outcome in outcomes) == [False, False, True]
    assert outcomes.count("ALREADY_PICKED") == 2
    assert pickup.lines.get().picked == 1


def test_a_cancellation_and_a_hand_over_never_both_happen(counter):
    for _round in range(ROUNDS):
        pickup = make_ready(counter, ("CASE", 1))

        together(
            [
                lambda pickup=pickup: hand_over(counter, pickup),
                lambda pickup=pickup: cancellation.cancel_order(caller=counter.staff(), order_id=pickup.order_id),
            ]
        )

        ends = Pickup.objects.get(pk=pickup.pk).state, Order.objects.get(pk=pickup.order_id).status
        assert ends in {("HANDED_OVER", "FULFILLED"), ("CANCELLED", "CANCELLED")}
    assert proof.differences() == []


def test_readiness_and_the_customers_cancellation_end_in_one_truth(counter):
    pickup = counter.pickup(("CASE", 1))
    accept(counter, pickup)
    scan(counter, pickup, "CASE")

    together(
        [
            lambda: ready(counter, pickup),
            lambda: cancellation.cancel_order(caller=GUEST, order_id=pickup.order_id),
        ]
    )

    ends = Pickup.objects.get(pk=pickup.pk).state, Order.objects.get(pk=pickup.order_id).status
    assert ends in {("READY", "IN_PROGRESS"), ("CANCELLED", "CANCELLED")}
