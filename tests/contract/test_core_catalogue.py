"""What is read of a core's catalogue, and stock that is written to it and read back."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from commerce.core import Core
from commerce.errors import CoreRefused
from tests.contract.shop import Shop

NO_VARIANT = "UHJvZHVjdFZhcmlhbnQ6OTk5OTk5OQ=="
NO_WAREHOUSE = "V2FyZWhvdXNlOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMA=="


def test_the_version_is_told_to_a_known_key(core: Core, shop: Shop) -> None:
    assert core.version() == shop.version


def test_an_unknown_or_revoked_key_is_refused(connect: Callable[..., Core], shop: Shop) -> None:
    stranger = connect(token="a-key-that-was-revoked")
    with pytest.raises(CoreRefused) as version:
        stranger.version()
    with pytest.raises(CoreRefused) as stock:
        stranger.push_stock([(shop.variants["case"], shop.warehouses["one"], 1)])
    assert (version.value.code, stock.value.code) == ("PERMISSION_DENIED", "PERMISSION_DENIED")


def test_channels(core: Core, shop: Shop) -> None:
    channels = {channel.slug: channel for channel in core.channels()}
    opened, paid = channels[shop.channel], channels[shop.paid_channel]
    assert (opened.currency, opened.country, opened.is_active) == ("USD", "US", True)
    assert (opened.prices_include_tax, opened.charge_taxes) == (False, True)
    assert (opened.allow_unpaid_orders, paid.allow_unpaid_orders) == (True, False)
    assert opened.warehouse_ids == paid.warehouse_ids == set(shop.warehouses.values())


def test_warehouses(core: Core, shop: Shop) -> None:
    store = next(item for item in core.warehouses() if item.id == shop.warehouses["one"])
    assert (store.slug, store.name, store.email) == (f"one-{shop.tag}", f"Store one {shop.tag}", "one@example.com")
    assert (store.street_address_1, store.city, store.postal_code) == ("1 Congress Ave", "AUSTIN", "78701")
    assert (store.country_area, store.country, store.phone) == ("TX", "US", "+15125550100")
    assert store.click_and_collect == "LOCAL"
    assert store.metadata == {"store": "one"}


def test_a_product_with_everything_we_read(core: Core, shop: Shop) -> None:
    phone = core.product(shop.products["phone"], shop.channel)
    assert phone is not None
    assert (phone.name, phone.description, phone.published) == ("Phone", "A fine phone.", True)
    assert (phone.product_type.slug, phone.product_type.metadata) == (f"device-{shop.tag}", {"kind": "DEVICE"})
    assert phone.category is not None
    assert phone.category.path_slugs == (f"devices-{shop.tag}", f"phones-{shop.tag}")
    assert phone.tax_rates == {"US": Decimal("0.0825")}
    assert phone.metadata == {"origin": "contract"}
    assert [(item.name, [value.name for value in item.values]) for item in phone.attributes] == [("Brand", ["Acme"])]
    found = {variant.sku: variant for variant in phone.variants}
    assert set(found) == {shop.skus["phone-128"], shop.skus["phone-256"]}
    large = found[shop.skus["phone-256"]]
    assert large.price is not None
    assert (large.price.net, large.price.tax, large.price.gross) == (
        Decimal("599.99"),
        Decimal("49.5"),
        Decimal("649.49"),
    )
    assert large.price == large.undiscounted_price
    assert (large.name, large.track_inventory, large.metadata) == ("256 GB", True, {"gtin": "4006381333931"})
    assert [value.name for item in large.attributes for value in item.values] == ["256 GB"]


def test_products_by_page_and_by_what_has_changed(core: Core, shop: Shop) -> None:
    ids = sorted(shop.products.values())
    assert sorted(product.id for product in core.iter_products(shop.channel, ids=ids)) == ids
    since = shop.now - timedelta(minutes=5)
    assert {item.id for item in core.iter_products(shop.channel, ids=ids, updated_since=since)} == set(ids)
    later = shop.now + timedelta(days=1)
    assert list(core.iter_products(shop.channel, ids=ids, updated_since=later)) == []


def test_a_product_that_is_not_there(core: Core, shop: Shop) -> None:
    assert core.product("UHJvZHVjdDo5OTk5OTk5", shop.channel) is None
    assert core.product(shop.variants["case"], shop.channel) is None
    with pytest.raises(CoreRefused) as refused:
        core.product("no id", shop.channel)
    assert refused.value.code == "GRAPHQL_ERROR"


def test_stock_is_set_and_read_back(core: Core, shop: Shop) -> None:
    one, two, phone = shop.warehouses["one"], shop.warehouses["two"], shop.variants["phone-256"]
    assert core.push_stock([(phone, one, 7), (phone, two, 0)]) == []
    assert core.push_stock([(phone, one, 3)]) == []
    assert core.stock_of(phone) == {one: (3, 0), two: (0, 0)}
    assert core.stock_of(NO_VARIANT) == {}


def test_stock_that_cannot_be_set_is_told_row_by_row(core: Core, shop: Shop) -> None:
    one, case, phone = shop.warehouses["one"], shop.variants["case"], shop.variants["phone-256"]
    refused = core.push_stock([(phone, one, 4), (NO_VARIANT, one, 1), (case, NO_WAREHOUSE, 1), (phone, one, 5)])
    assert [(row.variant_id, row.warehouse_id, row.code) for row in refused] == [
        (NO_VARIANT, one, "NOT_FOUND"),
        (case, NO_WAREHOUSE, "GRAPHQL_ERROR"),
    ]
    assert core.stock_of(phone)[one] == (5, 0)
