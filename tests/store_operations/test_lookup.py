"""Looking stock up: what is here and why, who else has it, and the whole life of a unit."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import receiving
from inventory import services as inventory
from inventory.models import StockRoom, UnitIdentifier
from kernel.errors import INVALID, NOT_FOUND, PERMISSION_DENIED, REQUIRED, UNAUTHENTICATED
from plugins.catalogue.models import ChannelListing, Variant
from plugins.pickup import services as pickups
from plugins.pickup.selectors import code_of
from plugins.pos.models import Sale
from plugins.store_operations import lookup
from tests.counter import ADA, GUEST, refused
from tests.inventory.goods import imei, make_store
from tests.pos.sales import Till, line

pytestmark = pytest.mark.django_db

LOOKUP = """query ($code: String!, $sku: String) { stockLookup(code: $code, sku: $sku) {
  article { sku name barcode price { amount } stocked tracking quantity
    explanation { kind quantity purpose room { kind sellable } }
    incoming { kind quantity document sender expectedOn }
    elsewhere { quantity store { code distanceKm } } regions { countryArea quantity stores } }
  units { id sku identifier identifiers { type value } state here store { code } room { kind } reservedFor } } }"""
HISTORY = """query ($unitId: ID!, $first: Int, $after: String) {
  unitHistory(unitId: $unitId, first: $first, after: $after) { pageInfo { hasNextPage endCursor }
    edges { node { kind state quantity store { code } room { kind } actor document reason } } } }"""


def look(counter, code, *, role="clerk", **variables):
    body = counter.ask(LOOKUP, token=counter.token(role), code=code, **variables)
    assert "errors" not in body, body
    return body["data"]["stockLookup"]


def history(counter, unit_id, **variables):
    body = counter.ask(HISTORY, token=counter.token(), unitId=unit_id, **variables)
    assert "errors" not in body, body
    return body["data"]["unitHistory"]


def room(store, code, kind, *, sellable=True):
    return inventory.upsert_room(store_id=store.pk, code=code, kind=kind, sellable=sellable)


def receive(store, sku, quantity, *, serials=(), **values):
    key = f"in/{uuid.uuid4()}"
    return inventory.receive(
        store_id=store.pk, sku=sku, quantity=quantity, serials=serials, source_key=key, actor="test", **values
    )


def move(counter, serial, *, origin=None, target=None, actor="test"):
    """Move a phone between rooms; None is the floor."""
    floor = StockRoom.objects.get(store=counter.store, kind="FLOOR")
    return inventory.move_goods(
        store_id=counter.store.pk,
        lines=[("PHONE", 1, [serial])],
        from_room_id=(origin or floor).pk,
        to_room_id=(target or floor).pk,
        source_key=f"move/{uuid.uuid4()}",
        actor=actor,
    )


def test_the_quantity_here_is_explained_line_by_line(counter):
    back, display = room(counter.store, "B", "BACK"), room(counter.store, "D", "DISPLAY", sellable=False)
    receive(counter.store, "CASE", 4, room_id=back.pk)
    receive(counter.store, "CASE", 2, room_id=display.pk)
    inventory.set_safety_rule(quantity=3, sku="CASE", store_id=counter.store.pk)
    counter.held_cart(("CASE", 2))

    article = look(counter, "case")["article"]

    lines = [
        (row["kind"], row["quantity"], (row["room"] or {}).get("kind"), row["purpose"])
        for row in article["explanation"]
    ]
    assert lines == [
        ("ON_HAND", 10, None, None),
        ("ON_HAND", 4, "BACK", None),
        ("ON_HAND", 2, "DISPLAY", None),
        ("UNSELLABLE", -2, "DISPLAY", None),
        ("RESERVED", -2, None, "CART"),
        ("SAFETY", -3, None, None),
    ]
    assert article["quantity"] == sum(row["quantity"] for row in article["explanation"]) == 9
    assert (article["name"], article["price"], article["tracking"]) == ("Case", {"amount": "19.99"}, "NONE")


def test_what_is_on_its_way_is_told_beside(counter):
    receiving.announce(
        supplier="Acme",
        number="LS-1",
        store_id=counter.store.pk,
        lines=[("CASE", 4, ())],
        actor="import",
        expected_on=dt.date(2026, 3, 6),
    )

    article = look(counter, "CASE")["article"]

    assert article["incoming"] == [
        {"kind": "ANNOUNCED", "quantity": 4, "document": "LS-1", "sender": "Acme", "expectedOn": "2026-03-06"}
    ]
    assert article["quantity"] == sum(row["quantity"] for row in article["explanation"]) == 10


def test_other_stores_that_have_it_come_nearest_first_and_by_region(counter):
    far = make_store(code="far", latitude=32.78, longitude=-96.80)
    farthest = make_store(code="farthest", latitude=44.98, longitude=-93.26)
    abroad = make_store(code="abroad", country="CA")
    for store, quantity in ((farthest, 7), (far, 2), (abroad, 9), (counter.other, 1)):
        receive(store, "CASE", quantity)

    article = look(counter, "CASE")["article"]

    assert [(row["store"]["code"], row["quantity"]) for row in article["elsewhere"]] == [
        ("store-2", 1),
        ("far", 2),
        ("farthest", 7),
    ]
    assert article["elsewhere"][0]["store"]["distanceKm"] == 0
    assert [(row["countryArea"], row["quantity"], row["stores"]) for row in article["regions"]] == [
        ("TX", 11, 2),
        ("MN", 9, 2),
    ]


@pytest.mark.parametrize("code", ["CASE", "case", " CASE ", "0036000291452", "036000291452"])
def test_sku_and_barcode_name_the_article(counter, code):
    Variant.objects.filter(sku="CASE").update(barcode="036000291452")

    found = look(counter, code)

    assert (found["article"]["sku"], found["article"]["barcode"], found["units"]) == ("CASE", "036000291452", [])


def test_what_is_no_longer_sold_is_still_looked_up(counter):
    ChannelListing.objects.filter(variant__sku="CASE").delete()

    article = look(counter, "CASE")["article"]

    assert (article["name"], article["price"], article["quantity"]) == ("Case", None, 10)


def test_what_is_not_kept_in_stock_says_so(counter):
    article = look(counter, "PLAN")["article"]

    assert (article["stocked"], article["quantity"], article["explanation"]) == (False, 0, [])


@pytest.mark.parametrize("code", ["4006381333931", "490154203237518", "HELLO", "https://example.com/x"])
def test_a_scan_of_something_else_finds_nothing(counter, code):
    assert look(counter, code) == {"article": None, "units": []}


@pytest.mark.parametrize(("code", "expected"), [("  ", REQUIRED), ("x" * 101, INVALID), ("a\x07b", INVALID)])
def test_what_is_no_code_is_refused(counter, code, expected):
    assert refused(lookup.look_up, caller=counter.staff(), code=code).code == expected


def test_any_number_of_a_unit_finds_it_and_its_article(counter):
    first, second = imei(), imei()
    receive(counter.other, "PHONE", 1, serials=[first], further={first: [("IMEI2", second), ("SERIAL", "F2LX1")]})

    for code in (first, second, f"{second[:8]}-{second[8:]}", "f2lx1"):
        found = look(counter, code)
        assert found["article"]["sku"] == "PHONE"
        (unit,) = found["units"]
        assert (unit["identifier"], unit["state"], unit["here"], unit["store"]) == (
            first,
            "IN_STOCK",
            False,
            {"code": "store-2"},
        )
        assert {row["type"]: row["value"] for row in unit["identifiers"]} == {
            "IMEI": first,
            "IMEI2": second,
            "SERIAL": "F2LX1",
        }


def test_a_makers_serial_of_two_articles_asks_which(counter):
    inventory.upsert_item(sku="WATCH", tracking="SERIAL", stocked=True, core_variant_id="v-watch")
    inventory.upsert_item(sku="TABLET", tracking="SERIAL", stocked=True, core_variant_id="v-tablet")
    for sku in ("WATCH", "TABLET"):
        receive(counter.store, sku, 1, serials=["A1B2C3"])

    both = look(counter, "A1B2C3")
    one = look(counter, "A1B2C3", sku="WATCH")

    assert (both["article"], [unit["sku"] for unit in both["units"]]) == (None, ["TABLET", "WATCH"])
    assert (one["article"]["sku"], [unit["sku"] for unit in one["units"]]) == ("WATCH", ["WATCH"])


def test_the_history_of_a_unit_is_every_movement_with_its_order(counter):
    serial = counter.serials[0]
    display = room(counter.store, "D", StockRoom.Kind.DISPLAY, sellable=False)
    unit_id = look(counter, serial)["units"][0]["id"]
    move(counter, serial, target=display, actor=counter.staff().scope)
    move(counter, serial, origin=display, actor=counter.staff().scope)
    till = Till(counter)
    till.shift = till.open().shift
    till.sell(line("PHONE", serials=[serial]))

    found = history(counter, unit_id)

    events = [edge["node"] for edge in found["edges"]]
    assert [(row["kind"], row["state"], row["quantity"], (row["room"] or {}).get("kind")) for row in events] == [
        ("SALE", "SOLD", -1, None),
        ("MOVE", "IN_STOCK", 1, None),
        ("MOVE", "UNAVAILABLE", 1, "DISPLAY"),
        ("RECEIPT", "IN_STOCK", 3, None),
    ]
    assert [row["actor"] for row in events] == ["Clerk", "Clerk", "Clerk", None]
    assert [row["document"] for row in events] == [Sale.objects.get().order.number, None, None, None]
    assert look(counter, serial)["units"][0]["state"] == "SOLD"


def test_the_history_names_the_order_that_was_collected(counter):
    pickup = counter.pickup(("PHONE", 1))
    serial, clerk = counter.serials[0], counter.staff()
    pickups.accept(caller=clerk, pickup_id=str(pickup.pk))
    pickups.scan(caller=clerk, pickup_id=str(pickup.pk), code="PHONE", serial=serial)
    kept = look(counter, serial)["units"][0]
    pickups.ready(caller=clerk, pickup_id=str(pickup.pk))
    pickups.hand_over(caller=clerk, pickup_id=str(pickup.pk), code=code_of(pickup), collected_by="Ada")

    sold, _received = (edge["node"] for edge in history(counter, kept["id"])["edges"])

    assert (kept["state"], kept["reservedFor"] in ("PICKUP", "ORDER", "CART")) == ("CUSTOMER_RESERVED", True)
    assert (sold["kind"], sold["document"]) == ("SALE", pickup.order.number)


def test_a_long_history_comes_in_pages(counter):
    serial = counter.serials[0]
    back = room(counter.store, "B", "BACK")
    unit_id = look(counter, serial)["units"][0]["id"]
    for number in range(5):
        move(counter, serial, **({"target": back} if number % 2 == 0 else {"origin": back}))

    first = history(counter, unit_id, first=4)
    rest = history(counter, unit_id, first=4, after=first["pageInfo"]["endCursor"])

    assert (len(first["edges"]), first["pageInfo"]["hasNextPage"]) == (4, True)
    assert [edge["node"]["kind"] for edge in rest["edges"]] == ["MOVE", "RECEIPT"]
    assert not rest["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize("unit_id", ["0", "999999", "-1", "x", "", "9" * 40, "١"])
def test_a_unit_that_is_not_there_has_no_history(counter, unit_id):
    call = refused(lookup.unit_history, caller=counter.staff(), unit_id=unit_id, first=10, after=None)

    assert (call.code, call.field) == (NOT_FOUND, "unitId")


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (lambda counter: GUEST, UNAUTHENTICATED),
        (lambda counter: ADA, PERMISSION_DENIED),
        (lambda counter: replace(counter.staff(), permissions=frozenset({"pos.sell"})), PERMISSION_DENIED),
        (lambda counter: replace(counter.staff(), store_id=None), PERMISSION_DENIED),
    ],
)
def test_who_may_not_see_stock_sees_nothing(counter, caller, code):
    assert refused(lookup.look_up, caller=caller(counter), code="CASE").code == code
    assert refused(lookup.unit_history, caller=caller(counter), unit_id="1", first=1, after=None).code == code


def test_clerk_and_manager_see_the_same(counter):
    assert look(counter, counter.serials[0]) == look(counter, counter.serials[0], role="manager")


def test_more_stores_rooms_and_events_ask_no_more(counter):
    serial, token = counter.serials[0], counter.token()
    unit_id = str(UnitIdentifier.objects.get(value=serial).unit_id)

    def asked(query, **variables):
        counter.ask(query, token=token, **variables)
        with CaptureQueriesContext(connection) as queries:
            body = counter.ask(query, token=token, **variables)
        return len(str(body)), len(queries)

    few = [asked(LOOKUP, code=serial), asked(HISTORY, unitId=unit_id)]
    for number, kind in enumerate(("BACK", "DISPLAY", "QUARANTINE")):
        receive(counter.store, "PHONE", 1, serials=[imei()], room_id=room(counter.store, f"R{number}", kind).pk)
        receive(make_store(), "PHONE", 1, serials=[imei()])
    move(counter, serial, target=room(counter.store, "R0", "BACK"))
    many = [asked(LOOKUP, code=serial), asked(HISTORY, unitId=unit_id)]

    assert all(long[0] > short[0] for short, long in zip(few, many, strict=True))
    assert [queries for _size, queries in many] == [queries for _size, queries in few]
    assert many[0][1] <= 19
