"""Pictures of screens for the documentation: kept by name and by the size of the device."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import Locator, Page, ViewportSize

from demo import browser as real
from demo import palette
from demo.machine import ROOT

FOLDER: Final = ROOT / "docs" / "screenshots"
# The walk goes on at the size of the last picture.
SHOP_SIZES: Final = {"desktop": real.DESKTOP, "tablet": real.TABLET_UPRIGHT, "phone": real.PHONE}
CHINA_SIZES: Final = {"desktop": real.DESKTOP, "phone": real.PHONE}
TILL_SIZES: Final = {"phone": real.PHONE, "desktop": real.DESKTOP, "tablet": real.TABLET}
DESK_SIZES: Final = {"tablet": real.TABLET_UPRIGHT, "phone": real.PHONE, "desktop": real.DESKTOP}
SETTLE_MS: Final = 600
READ: Final = """async (encoded) => {
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${encoded}`)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const { data } = canvas.getImageData(0, 0, picture.width, picture.height);
  const reader = new FileReader();
  await new Promise((done) => { reader.onload = done; reader.readAsDataURL(new Blob([data])); });
  return [picture.width, picture.height, reader.result.split(",")[1]];
}"""
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
            path.write_bytes(palette.png(self._pixels(shot)))
            self.taken.append(path)

    def _pixels(self, shot: bytes) -> palette.Pixels:
        """A picture's pixels, read by the browser, which knows how."""
        browser = self.page.context.browser
        assert browser is not None
        reader = browser.new_page()
        width, height, encoded = reader.evaluate(READ, base64.b64encode(shot).decode())
        reader.close()
        rgba = np.frombuffer(base64.b64decode(encoded), np.uint8).reshape(height, width, 4)
        return rgba[:, :, :3]

    def _scroll(self, at: Locator | None) -> None:
        if at is None:
            self.page.evaluate("window.scrollTo(0, 0)")
            return
        at.evaluate("(element, above) => window.scrollBy(0, element.getBoundingClientRect().top - above)", HEADER_PX)
        self.page.wait_for_timeout(SETTLE_MS)
