"""Wiring of the prefectural node."""

from __future__ import annotations

import random
from typing import Final

from jukinet.delivery.courier import Courier
from jukinet.disclosure.office import open_answer_office
from jukinet.domain.clock import Clock
from jukinet.domain.local_governments import find_local_government
from jukinet.identification.web.desk import ServerDesk
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import Node, Parts, run_node
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.postgres.distribute import DistributedTable
from jukinet.prefectural.endpoints import ENDPOINTS, FORWARDING, require_competent
from jukinet.prefectural.node import PrefecturalNode
from jukinet.prefectural.usecases.answer_local_query import answer_local_query
from jukinet.prefectural.web.screens import make_screens
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery

#: Where this kind's tables are defined, in order.
MIGRATIONS: Final = (
    "jukinet.audit.migrations",
    "jukinet.operator_web.migrations",
    "jukinet.delivery.migrations",
    "jukinet.identification.migrations",
    "jukinet.disclosure.migrations",
    "jukinet.prefectural.migrations",
)

#: Tables that grow with the population; what a node owes and receives stays on one machine.
DISTRIBUTED_TABLES: Final = (
    DistributedTable("identification.record", "resident_record_code"),
    DistributedTable("identification.superseded_record", "resident_record_code"),
    DistributedTable("delivery.held_notice", "resident_record_code"),
    DistributedTable("audit.event", "event_id"),
    DistributedTable("audit.use_log", "message_id"),
    DistributedTable("audit.set_commitment", "message_id"),
    DistributedTable("retention.confirmed_move_out", "resident_record_code"),
)


async def run(config: NodeConfig, *, clock: Clock, until_input_ends: bool = False) -> None:
    """Run the prefectural node until it is told to stop."""
    await run_node(config, clock=clock, migrations=MIGRATIONS, assemble=assemble, until_input_ends=until_input_ends)


def assemble(opened: Node) -> Parts:
    """Return what this kind answers and does."""
    node = PrefecturalNode.of(opened)

    async def ask(query: ConfirmationQuery) -> ConfirmationAnswer:
        return await answer_local_query(query=query, asker=node.name, desk=node.local_desk, now=node.clock())

    asking = AskingDesk(
        organ=find_local_government(node.name.code).full_name,
        ask=ask,
        list_affairs=lambda: node.grants.list_of(node.name),
        path="/asking",
    )
    courier = Courier(node.database, node.client, node.clock, random.SystemRandom().random)
    desk = ServerDesk(
        name=node.name,
        database=node.database,
        clock=node.clock,
        forwarding=FORWARDING,
        require_competent=require_competent,
    )
    return Parts(
        endpoints={name: make(node) for name, make in ENDPOINTS.items()},
        jobs=[courier.run],
        screens=make_screens(
            desk, asking, office=open_answer_office(node.config), is_production=node.config.is_production
        ),
    )
