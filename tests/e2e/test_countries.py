"""The choice of the country in the shop: its prices and stores, and a cart of its own."""

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo.goods import accessory, goods, till
from demo.shopper import Shopper

pytestmark = pytest.mark.e2e


def test_another_country_has_its_own_prices_stores_and_cart(suite, browser):
    register = suite.facts["registers"][14]
    sku = accessory(till(suite.api, suite.facts, register), register["store_id"])["sku"]
    bought = goods(suite.api, suite.facts, {"sku": sku, "store_id": register["store_id"]})
    page = real.open_page(browser, real.DESKTOP)
    shopper, watch = Shopper(page, suite.url, real.Words("web_client")), real.Watch(page)
    shopper.visit(bought.product)
    expect(page.get_by_text("$").first).to_be_visible()
    shopper.choose_store(bought.store)
    shopper.add_to_cart()
    expect(page.get_by_role("link", name="Cart, 1 item")).to_be_visible()

    shopper.button("nav.countryAndLanguage").click()
    page.get_by_role("menuitem", name="中国大陆").click()

    shopper.heading("home.title").wait_for()
    expect(page.get_by_role("link", name="Cart, empty")).to_be_visible()
    # The language stays: country and language are two choices. So does the country after a reload.
    shopper.visit(bought.product)
    expect(page.get_by_text(shopper.words.say("product.taxIncluded"))).to_be_visible()
    expect(page.get_by_text("¥").first).to_be_visible()
    page.goto(f"{suite.url}/stores")
    expect(page.get_by_text("北京国贸店").first).to_be_visible()
    expect(page.get_by_text(bought.store["name"], exact=True)).to_have_count(0)
    assert watch.found == []
