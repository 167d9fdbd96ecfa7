"""A shopper asks on a phone what works at home: where it comes later, and where nothing does."""

import pytest

from demo import browser as real

pytestmark = pytest.mark.e2e


def test_an_address_is_asked_kept_changed_and_forgotten(suite, browser):
    page = real.open_page(browser, real.PHONE, touch=True)
    watch = real.Watch(page)
    page.goto(suite.url)
    page.get_by_role("button", name="Check my address").click()
    dialog = page.get_by_role("dialog")

    _ask(dialog, "1210 Congress")
    broadband = dialog.locator('[data-category="BROADBAND"]')
    broadband.get_by_text("Later, or in another way").wait_for()
    later = broadband.locator("time").first.get_attribute("datetime")
    dialog.get_by_role("button", name="Use this address").click()

    # The page says the same, and the address is at hand on every page.
    page.locator(f'.address-entry time[datetime="{later}"]').wait_for()
    page.goto(f"{suite.url}/search")
    chip = page.get_by_role("button", name="Your address")
    assert "1210 CONGRESS" in chip.inner_text().upper()

    chip.click()
    _ask(dialog, "4100 Outpost")
    broadband.get_by_text("Not at this address").wait_for()
    broadband.get_by_role("button", name="Tell me when it comes").wait_for()
    dialog.get_by_role("button", name="Use this address").click()
    page.get_by_role("button", name="Forget this address").click()
    chip.wait_for(state="detached")
    assert watch.found == []


def _ask(dialog, text):
    """Type, then take the first suggestion by the keyboard."""
    field = dialog.get_by_role("combobox")
    field.fill(text)
    dialog.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
