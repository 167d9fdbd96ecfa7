"""What store staff do with goods, on their tablets: between two stores, back to a vendor, counted, and settled."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo.clerk import Clerk
from demo.goods import POS_CATALOGUE, accessory, contradiction, registers_in, store_of, till

pytestmark = pytest.mark.e2e

ON_HAND = """query ($code: String!) { stockLookup(code: $code) { article { explanation { kind quantity } } } }"""
# Stores that no other test works in: the registers of one store follow each other.
SENDER, RECEIVER = 20, 22


class Person(Clerk):
    """A member of staff at a till, with what the walks below do more than once."""

    def state(self, key):
        return self.page.locator(".stock-screen .state").filter(has_text=self.words.say(key)).first

    def count_of(self, name, what="stock.counts.pieces"):
        return self.page.get_by_role("textbox", name=f"{name}: {self.words.text(what)}")

    def find_count(self, name, state):
        """Its row in the list, once the list knows of the state that someone else has brought it into."""
        self.go("stock")
        self.stock("counts")
        row = self.link(name)
        expect(row.locator(".state")).to_have_text(self.words.text(f"stock.counts.state.{state}"), timeout=60_000)
        return row

    def count_part(self, name, pieces, state):
        """Count the one article of the count, and say that all is counted."""
        self.find_count(name, state)
        self.open_count(name)
        self.count_next(pieces)
        self.button("stock.counts.confirm").click()
        self.button("stock.counts.finish.action").click()
        self.button("stock.counts.finish.submit").click()
        self.state("stock.counts.state.COUNTED").wait_for()

    def review(self, name):
        """Open the differences of a counted count."""
        self.find_count(name, "COUNTED").click()
        self.page.get_by_role("checkbox").check()


@pytest.fixture(scope="module")
def at(suite, browser):
    """Someone in a role at the register of that number; signed in once for the module."""
    known = {}

    def signed_in(number, role):
        if number not in known:
            page = real.open_page(browser, real.TABLET)
            person = Person(page, suite.url, real.Words("pos_client"))
            person.set_up(suite.facts["registers"][number]["token"])
            person.sign_in(next(member for member in suite.facts["staff"] if member["role"] == role))
            known[number] = person
        return known[number]

    return signed_in


@pytest.fixture(scope="module")
def item(suite):
    """An accessory that the sending store has plenty of."""
    register = suite.facts["registers"][SENDER]
    assert register in registers_in(suite.api, suite.facts, "US")
    return accessory(till(suite.api, suite.facts, register), register["store_id"])


def on_hand(suite, number, sku):
    """Pieces in the store of that register, in any room, by its books."""
    article = till(suite.api, suite.facts, suite.facts["registers"][number]).query(ON_HAND, code=sku)["article"]
    return sum(line["quantity"] for line in article["explanation"] if line["kind"] == "ON_HAND")


def absent(suite, number):
    """An accessory of which the store has nothing, in no room: it is counted on the floor alone."""
    register = suite.facts["registers"][number]
    items = till(suite.api, suite.facts, register).query(POS_CATALOGUE, storeId=register["store_id"])["items"]
    plain = (
        item for item in items if item["sku"].startswith("ACC") and not item["serialised"] and not item["quantity"]
    )
    return next(item["sku"] for item in plain if on_hand(suite, number, item["sku"]) == 0)


def test_goods_go_to_another_store_and_a_shortage_is_settled(suite, at, item):
    sku, name = item["sku"], item["name"]
    before = on_hand(suite, SENDER, sku), on_hand(suite, RECEIVER, sku)
    clerk, sender, manager = at(RECEIVER, "clerk"), at(SENDER, "manager"), at(RECEIVER + 1, "manager")
    # Asked for.
    clerk.stock("transfers")
    clerk.link(clerk.words.text("stock.transfers.request")).click()
    clerk.enter_article(sku)
    clerk.count_of(name).fill("3")
    origin = suite.facts["registers"][SENDER]["store_id"]
    clerk.page.get_by_role("combobox", name=clerk.words.text("stock.transfers.store")).select_option(origin)
    clerk.button("stock.transfers.requestPieces", count="3").click()
    clerk.state("stock.transfers.state.REQUESTED").wait_for()
    # Approved, picked and shipped.
    sender.stock("transfers")
    sender.button("stock.transfers.outgoing").click()
    sender.link(store_of(suite.api, suite.facts["registers"][RECEIVER]["store_id"])["name"]).first.click()
    sender.button("stock.transfers.approve").click()
    sender.button("stock.transfers.pick").click()
    sender.count_of(name).fill("3")
    sender.button("stock.transfers.shipPieces", count="3").click()
    sender.state("stock.transfers.state.SHIPPED").wait_for()
    # Two of three come.
    clerk.go("stock")
    clerk.stock("transfers")
    clerk.link(store_of(suite.api, origin)["name"]).first.click()
    clerk.count_of(name, "stock.counting.whole").fill("2")
    clerk.button("stock.receive.review", count="2").click()
    clerk.button("stock.finish.finish").click()
    clerk.state("stock.differences.kind.SHORT").wait_for()
    assert clerk.button("stock.differences.settle").count() == 0
    # A manager says what became of the third.
    manager.stock("transfers")
    manager.link(store_of(suite.api, origin)["name"]).first.click()
    manager.button("stock.differences.settle").click()
    manager.button("stock.transfers.settlement.LOST").click()
    manager.state("stock.differences.settled.LOST").wait_for()
    assert (on_hand(suite, SENDER, sku), on_hand(suite, RECEIVER, sku)) == (before[0] - 3, before[1] + 2)


def test_goods_go_back_to_their_vendor(suite, at, item):
    before = on_hand(suite, SENDER, item["sku"])
    manager = at(SENDER, "manager")
    vendor = f"Harbor {uuid.uuid4().hex[:6]}"
    manager.stock("returns")
    manager.link(manager.words.text("stock.returns.new")).click()
    manager.page.get_by_role("textbox", name=manager.words.text("stock.returns.vendor"), exact=True).fill(vendor)
    manager.button("stock.returns.floor").click()
    manager.enter_article(item["sku"])
    manager.button("stock.returns.prepare", count="1").click()
    row = manager.page.get_by_role("listitem").filter(has_text=vendor)
    expect(row).to_contain_text(manager.words.text("stock.returns.state.PREPARED"))
    row.get_by_role("button", name=manager.words.say("stock.returns.ship")).click()
    expect(row).to_contain_text(manager.words.text("stock.returns.state.SHIPPED"))
    assert on_hand(suite, SENDER, item["sku"]) == before - 1


def test_an_article_is_counted_again_and_authorised_by_someone_else(suite, at):
    sku = absent(suite, RECEIVER)
    clerk, manager = at(RECEIVER, "clerk"), at(RECEIVER + 1, "manager")
    name = f"Count {uuid.uuid4().hex[:6]}"
    clerk.stock("counts")
    clerk.button("stock.counts.open.action").click()
    clerk.button("stock.counts.open.choice.SKUS").click()
    box = clerk.page.get_by_role("searchbox", name=clerk.words.text("stock.adjust.article"))
    box.fill(sku)
    box.press("Enter")
    clerk.page.get_by_role("textbox", name=clerk.words.text("stock.counts.open.nameLabel"), exact=True).fill(name)
    clerk.button("stock.counts.open.submit").click()
    clerk.heading("stock.counts.open.done").or_(clerk.page.get_by_role("heading", name=name)).wait_for()
    clerk.count_part(name, "5", "NEW")
    manager.review(name)
    manager.button("stock.counts.review.recount", count="1").click()
    manager.state("stock.counts.state.RECOUNT").wait_for()
    clerk.count_part(name, "4", "RECOUNT")
    manager.review(name)
    manager.button("stock.counts.review.authorise").click()
    manager.heading("stock.screen.counts").wait_for()
    expect(manager.link(name)).to_have_count(0)
    assert on_hand(suite, RECEIVER, sku) == 4


def test_a_manager_settles_a_contradiction_while_the_network_is_away(suite, at):
    register = suite.facts["registers"][RECEIVER]
    number, sku = contradiction(suite.api, suite.facts, register)
    manager = at(RECEIVER + 1, "manager")
    manager.go("stock")
    manager.stock("resolution")
    manager.link(number).click()
    manager.page.get_by_role("radiogroup").wait_for()
    manager.page.context.set_offline(True)
    manager.page.locator("label.way").filter(has_text=manager.words.text("stock.resolution.way.TAKE_OUT")).click()
    expect(manager.page.locator("label.way[data-chosen=true]")).to_contain_text("-1")
    manager.page.get_by_role("textbox", name=manager.words.text("stock.resolution.reason")).fill("The box was empty.")
    manager.button("stock.resolution.settle").click()
    manager.button("stock.resolution.confirm").click()
    expect(manager.link(number)).to_contain_text(manager.words.text("state.waiting"))
    before = on_hand(suite, RECEIVER, sku)
    manager.page.context.set_offline(False)
    expect(manager.link(number)).to_have_count(0)
    manager.button("stock.resolution.settled").click()
    manager.link(number).click()
    expect(manager.page.get_by_role("region", name=manager.words.text("stock.resolution.settled"))).to_contain_text(
        "The box was empty."
    )
    assert on_hand(suite, RECEIVER, sku) == before - 1


def test_each_label_is_a_page_of_its_own_size(suite, at):
    manager = at(SENDER, "manager")
    manager.stock(f"lookup/{suite.facts['serials'][0]['imei']}")
    manager.button("stock.label.print").first.click()
    manager.button("stock.label.more").click()
    manager.button("stock.label.printCount", count="2").wait_for()
    printed = manager.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    # In points of 1/72 inch: 60 by 40 mm.
    (box,) = set(re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", printed))
    assert [round(float(side) / 72 * 25.4) for side in box] == [60, 40]
