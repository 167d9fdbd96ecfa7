"""Who may do what: every guarded operation as app without permission, staff without permission, customer, nobody."""

from typing import Any

import pytest
from django.core import serializers

from embedded_core import models
from embedded_core.tests.shop import ADDRESS, TOKEN, Shop

TABLES = (
    models.Checkout,
    models.CheckoutLine,
    models.Order,
    models.OrderLine,
    models.Stock,
    models.Allocation,
    models.Fulfillment,
    models.TransactionItem,
    models.TransactionEvent,
    models.Product,
    models.WebhookDelivery,
)
CALLERS = ["app", "staff", "customer", "anonymous"]


def _token(shop: Shop, caller: str) -> str | None:
    if caller == "app":
        models.App.objects.update(permissions=[])
        return TOKEN
    emails = {"staff": "clerk@example.com", "customer": "ada@example.com"}
    return shop.user_token(emails[caller]) if caller in emails else None


def _everything() -> str:
    return "".join(serializers.serialize("json", model.objects.order_by("pk")) for model in TABLES)


def _guarded(shop: Shop) -> dict[str, dict[str, Any]]:
    order = shop.order()
    checkout = shop.checkout(sku="CASE")
    paid = shop.do(
        "TransactionCreate",
        id=order["id"],
        transaction={"pspReference": "p", "amountAuthorized": {"amount": "5", "currency": "USD"}},
    )["transaction"]
    variant, store = shop.variant("PHONE-64"), shop.warehouse("S1")
    return {
        "OrderFulfill": {
            "order": order["id"],
            "input": {
                "lines": [{"orderLineId": order["lines"][0]["id"], "stocks": [{"quantity": 1, "warehouse": store}]}]
            },
        },
        "OrderCancel": {"id": order["id"]},
        "OrderBulkCreate": {"orders": []},
        "TransactionCreate": {"id": checkout["id"], "transaction": {"pspReference": "x"}},
        "TransactionEventReport": {
            "id": paid["id"],
            "type": "CHARGE_SUCCESS",
            "amount": "5",
            "pspReference": "y",
        },
        "StockBulkUpdate": {"stocks": [{"variantId": variant, "warehouseId": store, "quantity": 9}]},
        "ProductVariantStocksUpdate": {"variantId": variant, "stocks": [{"warehouse": store, "quantity": 9}]},
        "PrivateMetadataUpdate": {"id": checkout["id"], "input": [{"key": "a", "value": "b"}]},
        "CheckoutLinesAdd": {
            "id": checkout["id"],
            "lines": [{"variantId": variant, "quantity": 1, "price": "1.00"}],
        },
        "CheckoutCreate": {
            "input": {
                "channel": "us",
                "lines": [{"variantId": variant, "quantity": 1}],
                "billingAddress": ADDRESS | {"skipValidation": True},
            }
        },
        "Warehouses": {"first": 1},
        "CustomerByEmail": {"email": "ada@example.com"},
        "VariantStocks": {"id": variant},
    }


@pytest.mark.parametrize("caller", CALLERS)
def test_denial_is_told_at_the_top_level_and_changes_nothing(shop: Shop, caller: str) -> None:
    guarded = _guarded(shop)
    token = _token(shop, caller)
    before = _everything()
    for name, variables in guarded.items():
        answer = shop.ask(name, token=token, **variables)
        found = {error["extensions"]["exception"]["code"] for error in answer.get("errors", [])}
        assert found == {"PermissionDenied"}, (name, answer)
    assert _everything() == before


@pytest.mark.parametrize("caller", ["app", "staff"])
def test_one_permission_opens_its_operation(shop: Shop, caller: str) -> None:
    token = _token(shop, caller)
    models.App.objects.update(permissions=["MANAGE_PRODUCTS"])
    models.User.objects.filter(email="clerk@example.com").update(permissions=["MANAGE_PRODUCTS"])
    stocks = [{"warehouse": shop.warehouse("S1"), "quantity": 9}]
    done = shop.do("ProductVariantStocksUpdate", token=token, variantId=shop.variant("PHONE-64"), stocks=stocks)
    assert done["errors"] == []
    assert shop.stock("PHONE-64", "S1") == (9, 0)


def test_a_superuser_may_do_everything_but_set_prices(shop: Shop) -> None:
    token = shop.user_token("admin@example.com")
    assert shop.do("Warehouses", token=token, first=1)["edges"]
    line = {"variantId": shop.variant("PHONE-64"), "quantity": 1, "price": "1.00"}
    answer = shop.ask("CheckoutCreate", token=token, input={"channel": "us", "lines": [line]})
    assert "only for apps" in answer["errors"][0]["message"]
    assert not models.Checkout.objects.exists()


@pytest.mark.parametrize("caller", ["customer", "anonymous"])
def test_the_version_is_for_staff_and_apps(shop: Shop, caller: str) -> None:
    assert shop.ask("CoreVersion", token=_token(shop, caller))["errors"]
    assert shop.do("CoreVersion") == {"version": "3.23-embedded", "name": "Test Telco"}


@pytest.mark.parametrize("caller", ["customer", "anonymous"])
def test_customers_may_check_out_but_not_see_transactions(shop: Shop, caller: str) -> None:
    token = _token(shop, caller)
    query = """mutation($input: CheckoutCreateInput!) {
        checkoutCreate(input: $input) { checkout { id lines { quantity } } errors { code } } }"""
    lines = [{"variantId": shop.variant("PHONE-64"), "quantity": 1}]
    made = shop.post(query, {"input": {"channel": "us", "lines": lines}}, token)["data"]["checkoutCreate"]
    assert made["errors"] == []
    answer = shop.ask("Checkout", token=token, id=made["checkout"]["id"])
    assert [error["path"] for error in answer["errors"]] == [["checkout", "transactions"]]
    owner = models.Checkout.objects.get().user
    assert (owner is not None) == (caller == "customer")


def test_private_metadata_is_not_shown_to_customers(shop: Shop) -> None:
    order = shop.order()
    query = "query($id: ID!) { order(id: $id) { number privateMetadata { key } } }"
    answer = shop.post(query, {"id": order["id"]}, shop.user_token("ada@example.com"))
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"


def test_staff_cannot_report_on_the_transactions_of_an_app(shop: Shop) -> None:
    row = shop.do("TransactionCreate", id=shop.order()["id"], transaction={"pspReference": "p"})["transaction"]
    event = {"id": row["id"], "type": "CHARGE_SUCCESS", "amount": "5", "pspReference": "c"}
    answer = shop.ask("TransactionEventReport", token=shop.user_token("admin@example.com"), **event)
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert not models.TransactionEvent.objects.exists()


def test_an_unknown_app_token_is_nobody(shop: Shop) -> None:
    assert shop.ask("Channels", token="no-such-token")["errors"]


def test_a_disabled_app_is_nobody(shop: Shop) -> None:
    models.App.objects.update(is_active=False)
    assert shop.ask("Channels")["errors"]
