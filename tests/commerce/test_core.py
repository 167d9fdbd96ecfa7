"""What the client makes of the core's answers, refusals and silences, over real HTTP."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.db import transaction

from commerce import transport
from commerce.apps import check_core_address
from commerce.core import Core, core
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.records import (
    CheckoutDraft,
    CheckoutLineDraft,
    CoreAddress,
    PosOrderDraft,
    PosOrderLineDraft,
    PosTenderDraft,
)
from tests.commerce import replies
from tests.commerce.fake_core import FakeCore
from tests.kernel.listening import eventually

ADDRESS = CoreAddress(first_name="Ada", last_name="L", city="Austin", postal_code="78701", country="US")
DRAFT = CheckoutDraft(
    channel="us",
    email="ada@example.com",
    lines=(CheckoutLineDraft(variant_id="V1", quantity=2, price=Decimal("0.10"), price_reason="bundle"),),
    billing_address=ADDRESS,
    language="zh-hans",
)
VERSION = {"shop": {"version": "3.23.28", "name": "Shop"}}
CHECKOUT_ID = "Q2hlY2tvdXQ6MQ=="
ORDER_ID = "T3JkZXI6MQ=="


def pos_draft() -> PosOrderDraft:
    line = PosOrderLineDraft(
        product_id="P1",
        variant_id="V1",
        sku="SKU-1",
        product_name="Phone",
        quantity=1,
        total_net=Decimal("499.00"),
        total_gross=Decimal("540.17"),
        undiscounted_net=Decimal("499.00"),
        undiscounted_gross=Decimal("540.17"),
        tax_rate=Decimal("0.0825"),
    )
    return PosOrderDraft(
        external_reference="sale-1",
        channel="us",
        currency="USD",
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        email="store@example.com",
        warehouse_id="W1",
        billing_address=ADDRESS,
        lines=(line,),
        tenders=(PosTenderDraft(name="Cash", psp_reference="sale-1:0", amount=Decimal("540.17")),),
    )


def test_catalogue_is_read_page_by_page(fake_core: FakeCore) -> None:
    def products(variables: dict[str, Any]) -> dict[str, Any]:
        if variables.get("after") is None:
            return replies.page("products", [replies.product()], cursor="c1")
        return replies.page("products", [replies.product(id="P2", slug="other", taxClass=None)])

    fake_core.answer("Products", products)
    first, second = core().iter_products("us", updated_since=datetime(2026, 1, 1, tzinfo=UTC))
    assert (first.id, second.id) == ("P1", "P2")
    assert first.description == "A fine phone.\n\nlight\n\nsmall"
    assert first.tax_rates == {"US": Decimal("0.0825")}
    assert second.tax_rates == {}
    assert first.category is not None
    assert first.category.path_names == ("Devices", "Phones")
    price = first.variants[0].price
    assert price is not None
    assert (price.net, price.tax, price.gross) == (Decimal("499.0"), Decimal("41.17"), Decimal("540.17"))
    where = fake_core.calls("Products")[0]["where"]
    assert where == {"updatedAt": {"range": {"gte": "2026-01-01T00:00:00+00:00"}}}
    assert [call.get("after") for call in fake_core.calls("Products")] == [None, "c1"]
    assert set(fake_core.authorizations) == {"Bearer app-token"}


@pytest.mark.django_db
def test_pages_read_ahead_fail_and_are_guarded_like_the_first(fake_core: FakeCore) -> None:
    # Every page says that there is another one.
    fake_core.answer("Products", replies.page("products", [replies.product()], cursor="c1"))
    found = core().iter_products("us")
    assert next(found).id == "P1"
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a database transaction"):
        next(found)
    found = core().iter_products("us")
    assert next(found).id == "P1"
    fake_core.fail("Products", times=4 * transport.ATTEMPTS)
    with pytest.raises(CoreUnavailable):
        list(found)


def test_a_variant_without_listing_has_no_price(fake_core: FakeCore) -> None:
    fake_core.answer("ProductById", {"product": replies.product(variants=[replies.variant(pricing=None)])})
    found = core().product("P1", "us")
    assert found is not None
    assert found.variants[0].price is None
    fake_core.answer("ProductById", {"product": None})
    assert core().product("P1", "us") is None


@pytest.mark.parametrize(
    ("listing", "published"),
    [
        ({}, True),
        ({"publishedAt": "2026-01-02T00:00:00+00:00"}, True),
        ({"publishedAt": "2999-01-01T00:00:00+00:00"}, False),
        ({"isPublished": False}, False),
        ({"channel": {"slug": "cn"}}, False),
        (None, False),
    ],
)
def test_a_product_is_shown_where_and_when_the_merchant_says(
    fake_core: FakeCore, listing: dict[str, Any] | None, published: bool
) -> None:
    usual = {"channel": {"slug": "us"}, "isPublished": True, "publishedAt": None}
    listings = [usual | listing] if listing is not None else None
    fake_core.answer("ProductById", {"product": replies.product(channelListings=listings)})
    found = core().product("P1", "us")
    assert found is not None
    assert found.published is published


def test_checkout_amounts_are_exact(fake_core: FakeCore) -> None:
    fake_core.answer("CoreVersion", VERSION)
    fake_core.answer("CheckoutCreate", {"checkoutCreate": {"checkout": replies.checkout(), "errors": []}})
    made = core().create_checkout(DRAFT)
    assert made.total.net == Decimal("0.2")
    assert made.lines[0].unit_price.net == Decimal("0.1")
    assert made.warehouse_id == "W1"
    sent = fake_core.calls("CheckoutCreate")[0]["input"]
    assert sent["lines"][0]["price"] == "0.10"
    assert sent["languageCode"] == "ZH_HANS"
    assert "privateMetadata" not in sent


@pytest.mark.parametrize(
    ("version", "sent"),
    [("3.22.4", None), ("3.23.28", "bundle"), ("4.0.1", "bundle"), ("unknown", None)],
)
def test_the_reason_of_a_price_is_sent_to_a_core_that_takes_it(
    fake_core: FakeCore, version: str, sent: str | None
) -> None:
    fake_core.answer("CoreVersion", {"shop": VERSION["shop"] | {"version": version}})
    fake_core.answer("CheckoutCreate", {"checkoutCreate": {"checkout": replies.checkout(), "errors": []}})
    found = core()
    found.create_checkout(DRAFT)
    found.create_checkout(DRAFT)
    lines = [line for call in fake_core.calls("CheckoutCreate") for line in call["input"]["lines"]]
    assert [(line["price"], line.get("priceOverrideReason")) for line in lines] == [("0.10", sent)] * 2
    assert len(fake_core.calls("CoreVersion")) == 1


def test_without_a_price_of_ours_the_version_is_not_asked(fake_core: FakeCore) -> None:
    fake_core.answer("CheckoutCreate", {"checkoutCreate": {"checkout": replies.checkout(), "errors": []}})
    core().create_checkout(replace(DRAFT, lines=(CheckoutLineDraft(variant_id="V1", quantity=1),)))
    assert fake_core.calls("CoreVersion") == []


def test_a_refusal_keeps_code_field_and_culprits(fake_core: FakeCore) -> None:
    error = {"field": "lines", "message": "Gone.", "code": "INSUFFICIENT_STOCK", "variants": ["V1"], "lines": None}
    fake_core.refuse("CheckoutComplete", "checkoutComplete", error)
    with pytest.raises(CoreRefused) as caught:
        core().complete_checkout(CHECKOUT_ID)
    assert (caught.value.code, caught.value.field) == ("INSUFFICIENT_STOCK", "lines")
    assert caught.value.variants == ("V1",)
    assert len(fake_core.calls("CheckoutComplete")) == 1


def test_a_code_that_is_new_to_us_is_still_a_refusal(fake_core: FakeCore) -> None:
    fake_core.refuse("OrderCancel", "orderCancel", {"field": None, "message": "No.", "code": "BRAND_NEW"})
    fake_core.answer("Order", {"order": replies.order()})
    with pytest.raises(CoreRefused, match="BRAND_NEW"):
        core().cancel_order(ORDER_ID)


def test_an_unknown_country_is_refused_without_a_call(fake_core: FakeCore) -> None:
    draft = CheckoutDraft(channel="us", email="a@b.c", lines=(), billing_address=CoreAddress(country="XX"))
    with pytest.raises(CoreRefused, match="country"):
        core().create_checkout(draft)
    assert fake_core.calls("CheckoutCreate") == []


@pytest.mark.parametrize(
    ("reply", "error", "text"),
    [
        ({"message": "Bad enum", "path": ["orderCancel", "order", "status"]}, CoreUnavailable, "Bad enum"),
        ({"message": "Bad id", "path": ["orderCancel"]}, CoreRefused, "GRAPHQL_ERROR"),
        ({"message": "x", "extensions": {"exception": {"code": "PermissionDenied"}}}, CoreRefused, "PERMISSION"),
        (
            {"message": "Unknown argument", "extensions": {"exception": {"code": "GraphQLError"}}},
            CoreRefused,
            "GRAPHQL_ERROR",
        ),
        (
            {"message": "Internal Server Error", "extensions": {"exception": {"code": "KeyError"}}},
            CoreUnavailable,
            "failed",
        ),
    ],
)
def test_top_level_errors(fake_core: FakeCore, reply: dict[str, Any], error: type[Exception], text: str) -> None:
    fake_core.answer("Order", {"errors": [reply]})
    with pytest.raises(error, match=text):
        core().order(ORDER_ID)


def test_reads_are_repeated_after_errors_and_lost_replies(fake_core: FakeCore) -> None:
    fake_core.answer("Order", {"order": replies.order()})
    fake_core.fail("Order", status=503)
    fake_core.lose_reply("Order")
    found = core().order(ORDER_ID)
    assert found is not None
    assert found.created == datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)
    assert len(fake_core.calls("Order")) == 3


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (502, "<html>", CoreUnavailable),
        (429, "slow down", CoreUnavailable),
        (200, "<html>", CoreUnavailable),
        (200, "[]", CoreUnavailable),
        (500, '{"data": null}', CoreUnavailable),
        (200, '{"data": {"order": {"id": 1}}}', CoreUnavailable),
        (401, "who?", CoreRefused),
    ],
)
def test_replies_that_make_no_sense(fake_core: FakeCore, status: int, body: str, error: type[Exception]) -> None:
    fake_core.fail("Order", status=status, body=body, times=transport.ATTEMPTS)
    with pytest.raises(error):
        core().order(ORDER_ID)


def test_a_slow_core_is_unavailable(fake_core: FakeCore) -> None:
    fake_core.answer("CoreVersion", VERSION)
    slow = Core(fake_core.url, "")
    slow._client.http_client.timeout = httpx.Timeout(0.05)  # type: ignore[attr-defined]
    fake_core.answer("CheckoutCreate", {"checkoutCreate": {"checkout": replies.checkout(), "errors": []}})
    fake_core.stall("CheckoutCreate", seconds=0.3)
    with pytest.raises(CoreUnavailable, match="ReadTimeout"):
        slow.create_checkout(DRAFT)
    # It may have happened: it is not sent again. A slow machine hears of it when we have given up.
    eventually(lambda: fake_core.calls("CheckoutCreate"))
    assert len(fake_core.calls("CheckoutCreate")) == 1


def test_a_write_is_repeated_only_while_nobody_heard_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(transport.time, "sleep", pauses.append)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(CoreUnavailable, match="cannot be reached"):
        Core(f"http://127.0.0.1:{port}/graphql/", "").create_checkout(DRAFT)
    assert len(pauses) == transport.ATTEMPTS - 1


@pytest.mark.django_db
def test_without_an_address_the_core_is_unavailable(settings: Any) -> None:
    settings.SALEOR_API_URL = ""
    with pytest.raises(CoreUnavailable, match="SALEOR_API_URL"):
        core()


def test_completion_survives_a_lost_reply(fake_core: FakeCore) -> None:
    fake_core.answer(
        "CheckoutComplete",
        {"checkoutComplete": {"order": replies.order(), "confirmationNeeded": False, "errors": []}},
    )
    fake_core.lose_reply("CheckoutComplete")
    assert core().complete_checkout(CHECKOUT_ID).number == "17"


def test_a_payment_is_recorded_once_per_reference(fake_core: FakeCore) -> None:
    known: list[dict[str, Any]] = []

    def create(variables: dict[str, Any]) -> dict[str, Any]:
        known.append(replies.transaction("psp-1", charged=5.0))
        return {"transactionCreate": {"transaction": known[-1], "errors": []}}

    fake_core.answer("Checkout", lambda _variables: {"checkout": replies.checkout(transactions=known)})
    fake_core.answer("TransactionCreate", create)
    for _attempt in range(2):
        made = core().create_transaction(
            CHECKOUT_ID, psp_reference="psp-1", currency="USD", name="Card", amount_charged=Decimal("5.00")
        )
        assert made.charged == Decimal("5.0")
    (sent,) = fake_core.calls("TransactionCreate")
    assert sent["transaction"]["amountCharged"] == {"amount": "5.00", "currency": "USD"}


def test_a_payment_that_was_never_asked_for_is_not_looked_for(fake_core: FakeCore) -> None:
    made = replies.transaction("psp-1", charged=5.0)
    fake_core.answer("TransactionCreate", {"transactionCreate": {"transaction": made, "errors": []}})
    core().create_transaction(
        CHECKOUT_ID,
        psp_reference="psp-1",
        currency="USD",
        name="Card",
        amount_charged=Decimal("5.00"),
        asked_before=False,
    )
    assert (len(fake_core.calls("TransactionCreate")), fake_core.calls("Checkout")) == (1, [])


def test_a_payment_whose_reply_was_lost_is_not_written_twice(fake_core: FakeCore) -> None:
    known: list[dict[str, Any]] = []
    fake_core.answer("Order", lambda _variables: {"order": replies.order(transactions=known)})
    fake_core.lose_reply("TransactionCreate")

    def pay() -> None:
        core().create_transaction(
            ORDER_ID, psp_reference="psp-1", currency="USD", name="Cash", amount_charged=Decimal(5)
        )

    with pytest.raises(CoreUnavailable):
        pay()
    known.append(replies.transaction("psp-1", charged=5))  # it did happen
    pay()
    assert len(fake_core.calls("TransactionCreate")) == 1


def test_fulfilment_brings_lines_to_a_quantity(fake_core: FakeCore) -> None:
    fake_core.answer("Order", {"order": replies.order(lines=[replies.order_line(quantityFulfilled=1)])})
    fake_core.answer("OrderFulfill", {"orderFulfill": {"order": replies.order(), "errors": []}})
    core().fulfil_order(ORDER_ID, [("OL1", 1)], "W1")
    assert fake_core.calls("OrderFulfill") == []
    core().fulfil_order(ORDER_ID, [("OL1", 2)], "W1")
    (sent,) = fake_core.calls("OrderFulfill")
    assert sent["input"]["lines"] == [{"orderLineId": "OL1", "stocks": [{"quantity": 1, "warehouse": "W1"}]}]
    with pytest.raises(CoreRefused, match="no such line"):
        core().fulfil_order(ORDER_ID, [("OL9", 1)], "W1")


def test_a_cancelled_order_is_not_cancelled_again(fake_core: FakeCore) -> None:
    fake_core.answer("Order", {"order": replies.order(status="CANCELED")})
    assert core().cancel_order(ORDER_ID).status == "CANCELED"
    assert fake_core.calls("OrderCancel") == []
    fake_core.answer("Order", {"order": None})
    with pytest.raises(CoreRefused, match="NOT_FOUND"):
        core().cancel_order(ORDER_ID)


def test_a_sale_is_recorded_once(fake_core: FakeCore) -> None:
    fake_core.answer("Products", replies.page("products", [replies.product()]))
    fake_core.answer(
        "OrderBulkCreate",
        {"orderBulkCreate": {"count": 1, "results": [{"order": replies.order(), "errors": []}], "errors": []}},
    )
    assert core().bulk_create_pos_order(pos_draft()).number == "17"
    sent = fake_core.calls("OrderBulkCreate")[0]
    assert sent["stockUpdatePolicy"] == "SKIP"
    assert sent["orders"][0]["lines"][0]["taxClassId"] == "TC1"
    assert sent["orders"][0]["createdAt"] == "2026-01-02T00:00:00+00:00"
    # A repetition is refused by the core, which means that it has the order.
    unique = {"path": "externalReference", "message": "Exists.", "code": "UNIQUE"}
    fake_core.answer(
        "OrderBulkCreate",
        {"orderBulkCreate": {"count": 0, "results": [{"order": None, "errors": [unique]}], "errors": []}},
    )
    fake_core.answer("OrderByExternalReference", {"order": replies.order(number="16")})
    assert core().bulk_create_pos_order(pos_draft()).number == "16"


def test_a_sale_that_the_core_refuses(fake_core: FakeCore) -> None:
    fake_core.answer("Products", replies.page("products", [replies.product()]))
    error = {"path": "createdAt", "message": "In the future.", "code": "FUTURE_DATE"}
    fake_core.answer(
        "OrderBulkCreate",
        {"orderBulkCreate": {"count": 0, "results": [{"order": None, "errors": [error]}], "errors": []}},
    )
    with pytest.raises(CoreRefused) as caught:
        core().bulk_create_pos_order(pos_draft())
    assert (caught.value.code, caught.value.field) == ("FUTURE_DATE", "createdAt")


def test_stock_is_pushed_in_batches_and_missing_rows_are_made(fake_core: FakeCore) -> None:
    def update(variables: dict[str, Any]) -> dict[str, Any]:
        codes = {"V7": "NOT_FOUND", "V8": "NOT_FOUND", "V9": "INVALID"}
        rows = [codes.get(stock["variantId"]) for stock in variables["stocks"]]
        errors = [[{"field": None, "message": "", "code": code}] if code else None for code in rows]
        return {"stockBulkUpdate": {"count": 0, "results": [{"errors": row} for row in errors], "errors": []}}

    def make(variables: dict[str, Any]) -> dict[str, Any]:
        refused = [{"field": "variantId", "message": "No variant.", "code": "NOT_FOUND", "index": 0}]
        errors = refused if variables["variantId"] == "V8" else []
        return {"productVariantStocksUpdate": {"productVariant": None, "errors": errors}}

    fake_core.answer("StockBulkUpdate", update)
    fake_core.answer("ProductVariantStocksUpdate", make)
    refused = core().push_stock([(f"V{number}", "W1", number) for number in range(150)])
    assert sorted((row.variant_id, row.code) for row in refused) == [("V8", "NOT_FOUND"), ("V9", "INVALID")]
    assert [len(call["stocks"]) for call in fake_core.calls("StockBulkUpdate")] == [100, 50]
    assert fake_core.calls("ProductVariantStocksUpdate")[0]["stocks"] == [{"quantity": 7, "warehouse": "W1"}]
    assert core().push_stock([]) == []


def test_rows_that_are_new_to_the_core_are_made_a_variant_at_a_time(fake_core: FakeCore) -> None:
    def update(variables: dict[str, Any]) -> dict[str, Any]:
        missing = [{"field": None, "message": "", "code": "NOT_FOUND"}]
        return {
            "stockBulkUpdate": {
                "count": 0,
                "results": [{"errors": missing} for _row in variables["stocks"]],
                "errors": [],
            }
        }

    def make(variables: dict[str, Any]) -> dict[str, Any]:
        gone = {"field": "stocks", "message": "No warehouse.", "code": "NOT_FOUND", "index": 0}
        errors = [gone] if any(stock["warehouse"] == "W9" for stock in variables["stocks"]) else []
        return {"productVariantStocksUpdate": {"productVariant": None, "errors": errors}}

    fake_core.answer("StockBulkUpdate", update)
    fake_core.answer("ProductVariantStocksUpdate", make)
    rows = [("V1", "W1", 1), ("V1", "W2", 2), ("V2", "W1", 3), ("V2", "W9", 4)]
    refused = core().push_stock(rows)
    assert [(row.variant_id, row.warehouse_id, row.code) for row in refused] == [("V2", "W9", "NOT_FOUND")]
    # The first variant's two at once; of the second both, which is refused, then each alone.
    assert [len(call["stocks"]) for call in fake_core.calls("ProductVariantStocksUpdate")] == [2, 2, 1, 1]


def test_sign_in(fake_core: FakeCore) -> None:
    user = {"id": "U1", "email": "ada@example.com", "firstName": "Ada", "lastName": "L"}
    fake_core.answer("TokenCreate", {"tokenCreate": {"token": "t", "refreshToken": "r", "user": user, "errors": []}})
    tokens = core().token_create("ada@example.com", "secret")
    assert (tokens.token, tokens.refresh_token, tokens.user.first_name) == ("t", "r", "Ada")
    error = {"field": "email", "message": "Please, enter valid credentials", "code": "INVALID_CREDENTIALS"}
    fake_core.refuse("TokenCreate", "tokenCreate", error)
    with pytest.raises(CoreRefused, match="INVALID_CREDENTIALS"):
        core().token_create("ada@example.com", "wrong")


def test_the_core_is_told_from_where_a_shopper_signs_in(fake_core: FakeCore) -> None:
    user = {"id": "U1", "email": "ada@example.com", "firstName": "Ada", "lastName": "L"}
    fake_core.answer("TokenCreate", {"tokenCreate": {"token": "t", "refreshToken": "r", "user": user, "errors": []}})
    for place in ("203.0.113.7", "2001:db8::7", "", "unix:", "1.2.3.4\r\nX: y"):
        core().token_create("ada@example.com", "secret", place=place)
    assert fake_core.forwarded == ["203.0.113.7", "2001:db8::7", None, None, None]


@pytest.mark.django_db
def test_the_test_s_own_transaction_does_not_count(fake_core: FakeCore) -> None:
    fake_core.answer("Order", {"order": None})
    assert core().order(ORDER_ID) is None
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a database transaction"):
        core().order(ORDER_ID)


@pytest.mark.django_db(transaction=True)
def test_no_call_inside_a_transaction(fake_core: FakeCore) -> None:
    fake_core.answer("Order", {"order": None})
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a database transaction"):
        core().order(ORDER_ID)
    assert core().order(ORDER_ID) is None
    assert len(fake_core.calls("Order")) == 1


@pytest.mark.parametrize(
    ("url", "debug", "codes"),
    [
        ("https://shop.example.com/graphql/", False, []),
        ("", True, []),
        ("", False, []),
        ("shop.example.com", True, ["commerce.E001"]),
    ],
)
def test_a_wrong_address_fails_at_start(settings: Any, url: str, debug: bool, codes: list[str]) -> None:
    settings.SALEOR_API_URL, settings.DEBUG, settings.SALEOR_APP_TOKEN = url, debug, ""
    assert [error.id for error in check_core_address(None)] == codes
