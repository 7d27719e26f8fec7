"""Wiring of the national node."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import partial
from typing import Final

from litestar import Litestar

from jukinet.audit.wording import Describer
from jukinet.delivery.courier import Courier
from jukinet.disclosure.office import open_answer_office
from jukinet.domain.clock import Clock
from jukinet.identification.web.desk import ServerDesk
from jukinet.national.batch_pace import BatchPace
from jukinet.national.batch_runner import BatchRunner, keep_retention
from jukinet.national.endpoints import ENDPOINTS, require_competent
from jukinet.national.feed_jobs import keep_events_short, keep_files_followed
from jukinet.national.feed_writing import follow_changes
from jukinet.national.jobs import keep_search_complete
from jukinet.national.node import NationalNode
from jukinet.national.resident_web.screens import make_resident_screens
from jukinet.national.sealer import keep_sealing
from jukinet.national.tracker.application import make_tracker
from jukinet.national.web.screens import make_screens
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import Node, Parts, run_node
from jukinet.postgres.distribute import DistributedTable

#: Where this kind's tables are defined, in order.
MIGRATIONS: Final = (
    "jukinet.audit.migrations",
    "jukinet.operator_web.migrations",
    "jukinet.delivery.migrations",
    "jukinet.identification.migrations",
    "jukinet.disclosure.migrations",
    "jukinet.national.migrations",
)

#: Tables that grow with the population; what a node owes and receives stays on one machine.
DISTRIBUTED_TABLES: Final = (
    DistributedTable("identification.record", "resident_record_code"),
    DistributedTable("identification.superseded_record", "resident_record_code"),
    DistributedTable("identification.search_key", "resident_record_code"),
    DistributedTable("delivery.held_notice", "resident_record_code"),
    DistributedTable("audit.event", "event_id"),
    DistributedTable("audit.use_log", "message_id"),
    DistributedTable("audit.file_use", "message_id"),
    DistributedTable("audit.file_use_page", "message_id"),
    DistributedTable("audit.sealed_file_use", "message_id"),
    DistributedTable("audit.file_leaf", "message_id"),
    DistributedTable("audit.set_commitment", "message_id"),
    DistributedTable("audit.leaf", "message_id"),
    DistributedTable("audit.released_use", "message_id"),
    DistributedTable("audit.log_page", "position"),
    DistributedTable("sealing.map_bucket", "bucket"),
    DistributedTable("sealing.map_page", "position"),
    DistributedTable("batch.part", "batch_number"),
    DistributedTable("batch.staged", "batch_number"),
    DistributedTable("batch.problem", "batch_number"),
    DistributedTable("batch.result", "batch_number"),
    DistributedTable("feed.followed_person", "resident_record_code"),
    DistributedTable("feed.event", "agency"),
    DistributedTable("allotment.code", "resident_record_code"),
    DistributedTable("allotment.individual_number", "individual_number"),
    DistributedTable("allotment.current_individual_number", "resident_record_code"),
)

#: Real-time look-ups: batches make way for them.
_LOOKUPS: Final = frozenset({"confirmation_query", "person_search"})


async def run(config: NodeConfig, *, clock: Clock, until_input_ends: bool = False) -> None:
    """Run the national node until it is told to stop."""
    await run_node(config, clock=clock, migrations=MIGRATIONS, assemble=assemble, until_input_ends=until_input_ends)


def assemble(opened: Node) -> Parts:
    """Return what this kind answers and does."""
    node = NationalNode.of(opened)
    desk = ServerDesk(
        name=node.name,
        database=node.database,
        clock=node.clock,
        forwarding=None,
        require_competent=require_competent,
        follow=follow_changes(clock=node.clock, certification_linkage=node.config.certification_linkage),
    )
    describer = Describer(node.config.organs)
    pace = BatchPace()
    courier = Courier(node.database, node.client, node.clock, random.SystemRandom().random)
    runner = BatchRunner(node, pace, timedelta(days=node.config.batch_retention_days))
    endpoints = {name: make(node) for name, make in ENDPOINTS.items()}
    return Parts(
        endpoints={name: pace.counted(one) if name in _LOOKUPS else one for name, one in endpoints.items()},
        jobs=(
            node.law.keep,
            courier.run,
            partial(keep_search_complete, node),
            partial(keep_sealing, opened),
            runner.run,
            partial(keep_retention, node),
            partial(keep_files_followed, node),
            partial(keep_events_short, node),
        ),
        screens=make_screens(
            desk,
            describer,
            law=node.law,
            office=open_answer_office(node.config),
            is_production=node.config.is_production,
        ),
        api=make_tracker(node, describer) if node.config.usage_portals else None,
        resident_screens=_resident_screens(node, describer),
    )


def _resident_screens(node: NationalNode, describer: Describer) -> Litestar:
    return make_resident_screens(
        name=node.name,
        database=node.database,
        clock=node.clock,
        describer=describer,
        is_production=node.config.is_production,
    )
