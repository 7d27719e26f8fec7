"""Load the synthetic residents: the municipality's register, and the same information on the tiers above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import sql

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.devnet.plan import FederationPlan
from jukinet.devnet.store import COPY, RESTART_NUMBERS
from jukinet.domain.clock import Clock, civil_day
from jukinet.municipal.search_filling import fill_in
from jukinet.population.block import IDENTIFICATION_COLUMNS, REGISTER_COLUMNS, RESIDENT_COLUMNS, Block
from jukinet.population.generator import generate_blocks
from jukinet.postgres.database import Unit, connect
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName, prefecture_of

#: The same seed makes the same residents on every machine.
SEED: Final = 20_020_805


@dataclass(frozen=True, slots=True)
class _Tiers:
    """Connections to the three tiers one municipality's residents are on."""

    municipal: Unit
    prefectural: Unit
    national: Unit


async def seed_residents(
    plan: FederationPlan,
    databases: Mapping[str, NodeDatabase],
    *,
    clock: Clock,
    progress: Callable[[str, int, int], None],
    done: int,
    total: int,
) -> None:
    """Load every municipality's residents, equal on all three tiers."""
    for node in plan.list_nodes(NodeKind.MUNICIPAL):
        done += 1
        count = plan.residents_of(node.name.text)
        progress(f"住民 {count:,} 人 {node.name}", done, total)
        prefecture = prefecture_of(node.name)
        async with (
            connect(databases[node.name.text].owner) as municipal,
            connect(databases[prefecture.text].owner) as prefectural,
            connect(databases[NATIONAL.text].owner) as national,
            municipal.transaction(),
            prefectural.transaction(),
            national.transaction(),
        ):
            await _seed_municipality(node.name, count, _Tiers(municipal, prefectural, national), clock())


async def _seed_municipality(name: NodeName, count: int, tiers: _Tiers, now: datetime) -> None:
    blocks = generate_blocks(municipality=name.code, residents=count, seed=SEED, as_of=civil_day(now))
    for block in blocks:
        await _load(block, tiers, now)
    await tiers.municipal.execute(RESTART_NUMBERS)
    await fill_in(tiers.municipal)
    for unit in (tiers.municipal, tiers.prefectural, tiers.national):
        event = Entry(event=AuditEvent.POPULATION_LOADED, occurred_at=now, actor=name.text, detail={"residents": count})
        await append(unit, [event])


async def _load(block: Block, tiers: _Tiers, now: datetime) -> None:
    identification = block.identification_copy(received_at=now)
    register = block.register_copy(recorded_at=now, recorded_by="initial-load")
    await _copy(tiers.municipal, "register", "resident_record", REGISTER_COLUMNS, register)
    await _copy(tiers.municipal, "register", "resident", RESIDENT_COLUMNS, block.resident_copy())
    for unit in (tiers.prefectural, tiers.national):
        await _copy(unit, "identification", "record", IDENTIFICATION_COLUMNS, identification)


async def _copy(unit: Unit, schema: str, table: str, columns: tuple[str, ...], content: bytes) -> None:
    statement = COPY.format(
        table=sql.Identifier(schema, table), columns=sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    async with unit.cursor() as cursor, cursor.copy(statement) as copy:
        await copy.write(content)
