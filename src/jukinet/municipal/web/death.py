"""The screens of a death (死亡による消除)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jukinet.domain.acts.removal import Death, plan_death
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.record_death import record_death
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct
from jukinet.municipal.web.notifying import today_typed
from jukinet.municipal.web.people import read_succession, succession_fields
from jukinet.operator_web.fields import Field, FieldKind


def _fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "death")
    died_on = ask("died_on", FieldKind.CIVIL_DATE, has_focus=True)
    return [died_on, *(succession_fields(case, case.others) if case.resident.is_householder else ())]


async def _prefill(case: Case) -> Mapping[str, str]:
    return {"died_on": today_typed(case), "documents-death_report": "on"}


async def _plan(case: Case) -> PlannedAct:
    resident, notification = case.resident, case.notification
    death = Death(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        died_on=case.values["died_on"],
        succession=read_succession(case),
    )
    require_dates_in_order(changed_on=death.died_on, notified_on=notification.notified_on, today=case.today)
    steps = plan_death(death, notified_on=notification.notified_on, household=case.household)

    async def record(act: Act) -> ResidentRecord:
        return await record_death(death=death, notification=notification, act=act, database=case.desk.database)

    return PlannedAct(steps=steps, record=record)


DEATH: Final = ChangeScreen(
    kind="death",
    fields=_fields,
    plan=_plan,
    notification=NotificationBlock(
        kind="report", documents=(SeenDocument.DEATH_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE)
    ),
    prefill=_prefill,
    fields_of_errors={"changed_on": "died_on"},
    is_final=True,
    key="x",
)
