"""The statements that match lines of a batch file, set-wise: log, results and progress in one transaction (I3, I4).

The lines of a few blocks go into a temporary table by COPY, are sorted by their key and looked up in the index one
after another: what that costs depends on the file and not on the nation. The use log is written by the same statement
that makes the results, what its entries have in common once; and how far the file is by the same transaction, so that
a killed node goes on where it was. Several portions may be matched side by side.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, LiteralString

from psycopg import sql
from psycopg.types.json import Jsonb

from jukinet.domain.provision_batches import BatchKey, LineResult
from jukinet.national.batch_items_store import COPY_ASKED, make_item_tables
from jukinet.national.batch_store import BatchFile
from jukinet.postgres.database import Database, Unit

# The planner knows nothing of the lines, and may else read the whole register for every few of them.
_PROBE: Final = """
    SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
           set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
           set_config('max_parallel_workers_per_gather', '0', true),
           set_config('plan_cache_mode', 'force_custom_plan', true)
"""
_MAKE_NUMBERS: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS asked_number (
        line_number integer NOT NULL,
        reference   text    NOT NULL,
        key         text COLLATE "C" NOT NULL
    ) ON COMMIT DELETE ROWS
"""
_COPY_NUMBERS: Final = "COPY asked_number (line_number, reference, key) FROM STDIN"

_LIST_STAGED: Final = """
    SELECT block_number
      FROM batch.staged
     WHERE batch_number = %(batch_number)s
     ORDER BY block_number
     LIMIT %(limit)s
"""
# Whoever deletes a block matches it: what another transaction took is not there any more.
_TAKE_BLOCKS: Final = """
    DELETE FROM batch.staged
     WHERE batch_number = %(batch_number)s AND block_number = ANY(%(block_numbers)s::integer[])
 RETURNING lines, content
"""
_NOTE_MATCHED: Final = """
    UPDATE batch.file
       SET matched = %(matched)s, chunks = %(chunks)s, result_bytes = %(result_bytes)s, results = %(results)s
     WHERE batch_number = %(batch_number)s
"""
_LIST_PERSONS: Final = """
    SELECT array_to_string(codes, '')
      FROM audit.file_use_page
     WHERE message_id = %(batch_id)s AND agency = %(agency)s
     ORDER BY portion, page
"""

# Each gives, for every line, one row: what it came to, who it names (for the use log), and the record.
_BY_CODE: Final = """
    WITH matched AS (
        SELECT asked.line_number, asked.reference, asked.key AS person,
               CASE WHEN record.name IS NULL THEN 'not_found' ELSE 'found' END AS result,
               record.name, record.kana, record.former_surname, record.alias, record.birth_date, record.sex,
               record.address, record.individual_number, record.resident_record_code, record.change_reason,
               record.changed_on, record.is_removed, record.received_at, '' AS name_agreement, '' AS address_agreement
          FROM (SELECT line_number, reference, key FROM asked_number ORDER BY key) AS asked
          LEFT JOIN identification.record ON record.resident_record_code = asked.key
    )
"""
# A number answers for its live resident, else for the one who last had it, and never for one of two.
_BY_NUMBER: Final = """
    WITH matched AS (
        SELECT asked.line_number, asked.reference, record.resident_record_code AS person,
               CASE WHEN record.name IS NOT NULL THEN 'found'
                    WHEN EXISTS (SELECT FROM identification.record AS owner WHERE owner.individual_number = asked.key)
                    THEN 'several' ELSE 'not_found' END AS result,
               record.name, record.kana, record.former_surname, record.alias, record.birth_date, record.sex,
               record.address, record.individual_number, record.resident_record_code, record.change_reason,
               record.changed_on, record.is_removed, record.received_at, '' AS name_agreement, '' AS address_agreement
          FROM (SELECT line_number, reference, key FROM asked_number ORDER BY key) AS asked
          LEFT JOIN identification.record
            ON record.individual_number = asked.key
           AND NOT EXISTS (
                   SELECT FROM identification.record AS other
                    WHERE other.individual_number = asked.key
                      AND other.resident_record_code <> record.resident_record_code
                      AND other.is_removed <= record.is_removed
               )
    )
"""
# Who is meant was found out before (batch_naming).
_BY_ITEMS: Final = """
    WITH matched AS (
        SELECT named.line_number, named.reference, named.person, named.result, record.name, record.kana,
               record.former_surname, record.alias, record.birth_date, record.sex, record.address,
               record.individual_number, record.resident_record_code, record.change_reason, record.changed_on,
               record.is_removed, record.received_at, named.name_agreement, named.address_agreement
          FROM (SELECT line_number, reference, result, person, name_agreement, address_agreement
                  FROM named_line
                 ORDER BY person) AS named
          LEFT JOIN identification.record ON record.resident_record_code = named.person
    )
"""

# The use log has what all entries say once, and of everybody named the place and the kind, in pages (audit.file_use).
_ANSWER: Final = """
    , judged AS (
        SELECT line_number, reference, person,
               CASE WHEN result <> 'found' OR %(since)s::text IS NULL OR received_at >= %(since_at)s
                      OR translate(changed_on, 'X', '9') >= %(since)s THEN result ELSE 'unchanged' END AS result,
               CASE WHEN result NOT IN ('found') THEN ''
                    WHEN resident_record_code IN (SELECT held.resident_record_code
                                                    FROM delivery.held_notice AS held
                                                   WHERE held.state IN ('quarantined', 'waiting')) THEN 'stopped'
                    WHEN NOT %(has_change)s THEN ''
                    WHEN NOT is_removed THEN 'live'
                    WHEN change_reason = 'death' THEN 'dead'
                    WHEN change_reason = 'move_out' THEN 'moved_out'
                    ELSE 'removed_ex_officio' END AS state,
               name, kana, former_surname, alias, birth_date, sex, address, individual_number, resident_record_code,
               change_reason, changed_on, name_agreement, address_agreement
          FROM matched
    ), told AS MATERIALIZED (
        SELECT line_number, person, result,
               CASE result WHEN 'found' THEN 0 WHEN 'unchanged' THEN 1 WHEN 'differs' THEN 2 ELSE 3 END::smallint
                   AS kind,
               line_number || E'\\t' || rtrim(reference) || E'\\t' || result || E'\\t' || state || E'\\t'
               || CASE WHEN result = 'found' THEN
                       CASE WHEN %(has_name)s THEN name || E'\\t' || kana || E'\\t' || coalesce(former_surname, '')
                                                   || E'\\t' || coalesce(alias, '') ELSE E'\\t\\t\\t' END
                    || E'\\t' || CASE WHEN %(has_birth_date)s THEN birth_date ELSE '' END
                    || E'\\t' || CASE WHEN %(has_sex)s THEN sex ELSE '' END
                    || E'\\t' || CASE WHEN %(has_address)s THEN address ELSE '' END
                    || E'\\t' || CASE WHEN %(has_number)s THEN coalesce(individual_number, '') ELSE '' END
                    || E'\\t' || CASE WHEN %(has_code)s THEN resident_record_code ELSE '' END
                    || E'\\t' || CASE WHEN %(has_change)s THEN change_reason || E'\\t' || changed_on ELSE E'\\t' END
                  ELSE E'\\t\\t\\t\\t\\t\\t\\t\\t\\t\\t' END
               || E'\\t' || name_agreement || E'\\t' || address_agreement || E'\\n' AS line
          FROM judged
    ), logged_page AS (
        INSERT INTO audit.file_use_page (message_id, agency, portion, page, codes, places, kinds)
        SELECT %(batch_id)s, %(agency)s, %(portion)s, right(person, 6)::integer %% %(pages)s, array_agg(person),
               array_agg(line_number), array_agg(kind)
          FROM told
         WHERE person IS NOT NULL
         GROUP BY right(person, 6)::integer %% %(pages)s
    ), counted AS (
        SELECT convert_to(string_agg(line, '' ORDER BY line_number), 'UTF8') AS content,
               count(*) FILTER (WHERE result = 'found')::integer AS found,
               count(*) FILTER (WHERE result = 'unchanged')::integer AS unchanged,
               count(*) FILTER (WHERE result = 'differs')::integer AS differs,
               count(*) FILTER (WHERE result = 'several')::integer AS several,
               count(*) FILTER (WHERE result = 'not_found')::integer AS not_found,
               count(*) FILTER (WHERE result = 'not_found' AND person IS NOT NULL)::integer AS not_found_by_code,
               count(*) FILTER (WHERE person IS NULL)::integer AS unnamed,
               string_agg(person, '') AS persons
          FROM told
    ), logged AS (
        INSERT INTO audit.file_use
               (message_id, agency, portion, used_at, method, affair, purpose, matter_number, official, asked_by,
                office, ground, results, items, entries, unnamed, pages)
        SELECT %(batch_id)s, %(agency)s, %(portion)s, %(used_at)s, 'batch', %(affair)s, %(purpose)s,
               %(matter_number)s, %(official)s, %(asked_by)s, %(office)s, %(ground)s,
               ARRAY['found', 'found', 'found', 'not_found'], ARRAY[%(items)s, 'change', %(compared)s, ''],
               ARRAY[found, unchanged, differs, not_found_by_code], unnamed, %(pages)s
          FROM counted
    ), kept AS (
        INSERT INTO batch.result (batch_number, portion, length, content)
        SELECT %(batch_number)s, %(portion)s, length(content), content
          FROM counted
         WHERE content IS NOT NULL
    )
    SELECT coalesce(length(content), 0), found, unchanged, differs, several, not_found, coalesce(persons, '')
      FROM counted
"""
_MATCH: Final = {
    BatchKey.RESIDENT_RECORD_CODE: sql.SQL(_BY_CODE) + sql.SQL(_ANSWER),
    BatchKey.INDIVIDUAL_NUMBER: sql.SQL(_BY_NUMBER) + sql.SQL(_ANSWER),
    BatchKey.FOUR_ITEMS: sql.SQL(_BY_ITEMS) + sql.SQL(_ANSWER),
}
#: As the use log names it.
_ASKED_BY: Final = {
    BatchKey.RESIDENT_RECORD_CODE: "resident_record_code",
    BatchKey.INDIVIDUAL_NUMBER: "individual_number",
    BatchKey.FOUR_ITEMS: "four_items",
}
_COUNTED: Final = (
    LineResult.FOUND,
    LineResult.UNCHANGED,
    LineResult.DIFFERS,
    LineResult.SEVERAL,
    LineResult.NOT_FOUND,
)
#: Pages that are read at once when the hashes of a file were lost.
_PAGES_AT_ONCE: Final = 200
#: Persons on a page of the use log: what is read to find one of them before the portion is sealed.
_PAGE_SIZE: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What every line of a file is matched with: the ground, the items, the day since which changes are told."""

    key: BatchKey
    affair: str
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    office: str | None
    #: The items of the answer, and of a comparison, as the use log has them.
    items: str
    compared: str
    since: str | None
    since_at: datetime | None
    used_at: datetime

    def parameters(self, file: BatchFile, *, portion: int, lines: int) -> dict[str, Any]:
        """Return the parameters of the statement."""
        given = frozenset(self.items.split(","))
        return {
            "batch_number": file.batch_number,
            "batch_id": file.batch_id,
            "agency": file.agency,
            "portion": portion,
            "pages": lines // _PAGE_SIZE + 1,
            "ground": file.ground,
            "affair": self.affair,
            "purpose": self.purpose,
            "matter_number": self.matter_number,
            "official": self.official,
            "office": self.office,
            "items": self.items,
            "compared": self.compared,
            "asked_by": _ASKED_BY[self.key],
            "used_at": self.used_at,
            "since": self.since,
            "since_at": self.since_at,
            "has_name": "name" in given,
            "has_birth_date": "birth_date" in given,
            "has_sex": "sex" in given,
            "has_address": "address" in given,
            "has_number": "individual_number" in given,
            "has_code": "resident_record_code" in given,
            "has_change": "change" in given,
        }


@dataclass(frozen=True, slots=True)
class Matched:
    """What a few blocks came to."""

    blocks: int
    lines: int
    #: Bytes of results.
    length: int
    results: Mapping[str, int]
    #: Resident record codes on the use log, one after another.
    persons: str = field(repr=False)


async def list_staged(unit: Unit, file: BatchFile, *, limit: int) -> list[int]:
    """Return the next blocks that nobody has matched yet."""
    cursor = await unit.execute(_LIST_STAGED, {"batch_number": file.batch_number, "limit": limit})
    return [row[0] for row in await cursor.fetchall()]


async def match_blocks(
    unit: Unit,
    file: BatchFile,
    matching: Matching,
    block_numbers: Sequence[int],
    *,
    name_persons: Callable[[Unit], Awaitable[None]],
) -> Matched:
    """Match these blocks of a file: their use log and their results, in the transaction of `unit`.

    `name_persons` finds out whom lines by four items mean.
    """
    names = {"batch_number": file.batch_number, "block_numbers": list(block_numbers)}
    blocks = await (await unit.execute(_TAKE_BLOCKS, names, binary=True)).fetchall()
    lines = sum(block[0] for block in blocks)
    await unit.execute(_PROBE)
    if matching.key is BatchKey.FOUR_ITEMS:
        await make_item_tables(unit)
        await _copy_in(unit, COPY_ASKED, blocks)
        await name_persons(unit)
    else:
        await unit.execute(_MAKE_NUMBERS)
        await _copy_in(unit, _COPY_NUMBERS, blocks)
    parameters = matching.parameters(file, portion=block_numbers[0], lines=lines)
    row = await (await unit.execute(_MATCH[matching.key], parameters)).fetchone()
    length, *counts, persons = row or (0, *[0] * len(_COUNTED), "")
    results = {result.value: count for result, count in zip(_COUNTED, counts, strict=True)}
    return Matched(len(blocks), lines, length, results, persons)


async def note_matched(unit: Unit, file: BatchFile, matched: Matched) -> None:
    """Note how far a file is that is locked by the transaction of `unit`."""
    progress = {
        "batch_number": file.batch_number,
        "matched": file.matched + matched.lines,
        "chunks": file.chunks + matched.blocks,
        "result_bytes": file.result_bytes + matched.length,
        "results": Jsonb({name: file.results.get(name, 0) + count for name, count in matched.results.items()}),
    }
    await unit.execute(_NOTE_MATCHED, progress)


async def _copy_in(unit: Unit, statement: LiteralString, blocks: Sequence[tuple[Any, ...]]) -> None:
    async with unit.cursor() as cursor, cursor.copy(statement) as copy:
        for block in blocks:
            await copy.write(block[1])


async def list_persons(database: Database, file: BatchFile) -> AsyncIterator[str]:
    """Yield the persons the use log has of a file, codes one after another, some hundreds at a time."""
    parameters = {"batch_id": file.batch_id, "agency": file.agency}
    async with database.transaction() as unit, unit.cursor(name="persons_of_file") as cursor:
        await cursor.execute(_LIST_PERSONS, parameters)
        while rows := await cursor.fetchmany(_PAGES_AT_ONCE):
            yield "".join(row[0] for row in rows)
