"""The screens of a removal ex officio (職権消除), after an investigation or a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jukinet.domain.acts.removal import ExOfficioRemoval, plan_ex_officio_removal
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.person_notices import is_person_told, require_fact_verified
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_ex_officio_removal import record_ex_officio_removal
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import companion_field, read_succession, succession_fields
from jukinet.operator_web.fields import Field, FieldKind


def _fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "ex_officio_removal")
    fields = [ask("gone_since", FieldKind.CIVIL_DATE, has_focus=True), ask("whereabouts", is_needed=False)]
    if case.others:
        fields.append(replace(companion_field(case), label=case.words("ex_officio_removal.companions")))
    return [*fields, *succession_fields(case, case.others)]


async def _prefill(case: Case) -> Mapping[str, str]:
    return {"gone_since": today_typed(case)}


async def _plan(case: Case) -> PlannedAct:
    resident, notification = case.resident, case.notification
    removal = ExOfficioRemoval(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        companions=case.numbers_chosen("companions"),
        gone_since=case.values["gone_since"],
        whereabouts=case.values.get("whereabouts") or None,
        succession=read_succession(case),
    )
    require_dates_in_order(changed_on=removal.gone_since, notified_on=notification.notified_on, today=case.today)
    require_fact_verified(Procedure.EX_OFFICIO_REMOVAL, notification)
    steps = plan_ex_officio_removal(removal, notified_on=notification.notified_on, household=case.household)

    async def record(act: Act) -> ResidentRecord:
        return await record_ex_officio_removal(
            removal=removal, notification=notification, act=act, database=case.desk.database
        )

    is_told = is_person_told(Procedure.EX_OFFICIO_REMOVAL, notification)
    way = "person_notice.public" if removal.whereabouts is None else "person_notice.paper"
    return PlannedAct(steps=steps, record=record, papers=(case.words(way),) if is_told else ())


EX_OFFICIO_REMOVAL: Final = ChangeScreen(
    kind="ex_officio_removal",
    fields=_fields,
    plan=_plan,
    notification=NotificationBlock(
        kind="decide",
        documents=(
            SeenDocument.INVESTIGATION_REPORT,
            SeenDocument.DECISION,
            SeenDocument.FAMILY_REGISTER_NOTICE,
            SeenDocument.IMMIGRATION_NOTICE,
        ),
    ),
    prefill=_prefill,
    fields_of_errors={"changed_on": "gone_since"},
    is_final=True,
)
