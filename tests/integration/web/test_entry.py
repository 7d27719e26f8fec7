"""Signing in, staying signed in, signing out; and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from jukinet.domain.errors import AlreadyExistsError, MalformedOperatorError
from jukinet.operator_web.accounts import enrol_operator
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD, Person, person_at
from tests.integration.web.municipality import TODAY, Municipality, municipality_of

EVENTS = "SELECT event, actor, outcome FROM audit.event WHERE event LIKE 'operator:sign%' ORDER BY event_id"
SESSION = "__Host-session"


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        yield municipality


@pytest.fixture
async def person(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as someone:
        yield someone


async def test_whoever_is_not_signed_in_is_led_to_the_sign_in_and_then_on(person: Person) -> None:
    await person.open("/deliveries")
    assert person.path == "/sign-in"

    await person.send("/sign-in", operator_id="clerk", password=PASSWORD, back=person.hidden("back"))

    assert person.path == "/deliveries"


async def test_a_sign_in_leads_to_no_other_site(person: Person) -> None:
    await person.open("/sign-in?back=//evil.example/")

    await person.send("/sign-in", operator_id="clerk", password=PASSWORD, back="//evil.example/")

    assert str(person.page.url) == "https://screens.example/"


async def test_signing_in_and_out_is_on_the_log(chiyoda: Municipality, person: Person) -> None:
    await person.sign_in()
    chiyoda.clock.advance(seconds=1)

    await person.send("/sign-out")

    assert "サインアウトしました" in person.text
    assert await chiyoda.rows(EVENTS) == [
        ("operator:signed_in", "clerk", "done"),
        ("operator:signed_out", "clerk", "done"),
    ]
    await person.open("/")
    assert person.path == "/sign-in"


async def test_a_signed_out_session_opens_nothing_even_with_its_cookie(chiyoda: Municipality, person: Person) -> None:
    await person.sign_in()
    token = person.client.cookies[SESSION]
    await person.send("/sign-out")

    page = await person.client.get("/", headers={"cookie": f"{SESSION}={token}"})

    assert page.status_code == 303
    assert await chiyoda.rows("SELECT count(*) FROM operators.session") == [(0,)]


async def test_the_database_holds_neither_password_nor_token(chiyoda: Municipality, person: Person) -> None:
    await person.sign_in()

    (kept,) = await chiyoda.rows("SELECT token_hash::text FROM operators.session")
    (operator,) = await chiyoda.rows("SELECT password_hash FROM operators.operator")

    assert person.client.cookies[SESSION] not in str(kept)
    assert str(operator[0]).startswith("$argon2id$")


async def test_a_wrong_password_is_refused_on_the_log_and_the_id_stays_typed(
    chiyoda: Municipality, person: Person
) -> None:
    page = await person.sign_in(password="wrong password")

    assert page.status_code == 403
    assert "サインインできませんでした" in person.text
    assert person.hidden("operator_id") == "clerk"
    assert person.hidden("password") == ""
    assert await chiyoda.rows(EVENTS) == [("operator:sign_in_refused", "clerk", "refused")]


async def test_what_was_typed_for_an_id_that_is_nobodys_is_not_kept(chiyoda: Municipality, person: Person) -> None:
    await person.sign_in(operator_id="my-password-by-mistake")

    assert await chiyoda.rows(EVENTS) == [("operator:sign_in_refused", "unknown", "refused")]


async def test_the_fifth_wrong_password_locks_even_the_right_one_out(chiyoda: Municipality, person: Person) -> None:
    for _ in range(5):
        await person.sign_in(password="wrong password")

    page = await person.sign_in()

    assert page.status_code == 403
    assert await chiyoda.rows("SELECT failed_count, locked_at = '2026-11-20 01:00Z' FROM operators.operator") == [
        (5, True)
    ]


async def test_a_right_password_forgets_the_wrong_ones(chiyoda: Municipality, person: Person) -> None:
    for _ in range(4):
        await person.sign_in(password="wrong password")

    await person.sign_in()

    assert await chiyoda.rows("SELECT failed_count FROM operators.operator") == [(0,)]


async def test_a_session_nobody_uses_ends_after_a_quarter_of_an_hour(chiyoda: Municipality, person: Person) -> None:
    await person.sign_in()
    chiyoda.clock.advance(minutes=14)
    await person.open("/deliveries")
    assert person.path == "/deliveries"

    chiyoda.clock.advance(minutes=15)
    await person.open("/deliveries")

    assert person.path == "/sign-in"
    assert "終了しました" in person.text


async def test_no_session_lasts_longer_than_twelve_hours(chiyoda: Municipality, person: Person) -> None:
    await person.sign_in()
    for _ in range(71):
        chiyoda.clock.advance(minutes=10)
        await person.open("/deliveries")
    assert person.path == "/deliveries"

    chiyoda.clock.advance(minutes=10)
    await person.open("/deliveries")

    assert person.path == "/sign-in"


@pytest.mark.parametrize("token", ["", "0" * 64, "x"])
async def test_a_form_of_another_site_is_refused_and_does_nothing(
    chiyoda: Municipality, person: Person, token: str
) -> None:
    await person.sign_in()

    page = await person.send("/sign-out", token=token)
    form = await person.send("/residents", token=token, step="search", kana="やまだ")

    assert (page.status_code, form.status_code) == (403, 403)
    assert await chiyoda.rows("SELECT count(*) FROM operators.session") == [(1,)]


async def test_a_sign_in_form_of_another_site_is_refused(chiyoda: Municipality, person: Person) -> None:
    page = await person.client.post("/sign-in", data={"operator_id": "clerk", "password": PASSWORD, "form_token": ""})

    assert page.status_code == 403
    assert await chiyoda.rows(EVENTS) == []


async def test_cookies_are_for_this_host_over_tls_and_not_for_scripts(person: Person) -> None:
    await person.open("/sign-in")
    answer = await person.client.post(
        "/sign-in",
        data={"form_token": person.hidden("form_token"), "operator_id": "clerk", "password": PASSWORD},
    )

    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(SESSION)]
    assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
        "path=/",
        "secure",
        "httponly",
        "samesite=strict",
    }


@pytest.mark.parametrize("path", ["/", "/sign-in", "/residents", "/nowhere", "/residents/999", "/static/screens.css"])
async def test_every_answer_keeps_foreign_scripts_frames_and_caches_out(person: Person, path: str) -> None:
    await person.sign_in()

    answer = await person.client.get(path)

    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "max-age=63072000" in answer.headers["strict-transport-security"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == ("public, max-age=600" if "static" in path else "no-store")


async def test_no_page_has_an_inline_script_or_style(person: Person) -> None:
    await person.sign_in()

    for path in ("/", "/sign-in", "/residents", "/residents/1", "/residents/1/relocation", "/deliveries", "/events"):
        await person.open(path)
        own = person.page.text.replace('<script src="/static/screens.js" defer></script>', "")
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", own), path


async def test_an_unknown_failure_shows_no_text_of_its_own(chiyoda: Municipality, person: Person) -> None:
    await person.sign_in()
    async with chiyoda.database.transaction() as unit:
        await unit.execute('UPDATE operators.session SET search_keys = \'{"kana": {"secret": 1}}\'')

    page = await person.open("/residents")

    assert page.status_code == 500
    assert "内部エラー" in person.text
    assert "secret" not in person.text
    assert "Traceback" not in person.text
    assert 'href="/"' in person.text


async def test_a_page_that_is_not_there_leads_back(person: Person) -> None:
    page = await person.open("/nowhere")

    assert page.status_code == 404
    assert "その画面はありません" in person.text
    assert 'href="/"' in person.text


async def test_a_form_that_is_far_too_long_is_refused(person: Person) -> None:
    await person.sign_in()

    page = await person.send("/residents", step="search", kana="あ" * 100_000)

    assert page.status_code == 413


async def test_the_language_stays_chosen(person: Person) -> None:
    await person.open("/language?to=en&back=/sign-in")

    await person.open("/sign-in")

    assert '<html lang="en">' in person.text
    assert "Sign in" in person.text


async def test_an_operator_is_enrolled_once_and_only_with_a_fit_password(chiyoda: Municipality) -> None:
    async with chiyoda.database.transaction() as unit:
        with pytest.raises(AlreadyExistsError):
            await enrol_operator(unit, "clerk", "別人", PASSWORD, now=TODAY, by="administrator")
        for operator_id, display_name, password in (
            ("X", "名", PASSWORD),
            ("other", " ", PASSWORD),
            ("other", "名", "short"),
        ):
            with pytest.raises(MalformedOperatorError):
                await enrol_operator(unit, operator_id, display_name, password, now=TODAY, by="administrator")
        await enrol_operator(unit, "other", "別人", PASSWORD, now=TODAY, by="administrator")

    assert (
        await chiyoda.rows("SELECT detail FROM audit.event WHERE event = 'operator:enrolled' ORDER BY event_id") != []
    )
