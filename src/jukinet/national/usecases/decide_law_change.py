"""Decide on a proposed change of the law of provision: approve, reject, or withdraw one's own.

Who proposed a change never approves it: this module refuses, and so does the database.
"""

from __future__ import annotations

from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import LawProposalDecidedError
from jukinet.domain.provision_changes import affair_id_of, changed_law, changed_offices, require_possible
from jukinet.domain.provision_law import bundled_law
from jukinet.domain.reviews import require_other_operator, require_own, require_reason
from jukinet.domain.rules import Rule, enforces
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.law_store import (
    Proposal,
    find_proposal,
    insert_decision,
    list_approved,
    lock_decisions,
)
from jukinet.postgres.database import Database, Unit


@enforces(Rule.LAW_CHANGES_IN_ADVANCE)
async def approve_law_change(
    *, proposal_number: int, operator_id: str, keeper: LawKeeper, database: Database, now: datetime
) -> None:
    """Make the change law from its day on.

    Raises:
        LawProposalNotFoundError, LawProposalDecidedError: there is none, or it was decided.
        SelfReviewError: the operator proposed it.
        LawChangeNotInAdvanceError: its day has come meanwhile.
        NotPermittedError, InvalidValueError, ConflictError: it no longer fits the law.
    """
    async with database.transaction() as unit:
        await lock_decisions(unit)
        proposal = await _find_open(unit, proposal_number)
        require_other_operator(submitted_by=proposal.proposed_by, reviewer=operator_id)
        approved = await list_approved(unit)
        law, offices = changed_law(bundled_law(), approved), changed_offices(approved)
        require_possible(law, offices, proposal.change, today=civil_day(now))
        await _decide(unit, proposal, is_approved=True, operator_id=operator_id, now=now)
    await keeper.refresh()


async def reject_law_change(
    *, proposal_number: int, reason: str, operator_id: str, database: Database, now: datetime
) -> None:
    """Refuse the change, with the reason; raise SelfReviewError for one's own, which is withdrawn instead.

    Raises:
        LawProposalNotFoundError, LawProposalDecidedError: there is none, or it was decided.
        MissingItemError: the reason is missing or too long.
    """
    require_reason(reason)
    async with database.transaction() as unit:
        proposal = await _find_open(unit, proposal_number)
        require_other_operator(submitted_by=proposal.proposed_by, reviewer=operator_id)
        await _decide(unit, proposal, is_approved=False, operator_id=operator_id, now=now, reason=reason.strip())


async def withdraw_law_change(*, proposal_number: int, operator_id: str, database: Database, now: datetime) -> None:
    """Take back one's own proposal.

    Raises:
        LawProposalNotFoundError, LawProposalDecidedError: there is none, or it was decided.
        NotPermittedError: another operator proposed it.
    """
    async with database.transaction() as unit:
        proposal = await _find_open(unit, proposal_number)
        require_own(submitted_by=proposal.proposed_by, operator_id=operator_id)
        await _decide(unit, proposal, is_approved=False, operator_id=operator_id, now=now)


async def _find_open(unit: Unit, proposal_number: int) -> Proposal:
    proposal = await find_proposal(unit, proposal_number)
    if proposal.is_approved is not None:
        raise LawProposalDecidedError
    return proposal


async def _decide(
    unit: Unit, proposal: Proposal, *, is_approved: bool, operator_id: str, now: datetime, reason: str = ""
) -> None:
    await insert_decision(
        unit,
        proposal,
        is_approved=is_approved,
        decided_by=operator_id,
        decided_on=civil_day(now),
        now=now,
        reason=reason,
    )
    detail = {
        "proposal_number": proposal.change.number,
        "affair": affair_id_of(proposal.change),
        "effective_on": proposal.change.effective_on.isoformat(),
        "proposed_by": proposal.proposed_by,
        "is_approved": is_approved,
    }
    event = Entry(event=AuditEvent.LAW_CHANGE_DECIDED, occurred_at=now, actor=operator_id, detail=detail)
    await append(unit, [event])
