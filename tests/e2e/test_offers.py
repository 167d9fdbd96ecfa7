"""Offers of devices with plans: a family priced, what does not go together mended, in the shop and at the till."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo.clerk import Clerk
from demo.goods import clerk_of
from demo.shopper import Shopper
from tests.e2e.audit import Audit

pytestmark = pytest.mark.e2e

REGISTER = 17
CONFIGURE = """query ($context: ContextInput!, $input: BundleConfigurationInput!) {
  configureBundle(context: $context, input: $input) { valid monthly { amount } dueToday { amount } } }"""


def _family(lines):
    """So many lines as the offer suggests them."""
    return [
        {"group": group, "instance": number, "sku": sku}
        for number in range(1, lines + 1)
        for group, sku in (("plan", "PLAN-FREE-PLUS"), ("sim", "SIM-TRIPLE"))
    ]


def _asked(suite, sales_channel, selections, term=24):
    context = {"channel": suite.facts["channel"], "salesChannel": sales_channel}
    given = {"offerCode": "family", "term": term, "selections": selections}
    return suite.api.query(CONFIGURE, context=context, input=given)


def _shown(amount):
    return f"${float(amount):,.2f}"


def test_a_family_is_put_together_and_its_price_read(suite, browser):
    page = real.open_page(browser, real.PHONE, touch=True)
    watch = real.Watch(page)
    page.goto(f"{suite.url}/offers/family")
    page.get_by_role("heading", name="Family plan", level=1).wait_for()
    summary = page.get_by_role("complementary", name="Summary")
    line = page.get_by_role("region", name="Line 1", exact=True)
    expect(line.locator(".bundle-line-sum")).to_have_text("$55.00 a month")

    page.get_by_role("button", name="Add another: Line").click()
    further = page.get_by_role("region", name="Line 2", exact=True)
    # The second line costs less, and the whole is what the API says for the same choice.
    expect(further.locator(".bundle-line-sum")).to_have_text("$45.00 a month")
    two = _asked(suite, "WEB", _family(2))
    assert two["valid"]
    every_month = summary.locator(".totals-row").filter(has_text="Every month").locator("dd")
    expect(every_month).to_have_text(_shown(two["monthly"]["amount"]))
    expect(summary.locator(".totals-row").filter(has_text="Due today").locator("dd")).to_have_text(
        _shown(two["dueToday"]["amount"])
    )
    # Plans alone can be left; a phone in instalments is owed, told as a picture and as a table from the first day to
    # the last month.
    exits = page.get_by_role("region", name="If you leave early")
    expect(exits).to_contain_text("it costs nothing")
    further.get_by_role("radiogroup", name="Phone").get_by_role("radio").first.check()
    exits.get_by_text("Month by month").click()
    expect(exits.get_by_role("row")).to_have_count(1 + 25)

    further.get_by_role("button", name=re.compile("^Remove")).click()
    further.wait_for(state="detached")
    expect(every_month).to_have_text(_shown(_asked(suite, "WEB", _family(1))["monthly"]["amount"]))
    assert watch.found == []


def test_what_the_product_asks_is_checked_by_it(suite, browser):
    page = real.open_page(browser, real.DESKTOP)
    page.goto(f"{suite.url}/offers/sim-only")
    number = page.get_by_role("textbox", name="Number to bring")
    number.fill("12")
    number.press("Tab")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(
        page.get_by_text("“Number to bring” cannot be right. Give a telephone number with its area code.")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Add to cart")).to_be_disabled()

    number.fill("512 555 0142")
    number.press("Tab")
    # Now its operator's PIN and account are asked for.
    expect(page.get_by_text("“Transfer PIN” is missing. Give “Transfer PIN”.")).to_be_visible()
    page.get_by_role("textbox", name="Account number there").fill("A-100")
    page.get_by_role("textbox", name="Transfer PIN").fill("4711")
    page.get_by_role("textbox", name="Transfer PIN").press("Tab")
    expect(page.get_by_role("button", name="Add to cart")).to_be_enabled()


def test_what_does_not_go_together_is_mended_at_one_tap(suite, browser):
    page = real.open_page(browser, real.PHONE, touch=True)
    page.goto(f"{suite.url}/offers/home")
    tv = page.get_by_role("region", name="TV", exact=True)
    # Its parts depend on the address: that is said at each, with the way to the check.
    tv.get_by_role("button", name="Check the address").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("1200 Congress")
    dialog.get_by_role("option").first.click()
    dialog.get_by_role("button", name="Use this address").click()
    add = page.get_by_role("button", name="Add to cart")
    expect(add).to_be_enabled()

    tv.locator('[data-sku="SVC-TV-BASE"]').get_by_role("checkbox").uncheck()
    tv.locator('[data-sku="SVC-TV-SPORT"]').get_by_role("checkbox").check()
    wrong = page.locator('.violation[data-code="RULE_REQUIRES"]')
    expect(wrong).to_contain_text("Sport comes with another TV package.")
    expect(add).to_be_disabled()
    wrong.get_by_role("button", name=re.compile("^Make this change")).click()
    expect(wrong).to_have_count(0)
    expect(add).to_be_enabled()
    page.get_by_role("button", name="Undo").click()
    expect(wrong).to_have_count(1)


@pytest.fixture
def clerk(suite, browser):
    clerk = Clerk(real.open_page(browser, real.TABLET_UPRIGHT, touch=True), suite.url, real.Words("pos_client"))
    clerk.set_up(suite.facts["registers"][REGISTER]["token"])
    clerk.sign_in(clerk_of(suite.facts))
    yield clerk
    clerk.page.context.close()


def test_the_till_says_the_later_day_of_an_address_and_what_cannot_be_asked_offline(clerk):
    page = clerk.page
    page.goto(f"{clerk.url}/pos/#/offers/address")
    page.get_by_role("combobox", name="The customer's address").fill("1210 Congress")
    page.get_by_role("option").first.click()
    broadband = page.locator('[data-category="BROADBAND"]')
    expect(broadband).to_contain_text("Later, or in another way")
    later = broadband.locator("time").first.get_attribute("datetime")
    expect(page.get_by_text(re.compile("^This answer holds until"))).to_be_visible()

    # An offer that depends on the address says the same day, part and whole.
    page.goto(f"{clerk.url}/pos/#/offers/configure/home")
    summary = page.get_by_role("complementary", name="Summary")
    expect(summary.locator(f'time[datetime="{later}"]')).to_be_visible()
    page.context.set_offline(True)
    expect(page.get_by_text(re.compile("^There is no network. Offers, prices"))).to_be_visible(timeout=60_000)
    expect(summary.get_by_role("button", name="Put into the cart")).to_be_disabled()


def test_a_clerk_orders_an_offer_for_an_address_and_its_paper_says_what_was_agreed(clerk):
    page, audit = clerk.page, Audit(clerk.page)
    watch = real.Watch(page)
    page.goto(f"{clerk.url}/pos/#/offers/configure/home")
    clerk.button("bundle.checkAddress").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("1210 Congress")
    dialog.get_by_role("option").first.click()
    # While the price is asked anew, the one before is shown faded.
    expect(page.locator(".bundle-summary")).to_have_attribute("aria-busy", "false")
    page.get_by_role("region", name=clerk.words.say("address.result")).wait_for()
    audit.look("an address checked in the configurator")
    dialog.get_by_role("button", name=clerk.words.say("address.use")).click()
    page.get_by_role("complementary", name="Summary").locator("time").first.wait_for()
    clerk.button("offers.add").click()
    page.get_by_role("textbox", name=clerk.words.text("offers.buyer.email")).fill("kim@example.com")
    bundle = page.get_by_role("region", name="Fibre, router and TV")
    monthly = re.search(r"\$[\d.]+ a month", bundle.inner_text()).group()
    day = page.get_by_role("form", name="Summary").locator("time").get_attribute("datetime")
    audit.look("the cart of an offer")
    clerk.button("offers.cart.order").click()

    clerk.heading("offers.done.number").wait_for()
    paper = page.get_by_role("article", name=clerk.words.text("ordered.title"))
    works = f"from {date.fromisoformat(day):%B %-d, %Y}"
    bundle, *parts = paper.get_by_role("listitem").all()
    expect(bundle).to_contain_text(f"{monthly}, 24 months")
    expect(bundle).to_contain_text(re.compile(r"First bill\$[\d.]+On \w+ \d+, \d{4}"))
    assert [part.inner_text().splitlines()[1] for part in parts if "Fibre" in part.inner_text()] == [works]
    expect(paper.get_by_role("definition").filter(has_text=works)).to_be_visible()
    audit.look("an offer ordered at the till, with its paper")
    audit.done()
    assert watch.found == []


def test_the_till_prices_a_family_as_the_shop_does(suite, clerk):
    page = clerk.page
    clerk.go("offers")
    page.get_by_role("link", name=re.compile("^Family plan")).click()
    page.get_by_role("button", name="Add another: Line").click()
    expect(page.get_by_role("region", name="Line 2", exact=True).locator(".bundle-line-sum")).to_have_text(
        "$45.00 a month"
    )
    two = _asked(suite, "WEB", _family(2))
    every_month = (
        page.get_by_role("complementary", name="Summary").locator(".totals-row").filter(has_text="Every month")
    )
    expect(every_month.locator("dd")).to_have_text(_shown(two["monthly"]["amount"]))


def test_a_bundle_goes_from_the_configurator_to_an_order_with_its_days(suite, browser):
    page = real.open_page(browser, real.PHONE, touch=True)
    shopper = Shopper(page, suite.url, real.Words("web_client"))
    watch = real.Watch(page)
    page.goto(f"{suite.url}/offers/family")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_text("Your bundle is in the cart.").wait_for()
    shopper.open_cart()
    bundle = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Family plan"))
    expect(bundle.locator(".cart-bundle-line")).to_have_count(2)
    expect(bundle).to_contain_text("$55.00 a month")
    expect(bundle.get_by_text(re.compile("^This price is kept for you until"))).to_be_visible()

    # Changed from the cart: the configurator opens with what was chosen.
    bundle.get_by_role("link", name="Change bundle").click()
    page.get_by_role("button", name="Add another: Line").click()
    page.get_by_role("button", name="Keep the changes").click()
    page.get_by_text("Your bundle is in the cart.").wait_for()
    shopper.open_cart()
    expect(bundle.locator(".cart-bundle-line")).to_have_count(4)
    expect(bundle).to_contain_text("$100.00 a month")

    shopper.check_out()
    shopper.give_contact()
    times = page.get_by_role("group", name=shopper.words.say("checkout.time"))
    real.choose(times.get_by_role("radio", disabled=False).first)
    shopper.reserve()
    shopper.pay_in_store()
    ordered = page.get_by_role("complementary", name="Summary").locator(".summary-bundle")
    expect(ordered).to_contain_text("Family plan")
    expect(ordered).to_contain_text("$100.00 a month")
    assert ordered.locator("time").count() >= 1, "from when it works"
    assert watch.found == []
