"""Cancel an act (異動の取消し): what stood before it stands again, for everybody it touched.

A removed person stands again only where no other municipality has entered him or her meanwhile: the nation is asked,
which is on its use log. Notices of moving that the cancelled act sent (M02, M03) are not taken back by a message – the
other municipality is told by letter or telephone; where an address changes back, the annex is told anew (M04).

Source: Act art. 14(1); Order art. 12(3); for the question to the nation Act (–2015) art. 30-2, (2015–) art. 30-3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jukinet.domain.acts.cancellation import (
    Cancellation,
    LatestResidence,
    RecordedProcedure,
    list_standing_again,
    plan_cancellation,
    procedure_of,
    require_cancellable,
)
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ChangedMeanwhileError, FormerRecordNotFoundError, PeerUnreachableError
from jukinet.domain.notifications import Notification
from jukinet.domain.person_notices import require_fact_verified
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.update_sequence import residence_of
from jukinet.municipal.act_store import find_act, list_cancellations, list_residents_of_act
from jukinet.municipal.moving_notices import queue_annex_notices
from jukinet.municipal.store import list_households, list_versions, lock_households, lock_residents
from jukinet.municipal.usecases.find_former_record import Sought, find_former_record
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database, Unit
from jukinet.transport.message_client import MessageClient


@dataclass(frozen=True, slots=True)
class TouchedRecords:
    """What an act touched: every version of each record, and the present records of the households concerned."""

    histories: tuple[tuple[ResidentRecord, ...], ...] = field(repr=False)
    households: tuple[ResidentRecord, ...] = field(repr=False)


async def cancel_act(
    *,
    cancellation: Cancellation,
    notification: Notification,
    act: Act,
    client: MessageClient | None,
    database: Database,
) -> list[ResidentRecord]:
    """Undo the act and return the new versions.

    Raises:
        ActNotFoundError: there is no such act; the initial load is none.
        ActCancelledError, CancellationStandsError, MoveOutToWithdrawError, MassActError, NumbersNeverReturnError: it is
            not undone, or not so.
        LaterActError: a later act built on it.
        EnteredElsewhereError, HouseholdChangedError: who would stand again lives elsewhere, or in no sound household.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        DocumentMissingError, NotifierNotPermittedError, DateOutOfOrderError: as every proceeding.
        PeerError: the nation cannot be reached; nothing was recorded.
    """
    day, number = cancellation.decided_on, cancellation.act_number
    require_dates_in_order(changed_on=day, notified_on=notification.notified_on, today=civil_day(act.now))
    async with database.connection() as connection:
        touched = await list_touched(connection, act_number=number)
    elsewhere = await _ask(list_standing_again(touched.histories, number), act=act, client=client, database=database)
    async with database.transaction() as unit:
        await lock_households(unit, {record.household_number for record in touched.households})
        await lock_residents(unit, [history[0].resident_number for history in touched.histories])
        looked_at, touched = touched, await list_touched(unit, act_number=number)
        _require_unchanged(cancellation, looked_at, touched)
        steps = plan_cancellation(
            cancellation, histories=touched.histories, households=touched.households, elsewhere=elsewhere
        )
        procedure = procedure_of(steps)
        require_fact_verified(procedure, notification)
        proceeding = open_proceeding(procedure, notification=notification, changed_on=day, cancels=number)
        written = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
        await queue_annex_notices(unit, _with_another_address(steps, written), act=act)
    return written


def _require_unchanged(cancellation: Cancellation, looked_at: TouchedRecords, touched: TouchedRecords) -> None:
    seen = {history[-1].resident_number: history[-1].version for history in touched.histories}
    expected, version = cancellation.expected_version, seen.get(cancellation.resident_number or 0)
    is_as_seen = expected is None or version in {None, expected}
    if looked_at.histories != touched.histories or not is_as_seen:
        raise ChangedMeanwhileError(field="version")


async def list_touched(unit: Unit, *, act_number: int) -> TouchedRecords:
    """Return what an act touched; raise ActNotFoundError, or why it cannot be cancelled."""
    recorded = await find_act(unit, act_number)
    require_cancellable(
        RecordedProcedure(
            procedure=recorded.procedure,
            is_cancellation=recorded.cancels is not None,
            is_cancelled=bool(await list_cancellations(unit, [act_number])),
        )
    )
    numbers = await list_residents_of_act(unit, act_number)
    histories = tuple([tuple(await list_versions(unit, number)) for number in numbers])
    households = {version.household_number for history in histories for version in history}
    return TouchedRecords(histories, tuple(await list_households(unit, households)))


async def _ask(
    standing_again: Sequence[ResidentRecord], *, act: Act, client: MessageClient | None, database: Database
) -> Mapping[int, LatestResidence]:
    """Ask the nation where those who would stand again live by now."""
    latest: dict[int, LatestResidence] = {}
    for record in standing_again:
        if client is None:
            raise PeerUnreachableError
        sought = Sought(
            procedure=Procedure.CANCELLATION_ENTRY, resident_record_code=ResidentRecordCode(record.resident_record_code)
        )
        try:
            (found,) = await find_former_record(sought=sought, client=client, database=database, act=act)
        except FormerRecordNotFoundError:
            # What was notified of this person is still on its way.
            continue
        latest[record.resident_number] = LatestResidence(
            residence_of(found.record.update_sequence),
            is_removed=found.record.is_removed,
            resident_record_code=found.record.resident_record_code,
            individual_number=found.record.individual_number,
        )
    return latest


def _with_another_address(steps: Sequence[RecordStep], written: Sequence[ResidentRecord]) -> list[ResidentRecord]:
    return [
        record
        for step, record in zip(steps, written, strict=True)
        if not record.is_removed and step.before is not None and step.before.address != record.address
    ]
