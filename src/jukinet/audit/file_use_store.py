"""Entries of files as sealing reads and writes them: a portion of a file at a time (一括提供の提供状況).

What the entries of a portion have in common is one row, the persons are pages of it, and so is the seal one row: salts
and wordings follow from it. Only where a person's leaves are is kept for each entry, with the index by person.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from jukinet.audit.use_store import LoggedUse
from jukinet.postgres.database import Unit

#: Pages of persons read at once.
_PAGES_AT_ONCE: Final = 4

_LIST_UNSEALED: Final = """
    SELECT f.message_id, f.agency, f.portion, f.used_at, f.method, f.affair, f.purpose, f.matter_number, f.official,
           f.asked_by, f.office, f.ground, f.results, f.items
      FROM audit.file_use AS f
     WHERE f.recorded_in >= pg_snapshot_xmin(%(before)s::pg_snapshot)
       AND NOT pg_visible_in_snapshot(f.recorded_in, %(before)s::pg_snapshot)
       AND NOT EXISTS (SELECT FROM audit.sealed_file_use AS sealed
                        WHERE sealed.message_id = f.message_id AND sealed.agency = f.agency
                          AND sealed.portion = f.portion)
     ORDER BY f.recorded_in, f.message_id, f.agency, f.portion
"""
_LIST_PAGES: Final = """
    SELECT codes, places, kinds
      FROM audit.file_use_page
     WHERE message_id = %(message_id)s AND agency = %(agency)s AND portion = %(portion)s
     ORDER BY page
"""
_WRITE_SEAL: Final = """
    INSERT INTO audit.sealed_file_use (message_id, agency, portion, first_leaf, secret, wordings)
    VALUES (%(message_id)s, %(agency)s, %(portion)s, %(first_leaf)s, %(secret)s, %(wordings)s)
"""
_COPY_LEAVES: Final = """
    COPY audit.file_leaf (resident_record_code, message_id, agency, place, portion, kind, ordinal, leaf_index)
    FROM STDIN
"""


@dataclass(frozen=True, slots=True)
class FileUse:
    """What the entries of one portion of a file have in common; results and items by their kind."""

    message_id: str
    agency: str
    portion: int
    used_at: datetime
    method: str
    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    asked_by: str
    office: str | None
    ground: str | None
    results: Sequence[str]
    items: Sequence[str]

    def list_kinds(self) -> list[LoggedUse]:
        """Return an entry of each kind, without person and place."""
        return [
            LoggedUse(
                message_id=self.message_id,
                agency=self.agency,
                place=0,
                used_at=self.used_at,
                resident_record_code=None,
                method=self.method,
                affair=self.affair,
                purpose=self.purpose,
                matter_number=self.matter_number,
                official=self.official,
                asked_by=self.asked_by,
                result=result,
                items=items,
                office=self.office,
                ground=self.ground,
                withheld_reason=None,
                withheld_until=None,
            )
            for result, items in zip(self.results, self.items, strict=True)
        ]


class Members(NamedTuple):
    """Some persons of a portion: their codes in ascending order, their lines, and the kinds of their results."""

    codes: Sequence[str]
    places: Sequence[int]
    kinds: Sequence[int]

    def __repr__(self) -> str:
        return f"Members({len(self.codes)})"


class FileLeaf(NamedTuple):
    """Where the leaf of one entry is."""

    resident_record_code: str
    place: int
    kind: int
    ordinal: int
    leaf_index: int

    def __repr__(self) -> str:
        return f"FileLeaf(leaf_index={self.leaf_index})"


async def list_unsealed_file_uses(unit: Unit, before: str) -> list[FileUse]:
    """Return the portions that a snapshot does not show, in the order of their transactions."""
    cursor = await unit.execute(_LIST_UNSEALED, {"before": before})
    return [FileUse(*row) for row in await cursor.fetchall()]


async def read_members(unit: Unit, file: FileUse) -> AsyncIterator[Members]:
    """Yield the persons of a portion, some thousands at a time, in the order of their codes."""
    async with unit.cursor(name="members") as cursor:
        await cursor.execute(_LIST_PAGES, _identity(file))
        while pages := await cursor.fetchmany(_PAGES_AT_ONCE):
            yield Members(*([one for page in pages for one in page[column]] for column in range(3)))


async def write_file_leaves(unit: Unit, file: FileUse, leaves: Sequence[FileLeaf]) -> None:
    """Write where the leaves of some entries of a portion are."""
    # Copied as text made here: a row of the driver's costs five times as much. Names of nodes and messages have no
    # character that COPY takes for its own.
    named = f"{file.message_id}\t{file.agency}"
    lines = [
        f"{leaf.resident_record_code}\t{named}\t{leaf.place}\t{file.portion}\t{leaf.kind}\t{leaf.ordinal}"
        f"\t{leaf.leaf_index}\n"
        for leaf in leaves
    ]
    async with unit.cursor() as cursor, cursor.copy(_COPY_LEAVES) as copy:
        await copy.write("".join(lines))


async def write_file_seal(
    unit: Unit, file: FileUse, *, first_leaf: int, secret: bytes, wordings: Sequence[bytes]
) -> None:
    """Write the seal of a portion."""
    seal = {"first_leaf": first_leaf, "secret": secret, "wordings": list(wordings)}
    await unit.execute(_WRITE_SEAL, {**_identity(file), **seal})


def _identity(file: FileUse) -> dict[str, Any]:
    return {"message_id": file.message_id, "agency": file.agency, "portion": file.portion}
