"""Pickups as the register and the shopper see them, through the API."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plugins.pickup import selectors
from tests.counter import ADA
from tests.pickup.steps import accept, make_ready

pytestmark = pytest.mark.django_db

PICKUP = """fragment PickupFields on Pickup { id orderId state orderNumber customerName readyBy pickupBy handOverCode
  store { id } amountDue { amount currency } lines { sku name quantity picked serials } }"""
QUEUE = f"""{PICKUP} query($store: ID!, $states: [PickupState!], $first: Int, $after: String) {{
  pickupQueue(storeId: $store, states: $states, first: $first, after: $after) {{
    edges {{ node {{ ...PickupFields }} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
ORDER = PICKUP + " query($id: ID!) { order(id: $id) { pickups { ...PickupFields } } }"
HAND_OVER = f"""{PICKUP} mutation($id: ID!, $code: String!, $name: String!) {{
  pickupHandOver(id: $id, code: $code, collectedBy: $name) {{
    pickup {{ ...PickupFields }} errors {{ code field }} }} }}"""


def test_the_work_of_a_store(counter):
    token, ids = counter.token(), {"store": counter.store.pk}
    pickup = counter.pickup(("PHONE", 1), ("CASE", 1), method="PAY_IN_STORE")

    [edge] = counter.ask(QUEUE, token=token, **ids)["data"]["pickupQueue"]["edges"]
    node = edge["node"]
    assert (node["state"], node["orderId"], node["customerName"]) == ("PLACED", pickup.order_id, "Ada Lovelace")
    assert (node["amountDue"], node["handOverCode"]) == ({"amount": "561.81", "currency": "USD"}, None)

    def step(name, arguments=""):
        query = "mutation($id: ID!) { %s(id: $id%s) { pickup { state lines { picked } } errors { code } } }"
        return counter.ask(query % (name, arguments), token=token, id=node["id"])["data"][name]

    assert step("pickupAccept")["pickup"]["state"] == "ACCEPTED"
    assert step("pickupScan", ', code: "CASE"')["pickup"]["lines"] == [{"picked": 0}, {"picked": 1}]
    assert step("pickupReady") == {"pickup": None, "errors": [{"code": "NOT_ALL_PICKED"}]}
    assert step("pickupScan", f', code: "PHONE", serial: "{counter.serials[0]}"')["errors"] == []
    assert step("pickupReady")["pickup"]["state"] == "READY"
    refused = counter.ask(HAND_OVER, token=token, id=node["id"], code=selectors.code_of(pickup), name="Ada")
    assert refused["data"]["pickupHandOver"]["errors"] == [{"code": "PAYMENT_DUE", "field": None}]


def test_a_hand_over_with_its_key_is_answered_again(counter):
    pickup, key = make_ready(counter), str(uuid.uuid4())
    asked = {"id": str(pickup.pk), "code": selectors.code_of(pickup), "name": "Ada"}

    first = counter.ask(HAND_OVER, token=counter.token(), key=key, **asked)
    again = counter.ask(HAND_OVER, token=counter.token(), key=key, **asked)

    assert first == again
    assert first["data"]["pickupHandOver"]["pickup"]["state"] == "HANDED_OVER"
    assert counter.on_hand("PHONE") == 2


def test_wrong_codes_count_although_they_are_refused(counter):
    pickup = make_ready(counter)
    asked = {"id": str(pickup.pk), "code": "00000000", "name": "Ada"}

    told = [counter.ask(HAND_OVER, token=counter.token(), **asked)["data"]["pickupHandOver"] for _n in range(6)]

    assert [answer["errors"][0]["code"] for answer in told] == ["WRONG_CODE"] * 5 + ["TOO_MANY_ATTEMPTS"]


def test_guests_and_other_stores_see_no_queue(counter):
    nobody = counter.ask(QUEUE, store=counter.store.pk)
    other = counter.ask(QUEUE, token=counter.token(register="R9"), store=counter.store.pk)
    step = counter.ask(HAND_OVER, id=str(counter.pickup().pk), code="1", name="Ada")

    assert nobody["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert other["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
    assert step["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_only_the_owner_is_shown_the_code(counter, monkeypatch):
    pickup = counter.pickup(caller=ADA)

    as_staff = counter.ask(ORDER, token=counter.token(), id=pickup.order_id)
    as_guest = counter.ask(ORDER, id=pickup.order_id)
    monkeypatch.setattr("storefront_api.context.caller_of", lambda authorization: ADA)
    as_owner = counter.ask(ORDER, id=pickup.order_id)

    assert as_staff["data"]["order"]["pickups"][0]["handOverCode"] is None
    assert as_guest["data"]["order"] is None
    assert as_owner["data"]["order"]["pickups"][0]["handOverCode"] == selectors.code_of(pickup)


def test_the_queue_is_sorted_by_urgency_and_paged(counter):
    first = counter.pickup(("CASE", 1))
    counter.clock.advance(hours=2)
    second = counter.pickup(("CASE", 1))
    asked = {"token": counter.token(), "store": counter.store.pk, "first": 1}

    one = counter.ask(QUEUE, **asked)["data"]["pickupQueue"]
    two = counter.ask(QUEUE, **asked, after=one["pageInfo"]["endCursor"])["data"]["pickupQueue"]

    assert [page["edges"][0]["node"]["id"] for page in (one, two)] == [str(first.pk), str(second.pk)]
    assert (one["pageInfo"]["hasNextPage"], two["pageInfo"]["hasNextPage"]) == (True, False)


def test_a_longer_queue_asks_the_database_no_more_often(counter):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            answer = counter.ask(QUEUE, token=counter.token(), store=counter.store.pk)
        return len(answer["data"]["pickupQueue"]["edges"]), len(captured)

    accept(counter, counter.pickup(("CASE", 1)))
    _one, before = queries()
    for _n in range(3):
        counter.pickup(("CASE", 1), method="PAY_IN_STORE")

    assert queries() == (4, before)
