"""The former surname (旧氏) of a Japanese resident: entered, changed and removed on request, from 2019-11-05.

The first may be any surname of the family registers one was in; afterwards only one given up later may follow: the one
just before, where the surname has changed since.
Source: Order (2015–) art. 30-13, 30-14.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    FormerSurnameNotNewerError,
    FormerSurnameRecordedError,
    ImpossibleChangeError,
    MissingItemError,
    NationalityMismatchError,
)
from jukinet.domain.further_items import FurtherItems, read_further_items
from jukinet.domain.kana import require_kana
from jukinet.domain.names import require_name
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_not_before_birth
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces


class FormerSurnameAct(Enum):
    """What is done to the former surname."""

    ENTRY = "entry"
    CHANGE = "change"
    REMOVAL = "removal"

    @property
    def reason(self) -> ActReason:
        """Return why the record has a new version."""
        return _ACTS[self][0]

    @property
    def procedure(self) -> Procedure:
        """Return which procedure it is."""
        return _ACTS[self][1]


_ACTS: Final = {
    FormerSurnameAct.ENTRY: (ActReason.FORMER_SURNAME_ENTRY, Procedure.FORMER_SURNAME_ENTRY),
    FormerSurnameAct.CHANGE: (ActReason.FORMER_SURNAME_CHANGE, Procedure.FORMER_SURNAME_CHANGE),
    FormerSurnameAct.REMOVAL: (ActReason.FORMER_SURNAME_REMOVAL, Procedure.FORMER_SURNAME_REMOVAL),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerSurnameChange:
    """What is asked for. The surname, its reading and the day it was given up are those of the family register."""

    act: FormerSurnameAct
    resident_number: int
    expected_version: int | None = None
    #: None of a removal.
    former_surname: str | None = field(default=None, repr=False)
    kana: str | None = field(default=None, repr=False)
    #: The day the surname was given up for the next one (氏を改めた日).
    given_up_on: CivilDate | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what is missing or no surname."""
        if self.act is FormerSurnameAct.REMOVAL:
            return
        if self.former_surname is None or self.given_up_on is None:
            missing = "former_surname" if self.former_surname is None else "given_up_on"
            raise MissingItemError(field=missing)
        require_name(self.former_surname, field="former_surname")
        if self.kana is not None:
            require_kana(self.kana, field="former_surname_kana")


def plan_former_surname_change(
    change: FormerSurnameChange, *, current: ResidentRecord, acted_on: CivilDate, notified_on: date | None
) -> tuple[RecordStep, ...]:
    """Return the one step; the former surname goes upward with it.

    Raises:
        NationalityMismatchError: a foreign resident has no former surname.
        FormerSurnameRecordedError: one is recorded already: change or remove it.
        MissingItemError: there is none to change or remove.
        FormerSurnameNotNewerError: the surname was given up before the last request about a former surname.
        ImpossibleChangeError: it is the present surname, or the former surname recorded.
    """
    if current.is_foreign:
        raise NationalityMismatchError(field="nationality")
    if change.act is FormerSurnameAct.ENTRY and current.former_surname is not None:
        raise FormerSurnameRecordedError(field="former_surname")
    if change.act is not FormerSurnameAct.ENTRY and current.former_surname is None:
        raise MissingItemError("There is no former surname to change or remove.", field="former_surname")
    items = read_further_items(current.further_items)
    if change.act is not FormerSurnameAct.REMOVAL:
        _require_possible(change, current)
        _require_newer(change, items)
    after = replace(items, former_surname_kana=change.kana, former_surname_settled_on=acted_on.wire)
    return (
        revise(
            current,
            reason=change.act.reason,
            acted_on=acted_on.wire,
            notified_on=notified_on,
            former_surname=None if change.act is FormerSurnameAct.REMOVAL else change.former_surname,
            further_items=after.text,
        ),
    )


def _require_possible(change: FormerSurnameChange, current: ResidentRecord) -> None:
    present, _, _ = current.name.partition("\u3000")
    if change.former_surname in {present, current.former_surname}:
        message = "The former surname is another one than the present surname and the one recorded."
        raise ImpossibleChangeError(message, field="former_surname")
    if change.given_up_on is not None:
        require_not_before_birth(
            changed_on=change.given_up_on, birth_date=CivilDate.from_wire(current.birth_date, may_be_irregular=True)
        )


@enforces(Rule.FORMER_SURNAME_ONLY_NEWER)
def _require_newer(change: FormerSurnameChange, items: FurtherItems) -> None:
    settled_on, given_up_on = items.former_surname_settled_on, change.given_up_on
    if settled_on is None or given_up_on is None:
        return
    if given_up_on.sort_key < CivilDate.from_wire(settled_on).sort_key:
        raise FormerSurnameNotNewerError(field="given_up_on")
