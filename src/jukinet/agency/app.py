"""Wiring of the agency node."""

from __future__ import annotations

import random
from functools import partial
from typing import Final

from jukinet.agency.api.application import make_api
from jukinet.agency.doubt_store import Reporter
from jukinet.agency.endpoints import ENDPOINTS
from jukinet.agency.jobs import keep_doubts_followed, keep_feed_read, keep_queries_short
from jukinet.agency.usecases.ask_confirmation import ask_confirmation
from jukinet.agency.usecases.list_affairs import list_affairs
from jukinet.agency.usecases.report_doubt import Doubt, report_doubt
from jukinet.agency.usecases.search_person import search_person
from jukinet.agency.web.desk import AgencyDesk
from jukinet.agency.web.screens import make_screens
from jukinet.delivery.courier import Courier
from jukinet.domain.clock import Clock
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import Node, Parts, run_node
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery

#: Where this kind's tables are defined, in order.
MIGRATIONS: Final = (
    "jukinet.audit.migrations",
    "jukinet.operator_web.migrations",
    "jukinet.delivery.migrations",
    "jukinet.agency.migrations",
)


async def run(config: NodeConfig, *, clock: Clock, until_input_ends: bool = False) -> None:
    """Run the agency node until it is told to stop."""
    await run_node(config, clock=clock, migrations=MIGRATIONS, assemble=assemble, until_input_ends=until_input_ends)


def assemble(node: Node) -> Parts:
    """Return what this kind answers and does."""

    async def ask(query: ConfirmationQuery) -> ConfirmationAnswer:
        return await ask_confirmation(query=query, client=node.client, database=node.database, now=node.clock())

    async def search(query: PersonSearchQuery) -> PersonSearchAnswer:
        return await search_person(query=query, client=node.client, database=node.database, now=node.clock())

    async def report(doubt: Doubt, reporter: Reporter) -> str:
        return await report_doubt(doubt=doubt, reporter=reporter, database=node.database, now=node.clock())

    courier = Courier(node.database, node.client, node.clock, random.SystemRandom().random)
    desk = AgencyDesk(
        name=node.name,
        database=node.database,
        clock=node.clock,
        asking=AskingDesk(
            organ=node.config.organs.get(node.name.code),
            ask=ask,
            search=search,
            list_affairs=lambda: list_affairs(client=node.client),
            has_own_pages=True,
        ),
        report=report,
        kept_days=node.config.queries_kept_days,
        feed_kept_days=node.config.feed_kept_days,
    )
    return Parts(
        endpoints={name: make(node) for name, make in ENDPOINTS.items()},
        jobs=(
            courier.run,
            partial(keep_queries_short, node),
            partial(keep_doubts_followed, node),
            partial(keep_feed_read, node),
        ),
        screens=make_screens(desk, is_production=node.config.is_production),
        api=make_api(node),
    )
