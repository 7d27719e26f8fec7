"""Apply move-in notices (転入通知の受理): the move-out is confirmed, and the prefecture told, one household at a time.

A notice that cannot confirm a move-out is kept with the reason, for a clerk to look into; it is tried again by itself
when the resident has been removed. Each household is an act of its own: no notice waits for another's.
Source: Act art. 9(1); Order art. 13(2)–(4).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import new_notice_number, queue_notices
from jukinet.domain.acts.move_in_notice import MovedIn, plan_confirmation, require_confirmable
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError, OperationError, ResidentNotFoundError
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.municipal.moving_notice_store import (
    ReceivedMoveIn,
    list_ripe_move_in_notices,
    lock_move_in_notices,
    settle_move_in_notice,
)
from jukinet.municipal.store import find_resident_number, list_residents, lock_households, lock_residents
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.moving import MoveOutConfirmation
from jukinet.protocol.node_names import NodeName, prefecture_of

#: Notices that are tried in one go.
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Applied:
    """How many notices confirmed a move-out, and how many a clerk must look into."""

    applied: int
    unmatched: int


@dataclass(frozen=True, slots=True)
class _Case:
    """A notice, what it says as the law reads it, and the resident it is about."""

    notice: ReceivedMoveIn
    moved_in: MovedIn
    resident: ResidentRecord
    update_sequence: int


async def apply_move_in_notices(*, node: NodeName, database: Database, now: datetime) -> Applied:
    """Apply what was received and not yet applied, household by household; return what became of it."""
    async with database.connection() as connection:
        ripe = await list_ripe_move_in_notices(connection, limit=_BATCH)
        cases, unmatched = await _list_cases(connection, ripe)
    for notice, error in unmatched:
        await _set_unmatched(notice, error, database=database, node=node, now=now)
    applied, waiting = 0, len(unmatched)
    for group in _by_household(cases):
        try:
            applied += await _apply(group, database=database, node=node, now=now)
        except OperationError:
            raise
        except JukinetError as error:
            # Alone, each of them may be right, or at least know its own reason.
            for case in group:
                alone = error if len(group) == 1 else await _error_alone(case, database=database, node=node, now=now)
                if alone is None:
                    applied += 1
                else:
                    await _set_unmatched(case.notice, alone, database=database, node=node, now=now)
                    waiting += 1
    return Applied(applied, waiting)


async def _list_cases(
    unit: Unit, notices: Iterable[ReceivedMoveIn]
) -> tuple[list[_Case], list[tuple[ReceivedMoveIn, JukinetError]]]:
    cases: list[_Case] = []
    unmatched: list[tuple[ReceivedMoveIn, JukinetError]] = []
    for notice in notices:
        number = await find_resident_number(unit, notice.resident_record_code)
        if number is None:
            unmatched.append((notice, ResidentNotFoundError(field="resident_record_code")))
            continue
        (resident,) = await list_residents(unit, [number])
        cases.append(_Case(notice, _moved_in(notice), resident, 0))
    return cases, unmatched


def _by_household(cases: Iterable[_Case]) -> list[list[_Case]]:
    """Return those together who left one household on one day for one municipality: who stays is settled once."""
    groups: dict[tuple[int, str, str], list[_Case]] = {}
    for case in cases:
        key = (case.resident.household_number, case.notice.moved_in_on, case.notice.sender)
        groups.setdefault(key, []).append(case)
    return list(groups.values())


async def _error_alone(case: _Case, *, database: Database, node: NodeName, now: datetime) -> JukinetError | None:
    try:
        await _apply([case], database=database, node=node, now=now)
    except OperationError:
        raise
    except JukinetError as error:
        return error
    return None


async def _apply(group: Sequence[_Case], *, database: Database, node: NodeName, now: datetime) -> int:
    today = civil_day(now)
    first = group[0]
    notification = Notification(
        notified_on=today,
        notifier=Notifier.AUTHORITY,
        identity_check=IdentityCheck.NOT_REQUIRED,
        documents=frozenset({SeenDocument.MOVE_IN_NOTICE}),
    )
    proceeding = open_proceeding(
        Procedure.MOVE_IN_NOTICE, notification=notification, changed_on=first.moved_in.moved_in_on
    )
    act = Act(operator_id=first.notice.sender, node=node, now=now)
    async with database.transaction() as unit:
        household = await lock_households(unit, [first.resident.household_number])
        open_numbers = await lock_move_in_notices(unit, [case.notice for case in group])
        cases = [await _looked_at_again(unit, case) for case in group if case.notice.notice_number in open_numbers]
        if not cases:
            return 0
        for case in cases:
            require_confirmable(case.moved_in, resident=case.resident, update_sequence=case.update_sequence)
        moved = [(case.resident, case.moved_in) for case in cases]
        steps = plan_confirmation(moved, household=household, noticed_on=today)
        await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        await _confirm(unit, cases, node=node, now=now)
    return len(cases)


async def _looked_at_again(unit: Unit, case: _Case) -> _Case:
    # The household is locked now: what was read before may have changed.
    number = case.resident.resident_number
    handle = (await lock_residents(unit, [number]))[number]
    (resident,) = await list_residents(unit, [number])
    return _Case(case.notice, case.moved_in, resident, handle.update_sequence)


@enforces(Rule.MOVE_IN_NOTICE_GOES_TO_THE_PREFECTURE)
async def _confirm(unit: Unit, cases: Sequence[_Case], *, node: NodeName, now: datetime) -> None:
    """Settle the notices and tell the prefecture that they came (転出確定通知)."""
    numbers = [case.resident.resident_number for case in cases]
    handles = await lock_residents(unit, numbers)
    confirmations = [
        MoveOutConfirmation(
            notice_number=new_notice_number(now, secrets.token_bytes(10)),
            resident_record_code=case.notice.resident_record_code,
            confirmed_on=civil_day(now).isoformat(),
            moved_to=case.notice.municipality,
            update_sequence=handles[case.resident.resident_number].update_sequence,
        )
        for case in cases
    ]
    await queue_notices(
        unit, receiver=prefecture_of(node), message_type="move_out_confirmation", notices=confirmations, now=now
    )
    for case in cases:
        number = case.resident.resident_number
        await settle_move_in_notice(
            unit, case.notice, state="applied", resident_number=number, settled_by=case.notice.sender, now=now
        )
    await append(unit, [_event(case.notice, "applied", now, case.resident.resident_number) for case in cases])


async def _set_unmatched(
    notice: ReceivedMoveIn, error: JukinetError, *, database: Database, node: NodeName, now: datetime
) -> None:
    if notice.state == "unmatched" and notice.error_code == error.code:
        return
    async with database.transaction() as unit:
        await settle_move_in_notice(
            unit, notice, state="unmatched", error_code=error.code, settled_by=node.text, now=now
        )
        await append(unit, [_event(notice, "unmatched", now)])


def _moved_in(notice: ReceivedMoveIn) -> MovedIn:
    return MovedIn(
        birth_date=notice.birth_date,
        moved_in_on=CivilDate.from_wire(notice.moved_in_on),
        destination=notice.address,
        residence=notice.residence,
    )


def _event(notice: ReceivedMoveIn, state: str, now: datetime, resident_number: int | None = None) -> Entry:
    detail: dict[str, object] = {"sender": notice.sender, "notice_number": notice.notice_number, "state": state}
    if resident_number is not None:
        detail["resident_number"] = resident_number
    return Entry(
        event=AuditEvent.MOVE_IN_NOTICED,
        occurred_at=now,
        actor=notice.sender,
        outcome="done" if state == "applied" else "refused",
        resident_record_code=notice.resident_record_code,
        detail=detail,
    )
