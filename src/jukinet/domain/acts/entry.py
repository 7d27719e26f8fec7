"""Entry (記載): people come onto the register – by move-in, from abroad, ex officio, after a change of nationality.

A person who was on this register before goes on with the same resident number and history; one who was on any register
keeps the resident record code (Act (–2015) art. 30-2(1), (2015–) art. 30-3(1)).
Source: Act art. 8, 22, 30-46, 30-47; Order art. 11, 12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.addresses import require_address_in
from jukinet.domain.changes import require_carried_over_code
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    DuplicateResidentRecordCodeError,
    HouseholdElsewhereError,
    HouseholderNeededError,
)
from jukinet.domain.further_items import read_further_items
from jukinet.domain.households import live_members
from jukinet.domain.identification import Sex
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.names import PersonName, require_relationship
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode

_NOT_YET: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignItems:
    """What art. 30-45 adds for a foreign resident (外国人住民)."""

    nationality: str = field(repr=False)
    became_foreign_resident_on: str = field(repr=False)
    #: 中長期在留者, 特別永住者, 一時庇護許可者, 仮滞在許可者, 出生による経過滞在者, 国籍喪失による経過滞在者.
    residence_kind: str = field(repr=False)
    residence_status: str | None = field(default=None, repr=False)
    residence_period: str | None = field(default=None, repr=False)
    residence_until: str | None = field(default=None, repr=False)
    residence_card_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """One person who comes onto the register, and what is known of an earlier record."""

    name: PersonName = field(repr=False)
    birth_date: CivilDate = field(repr=False)
    sex: Sex = field(repr=False)
    relationship: str = field(repr=False)
    #: The code to record: carried over from the latest record anywhere, else a new one of the pool.
    resident_record_code: str = field(repr=False)
    individual_number: str | None = field(default=None, repr=False)
    #: The code of the latest record anywhere, where the person has one.
    former_code: str | None = field(default=None, repr=False)
    #: Which residence on the network this is, from 0, as the move-out certificate says it; None where this register
    #: knows best: the first, or the one after the earlier record here.
    residence: int | None = None
    #: The number the person has, or had, on this register; else a free one.
    resident_number: int
    registered_domicile: str | None = field(default=None, repr=False)
    first_listed_person: str | None = field(default=None, repr=False)
    foreign: ForeignItems | None = field(default=None, repr=False)
    further_items: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a text that cannot be a relationship (続柄)."""
        require_relationship(self.relationship, field="relationship")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where and when newcomers enter, and why."""

    reason: ActReason
    newcomers: tuple[Newcomer, ...] = field(repr=False)
    municipality: str
    address: str = field(repr=False)
    postal_code: str | None = field(default=None, repr=False)
    #: 従前の住所; from abroad, the country.
    previous_address: str | None = field(default=None, repr=False)
    entered_on: CivilDate
    #: The household they join; None for one of their own.
    joins: int | None = None
    is_protected: bool = False


def plan_entry(
    entry: Entry,
    *,
    notified_on: date,
    earlier: Mapping[int, ResidentRecord],
    joined: Sequence[ResidentRecord] = (),
    household_number: int,
) -> tuple[RecordStep, ...]:
    """Return the steps. `earlier` holds, by resident number, the records of those who were here before.

    Raises:
        MalformedAddressError: the address is not in this municipality.
        DuplicateResidentRecordCodeError: one of them has a live record here.
        ImpossibleChangeError: a known person is given a new code.
        HouseholdElsewhereError: the household joined lives elsewhere.
        HouseholderNeededError: not exactly one of them is householder, or one is in a household that has one.
        DateOutOfOrderError: the entry lies before a birth.
        AliasHistoryContradictedError: an alias is not the one that its history ends with.
    """
    require_address_in(LocalGovernmentCode.parse(entry.municipality), entry.address)
    _require_place(entry, live_members(joined))
    number = household_number if entry.joins is None else entry.joins
    return tuple(
        _entry_step(entry, newcomer, earlier.get(newcomer.resident_number), number, notified_on)
        for newcomer in entry.newcomers
    )


def _require_place(entry: Entry, joined: Sequence[ResidentRecord]) -> None:
    if not entry.newcomers:
        raise HouseholderNeededError("Nobody enters.", field="newcomers")
    householders = sum(newcomer.relationship == HOUSEHOLDER for newcomer in entry.newcomers)
    if householders != (1 if entry.joins is None else 0):
        raise HouseholderNeededError("A household has exactly one householder.", field="relationship")
    if entry.joins is not None and not any(member.address == entry.address for member in joined):
        raise HouseholdElsewhereError("The household they join lives at another address.", field="joins")


def _entry_step(
    entry: Entry, newcomer: Newcomer, before: ResidentRecord | None, household_number: int, notified_on: date
) -> RecordStep:
    if before is not None and not before.is_removed:
        raise DuplicateResidentRecordCodeError("This person has a live record here.", field="resident_record_code")
    former = newcomer.former_code or (None if before is None else before.resident_record_code)
    require_carried_over_code(
        former=None if former is None else ResidentRecordCode(former),
        entered=ResidentRecordCode(newcomer.resident_record_code),
    )
    require_not_before_birth(changed_on=entry.entered_on, birth_date=newcomer.birth_date)
    # Order (2015–) art. 30-16(3): the alias of the certificate is the one that is recorded.
    read_further_items(newcomer.further_items).aliases.require_present(newcomer.name.alias)
    after = replace(_entered(entry, newcomer, household_number), notified_on=notified_on)
    if newcomer.foreign is not None:
        after = replace(after, **asdict(newcomer.foreign))
    if before is not None:
        after = replace(
            after,
            version=before.version,
            change_reason=before.change_reason,
            changed_on=before.changed_on,
            individual_number=newcomer.individual_number or before.individual_number,
        )
    return RecordStep(before, after, residence=newcomer.residence)


def _entered(entry: Entry, newcomer: Newcomer, household_number: int) -> ResidentRecord:
    on = entry.entered_on.wire
    return ResidentRecord(
        resident_number=newcomer.resident_number,
        version=0,
        household_number=household_number,
        relationship=newcomer.relationship,
        resident_record_code=newcomer.resident_record_code,
        individual_number=newcomer.individual_number,
        name=newcomer.name.name,
        kana=newcomer.name.kana,
        former_surname=newcomer.name.former_surname,
        alias=newcomer.name.alias,
        birth_date=newcomer.birth_date.wire,
        sex=newcomer.sex.value,
        municipality=entry.municipality,
        address=entry.address,
        postal_code=entry.postal_code,
        change_reason=entry.reason.change_reason.value,
        changed_on=on,
        previous_resident_record_code=None,
        is_removed=False,
        became_resident_on=on,
        address_since_on=on,
        nationality=None,
        residence_status=None,
        is_protected=entry.is_protected,
        notified_on=None,
        # The engine of the register puts in when and by whom.
        recorded_at=_NOT_YET,
        recorded_by="",
        act_reason=entry.reason.value,
        acted_on=on,
        registered_domicile=newcomer.registered_domicile,
        first_listed_person=newcomer.first_listed_person,
        previous_address=entry.previous_address,
        further_items=newcomer.further_items,
    )
