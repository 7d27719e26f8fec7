"""PostgreSQL takes the COPY text as it is, into the tables that the nodes really have."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Final

from psycopg import sql
from psycopg.rows import dict_row

from jukinet.population.block import IDENTIFICATION_COLUMNS, REGISTER_COLUMNS, RESIDENT_COLUMNS, Block
from jukinet.population.generator import generate_blocks
from jukinet.postgres.database import connect
from tests.fixtures_postgres import MakeDatabase

NOW: Final = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
COPY: Final = sql.SQL("COPY {table} ({columns}) FROM STDIN")


def copy_into(schema: str, table: str, columns: tuple[str, ...]) -> sql.Composed:
    return COPY.format(table=sql.Identifier(schema, table), columns=sql.SQL(", ").join(map(sql.Identifier, columns)))


def one_block() -> Block:
    (block,) = generate_blocks(municipality="131121", residents=5000, seed=7, as_of=date(2026, 4, 1))
    return block


async def test_the_identification_table_holds_what_the_json_lines_say(embedded_database: MakeDatabase) -> None:
    block = one_block()
    database = await embedded_database(["jukinet.identification.migrations"])

    async with connect(database.owner) as unit:
        async with (
            unit.cursor() as cursor,
            cursor.copy(copy_into("identification", "record", IDENTIFICATION_COLUMNS)) as copy,
        ):
            await copy.write(block.identification_copy(received_at=NOW))
        async with unit.cursor(row_factory=dict_row) as reading:
            await reading.execute("SELECT * FROM identification.record")
            records = {record["resident_record_code"]: record for record in await reading.fetchall()}

    people = [json.loads(line) for line in block.json_lines().splitlines()]
    assert len(records) == len(people)
    for person in people:
        record = records[person["resident_record_code"]]
        assert record["received_at"] == NOW
        assert {name: record[name] for name in person.keys() & record.keys()} == {
            name: person[name] for name in person.keys() & record.keys()
        }


async def test_the_municipal_register_takes_residents_and_their_records(embedded_database: MakeDatabase) -> None:
    block = one_block()
    database = await embedded_database(["jukinet.municipal.migrations"])

    async with connect(database.owner) as unit, unit.cursor() as cursor:
        async with cursor.copy(copy_into("register", "resident_record", REGISTER_COLUMNS)) as copy:
            await copy.write(block.register_copy(recorded_at=NOW, recorded_by="population"))
        async with cursor.copy(copy_into("register", "resident", RESIDENT_COLUMNS)) as copy:
            await copy.write(block.resident_copy())
        await cursor.execute(
            """
                SELECT count(*), count(DISTINCT household_number), count(nationality)
                  FROM register.resident_record
                  JOIN register.resident USING (resident_number, version, resident_record_code, is_removed)
                """
        )
        counts = await cursor.fetchone()

    people = [json.loads(line) for line in block.json_lines().splitlines()]
    assert counts == (
        len(people),
        len({person["household_number"] for person in people}),
        sum(person["nationality"] is not None for person in people),
    )
