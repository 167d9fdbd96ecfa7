"""The catalogue as clients see it."""

from dataclasses import dataclass
from typing import Any

import pytest
import strawberry
from pytest_django import DjangoAssertNumQueries

from inventory import services as inventory
from kernel.api import SCALARS
from kernel.identity import GUEST, Caller
from plugins.catalogue.schema import Query
from tests.inventory.goods import imei, make_store

from .fake_core import FakeCore

SCHEMA = strawberry.Schema(query=Query, scalar_overrides=SCALARS)
CLERK = Caller(kind="staff", id="1")
PRODUCT = "id slug name brand kind categoryPath thumbnailUrl description price { amount currency }"


@dataclass
class Context:
    caller: Caller = GUEST
    language: str = "en"


def ask(query: str, *, caller: Caller = GUEST, language: str = "en", **variables: Any) -> Any:
    return SCHEMA.execute_sync(query, variable_values=variables, context_value=Context(caller, language))


def test_channels(synced: FakeCore) -> None:
    found = ask("{ channels { slug name currency country pricesIncludeTax } }").data["channels"]
    assert found == [
        {"slug": "us", "name": "United States", "currency": "USD", "country": "US", "pricesIncludeTax": False}
    ]


def test_a_product_whole(synced: FakeCore, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    query = (
        '{ product(context: {channel: "us"}, slug: "slug-a") { '
        + PRODUCT
        + " monthlyPriceFrom { term } attributes { name label values }"
        " variants { id sku name barcode serialised imageUrl price { amount } undiscountedPrice { amount }"
        " attributes { name values } } accessories { name price { amount } accessories { name } } } }"
    )
    with django_assert_num_queries(7):
        answer = ask(query, language="zh-hans")
    assert answer.errors is None
    found = answer.data["product"]
    assert found["price"] == {"amount": "499.00", "currency": "USD"}
    assert found["kind"] == "DEVICE"
    assert found["monthlyPriceFrom"] is None
    assert {"name": "network", "label": "网络", "values": ["4G", "5G"]} in found["attributes"]
    assert [variant["sku"] for variant in found["variants"]] == ["A-128", "A-256"]
    assert found["accessories"] == [{"name": "Case C", "price": {"amount": "19.90"}, "accessories": []}]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ('context: {channel: "moon"}, id: "A"', "NOT_FOUND", "context.channel"),
        ('context: {channel: "us"}', "INVALID", "id"),
        ('context: {channel: "us"}, id: "A", sku: "A-128"', "INVALID", "id"),
    ],
)
def test_bad_questions_are_refused(synced: FakeCore, arguments: str, code: str, field: str) -> None:
    [error] = ask(f"{{ product({arguments}) {{ id }} }}").errors
    assert error.extensions == {"code": code, "field": field}


def test_an_unknown_product_is_null(synced: FakeCore) -> None:
    answer = ask('{ product(context: {channel: "us"}, id: "Z") { id } }')
    assert answer.errors is None
    assert answer.data == {"product": None}


LOOKUP = (
    'query($code: String!) { lookupCode(context: {channel: "us"}, code: $code)'
    " { kind serialState variant { sku } product { id } } }"
)


def test_an_imei_names_its_variant_and_staff_see_its_state(synced: FakeCore) -> None:
    serial = imei()
    store = make_store()
    inventory.receive(
        store_id=store.pk, sku="A-128", quantity=1, serials=[serial], source_key="receipt-1", actor="test"
    )
    expected = {"kind": "IMEI", "variant": {"sku": "A-128"}, "product": {"id": "A"}}
    assert ask(LOOKUP, code=serial).data["lookupCode"] == expected | {"serialState": None}
    assert ask(LOOKUP, code=serial, caller=CLERK).data["lookupCode"] == expected | {"serialState": "IN_STOCK"}


def test_staff_see_that_a_unit_lies_in_another_store(synced: FakeCore) -> None:
    serial, here, there = imei(), make_store(), make_store()
    inventory.receive(
        store_id=there.pk, sku="A-128", quantity=1, serials=[serial], source_key="receipt-2", actor="test"
    )
    query = LOOKUP.replace('{channel: "us"}', f'{{channel: "us", storeId: "{here.pk}"}}')
    assert ask(query, code=serial, caller=CLERK).data["lookupCode"]["serialState"] == "IN_OTHER_STORE"


@pytest.mark.parametrize(("code", "kind"), [("a-128", "SKU"), (" 012345678905 ", "BARCODE")])
def test_printed_codes(synced: FakeCore, code: str, kind: str) -> None:
    assert ask(LOOKUP, code=code).data["lookupCode"]["kind"] == kind


def test_an_unknown_code_is_null(synced: FakeCore) -> None:
    answer = ask(LOOKUP, code="356938035643809")
    assert answer.errors is None
    assert answer.data == {"lookupCode": None}


@pytest.mark.parametrize(("code", "error"), [("", "REQUIRED"), ("x" * 101, "INVALID"), ("a\0b", "INVALID")])
def test_what_is_no_code_is_refused(synced: FakeCore, code: str, error: str) -> None:
    [refusal] = ask(LOOKUP, code=code).errors
    assert refusal.extensions == {"code": error, "field": "code"}


def test_too_many_accessories_are_refused(synced: FakeCore) -> None:
    [error] = ask('{ product(context: {channel: "us"}, id: "A") { accessories(first: 101) { id } } }').errors
    assert error.extensions == {"code": "INVALID", "field": "first"}
