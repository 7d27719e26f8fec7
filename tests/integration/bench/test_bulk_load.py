from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

import pytest

from jukinet.devnet.bulk_load import load_residents, spread_over_cities
from jukinet.postgres.database import Unit, connect
from tests.fixtures_postgres import MakeDatabase

_MIGRATIONS: Final = ("jukinet.identification.migrations",)
_LIST_INDEXES: Final = """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'identification' ORDER BY indexname
"""
NOW: Final = datetime(2026, 4, 1, tzinfo=UTC)


async def _indexes(unit: Unit) -> list[tuple[str, str]]:
    return list(await (await unit.execute(_LIST_INDEXES)).fetchall())


async def test_a_bulk_load_leaves_the_indexes_of_the_migration(fresh_database: MakeDatabase) -> None:
    database = await fresh_database(_MIGRATIONS)
    populations = spread_over_cities(25_000, seed=1, as_of=date(2026, 4, 1), beside=["012025"])
    told: list[int] = []

    async with connect(database.owner) as unit:
        before = await _indexes(unit)
        await load_residents(unit, populations, received_at=NOW, loaded=told.append)

        assert await _indexes(unit) == before
        row = await (await unit.execute("SELECT count(*) FROM identification.record")).fetchone()
    assert row == (25_000,)
    assert told == [10_000, 20_000, 25_000]


async def test_a_bulk_load_that_fails_leaves_the_table_as_it_was(fresh_database: MakeDatabase) -> None:
    database = await fresh_database(_MIGRATIONS)
    populations = spread_over_cities(1000, seed=1, as_of=date(2026, 4, 1))

    def stop(_loaded: int) -> None:
        raise KeyboardInterrupt

    async with connect(database.owner) as unit:
        before = await _indexes(unit)
        with pytest.raises(KeyboardInterrupt):
            await load_residents(unit, populations, received_at=NOW, loaded=stop)

        assert await _indexes(unit) == before
        row = await (await unit.execute("SELECT count(*) FROM identification.record")).fetchone()
    assert row == (0,)


def test_a_nation_is_spread_over_cities_and_none_of_those_beside() -> None:
    populations = spread_over_cities(250_000, seed=1, as_of=date(2026, 4, 1), beside=["012025"])

    assert [one.residents for one in populations] == [100_000, 100_000, 50_000]
    assert "012025" not in {one.government.code.value for one in populations}
