"""The scripted walk, and what kill -9 does to an order in the middle of its completion."""

import threading
import time
import uuid

import httpx
import pytest

from demo import documents as docs
from demo import journey
from demo.client import Api

pytestmark = pytest.mark.e2e

# The server that was killed has to start.
PATIENCE = 240


def test_the_journey_passes(suite):
    lines: list[str] = []
    assert journey.walk(suite.url, suite.facts, lines.append) == 0, "\n".join(lines)


@pytest.mark.fault
def test_a_server_killed_while_it_places_an_order_leaves_exactly_one_order(suite):
    # Given a cart that is ready to be ordered and a core that is slow at completing it
    api = Api(suite.url)
    walk = journey.Walk(suite.url, suite.facts, api)
    serial = suite.facts["serials"][3]
    contact = {"firstName": "Kim", "lastName": "Osei", "email": "kim@example.com", "phone": "+12125550144"}
    made = {"context": walk.context, "contact": contact, "lines": [{"sku": serial["sku"], "quantity": 1}]}
    cart = api.mutate(docs.CART_CREATE, input=made)["cart"]
    journey._choose_slot(walk, cart["id"], serial["store_id"])
    faults = f"{suite.core_url}/faults/"
    httpx.post(
        faults, json={"faults": [{"kind": "latency", "operation": "CheckoutComplete", "seconds": 3}]}
    ).raise_for_status()
    key = str(uuid.uuid4())
    variables = {"cartId": cart["id"], "payments": [{"method": "PAY_IN_STORE"}]}

    # When the server is killed while it waits for the core, and the customer tries again with the same key
    first = threading.Thread(target=_ignore_a_cut_line, args=(Api(suite.url), variables, key))
    first.start()
    first.join(1.5)
    suite.process("uvicorn storefront_api").kill()
    first.join()
    order = _until_placed(Api(suite.url), variables, key)

    # Then there is one order, here and in the core, and the unit is promised once
    again = Api(suite.url).mutate(docs.CART_COMPLETE, key=key, **variables)["order"]
    assert again["number"] == order["number"]
    assert order["coreNumber"]
    queue = _clerk(suite, serial["store_id"]).query(docs.QUEUE, storeId=serial["store_id"])
    assert [edge["node"]["orderNumber"] for edge in queue["edges"]].count(order["number"]) == 1


def _ignore_a_cut_line(api, variables, key):
    try:
        api.raw(docs.CART_COMPLETE, variables, key)
    except httpx.HTTPError:
        return


def _until_placed(api, variables, key):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            body = api.raw(docs.CART_COMPLETE, variables, key)
        except httpx.HTTPError:
            time.sleep(1)
            continue
        payload = (body.get("data") or {}).get("cartComplete")
        if payload and payload["order"]:
            return payload["order"]
        codes = (
            [error["code"] for error in payload["errors"]]
            if payload
            else [e["extensions"]["code"] for e in body["errors"]]
        )
        assert set(codes) <= {"TRY_AGAIN", "IN_PROGRESS", "CART_BUSY"}, codes
        time.sleep(1)
    raise AssertionError("the order was not placed in time")


def _clerk(suite, store_id):
    register = next(r for r in suite.facts["registers"] if r["store_id"] == store_id)
    staff = suite.facts["staff"][0]
    payload = Api(suite.url).mutate(
        docs.POS_SIGN_IN, registerToken=register["token"], staffCode=staff["code"], pin=staff["pin"]
    )
    return Api(suite.url, payload["token"])
