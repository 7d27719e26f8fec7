"""What a move-in would record and send, for the page that shows it before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.entry import Entry, Newcomer, plan_entry
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.registered_domiciles import find_domicile_municipality
from jukinet.domain.resident_record_code import BODY_LENGTH, ResidentRecordCode
from jukinet.municipal.moving_notices import node_of
from jukinet.municipal.store import find_resident_number, list_household, list_residents
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn
from jukinet.municipal.web.cases import Case, SentMessage
from jukinet.municipal.web.desk import Item
from jukinet.operator_web.naming import day_text, receiver_title

#: Stands for the code that is drawn when the entry is recorded.
_DRAWN_LATER: Final = ResidentRecordCode.from_body("0" * BODY_LENGTH).value


async def preview_steps(case: Case, move_in: MoveIn, notification: Notification) -> list[RecordStep]:
    """Return the steps as they would be; codes and numbers that are drawn later are blank.

    Raises:
        DuplicateResidentRecordCodeError, ImpossibleChangeError, HouseholderNeededError, DateOutOfOrderError,
        MalformedAddressError: as `plan_entry`.
    """
    async with case.desk.database.connection() as connection:
        numbers = [
            None if person.former_code is None else await find_resident_number(connection, person.former_code)
            for person in move_in.people
        ]
        earlier = await list_residents(connection, [number for number in numbers if number is not None])
        joined = [] if move_in.joins is None else await list_household(connection, move_in.joins)
    newcomers = [
        _newcomer(person, -place if number is None else number)
        for place, (person, number) in enumerate(zip(move_in.people, numbers, strict=True), 1)
    ]
    steps = plan_entry(
        Entry(
            reason=ActReason.MOVE_IN_FROM_ABROAD
            if move_in.procedure is Procedure.MOVE_IN_FROM_ABROAD
            else ActReason.MOVE_IN,
            newcomers=tuple(newcomers),
            municipality=case.desk.name.code,
            address=move_in.address,
            previous_address=move_in.previous_address,
            entered_on=move_in.moved_in_on,
            joins=move_in.joins,
        ),
        notified_on=notification.notified_on,
        earlier={record.resident_number: record for record in earlier},
        joined=joined,
        household_number=0,
    )
    return [_blank(step) for step in steps]


def _newcomer(person: Arriving, resident_number: int) -> Newcomer:
    return Newcomer(
        name=person.name,
        birth_date=person.birth_date,
        sex=person.sex,
        relationship=person.relationship,
        resident_record_code=person.former_code or _DRAWN_LATER,
        individual_number=person.individual_number,
        former_code=person.former_code,
        residence=person.residence,
        resident_number=resident_number,
        registered_domicile=person.registered_domicile,
        first_listed_person=person.first_listed_person,
        foreign=person.foreign,
        further_items=person.further_items,
    )


def _blank(step: RecordStep) -> RecordStep:
    if step.after.resident_record_code != _DRAWN_LATER:
        return step
    return replace(step, after=replace(step.after, resident_record_code=""))


def messages_of(case: Case, move_in: MoveIn, steps: Sequence[RecordStep]) -> list[SentMessage]:
    """Return M02 to where they come from, and M04 to where their family registers are kept."""
    words = case.words
    people = [step.after for step in steps]
    day = day_text(move_in.moved_in_on.wire, words.language)
    found: list[SentMessage] = []
    for code in move_in.came_from:
        receiver = node_of(LocalGovernmentCode.parse(code))
        if receiver != case.desk.name:
            items = [Item(one.name, words("move_in.notice", address=move_in.address, day=day)) for one in people]
            found.append(SentMessage(receiver=receiver.text, title=words("message.move_in_notice"), items=items))
    by_keeper: dict[str, list[Item]] = {}
    for one in people:
        keeper = None if one.registered_domicile is None else find_domicile_municipality(one.registered_domicile)
        if keeper is not None and one.first_listed_person is not None:
            item = Item(one.name, words("move_in.annex", address=move_in.address, head=one.first_listed_person))
            by_keeper.setdefault(node_of(keeper).text, []).append(item)
    found += [
        SentMessage(receiver=receiver, title=words("message.annex_notice"), items=items)
        for receiver, items in by_keeper.items()
    ]
    return found


def outlook_of(case: Case, move_in: MoveIn) -> list[str]:
    """Return what becomes of each person's numbers, and what goes on paper."""
    words = case.words
    said: list[str] = []
    for person in move_in.people:
        name = person.name.name
        said.append(words("move_in.code.carried" if person.former_code else "move_in.code.new", name=name))
        if person.former_code is None:
            said.append(words("move_in.number_asked", name=name))
        domicile = person.registered_domicile
        if domicile is not None and find_domicile_municipality(domicile) is None:
            said.append(words("move_in.annex_on_paper", name=name))
    if move_in.came_from:
        names = "、".join(receiver_title(f"municipal/{code}", words.language) for code in move_in.came_from)
        said.append(words("move_in.told", names=names))
    return said
