"""Any steps in any order: the states follow the table, the stock is promised or gone, never both."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inventory import proof
from inventory.models import Reservation
from kernel.clock import FrozenClock, use_clock
from kernel.errors import ApiError
from plugins.carts import cancellation
from plugins.carts.models import Order
from plugins.pickup import services
from plugins.pickup.models import Pickup
from plugins.pickup.states import OPEN, State, may
from tests.counter import GUEST, MONDAY
from tests.pickup import steps

pytestmark = pytest.mark.django_db

STEPS = {
    "accept": steps.accept,
    "scan case": lambda counter, pickup: steps.scan(counter, pickup, "CASE"),
    "scan phone": lambda counter, pickup: steps.scan(counter, pickup, counter.serials[0]),
    "ready": steps.ready,
    "reject": steps.reject,
    "hand over": steps.hand_over,
    "wrong code": lambda counter, pickup: steps.hand_over(counter, pickup, code="00000000"),
    "cancel": lambda counter, pickup: cancellation.cancel_order(caller=GUEST, order_id=pickup.order_id),
    "cancel by staff": lambda counter, pickup: cancellation.cancel_order(
        caller=counter.staff(), order_id=pickup.order_id
    ),
    "expire": lambda counter, pickup: services.expire_due(),
    "wait": lambda counter, pickup: counter.clock.advance(days=2),
}
HAPPY = ["accept", "scan case", "scan phone"]
# Steps that lead on are drawn more often, so that runs get somewhere.
DRAWN = st.lists(
    st.sampled_from([*STEPS, "accept", "scan case", "scan phone", "scan case", "scan phone", "ready", "hand over"]),
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=DRAWN)
@example(names=[*HAPPY, "ready", "wrong code", "hand over", "hand over", "cancel by staff", "expire"])
@example(names=[*HAPPY, "ready", "wait", "wait", "expire", "wait", "hand over", "expire", "expire", "hand over"])
@example(names=[*HAPPY, "ready", "cancel", "reject", "cancel by staff", "hand over"])
@example(names=[*HAPPY, "reject", "accept", "cancel"])
def test_any_steps_in_any_order(counter, names):
    # Each run begins on the same Monday and leaves nothing behind. No atomic block: counted attempts refuse one.
    counter.clock = FrozenClock(MONDAY)
    clean = transaction.savepoint()
    with use_clock(counter.clock):
        walk(counter, names)
    transaction.savepoint_rollback(clean)


def walk(counter, names) -> None:
    """Take the steps and check after each."""
    pickup = counter.pickup(("PHONE", 1), ("CASE", 1))
    for name in names:
        before = Pickup.objects.get(pk=pickup.pk)
        try:
            STEPS[name](counter, pickup)
        except ApiError:
            assert Pickup.objects.get(pk=pickup.pk).state == before.state
        check(counter, State(before.state), Pickup.objects.get(pk=pickup.pk))
    assert proof.differences() == []


def check(counter, before: State, pickup: Pickup) -> None:
    """What holds after every step."""
    state = State(pickup.state)
    assert state == before or may(before, state)
    order, kept = Order.objects.get(pk=pickup.order_id), Reservation.objects.get(pk=pickup.reservation_id)
    gone = state == State.HANDED_OVER
    promised = state in OPEN
    assert kept.state == ("CONFIRMED" if promised else "ISSUED" if gone else "RELEASED")
    assert counter.on_hand("PHONE") == (2 if gone else 3)
    assert counter.available("PHONE") == (2 if gone or promised else 3)
    assert (order.status == "CANCELLED") == (not promised and not gone)
    assert (order.status == "FULFILLED") == gone
