"""A shopper in the browser, from the search to the pickup code."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from demo.browser import PATIENCE_MS, Words, choose

CONTACT = {
    "firstName": "Ines",
    "lastName": "Moreau",
    "email": "ines@example.com",
    "phone": "+12125550142",
}


@dataclass
class Shopper:
    """Walks through the shop's pages in the language of `words`."""

    page: Page
    url: str
    words: Words

    def home(self) -> None:
        self.page.goto(f"{self.url}/")
        self.heading("home.title").wait_for()

    def heading(self, key: str) -> Locator:
        return self.page.get_by_role("heading", name=self.words.say(key), level=1)

    def button(self, key: str, **given: str) -> Locator:
        return self.page.get_by_role("button", name=self.words.say(key, **given))

    def search(self, text: str) -> None:
        """Type a text and press Enter."""
        box = self.page.get_by_role("combobox", name=self.words.say("search.label"))
        box.fill(text)
        box.press("Enter")
        self.page.get_by_role("heading", name=self.words.say("results.titleFor", text=text), level=1).wait_for()
        self.results()

    def results(self) -> int:
        """How many products the page says it found, once it looks no further."""
        listed = self.page.get_by_role("region", name=self.words.say("results.list"))
        expect(listed).to_have_attribute("aria-busy", "false", timeout=PATIENCE_MS)
        shown = self.page.get_by_role("status").filter(has_text=self.words.say("results.count"))
        shown.wait_for()
        digits = re.search(r"[\d,]+", shown.inner_text())
        assert digits is not None
        return int(digits.group().replace(",", ""))

    def suggest(self, text: str) -> Locator:
        """Type a text without sending it; returns the suggestions once they are there."""
        box = self.page.get_by_role("combobox", name=self.words.say("search.label"))
        box.click()
        box.fill(text)
        options = self.page.get_by_role("listbox", name=self.words.say("search.suggestions")).get_by_role("option")
        options.first.wait_for()
        return options

    def type_ahead(self, typed: str, whole: str) -> Locator:
        """Type by the keyboard into the search, which then holds `whole`; returns the suggestions for that, once here.

        Until then the list shows what was found for the text before, marked as if it were found for this one, and what
        the keyboard points at may be gone with the next answer.
        """
        listed = self.page.get_by_role("listbox", name=self.words.say("search.suggestions"))
        with self.page.expect_response(
            lambda answer: f'"prefix":"{whole}"' in (answer.request.post_data or "")
        ) as told:
            self.page.keyboard.type(typed, delay=30)
        found = told.value.json()["data"]["typeahead"]
        products = [each["name"] for each in found["products"]]
        # What a product below is called is not offered as a search beside it.
        called = {name.lower() for name in products}
        queries = [query for query in found["queries"] if query.lower() not in called]
        labels = [*queries, *(each["label"] for each in found["categories"]), *products]
        expect(listed.locator(".suggestion-label")).to_have_text(labels, timeout=PATIENCE_MS)
        return listed.get_by_role("option")

    def open_filters(self) -> Locator:
        """Open the filters where they have no column of their own."""
        self.page.get_by_role("button", name=re.compile(rf"^{re.escape(self.words.text('results.filters'))}")).click()
        drawer = self.page.get_by_role("dialog", name=self.words.say("results.filters"))
        drawer.wait_for()
        return drawer

    def refine(self, value: str) -> int:
        """Tick a facet's value in the phone's drawer; returns the count that it promised."""
        drawer = self.open_filters()
        box = drawer.get_by_role("checkbox", name=re.compile(rf"^{re.escape(value)}\b"))
        promised = re.search(r"(\d+)\D*$", box.locator("xpath=ancestor::li").inner_text())
        assert promised is not None
        box.check()
        drawer.get_by_role("button", name=self.words.say("results.show", count=promised.group(1))).click()
        drawer.wait_for(state="hidden")
        return int(promised.group(1))

    def open_product(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.get_by_role("heading", name=name, exact=True, level=1).wait_for()

    def visit(self, product: dict[str, Any]) -> None:
        """Open the product's page by its address."""
        self.page.goto(f"{self.url}/product/{product['slug']}")
        self.page.get_by_role("heading", name=product["name"], exact=True, level=1).wait_for()

    def choose_variant(self, variant: dict[str, Any]) -> None:
        """Choose each of the variant's attributes that is a choice on the page."""
        for attribute in variant["attributes"]:
            group = self.page.get_by_role("group", name=re.compile(rf"^{re.escape(attribute['label'])}:"))
            if group.count():
                name = re.compile(rf"^{re.escape(', '.join(attribute['values']))}( |$)")
                choose(group.get_by_role("radio", name=name).first)

    def choose_store(self, store: dict[str, Any]) -> None:
        """Choose the store beside the product's stock, by its postal code."""
        stock = self.page.get_by_role("region", name=self.words.say("stock.title"))
        stock.get_by_role("button", name=self.words.say("stores.choose")).click()
        dialog = self.page.get_by_role("dialog", name=self.words.say("stores.choose"))
        dialog.get_by_role("searchbox", name=self.words.say("stores.search")).fill(store["postalCode"])
        named = rf"^{re.escape(self.words.text('common.choose'))}\s*: {re.escape(store['name'])}$"
        dialog.get_by_role("button", name=re.compile(named)).click()
        stock.get_by_text(store["name"], exact=True).wait_for()

    def choose_store_of_results(self, store: dict[str, Any]) -> None:
        """Choose the store whose stock the results show, by its postal code; where the filters have a column."""
        panel = self._in_store
        panel.get_by_role("button", name=self.words.say("stores.choose")).click()
        dialog = self.page.get_by_role("dialog", name=self.words.say("stores.choose"))
        dialog.get_by_role("searchbox", name=self.words.say("stores.search")).fill(store["postalCode"])
        dialog.get_by_role("button", name=re.compile(re.escape(store["name"]))).first.click()
        # While it fades, the dialog would take the next click.
        dialog.wait_for(state="hidden")
        panel.get_by_role("switch").wait_for()

    def switch_in_store(self) -> int:
        """Show what is in stock in the chosen store, or near; returns how many products that are."""
        self._in_store.get_by_role("switch").click(force=True)
        self.page.wait_for_url(re.compile("in_store"))
        return self.results()

    @property
    def _in_store(self) -> Locator:
        return self.page.get_by_role("region", name=self.words.say("inStore.title"))

    def add_to_cart(self) -> None:
        self.button("product.add").click()
        self.page.get_by_text(self.words.say("product.added")).wait_for()

    def open_cart(self) -> None:
        self.page.get_by_role("main").get_by_role("link", name=self.words.say("cart.goTo")).click()
        self.heading("cart.title").wait_for()

    def check_out(self) -> None:
        self.page.get_by_role("link", name=self.words.say("cart.checkout")).click()
        self.page.get_by_role("heading", name=self.words.say("checkout.contactTitle")).wait_for()

    def give_contact(self) -> None:
        self.send_contact(CONTACT)
        self.page.get_by_role("heading", name=self.words.say("checkout.pickupTitle")).wait_for()

    def send_contact(self, contact: dict[str, str]) -> None:
        """Fill in the form and send it; nothing waits for the outcome."""
        for field, value in contact.items():
            self.field(field).fill(value)
        self.button("checkout.toPickup").click()

    def field(self, name: str) -> Locator:
        # A required field's label carries an asterisk.
        label = re.escape(self.words.text(f"contact.{name}"))
        return self.page.get_by_role("textbox", name=re.compile(rf"^{label}( ?\*)?$"))

    def choose_slot(self, store: dict[str, Any]) -> None:
        """Choose that store and its first free time, without going on."""
        choose(self.page.get_by_role("radio", name=re.compile(re.escape(store["name"]))))
        times = self.page.get_by_role("group", name=self.words.say("checkout.time"))
        choose(times.get_by_role("radio", disabled=False).first)

    def reserve(self) -> None:
        self.button("checkout.toReview").click()
        self.page.get_by_role("group", name=self.words.say("payment.title")).wait_for()

    def choose_card(self, key: str) -> None:
        """Pay by that test card of the demonstration."""
        choose(self.page.get_by_role("radio", name=re.compile(re.escape(self.words.text("payment.card")))))
        self.page.get_by_role("combobox", name=self.words.say("payment.testCard")).click()
        self.page.get_by_role("option", name=self.words.say(key)).click()

    def pay_in_store(self) -> str:
        """Place the order; returns the pickup code."""
        self.button("checkout.placeOrder").click()
        self.heading("order.thanks").wait_for()
        return self.pickup_code()

    def pickup_code(self) -> str:
        figure = self.page.get_by_role("figure")
        figure.get_by_role("img", name=self.words.say("pickup.qr")).wait_for()
        return figure.get_by_role("strong").inner_text()

    def order_number(self) -> str:
        """The number on the confirmation."""
        pattern = self.words.say("order.thanksText", number="#").pattern.replace(
            re.escape("#"), "(?P<number>O[-0-9A-Z]+)"
        )
        found = re.match(pattern, self.page.get_by_text(self.words.say("order.thanksText")).inner_text())
        assert found is not None
        return found["number"]
