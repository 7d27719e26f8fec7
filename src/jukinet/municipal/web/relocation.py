"""The screens of a relocation (転居)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from jukinet.domain.clock import civil_day
from jukinet.domain.identification import ChangeReason
from jukinet.domain.record_change import require_dates_in_order
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.usecases.record_relocation import (
    Relocation,
    record_relocation,
    require_possible_relocation,
)
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.changing import ChangeScreen, Draft, today_text
from jukinet.municipal.web.desk import Desk, changes_between
from jukinet.municipal.web.resident import Viewed
from jukinet.municipal.web.towns import list_town_labels, read_address
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Visit


def _prefill(viewed: Viewed, visit: Visit) -> Mapping[str, str]:
    del viewed
    return {"moved_on": today_text(visit), "notified_on": today_text(visit)}


def _extras(viewed: Viewed) -> Mapping[str, Any]:
    return {"towns": list_town_labels(viewed.current.municipality)}


def _draft(desk: Desk, visit: Visit, viewed: Viewed, form: Form) -> Draft | None:
    current = viewed.current
    moved_on = form.read_civil_date("moved_on", may_be_irregular=False)
    notified_on = form.read_day("notified_on")
    address = read_address(form, current.municipality)
    if moved_on is None or notified_on is None or address is None:
        return None
    relocation = Relocation(
        resident_number=current.resident_number,
        expected_version=current.version,
        address=address,
        moved_on=moved_on,
        notified_on=notified_on,
    )
    require_dates_in_order(changed_on=moved_on, notified_on=notified_on, today=civil_day(visit.now))
    require_possible_relocation(relocation, current)
    after = replace(
        current,
        address=address,
        postal_code=None,
        change_reason=ChangeReason.RELOCATION.value,
        changed_on=moved_on.wire,
        previous_resident_record_code=None,
        address_since_on=moved_on.wire,
    )

    async def record(act: Act) -> ResidentVersion:
        return await record_relocation(relocation=relocation, act=act, database=desk.database)

    changes = changes_between(current, after, visit.words, hidden=viewed.is_hidden, hides_after=False)
    return Draft(after=after, changes=changes, record=record)


RELOCATION: Final = ChangeScreen(
    kind="relocation",
    template="municipal/relocation.html",
    names=("moved_on", "town", "lot", "building", "notified_on"),
    fields_of_errors={"changed_on": "moved_on", "notified_on": "notified_on", "address": "lot"},
    prefill=_prefill,
    draft=_draft,
    extras=_extras,
)
