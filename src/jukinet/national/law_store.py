"""Every statement about changes of the law of provision (schema `law`): appended, decided once, never edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import msgspec
from psycopg.types.json import Jsonb

from jukinet.domain.errors import (
    LawChangeNotInAdvanceError,
    LawProposalDecidedError,
    LawProposalNotFoundError,
    SelfReviewError,
)
from jukinet.domain.provision_changes import (
    Act,
    BeginningOfAffair,
    EndOfAffair,
    EndOfOffice,
    ItemsOfAffair,
    LawChange,
    NewAffair,
    NewOffice,
)
from jukinet.domain.provision_withholding import UsesWithheld
from jukinet.postgres.database import Unit
from jukinet.postgres.failures import violations_as

_KINDS: Final[Mapping[str, type[Act]]] = {
    "affair": NewAffair,
    "end": EndOfAffair,
    "items": ItemsOfAffair,
    "beginning": BeginningOfAffair,
    "office": NewOffice,
    "office_end": EndOfOffice,
    "withheld": UsesWithheld,
}
_NAMES: Final = {of_kind: kind for kind, of_kind in _KINDS.items()}

_PROPOSE: Final = """
    INSERT INTO law.proposal (kind, effective_on, content, source, proposed_by, proposed_on, proposed_at)
    VALUES (%(kind)s, %(effective_on)s, %(content)s, %(source)s, %(proposed_by)s, %(proposed_on)s, %(proposed_at)s)
 RETURNING proposal_number
"""
_DECIDE: Final = """
    INSERT INTO law.decision (proposal_number, proposed_by, effective_on, is_approved, decided_by, decided_on,
                              decided_at, reason)
    VALUES (%(proposal_number)s, %(proposed_by)s, %(effective_on)s, %(is_approved)s, %(decided_by)s, %(decided_on)s,
            %(decided_at)s, %(reason)s)
"""
_FIND: Final = """
    SELECT proposal.proposal_number, proposal.kind, proposal.effective_on, proposal.content, proposal.source,
           proposal.proposed_by, proposal.proposed_at, decision.is_approved, decision.decided_by, decision.decided_at,
           decision.reason
      FROM law.proposal
      LEFT JOIN law.decision USING (proposal_number)
     WHERE proposal.proposal_number = %(proposal_number)s
"""
_LIST: Final = """
    SELECT proposal.proposal_number, proposal.kind, proposal.effective_on, proposal.content, proposal.source,
           proposal.proposed_by, proposal.proposed_at, decision.is_approved, decision.decided_by, decision.decided_at,
           decision.reason
      FROM law.proposal
      LEFT JOIN law.decision USING (proposal_number)
     ORDER BY decision.proposal_number IS NOT NULL, proposal.proposal_number DESC
     LIMIT %(limit)s
"""
_LIST_APPROVED: Final = """
    SELECT proposal.proposal_number, proposal.kind, proposal.effective_on, proposal.content, proposal.source
      FROM law.proposal
      JOIN law.decision USING (proposal_number)
     WHERE decision.is_approved
     ORDER BY proposal.proposal_number
"""
_COUNT_APPROVED: Final = "SELECT count(*) FROM law.decision WHERE is_approved"
# Approvals are checked against the law that earlier ones made: one at a time.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('law.decision'))"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change and what became of it."""

    change: LawChange
    kind: str
    proposed_by: str
    proposed_at: datetime
    is_approved: bool | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None

    @property
    def state(self) -> str:
        """Return `open`, `approved`, `rejected` or `withdrawn`."""
        if self.is_approved is None:
            return "open"
        if self.is_approved:
            return "approved"
        return "withdrawn" if self.decided_by == self.proposed_by else "rejected"


async def insert_proposal(unit: Unit, change: LawChange, *, proposed_by: str, proposed_on: date, now: datetime) -> int:
    """Keep a proposal and return its number.

    Raises:
        LawChangeNotInAdvanceError: its day is not after the day of the proposal.
    """
    parameters = {
        "kind": _NAMES[type(change.act)],
        "effective_on": change.effective_on,
        "content": Jsonb(msgspec.to_builtins(change.act)),
        "source": change.source,
        "proposed_by": proposed_by,
        "proposed_on": proposed_on,
        "proposed_at": now,
    }
    with violations_as({"proposal_in_advance": LawChangeNotInAdvanceError}):
        row = await (await unit.execute(_PROPOSE, parameters)).fetchone()
    return int(row[0]) if row else 0


async def insert_decision(
    unit: Unit, proposal: Proposal, *, is_approved: bool, decided_by: str, decided_on: date, now: datetime, reason: str
) -> None:
    """Keep what was decided about a proposal.

    Raises:
        SelfReviewError: the approver proposed it.
        LawChangeNotInAdvanceError: its day has come.
        LawProposalDecidedError: it was decided meanwhile.
    """
    parameters = {
        "proposal_number": proposal.change.number,
        "proposed_by": proposal.proposed_by,
        "effective_on": proposal.change.effective_on,
        "is_approved": is_approved,
        "decided_by": decided_by,
        "decided_on": decided_on,
        "decided_at": now,
        "reason": reason,
    }
    refusals = {
        "decision_by_another": SelfReviewError,
        "decision_in_advance": LawChangeNotInAdvanceError,
        "decision_pkey": LawProposalDecidedError,
    }
    with violations_as(refusals):
        await unit.execute(_DECIDE, parameters)


async def find_proposal(unit: Unit, proposal_number: int) -> Proposal:
    """Return a proposal; raise LawProposalNotFoundError where there is none."""
    row = await (await unit.execute(_FIND, {"proposal_number": proposal_number})).fetchone()
    if row is None:
        raise LawProposalNotFoundError(field="proposal_number")
    return _proposal(row)


async def list_proposals(unit: Unit, *, limit: int) -> list[Proposal]:
    """Return the proposals that wait for a decision, then the decided ones, the newest first."""
    cursor = await unit.execute(_LIST, {"limit": limit})
    return [_proposal(row) for row in await cursor.fetchall()]


async def list_approved(unit: Unit) -> list[LawChange]:
    """Return every approved change."""
    return [_change(row) for row in await (await unit.execute(_LIST_APPROVED)).fetchall()]


async def count_approved(unit: Unit) -> int:
    """Return how many changes were ever approved: it only grows."""
    row = await (await unit.execute(_COUNT_APPROVED)).fetchone()
    return int(row[0]) if row else 0


async def lock_decisions(unit: Unit) -> None:
    """Let other approvals wait until this transaction ends."""
    await unit.execute(_LOCK)


def _proposal(row: tuple[Any, ...]) -> Proposal:
    _, kind, _, _, _, proposed_by, proposed_at, is_approved, decided_by, decided_at, reason = row
    return Proposal(_change(row), kind, proposed_by, proposed_at, is_approved, decided_by, decided_at, reason)


def _change(row: tuple[Any, ...]) -> LawChange:
    number, kind, effective_on, content, source, *_ = row
    act: Act = msgspec.convert(content, type=_KINDS[kind])
    return LawChange(number=number, effective_on=effective_on, act=act, source=source)
