"""Bundles that depend on an address: from the question to the order, over the API; the port is kept for it."""

import datetime as dt
import json

import pytest
from django.core import mail

from kernel import outbox
from plugins.bundles import services as offers
from plugins.carts.models import CartBundle, CartLine, Order
from plugins.serviceability.models import CapacityOpening, CapacityReservation
from tests.bundles.conftest import ADMIN, BOTH, document  # noqa: F401  (fixtures)
from tests.carts.conftest import at, core, shop  # noqa: F401  (fixtures)
from tests.serviceability import places
from tests.serviceability.conftest import _fresh, at_noon, network  # noqa: F401  (fixtures)
from tests.serviceability.places import TODAY

pytestmark = pytest.mark.django_db(transaction=True)

QUALIFY = """mutation($input: QualifyServiceInput!) { qualifyService(input: $input) { errors { code }
    qualification { id result items { category technology result serviceAvailabilityDate reasons { code } } } } }"""
CONFIGURE = """query($context: ContextInput!, $input: BundleConfigurationInput!) {
    configureBundle(context: $context, input: $input) { valid promiseDate lines { sku availableFrom }
        firstBill { amount } firstBillDate firstBillDays firstBillOfDays } }"""
CREATE = "mutation($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } errors { code } } }"
CART = """id promiseDate monthly { amount } total { amount } lines { sku availableFrom bundleId }
    bundles { id version promiseDate dueToday { amount } monthly { amount } requoted { promiseDate refusal } }"""
ADD = f"""mutation($id: ID!, $wish: BundleConfigurationInput!) {{ cartBundleAdd(cartId: $id, configuration: $wish) {{
    cart {{ {CART} }} errors {{ code field message }} }} }}"""
COLLECT = f"""mutation($id: ID!, $delivery: CartDeliveryInput!) {{
    cartDeliveryUpdate(cartId: $id, delivery: $delivery) {{ cart {{ {CART} }} errors {{ code message }} }} }}"""
COMPLETE = """mutation($id: ID!) { cartComplete(cartId: $id, payments: [{method: PAY_IN_STORE}]) {
    order { id number promiseDate total { amount } monthly { amount } lines { sku availableFrom bundleId }
            bundles { id version promiseDate } } errors { code field message } } }"""
ORDER = "query($id: ID!) { order(id: $id) { status promiseDate lines { sku availableFrom bundleId } } }"
CANCEL = "mutation($id: ID!) { orderCancel(id: $id) { order { status } errors { code } } }"


@pytest.fixture
def home(shop, document, network):  # noqa: F811
    """The offer with a plan that needs fibre; the clock is the network's."""
    document["groups"][2]["options"][0]["address"] = {"category": "BROADBAND", "technologies": ["FTTH"]}
    offers.save_draft(code="phone-plan", channel=shop.channel, document=document, test_cases=[], actor=ADMIN)
    offers.publish(code="phone-plan", actor=ADMIN)
    shop.network = network
    return shop


@pytest.fixture
def api(client):
    def call(query, **variables):
        body = json.dumps({"query": query, "variables": variables})
        reply = client.post("/graphql/", body, content_type="application/json").json()
        assert "errors" not in reply, reply
        (answer,) = reply["data"].values()
        return answer

    return call


def day(number):
    return (TODAY + dt.timedelta(days=number)).isoformat()


def qualified(api, premises, **more):
    asked = {"premisesId": premises, "categories": ["BROADBAND"], **more}
    return api(QUALIFY, input=asked)["qualification"]


def cart_for(api, home, premises, **more):
    """A guest's cart with the bundle for these premises, its phone to be collected."""
    created = api(CREATE, input={"context": {"channel": "us"}, "contact": {"email": "ada@example.com"}})["cart"]
    kept = qualified(api, premises, **more)
    wish = {"offerCode": "phone-plan", "term": 24, "selections": BOTH, "qualificationId": kept["id"]}
    added = api(ADD, id=created["id"], wish=wish)
    assert added["errors"] == []
    return api(COLLECT, id=created["id"], delivery={"pickupStoreId": home.stores[0].pk})["cart"]


def reserved(node="OLT2"):
    return list(CapacityOpening.objects.filter(node=node).order_by("opens_on").values_list("reserved", flat=True))


def test_five_days_were_asked_and_twelve_are_promised_everywhere(home, api, settings):
    """The story: the area has no bandwidth for twelve days, so nobody is told five, from the answer to the e-mail."""
    # When somebody wants it in five days, the answer is another day, with its reason.
    kept = qualified(api, "LATER", requestedDate=day(5))
    (item,) = kept["items"]
    assert (kept["result"], item["result"], item["serviceAvailabilityDate"]) == ("ALTERNATE", "ALTERNATE", day(12))
    assert [reason["code"] for reason in item["reasons"]] == ["CAPACITY_OPENS_LATER"]

    # Then the configurator, the cart and the order say that day, part by part and for the whole.
    wish = {"offerCode": "phone-plan", "term": 24, "selections": BOTH, "qualificationId": kept["id"]}
    configured = api(CONFIGURE, context={"channel": "us"}, input=wish)
    assert (configured["valid"], configured["promiseDate"]) == (True, day(12))
    cart = cart_for(api, home, "LATER", requestedDate=day(5))
    assert {line["sku"]: line["availableFrom"] for line in cart["lines"]} == {"PHONE": day(0), "PLAN": day(12)}
    assert (cart["promiseDate"], cart["bundles"][0]["promiseDate"]) == (day(12), day(12))

    done = api(COMPLETE, id=cart["id"])
    assert done["errors"] == []
    order = done["order"]
    assert {line["sku"]: line["availableFrom"] for line in order["lines"]} == {"PHONE": day(0), "PLAN": day(12)}
    assert (order["promiseDate"], order["bundles"][0]["promiseDate"]) == (day(12), day(12))
    assert {line["bundleId"] for line in order["lines"]} == {cart["bundles"][0]["id"]}
    assert (order["total"], order["monthly"]) == ({"amount": "20.57"}, {"amount": "51.65"})
    assert api(ORDER, id=order["id"])["promiseDate"] == day(12)

    # The port that opens that day is the order's, and the e-mail says the same.
    held = CapacityReservation.objects.get()
    assert (held.state, held.owner, held.opening.opens_on.isoformat()) == ("CONFIRMED", f"order:{order['id']}", day(12))
    while outbox.deliver_due():
        pass
    (message,) = [one for one in mail.outbox if order["number"] in one.subject]
    assert "1 x Plan: 0.00 USD (from Dec. 8, 2026)" in message.body
    assert "Everything works from Dec. 8, 2026 on." in message.body
    assert "Dec. 1," not in message.body


def test_an_order_says_what_a_part_of_it_would_bring_back(home, api):
    order = api(COMPLETE, id=cart_for(api, home, "LATER")["id"])["order"]
    lines = api("query($id: ID!) { order(id: $id) { lines { id sku } } }", id=order["id"])["lines"]
    phone = next(line["id"] for line in lines if line["sku"] == "PHONE")
    ask = """query($id: ID!, $lines: [BundleReturnInput!]!) { order(id: $id) { bundles { refund(lines: $lines) {
        total { amount } withheld { amount } lines { lineId amount { amount } } } } } }"""
    (bundle,) = api(ask, id=order["id"], lines=[{"lineId": phone, "quantity": 1}])["bundles"]
    found = bundle["refund"]
    assert (found["total"], found["withheld"]) == ({"amount": "20.57"}, {"amount": "0.00"})
    assert found["lines"] == [{"lineId": phone, "amount": {"amount": "20.57"}}]


def test_an_order_says_the_first_bill_that_was_configured(home, api):
    # Given what the configurator said
    kept = qualified(api, "LATER")
    wish = {"offerCode": "phone-plan", "term": 24, "selections": BOTH, "qualificationId": kept["id"]}
    said = api(CONFIGURE, context={"channel": "us"}, input=wish)
    # When it is ordered
    order = api(COMPLETE, id=cart_for(api, home, "LATER")["id"])["order"]
    # Then the order says the same, for its receipt
    ask = "query($id: ID!) { order(id: $id) { bundles { firstBill { date days ofDays total { amount } } } } }"
    (bundle,) = api(ask, id=order["id"])["bundles"]
    assert bundle["firstBill"] == {
        "date": said["firstBillDate"],
        "days": said["firstBillDays"],
        "ofDays": said["firstBillOfDays"],
        "total": said["firstBill"],
    }
    assert float(said["firstBill"]["amount"]) > 0


def test_a_cancelled_order_gives_its_port_back_once(home, api):
    order = api(COMPLETE, id=cart_for(api, home, "LATER")["id"])["order"]
    assert reserved() == [0, 1]
    for _time in range(2):
        assert api(CANCEL, id=order["id"])["order"] == {"status": "CANCELLED"}
    assert reserved() == [0, 0]
    assert CapacityReservation.objects.get().state == "RELEASED"


def test_an_order_that_is_not_placed_keeps_no_port(home, api):
    cart = cart_for(api, home, "LATER")
    home.core.fail("complete_checkout", error=_refused_by_core())
    done = api(COMPLETE, id=cart["id"])
    assert [error["code"] for error in done["errors"]] == ["ORDER_REFUSED"]
    assert (Order.objects.count(), reserved()) == (0, [0, 0])
    assert api(COMPLETE, id=cart["id"])["errors"] == []
    assert reserved() == [0, 1]


def _refused_by_core():
    from commerce.errors import CoreRefused

    return CoreRefused("GRAPHQL_ERROR", "No.", None)


def test_a_capacity_that_opens_later_is_told_before_the_order_and_accepted(home, api):
    cart = cart_for(api, home, "LATER")
    CapacityOpening.objects.filter(node="OLT2", ports=4).update(opens_on=TODAY + dt.timedelta(days=20))
    places.loaded()
    (error,) = api(COMPLETE, id=cart["id"])["errors"]
    assert (error["code"], error["field"]) == ("DATE_CHANGED", "cartId")
    assert error["message"].startswith("All of “Phone and plan” works from Dec. 16, 2026 on.")
    assert (Order.objects.count(), home.core.calls["create_checkout"], reserved()) == (0, 0, [0, 0])
    order = api(COMPLETE, id=cart["id"])["order"]
    assert order["promiseDate"] == day(20)
    assert reserved() == [0, 1]


def test_an_address_that_lost_its_capacity_is_told_and_nothing_changes(home, api):
    cart = cart_for(api, home, "LATER")
    CapacityOpening.objects.filter(node="OLT2").update(ports=0)
    places.loaded()
    before = list(CartLine.objects.values_list("pk", "available_from", "service__technology", "unit_price"))
    (error,) = api(COMPLETE, id=cart["id"])["errors"]
    assert (error["code"], error["field"]) == ("SERVICE_NOT_AVAILABLE", "cartId")
    assert error["message"] == (
        "“Phone and plan” cannot be ordered like this any more: Plan cannot be had at this address any more."
    )
    assert list(CartLine.objects.values_list("pk", "available_from", "service__technology", "unit_price")) == before
    assert (Order.objects.count(), home.core.calls["create_checkout"]) == (0, 0)


def test_the_last_port_goes_to_one_of_two_orders(home, api):
    CapacityOpening.objects.filter(node="OLT2", ports=4).update(ports=1)
    places.loaded()
    first, second = cart_for(api, home, "LATER"), cart_for(api, home, "LATER")
    assert api(COMPLETE, id=first["id"])["errors"] == []
    done = api(COMPLETE, id=second["id"])
    # The address has a port: it is another's order, as the one who asks again is told.
    assert done["order"] is None
    assert [error["code"] for error in done["errors"]] == ["SERVICE_NOT_AVAILABLE"]
    assert (Order.objects.count(), reserved()) == (1, [0, 1])


def test_without_an_address_no_bundle_goes_into_the_cart(home, api):
    created = api(CREATE, input={"context": {"channel": "us"}})["cart"]
    wish = {"offerCode": "phone-plan", "term": 24, "selections": BOTH}
    (error,) = api(ADD, id=created["id"], wish=wish)["errors"]
    assert (error["code"], error["field"]) == ("INVALID_CONFIGURATION", "configuration.qualificationId")
    assert error["message"].endswith("Check the address where it is to work.")
    nowhere = qualified(api, "NOTHING")
    (error,) = api(ADD, id=created["id"], wish=wish | {"qualificationId": nowhere["id"]})["errors"]
    assert (error["code"], error["field"]) == ("INVALID_CONFIGURATION", "configuration.selections.1")
    kept = qualified(api, "LATER")
    home.network.advance(days=3)
    (error,) = api(ADD, id=created["id"], wish=wish | {"qualificationId": kept["id"]})["errors"]
    assert (error["code"], error["field"]) == ("QUALIFICATION_EXPIRED", "configuration.qualificationId")
    assert (CartBundle.objects.count(), CartLine.objects.count()) == (0, 0)


def test_a_cart_of_yesterday_says_its_new_day_when_read_and_when_ordered(home, api):
    cart = cart_for(api, home, "FIBRE")
    assert cart["promiseDate"] == day(7)
    home.network.advance(days=4)
    (bundle,) = api(f"query($id: ID!) {{ cart(id: $id) {{ {CART} }} }}", id=cart["id"])["bundles"]
    assert bundle["requoted"] is not None
    api(COLLECT, id=cart["id"], delivery={"pickupStoreId": home.stores[0].pk})
    errors = api(COMPLETE, id=cart["id"])["errors"]
    assert [error["code"] for error in errors] == ["DATE_CHANGED"]
    order = api(COMPLETE, id=cart["id"])["order"]
    assert order["promiseDate"] == day(11)
