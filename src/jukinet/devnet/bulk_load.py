"""Load residents by the million into an upper tier: make a block while the last one is on its way, index at the end.

Building an index afterwards is several times as fast as keeping it up row by row, so the load takes the table for
itself: it drops the primary key and the index, and builds them again in the same transaction. It fails whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Final

from psycopg import sql

from jukinet.domain.local_governments import LocalGovernmentKind, list_municipalities
from jukinet.population.block import IDENTIFICATION_COLUMNS
from jukinet.population.generator import Population, prepare_population
from jukinet.postgres.database import Unit

_DROP_INDEXES: Final = """
    ALTER TABLE identification.record DROP CONSTRAINT record_pkey;
    DROP INDEX identification.record_individual_number;
    DROP INDEX identification.record_name;
"""
_COPY: Final = sql.SQL("COPY identification.record ({columns}) FROM STDIN").format(
    columns=sql.SQL(", ").join(map(sql.Identifier, IDENTIFICATION_COLUMNS))
)
#: As the migration of identification information makes them.
_BUILD_INDEXES: Final = """
    ALTER TABLE identification.record ADD CONSTRAINT record_pkey PRIMARY KEY (resident_record_code);
    CREATE INDEX record_individual_number ON identification.record (individual_number);
    CREATE INDEX record_name ON identification.record (birth_date, name);
"""
_VACUUM: Final = "VACUUM ANALYZE"
_RESIDENTS_PER_CITY: Final = 100_000


def spread_over_cities(residents: int, *, seed: int, as_of: date, beside: Sequence[str] = ()) -> list[Population]:
    """Return populations of cities that together have so many residents; none of the municipalities `beside`."""
    cities = [
        government.code
        for government in list_municipalities()
        if government.kind is LocalGovernmentKind.CITY and government.code.value not in beside
    ]
    most = max(_RESIDENTS_PER_CITY, -(-residents // len(cities)))
    populations: list[Population] = []
    left = residents
    for code in cities:
        if left <= 0:
            break
        populations.append(prepare_population(municipality=code, residents=min(most, left), seed=seed, as_of=as_of))
        left -= most
    return populations


async def load_residents(
    unit: Unit, populations: Sequence[Population], *, received_at: datetime, loaded: Callable[[int], None]
) -> None:
    """Load populations into the identification information of this tier, in one transaction.

    `loaded` is told how many residents have gone in so far. The unit signs in as the owner of the tables.
    """
    async with unit.transaction():
        await drop_indexes(unit)
        await copy_blocks(unit, _generated(populations, received_at), loaded=loaded)
        await build_indexes(unit)


async def vacuum_records(unit: Unit) -> None:
    """Tidy the table after a load: statistics, and which pages everybody sees."""
    await unit.execute(_VACUUM)


async def drop_indexes(unit: Unit) -> None:
    """Leave the table bare, in the transaction of a load."""
    await unit.execute(_DROP_INDEXES)


async def copy_blocks(unit: Unit, blocks: AsyncIterator[tuple[bytes, int]], *, loaded: Callable[[int], None]) -> None:
    """Copy blocks of COPY text, each with its number of rows, into the table."""
    done = 0
    async with unit.cursor() as cursor, cursor.copy(_COPY) as copy:
        async for content, size in blocks:
            await copy.write(content)
            done += size
            loaded(done)


async def build_indexes(unit: Unit) -> None:
    """Build the primary key and the index again."""
    await unit.execute(_BUILD_INDEXES)


async def _generated(populations: Sequence[Population], received_at: datetime) -> AsyncIterator[tuple[bytes, int]]:
    """Generate in a thread, one block ahead of what is being written."""
    wanted: Iterator[tuple[Population, int]] = (
        (population, number) for population in populations for number in range(population.block_count)
    )

    def generate(population: Population, number: int) -> tuple[bytes, int]:
        block = population.generate_block(number)
        return block.identification_copy(received_at=received_at), block.size

    coming: asyncio.Task[tuple[bytes, int]] | None = None
    for population, number in wanted:
        following = asyncio.create_task(asyncio.to_thread(generate, population, number))
        if coming is not None:
            yield await coming
        coming = following
    if coming is not None:
        yield await coming
