"""What a resident is told about himself: on paper at the counter, at home on the screen, as a file with its proof."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jukinet.domain.errors import ProofRefusedError
from jukinet.protocol.node_names import NodeName
from tests.builders_documents import texts_of
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import add_use, check, seal_now
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, PROTECTED, RESIDENTS
from tests.integration.web.residents import OWN_PASSWORD, Counter, counter_of, read_letter

CODE = RESIDENTS[0].resident_record_code
FORM = f"/residents/{HANAKO}/counter-requests"
SELF = {"requester": "self", "identity_check": "photo_document"}
USES = "SELECT agency, method, items, matter_number, ground FROM audit.use_log ORDER BY message_id"


@pytest.fixture
async def counter(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter_of(embedded_database, tmp_path) as one:
        async with one.nation.database.transaction() as unit:
            for number in range(3):
                await add_use(unit, number, resident_record_code=CODE)
        yield one


@pytest.fixture
async def clerk(counter: Counter) -> AsyncIterator[Person]:
    async with person_at(counter.municipality.app) as person:
        await person.sign_in()
        await person.open(FORM)
        yield person


@pytest.fixture
async def resident(counter: Counter) -> AsyncIterator[Person]:
    async with person_at(counter.pages) as person:
        yield person


async def enrol(clerk: Person) -> tuple[str, str]:
    await clerk.open(FORM)
    printed = await clerk.send(FORM, step="enrolment", **SELF)
    assert printed.headers["content-type"] == "application/pdf"
    return read_letter("".join(texts_of(printed.content)))


async def choose_password(resident: Person, number: str, code: str, password: str = OWN_PASSWORD) -> None:
    await resident.open("/open")
    await resident.send("/open", account_number=number, code=code, password=password, password_again=password)


async def enter(resident: Person, number: str, password: str = OWN_PASSWORD) -> None:
    await resident.open("/sign-in")
    await resident.send("/sign-in", operator_id=number, password=password, back="/")


@pytest.mark.invariant("I4")
async def test_the_uses_are_printed_at_the_counter_and_the_request_is_itself_a_use(
    counter: Counter, clerk: Person
) -> None:
    printed = await clerk.send(FORM, step="use_log", **SELF)

    text = "".join(texts_of(printed.content))
    assert printed.headers["content-type"] == "application/pdf"
    assert text.count("日本年金機構") == 3
    assert "別表第1の74の項" in text
    assert "東京都千代田区" in text
    assert "見本" in text
    uses = await counter.nation.rows(USES)
    assert uses[-1] == ("municipal/131016", "use_log", "", "131016-U0000001", "個人情報の保護に関する法律第７６条")
    assert await counter.municipality.rows(
        "SELECT actor, detail->>'kind', detail->>'requester' FROM audit.event WHERE event = 'person:counter_request'"
    ) == [("clerk", "use_log", "self")]


async def test_a_line_that_is_cut_hands_over_nothing_and_the_request_stays_on_the_log(
    counter: Counter, clerk: Person
) -> None:
    counter.line.is_cut = True

    page = await clerk.send(FORM, step="use_log", **SELF)

    assert page.status_code == 503
    assert "接続できないため" in clerk.text
    assert await counter.municipality.rows("SELECT kind FROM register.counter_request") == [("use_log",)]
    assert len(await counter.nation.rows(USES)) == 3


@pytest.mark.invariant("I5")
async def test_another_municipality_than_the_persons_own_is_told_nothing(counter: Counter, clerk: Person) -> None:
    counter.line.municipality = NodeName.parse("municipal/131121")

    for step in ("use_log", "proof_file", "enrolment"):
        await clerk.open(FORM)
        await clerk.send(FORM, step=step, **SELF)
        assert "住民として記録されている方ではない" in clerk.text

    assert len(await counter.nation.rows(USES)) == 3
    assert await counter.nation.rows("SELECT account_number FROM person.account") == []


@pytest.mark.invariant("I9")
async def test_who_may_not_ask_or_is_not_identified_well_enough_is_refused_at_the_form(
    counter: Counter, clerk: Person
) -> None:
    representative = {"requester": "legal_representative", "shows_authority": "on"}
    cases = [
        # A representative may be the one the measures protect from.
        (PROTECTED, "use_log", representative),
        (HANAKO, "enrolment", representative),
        (HANAKO, "enrolment", {"identity_check": "other_documents"}),
        (HANAKO, "use_log", {"requester": "legal_representative"}),
        (HANAKO, "use_log", {"identity_check": ""}),
        (HANAKO, "use_log", {"requester": "agent"}),
    ]

    for number, step, fields in cases:
        path = f"/residents/{number}/counter-requests"
        await clerk.open(path)
        page = await clerk.send(path, step=step, **{**SELF, **fields})
        assert page.status_code == 422

    assert counter.line.sent == []
    assert await counter.municipality.rows("SELECT kind FROM register.counter_request") == []


async def test_a_resident_opens_the_page_with_the_letter_and_sees_every_use_with_its_ground(
    counter: Counter, clerk: Person, resident: Person
) -> None:
    number, code = await enrol(clerk)

    await choose_password(resident, number, code.lower())
    assert "パスワードを決めました" in resident.text
    await enter(resident, number)

    assert "山田　花子 さん" in resident.text
    assert "記録は全部で3件です" in resident.text
    assert resident.text.count("日本年金機構") == 6
    assert "別表第1の74の項" in resident.text
    assert "official" not in resident.text
    assert await counter.nation.rows(
        "SELECT actor, detail FROM audit.event WHERE event = 'use_log:viewed' AND actor LIKE 'resident/%'"
    ) == [(f"resident/{number.replace('-', '')}", {"uses": 3})]


async def test_the_code_of_the_letter_works_once_and_not_after_its_last_day(
    counter: Counter, clerk: Person, resident: Person
) -> None:
    number, code = await enrol(clerk)
    await choose_password(resident, number, code)

    await choose_password(resident, number, code, "another long password")
    assert "通知書の期限が過ぎています" in resident.text
    await enter(resident, number, "another long password")
    assert "サインインできませんでした" in resident.text

    number, code = await enrol(clerk)
    counter.nation.clock.advance(days=31)
    await choose_password(resident, number, code)
    assert "通知書の期限が過ぎています" in resident.text


async def test_a_new_letter_closes_the_account_and_ends_its_sessions(
    counter: Counter, clerk: Person, resident: Person
) -> None:
    number, code = await enrol(clerk)
    await choose_password(resident, number, code)
    await enter(resident, number)

    await enrol(clerk)
    await resident.open("/")

    assert resident.path == "/sign-in"
    await enter(resident, number)
    assert "サインインできませんでした" in resident.text


async def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    counter: Counter, clerk: Person, resident: Person
) -> None:
    number, code = await enrol(clerk)
    await choose_password(resident, number, code)
    for _ in range(5):
        await enter(resident, number, "wrong password")

    await enter(resident, number)
    assert "サインインできませんでした" in resident.text
    counter.nation.clock.advance(minutes=16)
    await enter(resident, number)

    assert resident.path == "/"


async def test_too_many_attempts_from_everybody_together_are_put_off(resident: Person) -> None:
    await resident.open("/sign-in")
    token = resident.hidden("form_token")

    pages = [
        await resident.send("/sign-in", token=token, operator_id="000000000000", password="guess", back="/")
        for _ in range(101)
    ]

    assert [page.status_code for page in pages] == [403] * 100 + [503]
    assert "混み合っています" in resident.text


async def test_a_form_that_is_not_from_the_page_opens_nothing(clerk: Person, resident: Person) -> None:
    number, code = await enrol(clerk)
    await resident.open("/open")

    page = await resident.send(
        "/open", token="forged", account_number=number, code=code, password=OWN_PASSWORD, password_again=OWN_PASSWORD
    )

    assert page.status_code == 403


@pytest.mark.invariant("I11")
async def test_the_proof_file_of_the_page_proves_itself_and_a_tampered_copy_does_not(
    counter: Counter, clerk: Person, resident: Person
) -> None:
    number, code = await enrol(clerk)
    await choose_password(resident, number, code)
    await enter(resident, number)
    await resident.send("/proof")
    assert "封印がまだ行われていません" in resident.text
    await seal_now(counter.nation.database, now=counter.nation.clock())

    file = await resident.send("/proof")

    assert "attachment" in file.headers["content-disposition"]
    assert len(check(file.content).uses) == 3
    tampered = json.loads(file.content)
    tampered["entries"] = tampered["entries"][1:]
    with pytest.raises(ProofRefusedError):
        check(json.dumps(tampered).encode())


@pytest.mark.invariant("I4")
async def test_the_own_record_is_shown_with_consent_after_it_is_on_the_log(
    counter: Counter, clerk: Person, resident: Person
) -> None:
    number, code = await enrol(clerk)
    await choose_password(resident, number, code)
    await enter(resident, number)
    await resident.open("/record")

    refused = await resident.send("/record")
    assert refused.status_code == 422
    assert "飯田橋" not in resident.text
    await resident.send("/record", consents="on")

    assert "東京都千代田区飯田橋一丁目1番1号" in resident.text
    assert CODE in resident.text
    uses = await counter.nation.rows(USES)
    assert len(uses) == 4
    assert uses[-1][1:] == (
        "disclosure",
        "name,birth_date,sex,address,individual_number,resident_record_code,change",
        "",
        "住民基本台帳法第３０条の３２",
    )


async def test_a_closed_account_opens_nothing(counter: Counter, clerk: Person, resident: Person) -> None:
    number, code = await enrol(clerk)
    await choose_password(resident, number, code)
    await enter(resident, number)
    await resident.open("/account")

    await resident.send("/account")

    assert "利用を終了しました" in resident.text
    await enter(resident, number)
    assert "サインインできませんでした" in resident.text


async def test_nobody_sees_a_page_without_signing_in(resident: Person) -> None:
    for path in ("/", "/record", "/account"):
        await resident.open(path)
        assert resident.path == "/sign-in"
