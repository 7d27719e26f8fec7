"""What of a form is kept for review (仮登録): the fields as they were typed, and whose records it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.municipal.review_store import Submission
from jukinet.municipal.web.cases import Case, ChangeScreen, PlannedAct
from jukinet.operator_web.fields import Field, plain_text_of, read_field
from jukinet.operator_web.forms import Form


def submission_of(screen: ChangeScreen, case: Case, planned: PlannedAct, fields: Sequence[Field]) -> Submission:
    """Return the form as it is submitted for review."""
    number = None if case.viewed is None else case.resident.resident_number
    concerned = {step.before.resident_number for step in planned.steps if step.before is not None}
    return Submission(
        form_number=case.form.text("form_number"),
        procedure=screen.kind,
        resident_number=number,
        resident_numbers=concerned | ({number} if number is not None else set()),
        fields={**case.form.typed, **_whole_dates(case, fields)},
    )


def _whole_dates(case: Case, fields: Sequence[Field]) -> dict[str, str]:
    """Return the dates as they are understood today: on another day, what was typed in short might be another one."""
    whole: dict[str, str] = {}
    for one in fields:
        value = read_field(one, Form(case.form.typed)) if one.applies(case.form) and case.form.text(one.name) else None
        text = plain_text_of(one, value)
        if text is not None and read_field(one, Form({one.name: text})) == value:
            whole[one.name] = text
    return whole
