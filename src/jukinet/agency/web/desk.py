"""What the screens of an agency work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from jukinet.agency.doubt_store import Reporter
from jukinet.agency.usecases.report_doubt import Doubt
from jukinet.domain.clock import Clock
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDesk:
    """The node as its screens see it."""

    name: NodeName
    database: Database
    clock: Clock
    #: What it asks with, and the organ of the Appended Tables it is.
    asking: AskingDesk
    #: Reports a doubt about what was given, and returns the number of the report.
    report: Callable[[Doubt, Reporter], Awaitable[str]] = field(repr=False)
    #: How long the queries are kept, to be told on the screen.
    kept_days: int = 1_096
    #: How long the events of the change feed are kept.
    feed_kept_days: int = 92
