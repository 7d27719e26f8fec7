"""Propose a change of the law of provision: an affair, its items or dates, an ordinance, an office.

Nothing changes by a proposal. Somebody else approves it (`decide_law_change`).
"""

from __future__ import annotations

from datetime import date, datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.provision_changes import Act, LawChange, affair_id_of, require_possible
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.law_store import insert_proposal
from jukinet.postgres.database import Database


async def propose_law_change(
    *,
    act: Act,
    effective_on: date,
    source: str,
    operator_id: str,
    keeper: LawKeeper,
    database: Database,
    now: datetime,
) -> int:
    """Keep the proposal and return its number.

    Raises:
        LawChangeNotInAdvanceError: `effective_on` is not in the future.
        NotPermittedError, InvalidValueError, ConflictError: the change does not fit the law (`require_possible`).
    """
    today = civil_day(now)
    change = LawChange(number=0, effective_on=effective_on, act=act, source=source.strip())
    law, offices = await keeper.current()
    require_possible(law, offices, change, today=today)
    async with database.transaction() as unit:
        number = await insert_proposal(unit, change, proposed_by=operator_id, proposed_on=today, now=now)
        detail = {
            "proposal_number": number,
            "kind": type(act).__name__,
            "affair": affair_id_of(change),
            "effective_on": effective_on.isoformat(),
        }
        await append(
            unit, [Entry(event=AuditEvent.LAW_CHANGE_PROPOSED, occurred_at=now, actor=operator_id, detail=detail)]
        )
    return number
