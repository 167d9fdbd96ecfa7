"""The search's own screens: at the shop in both countries, at the till, and at the merchandiser's desk."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from demo import browser as real
from demo.browser import Words
from demo.camera import CHINA_SIZES, DESK_SIZES, SHOP_SIZES, TILL_SIZES, Camera
from demo.clerk import Clerk
from demo.client import Api
from demo.goods import clerk_of, register_of, registers_in, store_of
from demo.merchandiser import Merchandiser
from demo.shopper import Shopper

CHINESE = "zh-Hans"


def shop(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """What a shopper is shown of the search."""
    store = store_of(Api(url), facts["registers"][0]["store_id"])
    shopper = Shopper(real.open_page(browser, real.DESKTOP), url, Words("web_client"))
    page, camera = shopper.page, Camera(shopper.page, "shop", SHOP_SIZES)
    _waiting(shopper, camera)
    page.goto(f"{url}/search")
    shopper.results()
    shopper.suggest("ca")
    camera.take("suggestions")
    page.keyboard.press("Escape")
    shopper.search("galxy s2l")
    camera.take("correction")
    shopper.search("pixel 9 hammock")
    camera.take("relaxed")
    page.goto(f"{url}/search?q=pixel&f.brand=Google&f.storage=64+TB")
    page.get_by_role("heading", name=shopper.words.say("results.emptyTitle")).wait_for()
    camera.take("nothing-found")
    page.goto(f"{url}/search?q=xyzzyqwert")
    page.get_by_role("heading", name=shopper.words.say("results.emptyTitle")).wait_for()
    camera.take("no-such-word")
    page.goto(f"{url}/search?r.monthly_price=..100&f.kind=DEVICE&sort=MONTHLY_PRICE_ASC")
    shopper.results()
    camera.take("monthly-price")
    page.set_viewport_size(real.DESKTOP)
    shopper.search("case")
    shopper.choose_store_of_results(store)
    shopper.switch_in_store()
    camera.take("in-store")
    shopper.open_filters()
    camera.take("filters", "phone")
    page.keyboard.press("Escape")
    page.set_viewport_size(real.DESKTOP)
    page.goto(f"{url}/search?q=pixel")
    shopper.results()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": store["latitude"] + 0.03, "longitude": store["longitude"]})
    shopper.button("inStore.nearMe").click()
    shopper.switch_in_store()
    camera.take("near-me")
    page.set_viewport_size(real.DESKTOP)
    shopper.search("travel")
    camera.take("spotlight")
    _at_address(shopper, camera)
    page.goto(f"{url}/search?q=pixel")
    shopper.results()
    page.context.set_offline(True)
    box = page.get_by_role("combobox", name=shopper.words.say("search.label"))
    box.fill("galaxy")
    box.press("Enter")
    page.get_by_role("alert").wait_for()
    camera.take("offline", waiting=True)
    return camera.taken


def _waiting(shopper: Shopper, camera: Camera) -> None:
    """A search that is not answered yet."""
    held: list[Route] = []
    shopper.page.route(
        "**/graphql/**", lambda route: held.append(route) if _asks_for_results(route) else route.continue_()
    )
    shopper.page.goto(f"{shopper.url}/search?q=phone", wait_until="domcontentloaded")
    shopper.page.get_by_role("region", name=shopper.words.say("results.list")).wait_for()
    camera.take("loading", waiting=True)
    for route in held:
        route.continue_()
    shopper.results()
    shopper.page.unroute_all()


def _asks_for_results(route: Route) -> bool:
    asked = route.request.post_data or ""
    return '"guided":' in asked


def _at_address(shopper: Shopper, camera: Camera) -> None:
    """Home services, and of them what an address can have."""
    page = shopper.page
    page.goto(f"{shopper.url}/search?f.kind=SERVICE")
    shopper.results()
    page.get_by_role("main").get_by_role("button", name=shopper.words.say("address.check")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("1210 Congress")
    dialog.get_by_role("option").first.click()
    dialog.get_by_role("button", name=shopper.words.say("address.use")).click()
    dialog.wait_for(state="hidden")
    shopper.results()
    camera.take("at-address")


def china(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """The search as somebody whose browser speaks Chinese finds it."""
    api = Api(url, language=CHINESE)
    store = store_of(api, registers_in(api, facts, "CN")[0]["store_id"])
    shopper = Shopper(real.open_page(browser, real.DESKTOP, CHINESE), url, Words("web_client", CHINESE))
    page, camera = shopper.page, Camera(shopper.page, "shop", CHINA_SIZES)
    page.goto(f"{url}/search")
    shopper.results()
    shopper.suggest("xiaomi")
    camera.take("china-suggestions")
    page.keyboard.press("Escape")
    shopper.search("手机")
    camera.take("china-results")
    shopper.open_filters()
    camera.take("china-filters", "phone")
    page.keyboard.press("Escape")
    shopper.search("galxy s2l")
    camera.take("china-correction")
    shopper.search("小米 吊床")
    camera.take("china-relaxed")
    page.goto(f"{url}/search?q=xyzzyqwert")
    page.get_by_role("heading", name=shopper.words.say("results.emptyTitle")).wait_for()
    camera.take("china-nothing-found")
    page.set_viewport_size(real.DESKTOP)
    shopper.search("手机壳")
    shopper.choose_store_of_results(store)
    shopper.switch_in_store()
    camera.take("china-in-store")
    page.goto(f"{url}/search?r.monthly_price=..400&f.kind=DEVICE&sort=MONTHLY_PRICE_ASC")
    shopper.results()
    camera.take("china-monthly-price")
    return camera.taken


def till(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """The clerk's search, in both countries."""
    register = register_of(facts, facts["registers"][0]["store_id"], number=2)
    clerk = _at_the_till(browser, url, facts, register, "en")
    camera = Camera(clerk.page, "pos", TILL_SIZES)
    clerk.search_box.fill("pixle 9")
    clerk.page.get_by_text(clerk.words.say("search.correction")).wait_for()
    _pictures(clerk)
    camera.take("search")
    clerk.search_box.fill("travel")
    clerk.page.locator(".spotlights").wait_for()
    camera.take("spotlights")
    clerk.search_box.fill("pixel hammock")
    camera.take("relaxed")
    clerk.search_box.fill("xyzzyqwert")
    camera.take("nothing-found")
    clerk.search_box.fill("pixel")
    clerk.button("facet.storage").click()
    clerk.page.get_by_role("menuitemcheckbox", name=re.compile("^256 GB")).click()
    camera.take("filters")
    clerk.page.keyboard.press("Escape")
    clerk.page.context.set_offline(True)
    camera.take("offline", waiting=True)
    there = registers_in(Api(url), facts, "CN")[0]
    chinese = _at_the_till(browser, url, facts, there, CHINESE)
    own = Camera(chinese.page, "pos", TILL_SIZES)
    chinese.search_box.fill("小米")
    _pictures(chinese)
    own.take("china-search")
    chinese.search_box.fill("旅行")
    chinese.page.locator(".spotlights").wait_for()
    own.take("china-spotlights", "tablet")
    return camera.taken + own.taken


def _pictures(clerk: Clerk) -> None:
    """Until the server's answer has completed what the till found by itself."""
    clerk.page.locator(".tile-picture img").first.wait_for()


def _at_the_till(browser: Browser, url: str, facts: dict[str, Any], register: dict[str, Any], language: str) -> Clerk:
    clerk = Clerk(real.open_page(browser, real.TABLET, language), url, Words("pos_client", language))
    clerk.set_up(register["token"])
    clerk.sign_in(clerk_of(facts))
    clerk.open_shift()
    return clerk


def desk(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """The merchandiser's rules, with what they do and why."""
    taken = _desk(browser, url, facts, "en", "admin")
    return taken + _desk(browser, url, facts, CHINESE, "admin-china")


def _desk(browser: Browser, url: str, facts: dict[str, Any], language: str, client: str) -> list[Path]:
    page = real.open_page(browser, real.DESKTOP, language)
    merchandiser = Merchandiser(page, url)
    camera = Camera(page, client, DESK_SIZES)
    merchandiser.sign_in(facts["admin"])
    merchandiser.open("rule")
    camera.take("rules")
    _editor(merchandiser, camera)
    if language == "en":
        begins = datetime.now(UTC) + timedelta(days=1)
        merchandiser.add_redirect(name="Black Friday", phrase="black friday", path="/offers", begins=begins)
    _preview(page, url, facts, camera, "cn" if language == CHINESE else facts["channel"])
    page.goto(f"{url}/admin/search_log/searchcount/")
    camera.take("search-reports")
    return camera.taken


def _editor(merchandiser: Merchandiser, camera: Camera) -> None:
    """A rule whose effect depends on what a store has now, and products picked by name."""
    page = merchandiser.page
    merchandiser.open("rule")
    page.locator("#result_list a", has_text="take one home today").click()
    page.wait_for_load_state("networkidle")
    camera.take("rule")
    picker = page.locator("[data-choices]").filter(has=page.locator("#id_conditions"))
    picker.locator("[data-dimension]").select_option("category")
    camera.take("rule-conditions", at=picker)
    merchandiser.open("rule")
    page.locator("#result_list a", has_text="the tracking tag first").click()
    page.wait_for_load_state("networkidle")
    page.locator("[data-picker] [role=combobox]").type("usb")
    page.locator("[data-picker] [role=option]").first.wait_for()
    camera.take("rule-products", at=page.locator("[data-picker]"))


def _preview(page: Page, url: str, facts: dict[str, Any], camera: Camera, channel: str) -> None:
    """A search against the live index: now, with the reasons of a rank, and next week."""
    store = facts["registers"][0 if channel != "cn" else -1]["store_id"]
    language = "zh-hans" if channel == "cn" else "en"
    base = f"{url}/admin/guided_search/indexreport/preview/?channel={channel}&language={language}&store={store}"
    page.goto(f"{base}&text=case")
    page.wait_for_load_state("networkidle")
    camera.take("preview")
    page.goto(f"{base}&text=big+battery+phone")
    page.locator("a[href*='explain=']").first.click()
    page.wait_for_load_state("networkidle")
    camera.take("explanation", at=page.locator("[id^=why-]").first)
    moment = datetime.now(UTC) + timedelta(days=7)
    page.goto(f"{base}&text=black+friday&at={moment:%Y-%m-%dT%H:%M}")
    page.wait_for_load_state("networkidle")
    camera.take("preview-future")
