"""Give a counter the use log of a resident it has identified (提供状況の開示): logged, then answered (I4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.proof_file import make_proof_file
from jukinet.audit.store import Entry, append
from jukinet.audit.use_page import Use, list_uses_page
from jukinet.audit.wording import Describer
from jukinet.disclosure.store import Disclosure, log_disclosure
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import MalformedRequestError, MissingItemError, NotTheirResidentError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import wards_of
from jukinet.domain.person_rights import use_log_ground
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces
from jukinet.national.person_store import find_place
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.node_names import NodeName
from jukinet.protocol.person import DisclosedUse, UseLogAnswer, UseLogRequest

#: A person with more uses is told of the newest on paper; the proof file has all of them.
MOST_DISCLOSED: Final = 1_000
_LONGEST_TEXT: Final = 200


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def provide_use_log(
    *,
    request: UseLogRequest,
    municipality: NodeName,
    message_id: str,
    log: str,
    describer: Describer,
    database: Database,
    now: datetime,
) -> UseLogAnswer:
    """Return the uses of a resident of the municipality that asks, among them this very request.

    Raises:
        NotTheirResidentError: the person is not, or no longer, a resident there; it is not said which.
        InvalidValueError: an item is missing, or cannot be.
        ReplayedMessageError: this request was answered before.
        NotSealedYetError: the proof file was asked for and nothing was ever sealed.
    """
    require_stated(request.matter_number, "matter_number")
    require_stated(request.operator, "operator")
    code = ResidentRecordCode.parse(request.resident_record_code).value
    disclosure = _disclosure(request, code, municipality, message_id, civil_day(now))
    event = AuditEvent.USES_PROVED if request.with_proof else AuditEvent.USES_VIEWED
    await _log(disclosure, event, municipality=municipality, database=database, now=now)
    async with database.connection() as connection:
        page = await list_uses_page(connection, code, describer=describer, limit=MOST_DISCLOSED)
    proof = await make_proof_file(database, code, log=log, now=now) if request.with_proof else None
    return UseLogAnswer(
        use_log_id=message_id,
        total=page.total,
        uses=tuple(disclosed_use(use) for use in page.uses),
        proof=None if proof is None else proof.content,
        proof_name=None if proof is None else proof.name,
    )


def _disclosure(request: UseLogRequest, code: str, municipality: NodeName, message_id: str, today: date) -> Disclosure:
    return Disclosure(
        message_id=message_id,
        agency=municipality.text,
        resident_record_code=code,
        method="use_log",
        affair="提供状況の開示",
        purpose="本人の求めによる提供状況の開示（市町村の窓口）",
        matter_number=request.matter_number,
        official=request.operator,
        ground=use_log_ground(today),
    )


async def _log(
    disclosure: Disclosure, event: AuditEvent, *, municipality: NodeName, database: Database, now: datetime
) -> None:
    code = disclosure.resident_record_code
    entry = Entry(
        event=event,
        occurred_at=now,
        actor=municipality.text,
        resident_record_code=code,
        message_id=disclosure.message_id,
    )
    async with database.transaction() as unit:
        await require_their_resident(unit, municipality=municipality, resident_record_code=code)
        await log_disclosure(unit, disclosure, now=now)
        await append(unit, [entry])


async def require_their_resident(unit: Unit, *, municipality: NodeName, resident_record_code: str) -> None:
    """Raise NotTheirResidentError unless the person lives in the municipality, or in one of its wards."""
    own = LocalGovernmentCode(municipality.code)
    places = {municipality.code, *(ward.code.value for ward in wards_of(own))}
    found = await find_place(unit, resident_record_code)
    if found is None or found[1] or found[0] not in places:
        raise NotTheirResidentError(field="resident_record_code")


def require_stated(text: str, name: str) -> None:
    """Refuse a text that says nothing, is too long, or cannot be shown; raise InvalidValueError."""
    if not text.strip() or len(text) > _LONGEST_TEXT:
        raise MissingItemError(f"This item is needed, with at most {_LONGEST_TEXT} characters.", field=name)
    if not text.isprintable():
        raise MalformedRequestError("This item has a character that cannot be shown.", field=name)


def disclosed_use(use: Use) -> DisclosedUse:
    """Return a use as it leaves the node: in Japanese, without the official's name."""
    return DisclosedUse(
        ordinal=use.ordinal,
        used_at=use.used_at,
        organ=use.wording.organ,
        office=use.office,
        method=use.wording.method,
        affair=use.affair,
        affair_text=use.wording.affair,
        purpose=use.purpose,
        matter_number=use.matter_number,
        items=use.wording.items,
        ground=use.wording.ground,
        is_found=use.is_found,
    )
