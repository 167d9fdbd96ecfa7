"""What people do wrong and what networks do to them, in the browser: one clear sentence, and nothing is lost."""

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo import documents as docs
from demo.clerk import Clerk
from demo.goods import POS_CATALOGUE, accessory, clerk_of, goods, register_of, registers_in, till
from demo.shopper import Shopper
from storefront_api import documents
from tests.e2e.orders import ready

pytestmark = pytest.mark.e2e


@pytest.fixture
def bought(suite):
    """A unit that the other tests leave alone."""
    return goods(suite.api, suite.facts, suite.facts["serials"][7])


@pytest.fixture
def shopper(suite, browser):
    return Shopper(real.open_page(browser, real.PHONE, touch=True), suite.url, real.Words("web_client"))


@pytest.fixture
def clerk(suite, browser):
    return Clerk(real.open_page(browser, real.TABLET, touch=True), suite.url, real.Words("pos_client"))


# ---------------------------------------------------------------- the shop


def test_more_than_there_is_cannot_be_put_into_the_cart(suite, shopper):
    scarce, total = _scarce(suite)
    shopper.visit(scarce.product)
    shopper.choose_variant(scarce.variant)
    shopper.add_to_cart()
    shopper.open_cart()
    line = shopper.page.get_by_role("listitem").filter(has=shopper.page.get_by_role("heading", level=2)).first
    stepper = line.get_by_role("group", name=shopper.words.say("cart.quantityOf"))
    for quantity in range(2, total + 1):
        stepper.get_by_role("button", name="One more").click()
        expect(stepper).to_have_text(str(quantity))
        expect(line).to_have_attribute("aria-busy", "false")
    stepper.get_by_role("button", name="One more").click()
    expect(line.get_by_role("alert")).to_contain_text(f"Only {total} of {scarce.product['name']}")
    expect(stepper).to_have_text(str(total))


def _scarce(suite):
    """A device of which all stores together have a few, and how many."""
    registers = registers_in(suite.api, suite.facts, "US")
    stores = list({register["store_id"] for register in registers})
    register = registers[10]
    clerk = till(suite.api, suite.facts, register)
    items = clerk.query(POS_CATALOGUE, storeId=register["store_id"])["items"]
    skus = [item["sku"] for item in items if item["serialised"]]
    for row in suite.api.query(docs.AVAILABILITY, skus=skus[:50], storeIds=stores):
        total = sum(store["quantity"] for store in row["stores"])
        if 2 <= total <= 4:
            return goods(suite.api, suite.facts, {"sku": row["sku"], "store_id": stores[0]}), total
    raise AssertionError("among fifty devices is none of which there are a few")


def test_a_declined_card_says_so_and_another_one_pays(shopper, bought):
    _to_review(shopper, bought)
    shopper.choose_card("payment.tok_declined")
    shopper.button("checkout.payNow").click()
    expect(shopper.page.get_by_role("alert")).to_contain_text("declined")
    shopper.choose_card("payment.tok_ok")
    shopper.button("checkout.payNow").click()
    shopper.heading("order.thanks").wait_for()
    expect(shopper.page.get_by_role("list", name=shopper.words.say("payment.title"))).to_contain_text("Card")


def _to_review(shopper, bought):
    shopper.visit(bought.product)
    shopper.choose_variant(bought.variant)
    shopper.choose_store(bought.store)
    shopper.add_to_cart()
    shopper.open_cart()
    shopper.check_out()
    shopper.give_contact()
    shopper.choose_slot(bought.store)
    shopper.reserve()


def test_a_form_that_is_not_filled_in_says_which_field(shopper, bought):
    shopper.visit(bought.product)
    shopper.add_to_cart()
    shopper.open_cart()
    shopper.check_out()
    shopper.button("checkout.toPickup").click()
    expect(shopper.field("firstName")).to_be_focused()
    expect(shopper.field("email")).to_have_accessible_description("Please fill this in.")
    shopper.send_contact({"firstName": "Ines", "lastName": "Moreau", "email": "not an address"})
    expect(shopper.field("email")).to_have_attribute("aria-invalid", "true")


def test_the_shop_says_that_it_cannot_be_reached_and_recovers(shopper):
    shopper.home()
    shopper.page.context.set_offline(True)
    expect(shopper.page.get_by_text("You are offline. What you see may be out of date.")).to_be_visible()
    box = shopper.page.get_by_role("combobox", name="Search the shop")
    box.fill("pixel")
    box.press("Enter")
    alert = shopper.page.get_by_role("alert")
    expect(alert).to_be_visible()
    shopper.page.context.set_offline(False)
    shopper.button("common.retry").click()
    assert shopper.results() > 0
    expect(alert).to_have_count(0)


# ---------------------------------------------------------------- the till


def test_a_wrong_pin_lets_nobody_in(clerk, suite):
    member, register = clerk_of(suite.facts), register_of(suite.facts, suite.facts["registers"][4]["store_id"])
    clerk.set_up(register["token"])
    clerk.type_pin(member, "000000")
    expect(clerk.page.get_by_role("alert")).not_to_be_empty()
    expect(clerk.page.get_by_role("navigation")).to_have_count(0)
    for digit in member["pin"]:
        clerk.button_of_pad(digit).click()
    clerk.button("signIn.submit").click()
    clerk.page.get_by_role("navigation", name=clerk.words.say("nav.label")).wait_for(timeout=60_000)


def test_a_wrong_pickup_code_hands_nothing_over(clerk, suite):
    register = suite.facts["registers"][6]
    order = ready(suite, register)
    clerk.set_up(register["token"])
    clerk.sign_in(clerk_of(suite.facts))
    clerk.open_pickup("Kim Osei", order["number"])
    clerk.hand_over("WRONG000")
    notice = clerk.page.get_by_role("status").filter(has=clerk.button("action.dismiss"))
    expect(notice).to_contain_text("code")
    assert suite.api.query(docs.ORDER_QUERY, id=order["id"])["pickups"][0]["state"] == "READY"
    clerk.hand_over(order["pickups"][0]["handOverCode"])
    expect(clerk.page.get_by_text(f"Order {order['number']} was handed over.")).to_be_visible()
    assert suite.api.query(docs.ORDER_QUERY, id=order["id"])["status"] == "FULFILLED"


def test_a_sale_made_offline_is_recorded_once_when_the_network_is_back(clerk, suite):
    # Given a till with an open shift, and how much of an accessory the store has
    register = suite.facts["registers"][8]
    store_id = register["store_id"]
    item = accessory(till(suite.api, suite.facts, register), store_id)
    before = _quantity(suite, item["sku"], store_id)
    clerk.set_up(register["token"])
    clerk.sign_in(clerk_of(suite.facts))
    clerk.open_shift()
    clerk.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    # When the network goes, the clerk sells one, and even loads the page anew
    clerk.page.context.set_offline(True)
    expect(clerk.page.get_by_text("Offline", exact=True)).to_be_visible()
    clerk.put_on_ticket(item["name"].split(",")[0])
    clerk.page.reload()
    clerk.pay_cash()
    expect(clerk.page.get_by_text("Waiting", exact=True)).to_be_visible()
    clerk.go("sales")
    assert _quantity(suite, item["sku"], store_id) == before

    # And when the network is back, but the server's first answer is lost on the way
    lost = []
    clerk.page.route("**/graphql/", lambda route: _lose_first(route, "posSync", lost))
    clerk.page.context.set_offline(False)

    # Then the till sends it again, and the server has it once
    sales = clerk.page.get_by_role("region", name="Sales", exact=True)
    expect(sales.get_by_role("link").first).to_contain_text("Recorded", timeout=60_000)
    assert lost == [200], "no answer was lost"
    assert sales.get_by_role("link").count() == 1
    assert _quantity(suite, item["sku"], store_id) == before - 1
    clerk.count(clerk.expected_cash())
    clerk.close_shift()
    difference = clerk.page.get_by_text("Difference", exact=True).locator("xpath=..").get_by_role("definition")
    expect(difference).to_have_text("$0.00")


def _quantity(suite, sku, store_id):
    stores = suite.api.query(docs.AVAILABILITY, skus=[sku], storeIds=[store_id])[0]["stores"]
    return stores[0]["quantity"] if stores else 0


def _lose_first(route, operation, lost):
    """Let the server act on the operation once without telling the page."""
    sent = route.request.post_data_json
    document = sent.get("query") or documents.persisted_text(sent["documentId"])
    if operation in document and not lost:
        lost.append(route.fetch().status)
        route.abort()
    else:
        route.continue_()
