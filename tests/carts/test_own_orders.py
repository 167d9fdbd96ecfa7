"""Which of the core's orders are ours: by the number in their metadata, which others can write too."""

import pytest

from commerce.records import CoreOrderStock
from kernel.models import Saga, SagaState, SagaStep
from plugins.carts.own_orders import made_here
from tests.carts.shop import IN_STORE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]


def told(id, **metadata):
    """An order as the core tells of it."""
    return CoreOrderStock(id, "17", "UNFULFILLED", None, "us", metadata, {}, ())


@pytest.fixture
def order(shop):
    return shop.complete(shop.ready_cart(("PHONE", 1)), IN_STORE).order


def test_an_order_of_ours_is_ours(order):
    assert made_here(told(order.core_id, **{"suite.number": order.number}))


@pytest.mark.parametrize("metadata", [{}, {"suite.number": ""}, {"suite.number": "invented"}])
def test_without_a_number_of_ours_it_is_another_clients(order, metadata):
    assert not made_here(told("another", **metadata))


def test_our_number_written_by_hand_on_another_order_makes_it_not_ours(order):
    assert not made_here(told("another", **{"suite.number": order.number}))


@pytest.mark.parametrize(
    ("state", "ours"),
    [(SagaState.RUNNING, True), (SagaState.STUCK, True), (SagaState.COMPENSATING, True), (SagaState.DONE, False)],
)
def test_one_that_is_being_placed_is_ours(db, state, ours):
    saga = Saga.objects.create(kind="cart.complete", key="1", state=state, data={})
    SagaStep.objects.create(saga=saga, position=1, name="number", result={"number": "N-1"})
    assert made_here(told("new", **{"suite.number": "N-1"})) is ours
