"""Look at a page as a person with needs would: by axe-core, and with everything twice as large."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from axe_core_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

SCREEN: Final = ViewportSize(width=1280, height=800)
#: The same screen when everything is shown twice as large.
SCREEN_AT_200_PERCENT: Final = ViewportSize(width=640, height=400)
#: Set to a directory, every page that is looked at is also kept there as a picture.
PICTURES_VARIABLE: Final = "JUKINET_PICTURES"
#: A longer page is kept only as far as the screen shows it.
_LARGEST_PICTURE: Final = 150_000
_TOO_WIDE: Final = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const cut = [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
    if (one.closest(".scroll, .skip, option, input")) return false;
    return one.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
  });
  return {wide, cut: cut.map((one) => one.outerHTML.slice(0, 80))};
}"""


async def list_faults(page: Page, name: str, *, screen: ViewportSize = SCREEN) -> list[str]:
    """Return what axe-core finds, and what does not fit at 200 % zoom."""
    await page.set_viewport_size(screen)
    await _keep_picture(page, name)
    found = await Axe().run(page)
    faults = [
        f"{name}: {violation['id']}: {node['html'][:120]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    if screen is not SCREEN:
        return faults
    await page.set_viewport_size(SCREEN_AT_200_PERCENT)
    fit = await page.evaluate(_TOO_WIDE)
    if fit["wide"] > 0 or fit["cut"]:
        faults.append(f"{name}: too wide by {fit['wide']} at 200 %: {fit['cut']}")
    await _keep_picture(page, f"{name}-zoomed")
    await page.set_viewport_size(SCREEN)
    return faults


async def _keep_picture(page: Page, name: str) -> None:
    directory = os.environ.get(PICTURES_VARIABLE)
    if directory:
        picture = await page.screenshot(full_page=True)
        if len(picture) > _LARGEST_PICTURE:
            picture = await page.screenshot()
        Path(directory).mkdir(parents=True, exist_ok=True)
        (Path(directory) / f"{name}.png").write_bytes(picture)
