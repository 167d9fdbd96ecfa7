"""The API from an empty cart to a cancelled order, over HTTP, with the real embedded core."""

import json
from decimal import Decimal

import pytest

from commerce.core import core
from inventory import services as inventory
from inventory.services import OpeningRow
from kernel import outbox
from plugins.carts.models import Order
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import ChannelListing, Variant
from tests.embedded_catalogue import SHOPPER

pytestmark = pytest.mark.django_db

CART = """id salesChannel subtotal { amount currency } tax { amount } total { amount } monthly { amount }
    reservedUntil promiseDate contact { email phone } lines { id sku quantity unitPrice { amount } total { amount } }
    deliveries { lineIds pickupStore { code } pickupSlot { id remaining } }"""
ORDER = """id number coreNumber status total { amount } timeline { code label }
    payments { method state amount { amount } } lines { sku quantity }
    pickups { state handOverCode amountDue { amount } store { code } }"""


@pytest.fixture
def api(client, embedded_core, db, settings):
    settings.DEBUG = True
    settings.CELERY_WAKE = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    catalogue.sync_everything()
    warehouse = next(item for item in core().warehouses() if item.slug == "store-1")
    store = inventory.upsert_store(
        code="store-1",
        name="Store 1",
        street_address="1 Congress Ave",
        city="Austin",
        postal_code="78701",
        country_area="TX",
        country="US",
        latitude=30.26,
        longitude=-97.74,
        timezone="America/Chicago",
        hours=[{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(1, 8)],
        core_warehouse_id=warehouse.id,
    )
    inventory.receive_opening([OpeningRow(store.pk, "ACME-CASE", 20)])
    embedded_core.set_stock("ACME-CASE", "store-1", 20)

    def call(document, token=None, **variables):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = json.dumps({"query": document, "variables": variables})
        reply = client.post("/graphql/", body, content_type="application/json", headers=headers).json()
        assert "errors" not in reply, reply
        (answer,) = reply["data"].values()
        return answer

    return call


def create(api, *lines, token=None):
    answer = api(
        f"""mutation($input: CartCreateInput!) {{ cartCreate(input: $input) {{
            cart {{ {CART} }} errors {{ code field }} }} }}""",
        token=token,
        input={
            "context": {"channel": "us"},
            "contact": {
                "firstName": "Ada",
                "lastName": "Lovelace",
                "email": "ada@example.com",
                "phone": "512-555-0100",
            },
            "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
        },
    )
    assert answer["errors"] == []
    return answer["cart"]


def collect(api, cart, token=None):
    options = api(
        """query($id: ID!) { pickupOptions(cartId: $id, near: {latitude: 30, longitude: -97}) {
            complete readyBy store { id distanceKm } slots { id remaining } } }""",
        token=token,
        id=cart["id"],
    )
    assert options[0]["complete"]
    answer = api(
        f"""mutation($id: ID!, $delivery: CartDeliveryInput!) {{ cartDeliveryUpdate(cartId: $id, delivery: $delivery) {{
            cart {{ {CART} }} errors {{ code field message }} }} }}""",
        token=token,
        id=cart["id"],
        delivery={"pickupStoreId": options[0]["store"]["id"], "pickupSlotId": options[0]["slots"][0]["id"]},
    )
    assert answer["errors"] == []
    return answer["cart"]


def complete(api, cart, token=None, **payment):
    return api(
        f"""mutation($id: ID!, $payments: [PaymentInput!]!) {{ cartComplete(cartId: $id, payments: $payments) {{
            order {{ {ORDER} }} paymentActionUrl errors {{ code field message }} }} }}""",
        token=token,
        id=cart["id"],
        payments=[{"method": "CARD", "token": "tok_ok", **payment}],
    )


def test_a_guest_buys_and_cancels(api, embedded_core):
    cart = collect(api, create(api, ("ACME-CASE", 3), ("PLAN-TALK", 1)))
    assert cart["total"]["amount"] == "99.92"
    assert cart["reservedUntil"]

    first = complete(api, cart, amount=cart["total"]["amount"])
    again = complete(api, cart, amount=cart["total"]["amount"])

    assert first["errors"] == []
    assert first == again
    order = first["order"]
    assert order["total"]["amount"] == "99.92"
    assert order["payments"] == [{"method": "CARD", "state": "AUTHORISED", "amount": {"amount": "99.92"}}]
    assert order["pickups"][0]["handOverCode"]
    recorded = core().order(Order.objects.get().core_id)
    assert (recorded.number, recorded.total.gross) == (order["coreNumber"], Decimal("99.92"))
    assert recorded.warehouse_id is not None
    assert [paid.authorized for paid in recorded.transactions] == [Decimal("99.92")]

    seen = api(f"query($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}", id=order["id"])
    assert seen["pickups"][0]["handOverCode"] is None
    found = api(
        f'query($n: String!) {{ orderByNumber(number: $n, contact: "(512) 555-0100") {{ {ORDER} }} }}',
        n=order["number"],
    )
    assert found["pickups"][0]["handOverCode"] is None

    cancelled = api(
        f'mutation($id: ID!) {{ orderCancel(id: $id, reason: "no") {{ order {{ {ORDER} }} errors {{ code }} }} }}',
        id=order["id"],
    )
    assert cancelled["order"]["status"] == "CANCELLED"
    assert cancelled["order"]["pickups"][0]["state"] == "CANCELLED"
    outbox.deliver_due()
    assert core().order(recorded.id).status == "CANCELED"


def test_an_order_survives_a_core_that_loses_its_replies(api, embedded_core):
    cart = collect(api, create(api, ("ACME-CASE", 1)))
    embedded_core.set_faults(
        {"kind": "lost_reply", "operation": "CheckoutComplete", "count": 5},
        {"kind": "lost_reply", "operation": "TransactionCreate", "count": 1},
    )

    answers = [complete(api, cart) for _again in range(3)]

    assert [answer["errors"][0]["code"] for answer in answers[:2]] == ["TRY_AGAIN", "TRY_AGAIN"]
    assert answers[2]["order"]["total"]["amount"] == "21.64"
    recorded = core().order(Order.objects.get().core_id)
    assert len(recorded.transactions) == 1


def test_a_price_that_the_copy_has_not_heard_of_is_told_first(api, embedded_core):
    listing = ChannelListing.objects.get(variant=Variant.objects.get(sku="ACME-CASE"))
    listing.price = Decimal("15.00")
    listing.save()
    cart = collect(api, create(api, ("ACME-CASE", 3)))
    assert cart["total"]["amount"] == "48.71"

    answer = complete(api, cart, amount="48.71")

    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("PRICE_CHANGED", "cartId")]
    now = api(f"query($id: ID!) {{ cart(id: $id) {{ {CART} }} }}", id=cart["id"])
    assert now["total"]["amount"] == "64.92"
    assert complete(api, cart, amount="64.92")["order"]["total"]["amount"] == "64.92"


def test_a_shopper_signs_in_and_owns_what_is_bought(api):
    session = api(
        """mutation($email: String!, $password: String!) { signIn(email: $email, password: $password) {
            token refreshToken expiresAt errors { code } } }""",
        **SHOPPER,
    )
    token = session["token"]
    assert token
    assert session["expiresAt"]
    cart = collect(api, create(api, ("ACME-CASE", 1), token=token), token=token)
    assert api("query($id: ID!) { cart(id: $id) { id } }", id=cart["id"]) is None
    me = api("{ me { email firstName carts { id } orders { edges { node { id } } } } }", token=token)
    assert (me["email"], [found["id"] for found in me["carts"]]) == (SHOPPER["email"], [cart["id"]])

    order = complete(api, cart, token=token)["order"]

    assert api("query($id: ID!) { order(id: $id) { id } }", id=order["id"]) is None
    mine = api(f"query($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}", id=order["id"], token=token)
    assert mine["pickups"][0]["handOverCode"] == order["pickups"][0]["handOverCode"] != ""
    me = api("{ me { carts { id } orders { edges { node { id } } } } }", token=token)
    assert me == {"carts": [], "orders": {"edges": [{"node": {"id": order["id"]}}]}}

    refreshed = api(
        "mutation($t: String!) { refreshSession(refreshToken: $t) { token errors { code } } }",
        t=session["refreshToken"],
    )
    assert refreshed["token"]
    assert api("{ me { email } }", token=refreshed["token"])["email"] == SHOPPER["email"]


def test_refusals_come_in_the_payload_with_code_and_field(api):
    document = """mutation($id: ID!, $sku: String!, $n: Int!) {
        cartLinesAdd(cartId: $id, lines: [{sku: $sku, quantity: $n}]) {
        cart { id } errors { code field message } } }"""
    cart = create(api)
    for sku, quantity, code, field in (
        ("NOPE", 1, "UNKNOWN_SKU", "lines.0.sku"),
        ("ACME-CASE", -1, "INVALID_QUANTITY", "lines.0.quantity"),
        ("ACME-CASE", 21, "INSUFFICIENT_STOCK", "lines.0.quantity"),
    ):
        answer = api(document, id=cart["id"], sku=sku, n=quantity)
        assert answer["cart"] is None
        assert [(error["code"], error["field"]) for error in answer["errors"]] == [(code, field)]
    assert api(document, id="nobody", sku="ACME-CASE", n=1)["errors"][0]["code"] == "NOT_FOUND"


def test_a_cart_goes_from_one_channel_to_another(api):
    cart = create(api, ("ACME-CASE", 1))
    shared = api("mutation($id: ID!) { cartShare(cartId: $id) { code expiresAt errors { code } } }", id=cart["id"])
    claim = """mutation($c: String!) { cartClaim(code: $c, salesChannel: MOBILE) {
        cart { id salesChannel } errors { code } } }"""

    assert api(claim, c=shared["code"])["cart"] == {"id": cart["id"], "salesChannel": "MOBILE"}
    assert api(claim, c=shared["code"])["errors"] == [{"code": "SHARE_CODE_INVALID"}]


def test_promotions_come_later_and_what_is_no_offer_is_refused(api):
    cart = create(api, ("ACME-CASE", 1))
    promo = 'mutation($id: ID!) { cartPromoCodeAdd(cartId: $id, code: "X") { cart { id } errors { code field } } }'
    bundle = """mutation($id: ID!) {
        cartBundleAdd(cartId: $id, configuration: {offerCode: "X", term: 24, selections: []}) {
        cart { id } errors { code field } } }"""

    assert api(promo, id=cart["id"])["errors"] == [{"code": "NOT_AVAILABLE", "field": "code"}]
    assert api(bundle, id=cart["id"])["errors"] == [{"code": "OFFER_NOT_FOUND", "field": "configuration.offerCode"}]
