"""A real browser at the demonstration: Chromium, the sizes of the devices, the words on the screens.

Used by `make screenshots` and by the tests. Screens are found as people find them, by role and accessible name, and
the names come from the clients' own catalogues, so that one walk serves every language.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from playwright.sync_api import Browser, Locator, Page, Request, Response, ViewportSize, sync_playwright

from demo.machine import ROOT

CHROMIUM: Final = shutil.which("chromium")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LANGUAGES: Final = ("en", "zh-Hans")
PATIENCE_MS: Final = 20_000

PHONE: Final = ViewportSize(width=390, height=844)
TABLET: Final = ViewportSize(width=1180, height=820)
TABLET_UPRIGHT: Final = ViewportSize(width=820, height=1180)
DESKTOP: Final = ViewportSize(width=1366, height=900)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, headless; raises RuntimeError when there is none."""
    if CHROMIUM is None:
        raise RuntimeError("There is no chromium on the path.")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def open_page(browser: Browser, size: ViewportSize, language: str = "en", *, touch: bool = False) -> Page:
    """A page of a visitor who was never here before, in the language of their browser."""
    locale = "zh-CN" if language == "zh-Hans" else "en-US"
    context = browser.new_context(viewport=size, locale=locale, timezone_id="America/New_York", has_touch=touch)
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


@cache
def _catalogue(client: str, language: str) -> dict[str, Any]:
    """A client's own texts and those that both clients share."""
    places = (ROOT / "web_client" / "src" / "shared", ROOT / client / "src")
    found: dict[str, Any] = {}
    for place in places:
        found |= json.loads((place / "locales" / f"{language}.json").read_text())
    return found


@dataclass(frozen=True)
class Words:
    """What a client says in one language: patterns for accessible names and texts."""

    client: str
    language: str = "en"

    def text(self, key: str) -> str:
        """The text of a key that has neither plural nor placeholders."""
        text = self._find(key)
        if text is None:
            raise KeyError(f"{self.client} has no text {key} in {self.language}")
        return text

    def say(self, key: str, **given: str) -> re.Pattern[str]:
        """The whole name of a key in any of its plural forms; a placeholder that is not given may be anything."""
        forms = [self._find(key + suffix) for suffix in ("", "_zero", "_one", "_other")]
        patterns = [_pattern(form, given) for form in forms if form is not None]
        if not patterns:
            raise KeyError(f"{self.client} has no text {key} in {self.language}")
        return re.compile(rf"^\s*(?:{'|'.join(patterns)})\s*$")

    def _find(self, key: str) -> str | None:
        found: Any = _catalogue(self.client, self.language)
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found if isinstance(found, str) else None


def _pattern(text: str, given: dict[str, str]) -> str:
    parts = re.split(r"\{\{(\w+)\}\}", text)
    literal = [re.escape(part) for part in parts[::2]]
    values = [re.escape(given[name]) if name in given else ".*" for name in parts[1::2]]
    return "".join(part + value for part, value in zip(literal, [*values, ""], strict=True))


def choose(radio: Locator) -> None:
    """Choose a radio button that is drawn as a card or a swatch: the label takes the tap, as for a finger."""
    radio.locator("xpath=ancestor::label").click()


@dataclass
class Watch:
    """Notes every console error, every failed request and every error in an answer of a page."""

    page: Page
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._note(message.type == "error", f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self._note(True, f"exception: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _note(self, wrong: bool, what: str) -> None:
        if wrong:
            self.found.append(what)

    def _failed(self, request: Request) -> None:
        # A question that the page itself takes back (another letter was typed) did not fail.
        self._note(request.failure != "net::ERR_ABORTED", f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        self._note(response.status >= 400, f"{response.request.method} {response.url}: HTTP {response.status}")
