"""`make screenshots`: walks through both clients and the merchandiser's screens in a browser and keeps a picture of
every screen in docs/screenshots.

Runs against the server on PORT, or starts one of its own in a folder that is thrown away. `python -m demo.screenshots
search-shop desk` takes those walks alone.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser

from demo import browser as real
from demo import screenshots_search
from demo.browser import Words
from demo.camera import CHINA_SIZES, DESK_SIZES, FOLDER, SHOP_SIZES, TILL_SIZES, Camera
from demo.clerk import Clerk
from demo.client import Api
from demo.goods import Goods, accessory, clerk_of, contradiction, goods, register_of, till
from demo.merchandiser import Merchandiser
from demo.server import facts_of, server
from demo.shopper import Shopper

Walk = Callable[[Browser, str, dict[str, Any]], list[Path]]


def main() -> int:
    chosen = sys.argv[1:] or list(WALKS)
    if unknown := set(chosen) - WALKS.keys():
        print(f"error: no such walk: {', '.join(sorted(unknown))}; there are {', '.join(WALKS)}", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server() as (url, environment), real.chromium() as browser:
        facts = facts_of(environment)
        pictures = [path for name in chosen for path in WALKS[name](browser, url, facts)]
    size = sum(path.stat().st_size for path in pictures)
    print(f"{len(pictures)} pictures, {size / 1e6:.1f} MB in {FOLDER}")
    return 0


def _sale(browser: Browser, url: str, facts: dict[str, Any]) -> list[Path]:
    """An order in the shop, and its collection at the till."""
    bought = goods(Api(url), facts, facts["serials"][-1])
    pictures, number = _shop(browser, url, bought)
    return pictures + _till(browser, url, facts, bought, number)


def _shop(browser: Browser, url: str, bought: Goods) -> tuple[list[Path], str]:
    """The shopper's screens; returns the pictures and the number of the order."""
    shopper = Shopper(real.open_page(browser, real.PHONE), url, Words("web_client"))
    camera = Camera(shopper.page, "shop", SHOP_SIZES)
    shopper.home()
    camera.take("home")
    shopper.search("5g phone")
    shopper.refine(bought.product["brand"])
    camera.take("results")
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
    for screen, name in (("synonyms", "synonyms"), ("dimensionsetup", "dimensions")):
        merchandiser.open(screen)
        camera.take(name)
    merchandiser.open("rule")
    merchandiser.open_row("Big battery")
    merchandiser.open_history()
    camera.take("rule-history")
    merchandiser.open("revision/import")
    camera.take("import")
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


WALKS: Final[dict[str, Walk]] = {
    "sale": _sale,
    "goods": _goods,
    "counts": _counts,
    "exceptions": _exceptions,
    "desk": _desk,
    "offers": lambda browser, url, _facts: _offers(browser, url),
    "offers-till": _offers_at_the_till,
    "plans": _plans,
    "china": _china,
    "search-shop": screenshots_search.shop,
    "search-china": screenshots_search.china,
    "search-till": screenshots_search.till,
    "search-desk": screenshots_search.desk,
}

if __name__ == "__main__":
    sys.exit(main())
