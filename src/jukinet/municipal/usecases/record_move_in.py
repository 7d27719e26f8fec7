"""Record a move-in (転入): people enter, with the code of their latest record wherever it was.

From another municipality with its certificate, from abroad, or without a certificate.
Source: Act art. 22, 30-46; Order art. 22; Act (–2015) art. 30-2, (2015–) art. 30-3 for the code.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.entry import Entry, ForeignItems, Newcomer, plan_entry
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import FormerResidentError, MissingItemError
from jukinet.domain.identification import Sex
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces
from jukinet.municipal.move_store import list_namesakes
from jukinet.municipal.moving_notices import queue_annex_notices, queue_move_in_notices
from jukinet.municipal.store import (
    choose_free_code,
    find_resident_number,
    list_residents,
    lock_households,
    lock_residents,
    next_household_number,
    next_resident_number,
    use_code,
)
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, Proceeding, record_steps
from jukinet.postgres.database import Database, Unit

_REASONS: Final = {
    Procedure.MOVE_IN: ActReason.MOVE_IN,
    Procedure.MOVE_IN_FROM_ABROAD: ActReason.MOVE_IN_FROM_ABROAD,
    Procedure.MOVE_IN_WITHOUT_CERTIFICATE: ActReason.MOVE_IN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """One person who moves in, as the certificate or the person says it."""

    name: PersonName = field(repr=False)
    birth_date: CivilDate = field(repr=False)
    sex: Sex = field(repr=False)
    relationship: str = field(repr=False)
    #: The code of the latest record anywhere (転入前の住民票コード); None for one who never had any.
    former_code: str | None = field(default=None, repr=False)
    #: Which residence on the network this will be, as the certificate says it.
    residence: int | None = None
    individual_number: str | None = field(default=None, repr=False)
    registered_domicile: str | None = field(default=None, repr=False)
    first_listed_person: str | None = field(default=None, repr=False)
    foreign: ForeignItems | None = field(default=None, repr=False)
    #: Readings and the history of aliases, as the certificate carries them (`domain.further_items`).
    further_items: str | None = field(default=None, repr=False)
    #: The operator looked at the earlier records with this name, birth date and sex: it is another person.
    is_no_namesake: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveIn:
    """What the notification of move-in says."""

    procedure: Procedure = Procedure.MOVE_IN
    people: tuple[Arriving, ...] = field(repr=False)
    address: str = field(repr=False)
    postal_code: str | None = field(default=None, repr=False)
    previous_address: str = field(repr=False)
    moved_in_on: CivilDate
    #: The household they join; None for one of their own.
    joins: int | None = None
    #: Local government codes of those who are told (転入通知): the one that gave the certificate; where the person was
    #: not registered there, also the one that registered him or her last.
    came_from: tuple[str, ...] = ()


@enforces(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
async def record_move_in(
    *, move_in: MoveIn, notification: Notification, act: Act, database: Database, choice: random.Random
) -> list[ResidentRecord]:
    """Enter the people and return their records.

    Raises:
        DateOutOfOrderError: the dates contradict each other or lie in the future.
        DocumentMissingError, LateStatementMissingError: the certificate or the reason for the delay is missing.
        DuplicateResidentRecordCodeError: one of them has a live record here.
        FormerResidentError: somebody with this name, birth date and sex was here before: the code tells who it is.
        MissingItemError: the code is known, but not which residence this is.
        MalformedAddressError, ImpossibleChangeError, HouseholderNeededError: as `plan_entry`.
    """
    today = civil_day(act.now)
    require_dates_in_order(changed_on=move_in.moved_in_on, notified_on=notification.notified_on, today=today)
    proceeding = open_proceeding(move_in.procedure, notification=notification, changed_on=move_in.moved_in_on)
    async with database.transaction() as unit:
        return await enter_people(
            unit,
            people=move_in.people,
            entry=_entry(move_in, act),
            came_from=move_in.came_from,
            proceeding=proceeding,
            act=act,
            choice=choice,
        )


def _entry(move_in: MoveIn, act: Act) -> Entry:
    return Entry(
        reason=_REASONS[move_in.procedure],
        newcomers=(),
        municipality=act.node.code,
        address=move_in.address,
        postal_code=move_in.postal_code,
        previous_address=move_in.previous_address,
        entered_on=move_in.moved_in_on,
        joins=move_in.joins,
    )


async def enter_people(
    unit: Unit,
    *,
    people: Sequence[Arriving],
    entry: Entry,
    came_from: Collection[str],
    proceeding: Proceeding,
    act: Act,
    choice: random.Random,
) -> list[ResidentRecord]:
    """Enter people, notified or found, tell those they came from and their registered domiciles; return the records.

    Raises:
        JukinetError: as `make_newcomers` and `plan_entry`.
    """
    joined = await lock_households(unit, [entry.joins])
    newcomers, earlier = await make_newcomers(unit, people=people, act=act, choice=choice)
    steps = plan_entry(
        replace(entry, newcomers=newcomers),
        notified_on=proceeding.notification.notified_on,
        earlier=earlier,
        joined=joined,
        household_number=await next_household_number(unit),
    )
    entered = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    for municipality in came_from:
        await queue_move_in_notices(unit, entered, previous=LocalGovernmentCode.parse(municipality), act=act)
    await queue_annex_notices(unit, entered, act=act)
    return entered


async def make_newcomers(
    unit: Unit, *, people: Sequence[Arriving], act: Act, choice: random.Random
) -> tuple[tuple[Newcomer, ...], dict[int, ResidentRecord]]:
    """Return those who are entered, and by number the locked records of those who were here before.

    Raises:
        FormerResidentError, MissingItemError: as `find_earlier_number`.
        CodePoolEmptyError: no code is left to give.
    """
    numbers = [await find_earlier_number(unit, person=person) for person in people]
    here_before = [number for number in numbers if number is not None]
    await lock_residents(unit, here_before)
    earlier = {record.resident_number: record for record in await list_residents(unit, here_before)}
    newcomers = [
        await make_newcomer(unit, person=person, number=number, act=act, choice=choice)
        for person, number in zip(people, numbers, strict=True)
    ]
    return tuple(newcomers), earlier


async def find_earlier_number(unit: Unit, *, person: Arriving) -> int | None:
    """Return the number the person has on this register from an earlier time; None for one who was never here.

    Raises:
        FormerResidentError: somebody with this name, birth date and sex was here before.
        MissingItemError: the code is known, but not which residence this is.
    """
    if person.former_code is not None:
        number = await find_resident_number(unit, person.former_code)
        if number is None and person.residence is None:
            raise MissingItemError("The certificate says which residence on the network this is.", field="residence")
        return number
    namesakes = await list_namesakes(
        unit, name=person.name.name, birth_date=person.birth_date.wire, sex=person.sex.value
    )
    if namesakes and not person.is_no_namesake:
        raise FormerResidentError(field="former_code")
    return None


async def make_newcomer(
    unit: Unit, *, person: Arriving, number: int | None, act: Act, choice: random.Random
) -> Newcomer:
    """Return one who is entered, with the code carried over or a new one, and a number on this register."""
    code = person.former_code
    if code is None:
        code = await choose_free_code(unit, choice)
        await use_code(unit, code, now=act.now)
    return Newcomer(
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        relationship=person.relationship,
        resident_record_code=code,
        individual_number=person.individual_number,
        former_code=person.former_code,
        residence=person.residence,
        resident_number=await next_resident_number(unit) if number is None else number,
        registered_domicile=person.registered_domicile,
        first_listed_person=person.first_listed_person,
        foreign=person.foreign,
        further_items=person.further_items,
    )
