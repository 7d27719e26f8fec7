"""The statements that let an organ follow everybody a batch file found, a few thousand lines at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.domain.feed_changes import RecordVersion
from jukinet.national.feed_store import Subscription
from jukinet.postgres.database import Unit

_FIND_NEXT: Final = """
    SELECT agency, subscription_id
      FROM feed.subscription
     WHERE NOT is_complete AND ended_at IS NULL
     ORDER BY agency, subscription_id
     LIMIT 1
"""
_LIST_CHUNKS: Final = """
    SELECT result.first_byte, result.content
      FROM batch.result
      JOIN batch.file ON file.batch_number = result.batch_number
     WHERE file.agency = %(agency)s AND file.batch_id = %(batch_id)s AND result.first_byte >= %(first_byte)s
     ORDER BY result.first_byte
     LIMIT 1
"""
# Who was found stands on the use log; whoever got another code since is followed under the one that came after it.
_FOLLOW: Final = """
    WITH line AS (
        SELECT *
          FROM unnest(%(lines)s::integer[], %(references)s::text[]) AS line (place, reference)
    ), used AS (
        SELECT line.reference, uses.asked_by, coalesce(later.resident_record_code, uses.resident_record_code) AS code
          FROM line
          JOIN audit.use_log AS uses
            ON uses.message_id = %(batch_id)s AND uses.agency = %(agency)s AND uses.place = line.place
          LEFT JOIN identification.record AS later ON later.previous_resident_record_code = uses.resident_record_code
         WHERE uses.resident_record_code IS NOT NULL
    ), added AS (
        INSERT INTO feed.followed_person (resident_record_code, agency, subscription_id, reference, followed_by)
        SELECT DISTINCT ON (code) code, %(agency)s, %(subscription_id)s, reference, asked_by
          FROM used
         ORDER BY code, reference
            ON CONFLICT ON CONSTRAINT followed_person_pkey DO NOTHING
     RETURNING resident_record_code
    )
    SELECT resident_record_code FROM added
"""
# What was recorded since the file was matched is told as if it had been followed then.
_LIST_SINCE: Final = """
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, address,
           change_reason, previous_resident_record_code, update_sequence
      FROM identification.superseded_record
     WHERE resident_record_code = ANY(%(resident_record_codes)s) AND received_at >= %(since)s
     UNION ALL
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, address,
           change_reason, previous_resident_record_code, update_sequence
      FROM identification.record
     WHERE resident_record_code = ANY(%(resident_record_codes)s) AND received_at >= %(since)s
     ORDER BY resident_record_code, update_sequence
"""
_NOTE_PROGRESS: Final = """
    UPDATE feed.subscription
       SET lines = %(lines)s, first_byte = %(first_byte)s, is_complete = %(is_complete)s
     WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
"""
_FIND_FIRST_BYTE: Final = """
    SELECT first_byte FROM feed.subscription WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
"""


@dataclass(frozen=True, slots=True)
class LateChange:
    """A change that was recorded between the match of a file and the subscription to it."""

    version: RecordVersion = field(repr=False)
    previous_resident_record_code: str | None = field(repr=False)
    update_sequence: int


async def find_unfilled(unit: Unit) -> tuple[str, str] | None:
    """Return agency and id of a subscription whose file is not followed to its end."""
    row = await (await unit.execute(_FIND_NEXT)).fetchone()
    return None if row is None else (row[0], row[1])


async def find_progress(unit: Unit, subscription: Subscription) -> int:
    """Return the first byte of the piece of results that comes next."""
    parameters = {"agency": subscription.agency, "subscription_id": subscription.subscription_id}
    row = await (await unit.execute(_FIND_FIRST_BYTE, parameters)).fetchone()
    return 0 if row is None else int(row[0])


async def find_results(unit: Unit, subscription: Subscription, *, first_byte: int) -> tuple[int, bytes] | None:
    """Return the piece of results at or after a byte, and where it begins; None after the last."""
    parameters = {"agency": subscription.agency, "batch_id": subscription.batch_id, "first_byte": first_byte}
    row = await (await unit.execute(_LIST_CHUNKS, parameters)).fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


async def follow_lines(unit: Unit, subscription: Subscription, lines: Sequence[tuple[int, str]]) -> list[str]:
    """Follow whom these lines (number and reference) found; return the codes of those who are new."""
    parameters = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "batch_id": subscription.batch_id,
        "lines": [line for line, _ in lines],
        "references": [reference for _, reference in lines],
    }
    return [code for (code,) in await (await unit.execute(_FOLLOW, parameters)).fetchall()]


async def list_late_changes(unit: Unit, resident_record_codes: Sequence[str], *, since: datetime) -> list[LateChange]:
    """Return the changes of these people recorded since an instant, in order."""
    parameters = {"resident_record_codes": list(resident_record_codes), "since": since}
    rows = await (await unit.execute(_LIST_SINCE, parameters)).fetchall()
    return [LateChange(RecordVersion(*row[:10]), row[10], row[11]) for row in rows]


async def note_progress(
    unit: Unit, subscription: Subscription, *, lines: int, first_byte: int, is_complete: bool
) -> None:
    """Note how far the file is followed."""
    parameters = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "lines": lines,
        "first_byte": first_byte,
        "is_complete": is_complete,
    }
    await unit.execute(_NOTE_PROGRESS, parameters)
