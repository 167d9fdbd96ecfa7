"""Pictures of screens for the documentation: kept by name and by the size of the device."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize

from demo import browser as real
from demo.machine import ROOT

FOLDER: Final = ROOT / "docs" / "screenshots"
# The walk goes on at the size of the last picture.
SHOP_SIZES: Final = {"desktop": real.DESKTOP, "tablet": real.TABLET_UPRIGHT, "phone": real.PHONE}
CHINA_SIZES: Final = {"desktop": real.DESKTOP, "phone": real.PHONE}
TILL_SIZES: Final = {"phone": real.PHONE, "desktop": real.DESKTOP, "tablet": real.TABLET}
DESK_SIZES: Final = {"tablet": real.TABLET_UPRIGHT, "phone": real.PHONE, "desktop": real.DESKTOP}
SETTLE_MS: Final = 600
COLOURS: Final = 256  # nearly all that a screen has
# What stays at the top of a page while one scrolls.
HEADER_PX: Final = 90


@dataclass
class Camera:
    """Keeps pictures as <client>-<screen>-<device>.png."""

    page: Page
    client: str
    sizes: dict[str, ViewportSize]
    taken: list[Path] = field(default_factory=list)

    def take(self, screen: str, *devices: str, at: Locator | None = None, waiting: bool = False) -> None:
        """Picture the screen at every size, or on those devices alone; the page keeps the size of the last.

        `at` is what the picture begins with, else the top of the page. `waiting` is for a page that waits for an
        answer which does not come.
        """
        for device, size in self.sizes.items():
            if devices and device not in devices:
                continue
            self.page.set_viewport_size(size)
            if not waiting:
                # Until pictures are there and nothing moves any more.
                self.page.wait_for_load_state("networkidle")
            # Nothing is pointed at.
            self.page.mouse.move(0, 0)
            self.page.wait_for_timeout(SETTLE_MS)
            self._scroll(at)
            path = FOLDER / f"{self.client}-{screen}-{device}.png"
            shot = self.page.screenshot(scale="css", animations="disabled", caret="hide")
            picture = Image.open(io.BytesIO(shot)).convert("RGB")
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
            self.taken.append(path)

    def _scroll(self, at: Locator | None) -> None:
        if at is None:
            self.page.evaluate("window.scrollTo(0, 0)")
            return
        at.evaluate("(element, above) => window.scrollBy(0, element.getBoundingClientRect().top - above)", HEADER_PX)
        self.page.wait_for_timeout(SETTLE_MS)
