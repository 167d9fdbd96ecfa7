"""Other clients of the core, over HTTP and its webhooks: the suite notices, keeps, and puts before a person."""

import secrets

import pytest

from commerce import inbox
from commerce.core import core
from inventory import projection, proof, services
from inventory.models import Balance, CoreDifference, CoreStock
from tests.commerce.test_embedded_core import checkout_of
from tests.embedded import NOWHERE
from tests.inventory.goods import make_store, stock
from tests.kernel.listening import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]


@pytest.fixture
def shop(embedded_core, live_server, settings):
    """A store and an article of ours with five pieces, as the core has them, its webhooks on."""
    settings.CELERY_WAKE = False
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 0)
    store = make_store(core_warehouse_id=warehouse, code="store-1")
    item = services.upsert_item(sku="ACME-CASE", tracking="NONE", stocked=True, core_variant_id=variant)
    stock(store, item, 5)
    assert projection.push_due() == 1
    embedded_core.send_webhooks_to(f"{live_server.url}/webhooks/saleor/")
    yield store, item
    embedded_core.send_webhooks_to(NOWHERE)


def until(true):
    """Handle the core's webhooks as they come, until they led there."""

    def led() -> bool:
        inbox.process_due()
        return true()

    eventually(led)


def sold_by_another_client(store, item, quantity):
    """A checkout that the suite knows nothing of, completed in the core."""
    checkout = checkout_of(item.core_variant_id, store.core_warehouse_id, quantity)
    core().create_transaction(
        checkout.id,
        psp_reference=secrets.token_hex(8),
        currency="USD",
        name="Card",
        amount_charged=checkout.total.gross,
    )
    return core().complete_checkout(checkout.id)


def balance():
    return Balance.objects.get()


def test_what_another_client_sells_is_kept_booked_and_freed(shop, embedded_core):
    store, item = shop
    embedded_core.set_faults({"kind": "webhook_duplicate", "operation": "order_created"})
    order, other = sold_by_another_client(store, item, 2), sold_by_another_client(store, item, 1)
    until(lambda: balance().reserved == 3)
    core().fulfil_order(order.id, [(line.id, line.quantity) for line in order.lines], store.core_warehouse_id)
    until(lambda: balance().on_hand == 3)
    core().cancel_order(other.id)
    until(lambda: balance().reserved == 0)
    projection.push_due()
    assert core().stock_of(item.core_variant_id)[store.core_warehouse_id] == (3, 0)
    assert proof.differences() == []
    assert not CoreDifference.objects.exists()


def test_what_the_core_sells_beyond_what_there_is_comes_before_a_person(shop):
    store, item = shop
    # Sold at the register; the core has not heard of it yet, and sells the same pieces.
    services.sell(store_id=store.pk, lines=[(item.sku, 4, [])], source_key="sale:1", actor="clerk")
    order = sold_by_another_client(store, item, 3)
    until(lambda: CoreDifference.objects.filter(kind="OVERSOLD", pieces=2, order__core_id=order.id).exists())
    # The one piece left is kept for that order: nobody else is sold it.
    assert (balance().on_hand, balance().reserved) == (1, 1)
    core().cancel_order(order.id)
    until(lambda: CoreDifference.objects.get().settlement == "CANCELLED")
    assert balance().reserved == 0


def test_an_edit_in_the_dashboard_is_booked_and_our_own_pushes_are_not(shop, embedded_core):
    store, item = shop
    embedded_core.set_stock(item.sku, store.code, 8)
    until(lambda: balance().on_hand == 8)
    projection.push_due()
    stock(store, item, 1)
    projection.push_due()
    embedded_core.set_stock(item.sku, store.code, 7)
    until(lambda: balance().on_hand == 7)
    assert [row.pieces for row in CoreDifference.objects.order_by("pk")] == [3, -2]
    assert CoreStock.objects.get().quantity == 7
    assert proof.differences() == []
