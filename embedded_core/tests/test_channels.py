"""Two channels in one core: prices with and without tax, stores by country, texts in a second language."""

from typing import Any

import pytest

from embedded_core import models
from embedded_core.ids import global_id
from embedded_core.services import catalogue_load
from embedded_core.tests.shop import ADDRESS, Shop, catalogue, codes

BEIJING = {"street_address_1": "建国路1号", "city": "北京市", "postal_code": "100022", "country": "CN"}
IN_BEIJING = ADDRESS | {"streetAddress1": "建国路1号", "city": "北京市", "countryArea": "北京市", "country": "CN"}


def two_channels() -> dict[str, Any]:
    """The small catalogue, of which the phone and the plan are sold in China too, there with taxes of its own."""
    data = catalogue()
    data["channels"].append(
        {"slug": "cn", "name": "中国大陆", "currency": "CNY", "country": "CN", "prices_entered_with_tax": True}
        | {"allow_unpaid_orders": True}
    )
    data["tax_classes"][0]["rates"]["CN"] = "13"
    data["tax_classes"][1]["rates"]["CN"] = "6"
    data["warehouses"].append({"slug": "C1", "name": "国贸店", "address": BEIJING, "click_and_collect": "LOCAL"})
    data["categories"][1]["translations"] = {"zh-hans": {"name": "手机"}}
    data["attributes"][0]["translations"] = {"zh-hans": {"name": "品牌", "values": {"Motorola": "摩托罗拉"}}}
    phone, _case, plan = data["products"]
    phone["translations"] = {"zh-hans": {"name": "电话", "description": "一部电话。\n会响。"}}
    phone["variants"][0]["listings"]["cn"] = {"price": "2999.00", "undiscounted_price": "3299.00"}
    phone["variants"][0]["translations"] = {"zh-hans": {"name": "64 GB 版"}}
    plan["variants"][0]["listings"] = {"cn": {"price": "99.00"}}
    return data


@pytest.fixture
def both(shop: Shop) -> Shop:
    models.VariantListing.objects.filter(variant__sku="PLAN").delete()
    catalogue_load.load(two_channels())
    shop.set_stock("PHONE-64", "C1", 4)
    return shop


def _product(shop: Shop, slug: str, channel: str) -> dict[str, Any]:
    return shop.do("ProductById", id=global_id(models.Product.objects.get(slug=slug)), channel=channel)


def test_each_channel_sells_what_is_listed_in_it(both: Shop) -> None:
    def sold(channel: str) -> list[str]:
        return sorted(edge["node"]["slug"] for edge in both.do("Products", channel=channel, first=9)["edges"])

    assert sold("us") == ["case", "phone"]
    assert sold("cn") == ["phone", "plan"]
    listed = {entry["channel"]["slug"] for entry in _product(both, "phone", "cn")["channelListings"]}
    assert listed == {"us", "cn"}


def test_a_price_with_tax_is_the_gross_price(both: Shop) -> None:
    pricing = _product(both, "phone", "cn")["variants"][0]["pricing"]
    price, before = pricing["price"], pricing["priceUndiscounted"]
    assert price["gross"] == {"amount": 2999.0, "currency": "CNY"}
    assert (price["net"]["amount"], price["tax"]["amount"]) == (2653.98, 345.02)
    assert before["gross"]["amount"] == 3299.0
    assert _product(both, "phone", "us")["variants"][0]["pricing"]["price"]["net"]["amount"] == 499.99


def test_texts_come_in_the_second_language(both: Shop) -> None:
    phone = _product(both, "phone", "cn")
    assert phone["translation"]["name"] == "电话"
    assert '"一部电话。"' in phone["translation"]["description"].encode().decode("unicode_escape")
    assert phone["category"]["translation"] == {"name": "手机"}
    assert phone["category"]["ancestors"]["edges"][0]["node"]["translation"] is None
    brand, esim = phone["attributes"]
    assert brand["attribute"]["translation"] == {"name": "品牌"}
    assert brand["values"][0]["translation"] == {"name": "摩托罗拉"}
    assert (esim["attribute"]["translation"], esim["values"][0]["translation"]) == (None, None)
    assert [variant["translation"] for variant in phone["variants"]] == [{"name": "64 GB 版"}, None]
    assert _product(both, "plan", "cn")["translation"] is None


def test_loading_translations_again_changes_nothing(both: Shop) -> None:
    done = catalogue_load.load(two_channels())
    assert (done.created, done.changed) == (0, 0)


def _checkout(shop: Shop, *lines: tuple[str, int]) -> dict[str, Any]:
    wanted = [{"variantId": shop.variant(sku), "quantity": quantity} for sku, quantity in lines]
    return shop.do(
        "CheckoutCreate",
        input={"channel": "cn", "email": "li@example.com", "billingAddress": IN_BEIJING, "lines": wanted},
    )


def test_goods_are_collected_in_the_channels_country(both: Shop) -> None:
    made = _checkout(both, ("PHONE-64", 2))["checkout"]
    assert [point["name"] for point in made["availableCollectionPoints"]] == ["国贸店"]
    in_america = both.checkout("PHONE-64", store=None)
    assert "国贸店" not in {point["name"] for point in in_america["availableCollectionPoints"]}


def test_stock_of_another_country_is_not_for_sale(both: Shop) -> None:
    refused = _checkout(both, ("PHONE-64", 5))
    assert codes(refused) == ["INSUFFICIENT_STOCK"]
    both.set_stock("PHONE-64", "C1", 0)
    assert _product(both, "phone", "cn")["isAvailable"] is False
    assert _product(both, "phone", "us")["isAvailable"] is True


def test_an_order_in_china_holds_its_taxes(both: Shop) -> None:
    # A store must know all that is collected there, be it without stock.
    plan, store = models.ProductVariant.objects.get(sku="PLAN"), models.Warehouse.objects.get(slug="C1")
    models.Stock.objects.create(variant=plan, warehouse=store, quantity=0)
    made = _checkout(both, ("PHONE-64", 3), ("PLAN", 1))["checkout"]
    assert both.do("CheckoutDeliveryMethodUpdate", id=made["id"], deliveryMethodId=both.warehouse("C1"))["errors"] == []
    order = both.do("CheckoutComplete", id=made["id"])["order"]
    # 8997.00 holds 1035.05 at 13 %, 99.00 holds 5.60 at 6 %
    assert order["total"]["gross"] == {"amount": 9096.0, "currency": "CNY"}
    assert order["total"]["tax"]["amount"] == 1040.65
    assert both.stock("PHONE-64", "C1") == (4, 3)
