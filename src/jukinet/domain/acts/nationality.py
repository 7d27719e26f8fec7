"""Change of nationality (国籍の得喪): naturalisation or acquisition (帰化・国籍取得), and loss (国籍喪失).

Both are a removal of one kind of record and the entry of the other: the person keeps household, relationship, resident
record code and Individual Number, and the one history on this register.
Source: Order art. 8-2.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final, TypeAlias

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.entry import ForeignItems
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MissingItemError, MoveOutPendingError, NationalityMismatchError
from jukinet.domain.further_items import read_further_items
from jukinet.domain.names import PersonName
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.residence_kinds import require_foreign_items
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces

#: What only a foreign resident's record has.
_FOREIGN_ITEMS: Final = (
    "nationality",
    "became_foreign_resident_on",
    "residence_kind",
    "residence_status",
    "residence_period",
    "residence_until",
    "residence_card_number",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naturalisation:
    """What the report of naturalisation or acquisition of nationality says."""

    resident_number: int
    expected_version: int | None = None
    #: The name of the family register, and its reading; an alias ends.
    name: PersonName = field(repr=False)
    registered_domicile: str = field(repr=False)
    first_listed_person: str = field(repr=False)
    #: 帰化の告示の日, 国籍取得の日.
    changed_on: CivilDate


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalityLoss:
    """What the report of loss of nationality says."""

    resident_number: int
    expected_version: int | None = None
    #: The name as the foreign nationality writes it; None where it stays.
    name: PersonName | None = field(default=None, repr=False)
    foreign: ForeignItems = field(repr=False)
    changed_on: CivilDate


NationalityChange: TypeAlias = Naturalisation | NationalityLoss


@enforces(Rule.NATIONALITY_CHANGE_IS_REMOVAL_AND_ENTRY)
def plan_nationality_change(
    change: NationalityChange, *, notified_on: date, current: ResidentRecord
) -> tuple[RecordStep, ...]:
    """Return the two steps: the record of the one kind is removed, that of the other is entered.

    Raises:
        NationalityMismatchError: the person is of that kind already.
        MoveOutPendingError: a move-out is notified; its certificate says how the residences go on.
        DateOutOfOrderError: the change lies before the birth.
        ResidenceItemsError, MissingItemError: items of the new record are missing.
    """
    if isinstance(change, Naturalisation) is not current.is_foreign:
        raise NationalityMismatchError(field="nationality")
    if current.is_moving_out:
        raise MoveOutPendingError(field="resident_number")
    require_not_before_birth(
        changed_on=change.changed_on, birth_date=CivilDate.from_wire(current.birth_date, may_be_irregular=True)
    )
    if isinstance(change, Naturalisation):
        reasons = (ActReason.REMOVAL_AFTER_NATURALISATION, ActReason.ENTRY_AFTER_NATURALISATION)
        items = _items_of_japanese(change, current)
    else:
        reasons = (ActReason.REMOVAL_AFTER_LOSS_OF_NATIONALITY, ActReason.ENTRY_AFTER_LOSS_OF_NATIONALITY)
        items = _items_of_foreigner(change, current)
    on = change.changed_on.wire
    removal = revise(current, reason=reasons[0], acted_on=on, notified_on=notified_on, is_removed=True)
    entry = revise(removal.after, reason=reasons[1], acted_on=on, notified_on=notified_on, is_removed=False, **items)
    return removal, entry


def _items_of_japanese(change: Naturalisation, current: ResidentRecord) -> dict[str, Any]:
    for name in ("registered_domicile", "first_listed_person"):
        if not getattr(change, name):
            raise MissingItemError(field=name)
    others = read_further_items(current.further_items).others
    return {
        **_names(change.name),
        **dict.fromkeys(_FOREIGN_ITEMS),
        "alias": None,
        "former_surname": None,
        "registered_domicile": change.registered_domicile,
        "first_listed_person": change.first_listed_person,
        "further_items": replace(read_further_items(None), others=others).text,
    }


def _items_of_foreigner(change: NationalityLoss, current: ResidentRecord) -> dict[str, Any]:
    require_foreign_items(change.foreign)
    others = read_further_items(current.further_items).others
    return {
        **({} if change.name is None else _names(change.name)),
        **asdict(change.foreign),
        "former_surname": None,
        "registered_domicile": None,
        "first_listed_person": None,
        "further_items": replace(read_further_items(None), others=others).text,
    }


def _names(name: PersonName) -> dict[str, str]:
    return {"name": name.name, "kana": name.kana}
