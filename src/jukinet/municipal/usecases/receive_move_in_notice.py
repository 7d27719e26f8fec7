"""Receive move-in notices (転入通知) from other municipalities: kept when they come, applied right after.

Source: Act art. 9(1)(3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.delivery.numbered_notices import Intake, receive_numbered_notices
from jukinet.domain.addresses import require_address
from jukinet.domain.civil_dates import CivilDate, require_civil_date_wire
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import DateOutOfOrderError, PeerNotPermittedError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.domain.names import require_name
from jukinet.domain.resident_record_code import require_resident_record_code
from jukinet.municipal.moving_notice_store import add_move_in_notices
from jukinet.municipal.usecases.hand_over_register import hand_on_late_notices
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.moving import MoveInNotice, NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received


async def receive_move_in_notices(
    *, received: Received[tuple[MoveInNotice, ...]], node: NodeName, database: Database, now: datetime
) -> NoticesAnswer:
    """Keep the notices of one message and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
    """
    sender = received.peer.name

    async def keep(unit: Unit, notices: Sequence[MoveInNotice]) -> None:
        await add_move_in_notices(unit, notices, sender=sender.text, now=now)
        numbers = [notice.notice_number for notice in notices]
        await hand_on_late_notices(
            unit, node=node, table="move_in_notice", sender=sender.text, notice_numbers=numbers, now=now
        )

    intake: Intake[MoveInNotice] = Intake(
        require_valid=lambda notice: require_valid(notice, sender=sender, now=now), record=keep
    )
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


def require_valid(notice: MoveInNotice, *, sender: NodeName, now: datetime) -> None:
    """Refuse a notice that cannot be about anybody, or is about another municipality than the sender.

    Raises:
        InvalidValueError: one of its leaves, by item.
        PeerNotPermittedError: the person did not move in there.
    """
    require_resident_record_code(notice.resident_record_code, field="resident_record_code")
    require_name(notice.name, field="name")
    require_civil_date_wire(notice.birth_date, "birth_date", may_be_irregular=True)
    require_address(notice.address, field="address")
    require_civil_date_wire(notice.moved_in_on, "moved_in_on", may_be_irregular=False)
    if CivilDate.from_wire(notice.moved_in_on).span[0] > civil_day(now):
        raise DateOutOfOrderError("The move-in lies in the future.", field="moved_in_on")
    if municipality_of(LocalGovernmentCode.parse(notice.municipality)).code.value != sender.code:
        raise PeerNotPermittedError("A municipality tells of move-ins to itself only.", field="municipality")
