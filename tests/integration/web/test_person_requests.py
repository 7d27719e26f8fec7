"""Written requests at the prefecture: taken, decided in time, by two officers where refused, answered by letter."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from jukinet.delivery.numbered_notices import new_notice_number
from jukinet.disclosure.office import AnswerOffice
from jukinet.documents.signing import load_signer
from jukinet.domain.rules import Rule
from jukinet.operator_web.accounts import enrol_operator
from jukinet.prefectural.usecases.hand_on_doubts import hand_on_doubt_answers
from jukinet.protocol.doubts import DoubtAnswer
from jukinet.transport.enrolment import enrol_documents
from jukinet.transport.pki import create_network_authority, create_root
from tests.builders import NOW, received
from tests.builders_documents import texts_of
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD, Person, person_at
from tests.integration.web.municipality import CHIYODA, RESIDENTS
from tests.integration.web.servers import TOKYO, Node, prefecture_of

CODE = RESIDENTS[0].resident_record_code
NOBODY = RESIDENTS[3].resident_record_code
ASKED = {
    "kind": "disclosure",
    "received_on": "令和8年11月20日",
    "name": "山田 花子",
    "birth_date": "昭和60年3月12日",
    "resident_record_code": CODE,
    "reply_address": "東京都千代田区飯田橋一丁目1番1号",
    "requester": "self",
    "identity_check": "photo_document",
}
REASON = "本人であることを確かめることができないため。"
USES = "SELECT agency, method, items, matter_number FROM audit.use_log"


@pytest.fixture
async def tokyo(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Node]:
    root = create_root(tmp_path / "root", clock=lambda: NOW)
    authority = create_network_authority(tmp_path / "network", root, clock=lambda: NOW)
    certificate, key = enrol_documents(authority, TOKYO, tmp_path / "documents")
    office = AnswerOffice(signer=load_signer(key, certificate), office="東京都　市町村課", contact="電話 03-0000-0000")
    async with prefecture_of(embedded_database, office=office) as node:
        async with node.database.transaction() as unit:
            await enrol_operator(unit, "second", "東京都　課長", PASSWORD, now=node.clock(), by="administrator")
        yield node


@pytest.fixture
async def officer(tokyo: Node) -> AsyncIterator[Person]:
    async with person_at(tokyo.app) as person:
        await person.sign_in()
        yield person


@pytest.fixture
async def second(tokyo: Node) -> AsyncIterator[Person]:
    async with person_at(tokyo.app) as person:
        await person.sign_in("second")
        yield person


async def take(officer: Person, **items: str) -> str:
    """Take a request; return the path of its page."""
    await officer.open("/person-requests/new")
    await officer.send("/person-requests/new", step="record", **{**ASKED, **items})
    return officer.path


async def decide(officer: Person, path: str, decision: str, reason: str = "") -> int:
    await officer.open(path)
    return (await officer.send(path, step="decide", decision=decision, reason=reason)).status_code


async def approve(officer: Person, path: str, **seen: str) -> httpx.Response:
    """Approve what the page shows, or what is said instead."""
    await officer.open(path)
    shown = dict(re.findall(r'name="(decision|reason)" value="([^"]*)"', officer.page.text))
    return await officer.send(path, step="approve", **{**shown, **seen})


async def letter(officer: Person, path: str, kind: str = "answer") -> str:
    printed = await officer.open(f"{path}/{kind}")
    assert printed.headers["content-type"] == "application/pdf"
    return "".join(texts_of(printed.content))


@pytest.mark.invariant("I4")
async def test_a_disclosure_is_due_in_thirty_days_and_each_letter_is_a_use_before_it_leaves(
    tokyo: Node, officer: Person
) -> None:
    path = await take(officer)
    assert path == "/person-requests/1"
    assert "令和8年12月19日" in officer.text
    assert "氏名と生年月日が請求と一致しています" in officer.text
    assert await tokyo.rows(USES) == []

    await decide(officer, path, "disclosed")
    text = await letter(officer, path)

    assert "東京都知事" in text
    assert "住民基本台帳法第３０条の３２" in text
    assert CODE in text
    assert "これがすべてです" in text
    assert "（教示）" not in text
    expected = ("prefectural/130001", "disclosure")
    assert [row[:2] for row in await tokyo.rows(USES)] == [expected]
    await letter(officer, path)
    assert len(await tokyo.rows(USES)) == 2


async def test_who_is_not_the_person_of_the_record_is_told_nothing_of_it(tokyo: Node, officer: Person) -> None:
    path = await take(officer, name="山田 次郎")
    assert "一致しません" in officer.text

    assert await decide(officer, path, "disclosed") == 422
    assert await decide(officer, path, "no_record") == 422

    assert "飯田橋一丁目1番1号" in officer.text  # where the answer is sent, as it was typed
    assert (await officer.open(f"{path}/answer")).status_code == 409
    assert await tokyo.rows(USES) == []


async def test_that_nothing_is_recorded_is_said_where_it_is_true(tokyo: Node, officer: Person) -> None:
    path = await take(officer, resident_record_code=NOBODY)

    assert await decide(officer, path, "disclosed") == 422
    await decide(officer, path, "no_record")

    assert "記録されていません" in await letter(officer, path)
    assert await tokyo.rows(USES) == []


async def test_a_refusal_stands_when_a_second_officer_approved_it_and_tells_how_to_appeal(
    tokyo: Node, officer: Person, second: Person
) -> None:
    path = await take(officer, name="山田 次郎")
    assert await decide(officer, path, "refused") == 422  # no reason
    await decide(officer, path, "refused", REASON)
    assert (await officer.open(f"{path}/answer")).status_code == 409
    await officer.open(path)
    assert "ほかの職員が承認します" in officer.text
    refused = await approve(officer, path, decision="refused", reason=REASON)
    assert refused.status_code == 403

    await approve(second, path)

    text = await letter(second, path)
    assert "不開示決定通知" in text
    assert REASON in text
    assert "東京都知事に対して審査請求" in text
    assert "東京都を被告として" in text
    assert await tokyo.rows(
        "SELECT actor, detail->>'approved_by' FROM audit.event WHERE event = 'person_request:decided'"
    ) == [("clerk", "second")]


async def test_what_is_returned_can_be_decided_again_and_a_representative_needs_two(
    tokyo: Node, officer: Person, second: Person
) -> None:
    path = await take(officer, requester="legal_representative", shows_authority="on")
    await decide(officer, path, "disclosed")
    assert await tokyo.rows(USES) == []
    stale = await approve(second, path, decision="refused")
    assert stale.status_code == 409
    await second.open(path)
    await second.send(path, step="return", return_reason="市区町村に支援措置の有無を確かめてください。")

    assert await decide(officer, path, "disclosed") == 200
    await approve(second, path)

    assert CODE in await letter(officer, path)


@pytest.mark.rule(Rule.CORRECTION_FOLLOWS_DISCLOSURE)
async def test_a_correction_follows_a_disclosure_to_the_same_person(officer: Person, second: Person) -> None:
    said = {"kind": "correction", "statement": "住所の番地が誤っています。"}
    path = await take(officer)
    assert await take(officer, **said, disclosed_request="1") == "/person-requests/new"
    await decide(officer, path, "disclosed")
    assert await take(officer, **said, disclosed_request="1", resident_record_code=NOBODY) == "/person-requests/new"

    path = await take(officer, **said, disclosed_request="1")
    assert "遅滞なく" in officer.text
    await decide(officer, path, "not_corrected", "住民票の記載と一致しているため。")
    await approve(second, path)

    text = await letter(officer, path)
    assert "調査結果通知" in text
    assert "住民基本台帳法第３０条の３５" in text
    assert "（教示）" in text


async def test_the_time_is_extended_once_in_time_and_the_work_list_shows_what_is_overdue(
    tokyo: Node, officer: Person
) -> None:
    path = await take(officer)
    extension = {"step": "extend", "extension_reason": "記録の確認に時間を要するため。"}
    await officer.open(path)
    assert (await officer.send(path, extended_to="令和8年12月19日", **extension)).status_code == 422
    await officer.send(path, extended_to="令和9年1月8日", **extension)
    assert "期限を延長しました" in officer.text
    text = await letter(officer, path, "extension")
    assert "令和9年1月8日" in text
    assert "第３０条の３３第２項" in text

    other = await take(officer)
    tokyo.clock.advance(days=40)
    await officer.sign_in()
    await officer.open("/person-requests")

    assert officer.text.count("期限超過") == 1
    assert "あと9日" in officer.text
    await officer.open(other)
    late = await officer.send(other, extended_to="令和9年2月1日", **extension)
    assert late.status_code == 422


async def test_a_complaint_needs_no_code_and_is_answered_by_letter(officer: Person) -> None:
    path = await take(
        officer,
        kind="complaint",
        statement="窓口の対応について。",
        resident_record_code="",
        requester="",
        identity_check="",
    )

    await decide(officer, path, "answered", "ご指摘を受け、窓口の手順を改めました。")

    text = await letter(officer, path)
    assert "窓口の手順を改めました" in text
    assert "住民基本台帳法第３０条の３６" in text


async def test_a_correction_is_put_to_the_municipality_and_its_answer_ends_at_the_prefecture(
    tokyo: Node, officer: Person
) -> None:
    await decide(officer, await take(officer), "disclosed")
    path = await take(officer, kind="correction", statement="住所の番地が誤っています。", disclosed_request="1")
    await officer.open(path)
    assert (await officer.send(path, step="refer")).status_code == 422

    await officer.send(path, step="refer", stated_address="東京都千代田区飯田橋一丁目2番2号")

    assert "東京都千代田区　照会中（令和8年12月4日までに回答）" in officer.text
    ((receiver, kind, content),) = await tokyo.rows(
        "SELECT receiver, message_type, convert_from(notices, 'UTF8') FROM delivery.outbox"
    )
    assert (receiver, kind) == ("municipal/131016", "doubt_referral_forwarding")
    referral = json.loads(str(content))
    assert referral["stated"]["address"] == "東京都千代田区飯田橋一丁目2番2号"
    assert referral["items"] == ["address"]
    assert (await officer.send(path, step="refer", stated_name="山田")).status_code == 409

    own = answer_to(referral["report_number"], 1)
    foreign = answer_to(new_notice_number(tokyo.clock(), b"0123456789"), 2)
    await hand_on_doubt_answers(
        received=received((own, foreign), sender=CHIYODA, message_type="doubt_answer", number=77),
        database=tokyo.database,
        now=tokyo.clock(),
    )
    await officer.open(path)

    assert "訂正した" in officer.text
    forwarded = await tokyo.rows(
        "SELECT convert_from(notices, 'UTF8') FROM delivery.outbox WHERE receiver = 'national'"
    )
    assert [json.loads(str(one))["report_number"] for (one,) in forwarded] == [foreign.report_number]


def answer_to(report_number: str, number: int) -> DoubtAnswer:
    return DoubtAnswer(
        notice_number=new_notice_number(NOW, bytes([number] * 10)),
        report_number=report_number,
        municipality=CHIYODA.code,
        outcome="corrected",
        answered_on="2026-11-24",
    )
