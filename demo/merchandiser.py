"""A merchandiser at the admin's screens, in a real browser."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playwright.sync_api import Locator, Page


@dataclass
class Merchandiser:
    """Works at the screens as people do, by labels and buttons, in English; signs in in any language."""

    page: Page
    url: str

    def sign_in(self, account: dict[str, Any]) -> None:
        """By name and password."""
        self.page.goto(f"{self.url}/admin/login/?next=/admin/")
        self.page.locator("#id_username").fill(account["user"])
        self.page.locator("#id_password").fill(account["password"])
        self.page.locator("#id_password").press("Enter")
        self.page.wait_for_url(f"{self.url}/admin/")

    def open(self, screen: str) -> None:
        """A list of merchandising, as "rule"; "revision/import" is the page to import at."""
        self.page.goto(f"{self.url}/admin/merchandising/{screen}/")
        self.page.wait_for_load_state("networkidle")

    def open_row(self, name: str) -> None:
        """A row of the list that is open."""
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state("networkidle")

    def open_history(self) -> None:
        """What has happened to the row that is open."""
        self.page.goto(self.page.url.replace("/change/", "/history/"))
        self.page.wait_for_load_state("networkidle")

    def add_redirect(self, *, name: str, phrase: str, path: str, begins: datetime | None = None) -> None:
        """Send searches that contain a phrase to a page of the shop, from a moment in UTC on."""
        self.open("rule/add")
        self._box("Name").fill(name)
        self._box("What it does").select_option("REDIRECT")
        self._box("Page").fill(path)
        self._box("Phrases").fill(phrase)
        if begins is not None:
            self.page.locator("#id_starts_at").fill(f"{begins:%Y-%m-%dT%H:%M}")
        self.page.get_by_role("button", name="Save", exact=True).click()
        self.page.wait_for_load_state("networkidle")

    def add_product(self, typed: str, *, steps: int = 0) -> None:
        """In the rule that is open, with the keyboard alone: the first product found, or one so many steps below."""
        found = self.page.get_by_role("listbox", name="Products found").get_by_role("option").first
        self.page.get_by_label("Add a product by its name or SKU").focus()
        self.page.keyboard.type(typed)
        found.wait_for()
        for _step in range(steps):
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        found.wait_for(state="hidden")

    def undo(self) -> None:
        """Take back the newest change of the history that is open."""
        self.page.get_by_role("button", name="Undo this change").first.click()
        self.page.wait_for_load_state("networkidle")

    def _box(self, label: str) -> Locator:
        """The input under a label, which has a star when it must be filled in."""
        return self.page.get_by_label(re.compile(rf"^\s*{label}\s*\*?\s*$"))
