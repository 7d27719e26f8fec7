"""Register a merger of municipalities (市町村の廃置分合) with a tier above: by one operator, approved by another.

No municipality can do this: what it claims of another's residents is refused until its prefecture and the nation,
each by two persons of its own who hold the public notice, say that it is the successor (docs/adr/0012).
"""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import MergerStateError, PeerNotPermittedError
from jukinet.domain.mergers import Merger, require_possible_merger
from jukinet.domain.reviews import require_other_operator
from jukinet.identification.merger_store import RegisteredMerger, add_merger, approve_merger, lock_merger
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeKind, NodeName


async def register_merger(
    *, merger: Merger, node: NodeName, operator_id: str, database: Database, now: datetime
) -> None:
    """Keep a merger, to be approved. Until then, registering it again puts it right.

    Raises:
        JukinetError: the rule of `mergers.require_possible_merger` it breaks.
        PeerNotPermittedError: this is the server of another prefecture.
        MergerStateError: a merger of this municipality is approved.
    """
    require_possible_merger(merger, today=civil_day(now))
    if node.kind is NodeKind.PREFECTURAL and merger.outgoing.prefecture_code.value != node.code:
        raise PeerNotPermittedError("The municipalities are of another prefecture.", field="outgoing")
    async with database.transaction() as unit:
        if not await add_merger(unit, merger, operator_id=operator_id, now=now):
            raise MergerStateError("A merger of this municipality is approved already.", field="outgoing")
        await append(unit, [_event(merger.outgoing.value, merger.successor.value, "registered", operator_id, now)])


async def approve_registered_merger(
    *, outgoing: str, operator_id: str, database: Database, now: datetime
) -> RegisteredMerger:
    """Approve a merger and return it as it was registered: from its day on the successor continues the residents.

    Raises:
        MergerNotFoundError, MergerStateError: there is none, or it is approved.
        SelfReviewError: whoever registered it does not approve it.
    """
    async with database.transaction() as unit:
        merger = await lock_merger(unit, outgoing)
        if merger.approved_by is not None:
            raise MergerStateError("The merger is approved already.", field="outgoing")
        require_other_operator(submitted_by=merger.registered_by, reviewer=operator_id)
        await approve_merger(unit, outgoing, operator_id=operator_id, now=now)
        await append(unit, [_event(outgoing, merger.successor, "approved", operator_id, now)])
    return merger


def _event(outgoing: str, successor: str, state: str, operator_id: str, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.MERGER_MOVED,
        occurred_at=now,
        actor=operator_id,
        detail={"outgoing": outgoing, "successor": successor, "state": state},
    )
