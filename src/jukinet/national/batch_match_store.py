"""The statements that match lines of a batch file, set-wise: log, results and progress in one transaction (I3, I4).

The lines of a few blocks go into a temporary table by COPY, are sorted by their key and looked up in the index one
after another: what that costs depends on the file and not on the nation. The use log is written by the same statement
that makes the results, and how far the file is by the same transaction, so that a killed node goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from psycopg import sql
from psycopg.types.json import Jsonb

from jukinet.domain.provision_batches import BatchKey, LineResult
from jukinet.national.batch_store import BatchFile
from jukinet.postgres.database import Unit

# The planner knows nothing of the lines, and may else read the whole register for every few of them.
_PROBE: Final = """
    SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
           set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
           set_config('max_parallel_workers_per_gather', '0', true)
"""
_MAKE_NUMBERS: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS asked_number (
        line_number integer NOT NULL,
        reference   text    NOT NULL,
        key         text COLLATE "C" NOT NULL
    ) ON COMMIT DELETE ROWS
"""
_MAKE_ITEMS: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS asked_items (
        line_number integer NOT NULL,
        reference   text    NOT NULL,
        name        text    NOT NULL,
        birth_date  text COLLATE "C" NOT NULL,
        sex         text COLLATE "C" NOT NULL,
        address     text    NOT NULL
    ) ON COMMIT DELETE ROWS
"""
_COPY_NUMBERS: Final = "COPY asked_number (line_number, reference, key) FROM STDIN"
_COPY_ITEMS: Final = "COPY asked_items (line_number, reference, name, birth_date, sex, address) FROM STDIN"

_LIST_BLOCKS: Final = """
    SELECT block_number, lines, content
      FROM batch.staged
     WHERE batch_number = %(batch_number)s AND block_number >= %(block_number)s
     ORDER BY block_number
     LIMIT %(limit)s
"""
_DELETE_BLOCKS: Final = """
    DELETE FROM batch.staged WHERE batch_number = %(batch_number)s AND block_number < %(block_number)s
"""
_NOTE_MATCHED: Final = """
    UPDATE batch.file
       SET matched = %(matched)s, chunks = %(chunks)s, result_bytes = %(result_bytes)s, results = %(results)s
     WHERE batch_number = %(batch_number)s
"""
_LIST_PERSONS: Final = """
    SELECT string_agg(resident_record_code, '')
      FROM audit.use_log
     WHERE message_id = %(batch_id)s AND agency = %(agency)s AND place > %(after)s AND place <= %(until)s
       AND resident_record_code IS NOT NULL
"""

# Each gives, for every line, one row: what it came to, who it names (for the use log), and the record.
_BY_CODE: Final = """
    WITH matched AS MATERIALIZED (
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
    WITH candidate AS (
        SELECT asked.line_number, asked.reference, asked.key,
               record.name, record.kana, record.former_surname, record.alias, record.birth_date, record.sex,
               record.address, record.individual_number, record.resident_record_code, record.change_reason,
               record.changed_on, record.is_removed, record.received_at,
               count(*) OVER line AS owners,
               count(*) FILTER (WHERE NOT record.is_removed) OVER line AS live,
               row_number() OVER line AS place
          FROM (SELECT line_number, reference, key FROM asked_number ORDER BY key, line_number) AS asked
          LEFT JOIN identification.record ON record.individual_number = asked.key
        WINDOW line AS (PARTITION BY asked.key, asked.line_number)
    ), matched AS MATERIALIZED (
        SELECT line_number, reference,
               CASE WHEN owners = 1 OR live = 1 THEN resident_record_code END AS person,
               CASE WHEN name IS NULL THEN 'not_found' WHEN owners = 1 OR live = 1 THEN 'found' ELSE 'several' END
                   AS result,
               name, kana, former_surname, alias, birth_date, sex, address, individual_number, resident_record_code,
               change_reason, changed_on, is_removed, received_at, '' AS name_agreement, '' AS address_agreement
          FROM candidate
         WHERE owners = 1 OR (live = 1 AND NOT is_removed) OR (live <> 1 AND place = 1)
    )
"""
# Name and birth date lead to those who may be meant; sex and address must then agree with exactly one of them.
_BY_ITEMS: Final = """
    WITH candidate AS (
        SELECT asked.line_number, asked.reference,
               record.name, record.kana, record.former_surname, record.alias, record.birth_date, record.sex,
               record.address, record.individual_number, record.resident_record_code, record.change_reason,
               record.changed_on, record.is_removed, record.received_at,
               record.address = asked.address AS agrees,
               count(record.name) OVER line AS persons,
               count(*) FILTER (WHERE record.address = asked.address) OVER line AS agreeing,
               row_number() OVER line AS place
          FROM (SELECT line_number, reference, name, birth_date, sex, address
                  FROM asked_items
                 ORDER BY birth_date, name, line_number) AS asked
          LEFT JOIN identification.record
            ON record.birth_date = asked.birth_date AND record.name = asked.name AND record.sex = asked.sex
        WINDOW line AS (PARTITION BY asked.birth_date, asked.name, asked.line_number)
    ), matched AS MATERIALIZED (
        SELECT line_number, reference,
               CASE WHEN agreeing = 1 OR persons = 1 THEN resident_record_code END AS person,
               CASE WHEN persons = 0 THEN 'not_found' WHEN agreeing = 1 THEN 'found'
                    WHEN persons = 1 THEN 'differs' ELSE 'several' END AS result,
               name, kana, former_surname, alias, birth_date, sex, address, individual_number, resident_record_code,
               change_reason, changed_on, is_removed, received_at,
               CASE WHEN agreeing = 1 OR persons = 1 THEN 'agrees' ELSE '' END AS name_agreement,
               CASE WHEN agreeing = 1 THEN 'agrees' WHEN persons = 1 THEN 'differs' ELSE '' END AS address_agreement
          FROM candidate
         WHERE (agreeing = 1 AND agrees) OR (agreeing <> 1 AND place = 1)
    )
"""

_ANSWER: Final = """
    , judged AS MATERIALIZED (
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
    ), logged AS (
        INSERT INTO audit.use_log
               (message_id, agency, place, used_at, resident_record_code, method, affair, purpose, matter_number,
                official, asked_by, result, items, office, ground)
        SELECT %(batch_id)s, %(agency)s, line_number, %(used_at)s, person, 'batch', %(affair)s, %(purpose)s,
               %(matter_number)s, %(official)s, %(asked_by)s,
               CASE WHEN result = 'not_found' THEN 'not_found' ELSE 'found' END,
               CASE result WHEN 'found' THEN %(items)s WHEN 'unchanged' THEN 'change'
                           WHEN 'differs' THEN %(compared)s ELSE '' END,
               %(office)s, %(ground)s
          FROM judged
         WHERE person IS NOT NULL
    ), rendered AS (
        SELECT convert_to(string_agg(
                   line_number || E'\\t' || rtrim(reference) || E'\\t' || result || E'\\t' || state || E'\\t'
                   || CASE WHEN result = 'found' THEN
                           CASE WHEN %(has_name)s THEN name || E'\\t' || kana || E'\\t' || coalesce(former_surname, '')
                                                       || E'\\t' || coalesce(alias, '') ELSE E'\\t\\t\\t' END
                        || E'\\t' || CASE WHEN %(has_birth_date)s THEN birth_date ELSE '' END
                        || E'\\t' || CASE WHEN %(has_sex)s THEN sex ELSE '' END
                        || E'\\t' || CASE WHEN %(has_address)s THEN address ELSE '' END
                        || E'\\t' || CASE WHEN %(has_number)s THEN coalesce(individual_number, '') ELSE '' END
                        || E'\\t' || CASE WHEN %(has_code)s THEN resident_record_code ELSE '' END
                        || E'\\t' || CASE WHEN %(has_change)s THEN change_reason || E'\\t' || changed_on
                                          ELSE E'\\t' END
                      ELSE E'\\t\\t\\t\\t\\t\\t\\t\\t\\t\\t' END
                   || E'\\t' || name_agreement || E'\\t' || address_agreement || E'\\n',
                   '' ORDER BY line_number), 'UTF8') AS content,
               count(*) FILTER (WHERE result = 'found') AS found,
               count(*) FILTER (WHERE result = 'unchanged') AS unchanged,
               count(*) FILTER (WHERE result = 'differs') AS differs,
               count(*) FILTER (WHERE result = 'several') AS several,
               count(*) FILTER (WHERE result = 'not_found') AS not_found,
               string_agg(person, '') AS persons
          FROM judged
    ), kept AS (
        INSERT INTO batch.result (batch_number, first_byte, length, content)
        SELECT %(batch_number)s, %(first_byte)s, length(content), content
          FROM rendered
         WHERE content IS NOT NULL
    )
    SELECT coalesce(length(content), 0), found, unchanged, differs, several, not_found, coalesce(persons, '')
      FROM rendered
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
_CODE_LENGTH: Final = 11


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

    def parameters(self, file: BatchFile) -> dict[str, Any]:
        """Return the parameters of the statement."""
        given = frozenset(self.items.split(","))
        return {
            "batch_number": file.batch_number,
            "batch_id": file.batch_id,
            "agency": file.agency,
            "first_byte": file.result_bytes,
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

    lines: int
    #: Resident record codes on the use log, one after another.
    persons: str = field(repr=False)


async def match_blocks(unit: Unit, file: BatchFile, matching: Matching, *, most: int) -> Matched | None:
    """Match the next blocks of a locked file, at most so many; None where all are matched.

    The use log, the results and the progress are one transaction: of `unit`.
    """
    parameters = {"batch_number": file.batch_number, "block_number": file.chunks, "limit": most}
    blocks = await (await unit.execute(_LIST_BLOCKS, parameters)).fetchall()
    if not blocks:
        return None
    is_by_items = matching.key is BatchKey.FOUR_ITEMS
    await unit.execute(_PROBE)
    await unit.execute(_MAKE_ITEMS if is_by_items else _MAKE_NUMBERS)
    async with unit.cursor() as cursor, cursor.copy(_COPY_ITEMS if is_by_items else _COPY_NUMBERS) as copy:
        for block in blocks:
            await copy.write(block[2])
    cursor = await unit.execute(_MATCH[matching.key], matching.parameters(file))
    row = await cursor.fetchone()
    if row is None:  # an aggregate has always one row
        return None
    length, *counts, persons = row
    lines, chunks = sum(block[1] for block in blocks), blocks[-1][0] + 1
    results = {
        result.value: file.results.get(result.value, 0) + count for result, count in zip(_COUNTED, counts, strict=True)
    }
    progress = {
        "batch_number": file.batch_number,
        "matched": file.matched + lines,
        "chunks": chunks,
        "result_bytes": file.result_bytes + length,
        "results": Jsonb(results),
    }
    await unit.execute(_NOTE_MATCHED, progress)
    await unit.execute(_DELETE_BLOCKS, {"batch_number": file.batch_number, "block_number": chunks})
    return Matched(lines, persons)


async def list_persons(unit: Unit, file: BatchFile, *, after: int, until: int) -> str:
    """Return the persons the use log has for lines after the one and up to the other, codes one after another."""
    parameters = {"batch_id": file.batch_id, "agency": file.agency, "after": after, "until": until}
    row = await (await unit.execute(_LIST_PERSONS, parameters)).fetchone()
    return "" if row is None or row[0] is None else str(row[0])
