"""The point of sale as a register sees it, through the API."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import ids
from plugins.catalogue.models import ChangeCounter, ChannelListing, Variant
from plugins.pos.models import Sale, Shift
from plugins.pos.selectors import _cursor
from plugins.staff import tokens
from tests.counter import PINS

pytestmark = pytest.mark.django_db

SIGN_IN = """mutation($register: String!, $code: String!, $pin: String!) {
  posSignIn(registerToken: $register, staffCode: $code, pin: $pin) {
    token expiresAt staffName permissions registerId store { id } currentShift { id } errors { code } } }"""
SHIFT = "shift { id currency openingFloat expectedCash countedCash difference closedAt } replayed errors { code field }"
OPEN = "mutation($input: PosShiftOpenInput!) { posShiftOpen(input: $input) { %s } }" % SHIFT  # noqa: UP031
CLOSE = "mutation($input: PosShiftCloseInput!) { posShiftClose(input: $input) { %s } }" % SHIFT  # noqa: UP031
SYNC = """mutation($input: PosSyncInput!) { posSync(input: $input) { errors { code } sales {
  clientId replayed order { id number status salesChannel total { amount } lines { sku serials }
  payments { method amount { amount } state } timeline { code label } }
  exceptions { code field message } errors { code field } } } }"""
CATALOGUE = """query($store: ID!, $cursor: String, $first: Int) { posCatalogue(storeId: $store, cursor: $cursor,
  first: $first) { cursor hasMore removedSkus channel { slug pricesIncludeTax }
  items { sku productId barcode name kind category price taxRate serialised quantity attributes { name } } } }"""


def open_input(counter, **values):
    return {
        "clientId": str(uuid.uuid4()),
        "storeId": counter.store.pk,
        "registerId": "register-R1",
        "occurredAt": "2026-03-02T10:00:00-06:00",
        "openingFloat": "100.00",
    } | values


def sale_input(shift_id, **values):
    return {
        "clientId": str(uuid.uuid4()),
        "shiftId": shift_id,
        "occurredAt": "2026-03-02T16:00:00Z",
        "currency": "USD",
        "total": "21.64",
        "taxTotal": "1.65",
        "lines": [{"sku": "CASE", "quantity": 1, "unitPrice": "19.99", "tax": "1.65"}],
        "tenders": [{"method": "CASH", "amount": "21.64"}],
    } | values


def test_a_day_at_the_register(counter):
    register = tokens.register_token("register-R1")
    signed = counter.ask(SIGN_IN, register=register, code="1001", pin=PINS["clerk"])
    session = signed["data"]["posSignIn"]
    assert (session["errors"], session["registerId"], session["store"]["id"]) == ([], "register-R1", counter.store.pk)
    assert (session["staffName"], session["currentShift"]) == ("Clerk", None)
    assert "pos.sell" in session["permissions"]

    token = session["token"]
    wanted = open_input(counter)
    opened = counter.ask(OPEN, token=token, input=wanted)["data"]["posShiftOpen"]
    assert opened["shift"] == {
        "id": wanted["clientId"], "currency": "USD", "openingFloat": "100.00", "expectedCash": None,
        "countedCash": None, "difference": None, "closedAt": None,
    }  # fmt: skip

    told = sale_input(wanted["clientId"])
    [sold] = counter.ask(SYNC, token=token, input={"sales": [told]})["data"]["posSync"]["sales"]
    [again] = counter.ask(SYNC, token=token, input={"sales": [told]})["data"]["posSync"]["sales"]
    assert (sold["errors"], sold["exceptions"], sold["replayed"], again["replayed"]) == ([], [], False, True)
    assert sold["order"] == again["order"]
    assert sold["order"]["timeline"][0]["label"] == "You bought this in Store-1."
    assert sold["order"]["payments"] == [{"method": "CASH", "amount": {"amount": "21.64"}, "state": "CAPTURED"}]
    assert (sold["order"]["status"], sold["order"]["salesChannel"]) == ("FULFILLED", "POS")

    close = {"clientId": str(uuid.uuid4()), "shiftId": wanted["clientId"], "occurredAt": "2026-03-02T16:01:00Z"}
    short = counter.ask(CLOSE, token=token, input=close | {"countedCash": "121.00"})["data"]["posShiftClose"]
    assert short["errors"] == [{"code": "REQUIRED", "field": "reason"}]
    closed = counter.ask(CLOSE, token=token, input=close | {"countedCash": "121.00", "reason": "change"})
    assert closed["data"]["posShiftClose"]["shift"]["difference"] == "-0.64"


def test_signing_in_finds_the_open_shift(till):
    register = tokens.register_token("register-R1")
    answer = till.counter.ask(SIGN_IN, register=register, code="2001", pin=PINS["manager"])

    assert answer["data"]["posSignIn"]["currentShift"] == {"id": str(till.shift.client_id)}


@pytest.mark.parametrize(("code", "pin"), [("1001", "999999"), ("4711", "246810")])
def test_a_wrong_sign_in_says_no_more_than_that(counter, code, pin):
    answer = counter.ask(SIGN_IN, register=tokens.register_token("register-R1"), code=code, pin=pin)

    assert answer["data"]["posSignIn"]["errors"] == [{"code": "SIGN_IN_REFUSED"}]
    assert answer["data"]["posSignIn"]["permissions"] == []


def test_guests_get_nothing(till):
    counter = till.counter
    asked = [
        counter.ask(OPEN, input=open_input(counter)),
        counter.ask(
            CLOSE, input={"clientId": "1", "shiftId": "2", "occurredAt": "2026-03-02T16:01:00Z", "countedCash": "1"}
        ),
        counter.ask(SYNC, input={"sales": [sale_input(str(till.shift.client_id))]}),
        counter.ask(CATALOGUE, store=counter.store.pk),
    ]

    assert [answer["errors"][0]["extensions"]["code"] for answer in asked] == ["UNAUTHENTICATED"] * 4
    assert not Sale.objects.exists()
    assert Shift.objects.count() == 1


def test_malformed_sales_are_told_by_field(till):
    shift = str(till.shift.client_id)
    sales = [
        sale_input(shift, total="21.65"),
        sale_input(shift, lines=[{"sku": "CASE", "quantity": -1, "unitPrice": "19.99", "tax": "-1.65"}]),
        sale_input("nonsense"),
        sale_input(shift, occurredAt="2026-03-02T16:00:00"),
        sale_input(shift, lines=[], tenders=[], total="0", taxTotal="0"),
    ]

    answer = till.counter.ask(SYNC, token=till.counter.token(), input={"sales": sales})

    told = [result["errors"][0] for result in answer["data"]["posSync"]["sales"]]
    assert [(error["code"], error["field"]) for error in told] == [
        ("TOTAL_MISMATCH", "total"),
        ("NOT_AVAILABLE", "lines.0.originalLineId"),
        ("INVALID", "shiftId"),
        ("INVALID", "occurredAt"),
        ("REQUIRED", "lines"),
    ]


def test_the_idempotency_key_answers_a_sync_again(till):
    body = {"sales": [sale_input(str(till.shift.client_id))]}
    key = str(uuid.uuid4())

    first = till.counter.ask(SYNC, token=till.counter.token(), key=key, input=body)
    again = till.counter.ask(SYNC, token=till.counter.token(), key=key, input=body)

    assert first == again
    assert Sale.objects.count() == 1


def test_the_catalogue_comes_in_pages_with_the_stores_stock(counter):
    token = counter.token()

    one = counter.ask(CATALOGUE, token=token, store=counter.store.pk, first=3)["data"]["posCatalogue"]
    two = counter.ask(CATALOGUE, token=token, store=counter.store.pk, first=3, cursor=one["cursor"])
    rest = two["data"]["posCatalogue"]

    assert (one["hasMore"], rest["hasMore"], rest["removedSkus"]) == (True, False, ["BUNDLED"])
    assert [(item["sku"], item["price"], item["quantity"], item["serialised"]) for item in one["items"]] == [
        ("PHONE", "499.00", 3, True), ("CASE", "19.99", 10, False), ("PLAN", "35.00", 0, False),
    ]  # fmt: skip
    assert one["items"][0]["taxRate"].rstrip("0") == "0.0825"
    assert one["channel"] == {"slug": "us", "pricesIncludeTax": False}


def test_the_cursor_stands_still_until_something_changes(counter):
    token, store = counter.token(), counter.store.pk
    cursor = counter.ask(CATALOGUE, token=token, store=store)["data"]["posCatalogue"]["cursor"]

    same = counter.ask(CATALOGUE, token=token, store=store, cursor=cursor)["data"]["posCatalogue"]
    Variant.objects.filter(sku="CASE").update(seq=5, is_active=False)
    ChangeCounter.objects.update(value=5)
    later = counter.ask(CATALOGUE, token=token, store=store, cursor=cursor)["data"]["posCatalogue"]

    assert (same["cursor"], same["items"], same["hasMore"]) == (cursor, [], False)
    assert (later["removedSkus"], later["items"]) == (["CASE"], [])
    assert later["cursor"] != cursor


@pytest.mark.parametrize("cursor", ["", "x", "dXM6LTE=", "Y246MQ==", "dXM6MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", "é"])
def test_a_cursor_of_another_making_is_refused(counter, cursor):
    answer = counter.ask(CATALOGUE, token=counter.token(), store=counter.store.pk, cursor=cursor)

    assert answer["errors"][0]["extensions"] == {"code": "INVALID", "field": "cursor"}


def test_a_cursor_from_a_lost_database_brings_everything(counter):
    answer = counter.ask(
        CATALOGUE, token=counter.token(), store=counter.store.pk, cursor=_cursor(counter.channel, "en", 999)
    )

    assert len(answer["data"]["posCatalogue"]["items"]) == 3


def test_the_catalogue_is_of_ones_own_store_and_of_a_sane_size(counter):
    token = counter.token()
    elsewhere = counter.ask(CATALOGUE, token=token, store=counter.other.pk)
    sizes = [counter.ask(CATALOGUE, token=token, store=counter.store.pk, first=first) for first in (0, 5001)]

    assert elsewhere["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
    assert [answer["errors"][0]["extensions"]["field"] for answer in sizes] == ["first", "first"]


def test_a_larger_catalogue_asks_the_database_no_more_often(counter):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            counter.ask(CATALOGUE, token=counter.token(), store=counter.store.pk, first=5000)
        return len(captured)

    before = queries()
    product = Variant.objects.get(sku="CASE").product
    for number in range(30):
        variant = Variant.objects.create(id=ids.capability(), product=product, sku=f"MORE-{number}", seq=10 + number)
        ChannelListing.objects.create(variant=variant, channel=counter.channel, price=1)

    assert queries() == before
