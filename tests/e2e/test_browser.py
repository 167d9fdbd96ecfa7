"""One walk in a real browser: a shopper orders on a phone, a clerk hands over and sells at the till's tablet."""

import pytest

from demo import browser as real
from demo.clerk import Clerk
from demo.goods import accessory, clerk_of, goods, register_of, till
from demo.shopper import Shopper

pytestmark = pytest.mark.e2e


@pytest.fixture
def bought(suite):
    """A unit that the journey's own tests leave alone."""
    return goods(suite.api, suite.facts, suite.facts["serials"][5])


def test_from_the_search_on_a_phone_to_the_closed_shift_at_the_till(suite, browser, bought):
    shopper = Shopper(real.open_page(browser, real.PHONE, touch=True), suite.url, real.Words("web_client"))
    shop_watch = real.Watch(shopper.page)
    code, number = _order(shopper, bought)
    assert shop_watch.found == []

    clerk = Clerk(real.open_page(browser, real.TABLET, touch=True), suite.url, real.Words("pos_client"))
    till_watch = real.Watch(clerk.page)
    _hand_over(clerk, suite, bought, number, code)
    _sell_and_close(clerk, suite, bought.store["id"])
    assert till_watch.found == []

    # The shopper's page, still open, tells by itself that the order was collected.
    shopper.page.get_by_role("status").filter(has_text="Handed over").wait_for()
    assert shop_watch.found == []


def _order(shopper, bought):
    """From the front page to the confirmation; returns the pickup code and the order's number."""
    shopper.home()
    shopper.search(bought.product["name"])
    promised = shopper.refine(bought.product["brand"])
    assert shopper.results() == promised, "the facet promised another count"
    shopper.open_product(bought.product["name"])
    shopper.choose_variant(bought.variant)
    shopper.choose_store(bought.store)
    stock = shopper.page.get_by_role("region", name="Stock near you")
    row = stock.get_by_role("listitem").filter(has_text=bought.store["name"])
    row.get_by_text(real.Words("web_client").say("stock.count")).wait_for()
    shopper.add_to_cart()
    shopper.open_cart()
    shopper.check_out()
    shopper.give_contact()
    shopper.choose_slot(bought.store)
    shopper.reserve()
    code = shopper.pay_in_store()
    assert len(code) >= 6
    return code, shopper.order_number()


def _hand_over(clerk, suite, bought, number, code):
    register = register_of(suite.facts, bought.store["id"], number=2)
    clerk.set_up(register["token"])
    assert register["token"] not in clerk.page.url, "the token stays in the address"
    clerk.sign_in(clerk_of(suite.facts))
    clerk.open_shift()
    clerk.open_pickup("Ines Moreau", number)
    clerk.accept()
    clerk.scan_unit(bought.serial["imei"])
    clerk.ready()
    clerk.take_cash_exactly()
    clerk.hand_over(code)
    clerk.page.get_by_text(f"Order {number} was handed over.").wait_for()


def _sell_and_close(clerk, suite, store_id):
    register = register_of(suite.facts, store_id, number=2)
    item = accessory(till(suite.api, suite.facts, register), store_id)
    name = item["name"].split(",")[0]
    clerk.go("sell")
    clerk.put_on_ticket(name)
    clerk.page.reload()
    clerk.ticket.get_by_text(name).first.wait_for()
    clerk.pay_cash()
    clerk.page.get_by_text("Recorded", exact=True).wait_for()
    counted = clerk.expected_cash()
    clerk.count(counted)
    clerk.close_shift()
    clerk.page.get_by_text("The shift is closed.").wait_for()
    difference = clerk.page.get_by_text("Difference", exact=True).locator("xpath=..").get_by_role("definition")
    assert difference.inner_text() == "$0.00"
