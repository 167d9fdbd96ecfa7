"""The last piece on a real Saleor, which by itself sells it twice: many buy it through the suite at the same moment."""

import datetime as dt
from collections import Counter

import pytest

from inventory import services as inventory
from inventory.services import OpeningRow
from kernel import clock
from plugins.carts import errors
from plugins.carts.models import Order
from plugins.catalogue import services as catalogue
from plugins.payments.models import FakeCardCharge
from tests.carts.shop import CARD
from tests.carts.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls"), pytest.mark.race]

BUYERS = 6
A_GUESTS_TIME = dt.timedelta(minutes=31)


def test_the_last_piece_is_sold_once(suite, saleor):
    sku, variant, store = saleor.skus["phone-128"], saleor.variants["phone-128"], suite.stores[0]
    catalogue.sync_product(saleor.products["phone"])
    inventory.receive_opening([OpeningRow(store.pk, sku, 1)])
    suite.core.push_stock([(variant, store.core_warehouse_id, 1)])
    with clock.use_clock(clock.FrozenClock(dt.datetime.now(dt.UTC))) as at:
        suite.at = at
        carts = [suite.cart((sku, 1)) for _buyer in range(BUYERS)]
        for number, cart in enumerate(carts):
            suite.collect(cart, slot=-1 - number)
            at.advance(seconds=A_GUESTS_TIME.seconds)  # the piece is not kept for this one any more

        outcomes = at_once([lambda cart=cart: suite.complete(cart, CARD).order.core_id for cart in carts])

    assert Counter(outcomes)[errors.INSUFFICIENT_STOCK] == BUYERS - 1
    order = Order.objects.get()
    assert order.core_id in outcomes
    assert suite.core.stock_of(variant)[store.core_warehouse_id] == (1, 1)
    assert suite.core.order(order.core_id).total.gross == order.total
    assert FakeCardCharge.objects.count() == 1  # nobody else was charged
