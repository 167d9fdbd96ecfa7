"""Carts in a channel whose prices hold the tax: to the cent, in the shopper's language, in the channel's country."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import services as inventory
from inventory.models import Store
from inventory.services import OpeningRow
from kernel.money import round_half_up
from plugins.carts import errors, pricing, selectors, services, sharing
from plugins.carts.models import Cart, CartLine
from plugins.carts.services import DeliveryChoice
from plugins.catalogue.models import Channel, ChannelListing, Product, Variant
from tests.carts.conftest import _store
from tests.carts.shop import CLERK, refused

PRICES = st.decimals(min_value=0, max_value=99_999, places=2)
RATES = st.sampled_from([Decimal("0.13"), Decimal("0.09"), Decimal("0.06"), Decimal(0)])
LINES = st.lists(st.tuples(PRICES, st.integers(1, 99), RATES), max_size=12)


@given(LINES)
def test_included_tax_sums_to_the_cent(lines):
    taxes = [
        pricing.line_tax(unit_price=price, quantity=quantity, rate=rate, prices_include_tax=True, currency="CNY")
        for price, quantity, rate in lines
    ]
    for (price, quantity, rate), tax in zip(lines, taxes, strict=True):
        gross = price * quantity
        net = gross - tax
        assert net == round_half_up(gross / (1 + rate), "CNY")
        assert 0 <= tax <= gross
    told = [(price * quantity, tax) for (price, quantity, _rate), tax in zip(lines, taxes, strict=True)]
    totals = pricing.totals(told, prices_include_tax=True, currency="CNY")
    assert totals.total == totals.subtotal == sum((gross for gross, _tax in told), Decimal(0))
    assert totals.tax == sum(taxes, Decimal(0))


@pytest.fixture
def china(shop):
    """The shop also sells the phone in China, under a Chinese name; its third store is there."""
    channel = Channel.objects.create(
        slug="cn", name="CN", currency="CNY", country="CN", prices_include_tax=True, warehouse_ids=["warehouse-3"]
    )
    variant = Variant.objects.get(sku="PHONE")
    ChannelListing.objects.create(variant=variant, channel=channel, price="2999.00", tax_rate="0.13")
    Product.objects.filter(pk=variant.product_id).update(translations={"zh-hans": {"name": "电话"}})
    store = _store(3)
    store.country = "CN"
    store.save()
    return channel


def in_china(shop, channel, *, language="zh-hans", quantity=1):
    return services.create_cart(
        caller=shop.caller, channel=channel, sales_channel="WEB", lines=[("PHONE", quantity)], language=language
    )


def receive(shop, china, quantity):
    store = Store.objects.get(code="store-3")
    inventory.receive_opening([OpeningRow(store.pk, "PHONE", quantity)])
    return store


@pytest.mark.django_db
def test_a_cart_in_china_costs_what_is_shown(shop, china):
    receive(shop, china, 5)
    cart = in_china(shop, china, quantity=3)
    view = selectors.cart_view(cart)
    assert (view.totals.subtotal, view.totals.tax, view.totals.total) == (
        Decimal("8997.00"),
        Decimal("1035.05"),
        Decimal("8997.00"),
    )


@pytest.mark.django_db
def test_lines_are_called_in_the_language_of_whoever_changes_the_cart(shop, china):
    receive(shop, china, 5)
    cart = in_china(shop, china)
    line = CartLine.objects.get(cart=cart)
    assert line.name == "电话"
    services.update_lines(caller=shop.caller, cart_id=cart.pk, lines=[(str(line.pk), 2)], language="en")
    assert CartLine.objects.get(cart=cart).name == "Phone"
    services.add_lines(caller=shop.caller, cart_id=cart.pk, lines=[("PHONE", 1)], language="zh-hans")
    assert (CartLine.objects.get(cart=cart).name, Cart.objects.get().language) == ("电话", "zh-hans")


@pytest.mark.django_db
def test_stock_abroad_is_not_for_sale(shop, china):
    # The stores in America have four.
    problem = refused(in_china, shop, china)
    assert problem.code == errors.INSUFFICIENT_STOCK
    assert not Cart.objects.exists()


@pytest.mark.django_db
def test_pickup_is_offered_in_the_channels_country_alone(shop, china):
    store = receive(shop, china, 1)
    cart = in_china(shop, china)
    options = selectors.pickup_options(caller=shop.caller, cart_id=cart.pk, line_ids=(), near=None, first=5)
    assert [option.near.store.pk for option in options] == [store.pk]
    abroad = DeliveryChoice(shop.stores[0].pk)
    problem = refused(services.update_delivery, caller=shop.caller, cart_id=cart.pk, choice=abroad)
    assert (problem.code, problem.field) == (errors.PICKUP_NOT_OFFERED, "delivery.pickupStoreId")
    assert not cart.deliveries.exists()
    services.update_delivery(caller=shop.caller, cart_id=cart.pk, choice=DeliveryChoice(store.pk))
    assert cart.deliveries.get().store == store


@pytest.mark.django_db
def test_pickup_is_offered_where_the_channel_sells_from(shop):
    Channel.objects.filter(pk="us").update(warehouse_ids=[shop.stores[0].core_warehouse_id])
    shop.channel.refresh_from_db()
    cart = shop.cart(("PHONE", 1))
    options = selectors.pickup_options(caller=shop.caller, cart_id=cart.pk, line_ids=(), near=None, first=5)
    assert [option.near.store.pk for option in options] == [shop.stores[0].pk]
    problem = refused(shop.collect, cart, store=1)
    assert (problem.code, problem.field) == (errors.PICKUP_NOT_OFFERED, "delivery.pickupStoreId")
    assert not cart.deliveries.exists()
    problem = refused(shop.cart, ("PHONE", 4))  # one of the four is in the other store
    assert problem.code == errors.INSUFFICIENT_STOCK


@pytest.mark.django_db
def test_a_channel_that_names_no_warehouse_sells_nothing_from_stock(shop):
    cart = shop.cart(("PHONE", 1))
    Channel.objects.filter(pk="us").update(warehouse_ids=[])
    shop.channel.refresh_from_db()
    assert selectors.pickup_options(caller=shop.caller, cart_id=cart.pk, line_ids=(), near=None, first=5) == []
    problem = refused(shop.collect, cart)
    assert (problem.code, problem.field) == (errors.PICKUP_NOT_OFFERED, "delivery.pickupStoreId")
    assert not cart.deliveries.exists()
    problem = refused(shop.cart, ("PHONE", 1))
    assert (problem.code, problem.params["available"]) == (errors.INSUFFICIENT_STOCK, 0)
    # What needs no stock is bought there, also in a store of its country.
    bought = services.create_cart(
        caller=shop.caller, channel=shop.channel, sales_channel="WEB", store_id=shop.stores[0].pk, lines=[("PLAN", 1)]
    )
    assert [(line.sku, line.quantity) for line in bought.lines.all()] == [("PLAN", 1)]


@pytest.mark.django_db
def test_a_store_abroad_sells_nothing_of_this_channel(shop, china):
    receive(shop, china, 1)
    problem = refused(
        services.create_cart,
        caller=shop.caller, channel=china, sales_channel="WEB", store_id=shop.stores[0].pk,
    )  # fmt: skip
    assert (problem.code, problem.field) == (errors.STORE_NOT_FOUND, "context.storeId")
    cart = in_china(shop, china)
    shared = sharing.share(caller=shop.caller, cart_id=cart.pk)
    problem = refused(
        sharing.claim,
        caller=CLERK, code=shared.code, sales_channel="POS", store_id=shop.stores[0].pk, place="here",
    )  # fmt: skip
    assert (problem.code, problem.field) == (errors.STORE_NOT_FOUND, "storeId")
    assert Cart.objects.get().sales_channel == "WEB"
