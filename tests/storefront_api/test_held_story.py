"""Capacity that is lost after the order: HELD, and every channel says the same, through the API."""

import copy

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.identity import GUEST, Caller
from kernel.models import AuditEntry
from plugins.bundles import services as offers
from plugins.carts import at_address
from plugins.carts.models import CartLine, Order
from plugins.serviceability import loader
from plugins.serviceability.models import CapacityReservation
from tests.bundles.conftest import ADMIN, BOTH, DOCUMENT
from tests.carts.lines_at_address import LATER, PROMISED, deliver, street
from tests.storefront_api.conftest import code_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("storefront_api.urls")]

ERRORS = "errors { code field message }"
CART = "cart { id promiseDate lines { id sku availableFrom } problems { code field message } }"
ORDER = "id number status promiseDate lines { sku availableFrom } hold { promiseDate label } timeline { code label }"
CREATE = f"mutation($input: CartCreateInput!) {{ cartCreate(input: $input) {{ cart {{ id }} {ERRORS} }} }}"
QUALIFY = """mutation($input: QualifyServiceInput!) { qualifyService(input: $input) {
    qualification { id result items { category result serviceAvailabilityDate } } errors { code } } }"""
PLACE = f"""mutation($cart: ID!, $answer: ID!, $lines: [ID!]) {{
    cartServicesPlace(cartId: $cart, qualificationId: $answer, lineIds: $lines) {{ {CART} {ERRORS} }} }}"""
ACCEPT = f"""mutation($cart: ID!, $lines: [CartDateInput!]!) {{
    cartDatesAccept(cartId: $cart, lines: $lines) {{ {CART} {ERRORS} }} }}"""
COMPLETE = f"""mutation($cart: ID!) {{ cartComplete(cartId: $cart, payments: [{{ method: CARD, token: "tok_ok" }}]) {{
    order {{ {ORDER} }} {ERRORS} }} }}"""
BY_ID = f"query($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}"
BY_NUMBER = f"""query($number: String!) {{
    orderByNumber(number: $number, contact: "ada@example.com") {{ {ORDER} }} }}"""
MINE = f"query {{ me {{ orders {{ edges {{ node {{ {ORDER} }} }} }} }} }}"
QUEUE = """query($store: ID!) { pickupQueue(storeId: $store) {
    edges { node { id orderHeld promiseDate orderNumber } } } }"""
RELEASE = f"""mutation($id: ID!, $reason: String!, $date: Date) {{
    orderHoldRelease(id: $id, reason: $reason, date: $date) {{ status promiseDate {ERRORS} }} }}"""
DONE = f"mutation($id: ID!) {{ orderServiceDone(id: $id) {{ status {ERRORS} }} }}"
ADDRESS = {
    "streetAddress1": "1 Maple St",
    "city": "Austin",
    "countryArea": "TX",
    "postalCode": "78701",
    "country": "US",
}


@pytest.fixture
def fibre(front):
    loader.forget()
    yield street(front.counter, ports=1)
    loader.forget()


def data(body):
    assert "errors" not in body, body
    (answer,) = body["data"].values()
    return answer


def placed(front, *, who="ada"):
    """A cart of broadband at the first house, by the API alone."""
    contact = {"firstName": "Ada", "email": "ada@example.com", "billingAddress": ADDRESS}
    given = {
        "context": {"channel": "us", "salesChannel": "WEB"},
        "contact": contact,
        "lines": [{"sku": "FIBER", "quantity": 1}],
    }
    cart = data(front.ask(CREATE, who=who, input=given))["cart"]["id"]
    wanted = {"premisesId": "H1", "categories": ["BROADBAND"]}
    answer = data(front.ask(QUALIFY, who=who, input=wanted))["qualification"]
    assert answer["items"][0]["serviceAvailabilityDate"] == str(PROMISED)
    placed = data(front.ask(PLACE, who=who, cart=cart, answer=answer["id"]))
    assert placed["errors"] == []
    return placed["cart"]


def everywhere(front, order):
    """The status and day that each channel says, as a set: one element where all say the same."""
    kept = Order.objects.get(pk=order["id"])
    found = [data(front.ask(BY_ID, who=who, id=order["id"])) for who in ("ada", "clerk", "manager")]
    found.append(data(front.ask(BY_NUMBER, number=order["number"])))
    found += [edge["node"] for edge in data(front.ask(MINE, who="ada"))["orders"]["edges"]]
    assert len(found) == 5
    said = {(one["status"], one["promiseDate"], one["lines"][0]["availableFrom"]) for one in found}
    core = front.counter.core.metadata[kept.core_id]
    said.add(("HELD" if core["held"] == "true" else kept.status, core["promiseDate"] or None, said_in_admin(kept)))
    return said


def said_in_admin(order):
    """The day on the admin's page, as the database has it: the page shows it."""
    from django.contrib.auth.models import User
    from django.utils import formats

    client = Client()
    client.force_login(User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("boss"))
    page = client.get(f"/admin/carts/order/{order.pk}/change/").content.decode()
    assert order.get_status_display() in page
    if order.promise_date is None:
        return None
    assert formats.date_format(order.promise_date, "DATE_FORMAT") in page
    return str(order.promise_date)


def test_capacity_lost_after_the_order_is_told_alike_by_every_channel_and_nobody_is_sent(front, fibre):
    # Given an order that was promised five work days
    cart = placed(front)
    order = data(front.ask(COMPLETE, who="ada", cart=cart["id"]))["order"]
    deliver()
    assert everywhere(front, order) == {("PLACED", str(PROMISED), str(PROMISED))}
    mail.outbox.clear()

    # When its port opens twelve work days from now
    fibre.ports(1, moves_to=LATER)

    # Then it is on hold, with one day in all channels, and one message
    assert everywhere(front, order) == {("HELD", str(LATER), str(LATER))}
    told = data(front.ask(BY_ID, who="ada", id=order["id"]))
    assert told["hold"]["promiseDate"] == str(LATER)
    assert "Nobody comes before" in told["hold"]["label"]
    assert [event["code"] for event in told["timeline"]][-1] == "HELD"
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]
    assert f"{LATER:%B} {LATER.day}, {LATER.year}" in mail.outbox[0].body
    assert [row.opening.opens_on for row in CapacityReservation.objects.select_related("opening")] == [LATER]
    # And who reports it as done is not believed
    refusal = data(front.ask(DONE, who="manager", id=order["id"]))["errors"]
    assert [error["code"] for error in refusal] == ["ORDER_HELD"]
    assert everywhere(front, order) == {("HELD", str(LATER), str(LATER))}

    # When all capacity is gone
    fibre.ports(0, opens_on=LATER)
    # Then all say that there is no day, in Chinese too
    assert everywhere(front, order) == {("HELD", None, None)}
    chinese = front.ask(BY_ID, who="ada", id=order["id"], headers={"Accept-Language": "zh-Hans"})
    assert "没有可用线路" in data(chinese)["hold"]["label"]
    assert len(mail.outbox) == 2

    # When it is back
    fibre.ports(1)
    # Then it goes on
    assert everywhere(front, order) == {("PLACED", str(PROMISED), str(PROMISED))}
    assert data(front.ask(BY_ID, who="ada", id=order["id"]))["hold"] is None
    assert len(mail.outbox) == 3
    assert data(front.ask(DONE, who="manager", id=order["id"]))["status"] == "FULFILLED"


def test_an_open_cart_says_what_changed_and_is_ordered_after_it_is_accepted(front, fibre):
    cart = placed(front, who="guest")
    fibre.ports(1, moves_to=LATER)
    shown = "query($id: ID!) { cart(id: $id) { promiseDate lines { id availableFrom } problems { code field } } }"
    told = data(front.ask(shown, id=cart["id"]))
    assert told["problems"] == [{"code": "DATE_CHANGED", "field": "lines.0"}]
    assert (told["promiseDate"], told["lines"][0]["availableFrom"]) == (str(LATER), str(LATER))
    refusal = data(front.ask(COMPLETE, cart=cart["id"]))
    assert [error["code"] for error in refusal["errors"]] == ["DATE_CHANGED"]
    assert Order.objects.count() == 0

    dates = [{"lineId": told["lines"][0]["id"], "date": str(LATER)}]
    accepted = data(front.ask(ACCEPT, cart=cart["id"], lines=dates))
    assert (accepted["cart"]["problems"], accepted["errors"]) == ([], [])
    assert data(front.ask(COMPLETE, cart=cart["id"]))["order"]["promiseDate"] == str(LATER)


@pytest.mark.parametrize(
    ("who", "code"),
    [("guest", "UNAUTHENTICATED"), ("ada", "PERMISSION_DENIED"), ("bob", "PERMISSION_DENIED"),
     ("clerk", "PERMISSION_DENIED"), ("manager", None)],
)  # fmt: skip
def test_only_a_manager_lets_an_order_go_on(front, fibre, who, code):
    order = data(front.ask(COMPLETE, who="ada", cart=placed(front)["id"]))["order"]
    fibre.ports(0)

    body = front.ask(RELEASE, who=who, id=order["id"], reason="a spare port", date=str(LATER))

    if code is None:
        assert data(body) == {"status": "PLACED", "promiseDate": str(LATER), "errors": []}
        deliver()
        assert everywhere(front, order) == {("PLACED", str(LATER), str(LATER))}
    else:
        assert code_of(body) == code
        assert code_of(front.ask(DONE, who=who, id=order["id"])) == code
        assert everywhere_held(order)
        assert AuditEntry.objects.filter(action="order.hold_over").count() == 0


def everywhere_held(order):
    return Order.objects.filter(pk=order["id"], status="HELD", promise_date=None).exists()


@pytest.mark.parametrize("who", ["guest", "bob"])
def test_anothers_cart_is_neither_placed_nor_accepted(front, fibre, who):
    cart, answer = placed(front), fibre.qualify("H2")
    body = data(front.ask(PLACE, who=who, cart=cart["id"], answer=answer))
    assert [(error["code"], error["field"]) for error in body["errors"]] == [("NOT_FOUND", "cartId")]
    dates = [{"lineId": cart["lines"][0]["id"], "date": str(PROMISED)}]
    body = data(front.ask(ACCEPT, who=who, cart=cart["id"], lines=dates))
    assert [error["code"] for error in body["errors"]] == ["NOT_FOUND"]
    assert fibre.counter.channel.pk == "us"


def queries(front, document, **given):
    with CaptureQueriesContext(connection) as captured:
        data(front.ask(document, **given))
    return len(captured)


def test_lists_of_orders_on_hold_and_carts_with_problems_are_read_in_a_fixed_number_of_queries(front):
    loader.forget()
    fibre = street(front.counter, ports=9, houses=4)
    mine = "query { me { orders { edges { node { id status promiseDate hold { since label } } } } } }"
    ada = Caller(kind="shopper", id="user-ada", email="ada@example.com")
    found = []
    for number in (1, 2, 3):
        fibre.order(f"H{number}", caller=ada)
        fibre.ports(0)
        found.append(queries(front, mine, who="ada"))
        fibre.ports(9)
    assert len(set(found)) == 1

    one = fibre.cart(house="H4")
    fibre.ports(0)
    document = "query($id: ID!) { cart(id: $id) { problems { code } promiseDate lines { availableFrom } } }"
    first = queries(front, document, id=one.pk)
    line = one.lines.get()
    for number in range(3):
        CartLine.objects.create(
            cart=one, sku=f"TV-{number}", variant_id="v", product_id="p", name="TV", kind="SERVICE", stocked=False,
            quantity=1, unit_price=1, service=line.service,
        )  # fmt: skip
    assert queries(front, document, id=one.pk) == first
    assert len(data(front.ask(document, id=one.pk))["problems"]) == 4
    loader.forget()


def test_the_counter_sees_that_the_order_waits(front, fibre):
    cart = front.counter.held_cart(("CASE", 1), ("FIBER", 1))
    at_address.place_services(caller=GUEST, cart_id=cart.pk, qualification_id=fibre.qualify())
    order = fibre.complete(cart)
    fibre.ports(1, moves_to=LATER)
    store = front.counter.store.pk
    (edge,) = data(front.ask(QUEUE, who="clerk", store=store))["edges"]
    assert (edge["node"]["orderNumber"], edge["node"]["orderHeld"]) == (order.number, True)
    assert edge["node"]["promiseDate"] == str(LATER)


# ------------------------------------------------------------------------------------------------------ bundles

BUNDLES = "bundles { promiseDate }"
ADD = f"""mutation($cart: ID!, $wish: BundleConfigurationInput!) {{
    cartBundleAdd(cartId: $cart, configuration: $wish) {{ {CART} {ERRORS} }} }}"""
COLLECT = f"""mutation($cart: ID!, $store: ID!) {{
    cartDeliveryUpdate(cartId: $cart, delivery: {{ pickupStoreId: $store }}) {{ {CART} {ERRORS} }} }}"""
SHOWN = (
    f"query($id: ID!) {{ cart(id: $id) {{ promiseDate {BUNDLES} lines {{ id availableFrom }} problems {{ code }} }} }}"
)
OF_BUNDLE = f"query($id: ID!) {{ order(id: $id) {{ lines {{ availableFrom }} {BUNDLES} }} }}"
ACCEPT_PICKUP = f"mutation($id: ID!) {{ pickupAccept(id: $id) {{ pickup {{ state }} {ERRORS} }} }}"
SCAN = f"""mutation($id: ID!, $serial: String!) {{
    pickupScan(id: $id, code: "PHONE", serial: $serial) {{ pickup {{ state }} {ERRORS} }} }}"""
READY = f"mutation($id: ID!) {{ pickupReady(id: $id) {{ pickup {{ state }} {ERRORS} }} }}"


def bundled(front, fibre):
    """A shopper's cart with a device and a plan in one bundle, both of which need fibre, the device to be collected."""
    document, need = copy.deepcopy(DOCUMENT), {"category": "BROADBAND", "technologies": ["FTTH"]}
    for group in (1, 2):
        document["groups"][group]["options"][0]["address"] = need
    offers.save_draft(code="home", channel=front.counter.channel, document=document, test_cases=[], actor=ADMIN)
    offers.publish(code="home", actor=ADMIN)
    given = {"context": {"channel": "us"}, "contact": {"firstName": "Ada", "email": "ada@example.com"}}
    cart = data(front.ask(CREATE, who="ada", input=given))["cart"]["id"]
    wish = {"offerCode": "home", "term": 24, "selections": BOTH, "qualificationId": fibre.qualify()}
    assert data(front.ask(ADD, who="ada", cart=cart, wish=wish))["errors"] == []
    collected = data(front.ask(COLLECT, who="ada", cart=cart, store=front.counter.store.pk))
    assert collected["errors"] == []
    return collected["cart"]


def days_of_bundle(front, order):
    """The days that an order says of its lines and its bundle."""
    found = data(front.ask(OF_BUNDLE, who="ada", id=order["id"]))
    return {one["availableFrom"] for one in found["lines"]} | {one["promiseDate"] for one in found["bundles"]}


def test_a_bundle_that_lost_its_capacity_waits_and_is_told_alike_by_every_channel(front, fibre):
    # Given an ordered bundle whose two parts share one port
    cart = bundled(front, fibre)
    order = data(front.ask(COMPLETE, who="ada", cart=cart["id"]))["order"]
    deliver()
    assert everywhere(front, order) == {("PLACED", str(PROMISED), str(PROMISED))}
    assert days_of_bundle(front, order) == {str(PROMISED)}
    (port,) = CapacityReservation.objects.all()
    assert (port.state, port.owner, port.needed_by) == ("CONFIRMED", f"order:{order['id']}", PROMISED)
    mail.outbox.clear()

    # When the port opens later
    fibre.ports(1, moves_to=LATER)

    # Then the order is on hold with one day everywhere, told once
    assert everywhere(front, order) == {("HELD", str(LATER), str(LATER))}
    assert days_of_bundle(front, order) == {str(LATER)}
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]
    assert f"{LATER:%B} {LATER.day}, {LATER.year}" in mail.outbox[0].body
    # And its device is not handed over, nor its service reported as done
    (edge,) = data(front.ask(QUEUE, who="clerk", store=front.counter.store.pk))["edges"]
    pickup = edge["node"]["id"]
    assert (edge["node"]["orderHeld"], edge["node"]["promiseDate"]) == (True, str(LATER))
    data(front.ask(ACCEPT_PICKUP, who="clerk", id=pickup))
    scanned = data(front.ask(SCAN, who="clerk", id=pickup, serial=front.counter.serials[0]))
    assert (scanned["pickup"]["state"], scanned["errors"]) == ("PICKING", [])
    refusal = data(front.ask(READY, who="clerk", id=pickup))
    assert (refusal["pickup"], [error["code"] for error in refusal["errors"]]) == (None, ["ORDER_HELD"])
    refusal = data(front.ask(DONE, who="manager", id=order["id"]))["errors"]
    assert [error["code"] for error in refusal] == ["ORDER_HELD"]

    # When all capacity is gone, then there is no day anywhere
    fibre.ports(0, opens_on=LATER)
    assert everywhere(front, order) == {("HELD", None, None)}
    assert days_of_bundle(front, order) == {None}
    assert len(mail.outbox) == 2

    # When it is back, then it goes on, and so does its pickup
    fibre.ports(1)
    assert everywhere(front, order) == {("IN_PROGRESS", str(PROMISED), str(PROMISED))}
    assert days_of_bundle(front, order) == {str(PROMISED)}
    assert data(front.ask(READY, who="clerk", id=pickup))["pickup"]["state"] == "READY"
    assert len([message for message in mail.outbox if "goes on" in message.subject]) == 1


@pytest.mark.parametrize("beforehand", [True, False])
def test_the_new_day_of_a_bundle_is_accepted_once_in_the_cart_or_by_completing_again(front, fibre, beforehand):
    cart = bundled(front, fibre)
    fibre.ports(1, moves_to=LATER)
    told = data(front.ask(SHOWN, who="ada", id=cart["id"]))
    assert [one["code"] for one in told["problems"]] == ["DATE_CHANGED"] * 2
    assert {told["promiseDate"], told["bundles"][0]["promiseDate"]} == {str(LATER)}
    assert {line["availableFrom"] for line in told["lines"]} == {str(LATER)}

    if beforehand:
        dates = [{"lineId": told["lines"][0]["id"], "date": str(LATER)}]
        assert data(front.ask(ACCEPT, who="ada", cart=cart["id"], lines=dates))["cart"]["problems"] == []
    else:
        refusal = data(front.ask(COMPLETE, who="ada", cart=cart["id"]))["errors"]
        assert [(error["code"], error["field"]) for error in refusal] == [("DATE_CHANGED", "cartId")]
        assert Order.objects.count() == 0
        assert data(front.ask(SHOWN, who="ada", id=cart["id"]))["problems"] == []
    made = data(front.ask(COMPLETE, who="ada", cart=cart["id"]))
    assert (made["errors"], made["order"]["promiseDate"]) == ([], str(LATER))


def test_a_bundle_that_can_no_longer_be_had_says_so_alike_in_the_cart_and_when_it_is_ordered(front, fibre):
    cart = bundled(front, fibre)
    fibre.ports(0)
    told = data(front.ask(SHOWN, who="ada", id=cart["id"]))
    assert {one["code"] for one in told["problems"]} == {"SERVICE_NOT_AVAILABLE"}
    assert (told["promiseDate"], told["bundles"][0]["promiseDate"]) == (None, None)
    refusal = data(front.ask(COMPLETE, who="ada", cart=cart["id"]))["errors"]
    assert [(error["code"], error["field"]) for error in refusal] == [("SERVICE_NOT_AVAILABLE", "cartId")]
    assert Order.objects.count() == 0
