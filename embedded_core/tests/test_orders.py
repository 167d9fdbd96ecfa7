from typing import Any

from embedded_core import models
from embedded_core.tests.shop import Shop, codes


def _fulfil(shop: Shop, order: dict[str, Any], quantity: int, store: str = "S1", **options: Any) -> dict[str, Any]:
    line = {
        "orderLineId": order["lines"][0]["id"],
        "stocks": [{"quantity": quantity, "warehouse": shop.warehouse(store)}],
    }
    return shop.do("OrderFulfill", order=order["id"], input={"lines": [line], **options})


def test_fulfilment_takes_quantity_and_allocation(shop: Shop) -> None:
    order = shop.order(quantity=3)
    partly = _fulfil(shop, order, 1)["order"]
    assert partly["status"] == "PARTIALLY_FULFILLED"
    assert partly["lines"][0]["quantityFulfilled"] == 1
    assert shop.stock("PHONE-64", "S1") == (4, 2)
    whole = _fulfil(shop, order, 2)["order"]
    assert whole["status"] == "FULFILLED"
    assert shop.stock("PHONE-64", "S1") == (2, 0)
    assert not models.Allocation.objects.exists()
    assert shop.events()[-3:] == ["order_updated", "order_updated", "order_fulfilled"]
    assert "product_variant_stock_updated" not in shop.events()


def test_fulfilment_from_another_warehouse_gives_back_the_promise(shop: Shop) -> None:
    order = shop.order(quantity=2)
    _fulfil(shop, order, 2, store="D1")
    assert shop.stock("PHONE-64", "S1") == (5, 0)
    assert shop.stock("PHONE-64", "D1") == (1, 0)


def test_more_than_remains_is_refused(shop: Shop) -> None:
    order = shop.order()
    refused = _fulfil(shop, order, 2)
    assert codes(refused) == ["FULFILL_ORDER_LINE"]
    assert refused["errors"][0]["orderLines"] == [order["lines"][0]["id"]]
    assert codes(_fulfil(shop, order, 0)) == ["ZERO_QUANTITY"]
    assert codes(_fulfil(shop, order, -1)) == ["INVALID_QUANTITY"]
    assert shop.stock("PHONE-64", "S1") == (5, 1)


def test_units_promised_to_others_cannot_be_fulfilled(shop: Shop) -> None:
    shop.order(quantity=2, store="S2")
    order = shop.order(quantity=1)
    refused = _fulfil(shop, order, 1, store="S2")
    assert codes(refused) == ["INSUFFICIENT_STOCK"]
    assert refused["errors"][0]["warehouse"] == shop.warehouse("S2")
    assert shop.stock("PHONE-64", "S2") == (2, 2)
    assert shop.stock("PHONE-64", "S1") == (5, 1)


def test_exceeding_the_stock_can_be_allowed(shop: Shop) -> None:
    order = shop.order(quantity=3)
    shop.set_stock("PHONE-64", "S1", 1)
    assert codes(_fulfil(shop, order, 3)) == ["INSUFFICIENT_STOCK"]
    assert _fulfil(shop, order, 3, allowStockToBeExceeded=True)["order"]["status"] == "FULFILLED"
    assert shop.stock("PHONE-64", "S1") == (-2, 0)


def test_repeated_lines_and_warehouses_are_refused(shop: Shop) -> None:
    order = shop.order()
    stocks = [{"quantity": 1, "warehouse": shop.warehouse("S1")}]
    line = {"orderLineId": order["lines"][0]["id"], "stocks": stocks}
    twice = shop.do("OrderFulfill", order=order["id"], input={"lines": [line, line]})
    assert codes(twice) == ["DUPLICATED_INPUT_ITEM"]
    places = shop.do("OrderFulfill", order=order["id"], input={"lines": [line | {"stocks": stocks * 2}]})
    assert codes(places) == ["DUPLICATED_INPUT_ITEM"]


def test_lines_of_another_order_are_not_found(shop: Shop) -> None:
    order, other = shop.order(), shop.order()
    assert codes(_fulfil(shop, order | {"lines": other["lines"]}, 1)) == ["GRAPHQL_ERROR"]


def test_a_plan_needs_no_stock(shop: Shop) -> None:
    order = shop.order(sku="PLAN", store=None)
    assert _fulfil(shop, order, 1)["order"]["status"] == "FULFILLED"


def test_cancelling_releases_the_stock_once(shop: Shop) -> None:
    order = shop.order(quantity=2)
    assert shop.stock("PHONE-64", "S1") == (5, 2)
    assert shop.do("OrderCancel", id=order["id"])["order"]["status"] == "CANCELED"
    assert shop.stock("PHONE-64", "S1") == (5, 0)
    assert shop.events()[-2:] == ["order_cancelled", "order_updated"]
    assert codes(shop.do("OrderCancel", id=order["id"])) == ["CANNOT_CANCEL_ORDER"]
    assert shop.stock("PHONE-64", "S1") == (5, 0)
    assert _fulfil(shop, order, 1)["order"]["status"] == "PARTIALLY_FULFILLED"  # Saleor does not look either


def test_what_has_left_cannot_be_cancelled(shop: Shop) -> None:
    order = shop.order(quantity=2)
    _fulfil(shop, order, 1)
    assert codes(shop.do("OrderCancel", id=order["id"])) == ["CANNOT_CANCEL_ORDER"]
    assert shop.stock("PHONE-64", "S1") == (4, 1)


def test_a_paid_order_stays_paid_when_it_is_cancelled(shop: Shop) -> None:
    order = shop.order(sku="CASE")
    paid = {"pspReference": "p", "amountCharged": {"amount": "10.81", "currency": "USD"}}
    shop.do("TransactionCreate", id=order["id"], transaction=paid)
    assert shop.do("OrderCancel", id=order["id"])["order"]["chargeStatus"] == "FULL"


def test_orders_that_do_not_exist(shop: Shop) -> None:
    assert shop.do("Order", id="T3JkZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw") is None
    assert shop.do("OrderByExternalReference", reference="nothing") is None
    missing = "T3JkZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw"
    assert codes(shop.do("OrderCancel", id=missing)) == ["NOT_FOUND"]
