"""Print the answer to a person's request, or that it takes longer: a disclosure is logged before it leaves (I4)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.disclosure.letters import answer_letter, extension_letter
from jukinet.disclosure.office import AnswerOffice, draw_answer
from jukinet.disclosure.request_store import RecordedRequest, find_request
from jukinet.disclosure.store import Disclosure, OwnRecord, find_own_record, log_disclosure
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import PersonRequestStateError
from jukinet.domain.person_requests import PersonDecision
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.rules import Rule, enforces
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.node_names import NodeName

_ITEMS: Final = ",".join(item.value for item in ProvisionItem)
_RANDOM_BYTES: Final = 10


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def print_answer(
    *, request_number: int, operator_id: str, node: NodeName, office: AnswerOffice, database: Database, now: datetime
) -> bytes:
    """Return the signed PDF of the answer. Printed again, it is disclosed again, and logged again.

    Raises:
        PersonRequestStateError: it is not decided, or the record is gone meanwhile.
        DocumentSigningKeyError, GlyphMissingError, FontMissingError, DrawingFailedError: it cannot be drawn.
    """
    async with database.transaction() as unit:
        recorded = await find_request(unit, request_number)
        if recorded.decision is None or not recorded.is_decided:
            raise PersonRequestStateError(field="request_number")
        is_disclosure = recorded.decision is PersonDecision.DISCLOSED
        record = await _disclose(unit, recorded, operator_id, node, now) if is_disclosure else None
        sheet = answer_letter(recorded, record, office=office, node=node, issued_on=civil_day(now))
        content = await draw_answer(sheet, office, now=now)
        await append(unit, [_printed(recorded, operator_id, now)])
    return content


async def print_extension(
    *, request_number: int, operator_id: str, node: NodeName, office: AnswerOffice, database: Database, now: datetime
) -> bytes:
    """Return the signed PDF that tells the person why it takes longer, and until when; raise as `print_answer`."""
    async with database.transaction() as unit:
        recorded = await find_request(unit, request_number)
        if recorded.extended_to is None:
            raise PersonRequestStateError(field="request_number")
        sheet = extension_letter(recorded, office=office, node=node, issued_on=civil_day(now))
        content = await draw_answer(sheet, office, now=now)
        await append(unit, [_printed(recorded, operator_id, now)])
    return content


async def _disclose(
    unit: Unit, recorded: RecordedRequest, operator_id: str, node: NodeName, now: datetime
) -> OwnRecord:
    code = recorded.request.resident_record_code
    record = None if code is None else await find_own_record(unit, code)
    if code is None or record is None:
        raise PersonRequestStateError(field="request_number")
    disclosure = Disclosure(
        message_id=new_message_id(now, secrets.token_bytes(_RANDOM_BYTES)),
        agency=node.text,
        resident_record_code=code,
        method="disclosure",
        affair="本人確認情報の開示",
        purpose="本人の請求による開示（書面）",
        matter_number=f"D{recorded.request_number:07d}",
        official=operator_id,
        items=_ITEMS,
        ground=recorded.request.right.ground_on(civil_day(now)),
    )
    await log_disclosure(unit, disclosure, now=now)
    return record


def _printed(recorded: RecordedRequest, operator_id: str, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.PERSON_ANSWER_PRINTED,
        occurred_at=now,
        actor=operator_id,
        resident_record_code=recorded.request.resident_record_code,
        detail={"request_number": recorded.request_number, "kind": recorded.request.right.tag},
    )
