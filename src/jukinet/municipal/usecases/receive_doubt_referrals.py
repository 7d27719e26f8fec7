"""Receive reports of doubt from the prefecture (M16): kept for a clerk to look into, with the day they are due.

Source: Act art. 12-5, 14(1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import Intake, receive_numbered_notices
from jukinet.domain.civil_dates import require_civil_date_wire
from jukinet.domain.errors import PeerNotPermittedError
from jukinet.domain.resident_record_code import require_resident_record_code
from jukinet.municipal.doubt_store import add_doubt
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.doubts import DoubtReferral
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received


async def receive_doubt_referrals(
    *, received: Received[tuple[DoubtReferral, ...]], node: NodeName, database: Database, now: datetime
) -> NoticesAnswer:
    """Keep the reports of one message and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
    """
    sender = received.peer.name

    async def keep(unit: Unit, referrals: Sequence[DoubtReferral]) -> None:
        await append(unit, [_event(one, sender, await add_doubt(unit, one, now=now), now) for one in referrals])

    intake: Intake[DoubtReferral] = Intake(require_valid=lambda one: _require_valid(one, node), record=keep)
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


def _require_valid(referral: DoubtReferral, node: NodeName) -> None:
    require_resident_record_code(referral.resident_record_code, field="resident_record_code")
    require_civil_date_wire(referral.reported_on, "reported_on", may_be_irregular=False)
    require_civil_date_wire(referral.due_on, "due_on", may_be_irregular=False)
    if referral.municipality != node.code:
        raise PeerNotPermittedError("This is another municipality.", field="municipality")


def _event(referral: DoubtReferral, sender: NodeName, resident_number: int | None, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.DOUBT_RECEIVED,
        occurred_at=now,
        actor=sender.text,
        resident_record_code=referral.resident_record_code,
        detail={
            "report_number": referral.report_number,
            "reason": referral.reason,
            "resident_number": resident_number,
        },
    )
