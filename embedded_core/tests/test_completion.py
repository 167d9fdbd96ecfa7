import threading

import pytest
from django.db import connections

from embedded_core import models
from embedded_core.tests.shop import ADDRESS, TOKEN, Shop, codes


def test_the_order_has_copies_of_everything(shop: Shop) -> None:
    metadata = [{"key": "bundle", "value": "b-1"}]
    made = shop.checkout(quantity=2, price="450.00", priceOverrideReason="bundle", metadata=metadata)
    shop.do("MetadataUpdate", id=made["id"], input=[{"key": "cart", "value": "c-1"}])
    order = shop.do("CheckoutComplete", id=made["id"])["order"]
    assert order["status"] == "UNCONFIRMED"  # nothing is paid
    assert order["userEmail"] == "ada@example.com"
    assert order["collectionPointName"] == "Store 1"
    assert order["deliveryMethod"] == {
        "__typename": "Warehouse",
        "id": shop.warehouse("S1"),
        "name": "Store 1",
    }
    assert order["metadata"] == [{"key": "cart", "value": "c-1"}]
    (line,) = order["lines"]
    assert line["metadata"] == metadata
    assert line["productSku"] == "PHONE-64"
    assert line["totalPrice"]["net"]["amount"] == 900.0
    assert order["total"]["gross"]["amount"] == 974.25
    row = models.OrderLine.objects.get()
    assert (row.is_price_overridden, row.price_override_reason) == (True, "bundle")
    saved = models.Order.objects.get()
    assert saved.billing_address["first_name"] == "Ada"
    assert saved.shipping_address["street_address_1"] == "5 Broadway"
    models.ProductVariant.objects.filter(sku="PHONE-64").update(sku="NEW")
    assert shop.do("Order", id=order["id"])["lines"][0]["productSku"] == "PHONE-64"


def test_completing_again_gives_the_same_order(shop: Shop) -> None:
    made = shop.checkout()
    first = shop.do("CheckoutComplete", id=made["id"])["order"]
    again = shop.do("CheckoutComplete", id=made["id"])["order"]
    assert again["id"] == first["id"]
    assert models.Order.objects.count() == 1
    assert shop.stock("PHONE-64", "S1") == (5, 1)
    assert shop.do("Checkout", id=made["id"]) is None
    assert shop.events().count("order_created") == 1


def test_stock_is_allocated_in_the_chosen_store(shop: Shop) -> None:
    shop.order(quantity=2, store="S2")
    assert shop.stock("PHONE-64", "S2") == (2, 2)
    assert shop.stock("PHONE-64", "S1") == (5, 0)


def test_a_store_that_is_short_is_refused_at_the_end(shop: Shop) -> None:
    made = shop.checkout(quantity=3, store="S2")
    refused = shop.do("CheckoutComplete", id=made["id"])
    assert codes(refused) == ["INSUFFICIENT_STOCK"]
    assert refused["errors"][0]["variants"] == [shop.variant("PHONE-64")]
    assert not models.Order.objects.exists()
    assert shop.stock("PHONE-64", "S2") == (2, 0)
    assert models.Checkout.objects.count() == 1


def test_the_last_unit_sold_elsewhere_in_between(shop: Shop) -> None:
    made = shop.checkout()
    stocks = [{"warehouse": shop.warehouse("S1"), "quantity": 0}]
    shop.do("ProductVariantStocksUpdate", variantId=shop.variant("PHONE-64"), stocks=stocks)
    assert codes(shop.do("CheckoutComplete", id=made["id"])) == ["INSUFFICIENT_STOCK"]


def test_all_takes_the_remainder_from_anywhere(shop: Shop) -> None:
    shop.set_stock("PHONE-64", "A1", 1)
    shop.order(quantity=3, store="A1")
    assert shop.stock("PHONE-64", "A1") == (1, 1)
    allocated = models.Stock.objects.values_list("quantity_allocated", flat=True)
    assert sum(allocated) == 3


def test_unpaid_orders_only_where_the_channel_allows_them(shop: Shop) -> None:
    models.Channel.objects.update(allow_unpaid_orders=False)
    made = shop.checkout(sku="CASE")  # 9.99 + 0.82
    assert codes(shop.do("CheckoutComplete", id=made["id"])) == ["CHECKOUT_NOT_FULLY_PAID"]
    shop.do(
        "TransactionCreate",
        id=made["id"],
        transaction={"pspReference": "p", "amountAuthorized": {"amount": "10.81", "currency": "USD"}},
    )
    order = shop.do("CheckoutComplete", id=made["id"])["order"]
    assert order["chargeStatus"] == "NONE"
    assert order["transactions"][0]["authorizedAmount"]["amount"] == 10.81


def test_a_paid_order_is_told(shop: Shop) -> None:
    made = shop.checkout(sku="CASE")
    shop.do(
        "TransactionCreate",
        id=made["id"],
        transaction={"pspReference": "p", "amountCharged": {"amount": "10.81", "currency": "USD"}},
    )
    order = shop.do("CheckoutComplete", id=made["id"])["order"]
    assert order["chargeStatus"] == "FULL"
    assert shop.events()[-3:] == ["order_created", "order_fully_paid", "order_updated"]


def test_what_is_missing_is_named(shop: Shop) -> None:
    lines = [{"variantId": shop.variant("CASE"), "quantity": 1}]
    made = shop.do("CheckoutCreate", input={"channel": "us", "lines": lines})["checkout"]["id"]

    def missing() -> list[str]:
        return codes(shop.do("CheckoutComplete", id=made))

    assert missing() == ["EMAIL_NOT_SET"]
    shop.do("CheckoutEmailUpdate", id=made, email="ada@example.com")
    assert missing() == ["SHIPPING_METHOD_NOT_SET"]
    shop.do("CheckoutDeliveryMethodUpdate", id=made, deliveryMethodId=shop.warehouse("S1"))
    assert missing() == ["BILLING_ADDRESS_NOT_SET"]
    shop.do("CheckoutBillingAddressUpdate", id=made, address=ADDRESS)
    assert missing() == []


def test_what_was_taken_off_sale_is_refused(shop: Shop) -> None:
    made = shop.checkout()
    models.Product.objects.update(is_published=False)
    assert codes(shop.do("CheckoutComplete", id=made["id"])) == ["UNAVAILABLE_VARIANT_IN_CHANNEL"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_checkouts_for_the_last_unit_make_one_order() -> None:
    shop = Shop()
    shop.set_stock("PHONE-64", "S1", 1)
    ids = [shop.checkout()["id"] for _ in range(4)]
    answers = _at_once(shop, ids)
    assert sorted(codes(answer) for answer in answers) == [[], *[["INSUFFICIENT_STOCK"]] * 3]
    assert shop.stock("PHONE-64", "S1") == (1, 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_checkout_completed_at_once_makes_one_order() -> None:
    shop = Shop()
    answers = _at_once(shop, [shop.checkout()["id"]] * 4)
    assert len({answer["order"]["id"] for answer in answers}) == 1
    assert models.Order.objects.count() == 1


def _at_once(shop: Shop, checkout_ids: list[str]) -> list[dict]:
    barrier = threading.Barrier(len(checkout_ids))
    answers: list[dict] = []

    def complete(checkout_id: str) -> None:
        try:
            barrier.wait(timeout=20)
            answers.append(shop.do("CheckoutComplete", token=TOKEN, id=checkout_id))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=complete, args=(checkout_id,)) for checkout_id in checkout_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(answers) == len(checkout_ids)
    return answers
