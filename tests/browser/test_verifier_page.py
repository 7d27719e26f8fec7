"""The page that checks proof files: from a file on disk, without a server, as strict as the command line (I11)."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from jukinet.audit.commitments import SignedCommitment, commit_set, find_commitment, make_set_proof_file
from jukinet.audit.commitments import record_commitment as record_set
from jukinet.national.app import MIGRATIONS
from jukinet.postgres.database import Database
from tests.browser.looking import SCREEN, list_faults
from tests.builders import NOW, TOKYO, code, message_id, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import create_authority, file_of, national, network
from tests.integration.audit.test_verifier import LATER, altered, fill, good_file, places_in

pytestmark = pytest.mark.browser

#: Checks files by the page's own functions; says of each what was refused, or null.
_CHECK = """async ([contents, fingerprint]) => {
  const said = [];
  for (const content of contents) {
    try { await verifyFile(content, {fingerprint, seen: []}); said.push(null); }
    catch (error) { said.push(error instanceof Refused ? error.message : "crash: " + error.stack); }
  }
  return said;
}"""


async def open_page(browser: Browser) -> Page:
    visitor = await browser.new_context(viewport=SCREEN, locale="ja-JP", offline=True)
    page = await visitor.new_page()
    page.set_default_timeout(20_000)
    await page.goto(Path(str(files("jukinet.audit.verifier").joinpath("verifier.html"))).as_uri())
    return page


async def check_all(page: Page, contents: list[str]) -> list[str | None]:
    found: list[str | None] = await page.evaluate(_CHECK, [contents, network().trust.fingerprint])
    return found


async def hand_in(page: Page, place: Path, *, fingerprint: str) -> None:
    await page.get_by_label("公表されている認証局の指紋").fill(fingerprint)
    await page.get_by_label("証明用ファイル").set_input_files(place)
    await page.get_by_role("button", name="確認する").click()
    await page.locator("#result h2").wait_for()


@pytest.mark.invariant("I11")
async def test_a_resident_checks_his_file_in_a_browser_without_a_network(
    browser: Browser, embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        good = await good_file(database)
    place, forged = tmp_path / "file.json", tmp_path / "forged.json"
    place.write_text(json.dumps(good, ensure_ascii=False), encoding="utf-8")
    forged.write_text(json.dumps({**good, "entries": good["entries"][1:]}), encoding="utf-8")
    page = await open_page(browser)

    await hand_in(page, place, fingerprint="")
    assert "署名した者をまだ確かめていません" in await page.inner_text("#result")
    faults = await list_faults(page, "verifier-unpinned")
    await hand_in(page, place, fingerprint=network().trust.fingerprint.upper())
    assert "確認できました" in await page.inner_text("#result")
    assert "別表第1の74の項" in await page.inner_text("#entries")
    assert "留保していた記録" in await page.inner_text("#entries")
    assert await page.locator("#entries tbody tr").count() == 8
    faults += await list_faults(page, "verifier-good")
    await hand_in(page, place, fingerprint="00" * 32)
    assert "確認できませんでした" in await page.inner_text("#result")
    await hand_in(page, forged, fingerprint=network().trust.fingerprint)
    assert "確認できませんでした" in await page.inner_text("#result")
    assert await page.locator("#entries tbody tr").count() == 0
    faults += await list_faults(page, "verifier-refused")

    assert faults == []


@pytest.mark.invariant("I11")
async def test_the_page_refuses_what_was_altered_left_out_cut_short_or_put_in_another_order(
    browser: Browser, embedded_database: MakeDatabase
) -> None:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        good = await good_file(database)
        other = json.loads(await file_of(database, 2, now=LATER))
    page = await open_page(browser)
    entries = good["entries"]
    variants: list[Any] = [altered(good, path) for path in places_in(good) if path != ("made_at",)]
    variants += [{**good, "entries": entries[:place] + entries[place + 1 :]} for place in range(len(entries))]
    variants += [{**good, "entries": [entries[1], entries[0], *entries[2:]]}, {**good, "entries": []}]
    variants += [{**good, "nodes": good["nodes"][:-1]}, {**good, "entries": [*entries, entries[-1]]}]
    variants += [{**good, "map": other["map"]}, {**other, "entries": entries}]
    for gone in set(good) - {"made_at"}:
        variants.append({name: value for name, value in good.items() if name != gone})

    accepted = await check_all(page, [json.dumps(good), json.dumps(other)])
    refused = await check_all(page, [json.dumps(variant) for variant in variants])
    broken = await check_all(page, ["", "[]", "null", json.dumps(good)[:-1], "[" * 50_000])

    assert accepted == [None, None]
    assert [said for said in [*refused, *broken] if said is None or said.startswith("crash")] == []


@pytest.mark.invariant("I11")
async def test_the_page_shows_who_was_in_a_file_and_believes_only_the_trusted_signer(
    browser: Browser, embedded_database: MakeDatabase
) -> None:
    node = await embedded_database(MIGRATIONS)
    persons = [code(number) for number in range(3_000)]
    async with opened(node) as database:
        await fill(database)
        strange = await _signed_set(database, persons, 1, create_authority().signer())
        wrong_node = await _signed_set(database, persons, 2, network().signer(TOKYO))
        signed = await _signed_set(database, persons, 3, national())
    page = await open_page(browser)
    file = json.loads(make_set_proof_file(persons, code(7), signed))
    absent = json.loads(make_set_proof_file(persons, code(9_000), signed))

    good = await check_all(page, [json.dumps(file), json.dumps(absent)])
    bad = await check_all(
        page,
        [
            make_set_proof_file(persons, code(7), strange).decode(),
            json.dumps({**file, "proof": {**file["proof"], "blind": None}}),
            json.dumps({**file, "resident_record_code": code(8)}),
            json.dumps({**absent, "resident_record_code": code(8)}),
        ],
    )

    assert good == [None, None]
    assert None not in bad
    assert await check_all(page, [make_set_proof_file(persons, code(7), wrong_node).decode()]) == [None]


async def _signed_set(database: Database, persons: list[str], number: int, signer: Any) -> SignedCommitment:  # noqa: ANN401 - of heads
    secret, name = bytes(range(32)), f"agency/nenkin {message_id(number)}"
    async with database.transaction() as unit:
        await record_set(
            unit,
            commit_set(persons, name=name, secret=secret),
            message_id=message_id(number),
            agency="agency/nenkin",
            secret=secret,
            now=NOW,
            sign=signer.sign,
            certificate=signer.certificates,
        )
        found = await find_commitment(unit, message_id=message_id(number), agency="agency/nenkin")
    assert found is not None
    return found
