"""Whoever reads the use log reads the entries of files with it, before they are sealed and after."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from psycopg import sql

from jukinet.audit.usage_store import find_first_use, list_usages
from jukinet.identification.publication_store import count_provisions
from jukinet.national import doubt_store
from jukinet.national.app import MIGRATIONS
from jukinet.national.doubt_store import list_doubted_uses
from jukinet.postgres.database import Database
from tests.builders import NOW, code, message_id, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import add_portion, seal_now

PEOPLE = range(1, 31)
_LIST_OF_PAGE = re.compile(r"Function Scan on (?:listed|member) .*loops=([0-9]+)")
PENSION = "agency/nenkin"


@pytest.fixture(params=[False, True], ids=["not sealed", "sealed"])
async def database(request: pytest.FixtureRequest, embedded_database: MakeDatabase) -> AsyncIterator[Database]:
    async with opened(await embedded_database(MIGRATIONS)) as database:
        async with database.transaction() as unit:
            await add_portion(unit, 1, PEOPLE)
        if request.param:
            await seal_now(database)
        yield database


async def test_a_portal_is_told_of_them(database: Database) -> None:
    async with database.connection() as unit:
        total, uses = await list_usages(unit, code(5), None, None, 0, 10)
        later, _ = await list_usages(unit, code(5), NOW + timedelta(days=1), None, 0, 10)
        first = await find_first_use(unit)

    assert (total, later, first) == (1, 0, NOW)
    assert [(use.place, use.method, use.items) for use in uses] == [(5, "batch", "change")]


async def test_the_yearly_publication_counts_them(database: Database) -> None:
    async with database.connection() as unit:
        counts = await count_provisions(unit, first=date(2026, 4, 1), until=date(2027, 4, 1))

    assert [(one.agency, one.method, one.month, one.count) for one in counts] == [
        (PENSION, "batch", date(2026, 4, 1), len(PEOPLE))
    ]


async def test_one_line_of_a_file_can_be_doubted_by_who_asked(database: Database) -> None:
    asked = [(message_id(1), 7), (message_id(1), 999)]
    async with database.connection() as unit:
        found = await list_doubted_uses(unit, agency=PENSION, uses=asked)
        of_others = await list_doubted_uses(unit, agency="agency/gaimu", uses=asked)

    assert set(found) == {(message_id(1), 7)}
    assert found[message_id(1), 7].resident_record_code == code(7)
    assert found[message_id(1), 7].items == ("name", "address")
    assert of_others == {}


async def test_a_file_is_looked_through_once_however_many_of_its_lines_are_doubted(
    database: Database,
) -> None:
    parameters = {"agency": PENSION, "use_log_ids": [message_id(1)] * 20, "places": list(range(1, 21))}
    explain = sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ") + sql.SQL(doubt_store._LIST_USES)
    async with database.connection() as unit:
        plan = [line for (line,) in await (await unit.execute(explain, parameters)).fetchall()]

    lists = [int(found[1]) for line in plan if (found := _LIST_OF_PAGE.search(line))]
    assert lists == [3], plan  # the pages of the file
