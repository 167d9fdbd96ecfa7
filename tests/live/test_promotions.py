"""A promotion of a real Saleor that the suite has not read yet: told before anything is charged."""

from decimal import Decimal

import pytest

from inventory import services as inventory
from inventory.services import OpeningRow
from plugins.carts import errors, selectors
from plugins.carts.models import Cart
from plugins.catalogue.models import ChannelListing
from plugins.payments.models import FakeCardCharge, Payment
from tests.carts.shop import CARD, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls")]


def test_a_promotion_is_told_before_anything_is_charged(suite, saleor):
    sku = saleor.skus["charger"]
    inventory.receive_opening([OpeningRow(suite.stores[0].pk, sku, 10)])
    ChannelListing.objects.filter(variant_id=saleor.variants["charger"]).update(price=Decimal("10.00"))
    cart = suite.ready_cart((sku, 3), slot=3)
    assert selectors.cart_view(cart).totals.total == Decimal("32.48")

    refusal = refused(suite.complete, cart, CARD)

    assert (refusal.code, refusal.params) == (errors.PRICE_CHANGED, {"total": "25.98 USD"})
    assert (Payment.objects.count(), FakeCardCharge.objects.count()) == (0, 0)
    assert selectors.cart_view(Cart.objects.get(pk=cart.pk)).totals.total == Decimal("25.98")

    order = suite.complete(cart, CARD).order
    assert suite.core.order(order.core_id).total.gross == order.total == Decimal("25.98")
