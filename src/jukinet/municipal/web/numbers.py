"""The screens of a person's numbers: the resident record code (住民票コード) and the Individual Number (個人番号)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jukinet.domain.acts.numbers import CodeChange, NumberChange, plan_code_change, plan_number_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.code_notices import NoticeKind
from jukinet.domain.errors import PeerUnreachableError
from jukinet.domain.individual_number import BODY_LENGTH, IndividualNumber
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.usecases.change_individual_number import change_individual_number
from jukinet.municipal.usecases.change_resident_record_code import change_resident_record_code
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case, ChangeScreen, NotificationBlock, PlannedAct
from jukinet.operator_web.fields import Field

#: Stands for the number the nation will make; no screen shows a number.
_LATER: Final = IndividualNumber.from_body("0" * BODY_LENGTH)
#: Stands for the code that is drawn when the change is recorded.
_DRAWN_LATER: Final = ""


def _no_fields(case: Case) -> Sequence[Field]:
    del case
    return ()


def _correction_fields(case: Case) -> Sequence[Field]:
    ask = Asking(case, "code_correction")
    right_code = ask(
        "right_code", is_needed=False, is_numeric=True, is_short=True, has_focus=True, read=ResidentRecordCode.parse
    )
    return (right_code,)


def _document_of(tag: str) -> Mapping[str, str]:
    return {f"documents-{tag}": "on"}


async def _prefill_code(case: Case) -> Mapping[str, str]:
    del case
    return _document_of(SeenDocument.CODE_CHANGE_REQUEST.tag)


async def _prefill_number(case: Case) -> Mapping[str, str]:
    del case
    return _document_of(SeenDocument.INDIVIDUAL_NUMBER_CHANGE_REQUEST.tag)


async def _plan_code_change(case: Case) -> PlannedAct:
    resident = case.resident
    change = CodeChange(resident_number=resident.resident_number, expected_version=resident.version)
    return _planned_code(case, change, NoticeKind.CHANGED)


async def _plan_code_correction(case: Case) -> PlannedAct:
    resident = case.resident
    change = CodeChange(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        is_correction=True,
        right_code=case.values.get("right_code"),
    )
    return _planned_code(case, change, NoticeKind.CORRECTED)


def _planned_code(case: Case, change: CodeChange, kind: NoticeKind) -> PlannedAct:
    notification, day = case.notification, CivilDate.of(case.today)
    require_dates_in_order(changed_on=day, notified_on=notification.notified_on, today=case.today)
    steps = plan_code_change(
        change,
        current=case.resident,
        code=_DRAWN_LATER if change.right_code is None else change.right_code.value,
        acted_on=day,
        notified_on=None if notification.is_ex_officio else notification.notified_on,
    )

    async def record(act: Act) -> ResidentRecord:
        return await change_resident_record_code(
            change=change,
            notification=notification,
            act=act,
            database=case.desk.database,
            choice=case.desk.choice,
        )

    return PlannedAct(steps=steps, record=record, papers=(case.words(f"code_notice.kind.{kind.tag}"),))


async def _plan_number_change(case: Case) -> PlannedAct:
    return _planned_number(case, is_ex_officio=False)


async def _plan_number_correction(case: Case) -> PlannedAct:
    return _planned_number(case, is_ex_officio=True)


def _planned_number(case: Case, *, is_ex_officio: bool) -> PlannedAct:
    resident = case.resident
    change = NumberChange(
        resident_number=resident.resident_number, expected_version=resident.version, is_ex_officio=is_ex_officio
    )
    notification, day = case.notification, CivilDate.of(case.today)
    require_dates_in_order(changed_on=day, notified_on=notification.notified_on, today=case.today)
    steps = plan_number_change(
        change,
        current=case.resident,
        number=_LATER,
        acted_on=day,
        notified_on=None if notification.is_ex_officio else notification.notified_on,
    )

    async def record(act: Act) -> ResidentRecord:
        client = case.desk.client
        if client is None:
            raise PeerUnreachableError
        return await change_individual_number(
            change=change, notification=notification, act=act, client=client, database=case.desk.database
        )

    return PlannedAct(steps=steps, record=record)


def _stays(record: ResidentRecord) -> bool:
    """Return whether the numbers may change: not of somebody about to move, whose certificate carries them."""
    return not record.is_removed and not record.is_moving_out


def _has_number(record: ResidentRecord) -> bool:
    return record.individual_number is not None and _stays(record)


CODE_CHANGE: Final = ChangeScreen(
    kind="code_change",
    fields=_no_fields,
    plan=_plan_code_change,
    notification=NotificationBlock(kind="request", documents=(SeenDocument.CODE_CHANGE_REQUEST,)),
    prefill=_prefill_code,
    applies_to=_stays,
)
CODE_CORRECTION: Final = ChangeScreen(
    kind="code_correction",
    fields=_correction_fields,
    plan=_plan_code_correction,
    notification=NotificationBlock(kind="decide", documents=(SeenDocument.INVESTIGATION_REPORT, SeenDocument.DECISION)),
    fields_of_errors={"resident_record_code": "right_code"},
    applies_to=_stays,
)
NUMBER_CHANGE: Final = ChangeScreen(
    kind="individual_number_change",
    fields=_no_fields,
    plan=_plan_number_change,
    notification=NotificationBlock(kind="request", documents=(SeenDocument.INDIVIDUAL_NUMBER_CHANGE_REQUEST,)),
    prefill=_prefill_number,
    applies_to=_has_number,
)
NUMBER_CORRECTION: Final = ChangeScreen(
    kind="individual_number_correction",
    fields=_no_fields,
    plan=_plan_number_correction,
    notification=NotificationBlock(kind="decide", documents=(SeenDocument.INVESTIGATION_REPORT, SeenDocument.DECISION)),
    applies_to=_has_number,
)
#: In the order they are offered.
NUMBER_PROCEDURES: Final = (CODE_CHANGE, CODE_CORRECTION, NUMBER_CHANGE, NUMBER_CORRECTION)
