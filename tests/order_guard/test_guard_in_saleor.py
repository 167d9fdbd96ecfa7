"""The guard within a running Saleor that has it installed: completed directly in Saleor's API, without the suite.

Beside SALEOR_API_URL and SALEOR_APP_TOKEN it needs SALEOR_ADMIN_TOKEN, of an app that may manage plugins and what the
shop of the contract needs: the guard is switched on for a channel of the test's own.
"""

import os
import secrets
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from commerce.core import Core
from commerce.errors import CoreRefused
from commerce.records import CheckoutDraft, CheckoutLineDraft, CoreCheckout
from demo.saleor_shop import SaleorShop
from inventory import core_orders
from plugins.carts import errors
from plugins.carts.models import Cart, Order, UncheckedOrder
from plugins.catalogue import services as catalogue_services
from plugins.order_guard import seal, verdict
from plugins.order_guard.seal import SealedCheckout, SealedLine, bare
from plugins.payments.models import FakeCardCharge
from tests.carts.sealed import shop_on
from tests.carts.shop import Shop as SuiteShop
from tests.carts.shop import refused as refused_here
from tests.contract.shop import ADDRESS, Shop, catalogue, read_shop

URL = os.environ.get("SALEOR_API_URL", "")
TOKEN = os.environ.get("SALEOR_APP_TOKEN", "")
ADMIN = os.environ.get("SALEOR_ADMIN_TOKEN", "")
PLUGIN = "omnichannel.order_guard"
SECRET = "a secret of the contract"

pytestmark = pytest.mark.skipif(
    not (URL and TOKEN and ADMIN), reason="SALEOR_API_URL, SALEOR_APP_TOKEN and SALEOR_ADMIN_TOKEN name no Saleor."
)


@pytest.fixture(scope="module")
def core() -> Core:
    return Core(URL, TOKEN)


@pytest.fixture(scope="module")
def shop(core: Core) -> Iterator[Shop]:
    """The shop of the contract, its first channel guarded: phones and cases, no plans."""
    tag = secrets.token_hex(3)
    owner = SaleorShop(URL, ADMIN)
    try:
        made = read_shop(core, tag, owner.load(catalogue(tag)))
        known = owner.ask("query($id: ID!) { plugin(id: $id) { id } }", "plugin", id=PLUGIN)
        if known is None:
            pytest.skip("The guard is not installed in this Saleor.")
        channel = next(item.id for item in core.channels() if item.slug == made.channel)
        configure(owner, channel, ("Secret", SECRET), ("Guarded kinds", "DEVICE"), active=True)
        core.push_stock([(made.variants["case"], made.warehouses["one"], 100)])
        yield made
        configure(owner, channel, active=False)
    finally:
        owner.remove()


def configure(owner: SaleorShop, channel: str, *values: tuple[str, str], active: bool) -> None:
    owner.ask(
        "mutation($id: ID!, $channel: ID, $input: PluginUpdateInput!) { pluginUpdate(id: $id, channelId: $channel, "
        "input: $input) { plugin { id } errors { field message code } } }",
        "pluginUpdate",
        id=PLUGIN,
        channel=channel,
        input={"active": active, "configuration": [{"name": name, "value": value} for name, value in values]},
    )


def checkout(core: Core, shop: Shop, variant: str = "case", **line: Any) -> CoreCheckout:
    made = core.create_checkout(
        CheckoutDraft(
            channel=shop.channel,
            email="guest@example.com",
            lines=(CheckoutLineDraft(shop.variants[variant], 1, **line),),
            billing_address=ADDRESS,
        )
    )
    return core.set_checkout_delivery(made.id, shop.warehouses["one"]) if made.is_shipping_required else made


def write(core: Core, shop: Shop, made: CoreCheckout, *, price: Decimal | None = None, now: float = 0.0) -> str:
    """Seal the checkout as one of a single line with that price."""
    what = SealedCheckout(
        checkout=bare(made.id),
        channel=shop.channel,
        lines=[SealedLine(bare(line.variant_id), line.quantity, price) for line in made.lines],
        point=bare(made.warehouse_id or ""),
    )
    text = seal.make(SECRET, what, now=now or time.time())
    core.update_private_metadata(made.id, {seal.KEY: text})
    return text


def refused(core: Core, made: CoreCheckout) -> tuple[str, str]:
    with pytest.raises(CoreRefused) as refusal:
        core.complete_checkout(made.id)
    assert core.checkout(made.id) is not None, "no order came of it"
    return refusal.value.code, refusal.value.message


def test_a_sealed_checkout_becomes_an_order(core: Core, shop: Shop) -> None:
    made = checkout(core, shop, price=Decimal("7.00"), price_reason="Bundle")
    write(core, shop, made, price=Decimal(7))
    assert core.complete_checkout(made.id).total.net == Decimal(7)


def test_an_unsealed_checkout_of_guarded_goods_is_refused(core: Core, shop: Shop) -> None:
    made = checkout(core, shop)
    assert refused(core, made) == ("UNAVAILABLE_VARIANT_IN_CHANNEL", verdict.UNSEALED)


def test_goods_that_are_not_guarded_need_no_seal(core: Core, shop: Shop) -> None:
    assert core.complete_checkout(checkout(core, shop, "plan").id).total.gross == Decimal(35)


def test_seals_that_are_wrong_are_refused(core: Core, shop: Shop) -> None:
    broken = ("UNAVAILABLE_VARIANT_IN_CHANNEL", verdict.BROKEN)
    cheaper = checkout(core, shop, price=Decimal("1.00"), price_reason="Mine")
    write(core, shop, cheaper, price=Decimal("7.00"))
    assert refused(core, cheaper) == broken
    old = checkout(core, shop)
    write(core, shop, old, now=time.time() - seal.LIFETIME_SECONDS - 5)
    assert refused(core, old) == broken
    copied = checkout(core, shop)
    core.update_private_metadata(copied.id, {seal.KEY: write(core, shop, checkout(core, shop))})
    assert refused(core, copied) == broken
    edited = checkout(core, shop)
    core.update_private_metadata(edited.id, {seal.KEY: "by hand"})
    assert refused(core, edited) == broken


def test_a_checkout_changed_after_the_seal_is_refused(core: Core, shop: Shop) -> None:
    made = checkout(core, shop)
    write(core, shop, made)
    core.set_checkout_delivery(made.id, shop.warehouses["two"])
    assert refused(core, made) == ("UNAVAILABLE_VARIANT_IN_CHANNEL", verdict.BROKEN)


@pytest.fixture
def suite(core: Core, shop: Shop, settings: Any) -> SuiteShop:
    """The suite on that Saleor, with a store and ten cases."""
    settings.DEBUG = True
    settings.CELERY_WAKE = False
    settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN = URL, TOKEN
    settings.ORDER_GUARD_SECRET = SECRET
    return shop_on(
        core,
        channel=shop.channel,
        warehouse=shop.warehouses["one"],
        product=next(id for slug, id in shop.products.items() if "case" in slug),
        sku=shop.skus["case"],
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.payments.urls")
def test_what_the_suite_places_passes_and_without_its_secret_is_refused(
    core: Core, shop: Shop, suite: SuiteShop, settings: Any
) -> None:
    order = suite.complete(suite.ready_cart((shop.skus["case"], 2))).order
    recorded = core.order(order.core_id)
    assert recorded is not None
    assert (recorded.total.gross, recorded.warehouse_id) == (order.total, shop.warehouses["one"])

    settings.ORDER_GUARD_SECRET = ""
    cart = suite.ready_cart((shop.skus["case"], 2))
    refusal = refused_here(suite.complete, cart)
    assert refusal.code == errors.ORDER_REFUSED
    assert refusal.params["reason"] == f"UNAVAILABLE_VARIANT_IN_CHANNEL: {verdict.UNSEALED}"
    assert (Order.objects.count(), Cart.objects.get(pk=cart.pk).state) == (1, "OPEN")
    assert sorted(charge.state for charge in FakeCardCharge.objects.all()) == ["AUTHORISED", "VOIDED"]


@pytest.mark.django_db(transaction=True)
def test_a_draft_passes_no_guard_and_is_listed(core: Core, shop: Shop, suite: SuiteShop, settings: Any) -> None:
    settings.ORDER_GUARD_KINDS = "PLAN"
    catalogue_services.sync_product(next(id for slug, id in shop.products.items() if "plan" in slug))
    owner = SaleorShop(URL, ADMIN)
    channel = next(item.id for item in core.channels() if item.slug == shop.channel)
    address = {"firstName": "Ada", "lastName": "L", "streetAddress1": "1 Congress Ave", "city": "Austin"}
    address |= {"postalCode": "78701", "countryArea": "TX", "country": "US"}
    configure(owner, channel, ("Guarded kinds", "DEVICE, PLAN"), active=True)
    try:
        draft = owner.ask(
            "mutation($input: DraftOrderCreateInput!) { draftOrderCreate(input: $input) "
            "{ order { id } errors { field message code } } }",
            "draftOrderCreate",
            input={
                "channelId": channel,
                "userEmail": "guest@example.com",
                "billingAddress": address,
                "lines": [{"variantId": shop.variants["plan"], "quantity": 1}],
            },
        )["order"]
        core_orders.look(draft["id"])
        assert UncheckedOrder.objects.count() == 0, "a draft sells nothing"
        owner.ask(
            "mutation($id: ID!) { draftOrderComplete(id: $id) { order { id } errors { field message code } } }",
            "draftOrderComplete",
            id=draft["id"],
        )
    finally:
        configure(owner, channel, ("Guarded kinds", "DEVICE"), active=True)
    core_orders.look(draft["id"])
    row = UncheckedOrder.objects.get()
    assert (row.core_id, row.skus) == (draft["id"], [shop.skus["plan"]])
