"""The till's search in a real browser: by keyboard, with mistakes, with filters, and without a network."""

import re

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo.clerk import Clerk
from demo.goods import accessory, clerk_of, till

pytestmark = pytest.mark.e2e

REGISTER = 15


@pytest.fixture
def clerk(suite, browser):
    """A clerk at an open shift; the page must stay without any error."""
    clerk = Clerk(real.open_page(browser, real.TABLET), suite.url, real.Words("pos_client"))
    watch = real.Watch(clerk.page)
    _begin(clerk, suite)
    yield clerk
    clerk.page.context.close()
    assert watch.found == []


@pytest.fixture
def clerk_without_network(suite, browser):
    clerk = Clerk(real.open_page(browser, real.TABLET), suite.url, real.Words("pos_client"))
    _begin(clerk, suite)
    expect(_tiles(clerk).first).to_be_visible()
    clerk.page.context.set_offline(True)
    yield clerk
    clerk.page.context.close()


def _begin(clerk, suite):
    clerk.set_up(suite.facts["registers"][REGISTER]["token"])
    clerk.sign_in(clerk_of(suite.facts))
    clerk.open_shift()


def _tiles(clerk):
    return clerk.page.get_by_role("list", name=clerk.words.say("search.results")).get_by_role("button")


def _total(clerk):
    shown = clerk.page.get_by_role("status").filter(has_text=clerk.words.say("search.count")).first
    digits = re.search(r"\d+", shown.inner_text())
    assert digits is not None
    return int(digits.group())


def _count(chip):
    return int(re.sub(r"\D", "", chip.locator(".count").inner_text()))


def test_typing_anywhere_searches_and_enter_takes_the_first_product(clerk, suite):
    register = suite.facts["registers"][REGISTER]
    item = accessory(till(suite.api, suite.facts, register), register["store_id"])
    clerk.page.locator("body").click(position={"x": 5, "y": 400})
    clerk.page.keyboard.type("pixel 9", delay=60)
    expect(clerk.search_box).to_be_focused()
    expect(clerk.search_box).to_have_value("pixel 9")
    expect(_tiles(clerk).first).to_contain_text("Google Pixel 9")

    clerk.page.keyboard.press("ArrowDown")
    expect(_tiles(clerk).first).to_be_focused()
    clerk.page.keyboard.press("ArrowRight")
    expect(_tiles(clerk).nth(1)).to_be_focused()
    clerk.page.keyboard.press("ArrowUp")
    expect(clerk.search_box).to_be_focused()

    clerk.page.keyboard.press("Enter")
    dialog = clerk.page.get_by_role("dialog", name=re.compile("^Google Pixel 9"))
    expect(dialog.get_by_role("listitem").first.get_by_role("button")).to_be_focused()
    clerk.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")

    clerk.search_box.fill(item["sku"].lower())
    clerk.search_box.press("Enter")
    clerk.ticket.get_by_text(item["name"].split(",")[0]).first.wait_for()
    expect(clerk.search_box).to_have_value("")


def test_filters_show_what_they_promise_and_narrow_to_one_variant(clerk):
    clerk.search_box.fill("pixel")
    expect(_tiles(clerk).first).to_contain_text("Pixel")
    everything = _total(clerk)
    stock = clerk.page.get_by_role("button", name=re.compile("^" + clerk.words.text("facet.stock")))
    promised = _count(stock)
    stock.click()
    expect(stock).to_have_attribute("aria-pressed", "true")
    assert _total(clerk) == promised < everything

    stock.click()
    clerk.button("facet.storage").click()
    size = clerk.page.get_by_role("menuitemcheckbox", name=re.compile("^256 GB"))
    promised = _count(size)
    size.click()
    expect(size).to_be_checked()
    assert _total(clerk) == promised
    another = clerk.page.get_by_role("menuitemcheckbox", name=re.compile("^128 GB"))
    another.click()
    assert _total(clerk) > promised, "a second size is an alternative"
    clerk.page.keyboard.press("Escape")
    clerk.button("facet.clear").click()
    assert _total(clerk) == everything


def test_mistakes_are_corrected_and_nothing_has_a_way_on_without_a_network(clerk_without_network):
    clerk = clerk_without_network
    clerk.search_box.fill("galxy s20")
    said = clerk.page.get_by_role("status").filter(has_text=clerk.words.say("search.correction", text="galaxy s20"))
    expect(said).to_be_visible()
    expect(_tiles(clerk).first).to_contain_text("Galaxy S20")

    clerk.search_box.fill("pixel 128gb")
    expect(_tiles(clerk).first).to_contain_text("Pixel")
    clerk.page.get_by_role("button", name=re.compile("^Phones")).click()
    clerk.search_box.fill("charger")
    without = clerk.page.get_by_role("button", name=clerk.words.say("search.without", label="Phones"))
    count = re.search(r"(\d+)$", without.inner_text())
    assert count is not None
    without.click()
    assert _total(clerk) == int(count.group(1)) > 0


def test_the_till_fits_a_narrow_phone_whatever_is_typed(clerk):
    clerk.page.set_viewport_size({"width": 320, "height": 640})
    for text in ("", "pixel", "x" * 200):
        clerk.search_box.fill(text)
        clerk.page.wait_for_timeout(400)
        assert clerk.page.evaluate("document.documentElement.scrollWidth") == 320, text


def test_no_letter_of_the_customers_button_is_cut(clerk):
    label = clerk.page.locator(".customer-button .mantine-Button-label")
    assert label.evaluate("label => label.scrollHeight <= label.clientHeight")
