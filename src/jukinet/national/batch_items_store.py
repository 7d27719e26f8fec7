"""The statements that find whom lines by four items may mean: to the letter first, then by the keys of a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from jukinet.national.batch_judging import AskedKeys, AskedLine, GatheredPerson, NamedLine
from jukinet.postgres.database import Unit

#: People read for one line and pair of items, as in a search.
_MOST_BY_BIRTH_DATE: Final = 200
_MOST_BY_PLACE: Final = 1_000

_MAKE_ASKED: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS asked_items (
        line_number integer NOT NULL,
        reference   text    NOT NULL,
        name        text    NOT NULL,
        birth_date  text COLLATE "C" NOT NULL,
        sex         text COLLATE "C" NOT NULL,
        address     text    NOT NULL
    ) ON COMMIT DELETE ROWS
"""
_MAKE_NAMED: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS named_line (
        line_number       integer NOT NULL,
        reference         text    NOT NULL,
        result            text    NOT NULL,
        person            text COLLATE "C",
        name_agreement    text    NOT NULL,
        address_agreement text    NOT NULL
    ) ON COMMIT DELETE ROWS
"""
COPY_ASKED: Final = "COPY asked_items (line_number, reference, name, birth_date, sex, address) FROM STDIN"
_COPY_NAMED: Final = """
    COPY named_line (line_number, reference, result, person, name_agreement, address_agreement) FROM STDIN
"""
# Nobody is likelier to be meant than who agrees in all four to the letter; where two do, neither is shown.
_NAME_TO_THE_LETTER: Final = """
    WITH letter AS MATERIALIZED (
        SELECT asked.line_number, asked.reference, count(record.resident_record_code) AS persons,
               min(record.resident_record_code) AS person
          FROM (SELECT line_number, reference, name, birth_date, sex, address
                  FROM asked_items
                 ORDER BY birth_date, name) AS asked
          LEFT JOIN identification.record
            ON record.birth_date = asked.birth_date AND record.name = asked.name AND record.sex = asked.sex
           AND record.address = asked.address
         GROUP BY asked.line_number, asked.reference
    ), named AS (
        INSERT INTO named_line (line_number, reference, result, person, name_agreement, address_agreement)
        SELECT line_number, reference, CASE persons WHEN 1 THEN 'found' ELSE 'several' END,
               CASE persons WHEN 1 THEN person END, CASE persons WHEN 1 THEN 'agrees' ELSE '' END,
               CASE persons WHEN 1 THEN 'agrees' ELSE '' END
          FROM letter
         WHERE persons > 0
    )
    SELECT coalesce(array_agg(line_number), '{}') FROM letter WHERE persons = 0
"""
_LIST_ASKED: Final = """
    SELECT line_number, rtrim(reference), name, birth_date, sex, address
      FROM asked_items
     WHERE line_number = ANY(%(line_numbers)s::integer[])
     ORDER BY line_number
"""
# As a search by name, birth date and address reads them (person_search_store), for each of many lines.
_GATHER: Final = """
    WITH candidate AS MATERIALIZED (
        SELECT asked.line_number, found.way, found.resident_record_code, found.is_meant
          FROM json_to_recordset(%(keys)s)
            AS asked (line_number integer, name_key text, birth_dates text[], municipalities text[], towns text[])
         CROSS JOIN LATERAL (
            (SELECT 2 AS way, key.resident_record_code, true AS is_meant
               FROM identification.search_key AS key
              WHERE key.birth_date = ANY(asked.birth_dates) AND key.name_key = asked.name_key
                AND asked.name_key <> ''
              LIMIT %(most_by_birth_date)s)
             UNION ALL
            (SELECT 3, key.resident_record_code, true
               FROM identification.search_key AS key
              WHERE key.birth_date = ANY(asked.birth_dates) AND key.municipality = ANY(asked.municipalities)
              LIMIT %(most_by_birth_date)s)
             UNION ALL
            (SELECT 5, key.resident_record_code,
                    starts_with(key.address_key,
                                asked.towns[array_position(asked.municipalities, key.municipality)])
               FROM identification.search_key AS key
              WHERE key.municipality = ANY(asked.municipalities) AND key.name_key = asked.name_key
                AND asked.name_key <> ''
              LIMIT %(most_by_place)s)
         ) AS found
    ), person AS (
        SELECT DISTINCT line_number, resident_record_code FROM candidate WHERE is_meant
    ), cut_off AS (
        SELECT line_number, way
          FROM candidate
         GROUP BY line_number, way
        HAVING count(*) >= CASE WHEN way <= 3 THEN %(most_by_birth_date)s ELSE %(most_by_place)s END
    )
    SELECT person.line_number, '{}'::integer[], person.resident_record_code, record.name, record.kana,
           record.former_surname, record.alias, record.birth_date, record.sex, record.municipality, record.address,
           (SELECT array_agg(ARRAY[key.kana_key, key.name_key, key.municipality, key.address_key, key.birth_date])
              FROM identification.search_key AS key
             WHERE key.resident_record_code = record.resident_record_code)
      FROM person
      JOIN identification.record USING (resident_record_code)
     UNION ALL
    SELECT line_number, array_agg(way), NULL, '', '', NULL, NULL, '', '', '', '', '{}'::text[]
      FROM cut_off
     GROUP BY line_number
     ORDER BY 1
"""


async def make_item_tables(unit: Unit) -> None:
    """Make the tables that hold lines by four items while they are matched, empty."""
    await unit.execute(_MAKE_ASKED)
    await unit.execute(_MAKE_NAMED)


async def name_to_the_letter(unit: Unit) -> list[int]:
    """Name whoever agrees to the letter; return the numbers of the lines nobody agrees with so."""
    row = await (await unit.execute(_NAME_TO_THE_LETTER)).fetchone()
    return [] if row is None else list(row[0])


async def list_asked(unit: Unit, line_numbers: Sequence[int]) -> list[AskedLine]:
    """Return these lines, in their order."""
    cursor = await unit.execute(_LIST_ASKED, {"line_numbers": list(line_numbers)})
    return [AskedLine(*row) for row in await cursor.fetchall()]


async def gather_persons(unit: Unit, keys: Sequence[AskedKeys]) -> list[GatheredPerson]:
    """Return whoever may be meant by each line, in the order of lines."""
    parameters = {
        "keys": msgspec.json.encode(keys).decode(),
        "most_by_birth_date": _MOST_BY_BIRTH_DATE,
        "most_by_place": _MOST_BY_PLACE,
    }
    cursor = await unit.execute(_GATHER, parameters)
    return [GatheredPerson(*row) for row in await cursor.fetchall()]


async def keep_named(unit: Unit, lines: Sequence[NamedLine]) -> None:
    """Keep who the lines name until they are answered."""
    async with unit.cursor() as cursor, cursor.copy(_COPY_NAMED) as copy:
        for line in lines:
            await copy.write_row(msgspec.structs.astuple(line))
