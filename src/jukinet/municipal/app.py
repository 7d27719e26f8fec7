"""Wiring of the municipal node."""

from __future__ import annotations

import random
from functools import partial
from typing import Final

from jukinet.domain.clock import Clock
from jukinet.domain.local_governments import find_local_government
from jukinet.municipal.document_office import open_office
from jukinet.municipal.endpoints import ENDPOINTS
from jukinet.municipal.jobs import (
    keep_addresses_changed,
    keep_code_pool_filled,
    keep_individual_numbers_received,
    keep_move_in_notices_applied,
    keep_move_outs_completed,
    keep_municipalities_merged,
    keep_register_handed_over,
    keep_search_complete,
    make_courier,
)
from jukinet.municipal.resident_system.file_drop import keep_files_picked_up
from jukinet.municipal.scanned_certificates import read_certificate
from jukinet.municipal.usecases.ask_prefecture import ask_prefecture
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.procedures import require_procedures
from jukinet.municipal.web.screens import make_connected_screens, make_screens
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import Node, Parts, run_node
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.local_provision import LocalGrantsQuery
from jukinet.protocol.node_names import prefecture_of

_ASKING_SECONDS: Final = 10.0

#: Where this kind's tables are defined, in order.
MIGRATIONS: Final = (
    "jukinet.audit.migrations",
    "jukinet.operator_web.migrations",
    "jukinet.delivery.migrations",
    "jukinet.municipal.migrations",
)


async def run(config: NodeConfig, *, clock: Clock, until_input_ends: bool = False) -> None:
    """Run the municipal node until it is told to stop."""
    await run_node(config, clock=clock, migrations=MIGRATIONS, assemble=assemble, until_input_ends=until_input_ends)


def assemble(node: Node) -> Parts:
    """Return what this kind answers and does; with a connected resident system, nothing of a register of its own."""
    desk = Desk(
        name=node.name,
        database=node.database,
        clock=node.clock,
        choice=random.SystemRandom(),
        client=node.client,
        read_certificate=partial(read_certificate, authority=node.identity.authority, revocations=node.revocations),
        is_connected=node.config.resident_system is not None,
        reviewed=require_procedures(node.config.reviewed_procedures),
        office=open_office(node.config),
        asking=_asking(node),
    )
    if node.config.resident_system is not None:
        return Parts(
            endpoints={name: make(node) for name, make in ENDPOINTS.items()},
            jobs=[make_courier(node).run, lambda: keep_files_picked_up(node)],
            screens=make_connected_screens(desk, is_production=node.config.is_production),
        )
    return Parts(
        endpoints={name: make(node) for name, make in ENDPOINTS.items()},
        jobs=[
            make_courier(node).run,
            lambda: keep_code_pool_filled(node),
            lambda: keep_individual_numbers_received(node),
            lambda: keep_move_outs_completed(node),
            lambda: keep_move_in_notices_applied(node),
            lambda: keep_search_complete(node),
            lambda: keep_addresses_changed(node),
            lambda: keep_register_handed_over(node),
            lambda: keep_municipalities_merged(node),
        ],
        screens=make_screens(desk, is_production=node.config.is_production),
    )


def _asking(node: Node) -> AskingDesk:
    """Return what clerks ask for people of the prefecture and elsewhere with."""

    async def ask(query: ConfirmationQuery) -> ConfirmationAnswer:
        return await ask_prefecture(
            query=query, node=node.name, client=node.client, database=node.database, now=node.clock()
        )

    async def list_affairs() -> GrantsAnswer:
        answer: GrantsAnswer = await node.client.send(
            prefecture_of(node.name), "local_grants", LocalGrantsQuery(), deadline=_ASKING_SECONDS
        )
        return answer

    organ = find_local_government(node.name.code).full_name
    return AskingDesk(organ=organ, ask=ask, list_affairs=list_affairs, path="/asking")
