import json
from typing import Any

from embedded_core import models
from embedded_core.ids import global_id
from embedded_core.tests.shop import TOKEN, Shop, codes


def _row(shop: Shop, sku: str, store: str, quantity: int) -> dict[str, Any]:
    return {"variantId": shop.variant(sku), "warehouseId": shop.warehouse(store), "quantity": quantity}


def test_a_bulk_update_sets_rows_and_tells_of_those_that_changed(shop: Shop) -> None:
    rows = [_row(shop, "PHONE-64", "S1", 9), _row(shop, "PHONE-64", "S2", 2)]
    answer = shop.do("StockBulkUpdate", stocks=rows)
    assert (answer["count"], answer["errors"]) == (2, [])
    assert shop.stock("PHONE-64", "S1") == (9, 0)
    assert shop.events() == ["product_variant_stock_updated"]
    payload = json.loads(models.WebhookDelivery.objects.get().payload)
    assert payload["productVariant"]["id"] == shop.variant("PHONE-64")
    assert payload["warehouse"] == {"id": shop.warehouse("S1"), "slug": "S1"}
    assert payload["issuingPrincipal"]["__typename"] == "App"


def test_rows_that_fail_are_left_out(shop: Shop) -> None:
    models.Stock.objects.filter(variant__sku="CASE", warehouse__slug="S2").delete()
    rows = [
        _row(shop, "PHONE-64", "S1", 9),
        _row(shop, "PHONE-64", "S2", -1),
        _row(shop, "CASE", "S2", 4),
        {"variantId": "nonsense", "warehouseId": shop.warehouse("S1"), "quantity": 1},
    ]
    answer = shop.do("StockBulkUpdate", stocks=rows)
    assert answer["count"] == 1
    found = [[error["code"] for error in result["errors"]] for result in answer["results"]]
    assert found == [[], ["INVALID"], ["NOT_FOUND"], ["INVALID"]]
    assert not models.Stock.objects.filter(variant__sku="CASE", warehouse__slug="S2").exists()


def test_without_a_policy_one_failure_rejects_everything(shop: Shop) -> None:
    query = """mutation($stocks: [StockBulkUpdateInput!]!) {
        stockBulkUpdate(stocks: $stocks) { count results { errors { code } } errors { code } } }"""
    rows = [_row(shop, "PHONE-64", "S1", 9), _row(shop, "PHONE-64", "S2", -1)]
    answer = shop.post(query, {"stocks": rows}, TOKEN)["data"]["stockBulkUpdate"]
    assert answer["count"] == 0
    assert shop.stock("PHONE-64", "S1") == (5, 0)


def test_allocations_survive_a_new_quantity(shop: Shop) -> None:
    shop.order(quantity=2)
    shop.do("StockBulkUpdate", stocks=[_row(shop, "PHONE-64", "S1", 1)])
    assert shop.stock("PHONE-64", "S1") == (1, 2)


def test_a_variant_update_makes_rows_that_are_missing(shop: Shop) -> None:
    models.Stock.objects.filter(variant__sku="CASE", warehouse__slug="S2").delete()
    stocks = [{"warehouse": shop.warehouse("S2"), "quantity": 4}]
    answer = shop.do("ProductVariantStocksUpdate", variantId=shop.variant("CASE"), stocks=stocks)
    assert answer["errors"] == []
    assert shop.stock("CASE", "S2") == (4, 0)


def test_a_variant_update_is_refused_as_a_whole(shop: Shop) -> None:
    good = {"warehouse": shop.warehouse("S1"), "quantity": 9}
    variant = shop.variant("CASE")

    def refused(*stocks: dict[str, Any]) -> list[str]:
        return codes(shop.do("ProductVariantStocksUpdate", variantId=variant, stocks=list(stocks)))

    assert refused(good, {"warehouse": shop.warehouse("S2"), "quantity": -1}) == ["INVALID"]
    assert refused(good, good) == ["UNIQUE"]
    assert refused(good, {"warehouse": shop.variant("CASE"), "quantity": 1}) == ["GRAPHQL_ERROR"]
    assert shop.stock("CASE", "S1") == (5, 0)
    assert shop.events() == []


def test_public_metadata_of_a_checkout_is_open_and_keys_are_merged(shop: Shop) -> None:
    made = shop.checkout()
    shop.do("MetadataUpdate", token=None, id=made["id"], input=[{"key": "a", "value": "1"}])
    done = shop.do("MetadataUpdate", id=made["id"], input=[{"key": "b", "value": "2"}, {"key": "a", "value": "3"}])
    assert done["item"]["metadata"] == [{"key": "a", "value": "3"}, {"key": "b", "value": "2"}]


def test_private_metadata_travels_to_the_order(shop: Shop) -> None:
    made = shop.checkout()
    done = shop.do("PrivateMetadataUpdate", id=made["id"], input=[{"key": "seal", "value": "s"}])
    assert done["item"]["privateMetadata"] == [{"key": "seal", "value": "s"}]
    order = shop.do("CheckoutComplete", id=made["id"])["order"]
    assert models.Order.objects.get().private_metadata == {"seal": "s"}
    done = shop.do("MetadataUpdate", id=order["id"], input=[{"key": "suite", "value": "1"}])
    assert shop.do("Order", id=order["id"])["metadata"] == [{"key": "suite", "value": "1"}]


def test_metadata_of_what_does_not_exist(shop: Shop) -> None:
    entry = [{"key": "a", "value": "b"}]
    assert codes(shop.do("MetadataUpdate", id="QXBwOjE=", input=entry)) == ["NOT_FOUND"]
    assert codes(shop.do("MetadataUpdate", id="nonsense", input=entry)) == ["GRAPHQL_ERROR"]
    assert codes(shop.do("MetadataUpdate", id="UHJvZHVjdDo5OTk5OTk=", input=entry)) == ["NOT_FOUND"]
    assert codes(shop.do("MetadataUpdate", id=shop.order()["id"], input=[{"key": " ", "value": ""}])) == ["REQUIRED"]


def test_a_customer_edits_only_the_own_metadata(shop: Shop) -> None:
    token = shop.user_token("ada@example.com")
    users = {user.email: user for user in models.User.objects.all()}
    entry = [{"key": "a", "value": "b"}]
    own = shop.do("MetadataUpdate", token=token, id=global_id(users["ada@example.com"]), input=entry)
    assert own["errors"] == []
    other = shop.ask("MetadataUpdate", token=token, id=global_id(users["clerk@example.com"]), input=entry)
    assert other["errors"]
