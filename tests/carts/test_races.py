"""Many at once: the last piece and the last place in a slot are sold once; one cart becomes one order."""

import threading
from collections import Counter

import pytest
from django.db import connections

from kernel.errors import ApiError
from plugins.carts import completion, services
from plugins.carts.models import CartDelivery, Order
from plugins.carts.services import DeliveryChoice
from plugins.payments.models import FakeCardCharge
from tests.carts.shop import CARD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def at_once(calls):
    """Run the calls in threads that start together; returns what each ended in."""
    start, outcomes = threading.Barrier(len(calls)), []

    def run(call):
        try:
            start.wait(60)
            outcomes.append(call())
        except ApiError as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == len(calls)
    return outcomes


def test_the_last_piece_is_kept_for_one(shop):
    store = shop.stores[1]
    carts = [shop.cart(("PHONE", 1)) for _n in range(6)]
    choice = DeliveryChoice(pickup_store_id=store.pk)

    outcomes = at_once(
        [lambda c=c: services.update_delivery(caller=shop.caller, cart_id=c.pk, choice=choice).pk for c in carts]
    )

    assert Counter(outcomes)["INSUFFICIENT_STOCK"] == 5
    assert shop.available("PHONE", 1) == 0


def test_the_last_place_in_a_slot_is_kept_for_one(shop):
    shop.ready_cart(("CASE", 1))
    carts = [shop.cart(("CASE", 1)) for _n in range(5)]
    first = shop.slots()[0]

    outcomes = at_once([lambda c=c: shop.collect(c).pk for c in carts])

    assert Counter(outcomes)["SLOT_FULL"] + Counter(outcomes)["SLOT_NOT_AVAILABLE"] == 4
    assert CartDelivery.objects.filter(slot_start=first.start).count() == 2


def test_one_cart_completed_by_many_is_one_order(shop):
    cart = shop.ready_cart(("PHONE", 1))

    outcomes = at_once(
        [
            lambda: completion.complete_cart(caller=shop.caller, cart_id=cart.pk, choices=[CARD]).order.pk
            for _n in range(5)
        ]
    )

    assert Order.objects.count() == len(shop.core.orders) == FakeCardCharge.objects.count() == 1
    assert set(outcomes) <= {Order.objects.get().pk, "IN_PROGRESS"}
    assert Order.objects.get().pk in outcomes


def test_lines_and_completion_at_once_agree(shop):
    cart = shop.ready_cart(("CASE", 1))

    outcomes = at_once(
        [
            lambda: completion.complete_cart(caller=shop.caller, cart_id=cart.pk, choices=[CARD]).order.total,
            lambda: services.add_lines(caller=shop.caller, cart_id=cart.pk, lines=[("CASE", 1)]).pk,
        ]
    )

    order = Order.objects.get()
    assert sum(line.quantity for line in order.lines.all()) == (2 if cart.pk in outcomes else 1)
    assert order.total == shop.core.orders[order.core_id].total.gross
