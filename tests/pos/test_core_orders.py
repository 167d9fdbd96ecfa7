"""The core learns of each sale in the background: once, however often it fails, and a person hears of a refusal."""

from decimal import Decimal

import pytest

from commerce.errors import CoreRefused
from kernel import outbox
from plugins.carts.models import Order
from plugins.pos import core_orders, errors
from plugins.pos.models import Sale, SaleException
from tests.pos.sales import line

pytestmark = pytest.mark.django_db


def told(till):
    return [order for order in till.counter.core.orders.values() if order.external_reference]


def deliver(till):
    """Deliver what is due now and after the longest pause."""
    outbox.deliver_due()
    till.counter.clock.advance(hours=1)


def test_the_core_records_the_sale_and_the_order_keeps_its_number(till):
    made = till.sell(line("PHONE", serials=till.counter.serials[:1]), line("PLAN")).order

    outbox.deliver_due()

    [recorded] = told(till)
    order = Order.objects.get(pk=made.pk)
    assert (order.core_id, order.core_number) == (recorded.id, recorded.number)
    assert recorded.metadata == {"suite.number": order.number}
    assert [line.core_line_id for line in order.lines.all()] == [line.id for line in recorded.lines]
    assert [line.total.gross for line in recorded.lines] == [Decimal("540.17"), Decimal("35.00")]
    assert [paid.charged for paid in recorded.transactions] == [Decimal("575.17")]
    assert (recorded.email, recorded.warehouse_id) == ("shop@example.com", "warehouse-store-1")


@pytest.mark.parametrize("after", [False, True])
def test_a_core_that_does_not_answer_is_told_again_and_records_once(till, after):
    made = till.sell(line("CASE")).order
    till.counter.core.fail("bulk_create_pos_order", times=2, after=after)

    for _n in range(4):
        deliver(till)

    [recorded] = told(till)
    assert Order.objects.get(pk=made.pk).core_id == recorded.id


def test_a_delivery_repeated_changes_nothing(till):
    till.sell(line("CASE"))
    outbox.deliver_due()

    core_orders.tell_core({"sale_id": Sale.objects.get().pk}, 0)

    assert till.counter.core.calls["bulk_create_pos_order"] == 1


def test_a_refusal_is_an_exception_for_a_person_and_not_repeated(till):
    till.sell(line("CASE"))
    till.counter.core.fail("bulk_create_pos_order", error=CoreRefused("PRICE_ERROR", "Net above gross.", "lines"))

    deliver(till)
    deliver(till)

    row = SaleException.objects.get()
    assert (row.code, row.params) == (errors.CORE_REFUSED, {"code": "PRICE_ERROR", "field": "lines"})
    assert "Net above gross." in row.message
    assert not told(till)


def test_a_discount_is_told_with_the_price_before(till, monkeypatch):
    drafts = []
    real = till.counter.core.bulk_create_pos_order
    monkeypatch.setattr(till.counter.core, "bulk_create_pos_order", lambda draft: drafts.append(draft) or real(draft))
    till.sell(line("CASE", 2, discount="10.00"))

    outbox.deliver_due()

    [entry] = drafts[0].lines
    assert (entry.total_net, entry.total_gross) == (Decimal("29.98"), Decimal("32.45"))
    assert (entry.undiscounted_net, entry.undiscounted_gross) == (Decimal("39.98"), Decimal("43.27"))


def test_a_store_that_the_core_does_not_know_keeps_its_sales(till):
    till.counter.store.core_warehouse_id = None
    till.counter.store.save()
    made = till.sell(line("CASE")).order

    outbox.deliver_due()

    assert Order.objects.get(pk=made.pk).core_id == ""
    assert not told(till)
