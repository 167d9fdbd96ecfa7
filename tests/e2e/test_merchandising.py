"""A merchandiser sends a search elsewhere, the shop does so at once, and it is taken back: in a real browser."""

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from demo import browser as real
from demo.merchandiser import Merchandiser

pytestmark = pytest.mark.e2e

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
}
PHRASE = "zebra crossing offers"
SEARCH = """query ($channel: String!, $text: String!) {
  guidedSearch(context: {channel: $channel}, input: {text: $text, first: 1}) { redirectUrl } }"""
PATIENCE = 60


def redirected(suite, expected):
    """Whether the shop comes to answer so, within the time that people would wait."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = suite.api.query(SEARCH, channel=suite.facts["channel"], text=PHRASE)["redirectUrl"]
        if found == expected:
            return True
        time.sleep(0.05)
    return False


def test_a_redirect_holds_at_once_and_can_be_undone(suite, browser):
    page = real.open_page(browser, real.DESKTOP)
    watch = real.Watch(page)
    merchandiser = Merchandiser(page, suite.url)
    merchandiser.sign_in(suite.facts["admin"])
    assert redirected(suite, None)
    merchandiser.add_redirect(name="Zebra crossing", phrase=PHRASE, path="/stores")
    assert redirected(suite, "/stores")
    merchandiser.open_row("Zebra crossing")
    merchandiser.open_history()
    merchandiser.undo()
    assert redirected(suite, None)
    assert watch.found == []


def test_products_are_chosen_with_the_keyboard_and_pasted(suite, browser):
    page = real.open_page(browser, real.DESKTOP)
    watch = real.Watch(page)
    merchandiser = Merchandiser(page, suite.url)
    merchandiser.sign_in(suite.facts["admin"])
    merchandiser.open("rule/add")
    page.get_by_label("What it does").select_option("PIN")
    merchandiser.add_product("tracking tag")
    merchandiser.add_product("ACC-", steps=1)
    page.get_by_text("As text, for pasting SKUs").click()
    box = page.locator("#id_products")
    first, second = box.input_value().split("\n")
    assert first.startswith("ACC-TAG")
    assert second.startswith("ACC-")
    box.fill(f"{first}\n{second}\nNOPE-1 @ 7")
    chosen = page.locator(".suite-picker-chosen li")
    expect(chosen).to_have_count(3)
    page.get_by_text("No such article").wait_for()
    assert page.get_by_label("Place: NOPE-1").input_value() == "7"
    page.get_by_role("button", name="Remove: NOPE-1").press("Enter")
    assert box.input_value().split("\n") == [first, second]
    assert watch.found == []


def test_conditions_are_picked_with_the_keyboard_and_say_what_they_mean(suite, browser):
    page = real.open_page(browser, real.PHONE)
    watch = real.Watch(page)
    merchandiser = Merchandiser(page, suite.url)
    merchandiser.sign_in(suite.facts["admin"])
    merchandiser.open("rule/add")
    page.get_by_label("What it does").select_option("BOOST")
    picker = page.locator("[data-choices]").filter(has=page.locator("#id_conditions"))
    dimension, value, add = (
        picker.get_by_label("Dimension"),
        picker.get_by_label("Value"),
        picker.get_by_role("button", name="Add"),
    )
    dimension.select_option("in_store")
    expect(value).to_contain_text("In stock now in the store that the searcher chose, or near")
    value.press("Enter")
    dimension.select_option("brand")
    for brand in ("Samsung", "Google"):
        value.select_option(brand)
        add.click()
    dimension.select_option("monthly_price")
    picker.get_by_label("At least").fill("40")
    picker.get_by_label("At most").fill("20")
    add.click()
    expect(picker.get_by_role("status")).to_have_text("The least must not be above the most.")
    picker.get_by_label("At least").fill("")
    picker.get_by_label("At most").press("Enter")
    box, chosen = page.locator("#id_conditions"), picker.locator("ol li")
    assert box.input_value().split("\n") == ["in_store: true", "brand: Samsung", "brand: Google", "monthly_price: ..20"]
    expect(chosen).to_have_text(
        [
            re.compile("In store: In stock now"),
            re.compile("and\\s*Brand: Samsung"),
            re.compile("or\\s*Brand: Google"),
            re.compile("and\\s*Price a month: up to 20"),
        ]
    )
    picker.get_by_role("button", name="Remove: Brand: Google").press("Enter")
    assert box.input_value().split("\n") == ["in_store: true", "brand: Samsung", "monthly_price: ..20"]
    page.locator("#id_refinements").evaluate("box => { box.closest('details').open = true; }")
    page.locator("#id_refinements").fill("smell: bad")
    expect(page.get_by_text("No such dimension")).to_be_visible()
    assert watch.found == []


@pytest.mark.parametrize("size", [real.PHONE, real.DESKTOP], ids=["phone", "desktop"])
def test_the_merchandisers_screens_are_accessible(suite, browser, size):
    page = real.open_page(browser, size)
    merchandiser = Merchandiser(page, suite.url)
    merchandiser.sign_in(suite.facts["admin"])
    reports = []

    def look(screen):
        results = Axe().run(page, options=RULES)
        if results.violations_count:
            reports.append(f"== {screen}\n{results.generate_report()}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen

    for screen in ("rule", "rule/add", "synonyms", "dimensionsetup", "precedencerule", "revision", "revision/import"):
        merchandiser.open(screen)
        look(screen)
    page.goto(f"{suite.url}/admin/guided_search/indexreport/vocabulary/")
    look("the built-in vocabulary")
    page.goto(f"{suite.url}/admin/guided_search/indexreport/preview/?text=big+battery+phone")
    page.locator("a[href*='explain=']").first.click()
    page.wait_for_load_state("networkidle")
    look("the reasons of a rank")
    merchandiser.open("rule")
    merchandiser.open_row("Opening hours")
    look("a rule")
    merchandiser.open_history()
    look("its history")
    assert not reports, "\n".join(reports)
