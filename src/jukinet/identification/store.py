"""Every statement on identification information, set-wise: a message's notices are applied together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from jukinet.domain.changes import ENTRY_REASONS, ChangeReason
from jukinet.domain.update_sequence import RESIDENCE_SPAN, first_of_residence, residence_of
from jukinet.identification.standing import Residence, Standing
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice

_LIST_STANDINGS: Final = """
    SELECT resident_record_code, update_sequence, municipality, individual_number, is_removed
      FROM identification.record
     WHERE resident_record_code = ANY(%(resident_record_codes)s)
"""

#: What has a past and no present was changed into another code.
_LIST_ENDED: Final = """
    SELECT resident_record_code, max(update_sequence)
      FROM identification.superseded_record
     WHERE resident_record_code = ANY(%(resident_record_codes)s)
     GROUP BY resident_record_code
"""

#: The last that is recorded of a residence before the present one.
_LIST_PAST: Final = """
    SELECT DISTINCT ON (asked.resident_record_code, asked.first)
           asked.resident_record_code, past.update_sequence, past.municipality, past.individual_number, past.is_removed
      FROM unnest(%(resident_record_codes)s::text[], %(firsts)s::integer[]) AS asked (resident_record_code, first)
      JOIN identification.superseded_record AS past
        ON past.resident_record_code = asked.resident_record_code
       AND past.update_sequence >= asked.first
       AND past.update_sequence - asked.first < %(span)s
     ORDER BY asked.resident_record_code, asked.first, past.update_sequence DESC
"""

_LIST_OWNERS: Final = """
    SELECT individual_number, resident_record_code, update_sequence
      FROM identification.record
     WHERE individual_number = ANY(%(individual_numbers)s) AND NOT is_removed
"""

#: One column more than the table: whether this is the resident's last change in the message.
_STAGE: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS arriving (
        LIKE identification.record INCLUDING DEFAULTS,
        is_last boolean NOT NULL
    ) ON COMMIT DELETE ROWS
"""

# A message is small and the register is large: its rows are looked up one by one. The planner knows nothing of the
# stage, and may else read the whole register for every message.
_PROBE: Final = "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)"

_COPY: Final = """
    COPY arriving (resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
                   municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
                   update_sequence, is_removed, received_at, is_last)
    FROM STDIN
"""

_KEEP_SUPERSEDED: Final = """
    INSERT INTO identification.superseded_record
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
           update_sequence, is_removed, received_at
      FROM identification.record
     WHERE resident_record_code = ANY(%(superseded)s)
"""

_KEEP_INTERMEDIATE: Final = """
    INSERT INTO identification.superseded_record
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
           update_sequence, is_removed, received_at
      FROM arriving
     WHERE NOT is_last
"""

_KEEP_SUPERSEDED_OF_STAGED: Final = """
    INSERT INTO identification.superseded_record
    SELECT record.resident_record_code, record.individual_number, record.name, record.kana, record.former_surname,
           record.alias, record.birth_date, record.sex, record.municipality, record.address, record.postal_code,
           record.change_reason, record.changed_on, record.previous_resident_record_code, record.update_sequence,
           record.is_removed, record.received_at
      FROM arriving
      JOIN identification.record ON record.resident_record_code = arriving.resident_record_code
"""

# True if any staged notice is more than the next change of a resident who stays what he or she is to everybody else.
_HAS_OTHER_THAN_NEXT: Final = """
    SELECT EXISTS (
        SELECT
          FROM arriving
          LEFT JOIN identification.record AS standing ON standing.resident_record_code = arriving.resident_record_code
         WHERE arriving.previous_resident_record_code IS NOT NULL
            OR CASE
                WHEN standing.resident_record_code IS NULL THEN
                    arriving.update_sequence <> 1
                    OR arriving.individual_number IS NOT NULL
                    OR EXISTS (
                        SELECT
                          FROM identification.superseded_record AS ended
                         WHERE ended.resident_record_code = arriving.resident_record_code
                    )
                ELSE
                    arriving.update_sequence <> standing.update_sequence + 1
                    OR standing.is_removed
                    OR arriving.individual_number IS DISTINCT FROM standing.individual_number
                    OR (
                        arriving.municipality <> standing.municipality
                        AND NOT (
                            arriving.change_reason = %(minor)s
                            AND EXISTS (
                                SELECT
                                  FROM merger.registered_merger AS merger
                                 WHERE merger.outgoing = standing.municipality
                                   AND merger.successor = arriving.municipality
                                   AND merger.approved_at IS NOT NULL
                                   AND merger.effective_on <= %(today)s
                            )
                        )
                    )
                    OR arriving.change_reason = ANY(%(entries)s)
                END
    )
"""

_REMOVE_PREVIOUS_CODES: Final = "DELETE FROM identification.record WHERE resident_record_code = ANY(%(previous)s)"

_MERGE: Final = """
    INSERT INTO identification.record
           (resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
            municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
            update_sequence, is_removed, received_at)
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex,
           municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code,
           update_sequence, is_removed, received_at
      FROM arriving
     WHERE is_last
    ON CONFLICT (resident_record_code) DO UPDATE
       SET individual_number = excluded.individual_number,
           name = excluded.name,
           kana = excluded.kana,
           former_surname = excluded.former_surname,
           alias = excluded.alias,
           birth_date = excluded.birth_date,
           sex = excluded.sex,
           municipality = excluded.municipality,
           address = excluded.address,
           postal_code = excluded.postal_code,
           change_reason = excluded.change_reason,
           changed_on = excluded.changed_on,
           previous_resident_record_code = excluded.previous_resident_record_code,
           update_sequence = excluded.update_sequence,
           is_removed = excluded.is_removed,
           received_at = excluded.received_at
"""

_LIST_VERSIONS: Final = """
    WITH said AS (
        SELECT resident_record_code, update_sequence
          FROM unnest(%(resident_record_codes)s::text[], %(update_sequences)s::integer[])
            AS said (resident_record_code, update_sequence)
    )
    SELECT resident_record_code, update_sequence, individual_number, name, kana, former_surname, alias, birth_date,
           sex, municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code
      FROM said
      JOIN identification.record USING (resident_record_code, update_sequence)
    UNION ALL
    SELECT resident_record_code, update_sequence, individual_number, name, kana, former_surname, alias, birth_date,
           sex, municipality, address, postal_code, change_reason, changed_on, previous_resident_record_code
      FROM said
      JOIN identification.superseded_record USING (resident_record_code, update_sequence)
"""

_SERIALISE: Final = "SELECT pg_advisory_xact_lock(7100001)"

_CLEAR_STAGE: Final = "DELETE FROM arriving"

#: Rows go to COPY in blocks of this many.
_ROWS_PER_BLOCK: Final = 500


async def take_turn(unit: Unit) -> None:
    """Wait until no other transaction applies notices on this node: two streams may speak of one resident."""
    await unit.execute(_SERIALISE)


async def list_standings(unit: Unit, resident_record_codes: Sequence[str]) -> dict[str, Standing]:
    """Return how each resident known here stands; a code that was changed into another has ended."""
    cursor = await unit.execute(_LIST_STANDINGS, {"resident_record_codes": list(resident_record_codes)})
    standings = {code: Standing(*columns) for code, *columns in await cursor.fetchall()}
    unknown = [code for code in resident_record_codes if code not in standings]
    if unknown:
        cursor = await unit.execute(_LIST_ENDED, {"resident_record_codes": unknown})
        standings.update((code, Standing(last, is_ended=True)) for code, last in await cursor.fetchall())
    return standings


async def list_past(unit: Unit, residences: Sequence[Residence]) -> dict[Residence, Standing]:
    """Return how far each of these residences before the present one has come; nothing for one not recorded here."""
    parameters = {
        "resident_record_codes": [code for code, _ in residences],
        "firsts": [first_of_residence(residence) for _, residence in residences],
        "span": RESIDENCE_SPAN,
    }
    cursor = await unit.execute(_LIST_PAST, parameters)
    found = [(code, Standing(*columns)) for code, *columns in await cursor.fetchall()]
    return {(code, standing.residence): standing for code, standing in found}


async def list_number_owners(unit: Unit, individual_numbers: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return under which codes each of these Individual Numbers is live, and in which residence."""
    cursor = await unit.execute(_LIST_OWNERS, {"individual_numbers": list(individual_numbers)})
    owners: dict[str, dict[str, int]] = {}
    for number, code, sequence in await cursor.fetchall():
        owners.setdefault(number, {})[code] = residence_of(sequence)
    return owners


async def merge_notices(
    unit: Unit,
    notices: Sequence[tuple[IdentificationNotice, bool, bool]],
    *,
    superseded: Sequence[str],
    previous: Sequence[str],
    now: datetime,
) -> None:
    """Record applicable notices, each with whether it removes the record and whether it is the resident's last here.

    `superseded` are the codes already recorded whose present state becomes history; `previous` those that were
    changed into another and end here.
    """
    await stage_notices(unit, notices, now=now)
    if superseded:
        await unit.execute(_KEEP_SUPERSEDED, {"superseded": list(superseded)})
    if any(not is_last for _, _, is_last in notices):
        await unit.execute(_KEEP_INTERMEDIATE)
    if previous:
        await unit.execute(_REMOVE_PREVIOUS_CODES, {"previous": list(previous)})
    await merge_staged(unit)


async def stage_notices(
    unit: Unit, notices: Sequence[tuple[IdentificationNotice, bool, bool]], *, now: datetime
) -> None:
    """Put notices beside the records, each with whether it removes the record and whether it is its resident's last."""
    await unit.execute(_PROBE)
    await unit.execute(_STAGE)
    async with unit.cursor() as cursor, cursor.copy(_COPY) as copy:
        received_at = now.isoformat()
        for start in range(0, len(notices), _ROWS_PER_BLOCK):
            block = notices[start : start + _ROWS_PER_BLOCK]
            await copy.write("".join([_line(*row, received_at) for row in block]))


async def clear_stage(unit: Unit) -> None:
    """Take back what was staged."""
    await unit.execute(_CLEAR_STAGE)


async def has_other_than_next(unit: Unit, *, today: date) -> bool:
    """Return whether a staged notice is anything but the next change of its resident and of nobody else's concern."""
    parameters = {"entries": [*ENTRY_REASONS], "minor": ChangeReason.MINOR_CORRECTION.value, "today": today}
    row = await (await unit.execute(_HAS_OTHER_THAN_NEXT, parameters)).fetchone()
    return row is None or bool(row[0])


async def keep_superseded_of_staged(unit: Unit) -> None:
    """Make history of the present records of everybody a notice is staged for."""
    await unit.execute(_KEEP_SUPERSEDED_OF_STAGED)


async def merge_staged(unit: Unit) -> None:
    """Make the last staged notice of each resident the present record."""
    await unit.execute(_MERGE)


async def list_versions(unit: Unit, changes: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Return what was recorded for each of these changes, without code and sequence; nothing for one that was not."""
    parameters = {
        "resident_record_codes": [code for code, _ in changes],
        "update_sequences": [sequence for _, sequence in changes],
    }
    cursor = await unit.execute(_LIST_VERSIONS, parameters)
    return {(code, sequence): tuple(items) for code, sequence, *items in await cursor.fetchall()}


def _line(
    notice: IdentificationNotice,
    is_removed: bool,  # noqa: FBT001 - a column of the row
    is_last: bool,  # noqa: FBT001 - likewise a column
    received_at: str,
) -> str:
    columns: Iterable[str | None] = (
        notice.resident_record_code,
        notice.individual_number,
        _escaped(notice.name),
        _escaped(notice.kana),
        _escaped(notice.former_surname),
        _escaped(notice.alias),
        notice.birth_date,
        notice.sex,
        notice.municipality,
        _escaped(notice.address),
        notice.postal_code,
        notice.reason,
        notice.changed_on,
        notice.previous_resident_record_code,
        str(notice.update_sequence),
        "t" if is_removed else "f",
        received_at,
        "t\n" if is_last else "f\n",
    )
    # Validation has refused control characters in every item, and anything but digits in the codes.
    return "\t".join(["\\N" if column is None else column for column in columns])


def _escaped(text: str | None) -> str | None:
    return text.replace("\\", "\\\\") if text is not None and "\\" in text else text
