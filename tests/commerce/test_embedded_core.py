"""The client and the embedded core, over real HTTP: the chain that the suite lives from."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from commerce import inbox, manifest
from commerce.core import Core, core
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.models import InboxEvent
from commerce.records import (
    CheckoutDraft,
    CheckoutLineDraft,
    CoreAddress,
    CoreCheckout,
    CoreProduct,
    PosOrderDraft,
    PosOrderLineDraft,
    PosTenderDraft,
)
from commerce.tokens import read_shopper
from tests.embedded import NOWHERE, EmbeddedCore
from tests.embedded_catalogue import SHOPPER
from tests.kernel.listening import eventually

ADDRESS = CoreAddress(
    first_name="Ada",
    last_name="Lovelace",
    street_address_1="1 Congress Ave",
    city="Austin",
    postal_code="78701",
    country_area="TX",
    country="US",
    phone="+15125550100",
)


def product_by_slug(slug: str) -> CoreProduct:
    return next(product for product in core().iter_products("us") if product.slug == slug)


def checkout_of(variant_id: str, warehouse_id: str, quantity: int = 1, **line: Any) -> CoreCheckout:
    made = core().create_checkout(
        CheckoutDraft(
            channel="us",
            email="guest@example.com",
            lines=(CheckoutLineDraft(variant_id=variant_id, quantity=quantity, **line),),
            billing_address=ADDRESS,
        )
    )
    return core().set_checkout_delivery(made.id, warehouse_id)


def test_catalogue(embedded_core: EmbeddedCore) -> None:
    (channel,) = core().channels()
    assert (channel.slug, channel.currency, channel.country) == ("us", "USD", "US")
    assert not channel.prices_include_tax
    assert {warehouse.slug for warehouse in core().warehouses()} == {"store-1", "store-2"}
    phone, case = product_by_slug("acme-one"), product_by_slug("acme-case")
    assert phone.description == "A fine phone."
    assert phone.product_type.metadata["kind"] == "DEVICE"
    assert phone.tax_rates["US"] == Decimal("0.0825")
    assert phone.category is not None
    assert phone.category.path_slugs == ("devices", "phones")
    prices = {variant.sku: variant.price.net for variant in phone.variants if variant.price}
    assert prices == {"ACME-ONE-128": Decimal("499"), "ACME-ONE-256": Decimal("599.99")}
    fits = next(attribute for attribute in case.attributes if attribute.slug == "fits")
    assert [value.reference for value in fits.values] == [phone.id]
    undiscounted = case.variants[0].undiscounted_price
    assert undiscounted is not None
    assert undiscounted.net == Decimal("24.99")
    assert core().product(phone.id, "us") == phone
    assert core().product("UHJvZHVjdDo5OTk5OTk=", "us") is None


def test_what_is_asked_before_a_catalogue_is_taken_over(embedded_core: EmbeddedCore) -> None:
    identity = core().identity()
    assert identity.version == "3.23-embedded"
    assert (identity.name, identity.identifier, identity.is_active) == ("suite", identity.app_id, True)
    assert set(manifest.PERMISSIONS) <= identity.permissions
    types = {item.slug: (item.kind, item.tracking) for item in core().product_types()}
    assert types["device"] == ("DEVICE", "IMEI")
    assert "storage" in {item.slug for item in core().attributes()}
    [page] = core().product_pages("us")
    assert (page.total, page.after) == (len(page.products), "")
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 5)
    rows = dict(row for page in core().stock_pages(warehouse) for row in page.rows)
    assert rows[variant] == 5
    gone = "V2FyZWhvdXNlOjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA=="
    with pytest.raises(CoreRefused, match="NOT_FOUND"):
        list(core().stock_pages(gone))
    with pytest.raises(CoreRefused, match="PERMISSION_DENIED"):
        Core.bare(embedded_core.url, "wrong").identity()


def test_order_for_pickup_from_checkout_to_fulfilment(embedded_core: EmbeddedCore) -> None:
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 5)
    _quantity, allocated = core().stock_of(variant)[warehouse]
    checkout = checkout_of(variant, warehouse, 2)
    assert checkout.warehouse_id == warehouse
    assert (checkout.total.net, checkout.total.tax) == (Decimal("39.98"), Decimal("3.3"))
    reference = secrets.token_hex(8)
    for _ in range(2):
        paid = core().create_transaction(
            checkout.id,
            psp_reference=reference,
            currency="USD",
            name="Card",
            amount_charged=checkout.total.gross,
        )
    assert paid.charged == checkout.total.gross
    order = core().complete_checkout(checkout.id)
    assert core().complete_checkout(checkout.id).id == order.id
    assert (order.status, order.charge_status) == ("UNFULFILLED", "FULL")
    assert order.total == checkout.total
    assert order.warehouse_id == warehouse
    assert core().stock_of(variant)[warehouse] == (5, allocated + 2)
    lines = [(line.id, line.quantity) for line in order.lines]
    assert core().fulfil_order(order.id, lines, warehouse).status == "FULFILLED"
    assert core().fulfil_order(order.id, lines, warehouse).status == "FULFILLED"
    assert core().stock_of(variant)[warehouse] == (3, allocated)
    with pytest.raises(CoreRefused, match="CANNOT_CANCEL_ORDER"):
        core().cancel_order(order.id)
    refunded = core().report_refund(order.transactions[0].id, amount=Decimal("10.00"), psp_reference=f"{reference}-r")
    assert refunded.refunded == Decimal("10")


def test_an_order_to_pay_in_store_is_cancelled_and_frees_its_stock(embedded_core: EmbeddedCore) -> None:
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 3)
    _quantity, allocated = core().stock_of(variant)[warehouse]
    order = core().complete_checkout(checkout_of(variant, warehouse).id)
    assert order.charge_status == "NONE"
    assert core().stock_of(variant)[warehouse] == (3, allocated + 1)
    assert core().cancel_order(order.id).status == "CANCELED"
    assert core().cancel_order(order.id).status == "CANCELED"
    assert core().stock_of(variant)[warehouse] == (3, allocated)


def test_a_price_of_ours_holds(embedded_core: EmbeddedCore) -> None:
    variant, warehouse = embedded_core.set_stock("ACME-ONE-256", "store-1", 3)
    checkout = checkout_of(variant, warehouse, price=Decimal("549.95"), price_reason="Bundle")
    assert checkout.total.net == Decimal("549.95")
    core().update_private_metadata(checkout.id, {"seal": "abc"})
    core().update_metadata(checkout.id, {"cart": "c-1"})
    order = core().complete_checkout(checkout.id)
    assert order.total.net == Decimal("549.95")
    assert order.metadata["cart"] == "c-1"


def test_what_is_not_in_the_store_is_not_sold(embedded_core: EmbeddedCore) -> None:
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-2", 1)
    first, second = (checkout_of(variant, warehouse) for _ in range(2))
    core().complete_checkout(first.id)
    with pytest.raises(CoreRefused) as caught:
        core().complete_checkout(second.id)
    assert caught.value.code == "INSUFFICIENT_STOCK"
    with pytest.raises(CoreRefused):
        core().create_checkout(
            CheckoutDraft(
                channel="us",
                email="guest@example.com",
                lines=(CheckoutLineDraft(variant_id="UHJvZHVjdFZhcmlhbnQ6OTk5OTk5", quantity=1),),
                billing_address=ADDRESS,
            )
        )


def test_a_lost_reply_makes_no_second_order(embedded_core: EmbeddedCore) -> None:
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 5)
    checkout = checkout_of(variant, warehouse)
    _quantity, allocated = core().stock_of(variant)[warehouse]
    embedded_core.set_faults({"kind": "lost_reply", "operation": "CheckoutComplete"})
    order = core().complete_checkout(checkout.id)
    assert order.total == checkout.total
    assert core().stock_of(variant)[warehouse] == (5, allocated + 1)
    core().cancel_order(order.id)


def test_a_sale_at_the_register_is_recorded_once(embedded_core: EmbeddedCore) -> None:
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 5)
    case = product_by_slug("acme-case")
    line = PosOrderLineDraft(
        product_id=case.id,
        variant_id=variant,
        sku="ACME-CASE",
        product_name=case.name,
        quantity=1,
        total_net=Decimal("19.99"),
        total_gross=Decimal("21.64"),
        undiscounted_net=Decimal("19.99"),
        undiscounted_gross=Decimal("21.64"),
        tax_rate=Decimal("0.0825"),
    )
    reference = f"sale-{secrets.token_hex(8)}"
    draft = PosOrderDraft(
        external_reference=reference,
        channel="us",
        currency="USD",
        created_at=datetime.now(UTC) - timedelta(minutes=5),
        email="store-1@example.com",
        warehouse_id=warehouse,
        billing_address=ADDRESS,
        lines=(line,),
        tenders=(PosTenderDraft(name="Cash", psp_reference=reference, amount=Decimal("21.64")),),
    )
    before = core().stock_of(variant)[warehouse]
    order = core().bulk_create_pos_order(draft)
    assert (order.status, order.charge_status) == ("FULFILLED", "FULL")
    assert order.total.gross == Decimal("21.64")
    assert core().bulk_create_pos_order(draft).id == order.id
    found = core().order_by_external_reference(reference)
    assert found is not None
    assert found.id == order.id
    assert core().stock_of(variant)[warehouse] == before
    assert core().order_by_external_reference("no such sale") is None


def test_shoppers_sign_in(embedded_core: EmbeddedCore) -> None:
    tokens = core().token_create(**SHOPPER)
    shopper = read_shopper(tokens.token)
    assert shopper is not None
    assert (shopper.user_id, shopper.email) == (tokens.user.id, SHOPPER["email"])
    assert read_shopper(tokens.refresh_token) is None
    again = core().token_refresh(tokens.refresh_token)
    assert read_shopper(again.token) is not None
    with pytest.raises(CoreRefused, match="INVALID_CREDENTIALS"):
        core().token_create(SHOPPER["email"], "wrong")
    with pytest.raises(CoreRefused):
        core().token_refresh("garbage")
    found = core().customer_by_email("ADA@example.com")
    assert found is not None
    assert found.id == tokens.user.id
    assert core().customer_by_email("nobody@example.com") is None


def test_a_wrong_key_is_refused(embedded_core: EmbeddedCore, settings: Any) -> None:
    settings.SALEOR_APP_TOKEN = "wrong"
    with pytest.raises(CoreRefused):
        core().push_stock([("V", "W", 1)])


@pytest.mark.fault
def test_a_dead_core_is_unavailable_and_comes_back(embedded_core: EmbeddedCore) -> None:
    assert core().version()
    embedded_core.stop(kill=True)
    with pytest.raises(CoreUnavailable):
        core().version()
    embedded_core.start()
    assert core().version()


@pytest.fixture
def webhooks(embedded_core: EmbeddedCore, live_server: Any, monkeypatch: Any) -> Iterator[list[str]]:
    """The ids of products that a handler of ours was told of."""
    seen: list[str] = []
    monkeypatch.setattr(inbox, "_handlers", type(inbox._handlers)(list))
    for event in ("order_created", "order_updated", "order_cancelled"):
        inbox.register(event, lambda payload: seen.append(payload["order"]["id"]))
    embedded_core.send_webhooks_to(f"{live_server.url}/webhooks/saleor/")
    yield seen
    embedded_core.send_webhooks_to(NOWHERE)


@pytest.mark.django_db(transaction=True)
def test_the_core_s_webhooks_are_taken_in(embedded_core: EmbeddedCore, webhooks: list[str]) -> None:
    variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 5)
    embedded_core.set_faults({"kind": "webhook_duplicate", "operation": "order_cancelled"})
    order, last = (core().complete_checkout(checkout_of(variant, warehouse).id) for _ in range(2))
    core().cancel_order(order.id)
    core().cancel_order(last.id)
    events = InboxEvent.objects.filter(event="order_cancelled", state=InboxEvent.State.HANDLED)

    def has_come() -> bool:
        inbox.process_due()
        # The core delivers one after the other: what came before the last has come, twice or not.
        return events.filter(object_key=f"order:{last.id}").exists()

    eventually(has_come)
    assert {order.id, last.id} <= set(webhooks)
    first = events.filter(object_key=f"order:{order.id}")
    # The time of the event in its payload shows the second delivery to be the same.
    assert "issuedAt" in first[0].payload
    assert first.count() == 1
