"""Answer a question of the prefecture's own offices or of one of its municipalities about one person.

Of residents of this prefecture the answer is given and logged here; of others' the question goes on to the nation.

Source: Act (–2015) art. 30-7(4)–(6), 30-8; Act (2015–) art. 30-10 to 30-15.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError, PeerRefusedError
from jukinet.domain.local_provision import LocalGrant
from jukinet.domain.stated_grounds import StatedGround, require_stated
from jukinet.identification.local_answers import Allowed, answer_locally, read_consent, wanted_items
from jukinet.postgres.database import Database
from jukinet.prefectural.local_grants import LocalGrants
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.errors import Refusal, error_of
from jukinet.protocol.local_provision import LocalConfirmation
from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDesk:
    """What answers here: the database, what the law gives, and the line to the nation."""

    database: Database = field(repr=False)
    grants: LocalGrants = field(repr=False)
    client: MessageClient = field(repr=False)


async def answer_local_query(
    *, query: ConfirmationQuery, asker: NodeName, desk: LocalDesk, now: datetime, message_id: str | None = None
) -> ConfirmationAnswer:
    """Return the answer, after its entry on the use log of the node that gave it is durable.

    Raises:
        NotPermittedError: the law does not allow it, by one of its leaves; the refusal is on the audit log.
        InvalidValueError: a code, a number or an item is not valid.
        PeerError: the nation cannot be reached.
    """
    try:
        stated = StatedGround(
            affair=query.affair,
            purpose=query.purpose,
            matter_number=query.matter_number,
            official=query.official,
            office=query.office,
        )
        require_stated(stated)
        grant = await desk.grants.find(asker, query.affair)
        return await _answer(query, asker, grant, desk, now, message_id or new_message_id(now, secrets.token_bytes(10)))
    except JukinetError as error:
        await _record_refusal(query, asker, error, desk.database, now, message_id)
        raise


async def _answer(  # noqa: PLR0917 - a question and everything that decides about it
    query: ConfirmationQuery, asker: NodeName, grant: LocalGrant, desk: LocalDesk, now: datetime, message_id: str
) -> ConfirmationAnswer:
    items = grant.require_use(
        wanted_items(query), office=query.office, consented_on=read_consent(query), today=civil_day(now)
    )
    if grant.is_answered_by_prefecture:
        ground = grant.ground if query.consented_on is None else f"{grant.ground}（本人の同意 {query.consented_on}）"
        allowed = Allowed(asker=asker, ground=ground, items=items, covers=grant.covers)
        return await answer_locally(query, allowed, message_id=message_id, database=desk.database, now=now)
    municipality = asker.code if asker.kind is NodeKind.MUNICIPAL else ""
    forwarded = LocalConfirmation(query=query, municipality=municipality)
    try:
        answer: ConfirmationAnswer = await desk.client.send(
            NATIONAL, "local_confirmation_forwarding", forwarded, deadline=_DEADLINE_SECONDS
        )
    except PeerRefusedError as refusal:
        if refusal.is_temporary:
            raise
        raise error_of(Refusal(code=refusal.peer_code, detail=refusal.detail, field=refusal.field)) from None
    return answer


async def _record_refusal(  # noqa: PLR0917 - one event has all of these
    query: ConfirmationQuery,
    asker: NodeName,
    error: JukinetError,
    database: Database,
    now: datetime,
    message_id: str | None,
) -> None:
    detail = {
        "affair": query.affair,
        "office": query.office,
        "official": query.official,
        "matter_number": query.matter_number,
        "items": ",".join(query.items or ()),
        "error_code": error.code,
        "reason": error.detail,
    }
    event = Entry(
        event=AuditEvent.PROVISION_REFUSED,
        occurred_at=now,
        actor=asker.text,
        outcome="refused",
        message_id=message_id,
        detail=detail,
    )
    async with database.transaction() as unit:
        await append(unit, [event])
