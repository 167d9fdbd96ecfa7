"""Twelve guests want the last unit of a SKU in a store: one gets it, and everybody's books agree afterwards."""

import json
import os
import threading
import time
import uuid

import httpx
import pytest

from demo import documents as docs
from demo.client import Api, JourneyError
from demo.goods import POS_CATALOGUE, register_of, registers_in, store_of, till

pytestmark = [pytest.mark.e2e, pytest.mark.race]

GUESTS = 12
ROUNDS = 8 if os.environ.get("SOAK") else 1
PATIENCE = 60
VARIANT_ID = """query ($context: ContextInput!, $sku: String!) { product(context: $context, sku: $sku) {
  variants { id sku } } }"""
CORE_STOCK = """query ($id: ID!) { productVariant(id: $id) {
  stocks { quantity quantityAllocated warehouse { name } } } }"""


@pytest.fixture
def store_id(suite):
    """A store that the other tests leave alone."""
    store: str = registers_in(suite.api, suite.facts, "US")[-1]["store_id"]
    return store


@pytest.fixture
def last_units(suite, store_id):
    """SKUs of which that store has exactly one piece."""
    clerk = till(suite.api, suite.facts, register_of(suite.facts, store_id))
    items = clerk.query(POS_CATALOGUE, storeId=store_id)["items"]
    skus = [item["sku"] for item in items if item["quantity"] == 1]
    assert len(skus) >= ROUNDS, "the demonstration leaves too few last units in the store"
    return skus[:ROUNDS]


def test_twelve_guests_and_one_last_unit_make_one_order(suite, store_id, last_units):
    for sku in last_units:
        # Given twelve guests who have it in their cart and look at the same times to collect it
        guests = [_Guest(suite, store_id, sku) for _ in range(GUESTS)]

        # When all of them order at once
        barrier = threading.Barrier(GUESTS)
        threads = [threading.Thread(target=guest.order, args=(barrier,)) for guest in guests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE * 2)

        # Then one has an order, all others are told that there is none left
        outcomes = sorted(guest.outcome for guest in guests)
        assert outcomes == ["INSUFFICIENT_STOCK"] * (GUESTS - 1) + ["ORDERED"]
        availability = suite.api.query(docs.AVAILABILITY, skus=[sku], storeIds=[store_id])
        assert [row["quantity"] for row in availability[0]["stores"]] in ([], [0])
        # And the core promises nothing more of it
        _wait_until_core_has_none(suite, store_id, sku)
    # And the balances are what the ledger, the reservations and the units say
    proof = suite.manage("prove_stock")
    assert proof.returncode == 0, proof.stderr


class _Guest:
    """One shopper with a connection, a cart and a contact of their own."""

    def __init__(self, suite, store_id, sku):
        self.api, self.store_id, self.outcome = Api(suite.url), store_id, "NOTHING"
        contact = {"firstName": "Guest", "lastName": "Racer", "email": "racer@example.com", "phone": "+12125550145"}
        made = {
            "context": {"channel": suite.facts["channel"]},
            "contact": contact,
            "lines": [{"sku": sku, "quantity": 1}],
        }
        self.cart_id = self.api.mutate(docs.CART_CREATE, input=made)["cart"]["id"]
        store = store_of(self.api, store_id)
        near = {"latitude": store["latitude"], "longitude": store["longitude"]}
        options = self.api.query(docs.PICKUP_OPTIONS, cartId=self.cart_id, near=near)
        slots = next(option["slots"] for option in options if option["store"]["id"] == store_id)
        self.slot_id = next(slot["id"] for slot in slots if slot["remaining"] > 0)

    def order(self, barrier):
        barrier.wait()
        try:
            delivery = {"pickupStoreId": self.store_id, "pickupSlotId": self.slot_id}
            refusal = self._try(docs.CART_DELIVERY, cartId=self.cart_id, delivery=delivery)
            if refusal is None:
                payments = [{"method": "PAY_IN_STORE"}]
                refusal = self._try(docs.CART_COMPLETE, cartId=self.cart_id, payments=payments)
            self.outcome = refusal or "ORDERED"
        except (httpx.HTTPError, JourneyError, KeyError) as error:
            # A thread's exception would vanish: it becomes the outcome, which the test compares.
            self.outcome = f"{type(error).__name__}: {error}"

    def _try(self, document, **variables):
        """The code of the refusal, None when it worked; repeated with the same key while the server says so."""
        key = str(uuid.uuid4())
        deadline = time.monotonic() + PATIENCE
        while True:
            body = self.api.raw(document, variables, key)
            if body.get("errors"):
                code = body["errors"][0]["extensions"]["code"]
            else:
                problems = next(iter(body["data"].values()))["errors"]
                code = problems[0]["code"] if problems else None
            if code not in {"TRY_AGAIN", "IN_PROGRESS", "CART_BUSY"} or time.monotonic() > deadline:
                return code
            time.sleep(0.3)


def _wait_until_core_has_none(suite, store_id, sku):
    product = suite.api.query(VARIANT_ID, context={"channel": suite.facts["channel"]}, sku=sku)
    variant_id = next(variant["id"] for variant in product["variants"] if variant["sku"] == sku)
    name = store_of(suite.api, store_id)["name"]
    token = json.loads((suite.var / "secrets.json").read_text())["app_token"]
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = httpx.post(
            f"{suite.core_url}/graphql/",
            json={"query": CORE_STOCK, "variables": {"id": variant_id}},
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        ).json()
        stocks = answer["data"]["productVariant"]["stocks"]
        stock = next(stock for stock in stocks if stock["warehouse"]["name"] == name)
        free = stock["quantity"] - stock["quantityAllocated"]
        if free == 0:
            return
        assert time.monotonic() < deadline, f"the core still offers {free} of {sku} in {name}"
        time.sleep(1)
