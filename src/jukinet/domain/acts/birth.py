"""Birth (出生による記載): a new person enters the household of a parent, ex officio after the report of birth.

Source: Order art. 12(2)(i); Act (–2015) art. 30-2(2), (2015–) art. 30-3(2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ImpossibleChangeError
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName, require_relationship
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """What the report of birth says. The child enters the household, and lives at the address, of `parent_number`."""

    parent_number: int
    name: PersonName = field(repr=False)
    sex: Sex = field(repr=False)
    birth_date: CivilDate = field(repr=False)
    relationship: str = field(repr=False)
    registered_domicile: str | None = field(default=None, repr=False)
    first_listed_person: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a text that cannot be a relationship (続柄), and a newborn householder."""
        require_relationship(self.relationship, field="relationship")
        if self.relationship == HOUSEHOLDER:
            raise ImpossibleChangeError("A newborn does not become householder.", field="relationship")


#: What the parent's record says of the parent alone: a newborn has none of it.
_OF_THE_PARENT_ALONE: Final[Mapping[str, Any]] = dict.fromkeys(
    (
        "individual_number",
        "former_surname",
        "alias",
        "previous_resident_record_code",
        "nationality",
        "residence_status",
        "previous_address",
        "planned_move_out_on",
        "planned_move_out_to",
        "confirmed_move_out_on",
        "confirmed_move_out_to",
        "move_in_noticed_on",
        "planned_succession",
        "became_foreign_resident_on",
        "residence_kind",
        "residence_period",
        "residence_until",
        "residence_card_number",
        "further_items",
    )
)


def plan_birth(
    birth: Birth, *, notified_on: date, parent: ResidentRecord, resident_number: int, code: str
) -> tuple[RecordStep, ...]:
    """Return the one step that enters the child."""
    day = birth.birth_date.wire
    child = replace(
        parent,
        resident_number=resident_number,
        version=0,
        relationship=birth.relationship,
        resident_record_code=code,
        name=birth.name.name,
        kana=birth.name.kana,
        birth_date=day,
        sex=birth.sex.value,
        became_resident_on=day,
        address_since_on=day,
        notified_on=notified_on,
        act_reason=ActReason.BIRTH.value,
        acted_on=day,
        update_sequence=None,
        registered_domicile=birth.registered_domicile,
        first_listed_person=birth.first_listed_person,
        is_moving_abroad=False,
        **_OF_THE_PARENT_ALONE,
    )
    return (RecordStep(None, child),)
