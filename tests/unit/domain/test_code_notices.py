"""Written notices of codes: whom they are for, and what can become of a sheet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.code_notices import (
    NoticeEvent,
    NoticeKind,
    NoticeState,
    destroyable_from,
    next_state,
    notice_kind_of,
    possible_events,
    require_kept_a_year,
)
from jukinet.domain.errors import CodeNoticeStateError, RetentionNotOverError
from jukinet.domain.rules import Rule
from tests.builders import resident


@pytest.mark.rule(Rule.CODE_NOTIFIED_IN_WRITING)
@pytest.mark.parametrize(
    ("reason", "is_given_here", "kind"),
    [
        (ActReason.BIRTH, True, NoticeKind.NEW),
        (ActReason.MOVE_IN, True, NoticeKind.NEW),
        (ActReason.MOVE_IN, False, None),
        (ActReason.RELOCATION, False, None),
        (ActReason.CODE_CHANGE, True, NoticeKind.CHANGED),
        (ActReason.CODE_CORRECTION, True, NoticeKind.CORRECTED),
        (ActReason.CODE_CORRECTION, False, NoticeKind.CORRECTED),
    ],
)
def test_who_has_a_code_he_or_she_does_not_know_is_told_in_writing(
    reason: ActReason,
    is_given_here: bool,  # noqa: FBT001 - a parameter
    kind: NoticeKind | None,
) -> None:
    record = resident(1, act_reason=reason.value)

    assert notice_kind_of(record, is_code_given_here=is_given_here) is kind


@given(st.lists(st.sampled_from(NoticeEvent), max_size=12))
def test_whatever_is_recorded_a_sheet_that_has_left_or_is_destroyed_does_not_come_back(
    events: list[NoticeEvent],
) -> None:
    state = NoticeState.WAITING
    for event in events:
        if event not in possible_events(state):
            with pytest.raises(CodeNoticeStateError):
                next_state(state, event)
            continue
        before, state = state, next_state(state, event)
        assert before not in {NoticeState.HANDED_OVER, NoticeState.DESTROYED}
        assert state is not NoticeState.WAITING
        assert (state is NoticeState.DESTROYED) <= (before is NoticeState.RETURNED)


@given(st.dates(date(2002, 8, 5), date(2100, 12, 31)))
def test_a_returned_sheet_is_kept_for_a_whole_year(returned_on: date) -> None:
    first = destroyable_from(returned_on)

    require_kept_a_year(returned_on, first)
    with pytest.raises(RetentionNotOverError):
        require_kept_a_year(returned_on, first - timedelta(days=1))
    assert (first - returned_on).days in {365, 366}
