"""A clerk at the register in the browser, from setting it up to closing the shift."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from demo.browser import Words


@dataclass
class Clerk:
    """Works at the till's screens in the language of `words`."""

    page: Page
    url: str
    words: Words

    def button(self, key: str, **given: str) -> Locator:
        return self.page.get_by_role("button", name=self.words.say(key, **given))

    def heading(self, key: str, **given: str) -> Locator:
        return self.page.get_by_role("heading", name=self.words.say(key, **given))

    def set_up(self, token: str) -> None:
        """Open the link that tells the device which register it is."""
        self.page.goto(f"{self.url}/pos/#register={token}")
        self.heading("signIn.title").wait_for()

    def type_pin(self, member: dict[str, Any], pin: str) -> None:
        """Staff code by the keyboard, PIN by the pad; nothing waits for the outcome."""
        self.page.keyboard.type(member["code"])
        self.button("signIn.next").click()
        for digit in pin:
            self.button_of_pad(digit).click()
        self.button("signIn.submit").click()

    def button_of_pad(self, digit: str) -> Locator:
        return self.page.get_by_role("button", name=digit, exact=True)

    def sign_in(self, member: dict[str, Any]) -> None:
        self.type_pin(member, member["pin"])
        self.page.get_by_role("navigation", name=self.words.say("nav.label")).wait_for(timeout=60_000)

    def open_shift(self, cents: str = "15000") -> None:
        """Open a shift with that float, unless one is open."""
        opening, selling = self.heading("shift.openTitle"), self.search_box
        opening.or_(selling).wait_for()
        if opening.is_visible():
            self.enter(cents)
            self.button("shift.open").click()
        selling.wait_for()

    @property
    def search_box(self) -> Locator:
        return self.page.get_by_role("searchbox", name=self.words.say("search.label"))

    def enter(self, cents: str) -> None:
        """An amount by the pad: digits fill from the right."""
        for digit in cents:
            self.button_of_pad(digit).click()

    def go(self, view: str) -> None:
        """One of sell, pickups, stock, sales, shift; a badge may follow the name."""
        navigation = self.page.get_by_role("navigation", name=self.words.say("nav.label"))
        navigation.get_by_role("link", name=re.compile(re.escape(self.words.text(f"nav.{view}")))).click()

    def open_pickup(self, customer: str, number: str) -> None:
        """Open the pickup of that order in the queue; several may be of the same customer."""
        self.go("pickups")
        self.button("pickups.refresh").click()
        rows = self.page.get_by_role("region", name=self.words.say("pickups.title"), exact=True)
        rows.get_by_role("link", name=re.compile(re.escape(customer))).first.wait_for()
        for row in rows.get_by_role("link", name=re.compile(re.escape(customer))).all():
            row.click()
            detail = self.detail
            detail.get_by_role("heading", name=customer).wait_for()
            if detail.get_by_text(number).count():
                return
        raise LookupError(f"order {number} is not in the queue")

    @property
    def detail(self) -> Locator:
        return self.page.get_by_role("region", name=self.words.say("pickups.detail"))

    def accept(self) -> None:
        self.button("pickups.accept").click()
        self.button("picking.serial").first.wait_for()

    def scan_unit(self, serial: str) -> None:
        """Type the unit's IMEI, as where a label does not scan."""
        self.button("picking.serial").first.click()
        dialog = self.page.get_by_role("dialog", name=self.words.say("serial.title.IMEI"))
        dialog.get_by_role("textbox", name=self.words.say("serial.label.IMEI")).fill(serial)
        dialog.get_by_role("button", name=self.words.say("serial.add")).click()
        self.detail.get_by_text(serial).wait_for()

    def ready(self) -> None:
        self.button("picking.ready").click()
        self.button("handOver.takePayment").wait_for()

    def take_cash_exactly(self) -> None:
        """The customer gives the exact amount for the order."""
        self.button("handOver.takePayment").click()
        dialog = self.page.get_by_role("dialog", name=self.words.say("handOver.paymentTitle"))
        dialog.get_by_role("button", name=self.words.say("cash.exact")).click()
        dialog.get_by_role("button", name=self.words.say("cash.finish")).click()
        self.code_field.wait_for()

    def dismiss_messages(self) -> None:
        """Close what the till has just said, as one does who wants to read what lies under it."""
        for button in self.button("action.dismiss").all():
            button.click()

    @property
    def code_field(self) -> Locator:
        return self.page.get_by_role("textbox", name=self.words.say("handOver.code"))

    def hand_over(self, code: str) -> None:
        """Type the pickup code; nothing waits for the outcome."""
        self.code_field.fill(code)
        self.button("handOver.submit").click()

    def put_on_ticket(self, name: str) -> None:
        """Search for a product and tap its tile."""
        self.search_box.fill(name)
        tiles = self.page.get_by_role("list", name=self.words.say("search.results"))
        tiles.get_by_role("button", name=re.compile(re.escape(name))).first.click()
        self.ticket.get_by_text(name).first.wait_for()

    @property
    def ticket(self) -> Locator:
        return self.page.get_by_role("region", name=self.words.say("ticket.title"))

    def pay_cash(self) -> None:
        """The customer gives the exact amount for the ticket; ends at the receipt."""
        self.begin_to_pay()
        self.finish_paying()

    def begin_to_pay(self) -> None:
        self.button("ticket.pay").click()
        self.cash_dialog.get_by_role("button", name=self.words.say("cash.exact")).click()

    def finish_paying(self) -> None:
        self.cash_dialog.get_by_role("button", name=self.words.say("cash.finish")).click()
        self.heading("done.title").wait_for()

    @property
    def cash_dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name=self.words.say("cash.title"))

    def expected_cash(self) -> str:
        """What the till says should be in the drawer, as shown."""
        self.go("shift")
        self.heading("shift.title").wait_for()
        row = self.page.get_by_text(self.words.say("shift.expected")).locator("xpath=..")
        return row.get_by_role("definition").inner_text()

    def count(self, amount: str) -> None:
        """Count that amount, as shown by `expected_cash`."""
        self.enter(re.sub(r"\D", "", amount))

    def close_shift(self) -> None:
        self.button("shift.close").click()
        self.page.get_by_role("heading", name=self.words.say("shift.lastClosed")).wait_for()

    def stock(self, screen: str) -> None:
        """Open a screen of the stock section."""
        self.page.goto(f"{self.url}/pos/#/stock/{screen}")
        self.heading(f"stock.screen.{screen.split('/')[0]}").wait_for()

    def open_first(self, things: str) -> None:
        """Open the first row of the list with that name."""
        self.page.get_by_role("list", name=self.words.say(things)).get_by_role("link").first.click()

    def link(self, name: str) -> Locator:
        """The row of a list, or the way to another screen, with that text."""
        return self.page.get_by_role("link").filter(has_text=name)

    def enter_article(self, sku: str) -> None:
        """Type an article's number, as where its barcode does not scan."""
        self.search_box.fill(sku)
        self.search_box.press("Enter")

    def open_count(self, name: str, part: str | None = None) -> None:
        """Open the count of that name in the list, and a part of it by the key of its room."""
        self.page.get_by_role("link").filter(has_text=name).click()
        self.page.get_by_role("heading", name=name).wait_for()
        if part is not None:
            self.page.get_by_role("link").filter(has=self.page.get_by_text(self.words.say(part))).click()
            self.page.get_by_role("region", name=self.words.say("stock.counts.lines")).get_by_role(
                "button"
            ).first.wait_for()

    def count_next(self, pieces: str) -> None:
        """Choose the first article that is left and type how many there are; it is not confirmed yet."""
        lines = self.page.get_by_role("region", name=self.words.say("stock.counts.lines"))
        lines.get_by_role("button").first.click()
        self.page.keyboard.type(pieces)
