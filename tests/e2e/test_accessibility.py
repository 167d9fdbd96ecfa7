"""Every main screen of both clients, in both languages, without a violation of WCAG 2.1 AA; and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo import stock_work
from demo.clerk import Clerk
from demo.goods import accessory, clerk_of, contradiction, goods, registers_in, till
from demo.shopper import Shopper
from tests.e2e.audit import Audit
from tests.e2e.orders import placed

pytestmark = pytest.mark.e2e

# Who reads Chinese buys in China, in a store there: the shop opens its channel for them.
MARKETS = {"en": ("us", 12), "zh-Hans": ("cn", -4)}
# What the codes of a channel's offers begin with.
PREFIX = {"us": "", "cn": "cn-"}


@pytest.mark.parametrize("language", real.LANGUAGES)
def test_the_shop_is_accessible(suite, browser, language):
    page = real.open_page(browser, real.PHONE, language)
    shopper, audit = Shopper(page, suite.url, real.Words("web_client", language)), Audit(page)
    channel, number = MARKETS[language]
    suite, api = suite.in_channel(channel), suite.api.speaking(language)
    register = suite.facts["registers"][number]
    sku = accessory(till(api, suite.facts, register), register["store_id"])["sku"]
    bought = goods(api, suite.facts, {"sku": sku, "store_id": register["store_id"]})
    _browse(shopper, audit, goods(api, suite.facts, suite.facts["serials"][9]))
    _put_together(shopper, audit, PREFIX[channel])
    _buy(shopper, audit, bought)
    for address in ("find-order", "sign-in", "stores", "no-such-page"):
        page.goto(f"{suite.url}/{address}")
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_load_state("networkidle")
        audit.look(address)
    audit.done()


def _browse(shopper, audit, device):
    shopper.home()
    shopper.page.wait_for_load_state("networkidle")
    audit.look("home")
    shopper.search("pixel")
    audit.look("results on a phone")
    shopper.open_filters()
    audit.look("filters on a phone")
    shopper.page.keyboard.press("Escape")
    shopper.suggest("gal")
    audit.look("suggestions on a phone")
    shopper.page.keyboard.press("Escape")
    shopper.search("pixle")
    audit.look("a correction")
    shopper.page.set_viewport_size(real.DESKTOP)
    audit.look("results with facets")
    shopper.search("xyzzyqwert")
    audit.look("nothing found")
    shopper.visit(device.product)
    audit.look("product on a desktop")
    shopper.page.set_viewport_size(real.PHONE)
    audit.look("product on a phone")


def _put_together(shopper, audit, prefix):
    page, words = shopper.page, shopper.words
    page.goto(f"{shopper.url}/offers")
    shopper.heading("bundle.offers").wait_for()
    page.locator(".offer-card").first.wait_for()
    audit.look("offers")
    page.goto(f"{shopper.url}/offers/{prefix}phone-and-plan")
    page.locator(".exit-costs summary").click()
    page.locator(".exit-table").wait_for()
    audit.look("a phone with a plan")
    page.goto(f"{shopper.url}/offers/{prefix}family")
    page.locator(".bundle-line-sum").wait_for()
    audit.look("a family put together")
    page.goto(f"{shopper.url}/offers/{prefix}home")
    page.locator(".violation").first.wait_for()
    audit.look("what is wrong with an offer")
    shopper.button("bundle.checkAddress").first.click()
    page.get_by_role("dialog").get_by_role("combobox").fill("1210 Congress")
    page.get_by_role("option").first.click()
    page.get_by_role("region", name=words.say("address.result")).wait_for()
    audit.look("what an address can have")
    shopper.button("address.use").click()
    page.set_viewport_size(real.DESKTOP)
    page.locator(".bundle-summary .totals-strong").wait_for()
    audit.look("an offer on a desktop")
    page.set_viewport_size(real.PHONE)


def _buy(shopper, audit, bought):
    shopper.visit(bought.product)
    shopper.choose_store(bought.store)
    shopper.add_to_cart()
    audit.look("added to the cart")
    shopper.open_cart()
    audit.look("cart")
    shopper.check_out()
    audit.look("contact")
    shopper.button("checkout.toPickup").click()
    expect(shopper.field("firstName")).to_be_focused()
    audit.look("contact with mistakes")
    shopper.give_contact()
    shopper.choose_slot(bought.store)
    audit.look("store and slot")
    shopper.reserve()
    audit.look("review")
    shopper.pay_in_store()
    audit.look("confirmation")


@pytest.mark.parametrize("language", real.LANGUAGES)
def test_the_till_is_accessible(suite, browser, language):
    channel, number = MARKETS[language]
    suite = suite.in_channel(channel)
    register = suite.facts["registers"][number + 1]
    order, _sku, _clerk = placed(suite, register)
    item = accessory(till(suite.api.speaking(language), suite.facts, register), register["store_id"])
    page = real.open_page(browser, real.TABLET, language)
    clerk, audit = Clerk(page, suite.url, real.Words("pos_client", language)), Audit(page)
    page.goto(f"{suite.url}/pos/")
    clerk.heading("setUp.title").wait_for()
    audit.look("set-up")
    clerk.set_up(register["token"])
    audit.look("sign-in")
    clerk.sign_in(clerk_of(suite.facts))
    clerk.heading("shift.openTitle").wait_for()
    audit.look("opening a shift")
    clerk.open_shift()
    _sell(clerk, audit, item["name"].split(",")[0])
    _pick(clerk, audit, order["number"])
    _look_up(clerk, audit, suite.facts["serials"][0]["imei"])
    _offer(clerk, audit, PREFIX[channel])
    clerk.go("sales")
    audit.look("sales")
    counted = clerk.expected_cash()
    clerk.count(counted)
    audit.look("closing a shift")
    clerk.close_shift()
    audit.look("a closed shift")
    audit.done()


def _sell(clerk, audit, name):
    audit.look("selling")
    clerk.search_box.fill("pixle")
    clerk.button("facet.storage").click()
    clerk.page.get_by_role("menu").wait_for()
    audit.look("filters of the till")
    clerk.page.keyboard.press("Escape")
    clerk.search_box.fill("xyzzyqwert")
    audit.look("nothing found at the till")
    clerk.put_on_ticket(name)
    audit.look("a ticket")
    clerk.page.set_viewport_size(real.PHONE)
    audit.look("selling on a phone")
    clerk.page.set_viewport_size(real.TABLET)
    clerk.begin_to_pay()
    audit.look("cash")
    clerk.finish_paying()
    audit.look("paid")


def _pick(clerk, audit, number):
    clerk.open_pickup("Kim Osei", number)
    audit.look("pickups")
    clerk.button("pickups.accept").click()
    clerk.button("picking.one").click()
    clerk.button("picking.ready").click()
    clerk.button("handOver.takePayment").wait_for()
    audit.look("a pickup to be paid")
    clerk.take_cash_exactly()
    audit.look("handing over")


def _look_up(clerk, audit, imei):
    clerk.go("stock")
    clerk.heading("stock.title").wait_for()
    audit.look("stock")
    clerk.page.get_by_role("link", name=clerk.words.text("stock.screen.lookup")).click()
    clerk.search_box.fill("case")
    audit.look("articles looked up")
    clerk.search_box.fill(imei)
    clerk.search_box.press("Enter")
    clerk.page.get_by_role("region", name=clerk.words.text("stock.unit.history")).get_by_role(
        "listitem"
    ).first.wait_for()
    audit.look("a unit's history")
    clerk.page.get_by_role("button", name=clerk.words.text("stock.label.print")).first.click()
    clerk.page.get_by_role("dialog").wait_for()
    audit.look("a label")
    clerk.page.keyboard.press("Escape")
    clerk.page.goto(f"{clerk.url}/pos/#/stock/sent")
    clerk.heading("stock.screen.sent").wait_for()
    audit.look("sent and waiting")


def _offer(clerk, audit, prefix):
    page, words = clerk.page, clerk.words
    clerk.go("offers")
    page.get_by_role("region", name=words.say("bundle.offers")).wait_for()
    audit.look("offers at the till")
    page.goto(f"{clerk.url}/pos/#/offers/address")
    page.get_by_role("combobox", name=words.say("offers.address.field")).fill("1210 Congress")
    page.get_by_role("option").first.wait_for()
    audit.look("addresses suggested at the till")
    page.get_by_role("option").first.click()
    page.get_by_role("region", name=words.say("address.result")).wait_for()
    audit.look("an address at the till")
    page.goto(f"{clerk.url}/pos/#/offers/configure/{prefix}family")
    page.locator(".bundle-summary .totals-strong").wait_for()
    audit.look("a family at the till")
    page.set_viewport_size(real.PHONE)
    audit.look("a family at the till on a phone")
    page.set_viewport_size(real.TABLET)
    clerk.button("offers.add").click()
    page.get_by_role("textbox", name=words.text("offers.buyer.email")).wait_for()
    audit.look("a cart of offers")


@pytest.mark.parametrize("language", real.LANGUAGES)
def test_the_stock_screens_are_accessible(suite, browser, language):
    country = {"en": "US", "zh-Hans": "CN"}[language]
    # The first store of a country has a count, one to authorise and an adjustment under way.
    register = registers_in(suite.api, suite.facts, country)[1]
    clerk = Clerk(real.open_page(browser, real.TABLET, language), suite.url, real.Words("pos_client", language))
    audit = Audit(clerk.page)
    clerk.set_up(register["token"])
    clerk.sign_in(next(member for member in suite.facts["staff"] if member["role"] == "manager"))
    note, _sku = contradiction(suite.api, suite.facts, register)
    for screen in ("receive", "transfers", "counts", "adjust", "replenish", "returns", "resolution"):
        clerk.stock(screen)
        clerk.page.locator(".stock-rows").or_(clerk.page.locator(".nothing:not([aria-busy])")).first.wait_for()
        audit.look(screen)
    for screen in ("receive/new", "transfers/ask", "transfers/send", "returns/new"):
        clerk.page.goto(f"{clerk.url}/pos/#/stock/{screen}")
        clerk.page.get_by_text(clerk.words.text("stock.counting.lead")).wait_for()
        audit.look(screen)
    _open_stock_rows(clerk, audit, note)
    audit.done()


def _open_stock_rows(clerk, audit, note):
    """What opens from the lists: a delivery, a transfer, counts and their differences, a case to settle."""
    clerk.stock("receive")
    clerk.open_first("stock.receive.expected")
    clerk.page.locator(".counting-row").first.wait_for()
    audit.look("a delivery")
    clerk.stock("transfers")
    clerk.open_first("stock.screen.transfers")
    clerk.page.locator(".stock-body .stock-row, .stock-body .counting-row").first.wait_for()
    audit.look("a transfer")
    clerk.stock("counts")
    clerk.button("stock.counts.open.action").click()
    clerk.button("stock.counts.open.choice.CATEGORY").click()
    clerk.page.get_by_role("combobox", name=clerk.words.text("stock.counts.open.category")).wait_for()
    audit.look("a new count")
    clerk.page.keyboard.press("Escape")
    shelf, few, _note = stock_work.TEXTS["zh" if clerk.words.language == "zh-Hans" else "en"]
    clerk.open_count(few)
    clerk.page.get_by_role("checkbox").first.wait_for()
    audit.look("differences of a count")
    clerk.stock("counts")
    clerk.open_count(shelf, "stock.room.FLOOR")
    clerk.count_next("3")
    audit.look("counting")
    clerk.stock("resolution")
    clerk.link(note).click()
    clerk.page.get_by_text(clerk.words.text("stock.resolution.way.TAKE_OUT")).click()
    audit.look("a contradiction")
    clerk.page.get_by_role("textbox", name=clerk.words.text("stock.resolution.reason")).fill("?")
    clerk.button("stock.resolution.settle").click()
    clerk.page.get_by_role("dialog").wait_for()
    audit.look("settling it")


def test_the_keyboard_alone_skips_the_header_and_chooses_a_suggestion(suite, browser):
    page = real.open_page(browser, real.DESKTOP)
    shopper = Shopper(page, suite.url, real.Words("web_client"))
    shopper.home()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    # The first thing in the content is the search.
    page.keyboard.press("Tab")
    box = page.get_by_role("combobox", name="Search the shop")
    expect(box).to_be_focused()
    options = shopper.type_ahead("pixel 9", "pixel 9")
    expect(options.first).to_contain_text("9")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/search?" in address or "/product/" in address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ixel")


def test_a_clerk_signs_in_by_keyboard_alone(suite, browser):
    clerk = Clerk(real.open_page(browser, real.TABLET), suite.url, real.Words("pos_client"))
    member = clerk_of(suite.facts)
    clerk.set_up(suite.facts["registers"][14]["token"])
    clerk.page.keyboard.type(member["code"])
    clerk.page.keyboard.press("Enter")
    clerk.page.keyboard.type(member["pin"])
    clerk.page.keyboard.press("Enter")
    clerk.page.get_by_role("navigation", name="Main").wait_for(timeout=60_000)
