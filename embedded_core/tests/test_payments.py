from decimal import Decimal
from typing import Any

import pytest

from embedded_core import models
from embedded_core.tests.shop import Shop, codes

TOTAL = "10.81"  # a case of 9.99 with 8.25 % tax


def _money(amount: str, currency: str = "USD") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def _create(shop: Shop, target: str, **values: Any) -> dict[str, Any]:
    return shop.do("TransactionCreate", id=target, transaction={"pspReference": "p-1", "name": "Card"} | values)


def _report(shop: Shop, row: dict[str, Any], event: str, amount: str, reference: str) -> dict[str, Any]:
    return shop.do("TransactionEventReport", id=row["id"], type=event, amount=amount, pspReference=reference)


def test_one_reference_twice_makes_two_transactions(shop: Shop) -> None:
    order = shop.order(sku="CASE")
    for _ in range(2):
        assert _create(shop, order["id"], amountCharged=_money(TOTAL))["errors"] == []
    again = shop.do("Order", id=order["id"])
    assert len(again["transactions"]) == 2
    assert again["chargeStatus"] == "OVERCHARGED"
    assert shop.events().count("order_fully_paid") == 1


@pytest.mark.parametrize(("amount", "status"), [("1.00", "PARTIAL"), (TOTAL, "FULL"), ("11", "OVERCHARGED")])
def test_the_charge_status_follows_the_amount(shop: Shop, amount: str, status: str) -> None:
    order = shop.order(sku="CASE")
    _create(shop, order["id"], amountCharged=_money(amount))
    assert shop.do("Order", id=order["id"])["chargeStatus"] == status


def test_transactions_of_a_checkout_move_to_its_order(shop: Shop) -> None:
    made = shop.checkout(sku="CASE")
    row = _create(shop, made["id"], amountAuthorized=_money(TOTAL))["transaction"]
    assert [entry["id"] for entry in shop.do("Checkout", id=made["id"])["transactions"]] == [row["id"]]
    order = shop.do("CheckoutComplete", id=made["id"])["order"]
    assert [entry["id"] for entry in order["transactions"]] == [row["id"]]


def test_a_charge_and_a_refund_are_reported(shop: Shop) -> None:
    order = shop.order(sku="CASE")
    row = _create(shop, order["id"], amountAuthorized=_money(TOTAL))["transaction"]
    charged = _report(shop, row, "CHARGE_SUCCESS", TOTAL, "c-1")
    assert charged["alreadyProcessed"] is False
    assert charged["transaction"]["chargedAmount"]["amount"] == 10.81
    assert charged["transaction"]["authorizedAmount"]["amount"] == 0.0
    assert shop.do("Order", id=order["id"])["chargeStatus"] == "FULL"
    refunded = _report(shop, row, "REFUND_SUCCESS", "9.99", "r-1")["transaction"]
    assert refunded["refundedAmount"]["amount"] == 9.99
    assert refunded["chargedAmount"]["amount"] == 0.82
    assert shop.do("Order", id=order["id"])["chargeStatus"] == "PARTIAL"


def test_an_event_counts_once(shop: Shop) -> None:
    row = _create(shop, shop.order(sku="CASE")["id"])["transaction"]
    _report(shop, row, "CHARGE_SUCCESS", "5.00", "c-1")
    again = _report(shop, row, "CHARGE_SUCCESS", "5.00", "c-1")
    assert again["alreadyProcessed"] is True
    assert again["transaction"]["chargedAmount"]["amount"] == 5.0
    other = _report(shop, row, "CHARGE_SUCCESS", "6.00", "c-1")
    assert codes(other) == ["INCORRECT_DETAILS"]
    assert models.TransactionItem.objects.get().charged == Decimal("5.00")


def test_a_second_authorisation_is_an_adjustment(shop: Shop) -> None:
    row = _create(shop, shop.order(sku="CASE")["id"])["transaction"]
    _report(shop, row, "AUTHORIZATION_SUCCESS", "5", "a-1")
    assert codes(_report(shop, row, "AUTHORIZATION_SUCCESS", "6", "a-2")) == ["ALREADY_EXISTS"]
    adjusted = _report(shop, row, "AUTHORIZATION_ADJUSTMENT", "6", "a-2")["transaction"]
    assert adjusted["authorizedAmount"]["amount"] == 6.0
    voided = _report(shop, row, "CANCEL_SUCCESS", "6", "v-1")["transaction"]
    assert voided["authorizedAmount"]["amount"] == 0.0


def test_failures_move_no_money(shop: Shop) -> None:
    row = _create(shop, shop.order(sku="CASE")["id"])["transaction"]
    failed = _report(shop, row, "CHARGE_FAILURE", "5", "c-1")
    assert failed["transaction"]["chargedAmount"]["amount"] == 0.0
    assert models.TransactionEvent.objects.get().type == "CHARGE_FAILURE"


def test_another_app_cannot_report(shop: Shop) -> None:
    row = _create(shop, shop.order(sku="CASE")["id"])["transaction"]
    other = models.App.objects.create(name="other", token_hash="x")
    models.TransactionItem.objects.update(app=other)
    event = {"id": row["id"], "type": "CHARGE_SUCCESS", "amount": "5", "pspReference": "c"}
    assert shop.ask("TransactionEventReport", **event)["errors"]
    assert not models.TransactionEvent.objects.exists()


def test_wrong_input_creates_nothing(shop: Shop) -> None:
    order = shop.order(sku="CASE")["id"]
    assert codes(_create(shop, order, amountCharged=_money("1", "EUR"))) == ["INCORRECT_CURRENCY"]
    assert codes(_create(shop, order, externalUrl="nonsense")) == ["INVALID"]
    assert codes(_create(shop, order, metadata=[{"key": "", "value": "x"}])) == ["METADATA_KEY_REQUIRED"]
    assert codes(_create(shop, shop.warehouse("S1"))) == ["NOT_FOUND"]
    assert not models.TransactionItem.objects.exists()


def test_amounts_must_not_be_negative(shop: Shop) -> None:
    answer = shop.ask("TransactionCreate", id=shop.order(sku="CASE")["id"], transaction={"amountCharged": _money("-1")})
    assert "errors" in answer
    assert not models.TransactionItem.objects.exists()
