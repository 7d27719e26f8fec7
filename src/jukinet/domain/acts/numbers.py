"""Acts on a person's numbers: the resident record code (住民票コード) and the Individual Number (個人番号).

Source: Act (–2015) art. 30-3, (2015–) art. 30-4; Order art. 30-3, 30-4; Individual Number Act art. 7(1)(2).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ImpossibleChangeError, MoveOutPendingError
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """Another resident record code: asked for by the person, or because what is recorded is an error."""

    resident_number: int
    expected_version: int | None = None
    #: 職権による修正: the recorded code is an error or is missing.
    is_correction: bool = False
    #: The code the person really has, where a correction finds it; otherwise a new one is drawn.
    right_code: ResidentRecordCode | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a choice of the new code: only a correction knows which code is right."""
        require_unchosen(is_correction=self.is_correction, is_chosen=self.right_code is not None)

    @property
    def reason(self) -> ActReason:
        """Return why the record is changed."""
        return ActReason.CODE_CORRECTION if self.is_correction else ActReason.CODE_CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """Another Individual Number, because the present one may be misused; on request or ex officio."""

    resident_number: int
    expected_version: int | None = None
    is_ex_officio: bool = False

    @property
    def reason(self) -> ActReason:
        """Return why the record is changed."""
        return ActReason.INDIVIDUAL_NUMBER_CORRECTION if self.is_ex_officio else ActReason.INDIVIDUAL_NUMBER_CHANGE


@enforces(Rule.NEW_CODE_IS_NOT_CHOSEN)
def require_unchosen(*, is_correction: bool, is_chosen: bool) -> None:
    """Refuse a code that was chosen, unless a correction writes the code the person really has.

    Raises:
        ImpossibleChangeError: whoever asks for another code wants a certain one.
    """
    if is_chosen and not is_correction:
        message = "A new code is drawn at random: nobody chooses it."
        raise ImpossibleChangeError(message, field="resident_record_code")


def require_no_move_out(current: ResidentRecord) -> None:
    """Refuse another number for somebody who is about to move: the next municipality enters what the certificate says.

    Raises:
        MoveOutPendingError: a move-out is notified.
    """
    if current.is_moving_out:
        raise MoveOutPendingError(field="resident_number")


def plan_code_change(
    change: CodeChange, *, current: ResidentRecord, code: str, acted_on: CivilDate, notified_on: date | None
) -> tuple[RecordStep, ...]:
    """Return the one step that gives the person `code`; the notice will carry the code it replaces.

    Raises:
        MoveOutPendingError: a move-out is notified; its certificate carries the present code.
        ImpossibleChangeError: it is the code the person has.
    """
    require_no_move_out(current)
    if code == current.resident_record_code:
        raise ImpossibleChangeError("This is the code already recorded.", field="resident_record_code")
    step = revise(
        current,
        reason=change.reason,
        acted_on=acted_on.wire,
        notified_on=notified_on,
        resident_record_code=code,
    )
    after = replace(step.after, previous_resident_record_code=current.resident_record_code)
    return (replace(step, after=after),)


def plan_number_entry(current: ResidentRecord, number: IndividualNumber, *, day: CivilDate) -> tuple[RecordStep, ...]:
    """Return the one step that enters the number the nation has made (個人番号の職権記載).

    Raises:
        ImpossibleChangeError: the person has a number.
    """
    if current.individual_number is not None:
        raise ImpossibleChangeError("The resident has a number: change it instead.", field="individual_number")
    return (
        revise(
            current,
            reason=ActReason.INDIVIDUAL_NUMBER_ENTRY,
            acted_on=day.wire,
            notified_on=None,
            individual_number=number.value,
        ),
    )


def plan_number_change(
    change: NumberChange,
    *,
    current: ResidentRecord,
    number: IndividualNumber,
    acted_on: CivilDate,
    notified_on: date | None,
) -> tuple[RecordStep, ...]:
    """Return the one step that puts `number` in place of the one that may be misused.

    Raises:
        MoveOutPendingError: a move-out is notified; its certificate carries the present number.
        ImpossibleChangeError: there is no number to change, or it is the same.
    """
    require_no_move_out(current)
    if current.individual_number is None or current.individual_number == number.value:
        message = "There is no number that could be changed into this one."
        raise ImpossibleChangeError(message, field="individual_number")
    return (
        revise(
            current,
            reason=change.reason,
            acted_on=acted_on.wire,
            notified_on=notified_on,
            individual_number=number.value,
        ),
    )
