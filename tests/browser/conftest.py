"""A real browser in front of real screens, over real TLS."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from litestar import Litestar
from playwright.async_api import Browser, Page, async_playwright

from jukinet.transport.enrolment import enrol_screens
from jukinet.transport.pki import NetworkAuthority
from jukinet.transport.serving import serve_screens
from jukinet.transport.tls import screens_context
from tests.browser.looking import SCREEN
from tests.integration.transport.network import Network
from tests.integration.web.browsing import PASSWORD

_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _program() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    program = _program()
    if program is None:
        pytest.skip("no chromium on this machine: tools/system-packages.sh installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture
def authority(tmp_path: Path) -> NetworkAuthority:
    return Network(tmp_path).authority


OpenScreens = Callable[[Litestar], AbstractAsyncContextManager[Page]]


@pytest.fixture
def open_screens(browser: Browser, authority: NetworkAuthority, tmp_path: Path) -> OpenScreens:
    """Give a function that serves an application and opens a page of the browser on it, signed in."""
    certificate, key = enrol_screens(authority, tmp_path / "screens", ["localhost"])
    context = screens_context(certificate=certificate, key=key)

    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncGenerator[Page]:
        async with serve_screens(app, host="127.0.0.1", port=0, context=context) as port:
            visitor = await browser.new_context(
                base_url=f"https://localhost:{port}",
                ignore_https_errors=True,
                viewport=SCREEN,
                locale="ja-JP",
            )
            page = await visitor.new_page()
            page.set_default_timeout(10_000)
            await page.goto("/")
            await page.locator("#operator_id:focus").wait_for()
            await page.keyboard.type("clerk")
            await page.keyboard.press("Tab")
            await page.keyboard.type(PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url(lambda url: "sign-in" not in url)
            try:
                yield page
            finally:
                await visitor.close()

    return opened
