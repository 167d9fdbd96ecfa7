"""An offer in the editor, in a real browser: copied, tried while it is written, scheduled, sold, and taken back."""

import datetime as dt
import re
import uuid
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from demo import browser as real
from demo.merchandiser import Merchandiser
from tests.e2e.audit import Audit

pytestmark = pytest.mark.e2e

CONFIGURE = """query ($context: ContextInput!, $input: BundleConfigurationInput!) {
  configureBundle(context: $context, input: $input) { monthly { amount } } }"""
TERM = 12
# What the plan costs a month, a tenth and a fifth less.
A_TENTH_OFF, A_FIFTH_OFF = Decimal("49.50"), Decimal("44.00")
CHOICE = [
    {"group": "plan", "instance": 1, "sku": "PLAN-FREE-PLUS"},
    {"group": "sim", "instance": 1, "sku": "SIM-TRIPLE"},
]


class Writer:
    """A merchandiser at the editor and the overview of one offer."""

    def __init__(self, suite, page):
        self.suite, self.page, self.code = suite, page, f"walk-{uuid.uuid4().hex[:8]}"
        self.preview = page.get_by_role("region", name="Preview", exact=True)
        self.part = page.get_by_role("region", name="The part chosen")

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        self.settle()

    def settle(self):
        """Wait for the answer, which takes the place of the whole form."""
        self.page.wait_for_load_state()
        expect(self.page.locator("form.offer[aria-busy]")).to_have_count(0, timeout=real.PATIENCE_MS)

    def copy(self, name):
        """A draft that begins as an offer that is sold."""
        self.page.goto(f"{self.suite.url}/admin/bundles/offer/add/")
        for label, text in (("Name in English", "Walked"), ("Code", self.code)):
            self.page.get_by_label(label).fill(text)
        self.page.get_by_label("Sales channel of the core").select_option(label="United States")
        self.page.get_by_label("Begin with").select_option(label=name)
        self.press("Begin the draft")
        self.page.locator("#offer-editor").wait_for()

    def edit(self):
        self.page.goto(f"{self.suite.url}/admin/bundles/offer/{self.code}/edit/")

    def open_part(self, name):
        self.page.get_by_role("navigation", name="Parts of the offer").get_by_role("button", name=name).click()
        self.settle()

    @property
    def share(self):
        """How much less the plan costs for who stays a year, in percent."""
        return self.part.get_by_label("or share, in percent").first

    def take_off(self, percent):
        """So much of the plan's price; what is typed is looked at without a click."""
        self.share.fill(str(percent))
        self.page.keyboard.press("Tab")

    def expect_monthly(self, amount):
        row = self.preview.locator(".offer-facts div").filter(has_text="A month")
        expect(row.locator("dd")).to_have_text(re.compile(rf"^{amount}\s*USD$"))

    def save(self):
        """The draft; ends at the page where it is put on sale."""
        self.press("Save the draft")
        self.page.get_by_text("The draft is saved.").wait_for()
        self.page.goto(f"{self.suite.url}/admin/bundles/offer/{self.code}/change/")

    def expect_state(self, text):
        """What the page says of the offer, once the answer to a click is there."""
        expect(self.page.get_by_role("region", name="Walked")).to_contain_text(text, timeout=real.PATIENCE_MS)

    def sold_for(self):
        """What the shop asks a month."""
        context = {"channel": self.suite.facts["channel"], "salesChannel": "WEB"}
        given = {"offerCode": self.code, "term": TERM, "selections": CHOICE}
        found = self.suite.api.query(CONFIGURE, context=context, input=given)
        return Decimal(found["monthly"]["amount"])


def test_an_offer_is_written_tried_scheduled_sold_and_taken_back(suite, browser):
    page = real.open_page(browser, real.DESKTOP)
    Merchandiser(page, suite.url).sign_in(suite.facts["admin"])
    watch, audit, writer = real.Watch(page), Audit(page), Writer(suite, page)
    writer.copy("SIM only (United States)")
    writer.preview.get_by_label("Commitment").select_option(str(TERM))
    writer.open_part("Discounts, fees, taxes")
    expect(writer.share).to_have_value("10")

    # The preview follows what is typed; a case keeps what it should come to, and says when it no longer does.
    writer.expect_monthly(A_TENTH_OFF)
    audit.look("prices of an offer, with its preview")
    page.get_by_label("Name of the test case").fill("A plan for a year")
    writer.press("Keep this as a case")
    writer.take_off(20)
    writer.expect_monthly(A_FIFTH_OFF)
    writer.open_part("Test cases")
    writer.press("Run all")
    case = writer.part.get_by_role("listitem").filter(has_text="A plan for a year")
    expect(case.locator(".offer-mark-red")).to_have_text("Red")
    writer.open_part("Discounts, fees, taxes")
    writer.take_off(10)
    writer.expect_monthly(A_TENTH_OFF)
    writer.open_part("Test cases")
    writer.press("Run all")
    expect(case.locator(".offer-mark-green")).to_have_text("Green")
    audit.look("test cases of an offer")

    # The first version is sold at once, the next one next week: until then nothing changes.
    writer.save()
    writer.press("On sale now")
    writer.expect_state("Version 1 is sold now.")
    assert writer.sold_for() == A_TENTH_OFF
    writer.edit()
    writer.open_part("Test cases")
    writer.press("Remove A plan for a year")
    writer.open_part("Discounts, fees, taxes")
    writer.take_off(20)
    writer.save()
    page.get_by_label(re.compile("^Day and time")).fill(f"{dt.date.today() + dt.timedelta(days=7)}T09:00")
    writer.press("Schedule")
    writer.expect_state("Version 2 comes on sale by itself")
    audit.look("a scheduled version")
    assert writer.sold_for() == A_TENTH_OFF

    # Sold early after all, and taken back with one click.
    writer.press("On sale now")
    writer.expect_state("Version 2 is sold now.")
    assert writer.sold_for() == A_FIFTH_OFF
    writer.press("Sell version 1 again")
    writer.expect_state("Version 1 is sold now.")
    assert writer.sold_for() == A_TENTH_OFF
    audit.look("versions and history of an offer")
    writer.press("Take it off sale")
    writer.expect_state("No version is sold now.")
    audit.done()
    assert watch.found == []
