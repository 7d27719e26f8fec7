"""Record an entry ex officio (職権記載): somebody is found living here whom nobody notified.

A person who was recorded anywhere before keeps the code; others get a new one. The municipality that still has a record
is told, as after a notified move-in.
Source: Act art. 8, 9(1), 14; Order art. 7, 12; Act (–2015) art. 30-2, (2015–) art. 30-3 for the code.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.entry import Entry
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.notifications import Notification
from jukinet.domain.person_notices import require_fact_verified
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.record_move_in import Arriving, enter_people
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ExOfficioEntry:
    """Who is found living where, and since when."""

    people: tuple[Arriving, ...] = field(repr=False)
    address: str = field(repr=False)
    postal_code: str | None = field(default=None, repr=False)
    #: 従前の住所, where it is known.
    previous_address: str | None = field(default=None, repr=False)
    lives_here_since: CivilDate
    #: The household they are in; None for one of their own.
    joins: int | None = None
    #: Local government codes of those who still have a record: they are told (転入通知).
    came_from: tuple[str, ...] = ()


@enforces(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
async def record_ex_officio_entry(
    *, entry: ExOfficioEntry, notification: Notification, act: Act, database: Database, choice: random.Random
) -> list[ResidentRecord]:
    """Enter the people and return their records.

    Raises:
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        DocumentMissingError: it rests on nothing anybody looked into.
        DuplicateResidentRecordCodeError: one of them has a live record here.
        FormerResidentError: somebody with this name, birth date and sex was here before: the code tells who it is.
        MissingItemError: the code is known, but not which residence this is.
        CodePoolEmptyError: no code is left to give.
        MalformedAddressError, ImpossibleChangeError, HouseholderNeededError: as `plan_entry`.
    """
    procedure, notified_on = Procedure.EX_OFFICIO_ENTRY, notification.notified_on
    require_dates_in_order(changed_on=entry.lives_here_since, notified_on=notified_on, today=civil_day(act.now))
    require_fact_verified(procedure, notification)
    proceeding = open_proceeding(procedure, notification=notification, changed_on=entry.lives_here_since)
    async with database.transaction() as unit:
        return await enter_people(
            unit,
            people=entry.people,
            entry=_planned(entry, act),
            came_from=entry.came_from,
            proceeding=proceeding,
            act=act,
            choice=choice,
        )


def _planned(entry: ExOfficioEntry, act: Act) -> Entry:
    return Entry(
        reason=ActReason.EX_OFFICIO_ENTRY,
        newcomers=(),
        municipality=act.node.code,
        address=entry.address,
        postal_code=entry.postal_code,
        previous_address=entry.previous_address,
        entered_on=entry.lives_here_since,
        joins=entry.joins,
    )
