"""Lives: nationality is gained and lost, status of residence, aliases and former surnames come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jukinet.domain.acts.alias import AliasEntry, AliasRemoval, plan_alias_change
from jukinet.domain.acts.entry import ForeignItems
from jukinet.domain.acts.foreign_status import (
    ForeignRelationshipChange,
    ResidenceStatusChange,
    plan_foreign_relationship_change,
    plan_residence_status_change,
)
from jukinet.domain.acts.former_surname import FormerSurnameAct, FormerSurnameChange, plan_former_surname_change
from jukinet.domain.acts.nationality import NationalityLoss, Naturalisation, plan_nationality_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.names import PersonName
from tests.builders import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from jukinet.domain.resident_record import ResidentRecord
    from tests.unit.municipal.life_histories import Municipality, World

_DAY: Final = CivilDate.of(TODAY)


def foreign_items(world: World) -> ForeignItems:
    """Return the items of a special permanent resident with some card."""
    return ForeignItems(
        nationality="ブラジル",
        became_foreign_resident_on=_DAY.wire,
        residence_kind="特別永住者",
        residence_card_number=f"ZZ{world.choice.randrange(10**8):08d}ZZ",
    )


def foreign_items_of(record: ResidentRecord) -> ForeignItems | None:
    """Return what the record says of a foreign resident; None of a Japanese one."""
    if record.nationality is None:
        return None
    return ForeignItems(
        nationality=record.nationality,
        became_foreign_resident_on=record.became_foreign_resident_on or "",
        residence_kind=record.residence_kind or "",
        residence_card_number=record.residence_card_number,
    )


def change_nationality(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Naturalise a foreign resident, or let a Japanese one lose the nationality."""
    change = (
        Naturalisation(
            resident_number=one.resident_number,
            name=PersonName(name="帰化　花子"),
            registered_domicile="東京都千代田区千代田1番",
            first_listed_person="帰化　花子",
            changed_on=_DAY,
        )
        if one.is_foreign
        else NationalityLoss(resident_number=one.resident_number, foreign=foreign_items(world), changed_on=_DAY)
    )
    municipality.write(plan_nationality_change(change, notified_on=TODAY, current=one))


def change_residence_status(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Record what the Minister notified: another card, and sometimes another name."""
    change = ResidenceStatusChange(
        resident_number=one.resident_number,
        changed_on=_DAY,
        foreign=foreign_items(world),
        name=PersonName(name="SHIKEN ALPHA") if world.choice.random() < 0.5 else None,
    )
    municipality.write(plan_residence_status_change(change, current=one, notified_on=TODAY))


def change_foreign_relationship(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Let a foreign resident be related otherwise to a foreign householder."""
    change = ForeignRelationshipChange(
        resident_number=one.resident_number, changed_on=_DAY, relationship=world.choice.choice(("妻", "同居人"))
    )
    household = municipality.household(one.household_number)
    municipality.write(plan_foreign_relationship_change(change, household=household, notified_on=TODAY))


def change_alias(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Enter an alias, or remove the one there is."""
    change = (
        AliasEntry(resident_number=one.resident_number, alias=f"通称　{world.choice.choice('一二三四')}")
        if one.alias is None
        else AliasRemoval(resident_number=one.resident_number)
    )
    steps = plan_alias_change(change, current=one, municipality_name="世田谷区", acted_on=_DAY, notified_on=TODAY)
    municipality.write(steps)


def change_former_surname(world: World, municipality: Municipality, one: ResidentRecord) -> None:
    """Enter, change or remove a former surname, of one who has one if there is such a resident."""
    one = next((other for other in municipality.live() if other.former_surname is not None), one)
    possible = (
        (FormerSurnameAct.ENTRY,) if one.former_surname is None else (FormerSurnameAct.CHANGE, FormerSurnameAct.REMOVAL)
    )
    done = world.choice.choice(possible)
    change = FormerSurnameChange(
        act=done,
        resident_number=one.resident_number,
        former_surname=None if done is FormerSurnameAct.REMOVAL else world.choice.choice(("旧氏", "元氏")),
        given_up_on=None if done is FormerSurnameAct.REMOVAL else _DAY,
    )
    municipality.write(plan_former_surname_change(change, current=one, acted_on=_DAY, notified_on=TODAY))


def _of_foreigners(
    doing: Callable[[World, Municipality, ResidentRecord], None],
) -> Callable[[World, Municipality, ResidentRecord], None]:
    def find_one(world: World, municipality: Municipality, one: ResidentRecord) -> None:
        doing(world, municipality, next((other for other in municipality.live() if other.is_foreign), one))

    return find_one


NAME_ACTS: Final = (
    change_nationality,
    _of_foreigners(change_residence_status),
    _of_foreigners(change_foreign_relationship),
    _of_foreigners(change_alias),
    _of_foreigners(change_alias),
    change_former_surname,
    change_former_surname,
)
