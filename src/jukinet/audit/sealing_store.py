"""What sealing reads and writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from jukinet.audit.use_store import USE_COLUMNS, LoggedUse
from jukinet.postgres.database import Unit

#: A snapshot in which nothing has happened yet.
FIRST_HORIZON: Final = "1:1:"
#: As COPY writes what is not there.
_NULL: Final = "\\N"
#: Entries sealed at a time.
CHUNK: Final = 2_000

# Held until the end of the transaction; two sealings at once would number their leaves alike.
_TRY_LOCK: Final = "SELECT pg_try_advisory_xact_lock(hashtext('jukinet.audit.sealing'))"
_FIND_HORIZON: Final = "SELECT pg_current_snapshot()::text"
# A database that was restored on another server counts its transactions anew.
_WAS_RESTORED: Final = """
    SELECT pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmin(%(horizon)s::pg_snapshot)
"""
# What the last snapshot shows was sealed then: everything else is new, whatever the order of its transactions. The
# search for a leaf finds nothing as a rule; it keeps what a restored database numbered twice from being sealed twice.
_READ_UNSEALED: Final = """
    SELECT u.message_id, u.agency, u.place, u.used_at, u.resident_record_code, u.method, u.affair, u.purpose,
           u.matter_number, u.official, u.asked_by, u.result, u.items, u.office, u.ground, u.withheld_reason,
           u.withheld_until
      FROM audit.use_log AS u
     WHERE u.recorded_in >= pg_snapshot_xmin(%(before)s::pg_snapshot)
       AND NOT pg_visible_in_snapshot(u.recorded_in, %(before)s::pg_snapshot)
       AND NOT EXISTS (SELECT FROM audit.leaf
                        WHERE leaf.message_id = u.message_id AND leaf.agency = u.agency AND leaf.place = u.place
                          AND leaf.kind = 'use')
     ORDER BY u.recorded_in, u.message_id, u.agency, u.place
"""
_LIST_UNSEALED_SETS: Final = """
    SELECT c.message_id, c.agency, c.content
      FROM audit.set_commitment AS c
     WHERE c.recorded_in >= pg_snapshot_xmin(%(before)s::pg_snapshot)
       AND NOT pg_visible_in_snapshot(c.recorded_in, %(before)s::pg_snapshot)
       AND NOT EXISTS (SELECT FROM audit.leaf
                        WHERE leaf.message_id = c.message_id AND leaf.agency = c.agency AND leaf.place = 0
                          AND leaf.kind = 'set')
     ORDER BY c.recorded_in, c.message_id, c.agency
"""
_LIST_DUE_REVEALS: Final = """
    SELECT u.message_id, u.agency, u.place, u.used_at, u.resident_record_code, u.method, u.affair, u.purpose,
           u.matter_number, u.official, u.asked_by, u.result, u.items, u.office, u.ground, u.withheld_reason,
           u.withheld_until, original.leaf_index, original.salt, original.wording
      FROM audit.use_log AS u
      JOIN audit.leaf AS original
        ON original.message_id = u.message_id AND original.agency = u.agency AND original.place = u.place
       AND original.kind = 'use'
     WHERE u.withheld_reason IS NOT NULL
       AND u.resident_record_code IS NOT NULL
       AND (u.withheld_until <= %(today)s
            OR EXISTS (SELECT FROM audit.released_use AS released
                        WHERE released.message_id = u.message_id AND released.agency = u.agency
                          AND released.place = u.place))
       AND NOT EXISTS (SELECT FROM audit.leaf AS reveal
                        WHERE reveal.message_id = u.message_id AND reveal.agency = u.agency
                          AND reveal.place = u.place AND reveal.kind = 'reveal')
     ORDER BY original.leaf_index
     LIMIT 10000
"""
_COPY_LEAVES: Final = """
    COPY audit.leaf (message_id, agency, place, kind, leaf_index, salt, wording, resident_record_code, ordinal, content)
    FROM STDIN
"""
_COPY_PAGES: Final = "COPY audit.log_page (level, position, nodes) FROM STDIN"
_WRITE_WORDINGS: Final = """
    INSERT INTO audit.wording (digest, content)
    SELECT digest, content
      FROM unnest(%(digests)s::bytea[], %(contents)s::text[]) AS written (digest, content)
        ON CONFLICT (digest) DO NOTHING
"""
_FIND_WORDINGS: Final = "SELECT digest, content FROM audit.wording WHERE digest = ANY(%(digests)s::bytea[])"
_FIND_PAGES: Final = """
    SELECT page.level, page.position, page.nodes
      FROM unnest(%(levels)s::smallint[], %(positions)s::bigint[]) AS wanted (level, position)
      JOIN audit.log_page AS page ON page.position = wanted.position AND page.level = wanted.level
"""
_COUNT_UNSEALED: Final = """
    SELECT count(*), min(used_at)
      FROM audit.use_log
     WHERE recorded_in >= pg_snapshot_xmin(%(before)s::pg_snapshot)
       AND NOT pg_visible_in_snapshot(recorded_in, %(before)s::pg_snapshot)
"""


class Leaf(NamedTuple):
    """One leaf, as its table has it, with what it is about."""

    identity: tuple[str, str, int]
    kind: str
    leaf_index: int
    salt: bytes
    wording: bytes | None
    person: str | None
    ordinal: int | None
    content: str | None

    def __repr__(self) -> str:
        return f"Leaf(kind={self.kind!r}, leaf_index={self.leaf_index})"


async def is_sealing_elsewhere(unit: Unit) -> bool:
    """Tell whether another transaction seals; if not, this one does until it ends."""
    row = await (await unit.execute(_TRY_LOCK)).fetchone()
    return row is None or not row[0]


async def find_horizon(unit: Unit) -> str:
    """Return which transactions have ended by now. Statements after this one see what they wrote."""
    row = await (await unit.execute(_FIND_HORIZON)).fetchone()
    return FIRST_HORIZON if row is None else str(row[0])


async def was_restored(unit: Unit, horizon: str) -> bool:
    """Tell whether the transactions of that snapshot are those of another server."""
    row = await (await unit.execute(_WAS_RESTORED, {"horizon": horizon})).fetchone()
    return row is not None and bool(row[0])


async def read_unsealed_uses(unit: Unit, before: str) -> AsyncIterator[list[LoggedUse]]:
    """Yield the entries that a snapshot does not show, in chunks; their number does not matter for memory."""
    async with unit.cursor(name="unsealed_uses") as cursor:
        await cursor.execute(_READ_UNSEALED, {"before": before})
        while rows := await cursor.fetchmany(CHUNK):
            yield [LoggedUse(*row) for row in rows]


async def list_unsealed_sets(unit: Unit, before: str) -> list[tuple[str, str, str]]:
    """Return the commitments to sets that a snapshot does not show: message id, agency and text."""
    cursor = await unit.execute(_LIST_UNSEALED_SETS, {"before": before})
    return [(row[0], row[1], row[2]) for row in await cursor.fetchall()]


async def list_due_reveals(unit: Unit, today: date) -> list[tuple[LoggedUse, int, bytes, bytes]]:
    """Return sealed entries to be shown from today on, each with the index, salt and wording of its leaf."""
    cursor = await unit.execute(_LIST_DUE_REVEALS, {"today": today})
    return [
        (LoggedUse(*row[:USE_COLUMNS]), row[USE_COLUMNS], bytes(row[USE_COLUMNS + 1]), bytes(row[USE_COLUMNS + 2]))
        for row in await cursor.fetchall()
    ]


async def write_leaves(unit: Unit, leaves: Sequence[Leaf]) -> None:
    """Write leaves."""
    if not leaves:
        return
    # As text made here: a row of the driver's costs several times as much.
    async with unit.cursor() as cursor, cursor.copy(_COPY_LEAVES) as copy:
        await copy.write("".join(map(_line, leaves)))


def _line(leaf: Leaf) -> str:
    message_id, agency, place = leaf.identity
    wording = _NULL if leaf.wording is None else f"\\\\x{leaf.wording.hex()}"
    person = _NULL if leaf.person is None else leaf.person
    ordinal = _NULL if leaf.ordinal is None else leaf.ordinal
    content = _NULL if leaf.content is None else _escape(leaf.content)
    return (
        f"{_escape(message_id)}\t{_escape(agency)}\t{place}\t{leaf.kind}\t{leaf.leaf_index}\t\\\\x{leaf.salt.hex()}"
        f"\t{wording}\t{person}\t{ordinal}\t{content}\n"
    )


def _escape(text: str) -> str:
    """Return the text as COPY reads it."""
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


async def write_log_pages(unit: Unit, pages: Sequence[tuple[int, int, bytes]]) -> None:
    """Write completed pages of the log."""
    if not pages:
        return
    async with unit.cursor() as cursor, cursor.copy(_COPY_PAGES) as copy:
        await copy.write("".join([f"{level}\t{position}\t\\\\x{nodes.hex()}\n" for level, position, nodes in pages]))


async def find_log_pages(unit: Unit, pages: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Return these pages of the log by level and position."""
    names = {"levels": [level for level, _ in pages], "positions": [position for _, position in pages]}
    cursor = await unit.execute(_FIND_PAGES, names)
    return {(row[0], row[1]): bytes(row[2]) for row in await cursor.fetchall()}


async def write_wordings(unit: Unit, wordings: Mapping[bytes, str]) -> None:
    """Write those wordings that are not there yet."""
    if wordings:
        names: dict[str, Any] = {"digests": list(wordings), "contents": list(wordings.values())}
        await unit.execute(_WRITE_WORDINGS, names)


async def find_wordings(unit: Unit, digests: Sequence[bytes]) -> dict[str, str]:
    """Return these wordings by their hash in hexadecimal digits."""
    cursor = await unit.execute(_FIND_WORDINGS, {"digests": list(digests)})
    return {bytes(row[0]).hex(): row[1] for row in await cursor.fetchall()}


async def count_unsealed(unit: Unit, before: str) -> tuple[int, Any]:
    """Return how many entries a snapshot does not show, and when the oldest of them was made."""
    row = await (await unit.execute(_COUNT_UNSEALED, {"before": before})).fetchone()
    return (0, None) if row is None else (int(row[0]), row[1])
