"""Record a foreign resident's status: becoming one while living here, what the Minister notified, a relationship.

Who becomes a foreign resident is entered with a resident record code; the Individual Number is asked for afterwards.
Source: Act art. 30-47, 30-48, 30-50; Regulation art. 11(1) for the reason of the entry (転入等).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.entry import Entry
from jukinet.domain.acts.foreign_status import (
    ForeignRelationshipChange,
    ResidenceStatusChange,
    plan_foreign_relationship_change,
    plan_foreign_resident,
    plan_residence_status_change,
)
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import lock_household_of, lock_households, next_household_number
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.record_move_in import Arriving, make_newcomers
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewForeignResident:
    """Somebody who lives here and became a mid- to long-term resident or the like (Act art. 30-47)."""

    person: Arriving = field(repr=False)
    address: str = field(repr=False)
    postal_code: str | None = field(default=None, repr=False)
    #: 中長期在留者等となった日; the day of the entry.
    changed_on: CivilDate
    lived_here_since: CivilDate
    #: The household the person joins; None for one of his or her own.
    joins: int | None = None

    @property
    def entry(self) -> Entry:
        """Return where and when the person enters; of which municipality, the act says."""
        return Entry(
            reason=ActReason.MOVE_IN_FROM_ABROAD,
            newcomers=(),
            municipality="",
            address=self.address,
            postal_code=self.postal_code,
            entered_on=self.changed_on,
            joins=self.joins,
        )


ForeignStatus: TypeAlias = NewForeignResident | ResidenceStatusChange | ForeignRelationshipChange


def procedure_of(status: ForeignStatus) -> Procedure:
    """Return which procedure it is."""
    if isinstance(status, NewForeignResident):
        return Procedure.FOREIGN_RESIDENT
    if isinstance(status, ResidenceStatusChange):
        return Procedure.RESIDENCE_STATUS_CHANGE
    return Procedure.FOREIGN_RELATIONSHIP_CHANGE


async def record_foreign_status(
    *, status: ForeignStatus, notification: Notification, act: Act, database: Database, choice: random.Random
) -> ResidentRecord:
    """Record it and return the new version.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        FormerResidentError: somebody with this name, birth date and sex was here before.
        NationalityMismatchError, RelationshipNotNotifiedError, ResidenceItemsError: as the planners.
        DateOutOfOrderError, DocumentMissingError, LateStatementMissingError: the notification cannot be accepted.
    """
    require_dates_in_order(changed_on=status.changed_on, notified_on=notification.notified_on, today=civil_day(act.now))
    noted = _with_translator(status, notification)
    proceeding = open_proceeding(procedure_of(status), notification=noted, changed_on=status.changed_on)
    async with database.transaction() as unit:
        if isinstance(status, NewForeignResident):
            steps = await _plan_entry(unit, status, notification, act=act, choice=choice)
        else:
            household = await lock_household_of(unit, status.resident_number, expected_version=status.expected_version)
            steps = _plan_change(status, household, notification)
        (recorded,) = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return recorded


def _with_translator(status: ForeignStatus, notification: Notification) -> Notification:
    """Keep with the act who translated the proof."""
    if not isinstance(status, ForeignRelationshipChange) or not status.translator:
        return notification
    said = f"訳文の翻訳者\uff1a{status.translator}"
    return replace(notification, statement=f"{notification.statement}\n{said}" if notification.statement else said)


def _plan_change(
    status: ResidenceStatusChange | ForeignRelationshipChange,
    household: list[ResidentRecord],
    notification: Notification,
) -> tuple[RecordStep, ...]:
    if isinstance(status, ForeignRelationshipChange):
        return plan_foreign_relationship_change(status, household=household, notified_on=notification.notified_on)
    current = next(member for member in household if member.resident_number == status.resident_number)
    return plan_residence_status_change(status, current=current, notified_on=notification.notified_on)


async def _plan_entry(
    unit: Unit, status: NewForeignResident, notification: Notification, *, act: Act, choice: random.Random
) -> tuple[RecordStep, ...]:
    joined = await lock_households(unit, [status.joins])
    (newcomer,), earlier = await make_newcomers(unit, people=[status.person], act=act, choice=choice)
    return plan_foreign_resident(
        newcomer,
        entry=replace(status.entry, municipality=act.node.code),
        lived_here_since=status.lived_here_since,
        notified_on=notification.notified_on,
        earlier=earlier,
        joined=joined,
        household_number=await next_household_number(unit),
        is_card_to_follow=SeenDocument.PASSPORT_CARD_TO_FOLLOW in notification.documents,
    )
