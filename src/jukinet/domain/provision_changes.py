"""Changes of the law of provision (提供の根拠の変更): dated in advance, applied by their days, never edited.

A change makes another `ProvisionLaw`. What was in force on a day stays as it was: an affair is never removed, only
ended; an item is never taken back, only given no longer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from jukinet.domain.appended_tables import TableRow
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import (
    AffairEndedError,
    AlreadyExistsError,
    DateOutOfOrderError,
    ItemsNotLawfulError,
    LawChangeNotInAdvanceError,
    MissingItemError,
    OfficeNotPermittedError,
    UnknownCodeListValueError,
)
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.provision_affairs import Confidence, ItemTerm, ListedAffair, Ordinance, SourcedDate
from jukinet.domain.provision_channels import TABLE_CHANNELS, Channel, Kind
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import ProvisionLaw
from jukinet.domain.provision_offices import Office, OfficeRegister
from jukinet.domain.provision_withholding import UsesWithheld, Withholding, require_possible_withholding
from jukinet.domain.rules import Rule, enforces

#: The Number Act's article on the use of numbers came into force later than the numbers themselves.
NUMBER_USE_BEGINS_ON: Final = date(2016, 1, 1)
LONGEST_TEXT: Final = 1000
_TABLE_ID: Final = re.compile(r"([1-5])-([1-9][0-9]*(?:\.[1-9][0-9]*)?)-([1-9][0-9]*)")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAffair:
    """An affair to be listed: by an amendment of a table, or by an ordinance."""

    channel: Channel
    organs: tuple[str, ...]
    law: str
    text: str
    items: frozenset[ProvisionItem]
    #: What allows the Individual Number, where it is among the items.
    number_ground: str = ""
    #: Of an affair of a table: table, row and item.
    affair: str = ""
    ordinance: Ordinance | None = None
    #: The last day it is in force.
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfAffair:
    """The day of the change is the first on which the affair is no longer listed."""

    affair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsOfAffair:
    """The items that may be given from the day of the change on."""

    affair: str
    items: frozenset[ProvisionItem]
    number_ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginningOfAffair:
    """Another first day for an affair that has not begun: the day of the change."""

    affair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffice:
    """An office an organ registers, for these affairs or, if there are none, for all of its organ's."""

    agency: str
    office: str
    affairs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfOffice:
    """The day of the change is the first on which the office may no longer ask."""

    agency: str
    office: str


AffairAct: TypeAlias = NewAffair | EndOfAffair | ItemsOfAffair | BeginningOfAffair | UsesWithheld
Act: TypeAlias = AffairAct | NewOffice | EndOfOffice


@dataclass(frozen=True, slots=True, kw_only=True)
class LawChange:
    """An approved change. `number` orders changes; `source` is the law, ordinance or notice that makes it."""

    number: int
    effective_on: date
    act: Act
    source: str


def changed_law(law: ProvisionLaw, changes: Iterable[LawChange]) -> ProvisionLaw:
    """Return `law` with approved changes applied: each has effect from its own day, whenever it was approved."""
    affairs = {affair.id: affair for affair in law.affairs}
    version = law.version
    for change in sorted(changes, key=_order):
        version = max(version, change.number)
        if not isinstance(change.act, NewOffice | EndOfOffice):
            affair = _changed(affairs, change.act, change)
            affairs[affair.id] = affair
    return ProvisionLaw(affairs, version=version)


def changed_offices(changes: Iterable[LawChange]) -> OfficeRegister:
    """Return the offices that approved changes registered and ended."""
    register = OfficeRegister()
    for change in sorted(changes, key=lambda change: (change.effective_on, change.number)):
        act = change.act
        if isinstance(act, NewOffice):
            office = Office(agency=act.agency, name=act.office, affairs=act.affairs, begins_on=change.effective_on)
            register = register.with_office(office)
        elif isinstance(act, EndOfOffice):
            register = register.with_last_day(act.agency, act.office, change.effective_on - _ONE_DAY)
    return register


def affair_id_of(change: LawChange) -> str:
    """Return the id of the affair a change lists or changes, if any; an ordinance's is numbered by its change."""
    act = change.act
    if isinstance(act, NewOffice | EndOfOffice):
        return ""
    if isinstance(act, NewAffair) and act.ordinance is not None:
        return f"ordinance-{act.ordinance.giver}-{change.number}"
    return act.affair


@enforces(Rule.LAW_CHANGES_IN_ADVANCE)
def require_in_advance(*, effective_on: date, today: date) -> None:
    """Refuse a change of today or of the past, at its proposal and again at its approval.

    Raises:
        LawChangeNotInAdvanceError: what was given, or refused, until now would be judged by another law.
    """
    if effective_on <= today:
        raise LawChangeNotInAdvanceError(field="effective_on")


def require_possible(law: ProvisionLaw, offices: OfficeRegister, change: LawChange, *, today: date) -> None:
    """Refuse a change that does not fit the law as it would find it.

    Raises:
        LawChangeNotInAdvanceError: its day is not in the future; or the affair it dates has begun.
        AffairNotListedError: there is no such affair.
        AffairEndedError: the affair will have ended by then.
        AlreadyExistsError: the affair is listed already.
        ItemsNotLawfulError: the items may not be given on such a ground.
        InvalidValueError: an item of the change is missing or not possible.
    """
    require_in_advance(effective_on=change.effective_on, today=today)
    require_text(change.source, "source")
    act = change.act
    if isinstance(act, NewOffice | EndOfOffice):
        _require_possible_office(law, offices, act, change.effective_on)
    elif isinstance(act, NewAffair):
        _require_possible_affair(law, act, change.effective_on, today)
    else:
        _require_changeable(law, act, change.effective_on, today)


def _require_changeable(
    law: ProvisionLaw,
    act: EndOfAffair | ItemsOfAffair | BeginningOfAffair | UsesWithheld,
    effective_on: date,
    today: date,
) -> None:
    affair = law.find_affair(act.affair)
    if affair.ends_on is not None and affair.ends_on.day < effective_on:
        raise AffairEndedError(f"This affair is in force until {affair.ends_on.day.isoformat()}.", field="affair")
    if isinstance(act, BeginningOfAffair):
        if affair.begins_on.day <= today:
            raise LawChangeNotInAdvanceError("This affair has begun: its first day stands.", field="affair")
        return
    if effective_on <= affair.begins_on.day:
        raise DateOutOfOrderError("The affair begins only on that day or later.", field="effective_on")
    if isinstance(act, UsesWithheld):
        if affair.channel is not Channel.ORGANS:
            raise UnknownCodeListValueError("Uses are withheld for affairs of Appended Table 1 only.", field="affair")
        require_possible_withholding(act)
    elif isinstance(act, ItemsOfAffair):
        require_lawful_items(affair.channel, act.items, act.number_ground, effective_on)


@enforces(Rule.PROVISION_ONLY_OF_GRANTED_ITEMS)
def require_lawful_items(channel: Channel, items: frozenset[ProvisionItem], number_ground: str, day: date) -> None:
    """Refuse items that no change can give on this ground.

    Raises:
        ItemsNotLawfulError: no item, the code from 2015-10-05, or the Individual Number without a ground of its own.
    """
    if not items:
        raise ItemsNotLawfulError("At least one item is needed.", field="items")
    gives_code = ProvisionItem.RESIDENT_RECORD_CODE in items
    if gives_code and day >= LegalEra.INDIVIDUAL_NUMBER.begins_on and not channel.keeps_code:
        raise ItemsNotLawfulError("The resident record code is given no longer from 2015-10-05.", field="items")
    if ProvisionItem.INDIVIDUAL_NUMBER in items:
        if day < NUMBER_USE_BEGINS_ON:
            raise ItemsNotLawfulError("The Individual Number is used from 2016-01-01.", field="items")
        if not number_ground.strip():
            message = "State the article of the Number Act (番号法第9条) that allows the Individual Number."
            raise ItemsNotLawfulError(message, field="number_ground")


def require_text(text: str, name: str) -> None:
    """Refuse a text that is blank or too long; raise MissingItemError."""
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise MissingItemError(f"This item is needed, with at most {LONGEST_TEXT} characters.", field=name)


def _require_possible_office(
    law: ProvisionLaw, offices: OfficeRegister, act: NewOffice | EndOfOffice, effective_on: date
) -> None:
    require_text(act.agency, "agency")
    require_text(act.office, "office")
    is_there = offices.has_office(act.agency, act.office, effective_on)
    if isinstance(act, EndOfOffice) and not is_there:
        raise OfficeNotPermittedError("No such office is registered.", field="office")
    if isinstance(act, NewOffice):
        if is_there:
            raise AlreadyExistsError("This office is registered already: end it first.", field="office")
        for affair in act.affairs:
            law.find_affair(affair)


def _require_possible_affair(law: ProvisionLaw, act: NewAffair, effective_on: date, today: date) -> None:
    require_text(act.text, "text")
    if not act.organs or not all(organ.strip() for organ in act.organs):
        raise MissingItemError("Name at least one organ.", field="organs")
    if act.ends_on is not None and act.ends_on < effective_on:
        raise DateOutOfOrderError("The last day lies before the first.", field="ends_on")
    require_lawful_items(act.channel, act.items, act.number_ground, effective_on)
    if act.channel.kind is Kind.ORDINANCE:
        _require_possible_ordinance(act, today)
        return
    found = _TABLE_ID.fullmatch(act.affair)
    if found is None or TABLE_CHANNELS[int(found[1])] is not act.channel:
        raise UnknownCodeListValueError("An affair of a table is table-row-item, such as 1-77-16.", field="affair")
    if any(affair.id == act.affair for affair in law.affairs):
        raise AlreadyExistsError("This affair is listed already: change or end it.", field="affair")
    require_text(act.law, "law")


def _require_possible_ordinance(act: NewAffair, today: date) -> None:
    if act.ordinance is None:
        raise MissingItemError("State the ordinance.", field="ordinance_number")
    require_text(act.ordinance.number, "ordinance_number")
    if act.ordinance.passed_on > today:
        raise DateOutOfOrderError("The council has not passed the ordinance yet.", field="passed_on")
    giver = find_local_government(act.ordinance.giver)
    is_between_municipalities = act.channel is Channel.ORDINANCE_BETWEEN_MUNICIPALITIES
    if giver.kind.is_municipality is not is_between_municipalities or (
        giver.code.is_prefecture is is_between_municipalities
    ):
        raise UnknownCodeListValueError(
            "A prefecture's ordinance gives by its scope; or a municipality's.", field="giver"
        )


def _order(change: LawChange) -> tuple[int, date, int]:
    # An affair is listed, and its first day settled, before anything else happens to it.
    if isinstance(change.act, NewAffair | BeginningOfAffair):
        return (0, date.min, change.number)
    return (1, change.effective_on, change.number)


def _changed(affairs: dict[str, ListedAffair], act: AffairAct, change: LawChange) -> ListedAffair:
    if isinstance(act, NewAffair):
        return _listed(act, change)
    affair = affairs[act.affair]
    day = SourcedDate(change.effective_on, Confidence.SOURCED, change.source)
    changes = (*affair.changes, change.number)
    if isinstance(act, EndOfAffair):
        return replace(affair, ends_on=replace(day, day=change.effective_on - _ONE_DAY), changes=changes)
    if isinstance(act, UsesWithheld):
        return replace(affair, withheld=_withheld(affair, act, change), changes=changes)
    if isinstance(act, BeginningOfAffair):
        terms = tuple(_moved(term, affair.begins_on.day, change.effective_on) for term in affair.item_terms)
        return replace(affair, begins_on=day, item_terms=terms, changes=changes)
    terms = (*_closed(affair, act, change), *_opened(affair, act, change))
    return replace(affair, item_terms=terms, changes=changes)


def _withheld(affair: ListedAffair, act: UsesWithheld, change: LawChange) -> tuple[Withholding, ...]:
    last = change.effective_on - _ONE_DAY
    before = tuple(
        replace(term, ends_on=last) if term.is_in_force(change.effective_on) else term for term in affair.withheld
    )
    if act.reason is None:
        return before
    return (*before, Withholding(act.reason, act.days, change.effective_on, None, change.source))


def _moved(term: ItemTerm, old: date, new: date) -> ItemTerm:
    return replace(term, begins_on=new) if term.begins_on == old else term


def _closed(affair: ListedAffair, act: ItemsOfAffair, change: LawChange) -> Iterable[ItemTerm]:
    last = change.effective_on - _ONE_DAY
    for term in affair.item_terms:
        goes_on = term.ends_on is None or term.ends_on > last
        if term.item in act.items or not goes_on:
            yield term
        elif term.begins_on <= last:
            yield replace(term, ends_on=last)


def _opened(affair: ListedAffair, act: ItemsOfAffair, change: LawChange) -> Iterable[ItemTerm]:
    for item in act.items - affair.items_on(change.effective_on):
        yield _term(item, change, act.number_ground)


def _term(item: ProvisionItem, change: LawChange, number_ground: str) -> ItemTerm:
    source = number_ground if item is ProvisionItem.INDIVIDUAL_NUMBER else change.source
    return ItemTerm(item, change.effective_on, None, source, Confidence.SOURCED)


def _listed(act: NewAffair, change: LawChange) -> ListedAffair:
    row = None
    found = _TABLE_ID.fullmatch(act.affair)
    if found is not None:
        row = TableRow(int(found[1]), found[2], act.organs, act.text, act.law, False, (act.text,))
    return ListedAffair(
        id=affair_id_of(change),
        channel=act.channel,
        organs=act.organs,
        law=act.law,
        text=act.text,
        begins_on=SourcedDate(change.effective_on, Confidence.SOURCED, change.source),
        item_terms=tuple(_term(item, change, act.number_ground) for item in ProvisionItem if item in act.items),
        ends_on=None if act.ends_on is None else SourcedDate(act.ends_on, Confidence.SOURCED, change.source),
        row=row,
        ordinance=act.ordinance,
        changes=(change.number,),
    )
