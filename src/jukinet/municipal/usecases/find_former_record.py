"""Look for a person's earlier record anywhere (従前の住民票の検索), before entering him or her without a certificate.

The nation is asked, and the question is on this node's log. The code found is carried over, and the entry begins the
residence after the one found. Source: Act (–2015) art. 30-2(1); Act (2015–) art. 30-3(1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import FormerRecordNotFoundError, TooManyFormerRecordsError
from jukinet.domain.identification import Sex
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.update_sequence import residence_of
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database
from jukinet.protocol.former_record import FormerRecord, FormerRecordAnswer, FormerRecordQuery
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Who is looked for: by code, or by name, birth date and sex together; and for which procedure."""

    procedure: Procedure
    resident_record_code: ResidentRecordCode | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    birth_date: CivilDate | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """An earlier record, and which residence an entry here would begin."""

    record: FormerRecord = field(repr=False)

    @property
    def next_residence(self) -> int:
        """Return the number of the residence that follows, from 0."""
        return residence_of(self.record.update_sequence) + 1


async def find_former_record(
    *, sought: Sought, client: MessageClient, database: Database, act: Act
) -> tuple[FoundRecord, ...]:
    """Return the records that may be this person's: an operator decides which, if any.

    Raises:
        FormerRecordNotFoundError: nobody like this was ever recorded, or under another spelling.
        TooManyFormerRecordsError: several have this name, birth date and sex: ask for the code.
        PeerError: the nation cannot be reached or refuses.
    """
    query = FormerRecordQuery(
        resident_record_code=None if sought.resident_record_code is None else sought.resident_record_code.value,
        name=sought.name,
        birth_date=None if sought.birth_date is None else sought.birth_date.wire,
        sex=None if sought.sex is None else sought.sex.value,
        procedure=sought.procedure.value,
        operator=act.operator_id,
    )
    answer: FormerRecordAnswer = await client.send(NATIONAL, "former_record_query", query, deadline=_DEADLINE_SECONDS)
    async with database.transaction() as unit:
        await append(unit, _events(sought, answer, act))
    if answer.is_too_many:
        raise TooManyFormerRecordsError(field="name")
    if not answer.records:
        raise FormerRecordNotFoundError(field="resident_record_code" if sought.resident_record_code else "name")
    return tuple(FoundRecord(record) for record in answer.records)


def _events(sought: Sought, answer: FormerRecordAnswer, act: Act) -> list[Entry]:
    """Return one event for each person whose record was shown, or one that nothing was."""
    detail = {
        "procedure": sought.procedure.value,
        "asked_by": "name_and_birth_date" if sought.resident_record_code is None else "resident_record_code",
        "found": len(answer.records),
    }
    asked = None if sought.resident_record_code is None else sought.resident_record_code.value
    codes: list[str | None] = [record.resident_record_code for record in answer.records]
    return [
        Entry(
            event=AuditEvent.FORMER_RECORD_ASKED,
            occurred_at=act.now,
            actor=act.operator_id,
            resident_record_code=code,
            message_id=answer.use_log_id,
            detail=detail,
        )
        for code in codes or [asked]
    ]
