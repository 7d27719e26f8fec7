"""Acts on a foreign resident's status: becoming one (中長期在留者等), another status, and another relationship.

Source: Act art. 30-47, 30-48, 30-50; Regulation art. 49 for the translation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.entry import Entry, ForeignItems, Newcomer, plan_entry
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    HouseholderNeededError,
    ImpossibleChangeError,
    NationalityMismatchError,
    RelationshipNotNotifiedError,
    ResidenceItemsError,
    TranslatorMissingError,
)
from jukinet.domain.households import live_members
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName, require_name, require_relationship
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.residence_kinds import find_residence_kind, require_foreign_items
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.domain.rules import Rule, enforces


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidenceStatusChange:
    """What the Minister's notice says of a foreign resident (法務大臣の通知, Act art. 30-50)."""

    resident_number: int
    expected_version: int | None = None
    changed_on: CivilDate
    foreign: ForeignItems = field(repr=False)
    #: None where they stay.
    name: PersonName | None = field(default=None, repr=False)
    birth_date: CivilDate | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRelationshipChange:
    """Another relationship of a foreign resident to a foreign householder (Act art. 30-48)."""

    resident_number: int
    expected_version: int | None = None
    changed_on: CivilDate
    relationship: str = field(repr=False)
    #: The proof is in a foreign language: then who translated it is told.
    is_in_foreign_language: bool = False
    translator: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a text that cannot be a relationship, and a proof nobody can read."""
        require_relationship(self.relationship, field="relationship")
        require_translation(is_in_foreign_language=self.is_in_foreign_language, translator=self.translator)


@enforces(Rule.TRANSLATION_NAMES_ITS_TRANSLATOR)
def require_translation(*, is_in_foreign_language: bool, translator: str | None) -> None:
    """Refuse a proof in a foreign language without a translation that says whose it is.

    Raises:
        TranslatorMissingError: naming `translator`.
    """
    if is_in_foreign_language and not translator:
        raise TranslatorMissingError(field="translator")
    if translator:
        require_name(translator, field="translator")


@enforces(Rule.FOREIGN_RESIDENT_ENTERS_ON_NOTIFICATION)
def plan_foreign_resident(
    newcomer: Newcomer,
    *,
    entry: Entry,
    lived_here_since: CivilDate,
    notified_on: date,
    earlier: Mapping[int, ResidentRecord],
    joined: Sequence[ResidentRecord] = (),
    household_number: int,
    is_card_to_follow: bool = False,
) -> tuple[RecordStep, ...]:
    """Return the one step that enters somebody who lives here already and became a foreign resident (外国人住民).

    Raises:
        NationalityMismatchError: there are no items of a foreign resident.
        ResidenceItemsError: an item is missing, or the stay is a transitional one, which nobody notifies.
        HouseholderNeededError, ImpossibleChangeError, MalformedAddressError: as `plan_entry`.
    """
    if newcomer.foreign is None:
        raise NationalityMismatchError(field="nationality")
    require_foreign_items(newcomer.foreign, is_card_to_follow=is_card_to_follow)
    if find_residence_kind(newcomer.foreign.residence_kind).is_transitional:
        raise ResidenceItemsError(field="residence_kind")
    (step,) = plan_entry(
        replace(entry, newcomers=(newcomer,)),
        notified_on=notified_on,
        earlier=earlier,
        joined=joined,
        household_number=household_number,
    )
    return (replace(step, after=replace(step.after, address_since_on=lived_here_since.wire)),)


def plan_residence_status_change(
    change: ResidenceStatusChange, *, current: ResidentRecord, notified_on: date
) -> tuple[RecordStep, ...]:
    """Return the one step that records what the Minister notified. It goes upward where name, birth or sex differ.

    Raises:
        NationalityMismatchError: the person is no foreign resident.
        ResidenceItemsError: the items do not belong to the kind of residence.
        ImpossibleChangeError: nothing differs.
    """
    if not current.is_foreign:
        raise NationalityMismatchError(field="nationality")
    require_foreign_items(change.foreign, is_card_to_follow=current.residence_card_number is None)
    birth_date = change.birth_date or CivilDate.from_wire(current.birth_date, may_be_irregular=True)
    require_not_before_birth(changed_on=change.changed_on, birth_date=birth_date)
    items = {
        **asdict(change.foreign),
        "name": current.name if change.name is None else change.name.name,
        "kana": current.kana if change.name is None else change.name.kana,
        "birth_date": birth_date.wire,
        "sex": current.sex if change.sex is None else change.sex.value,
    }
    if all(getattr(current, name) == item for name, item in items.items()):
        raise ImpossibleChangeError("Nothing differs from what is recorded.", field="residence_kind")
    return (
        revise(
            current,
            reason=ActReason.RESIDENCE_STATUS_CHANGE,
            acted_on=change.changed_on.wire,
            notified_on=notified_on,
            **items,
        ),
    )


@enforces(Rule.RELATIONSHIP_AMONG_FOREIGN_RESIDENTS)
def plan_foreign_relationship_change(
    change: ForeignRelationshipChange, *, household: Sequence[ResidentRecord], notified_on: date
) -> tuple[RecordStep, ...]:
    """Return the one step with the other relationship; nothing of it goes upward.

    Raises:
        NationalityMismatchError: the person is no foreign resident.
        RelationshipNotNotifiedError: the person is householder, or the householder is Japanese.
        HouseholderNeededError: the person would become householder.
        ImpossibleChangeError: it is the relationship recorded.
    """
    members = live_members(household)
    current = next(member for member in members if member.resident_number == change.resident_number)
    if not current.is_foreign:
        raise NationalityMismatchError(field="nationality")
    if current.is_householder or not all(member.is_foreign for member in members if member.is_householder):
        raise RelationshipNotNotifiedError(field="relationship")
    if change.relationship == HOUSEHOLDER:
        raise HouseholderNeededError("Record a change of the householder instead.", field="relationship")
    if change.relationship == current.relationship:
        raise ImpossibleChangeError("This is the relationship already recorded.", field="relationship")
    require_not_before_birth(
        changed_on=change.changed_on, birth_date=CivilDate.from_wire(current.birth_date, may_be_irregular=True)
    )
    return (
        revise(
            current,
            reason=ActReason.HOUSEHOLD_CHANGE,
            acted_on=change.changed_on.wire,
            notified_on=notified_on,
            relationship=change.relationship,
        ),
    )
