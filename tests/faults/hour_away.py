"""What a store does in an hour in which the core is away, and what must be true when it is back.

The hour is that of the suite's clock. Used with the embedded core's fault switch and with a running Saleor that is
stopped.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from inventory import core_edits, projection, proof
from inventory.models import Balance, CoreDifference
from kernel import clock, outbox
from kernel.errors import CORE_UNAVAILABLE, TRY_AGAIN
from kernel.models import OutboxMessage
from plugins.carts.models import Order
from plugins.pos.models import Sale
from tests.carts.shop import IN_STORE, Shop, refused
from tests.pos.sales import Till, line

HOUR, SALES, PIECES = dt.timedelta(hours=1), 9, 10


def tell() -> None:
    """Let the core hear all that is due."""
    while outbox.deliver_due() + projection.push_due():
        pass


def sell_through_an_hour(
    suite: Shop,
    counter: Any,
    *,
    sku: str,
    price: str,
    variant: str,
    away: Callable[[], object],
    back: Callable[[], object],
) -> None:
    """`suite` has ten pieces of the SKU in its one store; `variant` is the core's id of it."""
    store = suite.stores[0]
    with clock.use_clock(clock.FrozenClock(dt.datetime.now(dt.UTC) - HOUR)) as at:
        suite.at = at
        cart = suite.ready_cart((sku, 1), slot=3)
        tell()
        assert suite.core.stock_of(variant)[store.core_warehouse_id][0] == PIECES

        # When the core is away for an hour in which the store sells and a customer orders
        away()
        till = Till(counter)
        till.shift = till.open().shift
        for _number in range(SALES):
            sold = till.sell(line(sku, price=price, tax=Decimal("1.65")))
            assert (sold.errors, sold.exceptions) == ([], [])
            tell()
            at.advance(seconds=HOUR.seconds // SALES)
        assert refused(suite.complete, cart, IN_STORE).code in (TRY_AGAIN, CORE_UNAVAILABLE)
        assert Sale.objects.filter(order__core_id="").count() == SALES
        assert proof.differences() == []

        # And when it is back, it is told of each sale once, and of the stock as it is
        back()
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
        assert Order.objects.values("core_id").distinct().count() == SALES
        left = Balance.objects.get(store=store, item_id=sku).on_hand
        assert left == PIECES - SALES
        assert suite.core.stock_of(variant)[store.core_warehouse_id][0] == left
        assert (core_edits.compare(store).differences, CoreDifference.objects.count()) == (0, 0)
        assert proof.differences() == []
