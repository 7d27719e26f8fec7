"""The screens of a death (死亡による消除)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.identification import ChangeReason
from jukinet.domain.record_change import require_dates_in_order, require_not_before_birth
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.usecases.record_death import Death, record_death
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.changing import ChangeScreen, Draft, today_text
from jukinet.municipal.web.desk import Desk, changes_between
from jukinet.municipal.web.resident import Viewed
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Visit


def _prefill(viewed: Viewed, visit: Visit) -> Mapping[str, str]:
    del viewed
    return {"died_on": today_text(visit), "notified_on": today_text(visit)}


def _extras(viewed: Viewed) -> Mapping[str, Any]:
    del viewed
    return {}


def _draft(desk: Desk, visit: Visit, viewed: Viewed, form: Form) -> Draft | None:
    current = viewed.current
    died_on = form.read_civil_date("died_on", may_be_irregular=True)
    notified_on = form.read_day("notified_on")
    if died_on is None or notified_on is None:
        return None
    require_dates_in_order(changed_on=died_on, notified_on=notified_on, today=civil_day(visit.now))
    birth_date = CivilDate.from_wire(current.birth_date, may_be_irregular=True)
    require_not_before_birth(changed_on=died_on, birth_date=birth_date)
    death = Death(
        resident_number=current.resident_number,
        expected_version=current.version,
        died_on=died_on,
        notified_on=notified_on,
    )
    after = replace(
        current,
        change_reason=ChangeReason.DEATH.value,
        changed_on=died_on.wire,
        previous_resident_record_code=None,
        is_removed=True,
    )

    async def record(act: Act) -> ResidentVersion:
        return await record_death(death=death, act=act, database=desk.database)

    changes = changes_between(current, after, visit.words, hidden=viewed.is_hidden)
    return Draft(after=after, changes=changes, record=record)


DEATH: Final = ChangeScreen(
    kind="death",
    template="municipal/death.html",
    names=("died_on", "notified_on"),
    fields_of_errors={"changed_on": "died_on", "notified_on": "notified_on"},
    prefill=_prefill,
    draft=_draft,
    extras=_extras,
)
