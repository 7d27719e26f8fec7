"""Documents: each belongs to its request and its people (I8), and is on the log before it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from jukinet.documents.signing import verify_signed
from jukinet.domain.acts.relocation import Relocation
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.document_requests import DocumentKind, DocumentRequest, RecordItem
from jukinet.domain.errors import (
    ChangedMeanwhileError,
    DocumentBindingError,
    DocumentRequestStateError,
    DocumentSigningKeyError,
    GlyphMissingError,
    IssuedDocumentNotFoundError,
    IssuedDocumentStateError,
    MissingItemError,
    ProtectedPersonError,
    VerificationTooOftenError,
)
from jukinet.domain.rules import Rule
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.document_store import IssuedDocument, list_documents, list_fee_totals
from jukinet.municipal.usecases.issue_document import issue_document
from jukinet.municipal.usecases.open_document import open_document
from jukinet.municipal.usecases.record_relocation import record_relocation
from jukinet.municipal.usecases.request_document import request_document
from jukinet.municipal.usecases.settle_document import confirm_print, void_document
from jukinet.municipal.usecases.verify_document import (
    MOST_FAILED,
    DocumentClaim,
    VerificationResult,
    verify_document,
)
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import ADDRESS, NOW, TODAY, act, code, execute, list_rows, notification, opened, populate, resident
from tests.builders_documents import texts_of
from tests.builders_issuing import copy_request, office_under
from tests.fixtures_postgres import MakeDatabase

PEOPLE = 100


@dataclass
class Counter:
    node: NodeDatabase
    database: Database
    office: DocumentOffice

    async def request(self, request: DocumentRequest) -> int:
        recorded = await request_document(request=request, act=act(), office=self.office, database=self.database)
        return recorded.request_number

    async def issue(self, request: DocumentRequest) -> IssuedDocument:
        number = await self.request(request)
        return await issue_document(request_number=number, act=act(), office=self.office, database=self.database)

    async def print(self, document: IssuedDocument) -> bytes:
        return await open_document(document_number=document.document_number, act=act(), database=self.database)

    async def events(self, subject: str) -> list[str]:
        rows = await list_rows(self.node, "SELECT event FROM audit.event WHERE event LIKE %s ORDER BY event", [subject])
        return [event for (event,) in rows]


@pytest.fixture
async def counter(embedded_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[Counter]:
    node = await embedded_database(MIGRATIONS)
    await populate(node, resident(1), resident(2, household_number=1, relationship="子", name="試験\u3000凛"))
    async with opened(node) as database:
        yield Counter(node, database, office_under(tmp_path))


async def test_a_copy_says_what_was_asked_for_and_nothing_else(counter: Counter) -> None:
    plain = "".join(texts_of(await counter.print(await counter.issue(copy_request()))))
    asked = copy_request(items=frozenset({RecordItem.RESIDENT_RECORD_CODE}))
    full = "".join(texts_of(await counter.print(await counter.issue(asked))))

    assert "試験葵" in plain
    assert "見本" in plain
    assert code(1) not in plain.replace("-", "")
    assert code(1) in full.replace("-", "")


async def test_a_copy_has_the_history_where_it_was_asked_for(counter: Counter) -> None:
    moved = Relocation(
        resident_number=1, moved_on=CivilDate.of(TODAY), address="東京都世田谷区桜一丁目2番3号", companions=(2,)
    )
    await record_relocation(relocation=moved, notification=notification(), act=act(), database=counter.database)
    plain = "".join(texts_of(await counter.print(await counter.issue(copy_request()))))
    asked = copy_request(items=frozenset({RecordItem.HISTORY}))
    full = "".join(texts_of(await counter.print(await counter.issue(asked))))

    assert "異動事由" not in plain
    assert f"住所：{ADDRESS}→" in full
    assert "転居" in full
    assert "続柄：" not in full


async def test_a_copy_of_the_household_has_everybody_and_ends_with_a_new_member(counter: Counter) -> None:
    household = copy_request(kind=DocumentKind.HOUSEHOLD_COPY)
    text = "".join(texts_of(await counter.print(await counter.issue(household))))
    number = await counter.request(household)
    await populate(counter.node, resident(3, household_number=1, relationship="子"))

    assert "試験葵" in text
    assert "試験凛" in text
    with pytest.raises(ChangedMeanwhileError):
        await issue_document(request_number=number, act=act(), office=counter.office, database=counter.database)


@pytest.mark.invariant("I8")
@pytest.mark.rule(Rule.DOCUMENT_BELONGS_TO_ITS_REQUEST)
async def test_a_hundred_documents_at_once_each_carry_their_own_person(counter: Counter) -> None:
    people = [resident(n, name=f"試験\u3000番号{n}号") for n in range(1000, 1000 + PEOPLE)]
    await populate(counter.node, *people)

    async def copy_of(number: int) -> tuple[int, str]:
        document = await counter.issue(copy_request(number))
        return number, "".join(texts_of(await counter.print(document)))

    texts = await asyncio.gather(*(copy_of(one.resident_number) for one in people))

    for number, text in texts:
        assert [one.resident_number for one in people if f"番号{one.resident_number}号" in text] == [number]


@pytest.mark.invariant("I8")
@pytest.mark.rule(Rule.DOCUMENT_BELONGS_TO_ITS_REQUEST)
async def test_a_changed_record_is_looked_at_again(counter: Counter) -> None:
    number = await counter.request(copy_request())
    moved = Relocation(
        resident_number=1, moved_on=CivilDate.of(TODAY), address="東京都世田谷区桜一丁目2番3号", companions=(2,)
    )
    await record_relocation(relocation=moved, notification=notification(), act=act(), database=counter.database)

    with pytest.raises(ChangedMeanwhileError):
        await issue_document(request_number=number, act=act(), office=counter.office, database=counter.database)
    assert await list_rows(counter.node, "SELECT 1 FROM register.issued_document") == []


@pytest.mark.invariant("I8")
async def test_what_is_not_the_document_of_its_request_never_leaves(counter: Counter) -> None:
    first, second = await counter.issue(copy_request()), await counter.issue(copy_request(2, requester_number=1))
    await execute(
        counter.node,
        "UPDATE register.issued_document AS mine SET content = theirs.content, content_digest = theirs.content_digest"
        " FROM register.issued_document AS theirs WHERE mine.document_number = %s AND theirs.document_number = %s",
        [first.document_number, second.document_number],
    )

    with pytest.raises(DocumentBindingError):
        await counter.print(first)
    assert texts_of(await counter.print(second))


async def test_the_signature_is_the_municipalitys(counter: Counter) -> None:
    content = await counter.print(await counter.issue(copy_request()))
    signer = counter.office.require_signer()

    verdict = await asyncio.to_thread(verify_signed, content, signer.chain, at=NOW)

    assert verdict.is_genuine
    assert verdict.signer == "municipal/131121"


async def test_a_character_the_font_lacks_writes_nothing(counter: Counter) -> None:
    await populate(counter.node, resident(9, name="葛\U000e0101城"))
    number = await counter.request(copy_request(9))

    with pytest.raises(GlyphMissingError):
        await issue_document(request_number=number, act=act(), office=counter.office, database=counter.database)
    assert await list_rows(counter.node, "SELECT 1 FROM register.issued_document") == []
    assert await counter.events("document:issued") == []


async def test_a_node_without_a_key_refuses(counter: Counter) -> None:
    keyless = replace(counter.office, signer=None)
    number = await counter.request(copy_request())

    with pytest.raises(DocumentSigningKeyError, match="configuration"):
        await issue_document(request_number=number, act=act(), office=keyless, database=counter.database)


@pytest.mark.rule(Rule.PROTECTED_PERSON_NEEDS_REVIEW)
async def test_a_refusal_is_on_the_log_and_records_no_request(counter: Counter) -> None:
    await populate(counter.node, resident(5, is_protected=True), resident(6, household_number=5, relationship="夫"))

    with pytest.raises(ProtectedPersonError):
        await counter.request(copy_request(5, requester_number=6))
    assert await counter.events("document:%") == ["document:refused"]
    assert await list_rows(counter.node, "SELECT 1 FROM register.document_request") == []


async def test_the_disclosure_is_on_the_log_before_the_bytes_leave(counter: Counter) -> None:
    document = await counter.issue(copy_request())
    before = await counter.events("document:%")
    await counter.print(document)

    assert before == ["document:issued", "document:requested"]
    assert await counter.events("document:%") == ["document:issued", "document:opened", "document:requested"]


async def test_a_request_has_one_document(counter: Counter) -> None:
    number = await counter.request(copy_request())
    issues = (
        issue_document(request_number=number, act=act(), office=counter.office, database=counter.database)
        for _ in range(3)
    )
    results = await asyncio.gather(*issues, return_exceptions=True)

    assert sorted(type(one).__name__ for one in results) == ["DocumentRequestStateError"] * 2 + ["IssuedDocument"]
    assert DocumentRequestStateError.code == "conflict.document_request"


async def test_a_misprint_costs_nothing_and_its_number_is_void(counter: Counter) -> None:
    kept, spoilt = await counter.issue(copy_request()), await counter.issue(copy_request())
    with pytest.raises(MissingItemError, match="reason"):
        await void_document(document_number=spoilt.document_number, reason=" ", act=act(), database=counter.database)
    await void_document(document_number=spoilt.document_number, reason="紙づまり", act=act(), database=counter.database)
    await confirm_print(document_number=kept.document_number, act=act(), database=counter.database)

    async with counter.database.connection() as unit:
        totals = await list_fee_totals(unit, issued_on=TODAY)
        listed = await list_documents(unit, issued_on=TODAY, limit=10)
    assert [(one.operator_id, one.documents, one.voided, one.total_yen) for one in totals] == [("clerk", 1, 1, 300)]
    assert {one.document_number: one.state for one in listed} == {
        kept.document_number: "handed_over",
        spoilt.document_number: "void",
    }
    for document in (kept, spoilt):
        with pytest.raises(IssuedDocumentNotFoundError):
            await counter.print(document)
        with pytest.raises(IssuedDocumentStateError):
            await confirm_print(document_number=document.document_number, act=act(), database=counter.database)


async def test_a_move_out_certificate_carries_its_codes_and_costs_nothing(counter: Counter) -> None:
    moving = {"planned_move_out_on": "2026-05-01", "planned_move_out_to": "大阪府大阪市北区中之島一丁目1番1号"}
    await populate(counter.node, resident(7, **moving))
    document = await counter.issue(copy_request(7, kind=DocumentKind.MOVE_OUT_CERTIFICATE, is_reissue=True))
    text = "".join(texts_of(await counter.print(document)))

    assert document.fee_yen == 0
    assert "転出証明書" in text
    assert "再交付" in text
    assert code(7) in text.replace("-", "")


async def test_a_removed_record_has_its_own_copy(counter: Counter) -> None:
    await populate(counter.node, resident(8, is_removed=True, change_reason="move_out", changed_on="2026-03-01"))
    text = "".join(texts_of(await counter.print(await counter.issue(copy_request(8, kind=DocumentKind.REMOVED_COPY)))))

    assert "住民票の除票の写し" in text


async def test_a_document_is_verified_by_number_code_and_file(counter: Counter) -> None:
    document = await counter.issue(copy_request())
    content = await counter.print(document)
    text = "".join(texts_of(content))
    printed = next(text[i : i + 14] for i in range(len(text)) if _is_code(text[i : i + 14]))
    claim = DocumentClaim(document_number=document.document_number, code=printed, content=content)
    claims = [
        claim,
        replace(claim, content=content + b" "),
        replace(claim, sheet_digest="0" * 32),
        replace(claim, code="0000-0000-0000"),
        replace(claim, document_number="20260401-9999999"),
    ]
    answers = [await verify_document(claim=one, act=act(), database=counter.database) for one in claims]
    await void_document(document_number=document.document_number, reason="書損", act=act(), database=counter.database)
    void = await verify_document(claim=claim, act=act(), database=counter.database)

    assert [one.result for one in answers] == [VerificationResult.GENUINE, *[VerificationResult.UNKNOWN] * 4]
    assert answers[0].issued_on == TODAY
    assert void.result is VerificationResult.VOID
    assert len(await counter.events("document:verified")) == len(claims) + 1


def _is_code(text: str) -> bool:
    return len(text.split("-")) == 3 and all(
        len(part) == 4 and part.isalnum() and part.isascii() for part in text.split("-")
    )


async def test_codes_cannot_be_guessed_one_after_another(counter: Counter) -> None:
    wrong = DocumentClaim(document_number="20260401-0000001", code="0000-0000-0000")
    for _ in range(MOST_FAILED):
        await verify_document(claim=wrong, act=act(), database=counter.database)

    with pytest.raises(VerificationTooOftenError):
        await verify_document(claim=wrong, act=act(), database=counter.database)
