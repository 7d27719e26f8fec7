from __future__ import annotations

from typing import Final

import pytest

from jukinet.domain.errors import MigrationError
from jukinet.postgres.database import connect
from jukinet.postgres.distribute import (
    DistributedTable,
    Distribution,
    distribute_tables,
    list_citus_offences,
    require_citus_compatible,
)
from tests.fixtures_postgres import MakeDatabase

SAMPLE: Final = ("tests.integration.postgres.sample_migrations",)
FIT: Final = (DistributedTable("shop.customer", "code"), DistributedTable("shop.use_log", "code"))


async def test_tables_whose_keys_hold_the_distribution_column_are_fit(fresh_database: MakeDatabase) -> None:
    async with connect((await fresh_database(SAMPLE)).owner) as unit:
        await require_citus_compatible(unit, FIT)


async def test_a_unique_key_without_the_distribution_column_is_found_and_a_plain_index_is_not(
    fresh_database: MakeDatabase,
) -> None:
    async with connect((await fresh_database(SAMPLE)).owner) as unit:
        offences = await list_citus_offences(unit, DistributedTable("shop.unfit", "code"))

    # A column that is merely included in the index does not make it fit.
    assert offences == ("unique index unfit_number_key of shop.unfit lacks code",)


async def test_a_foreign_key_without_the_distribution_column_is_found(fresh_database: MakeDatabase) -> None:
    async with connect((await fresh_database(SAMPLE)).owner) as unit:
        await unit.execute("CREATE TABLE shop.visit (number integer, customer text REFERENCES shop.customer (code))")

        offences = await list_citus_offences(unit, DistributedTable("shop.visit", "number"))

    assert offences == ("foreign key visit_customer_fkey of shop.visit lacks number",)


@pytest.mark.parametrize(
    "table", [DistributedTable("shop.nowhere", "code"), DistributedTable("shop.customer", "colour")]
)
async def test_a_table_or_column_that_does_not_exist_is_named(
    fresh_database: MakeDatabase, table: DistributedTable
) -> None:
    async with connect((await fresh_database(SAMPLE)).owner) as unit:
        with pytest.raises(MigrationError, match=f"{table.table} has no column {table.column}"):
            await require_citus_compatible(unit, (*FIT, table))


async def test_without_the_extension_nothing_is_distributed_and_it_says_so(fresh_database: MakeDatabase) -> None:
    async with connect((await fresh_database(SAMPLE)).owner) as unit:
        distribution = await distribute_tables(unit, FIT)

    assert distribution == Distribution(is_citus_present=False, distributed=())
