"""A mutation that is sent twice with the same key happens once."""

from urllib.parse import urlsplit

import pytest

from kernel import idempotency
from kernel.models import IdempotencyKey
from plugins.carts import holds
from plugins.carts.models import Cart, Order
from plugins.carts.slots import slot_id
from plugins.pickup.models import Pickup
from plugins.staff.tokens import register_token
from storefront_api import operations
from storefront_api.schema import schema
from tests.storefront_api.conftest import code_of

CONTEXT = {"channel": "us", "salesChannel": "WEB"}
CREATE = "mutation ($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } errors { code } } }"
ADD = """mutation ($cart: ID!, $lines: [CartLineInput!]!) {
  cartLinesAdd(cartId: $cart, lines: $lines) { cart { lines { sku quantity } } errors { code } } }"""
COMPLETE = """mutation ($cart: ID!, $payments: [PaymentInput!]!) {
  cartComplete(cartId: $cart, payments: $payments) {
    order { id pickups { handOverCode } } paymentActionUrl errors { code } } }"""
CONTACT = {"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "phone": "+1 512 555 0100"}


def new_cart(front, who="guest", key=None, sku="CASE"):
    body = front.ask(
        CREATE,
        who=who,
        key=key,
        input={"context": CONTEXT, "contact": CONTACT, "lines": [{"sku": sku, "quantity": 1}]},
    )
    return body["data"]["cartCreate"]["cart"]["id"]


def add(front, cart, quantity=1, **options):
    return front.ask(ADD, cart=cart, lines=[{"sku": "CASE", "quantity": quantity}], **options)


def quantity_in(cart):
    return sum(line.quantity for line in Cart.objects.get(pk=cart).lines.all())


def test_the_same_request_twice_is_one_cart(front):
    assert new_cart(front, key="k") == new_cart(front, key="k")
    assert Cart.objects.count() == 1
    assert new_cart(front) != new_cart(front)


def test_the_same_key_with_another_body_is_a_mismatch(front):
    cart = new_cart(front)
    first = add(front, cart, key="k")
    assert add(front, cart, key="k") == first
    assert code_of(add(front, cart, quantity=2, key="k")) == "IDEMPOTENCY_MISMATCH"
    assert quantity_in(cart) == 2


def test_a_key_belongs_to_its_caller(front):
    ada, bob = new_cart(front, who="ada", key="k"), new_cart(front, who="bob", key="k")
    assert ada != bob
    assert new_cart(front, who="clerk", key="k") not in {ada, bob}
    assert new_cart(front, who="ada", key="k") == ada


def test_a_guest_s_key_belongs_to_the_cart_however_the_document_names_it(front):
    one, two = new_cart(front), new_cart(front)
    assert add(front, one, key="k")["data"]
    assert add(front, two, key="k")["data"]
    literal = f'mutation {{ again: cartLinesAdd(cartId: "{one}", lines: []) {{ errors {{ code }} }} }}'
    assert code_of(front.ask(literal, key="k")) == "IDEMPOTENCY_MISMATCH"
    assert quantity_in(one) == quantity_in(two) == 2
    assert set(IdempotencyKey.objects.values_list("scope", flat=True)) == {f"cart:{one}", f"cart:{two}"}


def test_refusals_are_not_stored(front):
    cart = new_cart(front)
    bad = "mutation ($cart: ID!) { cartLinesAdd(cartId: $cart, lines: [{sku: %s, quantity: 1}]) { errors { code } } }"
    refused = front.ask(bad % '"NOTHING"', cart=cart, key="k")
    assert refused["data"]["cartLinesAdd"]["errors"]
    assert not IdempotencyKey.objects.exists()
    assert add(front, cart, key="k")["data"]["cartLinesAdd"]["errors"] == []
    denied = front.ask('mutation { pickupAccept(id: "x") { errors { code } } }', key="p")
    assert code_of(denied) == "UNAUTHENTICATED"
    assert not IdempotencyKey.objects.filter(key="p").exists()


@pytest.mark.parametrize(
    "query",
    [
        "mutation ($cart: ID!) { a: cartShare(cartId: $cart) { code } b: cartShare(cartId: $cart) { code } }",
        "mutation ($cart: ID!) { ...Two } fragment Two on Mutation { cartShare(cartId: $cart) { code } }",
        "mutation ($cart: ID!) { ... on Mutation { cartShare(cartId: $cart) { code } } }",
    ],
)
def test_a_key_stands_for_one_mutation(front, query):
    cart = new_cart(front)
    assert code_of(front.ask(query, cart=cart, key="k")) == "INVALID"
    assert not Cart.objects.get(pk=cart).share_codes.exists()
    assert code_of(front.ask(query, cart=cart)) is None


def test_a_key_is_not_lost_when_a_document_holds_several_operations(front):
    two = CREATE.replace("mutation ", "mutation Make ") + " query Other { channels { slug } }"
    body = {"query": two, "variables": {"input": {"context": CONTEXT}}}
    assert code_of(front.post(body, key="k").json()) == "BAD_REQUEST"
    named = body | {"operationName": "Make"}
    assert front.post(named, key="k").json() == front.post(named, key="k").json()
    assert Cart.objects.count() == 1
    assert code_of(front.post(body | {"operationName": "Nothing"}, key="k").json()) == "BAD_REQUEST"


def test_a_key_is_at_most_200_characters(front):
    cart = new_cart(front)
    assert code_of(add(front, cart, key="k" * 201)) == "INVALID"
    assert quantity_in(cart) == 1
    assert add(front, cart, key="k" * 200)["data"]
    assert quantity_in(cart) == 2


def test_queries_need_no_key_and_keep_none(front):
    for _ in range(2):
        assert front.ask("{ channels { slug } }", key="k")["data"]["channels"]
    assert not IdempotencyKey.objects.exists()


def test_no_token_is_ever_stored(front):
    query = """mutation ($register: String!, $staff: String!, $pin: String!) {
      posSignIn(registerToken: $register, staffCode: $staff, pin: $pin) { token errors { code } } }"""
    answers = [
        front.ask(query, key="k", register=register_token("register-R1"), staff="1001", pin="246810") for _ in range(2)
    ]
    assert all(answer["data"]["posSignIn"]["token"] for answer in answers)
    front.ask('mutation { refreshSession(refreshToken: "x") { errors { code } } }', key="k")
    assert not IdempotencyKey.objects.exists()
    fields = set(schema._schema.mutation_type.fields)
    tokens = {name for name in fields if "token" in schema._schema.mutation_type.fields[name].type.of_type.fields}
    # A click is counted, not answered: nothing is worth storing.
    assert tokens | {"cartShare", "searchResultOpen", "orderEsimCodes", "posEsimCodes"} == operations.NEVER_STORED


def ready_cart(front, who="guest"):
    cart = new_cart(front, who=who, sku="PHONE")
    store = front.counter.store
    slot = slot_id(store.pk, holds.offered_slots(store, front.counter.clock.now())[0].start)
    body = front.ask(
        """mutation ($cart: ID!, $delivery: CartDeliveryInput!) {
          cartDeliveryUpdate(cartId: $cart, delivery: $delivery) { errors { code message } } }""",
        who=who,
        cart=cart,
        delivery={"pickupStoreId": store.pk, "pickupSlotId": slot},
    )
    assert body["data"]["cartDeliveryUpdate"]["errors"] == []
    return cart


@pytest.mark.parametrize("who", ["guest", "ada"])
def test_completing_again_is_the_same_order_and_its_code_is_never_stored(front, who):
    cart = ready_cart(front, who)
    payments = [{"method": "CARD", "token": "tok_ok"}]
    first = front.ask(COMPLETE, who=who, key="k", cart=cart, payments=payments)
    order = first["data"]["cartComplete"]["order"]
    code = order["pickups"][0]["handOverCode"]
    assert code
    assert front.ask(COMPLETE, who=who, key="k", cart=cart, payments=payments) == first
    other = [{"method": "PAY_IN_STORE"}]
    assert code_of(front.ask(COMPLETE, who=who, key="k", cart=cart, payments=other)) == "IDEMPOTENCY_MISMATCH"
    assert (Order.objects.count(), Pickup.objects.count()) == (1, 1)
    row = IdempotencyKey.objects.get(key="k")
    assert row.finished_at
    assert code not in str(row.body)
    assert code.replace("-", "") not in str(row.body)


def test_no_answer_with_a_pickup_code_is_stored(front):
    """Every mutation whose answer can reach `handOverCode` for its caller keeps no answer."""
    shows_code = {
        name for name, field in schema._schema.mutation_type.fields.items() if "order" in field.type.of_type.fields
    }
    assert shows_code == operations.ANSWER_NOT_STORED


def test_a_question_back_is_not_stored_and_a_repeat_goes_on(front):
    cart = ready_cart(front)
    payments = [{"method": "CARD", "token": "tok_3ds"}]
    asked = front.ask(COMPLETE, key="k", cart=cart, payments=payments)["data"]["cartComplete"]
    assert asked["paymentActionUrl"]
    assert asked["order"] is None
    assert not IdempotencyKey.objects.exists()
    page = urlsplit(asked["paymentActionUrl"]).path
    assert front.counter.client.post(page, {"answer": "confirm"}).status_code == 302
    done = front.ask(COMPLETE, key="k", cart=cart, payments=payments)["data"]["cartComplete"]
    assert done["order"]
    assert done["errors"] == []
    assert Order.objects.count() == 1


def test_cancelling_again_is_the_same_answer(front):
    order = front.counter.order(("CASE", 1), method="CARD")
    query = "mutation ($id: ID!) { orderCancel(id: $id) { order { status } errors { code } } }"
    first = front.ask(query, key="k", id=order.pk)
    assert first["data"]["orderCancel"] == {"order": {"status": "CANCELLED"}, "errors": []}
    assert front.ask(query, key="k", id=order.pk) == first


def test_sales_are_recorded_once_and_a_duplicate_in_flight_is_told_to_wait(front, monkeypatch):
    query = """mutation ($input: PosSyncInput!) { posSync(input: $input) {
      sales { clientId replayed errors { code } } errors { code } } }"""
    told = []

    def busy(**call):
        told.append(front.ask(query, who="clerk", key="k", input={"sales": []}))
        return []

    monkeypatch.setattr("plugins.pos.services.sync", busy)
    done = front.ask(query, who="clerk", key="k", input={"sales": []})
    assert done["data"]["posSync"]["sales"] == []
    assert [code_of(body) for body in told] == ["IN_PROGRESS"]
    assert idempotency.LEASE.total_seconds() == 60
