import copy
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from embedded_core import ids, models
from embedded_core.tests.shop import ADDRESS, Shop


def _sale(shop: Shop, reference: str = "sale-1", quantity: int = 2, **changes: Any) -> dict[str, Any]:
    """A sale at a register: paid, handed over, recorded afterwards."""
    now = timezone.now().isoformat()
    variant, store = shop.variant("CASE"), shop.warehouse("S1")
    price = {"net": "19.98", "gross": "21.63"}
    return {
        "externalReference": reference,
        "channel": "us",
        "createdAt": now,
        "status": "FULFILLED",
        "user": {"email": "walk-in@example.com"},
        "billingAddress": ADDRESS,
        "currency": "USD",
        "languageCode": "EN",
        "metadata": [{"key": "register", "value": "R1"}],
        "deliveryMethod": {"warehouseId": store, "warehouseName": "Store 1"},
        "lines": [
            {
                "variantId": variant,
                "createdAt": now,
                "isShippingRequired": True,
                "isGiftCard": False,
                "quantity": quantity,
                "totalPrice": price,
                "undiscountedTotalPrice": price,
                "warehouse": store,
                "taxClassId": ids.global_id(models.TaxClass.objects.get(slug="standard")),
                "taxRate": "0.0825",
                "metadata": [{"key": "line", "value": "1"}],
            }
        ],
        "fulfillments": [
            {"lines": [{"variantId": variant, "quantity": quantity, "warehouse": store, "orderLineIndex": 0}]}
        ],
        "transactions": [{"name": "Cash", "amountCharged": {"amount": "21.63", "currency": "USD"}}],
    } | changes


def _record(shop: Shop, *sales: dict[str, Any], policy: str = "SKIP", **options: Any) -> dict[str, Any]:
    return shop.do("OrderBulkCreate", orders=list(sales), stockUpdatePolicy=policy, **options)


def _codes(answer: dict[str, Any]) -> list[list[str]]:
    return [[error["code"] for error in result["errors"] or []] for result in answer["results"]]


def test_a_sale_is_recorded_with_its_totals(shop: Shop) -> None:
    answer = _record(shop, _sale(shop))
    assert (answer["count"], answer["errors"]) == (1, [])
    order = answer["results"][0]["order"]
    assert (order["status"], order["chargeStatus"]) == ("FULFILLED", "FULL")
    amounts = {part: money["amount"] for part, money in order["total"].items()}
    assert amounts == {"net": 19.98, "tax": 1.65, "gross": 21.63}
    assert order["lines"][0]["quantityFulfilled"] == 2
    assert order["lines"][0]["unitPrice"]["net"]["amount"] == 9.99
    assert order["metadata"] == [{"key": "register", "value": "R1"}]
    assert order["collectionPointName"] == "Store 1"
    assert shop.do("OrderByExternalReference", reference="sale-1")["id"] == order["id"]
    # Recorded orders fire no webhook of an order.
    assert shop.events() == []


@pytest.mark.parametrize(("policy", "left"), [("SKIP", 5), ("UPDATE", 3), ("FORCE", 3)])
def test_stock_follows_the_policy(shop: Shop, policy: str, left: int) -> None:
    _record(shop, _sale(shop), policy=policy)
    assert shop.stock("CASE", "S1") == (left, 0)


def test_an_oversell_is_refused_unless_forced(shop: Shop) -> None:
    answer = _record(shop, _sale(shop, quantity=8), policy="UPDATE")
    assert _codes(answer) == [["INSUFFICIENT_STOCK"]]
    assert shop.stock("CASE", "S1") == (5, 0)
    assert not models.Order.objects.exists()
    assert _record(shop, _sale(shop, quantity=8), policy="FORCE")["count"] == 1
    assert shop.stock("CASE", "S1") == (-3, 0)


def test_unfulfilled_sales_take_no_stock(shop: Shop) -> None:
    answer = _record(shop, _sale(shop, status="UNFULFILLED", fulfillments=[]), policy="UPDATE")
    assert answer["results"][0]["order"]["status"] == "UNFULFILLED"
    assert shop.stock("CASE", "S1") == (5, 0)


def test_a_stock_that_does_not_exist(shop: Shop) -> None:
    models.Stock.objects.filter(variant__sku="CASE", warehouse__slug="S1").delete()
    assert _codes(_record(shop, _sale(shop), policy="UPDATE")) == [["NON_EXISTING_STOCK"]]


def test_a_reference_is_recorded_once(shop: Shop) -> None:
    _record(shop, _sale(shop))
    again = _record(shop, _sale(shop))
    assert (again["count"], _codes(again)) == (0, [["UNIQUE"]])
    twice = _record(shop, _sale(shop, "sale-2"), _sale(shop, "sale-2"), errorPolicy="REJECT_FAILED_ROWS")
    assert (twice["count"], _codes(twice)) == (1, [[], ["UNIQUE"]])
    assert models.Order.objects.count() == 2


def _wrong(shop: Shop, name: str) -> tuple[dict[str, Any], str]:
    sale = _sale(shop, "wrong")
    line = sale["lines"][0]
    cases: dict[str, tuple[dict[str, Any], str]] = {
        "future": ({"createdAt": (timezone.now() + timedelta(minutes=10)).isoformat()}, "FUTURE_DATE"),
        "return": ({"lines": [line | {"quantity": -1}], "fulfillments": []}, "INVALID_QUANTITY"),
        "tax class": ({"lines": [{k: v for k, v in line.items() if k != "taxClassId"}]}, "REQUIRED"),
        "currency": ({"currency": "EUR"}, "INCORRECT_CURRENCY"),
        "channel": ({"channel": "nowhere"}, "NOT_FOUND"),
        "variant": ({"lines": [line | {"variantId": "UHJvZHVjdFZhcmlhbnQ6OTk5OTk5"}]}, "NOT_FOUND"),
        "price": ({"lines": [line | {"totalPrice": {"net": "9", "gross": "8"}}]}, "PRICE_ERROR"),
        "status": ({"fulfillments": []}, "INVALID"),
        "delivery": ({"deliveryMethod": None}, "REQUIRED"),
        "metadata": ({"metadata": [{"key": " ", "value": "x"}]}, "METADATA_KEY_REQUIRED"),
        "address": ({"billingAddress": ADDRESS | {"city": ""}}, "INVALID"),
        "user": ({"user": {}}, "REQUIRED"),
    }
    changes, code = cases[name]
    return sale | changes, code


@pytest.mark.parametrize(
    "name",
    [
        "future",
        "return",
        "tax class",
        "currency",
        "channel",
        "variant",
        "price",
        "status",
        "delivery",
        "metadata",
        "address",
        "user",
    ],
)
def test_one_wrong_sale_rejects_everything_by_default(shop: Shop, name: str) -> None:
    wrong, code = _wrong(shop, name)
    answer = _record(shop, _sale(shop), wrong, policy="UPDATE")
    assert answer["count"] == 0
    good, bad = _codes(answer)
    assert good == []
    assert code in bad
    assert not models.Order.objects.exists()
    assert shop.stock("CASE", "S1") == (5, 0)


def test_failed_rows_can_be_left_out(shop: Shop) -> None:
    wrong, _ = _wrong(shop, "future")
    answer = _record(shop, wrong, _sale(shop), errorPolicy="REJECT_FAILED_ROWS")
    assert answer["count"] == 1
    assert answer["results"][0]["order"] is None
    ignored = _record(shop, _wrong(shop, "future")[0], errorPolicy="IGNORE_FAILED")
    assert ignored["count"] == 1
    assert _codes(ignored) == [["FUTURE_DATE"]]


def test_fulfilments_have_to_fit_the_lines(shop: Shop) -> None:
    sale = _sale(shop)
    entry = sale["fulfillments"][0]["lines"][0]

    def refused(**changes: Any) -> str:
        wrong = copy.deepcopy(sale)
        wrong["fulfillments"] = [{"lines": [entry | changes]}]
        return _codes(_record(shop, wrong))[0][0]

    assert refused(orderLineIndex=-1) == "NEGATIVE_INDEX"
    assert refused(orderLineIndex=3) == "NO_RELATED_ORDER_LINE"
    assert refused(variantId=shop.variant("PHONE-64")) == "ORDER_LINE_FULFILLMENT_LINE_MISMATCH"
    assert refused(quantity=9) == "INVALID_QUANTITY"


def test_a_wrong_transaction_records_nothing(shop: Shop) -> None:
    cash = [{"name": "Cash", "amountCharged": {"amount": "1", "currency": "EUR"}}]
    answer = _record(shop, _sale(shop, transactions=cash))
    assert [error["code"] for error in answer["errors"]] == ["INCORRECT_CURRENCY"]
    assert not models.Order.objects.exists()


def test_at_most_fifty_at_once(shop: Shop) -> None:
    answer = _record(shop, *[_sale(shop, f"sale-{number}") for number in range(51)])
    assert [error["code"] for error in answer["errors"]] == ["BULK_LIMIT"]


def test_a_known_customer_is_linked(shop: Shop) -> None:
    _record(shop, _sale(shop, user={"email": "ada@example.com"}))
    assert models.Order.objects.get().user == models.User.objects.get(email="ada@example.com")
