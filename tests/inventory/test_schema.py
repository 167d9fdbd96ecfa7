"""The stores and their stock as clients ask for them: the contract's shape, its limits, and few queries."""

import datetime as dt

import pytest
import strawberry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import services
from inventory.schema import Query
from kernel import clock as time

from .goods import WEEK, make_item, make_store, stock

pytestmark = pytest.mark.django_db

schema = strawberry.Schema(query=Query)

STORES = """query ($near: GeoPointInput, $first: Int, $after: String) {
  stores(near: $near, first: $first, after: $after) {
    edges { cursor node {
      id code name streetAddress city postalCode phone latitude longitude timezone
      hours { weekday date opens closes } openNow pickupEnabled distanceKm } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

AVAILABILITY = """query ($skus: [String!]!, $storeIds: [ID!], $near: GeoPointInput, $first: Int) {
  availability(skus: $skus, storeIds: $storeIds, near: $near, first: $first) {
    sku stores { quantity store { id name distanceKm } } } }"""

MINNEAPOLIS = {"latitude": 44.98, "longitude": -93.26}


def ask(document, **variables):
    result = schema.execute_sync(document, variable_values=variables)
    assert not result.errors, result.errors
    (answer,) = result.data.values()
    return answer


def refusal(document, **variables):
    (error,) = schema.execute_sync(document, variable_values=variables).errors
    return error.extensions["code"], error.extensions["field"]


@pytest.fixture
def places(db):
    """Three stores from near to far, one that is closed for good, and a depot."""
    make_store(name="Gone", is_active=False)
    make_store(name="Depot", kind="DEPOT")
    return [
        make_store(name="Near", latitude=44.99, phone="+1 612 555 0100"),
        make_store(name="Middle", latitude=45.5),
        make_store(name="Far", latitude=41.88, longitude=-87.63),
    ]


def test_stores_nearest_first_by_pages(places):
    page = ask(STORES, near=MINNEAPOLIS, first=2)
    assert [edge["node"]["name"] for edge in page["edges"]] == ["Near", "Middle"]
    assert page["pageInfo"]["hasNextPage"] is True
    rest = ask(STORES, near=MINNEAPOLIS, first=2, after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["name"] for edge in rest["edges"]] == ["Far"]
    assert rest["edges"][0]["node"]["distanceKm"] == pytest.approx(570, abs=5)
    near = page["edges"][0]["node"]
    assert (near["phone"], near["timezone"], near["pickupEnabled"]) == ("+1 612 555 0100", "America/Chicago", True)


def test_without_a_place_stores_come_by_name_and_have_no_distance(places):
    page = ask(STORES)
    assert [edge["node"]["name"] for edge in page["edges"]] == ["Far", "Middle", "Near"]
    assert page["edges"][0]["node"]["distanceKm"] is None


def test_hours_are_the_week_and_the_exceptions_to_come(clock, db):
    exceptions = [
        {"date": "2026-03-03", "opens": None, "closes": None},
        {"date": "2026-03-04", "opens": "13:00", "closes": "15:00"},
        {"date": "2026-12-25", "opens": None, "closes": None},
    ]
    make_store(hours=WEEK[:6], exceptions=exceptions)
    (edge,) = ask(STORES)["edges"]
    hours = edge["node"]["hours"]
    assert [row["weekday"] for row in hours] == [1, 2, 3, 4, 5, 6, 7, 3, 5]
    assert hours[0] == {"weekday": 1, "date": None, "opens": "10:00", "closes": "20:00"}
    assert hours[6] == {"weekday": 7, "date": None, "opens": None, "closes": None}
    assert hours[7] == {"weekday": 3, "date": "2026-03-04", "opens": "13:00", "closes": "15:00"}
    assert edge["node"]["openNow"] is False  # It is noon, and the exception begins at one.
    clock.advance(hours=1)
    assert ask(STORES)["edges"][0]["node"]["openNow"] is True


def test_stores_refuse_bad_input(places):
    assert refusal(STORES, first=101) == ("INVALID", "first")
    assert refusal(STORES, first=-1) == ("INVALID", "first")
    assert refusal(STORES, after="nonsense") == ("INVALID", "after")
    assert refusal(STORES, near={"latitude": 100, "longitude": 0}) == ("INVALID", "near")


def test_availability_is_what_may_be_promised(places):
    near, _middle, far = places
    cable, plan = make_item(), make_item(stocked=False)
    stock(near, cable, 3)
    stock(far, cable, 1)
    services.reserve(
        key="cart",
        purpose="CART",
        owner="cart:1",
        store_id=near.pk,
        lines=[(cable.sku, 1)],
        expires_at=time.now() + dt.timedelta(minutes=5),
    )
    found = ask(AVAILABILITY, skus=[cable.sku, plan.sku, cable.sku], near=MINNEAPOLIS, first=2)
    assert [entry["sku"] for entry in found] == [cable.sku, plan.sku]
    assert [(row["store"]["name"], row["quantity"]) for row in found[0]["stores"]] == [("Near", 2), ("Middle", 0)]
    assert found[1]["stores"] == []
    chosen = ask(AVAILABILITY, skus=[cable.sku], storeIds=[far.pk, near.pk], first=1)
    assert [row["quantity"] for row in chosen[0]["stores"]] == [1, 2]
    nearest = ask(AVAILABILITY, skus=[cable.sku], storeIds=[far.pk, near.pk], near=MINNEAPOLIS)
    assert [row["store"]["id"] for row in nearest[0]["stores"]] == [near.pk, far.pk]
    assert ask(AVAILABILITY, skus=[]) == []


def test_availability_refuses_bad_input(places):
    cable = make_item()
    assert refusal(AVAILABILITY, skus=[cable.sku, "no such"]) == ("UNKNOWN_SKU", "skus.1")
    assert refusal(AVAILABILITY, skus=["x"] * 101) == ("LIMIT_EXCEEDED", "skus")
    assert refusal(AVAILABILITY, skus=[cable.sku], first=101) == ("INVALID", "first")
    assert refusal(AVAILABILITY, skus=[cable.sku], storeIds=[places[0].pk, "?"]) == (
        "STORE_NOT_FOUND",
        "storeIds.1",
    )
    assert refusal(AVAILABILITY, skus=[cable.sku], storeIds=["x"] * 101) == ("LIMIT_EXCEEDED", "storeIds")


def test_the_number_of_queries_does_not_grow(places):
    items = [make_item() for _ in range(5)]
    for place in places:
        for item in items:
            stock(place, item, 1)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ask(STORES, near=MINNEAPOLIS, first=100)
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        ask(AVAILABILITY, skus=[item.sku for item in items], near=MINNEAPOLIS, first=100)
    assert len(queries) == 3


IN_COUNTRY = """query ($country: String, $skus: [String!]!) {
  stores(country: $country) { edges { node { name } } }
  availability(country: $country, skus: $skus) { stores { quantity store { name } } } }"""


def test_stores_and_stock_of_one_country(places):
    item, abroad = make_item(), make_store(name="国贸店", country="CN", latitude=39.9, longitude=116.5)
    stock(abroad, item, 4)
    stock(places[0], item, 2)

    def answer(country):
        data = schema.execute_sync(IN_COUNTRY, variable_values={"country": country, "skus": [item.sku]}).data
        [found] = data["availability"]
        return (
            [edge["node"]["name"] for edge in data["stores"]["edges"]],
            {row["store"]["name"]: row["quantity"] for row in found["stores"]},
        )

    assert answer("CN") == (["国贸店"], {"国贸店": 4})
    assert answer("US") == (["Far", "Middle", "Near"], {"Near": 2, "Middle": 0, "Far": 0})
    assert len(answer(None)[0]) == 4
    assert answer("FR") == ([], {})


@pytest.mark.parametrize("country", ["", "cn", "CHN", "C\0"])
def test_a_country_is_two_letters(places, country):
    found = schema.execute_sync(IN_COUNTRY, variable_values={"country": country, "skus": []}).errors
    assert {(error.extensions["code"], error.extensions["field"]) for error in found} == {("INVALID", "country")}
