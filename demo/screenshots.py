"""`make screenshots`: walks through both clients and the merchandiser's screens in a browser and keeps a picture of
every screen in docs/screenshots.

Runs against the server on PORT, or starts one of its own in a folder that is thrown away.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, ViewportSize

from demo import browser as real
from demo.browser import Words
from demo.clerk import Clerk
from demo.client import Api
from demo.goods import Goods, accessory, clerk_of, contradiction, goods, register_of, till
from demo.machine import ROOT
from demo.merchandiser import Merchandiser
from demo.server import facts_of, server
from demo.shopper import Shopper

FOLDER: Final = ROOT / "docs" / "screenshots"
# The walk goes on at the size of the last picture.
SHOP_SIZES: Final = {"desktop": real.DESKTOP, "tablet": real.TABLET_UPRIGHT, "phone": real.PHONE}
CHINA_SIZES: Final = {"desktop": real.DESKTOP, "phone": real.PHONE}
TILL_SIZES: Final = {"phone": real.PHONE, "desktop": real.DESKTOP, "tablet": real.TABLET}
DESK_SIZES: Final = {"phone": real.PHONE, "desktop": real.DESKTOP}
SETTLE_MS: Final = 600


@dataclass
class Camera:
    """Keeps pictures as <client>-<screen>-<device>.png."""

    page: Page
    client: str
    sizes: dict[str, ViewportSize]
    taken: list[Path] = field(default_factory=list)

    def take(self, screen: str, *devices: str) -> None:
        """Picture the screen at every size, or on those devices alone; the page keeps the size of the last."""
        for device, size in self.sizes.items():
            if devices and device not in devices:
                continue
            self.page.set_viewport_size(size)
            self.page.evaluate("window.scrollTo(0, 0)")
            # Until pictures are there and nothing moves any more.
            self.page.wait_for_load_state("networkidle")
            self.page.wait_for_timeout(SETTLE_MS)
            path = FOLDER / f"{self.client}-{screen}-{device}.png"
            self.page.screenshot(path=path, scale="css", animations="disabled", caret="hide")
            self.taken.append(path)


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server() as (url, environment), real.chromium() as browser:
        facts = facts_of(environment)
        bought = goods(Api(url), facts, facts["serials"][-1])
        pictures, number = _shop(browser, url, bought)
        pictures += _till(browser, url, facts, bought, number)
        pictures += _goods(browser, url, facts)
        pictures += _counts(browser, url, facts)
        pictures += _exceptions(browser, url, facts)
        pictures += _desk(browser, url, facts)
        pictures += _reports(browser, url, facts)
        pictures += _offers(browser, url)
        pictures += _offers_at_the_till(browser, url, facts)
        pictures += _plans(browser, url, facts)
        pictures += _china(browser, url, facts)
    size = sum(path.stat().st_size for path in pictures)
    print(f"{len(pictures)} pictures, {size / 1e6:.1f} MB in {FOLDER.relative_to(ROOT)}")
    return 0


def _shop(browser: Browser, url: str, bought: Goods) -> tuple[list[Path], str]:
    """The shopper's screens; returns the pictures and the number of the order."""
    shopper = Shopper(real.open_page(browser, real.PHONE), url, Words("web_client"))
    camera = Camera(shopper.page, "shop", SHOP_SIZES)
    shopper.home()
    camera.take("home")
    shopper.search("5g phone")
    shopper.refine(bought.product["brand"])
    camera.take("results")
    shopper.open_filters()
    camera.take("filters", "phone")
    shopper.page.keyboard.press("Escape")
    shopper.suggest("gal")
    camera.take("suggestions")
    shopper.page.keyboard.press("Escape")
    shopper.search("pixle 9")
    camera.take("correction")
    shopper.page.goto(f"{url}/search?q=pixel&f.brand=Google&f.storage=64+TB")
    shopper.page.get_by_role("heading", name=shopper.words.say("results.emptyTitle")).wait_for()
    camera.take("nothing-found")
    shopper.visit(bought.product)
    shopper.choose_variant(bought.variant)
    shopper.choose_store(bought.store)
    camera.take("product")
    shopper.add_to_cart()
    shopper.open_cart()
    camera.take("cart")
    shopper.check_out()
    shopper.give_contact()
    shopper.choose_slot(bought.store)
    camera.take("pickup")
    shopper.reserve()
    shopper.pay_in_store()
    camera.take("confirmation")
    return camera.taken, shopper.order_number()


def _till(browser: Browser, url: str, facts: dict[str, Any], bought: Goods, number: str) -> list[Path]:
    """The clerk's screens, from the sale of an accessory to the closing of the shift."""
    register = register_of(facts, bought.store["id"], number=2)
    clerk = Clerk(real.open_page(browser, real.TABLET), url, Words("pos_client"))
    camera = Camera(clerk.page, "pos", TILL_SIZES)
    clerk.set_up(register["token"])
    clerk.sign_in(clerk_of(facts))
    clerk.open_shift()
    item = accessory(till(Api(url), facts, register), bought.store["id"])
    clerk.put_on_ticket(item["name"].split(",")[0])
    clerk.search_box.fill("pixle 9")
    clerk.page.get_by_text(clerk.words.say("search.correction")).wait_for()
    camera.take("search")
    clerk.search_box.fill("")
    camera.take("sell")
    clerk.begin_to_pay()
    camera.take("pay")
    clerk.finish_paying()
    camera.take("receipt")
    clerk.go("pickups")
    camera.take("pickups")
    clerk.open_pickup("Ines Moreau", number)
    clerk.accept()
    clerk.scan_unit(bought.serial["imei"])
    camera.take("pickup")
    clerk.ready()
    clerk.take_cash_exactly()
    clerk.dismiss_messages()
    counted = clerk.expected_cash()
    clerk.count(counted)
    camera.take("close-shift")
    clerk.close_shift()
    return camera.taken


def _goods(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """Receiving a delivery, what is on its way between stores, and the life of a piece."""
    store = facts["registers"][0]["store_id"]
    clerk = Clerk(real.open_page(browser, real.TABLET), url, Words("pos_client"))
    camera = Camera(clerk.page, "pos", TILL_SIZES)
    clerk.set_up(register_of(facts, store)["token"])
    clerk.sign_in(clerk_of(facts))
    clerk.stock("receive")
    clerk.open_first("stock.receive.expected")
    clerk.page.wait_for_load_state("networkidle")
    camera.take("receive")
    clerk.stock("transfers")
    clerk.page.wait_for_load_state("networkidle")
    camera.take("transfers")
    serial = next(serial for serial in facts["serials"] if serial["store_id"] == store)
    clerk.stock(f"lookup/{serial['imei']}")
    clerk.heading("stock.unit.history").wait_for()
    camera.take("unit-history")
    return camera.taken


def _counts(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """Counting in the store where counts are under way: on the till, and for the manager who authorises."""
    store = facts["registers"][0]["store_id"]
    clerk = Clerk(real.open_page(browser, real.TABLET), url, Words("pos_client"))
    camera = Camera(clerk.page, "pos", TILL_SIZES)
    clerk.set_up(register_of(facts, store)["token"])
    clerk.sign_in(clerk_of(facts))
    clerk.stock("counts")
    camera.take("counts")
    clerk.open_count("Accessories", "stock.room.FLOOR")
    clerk.count_next("12")
    camera.take("counting")
    clerk.stock("replenish")
    camera.take("replenish", "tablet")
    manager = Clerk(real.open_page(browser, real.TABLET), url, Words("pos_client"))
    camera.page = manager.page
    manager.set_up(register_of(facts, store, number=2)["token"])
    manager.sign_in(next(member for member in facts["staff"] if member["role"] == "manager"))
    manager.stock("counts")
    manager.open_count("Phones and power banks")
    camera.take("count-review")
    manager.stock("adjust")
    camera.take("adjust", "tablet")
    return camera.taken


def _exceptions(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """What speaks against the books, settled by a manager; and goods that go back to their vendor."""
    api, register = Api(url), register_of(facts, facts["registers"][0]["store_id"], number=2)
    note, _sku = contradiction(api, facts, register)
    item = accessory(till(api, facts, register), register["store_id"])
    manager = Clerk(real.open_page(browser, real.TABLET), url, Words("pos_client"))
    camera = Camera(manager.page, "pos", TILL_SIZES)
    manager.set_up(register["token"])
    manager.sign_in(next(member for member in facts["staff"] if member["role"] == "manager"))
    manager.stock("resolution")
    manager.link(note).click()
    manager.page.get_by_text(manager.words.text("stock.resolution.way.IS_HERE")).click()
    camera.take("resolution")
    manager.stock("returns")
    manager.link(manager.words.text("stock.returns.new")).click()
    vendor = manager.page.get_by_role("textbox", name=manager.words.text("stock.returns.vendor"), exact=True)
    vendor.fill("Harbor Accessories")
    manager.button("stock.returns.floor").click()
    manager.enter_article(item["sku"])
    manager.dismiss_messages()
    camera.take("vendor-return", "tablet")
    return camera.taken


def _offers(browser: Browser, url: str) -> list[Path]:
    """A device with plans put together, what an address can have, and the bundle in the cart."""
    shopper = Shopper(real.open_page(browser, real.PHONE), url, Words("web_client"))
    page, camera = shopper.page, Camera(shopper.page, "shop", SHOP_SIZES)
    page.goto(f"{url}/offers")
    page.get_by_role("link", name=re.compile("^Family plan")).wait_for()
    camera.take("offers")
    page.goto(f"{url}/offers/home")
    page.get_by_role("button", name="Check the address").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("1210 Congress")
    dialog.get_by_role("option").first.click()
    dialog.get_by_role("button", name="Use this address").wait_for()
    camera.take("address")
    dialog.get_by_role("button", name="Use this address").click()
    page.get_by_role("button", name="Add to cart").wait_for()
    camera.take("offer-home", "phone", "desktop")
    page.goto(f"{url}/offers/family")
    page.get_by_role("button", name="Add another: Line").click()
    further = page.get_by_role("region", name="Line 2", exact=True)
    further.get_by_role("radiogroup", name="Phone").get_by_role("radio").first.check()
    page.get_by_text("Month by month").click()
    camera.take("offer")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_text("Your bundle is in the cart.").wait_for()
    shopper.open_cart()
    camera.take("bundle-cart")
    return camera.taken


def _offers_at_the_till(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """The clerk checks an address and puts an offer together."""
    clerk = Clerk(real.open_page(browser, real.TABLET), url, Words("pos_client"))
    page, camera = clerk.page, Camera(clerk.page, "pos", TILL_SIZES)
    clerk.set_up(register_of(facts, facts["registers"][2]["store_id"])["token"])
    clerk.sign_in(clerk_of(facts))
    page.goto(f"{url}/pos/#/offers/address")
    page.get_by_role("combobox", name="The customer's address").fill("1210 Congress")
    page.get_by_role("option").first.click()
    page.get_by_text(re.compile("^This answer holds until")).wait_for()
    camera.take("address")
    page.goto(f"{url}/pos/#/offers/configure/family")
    page.get_by_role("button", name="Add another: Line").click()
    page.get_by_role("region", name="Line 2", exact=True).wait_for()
    camera.take("offer")
    return camera.taken


def _plans(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """The merchandiser's offer with its preview, and the planner's map."""
    merchandiser = Merchandiser(real.open_page(browser, real.DESKTOP), url)
    page, camera = merchandiser.page, Camera(merchandiser.page, "admin", SHOP_SIZES)
    merchandiser.sign_in(facts["admin"])
    page.goto(f"{url}/admin/bundles/offer/")
    camera.take("offers")
    page.goto(f"{url}/admin/bundles/offer/family/change/")
    camera.take("offer")
    page.goto(f"{url}/admin/bundles/offer/family/edit/")
    camera.take("offer-editor")
    page.goto(f"{url}/admin/serviceability/footprint/coverage/")
    camera.take("coverage")
    return camera.taken


def _desk(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """The merchandiser's screens of the search."""
    merchandiser = Merchandiser(real.open_page(browser, real.DESKTOP), url)
    camera = Camera(merchandiser.page, "admin", DESK_SIZES)
    merchandiser.sign_in(facts["admin"])
    for screen, name in (("synonyms", "synonyms"), ("dimensionsetup", "dimensions"), ("rule", "rules")):
        merchandiser.open(screen)
        camera.take(name)
    merchandiser.open_row("Big battery")
    camera.take("rule")
    merchandiser.open_history()
    camera.take("rule-history")
    merchandiser.open("revision/import")
    camera.take("import")
    return camera.taken


def _reports(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """What merchandisers learn of searches."""
    page = real.open_page(browser, real.DESKTOP)
    camera = Camera(page, "admin", SHOP_SIZES)
    page.goto(f"{url}/admin/login/?next=/admin/search_log/searchcount/")
    page.fill("input[name=username]", facts["admin"]["user"])
    page.fill("input[name=password]", facts["admin"]["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/searchcount/**")
    camera.take("search-reports")
    return camera.taken


def _china(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """The shop as somebody whose browser speaks Chinese finds it: another channel, its prices and its stores."""
    language, register = "zh-Hans", facts["registers"][-1]
    api, there = Api(url, language=language), facts | {"channel": "cn"}
    item = accessory(till(api, there, register), register["store_id"])
    bought = goods(api, there, {"sku": item["sku"], "store_id": register["store_id"]})
    shopper = Shopper(real.open_page(browser, real.PHONE, language), url, Words("web_client", language))
    camera = Camera(shopper.page, "shop", CHINA_SIZES)
    shopper.home()
    camera.take("china-home")
    shopper.visit(bought.product)
    shopper.choose_store(bought.store)
    shopper.add_to_cart()
    shopper.open_cart()
    camera.take("china-cart")
    return camera.taken


if __name__ == "__main__":
    sys.exit(main())
