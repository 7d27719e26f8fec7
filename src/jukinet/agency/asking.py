"""What every query of an organ has in common: it is sent on, and kept here without its answer."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias

from jukinet.agency.store import AskedConfirmation, record_confirmation
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import PeerRefusedError
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.node_names import NATIONAL
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery
from jukinet.transport.message_client import MessageClient

#: Seconds the national node has for an answer.
DEADLINE_SECONDS: Final = 5.0

PersonQuery: TypeAlias = ConfirmationQuery | PersonSearchQuery


def method_of(query: PersonQuery) -> str:
    """Return by which way somebody is asked for, as the use log names it."""
    if isinstance(query, PersonSearchQuery):
        return "search"
    return "real_time" if query.stated is None else "verification"


async def ask_nation(
    query: PersonQuery, message_type: str, *, client: MessageClient, database: Database, now: datetime, through: str
) -> ConfirmationAnswer | PersonSearchAnswer:
    """Return the national node's answer, after this node has recorded that it asked.

    Raises:
        PeerRefusedError: the law or the form does not allow the query; `peer_code` says which rule.
        PeerUnreachableError: there is no answer; nothing is known to have been given.
    """
    try:
        answer: ConfirmationAnswer | PersonSearchAnswer = await client.send(
            NATIONAL, message_type, query, deadline=DEADLINE_SECONDS
        )
    except PeerRefusedError as refusal:
        async with database.transaction() as unit:
            await append(unit, [_event(query, refusal.peer_code, now, through, outcome="refused")])
        raise
    asked = AskedConfirmation(
        message_id=answer.use_log_id,
        asked_at=now,
        official=query.official,
        affair=query.affair,
        matter_number=query.matter_number,
        purpose=query.purpose,
        result=answer.result,
        office=query.office,
        method=method_of(query),
        through=through,
    )
    async with database.transaction() as unit:
        # The same query repeated under its key has the same entry on the use log: it is one query here too.
        if await record_confirmation(unit, asked):
            await append(unit, [_event(query, answer.result, now, through, message_id=answer.use_log_id)])
    return answer


def _event(
    query: PersonQuery,
    result: str,
    now: datetime,
    through: str,
    *,
    message_id: str | None = None,
    outcome: str = "done",
) -> Entry:
    return Entry(
        event=AuditEvent.CONFIRMATION_ASKED,
        occurred_at=now,
        actor=query.official,
        outcome=outcome,
        message_id=message_id,
        detail={
            "affair": query.affair,
            "matter_number": query.matter_number,
            "method": method_of(query),
            "through": through,
            "result": result,
        },
    )
