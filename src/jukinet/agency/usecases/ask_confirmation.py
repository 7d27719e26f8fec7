"""Ask the national node to confirm one person (本人確認情報の照会), and keep that it was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.agency.store import AskedConfirmation, record_confirmation
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import PeerRefusedError
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 5.0


async def ask_confirmation(
    *, query: ConfirmationQuery, client: MessageClient, database: Database, now: datetime
) -> ConfirmationAnswer:
    """Return the national node's answer, after this node has recorded that it asked.

    Raises:
        PeerRefusedError: the law or the form does not allow the query; `peer_code` says which rule.
        PeerUnreachableError: there is no answer; nothing is known to have been given.
    """
    try:
        answer: ConfirmationAnswer = await client.send(
            NATIONAL, "confirmation_query", query, deadline=_DEADLINE_SECONDS
        )
    except PeerRefusedError as refusal:
        await _record_refusal(query, refusal, database, now)
        raise
    asked = AskedConfirmation(
        answer.use_log_id,
        now,
        query.official,
        query.affair,
        query.matter_number,
        query.purpose,
        answer.result,
    )
    async with database.transaction() as unit:
        await record_confirmation(unit, asked)
        await append(unit, [_event(query, answer.result, now, message_id=answer.use_log_id)])
    return answer


async def _record_refusal(
    query: ConfirmationQuery, refusal: PeerRefusedError, database: Database, now: datetime
) -> None:
    async with database.transaction() as unit:
        await append(unit, [_event(query, refusal.peer_code, now, outcome="refused")])


def _event(
    query: ConfirmationQuery, result: str, now: datetime, *, message_id: str | None = None, outcome: str = "done"
) -> Entry:
    return Entry(
        event=AuditEvent.CONFIRMATION_ASKED,
        occurred_at=now,
        actor=query.official,
        outcome=outcome,
        message_id=message_id,
        detail={"affair": query.affair, "matter_number": query.matter_number, "result": result},
    )
