"""The screens of a change of nationality: naturalisation or acquisition (帰化・国籍取得), and loss (国籍喪失)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jukinet.domain.acts.nationality import (
    NationalityChange,
    NationalityLoss,
    Naturalisation,
    plan_nationality_change,
)
from jukinet.domain.addresses import require_address
from jukinet.domain.kana import require_kana
from jukinet.domain.names import PersonName, require_name
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.residence_kinds import ResidenceKind
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_nationality_change import record_nationality_change
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct
from jukinet.municipal.web.desk import plain_kana, plain_name
from jukinet.municipal.web.foreign_fields import foreign_fields, foreign_typed
from jukinet.municipal.web.notifying import today_typed
from jukinet.operator_web.fields import Field, FieldKind

#: Who lost the nationality may stay sixty days, or has a status already.
_KINDS_AFTER_LOSS: Final = (
    ResidenceKind.TRANSITIONAL_BY_LOSS,
    ResidenceKind.MID_TO_LONG_TERM,
    ResidenceKind.SPECIAL_PERMANENT,
)


def read_name(text: str) -> str:
    """Return a name as the register writes it; raise MalformedNameError."""
    name = plain_name(text)
    require_name(name, field="name")
    return name


def read_kana(text: str) -> str:
    """Return a reading as the register writes it; raise MalformedKanaError."""
    kana = plain_kana(text)
    require_kana(kana, field="kana")
    return kana


def _read_domicile(text: str) -> str:
    require_address(text, field="registered_domicile")
    return text


def _gain_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "naturalisation")
    return [
        ask("changed_on", FieldKind.EXACT_DATE, has_focus=True),
        ask("name", read=read_name),
        ask("kana", read=read_kana),
        ask("registered_domicile", read=_read_domicile),
        ask("first_listed_person", read=read_name),
    ]


async def _prefill_gain(case: Case) -> Mapping[str, str]:
    return {"changed_on": today_typed(case), "documents-naturalisation_report": "on"}


async def _plan_gain(case: Case) -> PlannedAct:
    values = case.values
    change = Naturalisation(
        resident_number=case.resident.resident_number,
        expected_version=case.resident.version,
        name=PersonName(name=values["name"], kana=values["kana"]),
        registered_domicile=values["registered_domicile"],
        first_listed_person=values["first_listed_person"],
        changed_on=values["changed_on"],
    )
    outlook = [case.words("naturalisation.alias_ends")] if case.resident.alias else []
    return _planned(case, change, [*outlook, case.words("naturalisation.annex")])


def _loss_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "loss_of_nationality")
    return [
        ask("changed_on", FieldKind.EXACT_DATE, has_focus=True),
        ask("name", read=read_name),
        ask("kana", read=read_kana, is_needed=False),
        *foreign_fields(case, _KINDS_AFTER_LOSS),
    ]


async def _prefill_loss(case: Case) -> Mapping[str, str]:
    return {
        "changed_on": today_typed(case),
        "name": case.resident.name,
        "kana": case.resident.kana,
        "residence_kind": ResidenceKind.TRANSITIONAL_BY_LOSS.name.lower(),
        "documents-nationality_loss_report": "on",
    }


async def _plan_loss(case: Case) -> PlannedAct:
    values = case.values
    change = NationalityLoss(
        resident_number=case.resident.resident_number,
        expected_version=case.resident.version,
        name=PersonName(name=values["name"], kana=values["kana"] or ""),
        foreign=foreign_typed(values, became_on=values["changed_on"].wire),
        changed_on=values["changed_on"],
    )
    return _planned(case, change, [case.words("loss_of_nationality.sixty_days")])


def _planned(case: Case, change: NationalityChange, outlook: Sequence[str]) -> PlannedAct:
    notification = case.notification
    require_dates_in_order(changed_on=change.changed_on, notified_on=notification.notified_on, today=case.today)
    steps = plan_nationality_change(change, notified_on=notification.notified_on, current=case.resident)

    async def record(act: Act) -> ResidentRecord:
        return await record_nationality_change(
            change=change, notification=notification, act=act, database=case.desk.database
        )

    return PlannedAct(steps=steps, record=record, outlook=outlook)


def is_foreign(record: ResidentRecord) -> bool:
    """Return whether this is a live record of a foreign resident."""
    return record.is_foreign and not record.is_removed


def is_japanese(record: ResidentRecord) -> bool:
    """Return whether this is a live record of a Japanese resident."""
    return not record.is_foreign and not record.is_removed


NATURALISATION: Final = ChangeScreen(
    kind="naturalisation",
    fields=_gain_fields,
    plan=_plan_gain,
    notification=NotificationBlock(
        kind="report", documents=(SeenDocument.NATURALISATION_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE)
    ),
    prefill=_prefill_gain,
    applies_to=is_foreign,
)
LOSS_OF_NATIONALITY: Final = ChangeScreen(
    kind="loss_of_nationality",
    fields=_loss_fields,
    plan=_plan_loss,
    notification=NotificationBlock(
        kind="report", documents=(SeenDocument.NATIONALITY_LOSS_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE)
    ),
    prefill=_prefill_loss,
    applies_to=is_japanese,
)
