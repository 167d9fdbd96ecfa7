"""A process that dies between any two steps of placing an order: nothing is lost, nothing happens twice."""

from decimal import Decimal

import pytest

from kernel import sagas
from kernel.models import OutboxMessage, Saga
from kernel.sagas import Definition, Step
from plugins.carts import completion
from plugins.carts.models import Cart, Order
from plugins.payments.models import FakeCardCharge, Payment
from tests.carts.shop import refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls"), pytest.mark.fault]

STEPS = [step.name for step in completion.DEFINITION.steps]


class Killed(BaseException):
    """The process is gone: no handler sees it."""


@pytest.fixture
def dying(monkeypatch):
    """Make a process die once in a step, before its work or after it but before its result is written."""

    def die_in(name, *, after, phase="do"):
        waiting = [True]

        def dies(work):
            def run(ctx):
                if waiting and not after:
                    waiting.pop()
                    raise Killed
                result = work(ctx)
                if waiting:
                    waiting.pop()
                    raise Killed
                return result

            return run

        def rebuilt(step):
            if step.name != name:
                return step
            do, undo = (dies(step.do), step.undo) if phase == "do" else (step.do, dies(step.undo))
            return Step(step.name, do, undo, atomic=step.atomic)

        steps = tuple(rebuilt(step) for step in completion.DEFINITION.steps)
        monkeypatch.setitem(sagas._definitions, completion.KIND, Definition(completion.KIND, steps))

    return die_in


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("by", ["customer", "sweep"])
def test_a_killed_completion_is_finished_once(shop, dying, step, after, by):
    cart = shop.ready_cart(("PHONE", 2), slot=2)
    dying(step, after=after)
    with pytest.raises(Killed):
        shop.complete(cart)

    shop.at.advance(seconds=61)
    if by == "customer":
        shop.complete(cart)
    else:
        sagas.resume_due()

    order = Order.objects.get()
    assert order.total == Decimal("1080.34")
    assert Cart.objects.get(pk=cart.pk).state == "COMPLETED"
    assert [recorded.status for recorded in shop.core.orders.values()] == ["UNFULFILLED"]
    assert shop.core.orders[order.core_id].transactions[0].authorized == order.total
    assert [charge.state for charge in FakeCardCharge.objects.all()] == ["AUTHORISED"]
    assert shop.available("PHONE") == 1
    assert OutboxMessage.objects.filter(topic="order.placed").count() == 1
    assert shop.complete(cart).order == order


@pytest.mark.parametrize("step", ["claim", "reserve", "authorise", "core_payment", "core_complete"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_killed_compensation_is_finished(shop, dying, step, after):
    cart = shop.ready_cart(("PHONE", 2), slot=2)
    dying(step, after=after, phase="undo")
    # The confirmation refuses: the stock ran out while the core was away, and another cart took it.
    shop.core.fail("complete_checkout", after=True)
    refused(shop.complete, cart)
    shop.at.advance(minutes=20)
    shop.collect(shop.cart(("PHONE", 2)))
    with pytest.raises(Killed):
        shop.complete(cart)

    shop.at.advance(seconds=61)
    sagas.resume_due()

    assert Saga.objects.get().state == "FAILED"
    assert Cart.objects.get(pk=cart.pk).state == "OPEN"
    assert [recorded.status for recorded in shop.core.orders.values()] == ["CANCELED"]
    assert [charge.state for charge in FakeCardCharge.objects.all()] == ["VOIDED"]
    assert Order.objects.count() == 0
    assert Payment.objects.get().state == "VOIDED"
