"""What goes upward of an act, and what stays in the municipality."""

from __future__ import annotations

import pytest

from jukinet.domain.act_reasons import NOTIFIED_ITEMS, ActReason, find_act_reason, notified_reason
from jukinet.domain.changes import ChangeKind, ChangeReason
from jukinet.domain.errors import UnknownCodeListValueError
from jukinet.domain.record_steps import revise
from jukinet.domain.rules import Rule
from tests.builders import resident


@pytest.mark.parametrize("reason", [one for one in ActReason if one.kind is not ChangeKind.MODIFICATION])
def test_entries_removals_and_code_changes_always_go_upward(reason: ActReason) -> None:
    record = resident(1)

    assert notified_reason(reason, before=record, after=record) is reason.change_reason


@pytest.mark.rule(Rule.ONLY_NOTIFIED_ITEMS_GO_UPWARD)
@pytest.mark.parametrize(
    ("item", "value"),
    [("relationship", "妻"), ("household_number", 9), ("registered_domicile", "東京都"), ("residence_period", "3年")],
)
def test_a_modification_of_what_the_network_does_not_hold_stays_local(item: str, value: object) -> None:
    step = revise(resident(1), reason=ActReason.EX_OFFICIO_CORRECTION, acted_on="2026-04-01", notified_on=None)
    changed = revise(
        resident(1),
        reason=ActReason.EX_OFFICIO_CORRECTION,
        acted_on="2026-04-01",
        notified_on=None,
        **{item: value},
    )

    assert step.notified_reason is None
    assert changed.notified_reason is None
    assert (changed.record.change_reason, changed.record.changed_on) == ("birth", "1990-05-06")


@pytest.mark.parametrize("item", NOTIFIED_ITEMS)
def test_a_modification_of_any_item_the_network_holds_goes_upward(item: str) -> None:
    step = revise(
        resident(1),
        reason=ActReason.MINOR_CORRECTION,
        acted_on="2026-04-01",
        notified_on=None,
        **{item: "something else"},
    )

    assert step.notified_reason is ChangeReason.MINOR_CORRECTION
    assert (step.record.change_reason, step.record.changed_on) == ("minor_correction", "2026-04-01")


def test_a_note_on_a_removed_record_concerns_nobody_above() -> None:
    removed = resident(1, is_removed=True)
    step = revise(
        removed, reason=ActReason.MOVE_OUT_CONFIRMED, acted_on="2026-04-01", notified_on=None, postal_code="1000001"
    )

    assert step.notified_reason is None


def test_a_reason_that_is_not_listed_is_refused() -> None:
    assert find_act_reason("relocation") is ActReason.RELOCATION
    with pytest.raises(UnknownCodeListValueError):
        find_act_reason("moved somewhere")
