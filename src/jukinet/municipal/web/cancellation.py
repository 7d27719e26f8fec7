"""The screens of a cancellation (異動の取消し): from the act in a resident's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jukinet.domain.acts.cancellation import Cancellation, plan_cancellation, procedure_of
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ActNotFoundError, MissingItemError
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.person_notices import require_fact_verified
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.act_store import find_act
from jukinet.municipal.usecases.cancel_act import cancel_act, list_touched
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct
from jukinet.operator_web.fields import Field

#: Others than the prefecture were told of these: by letter or telephone they hear that it was not so.
_TOLD_ELSEWHERE: Final = frozenset(
    {
        Procedure.MOVE_IN.value,
        Procedure.MOVE_IN_WITHOUT_CERTIFICATE.value,
        Procedure.MOVE_IN_OF_FORMER_RESIDENT.value,
        Procedure.MOVE_IN_NOTICE.value,
    }
)


def _fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "cancellation")
    return [ask("act_number", is_numeric=True, is_short=True, has_focus=True, read=_number)]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len("999999999999999999")):
        raise MissingItemError(field="act_number")
    return int(text)


async def _prefill(case: Case) -> Mapping[str, str]:
    return {
        "act_number": case.visit.query.get("act", "") or str(case.resident.act_number or ""),
        "notifier": "ex_officio",
    }


async def _plan(case: Case) -> PlannedAct:
    resident, notification = case.resident, case.notification
    cancellation = Cancellation(
        act_number=case.values["act_number"],
        resident_number=resident.resident_number,
        expected_version=resident.version,
        decided_on=CivilDate.of(notification.notified_on),
    )
    require_dates_in_order(changed_on=cancellation.decided_on, notified_on=notification.notified_on, today=case.today)
    async with case.desk.database.connection() as connection:
        recorded = await find_act(connection, cancellation.act_number)
        touched = await list_touched(connection, act_number=cancellation.act_number)
    if resident.resident_number not in {history[0].resident_number for history in touched.histories}:
        raise ActNotFoundError(field="act_number")
    steps = plan_cancellation(cancellation, histories=touched.histories, households=touched.households)
    require_fact_verified(procedure_of(steps), notification)

    async def record(act: Act) -> ResidentRecord:
        written = await cancel_act(
            cancellation=cancellation,
            notification=notification,
            act=act,
            client=case.desk.client,
            database=case.desk.database,
        )
        return next(one for one in written if one.resident_number == resident.resident_number)

    words = case.words
    papers = [words(f"cancellation.kind.{procedure_of(steps).value}")]
    if recorded.procedure in _TOLD_ELSEWHERE:
        papers.append(words("cancellation.tell"))
    return PlannedAct(steps=steps, record=record, papers=papers)


def _has_act(record: ResidentRecord) -> bool:
    return record.act_number is not None


CANCELLATION: Final = ChangeScreen(
    kind="cancellation",
    fields=_fields,
    plan=_plan,
    notification=NotificationBlock(kind="decide", documents=(SeenDocument.INVESTIGATION_REPORT, SeenDocument.DECISION)),
    prefill=_prefill,
    fields_of_errors={"changed_on": "notified_on"},
    applies_to=_has_act,
    template="municipal/cancellation_form.html",
    is_final=True,
)
