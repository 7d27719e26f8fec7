"""The tables of every kind of node: fit for distribution, closed to other data, the log append-only."""

from __future__ import annotations

from typing import Final

import pytest

from jukinet.cli.kinds import KINDS
from jukinet.postgres.database import connect
from jukinet.postgres.distribute import require_citus_compatible
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NodeKind
from tests.fixtures_postgres import MakeDatabase

_COLUMNS: Final = """
    SELECT column_name
      FROM information_schema.columns
     WHERE table_schema = 'identification' AND table_name = %(table)s
"""
_GRANTS: Final = """
    SELECT DISTINCT privilege_type
      FROM information_schema.role_table_grants
     WHERE table_schema = 'audit' AND grantee = current_user
"""
#: What a node adds to the items of a notice: the state of the record, and when it heard of it.
_OWN_COLUMNS: Final = {"is_removed", "received_at"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].distributed])
async def test_the_large_tables_could_be_distributed_over_machines(
    kind: NodeKind, fresh_database: MakeDatabase
) -> None:
    database = await fresh_database(KINDS[kind].migrations)

    async with connect(database.owner) as unit:
        await require_citus_compatible(unit, KINDS[kind].distributed)


@pytest.mark.invariant("I1")
@pytest.mark.parametrize("table", ["record", "superseded_record"])
@pytest.mark.parametrize("kind", [NodeKind.PREFECTURAL, NodeKind.NATIONAL])
async def test_the_upper_tiers_have_a_column_for_the_statutory_items_and_nothing_else(
    kind: NodeKind, table: str, embedded_database: MakeDatabase
) -> None:
    database = await embedded_database(KINDS[kind].migrations)
    items = {"change_reason" if item == "reason" else item for item in IdentificationNotice.__struct_fields__}

    async with connect(database.owner) as unit:
        columns = {name for (name,) in await (await unit.execute(_COLUMNS, {"table": table})).fetchall()}

    assert columns == items | _OWN_COLUMNS


@pytest.mark.parametrize("kind", list(KINDS))
async def test_a_node_may_read_and_append_to_its_audit_log_and_nothing_else(
    kind: NodeKind, fresh_database: MakeDatabase
) -> None:
    database = await fresh_database(KINDS[kind].migrations)

    async with connect(database.app) as unit:
        granted = {privilege for (privilege,) in await (await unit.execute(_GRANTS)).fetchall()}

    assert granted == {"SELECT", "INSERT"}
