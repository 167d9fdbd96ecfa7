"""A promotion that begins in the core between cart and order: told, taken over, and nothing charged before."""

from decimal import Decimal

import pytest

from commerce.core import core
from plugins.carts import errors, selectors
from plugins.carts.checks import PaymentChoice
from plugins.carts.models import Cart
from plugins.payments.models import FakeCardCharge, Payment
from tests.carts.sealed import shop_on
from tests.carts.shop import refused
from tests.embedded_catalogue import CATALOGUE

CARD = PaymentChoice("CARD", None, "tok_ok")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls")]


@pytest.fixture
def core_shop(embedded_core, settings):
    settings.DEBUG = True
    settings.CELERY_WAKE = False
    _variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 20)
    product = next(item.id for item in core().iter_products("us") if item.slug == "acme-case")
    return shop_on(core(), channel="us", warehouse=warehouse, product=product, sku="ACME-CASE")


@pytest.fixture
def promote(embedded_core):
    """Takes a percentage off the case in the core, until the test ends."""

    def to(percent):
        row = {"name": "Black Friday", "percent": percent, "skus": ["ACME-CASE"], "channels": ["us"]}
        embedded_core.load(CATALOGUE | {"promotions": [row]})

    yield to
    to(0)


def test_a_promotion_in_the_core_is_told_before_anything_is_charged(core_shop, promote):
    cart = core_shop.ready_cart(("ACME-CASE", 3), slot=3)
    assert selectors.cart_view(cart).totals.total == Decimal("64.92")

    promote(25)
    refusal = refused(core_shop.complete, cart, CARD)

    assert (refusal.code, refusal.params) == (errors.PRICE_CHANGED, {"total": "48.68 USD"})
    assert (Payment.objects.count(), FakeCardCharge.objects.count()) == (0, 0)
    cart = Cart.objects.get(pk=cart.pk)
    assert (cart.state, selectors.cart_view(cart).totals.total) == ("OPEN", Decimal("48.68"))

    order = core_shop.complete(cart, CARD).order
    assert order.total == Decimal("48.68")
    assert core().order(order.core_id).total.gross == Decimal("48.68")
    assert FakeCardCharge.objects.get().amount == Decimal("48.68")
