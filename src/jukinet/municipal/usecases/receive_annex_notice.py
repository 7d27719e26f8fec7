"""Receive annex notices (戸籍の附票記載事項通知): kept for the family register desk, which corrects the annex.

Source: Act art. 19(1)(4).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import Intake, receive_numbered_notices
from jukinet.domain.act_reasons import find_act_reason
from jukinet.domain.addresses import require_address, require_address_in
from jukinet.domain.civil_dates import require_civil_date_wire
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.names import require_name
from jukinet.municipal.moving_notice_store import add_annex_notices
from jukinet.municipal.usecases.hand_over_register import hand_on_late_notices
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.moving import AnnexNotice, NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received


async def receive_annex_notices(
    *, received: Received[tuple[AnnexNotice, ...]], node: NodeName, database: Database, now: datetime
) -> NoticesAnswer:
    """Keep the notices of one message and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
    """
    sender = received.peer.name.text

    async def keep(unit: Unit, notices: Sequence[AnnexNotice]) -> None:
        await add_annex_notices(unit, notices, sender=sender, now=now)
        await append(unit, [_event(notice, sender, now) for notice in notices])
        numbers = [notice.notice_number for notice in notices]
        await hand_on_late_notices(
            unit, node=node, table="annex_notice", sender=sender, notice_numbers=numbers, now=now
        )

    intake: Intake[AnnexNotice] = Intake(require_valid=lambda notice: require_valid(notice, node=node), record=keep)
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


def require_valid(notice: AnnexNotice, *, node: NodeName) -> None:
    """Refuse a notice that cannot be about anybody, or whose registered domicile lies in another municipality.

    Raises:
        InvalidValueError: one of its leaves, by item.
    """
    require_name(notice.name, field="name")
    require_name(notice.first_listed_person, field="first_listed_person")
    require_address_in(LocalGovernmentCode(node.code), notice.registered_domicile, field="registered_domicile")
    require_address(notice.address, field="address")
    for name in ("birth_date", "address_since_on", "changed_on"):
        require_civil_date_wire(getattr(notice, name), name, may_be_irregular=True)
    find_act_reason(notice.reason, field="reason")


def _event(notice: AnnexNotice, sender: str, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.ANNEX_NOTICED,
        occurred_at=now,
        actor=sender,
        detail={"sender": sender, "notice_number": notice.notice_number},
    )
