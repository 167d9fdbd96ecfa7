from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from embedded_core import models
from embedded_core.ids import global_id
from embedded_core.tests.shop import Shop


def _slugs(answer: dict) -> list[str]:
    return [edge["node"]["slug"] for edge in answer["edges"]]


def test_a_product_has_everything_that_the_suite_reads(shop: Shop) -> None:
    product = shop.do("ProductById", id=_id(shop, "phone"), channel="us")
    assert product["productType"]["slug"] == "device"
    assert product["category"]["ancestors"]["edges"][0]["node"]["slug"] == "devices"
    assert product["taxClass"]["countries"] == [{"country": {"code": "US"}, "rate": 8.25}]
    assert product["thumbnail"] == {"url": "/media/catalogue/phone.svg"}
    assert '"text": "A phone."' in product["description"]
    assert product["isAvailable"] is True
    listing = {"channel": {"slug": "us"}, "isPublished": True, "publishedAt": None}
    assert product["channelListings"] == [listing]
    small, large = product["variants"]
    assert (small["sku"], large["sku"]) == ("PHONE-64", "PHONE-128")
    assert small["metadata"] == [{"key": "gtin", "value": "4006381333931"}]
    assert small["pricing"]["price"]["net"] == {"amount": 499.99, "currency": "USD"}
    assert large["pricing"]["priceUndiscounted"]["net"]["amount"] == 599.99
    assert small["attributes"][0]["values"][0]["slug"] == "64-gb"
    values = {row["attribute"]["slug"]: row["values"][0] for row in product["attributes"]}
    assert values["brand"]["name"] == "Motorola"
    assert values["esim"]["boolean"] is True


def _id(shop: Shop, slug: str) -> str:
    return global_id(models.Product.objects.get(slug=slug))


def test_a_reference_names_the_other_product(shop: Shop) -> None:
    case = shop.do("ProductById", id=_id(shop, "case"), channel="us")
    assert case["attributes"][0]["values"][0]["reference"] == _id(shop, "phone")


def test_pages_go_on_where_the_cursor_ended(shop: Shop) -> None:
    first = shop.do("Products", channel="us", first=2)
    assert first["totalCount"] == 3
    assert first["pageInfo"]["hasNextPage"] is True
    rest = shop.do("Products", channel="us", first=2, after=first["pageInfo"]["endCursor"])
    assert rest["pageInfo"]["hasNextPage"] is False
    assert sorted(_slugs(first) + _slugs(rest)) == ["case", "phone", "plan"]


@pytest.mark.parametrize("first", [101, -1])
def test_a_page_has_at_most_100_rows(shop: Shop, first: int) -> None:
    answer = shop.ask("Products", channel="us", first=first)
    assert answer["data"]["products"] is None
    assert "limit of 100" in answer["errors"][0]["message"]


def test_a_bad_cursor_is_an_error(shop: Shop) -> None:
    assert "cursor is invalid" in shop.ask("Products", channel="us", first=1, after="x!")["errors"][0]["message"]


def test_products_by_the_time_of_their_last_change(shop: Shop) -> None:
    moment = timezone.now() - timedelta(hours=1)
    models.Product.objects.exclude(slug="phone").update(updated_at=moment - timedelta(hours=1))
    changed = shop.do("Products", channel="us", first=10, where={"updatedAt": {"range": {"gte": moment.isoformat()}}})
    assert _slugs(changed) == ["phone"]


def test_products_by_id_and_slug(shop: Shop) -> None:
    assert _slugs(shop.do("Products", channel="us", first=9, where={"ids": [_id(shop, "case")]})) == ["case"]
    assert _slugs(shop.do("Products", channel="us", first=9, where={"slug": {"oneOf": ["plan", "case"]}})) == [
        "case",
        "plan",
    ]


def test_the_number_of_queries_does_not_grow_with_the_page(shop: Shop) -> None:
    def queries(first: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            shop.do("Products", channel="us", first=first)
        return len(captured)

    assert queries(3) == queries(2) <= 12


def test_anonymous_callers_see_what_is_sold_and_no_taxes(shop: Shop) -> None:
    models.Product.objects.filter(slug="case").update(is_published=False)
    query = '{ products(channel: "us", first: 9) { edges { node { slug } } } }'
    assert _slugs(shop.post(query, {}, None)["data"]["products"]) == ["phone", "plan"]
    assert len(shop.do("Products", channel="us", first=9)["edges"]) == 3
    answer = shop.ask("Products", token=None, channel="us", first=9)
    assert {error["extensions"]["exception"]["code"] for error in answer["errors"]} == {"PermissionDenied"}


def test_the_suite_is_told_that_a_product_is_hidden(shop: Shop) -> None:
    models.Product.objects.filter(slug="case").update(is_published=False)
    case = shop.do("ProductById", id=_id(shop, "case"), channel="us")
    assert [listing["isPublished"] for listing in case["channelListings"]] == [False]


def test_an_unknown_channel_has_no_products(shop: Shop) -> None:
    assert shop.do("Products", channel="nowhere", first=9)["edges"] == []


def test_a_product_that_does_not_exist_is_null_and_a_wrong_id_an_error(shop: Shop) -> None:
    assert shop.do("ProductById", id="UHJvZHVjdDo5OTk5OTk=", channel="us") is None
    assert "Invalid ID" in shop.ask("ProductById", id="nonsense", channel="us")["errors"][0]["message"]
    assert shop.do("ProductById", id=shop.warehouse("S1"), channel="us") is None


def test_warehouses_and_channels(shop: Shop) -> None:
    rows = {edge["node"]["slug"]: edge["node"] for edge in shop.do("Warehouses", first=100)["edges"]}
    assert rows["S1"]["clickAndCollectOption"] == "LOCAL"
    assert rows["S1"]["address"]["country"] == {"code": "US"}
    (channel,) = shop.do("Channels")
    assert channel["taxConfiguration"] == {"pricesEnteredWithTax": False, "chargeTaxes": True}
    assert channel["orderSettings"] == {"allowUnpaidOrders": True}


def test_stock_of_a_variant(shop: Shop) -> None:
    rows = shop.do("VariantStocks", id=shop.variant("PHONE-64"))["stocks"]
    assert {row["warehouse"]["slug"]: row["quantity"] for row in rows} == {"S1": 5, "S2": 2, "D1": 3, "A1": 0}


def test_a_sold_out_product_is_not_available(shop: Shop) -> None:
    models.Stock.objects.update(quantity=0)
    rows = {e["node"]["slug"]: e["node"] for e in shop.do("Products", channel="us", first=9)["edges"]}
    assert rows["phone"]["isAvailable"] is False
    assert rows["plan"]["isAvailable"] is True
