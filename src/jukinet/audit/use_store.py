"""Entries of the use log as they are read: for the person, for the log's leaves, and for its proofs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.postgres.database import Unit

SALT_BYTES: Final = 32
#: What stands after every message id: a page begins at the newest entry.
NEWEST: Final = ("~", "", 0)

# An entry stands by itself (use_log), or as one of a file: with a leaf (file_leaf), or not yet, and then it is found in
# the pages of its portion.
_LIST_USES: Final = """
    WITH member AS (
        SELECT page.message_id, page.agency, page.portion, listed.place, listed.kind
          FROM audit.unsealed_file_use AS unsealed
          JOIN audit.file_use_page AS page USING (message_id, agency, portion)
         CROSS JOIN unnest(page.codes, page.places, page.kinds) AS listed (code, place, kind)
         WHERE (unsealed.pages IS NULL
                OR page.page = right(%(resident_record_code)s, 6)::integer %% unsealed.pages)
           AND listed.code = %(resident_record_code)s
    )
    (SELECT u.message_id, u.agency, u.place, u.used_at, u.resident_record_code, u.method, u.affair, u.purpose,
            u.matter_number, u.official, u.asked_by, u.result, u.items, u.office, u.ground, u.withheld_reason,
            u.withheld_until, COALESCE(revealed.ordinal, sealed.ordinal)
       FROM audit.use_log AS u
       LEFT JOIN audit.leaf AS sealed
         ON sealed.message_id = u.message_id AND sealed.agency = u.agency AND sealed.place = u.place
        AND sealed.kind = 'use'
       LEFT JOIN audit.leaf AS revealed
         ON revealed.message_id = u.message_id AND revealed.agency = u.agency AND revealed.place = u.place
        AND revealed.kind = 'reveal'
      WHERE u.resident_record_code = %(resident_record_code)s
        AND (u.withheld_reason IS NULL OR revealed.message_id IS NOT NULL)
        AND (u.message_id, u.agency, u.place) < (%(message_id)s, %(agency)s, %(place)s)
      ORDER BY u.message_id DESC, u.agency DESC, u.place DESC
      LIMIT %(limit)s)
     UNION ALL
    (SELECT leaf.message_id, leaf.agency, leaf.place, file.used_at, leaf.resident_record_code, file.method,
            file.affair, file.purpose, file.matter_number, file.official, file.asked_by, file.results[leaf.kind + 1],
            file.items[leaf.kind + 1], file.office, file.ground, NULL, NULL, leaf.ordinal
       FROM audit.file_leaf AS leaf
       JOIN audit.file_use AS file USING (message_id, agency, portion)
      WHERE leaf.resident_record_code = %(resident_record_code)s
        AND (leaf.message_id, leaf.agency, leaf.place) < (%(message_id)s, %(agency)s, %(place)s)
      ORDER BY leaf.message_id DESC, leaf.agency DESC, leaf.place DESC
      LIMIT %(limit)s)
     UNION ALL
    (SELECT member.message_id, member.agency, member.place, file.used_at, %(resident_record_code)s, file.method,
            file.affair, file.purpose, file.matter_number, file.official, file.asked_by,
            file.results[member.kind + 1], file.items[member.kind + 1], file.office, file.ground, NULL, NULL, NULL
       FROM member
       JOIN audit.file_use AS file USING (message_id, agency, portion)
      WHERE (member.message_id, member.agency, member.place) < (%(message_id)s, %(agency)s, %(place)s))
     ORDER BY 1 DESC, 2 DESC, 3 DESC
     LIMIT %(limit)s
"""
_COUNT_USES: Final = """
    SELECT (SELECT count(*)
              FROM audit.use_log AS u
             WHERE u.resident_record_code = %(resident_record_code)s
               AND (u.withheld_reason IS NULL
                    OR EXISTS (SELECT FROM audit.leaf AS revealed
                                WHERE revealed.message_id = u.message_id AND revealed.agency = u.agency
                                  AND revealed.place = u.place AND revealed.kind = 'reveal')))
         + (SELECT count(*) FROM audit.file_leaf WHERE resident_record_code = %(resident_record_code)s)
         + (SELECT count(*)
              FROM audit.unsealed_file_use AS unsealed
              JOIN audit.file_use_page AS page USING (message_id, agency, portion)
             CROSS JOIN unnest(page.codes) AS listed (code)
             WHERE (unsealed.pages IS NULL
                    OR page.page = right(%(resident_record_code)s, 6)::integer %% unsealed.pages)
               AND listed.code = %(resident_record_code)s)
"""
# An entry of a file has no salt and no wording of its own: they follow from the seal of its portion.
_LIST_SEALED: Final = """
    SELECT u.message_id, u.agency, u.place, u.used_at, u.resident_record_code, u.method, u.affair, u.purpose,
           u.matter_number, u.official, u.asked_by, u.result, u.items, u.office, u.ground, u.withheld_reason,
           u.withheld_until, leaf.kind, leaf.leaf_index, leaf.ordinal, leaf.salt, leaf.wording, leaf.content,
           false
      FROM audit.leaf
      JOIN audit.use_log AS u
        ON u.message_id = leaf.message_id AND u.agency = leaf.agency AND u.place = leaf.place
     WHERE leaf.resident_record_code = %(resident_record_code)s
     UNION ALL
    SELECT leaf.message_id, leaf.agency, leaf.place, file.used_at, leaf.resident_record_code, file.method,
           file.affair, file.purpose, file.matter_number, file.official, file.asked_by, file.results[leaf.kind + 1],
           file.items[leaf.kind + 1], file.office, file.ground, NULL, NULL, 'use', leaf.leaf_index, leaf.ordinal,
           sealed.secret, sealed.wordings[leaf.kind + 1], NULL, true
      FROM audit.file_leaf AS leaf
      JOIN audit.file_use AS file USING (message_id, agency, portion)
      JOIN audit.sealed_file_use AS sealed USING (message_id, agency, portion)
     WHERE leaf.resident_record_code = %(resident_record_code)s
     ORDER BY 20
"""
_LIST_ORIGINALS: Final = """
    SELECT original.message_id, original.agency, original.place, original.leaf_index, original.salt, original.wording
      FROM audit.leaf AS reveal
      JOIN audit.leaf AS original
        ON original.message_id = reveal.message_id AND original.agency = reveal.agency
       AND original.place = reveal.place AND original.kind = 'use'
     WHERE reveal.resident_record_code = %(resident_record_code)s
       AND reveal.kind = 'reveal'
"""
_RELEASE_USE: Final = """
    INSERT INTO audit.released_use (message_id, agency, place, released_at, ground, operator, approved_by)
    SELECT message_id, agency, place, %(released_at)s, %(ground)s, %(operator)s, %(approved_by)s
      FROM audit.use_log
     WHERE message_id = %(message_id)s AND agency = %(agency)s AND place = %(place)s
       AND withheld_reason = 'third_party'
        ON CONFLICT (message_id, agency, place) DO NOTHING
 RETURNING (SELECT resident_record_code
               FROM audit.use_log AS u
              WHERE u.message_id = released_use.message_id AND u.agency = released_use.agency
                AND u.place = released_use.place)
"""


@dataclass(frozen=True, slots=True)
class LoggedUse:
    """One entry of `audit.use_log`."""

    message_id: str
    agency: str
    place: int
    used_at: datetime
    resident_record_code: str | None = field(repr=False)
    method: str
    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    asked_by: str
    result: str
    items: str
    office: str | None
    ground: str | None
    withheld_reason: str | None
    withheld_until: date | None

    @property
    def identity(self) -> tuple[str, str, int]:
        """Return what names the entry."""
        return (self.message_id, self.agency, self.place)


#: How many columns an entry has, in the statements that read it.
USE_COLUMNS: Final = 17


@dataclass(frozen=True, slots=True)
class SealedUse:
    """An entry of a person's chain with its leaf."""

    use: LoggedUse
    kind: str
    leaf_index: int
    ordinal: int
    salt: bytes = field(repr=False)
    wording: bytes | None
    content: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class OriginalLeaf:
    """The leaf of an entry that was withheld when it was sealed."""

    leaf_index: int
    salt: bytes = field(repr=False)
    wording: bytes | None


async def list_logged_uses(
    unit: Unit, resident_record_code: str, *, before: tuple[str, str, int], limit: int
) -> list[tuple[LoggedUse, int | None]]:
    """Return the newest entries about a person before this one, each with its ordinal once it is sealed.

    What is withheld is not among them, nor counted anywhere, until its term ends.
    """
    message_id, agency, place = before
    parameters = {
        "resident_record_code": resident_record_code,
        "message_id": message_id,
        "agency": agency,
        "place": place,
        "limit": limit,
    }
    cursor = await unit.execute(_LIST_USES, parameters)
    return [(LoggedUse(*row[:USE_COLUMNS]), row[USE_COLUMNS]) for row in await cursor.fetchall()]


async def count_logged_uses(unit: Unit, resident_record_code: str) -> int:
    """Return how many entries about a person are shown."""
    cursor = await unit.execute(_COUNT_USES, {"resident_record_code": resident_record_code})
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def list_sealed_uses(unit: Unit, resident_record_code: str) -> list[SealedUse]:
    """Return a person's chain, from its first entry."""
    cursor = await unit.execute(_LIST_SEALED, {"resident_record_code": resident_record_code})
    return [_read_sealed(row) for row in await cursor.fetchall()]


def _read_sealed(row: tuple[Any, ...]) -> SealedUse:
    use = LoggedUse(*row[:USE_COLUMNS])
    kind, leaf_index, ordinal, salt, wording, content, is_of_file = row[USE_COLUMNS:]
    own = salt_of_place(bytes(salt), use.place) if is_of_file else bytes(salt)
    return SealedUse(use, kind, leaf_index, ordinal, own, wording, content)


def salt_of_place(secret: bytes, place: int) -> bytes:
    """Return the salt of one entry of a file: whoever knows some of them can tell no other without the secret."""
    return blake2b(place.to_bytes(4, "big"), key=secret, digest_size=SALT_BYTES).digest()


async def list_originals(unit: Unit, resident_record_code: str) -> dict[tuple[str, str, int], OriginalLeaf]:
    """Return the leaves of those entries of a person's chain that were withheld when they were sealed."""
    cursor = await unit.execute(_LIST_ORIGINALS, {"resident_record_code": resident_record_code})
    return {(row[0], row[1], row[2]): OriginalLeaf(*row[3:]) for row in await cursor.fetchall()}


async def release_use(
    unit: Unit,
    identity: tuple[str, str, int],
    *,
    ground: str,
    operator: str,
    approved_by: str,
    now: datetime,
) -> bool:
    """Record that the condition for showing an entry withheld for a third party is met; tell whether there was one.

    Two people state it: `operator` and `approved_by` differ. The person sees the entry after the next sealing. An entry
    of an investigation has a term and no other way out.
    """
    message_id, agency, place = identity
    parameters: dict[str, Any] = {
        "message_id": message_id,
        "agency": agency,
        "place": place,
        "released_at": now,
        "ground": ground,
        "operator": operator,
        "approved_by": approved_by,
    }
    cursor = await unit.execute(_RELEASE_USE, parameters)
    row = await cursor.fetchone()
    if row is None:
        return False
    named = ("message_id", "agency", "place", "ground", "approved_by")
    event = Entry(
        event=AuditEvent.USE_RELEASED,
        occurred_at=now,
        actor=operator,
        resident_record_code=row[0],
        detail={name: parameters[name] for name in named},
    )
    await append(unit, [event])
    return True
