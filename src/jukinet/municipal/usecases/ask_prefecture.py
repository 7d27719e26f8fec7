"""Ask the prefecture about one person in the name of this municipality (本人確認情報の照会), and keep that it asked.

Source: Act (–2015) art. 30-7(4)(6); Act (2015–) art. 30-10, 30-12.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import PeerRefusedError
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.node_names import NodeName, prefecture_of
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 10.0


async def ask_prefecture(
    *, query: ConfirmationQuery, node: NodeName, client: MessageClient, database: Database, now: datetime
) -> ConfirmationAnswer:
    """Return the answer, after this node has recorded that it asked.

    Raises:
        PeerRefusedError: the law or the form does not allow the query; `peer_code` says which rule.
        PeerUnreachableError: there is no answer; nothing is known to have been given.
    """
    try:
        answer: ConfirmationAnswer = await client.send(
            prefecture_of(node), "local_confirmation", query, deadline=_DEADLINE_SECONDS
        )
    except PeerRefusedError as refusal:
        await _record(query, refusal.peer_code, database, now, outcome="refused")
        raise
    await _record(query, answer.result, database, now, message_id=answer.use_log_id)
    return answer


async def _record(
    query: ConfirmationQuery,
    result: str,
    database: Database,
    now: datetime,
    *,
    message_id: str | None = None,
    outcome: str = "done",
) -> None:
    event = Entry(
        event=AuditEvent.CONFIRMATION_ASKED,
        occurred_at=now,
        actor=query.official,
        outcome=outcome,
        message_id=message_id,
        detail={
            "affair": query.affair,
            "matter_number": query.matter_number,
            "method": "real_time" if query.stated is None else "verification",
            "through": "screen",
            "result": result,
        },
    )
    async with database.transaction() as unit:
        await append(unit, [event])
