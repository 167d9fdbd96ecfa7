"""Which channel's prices hold in a store: that of its warehouse in the core, whatever other channels there are."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from inventory.models import Store
from kernel import clock
from plugins.catalogue import selectors
from plugins.catalogue.models import Channel, ChannelListing, Product, Variant
from tests.inventory.goods import make_item, make_store, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store(country="US", core_warehouse_id="W1")


def channel(slug: str, country: str, *warehouses: str, is_active: bool = True) -> None:
    Channel.objects.create(
        slug=slug, name=slug, currency="USD", country=country, warehouse_ids=list(warehouses), is_active=is_active
    )


def slug_for(store: Store) -> str | None:
    found = selectors.channel_for(store)
    return found.slug if found else None


def test_the_channel_that_sells_from_the_warehouse_goes_before_the_first_of_the_country(store: Store) -> None:
    channel("aaa", "US", "W2")
    channel("bbb", "US", "W1")
    assert slug_for(store) == "bbb"


def test_a_channel_of_another_country_may_sell_from_it(store: Store) -> None:
    channel("aaa", "US", "W2")
    channel("bbb", "CA", "W1")
    assert slug_for(store) == "bbb"


def test_the_country_decides_between_channels_that_both_sell_from_it(store: Store) -> None:
    channel("aaa", "CA", "W1")
    channel("bbb", "US", "W1")
    assert slug_for(store) == "bbb"


@pytest.mark.parametrize("country", ["US", "CA"])
def test_one_that_names_it_goes_before_one_that_names_none(store: Store, country: str) -> None:
    channel("aaa", "US")
    channel("bbb", country, "W1")
    assert slug_for(store) == "bbb"


def test_one_that_is_closed_does_not_count(store: Store) -> None:
    channel("aaa", "US", "W1", is_active=False)
    channel("bbb", "US", "W2")
    assert slug_for(store) == "bbb"


def test_a_store_that_no_channel_sells_from_has_the_prices_of_its_country(store: Store) -> None:
    channel("aaa", "CN", "W2")
    channel("bbb", "US", "W2")
    assert slug_for(store) == "bbb"


def test_without_either_there_is_none(store: Store) -> None:
    assert slug_for(store) is None
    channel("aaa", "CN", "W2")
    assert slug_for(store) is None


@pytest.mark.parametrize(
    ("warehouse", "named", "sells", "holds"),
    [
        ("W1", ["W1", "W2"], True, True),
        ("W1", ["W2"], False, False),
        ("W1", [], False, True),  # the channel sells nothing from stock; its prices hold in its country
        (None, ["W2"], True, True),  # the core has no warehouse of it: by its country
        (None, [], True, True),
    ],
)
def test_a_channel_sells_from_the_warehouses_that_it_names(
    warehouse: str | None, named: list[str], sells: bool, holds: bool
) -> None:
    channel, store = Channel(country="US", warehouse_ids=named), Store(country="US", core_warehouse_id=warehouse)
    assert (channel.sells_from(store), channel.holds_in(store)) == (sells, holds)
    abroad = Channel(country="CN", warehouse_ids=named)
    named_there = warehouse in named
    assert (abroad.sells_from(store), abroad.holds_in(store)) == (named_there, named_there)


def listed(sku: str, **prices: str | None) -> None:
    """A variant of this SKU with a price in each channel."""
    number = Variant.objects.count()
    product = Product.objects.create(id=f"P{number}", slug=f"p{number}", name="Cable", synced_at=clock.now())
    variant = Variant.objects.create(id=f"V{number}", product=product, sku=sku)
    for slug, price in prices.items():
        ChannelListing.objects.create(variant=variant, channel_id=slug, price=None if price is None else Decimal(price))


def test_prices_in_stores_are_those_of_each_stores_channel(store: Store, django_assert_num_queries: Any) -> None:
    other = make_store(country="US", core_warehouse_id="W2")
    nowhere = make_store(country="DE", core_warehouse_id="W3")
    channel("aaa", "US", "W1")
    channel("bbb", "US", "W2")
    listed("CABLE", aaa="9.50", bbb="7.25")
    listed("FREE", aaa=None, bbb="1.00")
    with django_assert_num_queries(2):
        found = selectors.prices_in_stores(
            [(place, sku) for place in (store, other, nowhere) for sku in ("CABLE", "FREE", "NOTHING")]
        )
    assert found == {
        (store.pk, "CABLE"): (Decimal("9.50"), "USD"),
        (other.pk, "CABLE"): (Decimal("7.25"), "USD"),
        (other.pk, "FREE"): (Decimal("1.00"), "USD"),
    }


def test_of_a_sku_that_moved_to_another_variant_the_price_of_now_counts(store: Store) -> None:
    channel("aaa", "US", "W1")
    listed("CABLE", aaa="9.50")
    Variant.objects.update(is_active=False)
    listed("CABLE", aaa="8.00")
    assert selectors.prices_in_stores([(store, "CABLE")]) == {(store.pk, "CABLE"): (Decimal("8.00"), "USD")}


def test_the_stock_in_the_admin_is_worth_what_its_own_channel_asks(store: Store, admin_client: Client) -> None:
    cable, other = make_item(), make_store(country="US", core_warehouse_id="W2")
    channel("aaa", "US", "W1")
    channel("bbb", "US", "W2")
    listed(cable.sku, aaa="9.50", bbb="7.25")
    stock(store, cable, 2)
    stock(other, cable, 2)
    page = admin_client.get(reverse("admin:inventory_balance_changelist")).content.decode()
    assert ("19.00 USD" in page, "14.50 USD" in page) == (True, True)
