"""The shop's search in a real browser: suggestions, filters, corrections, ways on from nothing, and the way back."""

import json
import re
import threading

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo.goods import store_of
from demo.shopper import Shopper

pytestmark = pytest.mark.e2e

SEARCH = """query ($context: ContextInput!, $input: GuidedSearchInput!) {
  guidedSearch(context: $context, input: $input) { totalCount correction { corrected applied } } }"""

FOLLOWED = """at => Math.abs(parseFloat(new URLSearchParams(location.search).get("r.price")) - at) < 0.01"""


@pytest.fixture
def desk(suite, browser):
    """A shopper at a desk; the page must stay without any error."""
    yield from _shopper(suite, browser, real.DESKTOP)


@pytest.fixture
def phone(suite, browser):
    yield from _shopper(suite, browser, real.PHONE, touch=True)


def _shopper(suite, browser, size, touch=False):
    shopper = Shopper(real.open_page(browser, size, touch=touch), suite.url, real.Words("web_client"))
    watch = real.Watch(shopper.page)
    yield shopper
    shopper.page.context.close()
    assert watch.found == []


def _box(shopper):
    return shopper.page.get_by_role("combobox", name=shopper.words.say("search.label"))


def _options(shopper):
    return shopper.page.get_by_role("listbox", name=shopper.words.say("search.suggestions")).get_by_role("option")


def _promised(box):
    found = re.search(r"(\d+)\D*$", box.locator("xpath=ancestor::li").inner_text())
    assert found is not None
    return int(found.group(1))


def _total(suite, text, **more):
    context = {"channel": suite.facts["channel"]}
    return suite.api.query(SEARCH, context=context, input={"text": text, "first": 1, **more})


def test_suggestions_come_from_the_first_letter_and_are_worked_by_the_keyboard_alone(desk):
    desk.home()
    box, options = _box(desk), _options(desk)
    box.focus()
    desk.page.keyboard.type("p")
    expect(options.first).to_be_visible()
    expect(desk.page.get_by_role("status").filter(has_text=desk.words.say("search.suggestionCount"))).to_be_attached()
    desk.type_ahead("ix", "pix")
    expect(options.first.locator("mark")).to_have_text(re.compile("^pix$", re.IGNORECASE))

    desk.page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    desk.page.keyboard.press("End")
    expect(box).to_have_attribute("aria-activedescendant", options.last.get_attribute("id"))
    desk.page.keyboard.press("ArrowDown")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile(".*"))
    desk.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("pix")
    expect(box).to_have_attribute("aria-expanded", "false")

    desk.page.keyboard.press("ArrowUp")
    name = options.last.locator(".suggestion-label").inner_text()
    desk.page.keyboard.press("Enter")
    desk.page.get_by_role("heading", name=name, exact=True, level=1).wait_for()


def test_suggestions_for_an_older_text_never_replace_those_for_a_newer_one(desk):
    held, release = [], threading.Event()

    def slow_first(route):
        sent = json.loads(route.request.post_data)
        if sent.get("variables", {}).get("prefix") == "g" and not release.is_set():
            held.append(route)
        else:
            route.continue_()

    desk.home()
    desk.page.route("**/graphql/*", slow_first)
    _box(desk).focus()
    with desk.page.expect_request(lambda request: '"prefix":"g"' in (request.post_data or "")):
        desk.page.keyboard.type("g")
    shown = desk.type_ahead("alaxy", "galaxy").all_inner_texts()
    assert held, "the first letter was answered"
    release.set()
    for route in held:
        # The page took its question back; the answer comes all the same.
        route.continue_()
    desk.page.wait_for_timeout(500)
    assert _options(desk).all_inner_texts() == shown


def test_searches_are_offered_again_until_they_are_cleared(desk):
    desk.home()
    desk.search("galaxy")
    desk.home()
    _box(desk).click()
    expect(_options(desk)).to_have_text(["galaxy"])
    desk.button("search.forget").click()
    expect(_options(desk)).to_have_count(0)
    desk.page.reload()
    _box(desk).click()
    expect(_options(desk)).to_have_count(0)


def test_a_filter_shows_what_it_promised_and_goes_by_its_chip(desk):
    desk.home()
    desk.search("pixel")
    everything = desk.results()
    box = desk.page.get_by_role("group", name="Brand").get_by_role("checkbox", name=re.compile("^Google"))
    promised = _promised(box)
    box.check()
    assert desk.results() == promised < everything
    chips = desk.page.get_by_role("list", name=desk.words.say("results.chosen"))
    expect(chips.get_by_role("button")).to_have_count(3)
    chips.get_by_role("button", name=desk.words.say("results.removeText")).click()
    assert desk.results() > promised, "without the words the brand alone has more"
    desk.page.go_back()
    expect(chips.get_by_role("button")).to_have_count(3)
    chips.get_by_role("button", name=desk.words.say("results.remove", label="Google")).click()
    assert desk.results() == everything
    expect(box).not_to_be_checked()


def test_a_category_leads_down_and_back_up(desk):
    desk.home()
    desk.search("pixel")
    everything = desk.results()
    tree = desk.page.get_by_role("group", name="Category")
    phones = tree.get_by_role("button", name=re.compile("^Phones"))
    promised = int(re.sub(r"\D", "", phones.inner_text()))
    phones.click()
    assert desk.results() == promised
    expect(phones).to_have_attribute("aria-pressed", "true")
    tree.get_by_role("button", name=re.compile("Back to Devices")).click()
    assert promised <= desk.results() < everything
    tree.get_by_role("button", name=re.compile("Back to")).click()
    assert desk.results() == everything


def test_a_price_is_set_by_slider_and_by_fields(desk, suite):
    desk.home()
    desk.search("pixel")
    price = desk.page.get_by_role("group", name="Price")
    handle = price.get_by_role("slider").first
    handle.focus()
    for _ in range(5):
        desk.page.keyboard.press("ArrowRight")
    # The search follows when the handle rests; where the keys come slowly, it has followed before.
    desk.page.wait_for_function(FOLLOWED, arg=float(handle.get_attribute("aria-valuenow")))
    least = re.search(r"r\.price=(\d+)", desk.page.url)
    assert least is not None
    expect(handle).to_be_focused()
    chosen = [{"dimension": "price", "minimum": least.group(1)}]
    assert desk.results() == _total(suite, "pixel", refinements=chosen)["totalCount"]

    field = price.get_by_role("textbox", name=desk.words.say("results.maximum"))
    field.fill("500")
    field.press("Enter")
    desk.page.wait_for_url(re.compile(r"r\.price=\d+\.\.500"))
    chosen = [{"dimension": "price", "minimum": least.group(1), "maximum": "500"}]
    assert desk.results() == _total(suite, "pixel", refinements=chosen)["totalCount"]


def test_a_correction_is_said_and_can_be_declined(desk, suite):
    corrected = _total(suite, "pixle")["correction"]
    assert corrected is not None
    assert corrected["applied"]
    desk.home()
    desk.search("pixle")
    note = desk.page.get_by_text(desk.words.text("results.insteadFor")).locator("xpath=..")
    expect(desk.page.get_by_role("strong").filter(has_text=corrected["corrected"])).to_be_visible()
    note.get_by_role("button", name="pixle").click()
    desk.page.wait_for_url(re.compile("exact=1"))
    expect(note).to_have_count(0)
    expect(_box(desk)).to_have_value("pixle")
    # Another text may be corrected again.
    desk.search("pixle 9")
    assert "exact" not in desk.page.url


def test_nothing_found_shows_the_filter_in_the_way_and_where_else_to_look(desk, suite):
    desk.page.goto(f"{suite.url}/search?q=pixel&f.brand=Google&f.storage=64+TB")
    without = desk.page.get_by_role(
        "button", name=re.compile(r"^Without Storage: 64 TB \(\d+\)$|^Without 64 TB \(\d+\)$")
    )
    promised = int(re.search(r"\((\d+)\)$", without.inner_text()).group(1))
    assert promised > 0
    assert desk.page.get_by_role("button", name=re.compile("^Without Google")).count() == 0, "leads to nothing as well"
    without.click()
    assert desk.results() == promised

    desk.page.goto(f"{suite.url}/search?q=xyzzyqwert")
    desk.page.get_by_role("heading", name=desk.words.say("results.emptyTitle")).wait_for()
    desk.page.get_by_role("link", name=desk.words.say("results.findStore")).wait_for()
    popular = desk.page.get_by_role("region", name=desk.words.say("results.list")).get_by_role(
        "link", name=re.compile("^Phones")
    )
    count = int(re.sub(r"\D", "", popular.inner_text()))
    popular.click()
    desk.page.get_by_role("heading", name="Phones", level=1).wait_for()
    assert desk.results() == count


def test_the_filters_of_a_phone_are_a_sheet_that_counts_while_one_chooses(phone):
    phone.home()
    phone.search("pixel")
    phone.page.get_by_role("button", name=phone.words.say("results.filters")).click()
    sheet = phone.page.get_by_role("dialog", name=phone.words.say("results.filters"))
    show = sheet.get_by_role("button", name=phone.words.say("results.show"))
    box = sheet.get_by_role("checkbox", name=re.compile("^Google"))
    promised = _promised(box)
    box.check()
    expect(show).to_have_text(re.compile(rf"\b{promised}\b"))
    expect(show).to_be_in_viewport()
    sheet.get_by_role("button", name=phone.words.say("results.clearFilters")).click()
    expect(box).not_to_be_checked()
    box.check()
    expect(show).to_have_text(re.compile(rf"\b{promised}\b"))
    show.click()
    sheet.wait_for(state="hidden")
    assert phone.results() == promised


def test_the_search_of_a_phone_takes_the_whole_screen(phone):
    phone.home()
    phone.search("pixel")
    _box(phone).tap()
    _box(phone).fill("gal")
    option = _options(phone).first
    expect(option).to_be_visible()
    assert option.bounding_box()["height"] >= 44
    form = phone.page.get_by_role("search").bounding_box()
    assert (form["width"], form["height"]) == (real.PHONE["width"], real.PHONE["height"])
    phone.page.get_by_role("search").get_by_role("button", name=phone.words.say("common.close")).tap()
    expect(_options(phone)).to_have_count(0)
    phone.page.get_by_role("heading", level=1).wait_for()


def test_the_way_back_leads_to_the_same_place_in_the_loaded_pages(desk):
    desk.home()
    desk.search("samsung")
    cards = desk.page.get_by_role("region", name=desk.words.say("results.list")).get_by_role("article")
    expect(cards).to_have_count(24)
    more = desk.button("results.more")
    more.focus()
    desk.page.keyboard.press("Enter")
    expect(cards).to_have_count(48)
    link = cards.nth(24).get_by_role("link")
    expect(link).to_be_focused()
    link.scroll_into_view_if_needed()
    top = desk.page.evaluate("window.scrollY")
    assert top > 500
    name = link.inner_text()
    link.click()
    desk.page.get_by_role("heading", name=name, exact=True, level=1).wait_for()
    assert desk.page.evaluate("window.scrollY") == 0
    desk.page.go_back()
    expect(cards).to_have_count(48)
    desk.page.wait_for_function("top => Math.abs(window.scrollY - top) < 5", arg=top)
    expect(link).to_be_focused()


def test_a_store_is_chosen_from_the_results_and_its_stock_narrows_them(desk, suite):
    store = store_of(suite.api, suite.facts["registers"][0]["store_id"])
    desk.home()
    desk.search("pixel")
    everything = desk.results()
    panel = desk.page.get_by_role("region", name=desk.words.say("inStore.title"))
    panel.get_by_role("button", name=desk.words.say("stores.choose")).click()
    dialog = desk.page.get_by_role("dialog", name=desk.words.say("stores.choose"))
    dialog.get_by_role("searchbox").fill(store["postalCode"])
    dialog.get_by_role("button", name=re.compile(re.escape(store["name"]))).first.click()
    # While it fades, the dialog would take the click.
    expect(dialog).to_be_hidden()
    switch = panel.get_by_role("switch", name=re.compile(re.escape(store["name"])))
    promised = int(re.search(r"(\d+)\s*$", switch.locator("xpath=ancestor::div[1]").inner_text()).group(1))
    switch.click(force=True)
    desk.page.wait_for_url(re.compile("in_store"))
    assert desk.results() == promised <= everything
    cards = desk.page.get_by_role("region", name=desk.words.say("results.list")).get_by_role("article")
    in_store = desk.words.say("product.inStoreCount", store=store["name"])
    expect(cards.get_by_text(in_store)).to_have_count(min(promised, 24))


def test_what_is_opened_is_told_with_its_place(desk):
    desk.home()
    desk.search("pixel")
    card = desk.page.get_by_role("region", name=desk.words.say("results.list")).get_by_role("article").nth(2)
    link = card.get_by_role("link")
    name = link.inner_text()

    def is_report(response):
        return "productId" in (response.request.post_data or "")

    with desk.page.expect_response(is_report) as told:
        link.click()
    desk.page.get_by_role("heading", name=name, exact=True, level=1).wait_for()
    sent = json.loads(told.value.request.post_data)["variables"]["input"]
    assert (sent["text"], sent["position"], sent["source"]) == ("pixel", 3, "RESULTS")
    assert told.value.json()["data"]["searchResultOpen"]["errors"] == []


def test_a_long_word_and_chosen_filters_leave_the_page_as_wide_as_the_phone(phone):
    page = phone.page
    page.goto(f"{phone.url}/search?q={'x' * 200}")
    expect(page.get_by_role("heading", name=phone.words.say("results.emptyTitle"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == real.PHONE["width"]
    page.goto(f"{phone.url}/search?q=samsung&f.brand=Samsung&f.storage=128+GB")
    filters = page.get_by_role("button", name=re.compile(phone.words.text("results.filters")))
    expect(filters).to_contain_text("(2)")
    order = page.get_by_role("combobox", name=phone.words.say("results.sort"))
    assert filters.bounding_box()["y"] == pytest.approx(order.bounding_box()["y"], abs=4)
    assert page.evaluate("document.documentElement.scrollWidth") == real.PHONE["width"]


def test_the_filters_stay_where_they_are_when_the_first_is_chosen(desk):
    desk.home()
    desk.search("pixel")
    everything = desk.results()
    box = desk.page.get_by_role("group", name="Brand").get_by_role("checkbox", name=re.compile("^Google"))
    filters = desk.page.get_by_role("complementary", name=desk.words.say("results.filters"))
    top = filters.bounding_box()["y"]
    box.check()
    assert desk.results() < everything
    expect(desk.page.get_by_role("list", name=desk.words.say("results.chosen"))).to_be_visible()
    assert filters.bounding_box()["y"] == pytest.approx(top, abs=1)
    expect(box).to_be_focused()


def test_the_foot_of_the_phones_filters_lies_over_what_scrolls_under_it(phone):
    phone.home()
    phone.search("case")
    sheet = phone.open_filters()
    slider = sheet.get_by_role("slider").first
    show = sheet.get_by_role("button", name=phone.words.say("results.show"))
    # Once the sheet has come up and stands still.
    show.click(trial=True)
    slider.evaluate(
        "(handle, top) => handle.closest('.mantine-Drawer-content').scrollBy(0,"
        " handle.getBoundingClientRect().top - top)",
        show.bounding_box()["y"] + 10,
    )
    handle = slider.bounding_box()
    under = "([x, y]) => document.elementFromPoint(x, y).closest('.drawer-foot') !== null"
    assert phone.page.evaluate(under, [handle["x"] + handle["width"] / 2, show.bounding_box()["y"] + 10])


@pytest.mark.parametrize("path", ["/", "/search?q=pixel", "/search?q=xyzzyqwert", "/stores"])
def test_the_shop_fits_the_narrowest_phone(phone, path):
    phone.page.set_viewport_size({"width": 320, "height": 640})
    phone.page.goto(f"{phone.url}{path}")
    phone.page.get_by_role("heading", level=1).wait_for()
    phone.page.wait_for_load_state("networkidle")
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_a_network_the_filters_stay_and_nothing_is_said_to_be_missing(suite, browser):
    shopper = Shopper(real.open_page(browser, real.DESKTOP), suite.url, real.Words("web_client"))
    shopper.home()
    shopper.search("pixel")
    brands = shopper.page.get_by_role("group", name="Brand")
    shopper.page.context.set_offline(True)
    brands.get_by_role("checkbox", name=re.compile("^Google")).check()
    expect(shopper.page.get_by_role("alert")).to_contain_text("You are offline")
    expect(brands.get_by_role("checkbox", name=re.compile("^Google"))).to_be_focused()
    expect(shopper.page.get_by_role("heading", name=shopper.words.say("results.emptyTitle"))).to_have_count(0)
    shopper.page.context.set_offline(False)
    shopper.button("common.retry").click()
    assert shopper.results() > 0


def test_near_me_says_how_many_the_nearest_store_has(desk, suite):
    store = store_of(suite.api, suite.facts["registers"][0]["store_id"])
    desk.page.context.grant_permissions(["geolocation"])
    desk.page.context.set_geolocation({"latitude": store["latitude"], "longitude": store["longitude"]})
    desk.home()
    desk.search("pixel")
    desk.button("inStore.nearMe").click()
    assert desk.switch_in_store() > 0
    cards = desk.page.get_by_role("region", name=desk.words.say("results.list")).get_by_role("article")
    expect(cards.first).to_contain_text(re.compile(r"[1-9]\d* at .+ · [\d.]+ mi"))
