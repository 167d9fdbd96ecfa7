"""A real Saleor is stopped while a store sells, and started again: everything is told, once.

The hour is that of the suite's clock; Saleor is away for as long as a few sales take.
"""

import datetime as dt
import os
import shlex
import subprocess
from decimal import Decimal

import pytest

from commerce import breaker
from inventory import core_edits, projection, proof
from inventory.models import Balance, CoreDifference
from kernel import clock, outbox
from kernel.errors import CORE_UNAVAILABLE, TRY_AGAIN
from kernel.models import OutboxMessage
from plugins.pos.models import Sale
from tests.carts.shop import IN_STORE, refused
from tests.pos.sales import Till, line

STOP, START = os.environ.get("SALEOR_STOP", ""), os.environ.get("SALEOR_START", "")
HOUR, SALES = dt.timedelta(hours=1), 9

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.payments.urls"),
    pytest.mark.fault,
    pytest.mark.skipif(not (STOP and START), reason="SALEOR_STOP and SALEOR_START give no commands."),
]


def run(command: str) -> None:
    subprocess.run(shlex.split(command), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)


@pytest.fixture
def without_saleor():
    run(STOP)
    yield
    run(START)


def tell() -> None:
    while outbox.deliver_due() + projection.push_due():
        pass


def test_an_hour_without_the_core(suite, saleor, counter, monkeypatch, request):
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.0)
    sku, variant, store = saleor.skus["case"], saleor.variants["case"], suite.stores[0]
    with clock.use_clock(clock.FrozenClock(dt.datetime.now(dt.UTC) - HOUR)) as at:
        suite.at = at
        cart = suite.ready_cart((sku, 1), slot=3)
        tell()
        assert suite.core.stock_of(variant)[store.core_warehouse_id][0] == 10

        # When the core is away for an hour in which the store sells and a customer orders
        request.getfixturevalue("without_saleor")
        till = Till(counter)
        till.shift = till.open().shift
        for _number in range(SALES):
            sold = till.sell(line(sku, price="20.00", tax=Decimal("1.65")))
            assert (sold.errors, sold.exceptions) == ([], [])
            tell()
            at.advance(seconds=HOUR.seconds // SALES)
        assert refused(suite.complete, cart, IN_STORE).code in (TRY_AGAIN, CORE_UNAVAILABLE)
        assert Sale.objects.filter(order__core_id="").count() == SALES
        assert proof.differences() == []

        # And when it is back, it is told of each sale once, and of the stock as it is
        run(START)
        for _minute in range(30):
            at.advance(minutes=1)
            tell()
        assert not OutboxMessage.objects.filter(delivered_at=None).exists()
        assert projection.due_count() == 0
        for sale in Sale.objects.select_related("order"):
            recorded = suite.core.order_by_external_reference(str(sale.client_id))
            assert (recorded.id, recorded.status) == (sale.order.core_id, "FULFILLED")
            assert recorded.created == sale.occurred_at.replace(microsecond=recorded.created.microsecond)
            assert recorded.total.gross == sale.order.total
        left = Balance.objects.get(store=store, item_id=sku).on_hand
        assert left == 10 - SALES
        assert suite.core.stock_of(variant)[store.core_warehouse_id][0] == left
        assert (core_edits.compare(store).differences, CoreDifference.objects.count()) == (0, 0)
        assert proof.differences() == []
