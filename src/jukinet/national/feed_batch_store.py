"""The statements that let an organ follow everybody a batch file found, a few thousand lines at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

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
# Each portion of a file that was matched in one transaction has its entries on the use log and its piece of results.
_FIND_PORTION: Final = """
    WITH portion AS (
        SELECT portion, asked_by
          FROM audit.file_use
         WHERE message_id = %(batch_id)s AND agency = %(agency)s
         ORDER BY portion
        OFFSET %(portions)s
         LIMIT 1
    ), piece AS (
        SELECT result.content
          FROM batch.result
          JOIN batch.file ON file.batch_number = result.batch_number
         WHERE file.agency = %(agency)s AND file.batch_id = %(batch_id)s
         ORDER BY result.portion
        OFFSET %(portions)s
         LIMIT 1
    )
    SELECT portion.portion, portion.asked_by, piece.content
      FROM portion, piece
"""
_LIST_MEMBERS: Final = """
    SELECT codes, places
      FROM audit.file_use_page
     WHERE message_id = %(batch_id)s AND agency = %(agency)s AND portion = %(portion)s
     ORDER BY page
"""
# Whoever got another code since is followed under the one that came after it.
_FOLLOW: Final = """
    WITH found AS (
        SELECT member.reference, coalesce(later.resident_record_code, member.code) AS code
          FROM unnest(%(codes)s::text[], %(references)s::text[]) AS member (code, reference)
          LEFT JOIN identification.record AS later ON later.previous_resident_record_code = member.code
    ), added AS (
        INSERT INTO feed.followed_person
               (resident_record_code, agency, subscription_id, reference, followed_by, followed_after)
        SELECT DISTINCT ON (code) code, %(agency)s, %(subscription_id)s, reference, %(followed_by)s,
               (SELECT last_sequence FROM feed.reader WHERE reader.agency = %(agency)s)
          FROM found
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
       SET lines = %(lines)s, portions = %(portions)s
     WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
"""
_FINISH: Final = """
    UPDATE feed.subscription SET is_complete = true
     WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
"""
_FIND_PORTIONS: Final = """
    SELECT portions FROM feed.subscription WHERE agency = %(agency)s AND subscription_id = %(subscription_id)s
"""


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a file that was matched in one transaction: its lines of results, and who was named by which line."""

    #: How many portions came before it.
    number: int
    followed_by: str
    content: bytes = field(repr=False)
    members: Mapping[int, str] = field(repr=False)


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


async def find_portion(unit: Unit, subscription: Subscription) -> Portion | None:
    """Return the portion of the file that comes next; None after the last."""
    parameters: dict[str, Any] = {"agency": subscription.agency, "subscription_id": subscription.subscription_id}
    row = await (await unit.execute(_FIND_PORTIONS, parameters)).fetchone()
    portions = 0 if row is None else int(row[0])
    parameters |= {"batch_id": subscription.batch_id, "portions": portions}
    row = await (await unit.execute(_FIND_PORTION, parameters)).fetchone()
    if row is None:
        return None
    cursor = await unit.execute(_LIST_MEMBERS, parameters | {"portion": row[0]})
    members = {
        place: code for codes, places in await cursor.fetchall() for code, place in zip(codes, places, strict=True)
    }
    return Portion(portions, row[1], bytes(row[2]), members)


async def follow_members(
    unit: Unit, subscription: Subscription, members: Sequence[tuple[str, str]], *, followed_by: str
) -> list[str]:
    """Follow these people, each a code and a reference; return the codes of those who are new."""
    parameters = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "codes": [code for code, _ in members],
        "references": [reference for _, reference in members],
        "followed_by": followed_by,
    }
    return [code for (code,) in await (await unit.execute(_FOLLOW, parameters)).fetchall()]


async def list_late_changes(unit: Unit, resident_record_codes: Sequence[str], *, since: datetime) -> list[LateChange]:
    """Return the changes of these people recorded since an instant, in order."""
    parameters = {"resident_record_codes": list(resident_record_codes), "since": since}
    rows = await (await unit.execute(_LIST_SINCE, parameters)).fetchall()
    return [LateChange(RecordVersion(*row[:10]), row[10], row[11]) for row in rows]


async def note_progress(unit: Unit, subscription: Subscription, *, lines: int, portions: int) -> None:
    """Note how far the file is followed."""
    parameters = {
        "agency": subscription.agency,
        "subscription_id": subscription.subscription_id,
        "lines": lines,
        "portions": portions,
    }
    await unit.execute(_NOTE_PROGRESS, parameters)


async def finish(unit: Unit, subscription: Subscription) -> None:
    """Note that the file is followed to its end."""
    await unit.execute(_FINISH, {"agency": subscription.agency, "subscription_id": subscription.subscription_id})
