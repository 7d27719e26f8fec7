"""Numbers do not change while a certificate with the present ones is under way."""

from __future__ import annotations

import pytest

from jukinet.domain.acts.numbers import CodeChange, NumberChange, plan_code_change, plan_number_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MoveOutPendingError
from jukinet.domain.individual_number import IndividualNumber
from tests.builders import TODAY, code, individual_number, resident

DAY = CivilDate.of(TODAY)
MOVING = resident(individual_number=individual_number(1), planned_move_out_on="2026-04-10")


@pytest.mark.invariant("I7")
@pytest.mark.parametrize("is_correction", [False, True])
def test_a_code_is_not_changed_while_a_move_out_is_notified(is_correction: bool) -> None:  # noqa: FBT001 - a parameter
    change = CodeChange(resident_number=1, is_correction=is_correction)

    with pytest.raises(MoveOutPendingError):
        plan_code_change(change, current=MOVING, code=code(9), acted_on=DAY, notified_on=TODAY)


@pytest.mark.parametrize("is_ex_officio", [False, True])
def test_an_individual_number_is_not_changed_while_a_move_out_is_notified(
    is_ex_officio: bool,  # noqa: FBT001 - a parameter
) -> None:
    change = NumberChange(resident_number=1, is_ex_officio=is_ex_officio)
    number = IndividualNumber(individual_number(2))

    with pytest.raises(MoveOutPendingError):
        plan_number_change(change, current=MOVING, number=number, acted_on=DAY, notified_on=TODAY)
