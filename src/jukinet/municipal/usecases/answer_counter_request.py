"""Answer what a resident asks for at the counter about his or her own information (窓口での提供状況の開示・利用登録).

The request is kept and on the log first; then the nation is asked, which logs it before it answers. Nothing of the
answer is kept here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.documents.sheets import DocumentMark
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import AlreadyExistsError, NotTheirResidentError, PeerAnswerError, PeerRefusedError
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_rights import CounterRequest, require_counter_request
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.counter_request_store import add_counter_request
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.notice_sheets import draw_notice, mark_of_notice
from jukinet.municipal.own_sheets import draw_enrolment_secret, enrolment_letter, sheet_of_uses
from jukinet.municipal.store import find_resident, list_household
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.require_open_register import require_open_register
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NATIONAL
from jukinet.protocol.person import ResidentEnrolment, UseLogAnswer, UseLogRequest
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 20.0
_LETTERS: Final = {CounterRequest.USE_LOG: "U", CounterRequest.PROOF_FILE: "V", CounterRequest.ENROLMENT: "E"}
_DRAWS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks for what, and how the clerk made sure."""

    kind: CounterRequest
    resident_number: int
    requester: Notifier
    identity_check: IdentityCheck
    shows_authority: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is handed over: a PDF to print, or a file."""

    content: bytes
    name: str
    is_pdf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    asked: Asked
    record: ResidentRecord
    mark: DocumentMark


async def answer_counter_request(
    *,
    asked: Asked,
    act: Act,
    office: DocumentOffice,
    client: MessageClient,
    choice: random.Random,
    database: Database,
) -> Answered:
    """Take the request, ask the nation, and return what the resident is handed.

    Raises:
        NotifierNotPermittedError, IdentityNotCheckedError, AuthorityNotShownError: as `require_counter_request`.
        NotTheirResidentError: the record is removed: whoever lives elsewhere asks there.
        PeerError: the nation could not be reached, or refused; the request stays on the log.
        DocumentSigningKeyError, GlyphMissingError, FontMissingError, DrawingFailedError: it cannot be printed.
    """
    if asked.kind is not CounterRequest.PROOF_FILE:
        office.require_signer()
    taken = await _take(asked, act, office, database)
    if asked.kind is CounterRequest.ENROLMENT:
        return await _enrol(taken, act, office, client, choice)
    is_proof = asked.kind is CounterRequest.PROOF_FILE
    request = UseLogRequest(
        resident_record_code=taken.record.resident_record_code,
        matter_number=taken.mark.number,
        operator=act.operator_id,
        with_proof=is_proof,
    )
    answer: UseLogAnswer = await client.send(NATIONAL, "use_log_request", request, deadline=_DEADLINE_SECONDS)
    if is_proof:
        if answer.proof is None or answer.proof_name is None:
            raise PeerAnswerError("The nation sent no proof file.")
        return Answered(content=answer.proof, name=answer.proof_name, is_pdf=False)
    words = f"{taken.mark.number}（{asked.requester.label}）"
    sheet = sheet_of_uses(answer, taken.record, request=words, issuer=office.issuer, mark=taken.mark)
    return Answered(content=await draw_notice(sheet, office, now=act.now), name=taken.mark.number, is_pdf=True)


async def _take(asked: Asked, act: Act, office: DocumentOffice, database: Database) -> _Taken:
    async with database.transaction() as unit:
        record = await find_resident(unit, asked.resident_number)
        await require_open_register(unit, node=act.node, now=act.now, records=(record,))
        household = await list_household(unit, record.household_number)
        require_counter_request(
            asked.kind,
            requester=asked.requester,
            identity_check=asked.identity_check,
            shows_authority=asked.shows_authority,
            is_protected=any(member.is_protected for member in (record, *household)),
        )
        if record.is_removed:
            raise NotTheirResidentError(field="resident_number")
        number = await add_counter_request(
            unit,
            kind=asked.kind.tag,
            resident_number=asked.resident_number,
            requester=asked.requester.tag,
            identity_check=asked.identity_check.tag,
            requested_at=act.now,
            requested_by=act.operator_id,
        )
        detail: dict[str, Any] = {
            "request_number": number,
            "kind": asked.kind.tag,
            "resident_number": asked.resident_number,
            "requester": asked.requester.tag,
        }
        event = Entry(
            event=AuditEvent.COUNTER_REQUEST_TAKEN,
            occurred_at=act.now,
            actor=act.operator_id,
            resident_record_code=record.resident_record_code,
            detail=detail,
        )
        await append(unit, [event])
    mark = mark_of_notice(office.issuer, _LETTERS[asked.kind], number, civil_day(act.now))
    return _Taken(asked=asked, record=record, mark=mark)


async def _enrol(
    taken: _Taken, act: Act, office: DocumentOffice, client: MessageClient, choice: random.Random
) -> Answered:
    for _ in range(_DRAWS - 1):
        try:
            return await _enrol_once(taken, act, office, client, choice)
        except PeerRefusedError as refusal:
            # The number drawn is somebody's: one in very many.
            if refusal.peer_code != AlreadyExistsError.code:
                raise
    return await _enrol_once(taken, act, office, client, choice)


async def _enrol_once(
    taken: _Taken, act: Act, office: DocumentOffice, client: MessageClient, choice: random.Random
) -> Answered:
    secret = draw_enrolment_secret(choice, today=civil_day(act.now))
    body = ResidentEnrolment(
        resident_record_code=taken.record.resident_record_code,
        account_number=secret.account_number,
        code_hash=secret.code_hash,
        valid_until=secret.valid_until,
        matter_number=taken.mark.number,
        operator=act.operator_id,
    )
    await client.send(NATIONAL, "resident_enrolment", body, deadline=_DEADLINE_SECONDS)
    sheet = enrolment_letter(secret, taken.record, page=office.resident_page, issuer=office.issuer, mark=taken.mark)
    return Answered(content=await draw_notice(sheet, office, now=act.now), name=taken.mark.number, is_pdf=True)
