from typing import Any

import pytest

from embedded_core import models
from embedded_core.tests.shop import ADDRESS, Shop, codes


def _create(shop: Shop, **changes: Any) -> dict[str, Any]:
    lines = changes.pop("lines", None) or [{"variantId": shop.variant("PHONE-64"), "quantity": 1}]
    return shop.do("CheckoutCreate", input={"channel": "us", "lines": lines} | changes)


def test_tax_is_rounded_half_up_on_each_line(shop: Shop) -> None:
    made = _create(
        shop,
        lines=[
            {"variantId": shop.variant("PHONE-64"), "quantity": 2},
            {"variantId": shop.variant("CASE"), "quantity": 3},
            {"variantId": shop.variant("PLAN"), "quantity": 1},
        ],
    )["checkout"]
    assert [line["totalPrice"]["net"]["amount"] for line in made["lines"]] == [999.98, 29.97, 35.0]
    # 999.98 x 8.25 % = 82.49835, 29.97 x 8.25 % = 2.472525, the plan is exempt
    assert [line["totalPrice"]["tax"]["amount"] for line in made["lines"]] == [82.5, 2.47, 0.0]
    assert made["totalPrice"]["net"]["amount"] == 1064.95
    assert made["totalPrice"]["gross"]["amount"] == 1149.92


def test_prices_entered_with_tax_hold_it(shop: Shop) -> None:
    models.Channel.objects.update(prices_entered_with_tax=True)
    total = _create(shop)["checkout"]["totalPrice"]
    assert total["gross"]["amount"] == 499.99
    assert total["net"]["amount"] == 461.88
    assert total["tax"]["amount"] == 38.11


def test_an_app_sets_prices_and_reasons(shop: Shop) -> None:
    line = {
        "variantId": shop.variant("PHONE-64"),
        "quantity": 2,
        "price": "7.00",
        "priceOverrideReason": "bundle",
    }
    made = _create(shop, lines=[line])["checkout"]
    assert made["lines"][0]["unitPrice"]["net"]["amount"] == 7.0
    assert models.CheckoutLine.objects.get().price_override_reason == "bundle"
    changed = shop.do(
        "CheckoutLinesUpdate", id=made["id"], lines=[{"lineId": made["lines"][0]["id"], "price": "6.50"}]
    )["checkout"]
    assert changed["lines"][0]["totalPrice"]["net"]["amount"] == 13.0
    assert models.CheckoutLine.objects.get().price_override_reason == ""


def test_a_reason_needs_a_price(shop: Shop) -> None:
    line = {"variantId": shop.variant("CASE"), "quantity": 1, "priceOverrideReason": "why"}
    assert codes(_create(shop, lines=[line])) == ["PRICE_OVERRIDE_REASON_WITHOUT_OVERRIDE"]
    assert not models.Checkout.objects.exists()


def test_the_same_variant_grows_unless_a_new_line_is_forced(shop: Shop) -> None:
    made = _create(shop)["checkout"]
    variant = shop.variant("PHONE-64")
    grown = shop.do("CheckoutLinesAdd", id=made["id"], lines=[{"variantId": variant, "quantity": 1}])["checkout"]
    assert [line["quantity"] for line in grown["lines"]] == [2]
    forced = {"variantId": variant, "quantity": 1, "forceNewLine": True, "metadata": [{"key": "b", "value": "1"}]}
    split = shop.do("CheckoutLinesAdd", id=made["id"], lines=[forced])["checkout"]
    assert [line["quantity"] for line in split["lines"]] == [2, 1]
    assert split["lines"][1]["metadata"] == [{"key": "b", "value": "1"}]
    by_variant = shop.do("CheckoutLinesUpdate", id=made["id"], lines=[{"variantId": variant, "quantity": 3}])
    assert codes(by_variant) == ["INVALID"]


def test_quantity_zero_removes_a_line(shop: Shop) -> None:
    made = _create(shop)["checkout"]
    lines = [{"lineId": made["lines"][0]["id"], "quantity": 0}]
    assert shop.do("CheckoutLinesUpdate", id=made["id"], lines=lines)["checkout"]["lines"] == []
    assert codes(shop.do("CheckoutComplete", id=made["id"])) == ["EMAIL_NOT_SET"]


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "ZERO_QUANTITY"),
        (-1, "ZERO_QUANTITY"),
        (11, "INSUFFICIENT_STOCK"),
        (51, "QUANTITY_GREATER_THAN_LIMIT"),
    ],
)
def test_quantities_have_limits(shop: Shop, quantity: int, code: str) -> None:
    lines = [{"variantId": shop.variant("PHONE-64"), "quantity": quantity}]
    assert codes(_create(shop, lines=lines))[0] == code
    assert not models.Checkout.objects.exists()


def test_lines_of_one_variant_share_the_stock(shop: Shop) -> None:
    made = _create(shop, lines=[{"variantId": shop.variant("PHONE-64"), "quantity": 8}])["checkout"]
    more = [{"variantId": shop.variant("PHONE-64"), "quantity": 3, "forceNewLine": True}]
    refused = shop.do("CheckoutLinesAdd", id=made["id"], lines=more)
    assert codes(refused) == ["INSUFFICIENT_STOCK"]
    assert "Only 10 remaining" in refused["errors"][0]["message"]
    assert models.CheckoutLine.objects.count() == 1


def test_what_is_not_sold_in_the_channel_is_refused(shop: Shop) -> None:
    models.VariantListing.objects.filter(variant__sku="CASE").delete()
    refused = _create(shop, lines=[{"variantId": shop.variant("CASE"), "quantity": 1}])
    assert codes(refused) == ["UNAVAILABLE_VARIANT_IN_CHANNEL"]
    assert refused["errors"][0]["variants"] == [shop.variant("CASE")]


def test_unknown_and_malformed_ids(shop: Shop) -> None:
    missing = [{"variantId": "UHJvZHVjdFZhcmlhbnQ6OTk5OTk5", "quantity": 1}]
    assert codes(_create(shop, lines=missing)) == ["GRAPHQL_ERROR"]
    assert codes(_create(shop, lines=[{"variantId": "x", "quantity": 1}])) == ["GRAPHQL_ERROR"]
    assert codes(shop.do("CheckoutComplete", id=shop.warehouse("S1"))) == ["GRAPHQL_ERROR"]
    assert codes(_create(shop, channel="nowhere")) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"city": ""}, "REQUIRED", "city"),
        ({"postalCode": "1"}, "INVALID", "postalCode"),
        ({"countryArea": "Nowhere"}, "INVALID", "countryArea"),
        ({"streetAddress1": None}, "REQUIRED", "streetAddress1"),
        ({"phone": "12"}, "INVALID", "phone"),
    ],
)
def test_addresses_are_checked(shop: Shop, change: dict[str, Any], code: str, field: str) -> None:
    made = _create(shop)["checkout"]
    refused = shop.do("CheckoutBillingAddressUpdate", id=made["id"], address=ADDRESS | change)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [(code, field)]
    assert models.Checkout.objects.get().billing_address is None


def test_the_name_of_a_state_becomes_its_code(shop: Shop) -> None:
    made = _create(shop)["checkout"]
    done = shop.do("CheckoutShippingAddressUpdate", id=made["id"], address=ADDRESS | {"countryArea": "new york"})
    assert done["errors"] == []
    assert models.Checkout.objects.get().shipping_address["country_area"] == "NY"


def test_collection_points_need_everything_on_their_shelves(shop: Shop) -> None:
    made = _create(shop, lines=[{"variantId": shop.variant("PHONE-64"), "quantity": 3}])["checkout"]
    # Store 2 has two; ALL takes the remainder from anywhere; the depot is no collection point.
    assert sorted(point["name"] for point in made["availableCollectionPoints"]) == ["Anywhere", "Store 1"]


def test_a_store_without_enough_stock_may_be_chosen(shop: Shop) -> None:
    chosen = shop.checkout(quantity=3, store="S2")
    assert chosen["deliveryMethod"]["name"] == "Store 2"
    assert models.Checkout.objects.get().shipping_address["street_address_1"] == "5 Broadway"


def test_delivery_methods_that_are_none(shop: Shop) -> None:
    made = _create(shop)["checkout"]

    def choose(method: str) -> list[str]:
        return codes(shop.do("CheckoutDeliveryMethodUpdate", id=made["id"], deliveryMethodId=method))

    assert choose(shop.warehouse("D1")) == ["DELIVERY_METHOD_NOT_APPLICABLE"]
    assert choose(shop.variant("CASE")) == ["INVALID"]
    assert choose("U2hpcHBpbmdNZXRob2Q6MQ==") == ["NOT_FOUND"]


def test_a_plan_ships_nowhere(shop: Shop) -> None:
    made = shop.checkout(sku="PLAN", store=None)
    assert made["isShippingRequired"] is False
    chosen = shop.do("CheckoutDeliveryMethodUpdate", id=made["id"], deliveryMethodId=shop.warehouse("S1"))
    assert codes(chosen) == ["SHIPPING_NOT_REQUIRED"]
    assert codes(shop.do("CheckoutComplete", id=made["id"])) == []


def test_the_address_of_a_collection_point_stays(shop: Shop) -> None:
    refused = shop.do("CheckoutShippingAddressUpdate", id=shop.checkout()["id"], address=ADDRESS)
    assert codes(refused) == ["SHIPPING_CHANGE_FORBIDDEN"]


def test_email_is_needed_and_checked(shop: Shop) -> None:
    made = _create(shop)["checkout"]
    assert codes(shop.do("CheckoutEmailUpdate", id=made["id"], email=" ")) == ["REQUIRED"]
    assert codes(shop.do("CheckoutEmailUpdate", id=made["id"], email="ada")) == ["INVALID"]
    assert shop.do("CheckoutEmailUpdate", id=made["id"], email="a@b.c")["checkout"]["email"] == "a@b.c"


def test_changes_fire_checkout_updated(shop: Shop) -> None:
    made = shop.checkout()
    shop.do("CheckoutEmailUpdate", id=made["id"], email="a@b.c")
    assert shop.events() == ["checkout_updated", "checkout_updated"]


def test_amounts_that_are_none_are_refused(shop: Shop) -> None:
    line = {"variantId": shop.variant("CASE"), "quantity": 1, "price": "-1"}
    assert "errors" in shop.ask("CheckoutCreate", input={"channel": "us", "lines": [line]})
