"""What a merchandiser publishes for next Monday in two cities is bought there by shoppers, over the API and in the
embedded core; rolled back, each order keeps its version and each quote until it runs out."""

import copy
import datetime as dt
import json
from decimal import Decimal

import pytest

from commerce.core import core
from inventory import services as inventory
from inventory.services import OpeningRow
from plugins.bundles import services as offers
from plugins.bundles import tasks
from plugins.bundles.models import OfferVersion
from plugins.carts.models import Cart, Order
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Channel
from tests.bundles.conftest import DOCUMENT
from tests.bundles.test_merchandiser import act, merchandiser, said  # noqa: F401  (fixture)
from tests.carts.conftest import at  # noqa: F401  (fixture)
from tests.inventory.goods import imei

CODE = "new-phone"
DEVICE, PLAN = "ACME-ONE-256", "PLAN-TALK"
WISH = {
    "offerCode": CODE,
    "term": 24,
    "selections": [{"group": "device", "sku": DEVICE}, {"group": "plan", "sku": PLAN}],
}
CREATE = "mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } errors { code } } }"
CART = "id total { amount } monthly { amount } bundles { version requoted { dueToday { amount } refusal } }"
READ = f"query($id: ID!) {{ cart(id: $id) {{ {CART} }} }}"
ADD = f"""mutation($id: ID!, $wish: BundleConfigurationInput!) {{ cartBundleAdd(cartId: $id, configuration: $wish) {{
    cart {{ {CART} }} errors {{ code field }} }} }}"""
COLLECT = """mutation($id: ID!, $store: ID!) { cartDeliveryUpdate(cartId: $id, delivery: {pickupStoreId: $store}) {
    errors { code message } } }"""
COMPLETE = """mutation($id: ID!) { cartComplete(cartId: $id, payments: [{method: CARD, token: "tok_ok"}]) {
    order { id total { amount } bundles { version } lines { sku total { amount } } } errors { code } } }"""
ORDER = "query($id: ID!) { order(id: $id) { total { amount } bundles { version dueToday { amount } } } }"


def offer_of(down_payment):
    """The new device with a plan, in Austin and Dallas."""
    document = copy.deepcopy(DOCUMENT)
    document["eligibility"] = {"cities": ["Austin", "Dallas"]}
    device, plan = document["groups"][1]["options"][0], document["groups"][2]["options"][0]
    device["sku"], plan["sku"] = DEVICE, PLAN
    device["prices"] = {"instalments": [{"months": 24, "downPayment": down_payment, "when": {"terms": [24]}}]}
    document["groups"], document["rules"] = document["groups"][:3], []
    return document


@pytest.fixture
def cities(embedded_core, db, at, settings):  # noqa: F811
    """A store in each of three cities, with five of the new device."""
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    catalogue.sync_everything()
    warehouses = {warehouse.slug: warehouse.id for warehouse in core().warehouses()}
    stores = {}
    for number, city in enumerate(("Austin", "Dallas", "Houston"), start=1):
        stores[city] = inventory.upsert_store(
            code=f"store-{number}", name=city, street_address="1 Main St", city=city, postal_code="78701",
            country_area="TX", country="US", latitude=30.0 + number, longitude=-97.0, timezone="America/Chicago",
            hours=[{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(1, 8)],
            core_warehouse_id=warehouses.get(f"store-{number}"),
        )  # fmt: skip
        inventory.receive_opening([OpeningRow(stores[city].pk, DEVICE, 5, [imei() for _n in range(5)])])
        if stores[city].core_warehouse_id:
            embedded_core.set_stock(DEVICE, f"store-{number}", 5)
    return stores


@pytest.fixture
def api(client):
    def call(document, **variables):
        body = json.dumps({"query": document, "variables": variables})
        reply = client.post("/graphql/", body, content_type="application/json").json()
        assert "errors" not in reply, reply
        (answer,) = reply["data"].values()
        return answer

    return call


@pytest.fixture
def shopper(api, cities):
    """What somebody does who shops with a store of a city chosen."""

    class Shopper:
        def cart(self, city):
            context = {"channel": "us", "storeId": cities[city].pk}
            contact = {"firstName": "Ada", "lastName": "L", "email": "ada@example.com", "phone": "512-555-0100"}
            return api(CREATE, input={"context": context, "contact": contact})["cart"]["id"]

        def add(self, cart):
            return api(ADD, id=cart, wish=WISH)

        def filled(self, city):
            """A cart with the bundle, its device to be collected in the city."""
            cart = self.cart(city)
            added = self.add(cart)
            assert added["errors"] == []
            self.collect(cart, city)
            return added["cart"]

        def collect(self, cart, city):
            assert api(COLLECT, id=cart, store=cities[city].pk)["errors"] == []

        def buy(self, cart):
            return api(COMPLETE, id=cart["id"])

    return Shopper()


def test_sold_in_two_cities_from_monday_on_and_rolled_back(merchandiser, shopper, api, at):  # noqa: F811
    # The merchandiser's first version, for Monday by the clocks of the channel.
    us = Channel.objects.get(slug="us")
    draft = offers.save_draft(code=CODE, channel=us, document=offer_of("99.00"), test_cases=[], actor="admin:1")
    monday = dt.datetime(2026, 3, 9, 9, 0)
    act(merchandiser, "schedule", at=monday.isoformat(), seen=draft.revision, note="Spring launch")
    assert OfferVersion.objects.get().state == "SCHEDULED"
    early = shopper.add(shopper.cart("Austin"))
    assert (early["cart"], [error["code"] for error in early["errors"]]) == (None, ["OFFER_NOT_FOUND"])

    # Monday: bought in Dallas, through the core.
    at.advance(days=7)
    assert tasks.publish_due() == 1
    cart = shopper.filled("Dallas")
    assert (cart["total"]["amount"], cart["bundles"][0]["version"]) == ("107.17", 1)
    bought = shopper.buy(cart)
    assert bought["errors"] == []
    first = bought["order"]
    assert (first["total"]["amount"], first["bundles"]) == ("107.17", [{"version": 1}])
    assert {line["sku"] for line in first["lines"]} == {DEVICE, PLAN}
    assert in_core(first) == Decimal("107.17")

    # Not in Houston: refused, and nothing is in the cart.
    refused = shopper.cart("Houston")
    answer = shopper.add(refused)
    told = [(error["code"], error["field"]) for error in answer["errors"]]
    assert told == [("OFFER_NOT_FOUND", "configuration.offerCode")]
    left = Cart.objects.get(pk=refused)
    assert (left.lines.count(), left.bundles.count()) == (0, 0)

    # A second version by mistake: one shopper buys it, another has it in the cart.
    draft = offers.save_draft(code=CODE, channel=us, document=offer_of("9.00"), test_cases=[], actor="admin:1")
    act(merchandiser, "publish", seen=draft.revision, note="Too cheap")
    second = shopper.buy(shopper.filled("Austin"))["order"]
    waiting, late = shopper.filled("Austin"), shopper.filled("Dallas")
    assert [one["total"]["amount"] for one in (second, waiting, late)] == ["9.74"] * 3

    # One click back. What was ordered stays as it was bought, a quote holds, a new cart has the version before.
    answer = act(merchandiser, "back", sold="2", note="Wrong down payment")
    assert said(answer) == ["Version 1 is on sale again."]
    assert [version_of(api(ORDER, id=order["id"])) for order in (first, second)] == [(1, "107.17"), (2, "9.74")]
    now = shopper.filled("Austin")
    assert (now["total"]["amount"], now["bundles"][0]["version"]) == ("107.17", 1)
    at.advance(hours=23, minutes=59)
    assert api(READ, id=waiting["id"])["bundles"] == [{"version": 2, "requoted": None}]
    shopper.collect(waiting["id"], "Austin")  # the time that was chosen has passed
    third = shopper.buy(waiting)["order"]
    assert (third["total"]["amount"], third["bundles"]) == ("9.74", [{"version": 2}])
    assert in_core(third) == Decimal("9.74")

    # A minute later the other quote has run out: its shopper is told the price of the version before, and may agree.
    at.advance(minutes=1)
    [bundle] = api(READ, id=late["id"])["bundles"]
    assert bundle == {"version": 2, "requoted": {"dueToday": {"amount": "107.17"}, "refusal": None}}
    shopper.collect(late["id"], "Dallas")
    changed = shopper.buy(late)
    assert (changed["order"], [error["code"] for error in changed["errors"]]) == (None, ["PRICE_CHANGED"])
    last = shopper.buy(late)["order"]
    assert (last["total"]["amount"], last["bundles"]) == ("107.17", [{"version": 1}])
    assert [in_core(order) for order in (second, last)] == [Decimal("9.74"), Decimal("107.17")]
    assert Order.objects.count() == 4


def in_core(order):
    return core().order(Order.objects.get(pk=order["id"]).core_id).total.gross


def version_of(order):
    [bundle] = order["bundles"]
    assert bundle["dueToday"] == order["total"]
    return bundle["version"], order["total"]["amount"]
