"""Receive confirmations of move-outs (転出確定通知): kept, because they decide how long information is kept.

Source: Order (–2015) art. 13(3)(4), 30-6(ii).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import Intake, receive_numbered_notices
from jukinet.domain.civil_dates import CivilDate, require_civil_date_wire
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import DateOutOfOrderError, ImpossibleChangeError, UnknownLocalGovernmentError
from jukinet.domain.local_governments import municipality_codes
from jukinet.domain.resident_record_code import require_resident_record_code
from jukinet.domain.update_sequence import begins_residence
from jukinet.postgres.database import Database, Unit
from jukinet.prefectural.store import add_confirmed_move_outs
from jukinet.protocol.moving import MoveOutConfirmation, NoticesAnswer
from jukinet.transport.message_server import Received


async def receive_move_out_confirmations(
    *, received: Received[tuple[MoveOutConfirmation, ...]], database: Database, now: datetime
) -> NoticesAnswer:
    """Keep the confirmations of one message and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
    """
    sender = received.peer.name.text

    async def keep(unit: Unit, confirmations: Sequence[MoveOutConfirmation]) -> None:
        await add_confirmed_move_outs(unit, confirmations, sender=sender, now=now)
        await append(unit, [_event(one, sender, now) for one in confirmations])

    intake: Intake[MoveOutConfirmation] = Intake(require_valid=lambda one: require_valid(one, now=now), record=keep)
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


def require_valid(confirmation: MoveOutConfirmation, *, now: datetime) -> None:
    """Refuse a confirmation that cannot be about anybody.

    Raises:
        InvalidValueError: one of its leaves, by item.
    """
    require_resident_record_code(confirmation.resident_record_code, field="resident_record_code")
    require_civil_date_wire(confirmation.confirmed_on, "confirmed_on", may_be_irregular=False)
    if CivilDate.from_wire(confirmation.confirmed_on).span[0] > civil_day(now):
        raise DateOutOfOrderError("The confirmation lies in the future.", field="confirmed_on")
    if confirmation.moved_to not in municipality_codes():
        raise UnknownLocalGovernmentError(field="moved_to")
    if begins_residence(confirmation.update_sequence):
        raise ImpossibleChangeError("A residence does not end with its entry.", field="update_sequence")


def _event(confirmation: MoveOutConfirmation, sender: str, now: datetime) -> Entry:
    detail = {
        "sender": sender,
        "notice_number": confirmation.notice_number,
        "moved_to": confirmation.moved_to,
        "update_sequence": confirmation.update_sequence,
    }
    return Entry(
        event=AuditEvent.MOVE_OUT_CONFIRMED,
        occurred_at=now,
        actor=sender,
        resident_record_code=confirmation.resident_record_code,
        detail=detail,
    )
