"""A resident's day: at the counter in the morning, on the telephone in the evening; every page looked at on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from jukinet.transport.enrolment import enrol_screens
from jukinet.transport.pki import NetworkAuthority
from jukinet.transport.serving import serve_screens
from jukinet.transport.tls import screens_context
from tests.browser.conftest import OpenScreens
from tests.browser.looking import SCREEN, list_faults
from tests.browser.test_verifier_page import hand_in, open_page
from tests.builders_documents import texts_of
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import add_use, check, network, seal_now
from tests.integration.web.municipality import HANAKO, RESIDENTS
from tests.integration.web.residents import OWN_PASSWORD, Counter, counter_of, read_letter

pytestmark = pytest.mark.browser

CODE = RESIDENTS[0].resident_record_code
TELEPHONE = ViewportSize(width=375, height=740)
_FORM = f"/residents/{HANAKO}/counter-requests"
#: Sends the form with this button, and returns the PDF that a browser would show.
_SEND = """async (step) => {
  const form = document.querySelector("form.entry");
  const data = new URLSearchParams(new FormData(form));
  data.set("step", step);
  const answer = await fetch(form.action, {method: "POST", body: data});
  return [...new Uint8Array(await answer.arrayBuffer())];
}"""
#: Pages that axe-core looks at a second time, at the width of a telephone.
_ON_THE_TELEPHONE = frozenset({"resident-uses", "resident-record"})
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def at_the_counter(page: Page, faults: list[str]) -> tuple[str, str]:
    """Ask for the uses on paper and for the letter; return what the letter says."""
    await page.goto(_FORM)
    faults += await list_faults(page, "municipal-counter-request")
    await page.get_by_role("button", name="提供状況を印刷する").click()
    await page.get_by_role("alert").wait_for()
    faults += await list_faults(page, "municipal-counter-request-problem")
    await page.get_by_label("写真付き").check()
    printed = bytes(await page.evaluate(_SEND, "use_log"))
    assert "日本年金機構" in "".join(texts_of(printed))
    return read_letter("".join(texts_of(bytes(await page.evaluate(_SEND, "enrolment")))))


async def look(page: Page, name: str, faults: list[str]) -> None:
    """Look at a page on a large screen, and at whether it fits a telephone."""
    faults += await list_faults(page, name)
    await page.set_viewport_size(TELEPHONE)
    if await page.evaluate(_TOO_WIDE) > 0:
        faults.append(f"{name}: too wide for a telephone")
    if name in _ON_THE_TELEPHONE:
        faults += await list_faults(page, f"{name}-telephone", screen=TELEPHONE)
    await page.set_viewport_size(SCREEN)


async def at_home(page: Page, counter: Counter, letter: tuple[str, str], faults: list[str]) -> bytes:
    """Choose a password, sign in, read, and take the proof file home."""
    await page.goto("/")
    await look(page, "resident-sign-in", faults)
    await page.get_by_role("link", name="パスワードを決める").click()
    await page.get_by_label("利用者番号").fill(letter[0])
    await page.get_by_label("登録用の符号").fill(letter[1])
    await page.get_by_label("新しいパスワード", exact=False).first.fill("short")
    await page.get_by_role("button", name="パスワードを決める").click()
    await page.get_by_role("alert").wait_for()
    await look(page, "resident-open", faults)
    await page.locator("#password").fill(OWN_PASSWORD)
    await page.locator("#password_again").fill(OWN_PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_text("パスワードを決めました").wait_for()
    await page.locator("#operator_id").fill(letter[0])
    await page.locator("#password").fill(OWN_PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_role("heading", name="あなたの情報の提供の記録").wait_for()
    await look(page, "resident-uses", faults)
    await page.get_by_role("link", name="English").click()
    await page.get_by_role("heading", name="Uses of your information").wait_for()
    await look(page, "resident-uses-english", faults)
    await page.get_by_role("link", name="日本語").click()

    await page.get_by_role("link", name="記録されている情報").click()
    await look(page, "resident-record-consent", faults)
    await page.get_by_label("同意します").check()
    await page.get_by_role("button", name="表示する").click()
    await page.get_by_text("東京都千代田区飯田橋").wait_for()
    await look(page, "resident-record", faults)
    await page.get_by_role("link", name="利用の終了").click()
    await look(page, "resident-account", faults)

    await seal_now(counter.nation.database, now=counter.nation.clock())
    await page.get_by_role("link", name="提供の記録").click()
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="証明用ファイルを受け取る").click()
    return Path(await (await waiting.value).path()).read_bytes()


async def test_a_residents_day(
    open_screens: OpenScreens,
    browser: Browser,
    authority: NetworkAuthority,
    embedded_database: MakeDatabase,
    tmp_path: Path,
) -> None:
    faults: list[str] = []
    certificate, key = enrol_screens(authority, tmp_path / "pages", ["localhost"])
    context = screens_context(certificate=certificate, key=key)
    async with counter_of(embedded_database, tmp_path / "counter") as counter:
        async with counter.nation.database.transaction() as unit:
            for number in range(2):
                await add_use(unit, number, resident_record_code=CODE)
        async with open_screens(counter.municipality.app) as page:
            letter = await at_the_counter(page, faults)
        async with serve_screens(counter.pages, host="127.0.0.1", port=0, context=context) as port:
            visitor = await browser.new_context(
                base_url=f"https://localhost:{port}", ignore_https_errors=True, viewport=SCREEN, locale="ja-JP"
            )
            page = await visitor.new_page()
            page.set_default_timeout(10_000)
            file = await at_home(page, counter, letter, faults)
            await visitor.close()

    # At home, without a network: the file is what it says, and a copy with an entry less is not.
    assert [use.wording["method"] for use in check(file).uses] == [
        "即時提供（一人ずつの照会）",
        "即時提供（一人ずつの照会）",
        "本人への提供状況の開示",
        "本人への開示",
    ]
    content = json.loads(file)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(file)
    bad.write_text(json.dumps({**content, "entries": content["entries"][1:]}), encoding="utf-8")
    for place, says in ((good, "確認できました"), (bad, "確認できませんでした")):
        assert says in await verdict_of(browser, place)
    assert faults == []


async def verdict_of(browser: Browser, place: Path) -> str:
    """Return what the page that needs no server says of a file."""
    page = await open_page(browser)
    await hand_in(page, place, fingerprint=network().trust.fingerprint)
    return await page.inner_text("#result")
