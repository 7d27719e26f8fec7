"""What receivers reported about notices this node sent: put in quarantine there, with the reason (保留の報告)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from jukinet.domain.resident_record_code import is_resident_record_code
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import Quarantined
from jukinet.protocol.node_names import NodeName

_RECORD: Final = """
    INSERT INTO delivery.reported_quarantine
           (receiver, resident_record_code, update_sequence, reference, error_code, error_field, reported_at)
    VALUES (%(receiver)s, %(resident_record_code)s, %(update_sequence)s, %(reference)s, %(error_code)s,
            %(error_field)s, %(reported_at)s)
    ON CONFLICT DO NOTHING
"""

_LIST: Final = """
    SELECT receiver, resident_record_code, update_sequence, error_code, error_field, reported_at, reference
      FROM delivery.reported_quarantine
     ORDER BY reported_at DESC
     LIMIT %(limit)s
"""

_IS_REPORTED: Final = """
    SELECT EXISTS (
        SELECT
          FROM delivery.reported_quarantine
         WHERE resident_record_code = %(resident_record_code)s AND update_sequence = %(update_sequence)s
    )
"""


@dataclass(frozen=True, slots=True)
class ReportedQuarantine:
    """One notice of ours that a receiver did not apply: a change by code and update sequence, or by its `reference`."""

    receiver: str
    resident_record_code: str = field(repr=False)
    update_sequence: int
    error_code: str
    error_field: str | None
    reported_at: datetime
    reference: str


class _Identity(msgspec.Struct):
    """What identifies a notice: a change by code and update sequence, others by number. Other items are skipped."""

    resident_record_code: str = ""
    update_sequence: int = 0
    notice_number: str = ""

    def __repr__(self) -> str:
        return "_Identity(***)"


_decoder: Final = msgspec.json.Decoder(list[_Identity])


async def record_reports(
    unit: Unit, *, receiver: NodeName, notices: bytes, quarantined: Sequence[Quarantined], now: datetime
) -> None:
    """Keep what `receiver` reported about the array `notices` it was sent."""
    sent = _decoder.decode(notices)
    rows = [
        {
            "receiver": receiver.text,
            "resident_record_code": _known_code(sent[report.position]),
            "update_sequence": sent[report.position].update_sequence,
            "reference": sent[report.position].notice_number,
            "error_code": report.code,
            "error_field": report.field,
            "reported_at": now,
        }
        for report in quarantined
        if report.position < len(sent)
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_RECORD, rows)


def _known_code(sent: _Identity) -> str:
    """Return the code, empty where what stands in its place is none: it could be anything."""
    code = sent.resident_record_code
    return code if is_resident_record_code(code) else ""


async def list_reports(unit: Unit, *, limit: int) -> list[ReportedQuarantine]:
    """Return the newest reports."""
    cursor = await unit.execute(_LIST, {"limit": limit})
    return [ReportedQuarantine(*row) for row in await cursor.fetchall()]


async def is_reported(unit: Unit, *, resident_record_code: str, update_sequence: int) -> bool:
    """Return whether a receiver put this notice in quarantine."""
    parameters = {"resident_record_code": resident_record_code, "update_sequence": update_sequence}
    return (await (await unit.execute(_IS_REPORTED, parameters)).fetchone()) == (True,)
