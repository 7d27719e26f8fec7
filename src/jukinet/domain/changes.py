"""Change information (変更情報): the eleven reasons of Regulation art. 11, their kinds, and the change itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ImpossibleChangeError, UnknownCodeListValueError
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces
from jukinet.domain.update_sequence import begins_residence


class ChangeKind(Enum):
    """What was done to the resident record (記載・消除・修正)."""

    ENTRY = "entry"
    REMOVAL = "removal"
    MODIFICATION = "modification"
    CODE_MODIFICATION = "code_modification"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return {
            ChangeKind.ENTRY: "記載",
            ChangeKind.REMOVAL: "消除",
            ChangeKind.MODIFICATION: "記載の修正",
            ChangeKind.CODE_MODIFICATION: "住民票コードの記載の修正",
        }[self]


class ChangeReason(Enum):
    """Why a record was changed (変更の事由), the closed list of Regulation art. 11."""

    MOVE_IN = "move_in"
    BIRTH = "birth"
    EX_OFFICIO_ENTRY = "ex_officio_entry"
    MOVE_OUT = "move_out"
    DEATH = "death"
    EX_OFFICIO_REMOVAL = "ex_officio_removal"
    RELOCATION = "relocation"
    MINOR_CORRECTION = "minor_correction"
    EX_OFFICIO_MODIFICATION = "ex_officio_modification"
    CODE_CHANGE_ON_REQUEST = "code_change_on_request"
    CODE_CHANGE_EX_OFFICIO = "code_change_ex_officio"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _REASONS[self][0]

    @property
    def kind(self) -> ChangeKind:
        """Return what this reason does to the record."""
        return _REASONS[self][1]

    @property
    def is_minor(self) -> bool:
        """Return whether it is a minor correction (軽微な修正), which revokes no certificate."""
        return self is ChangeReason.MINOR_CORRECTION

    @property
    def may_have_irregular_date(self) -> bool:
        """Return whether its date may be known only in part: births, deaths and disappearances."""
        return self in _IRREGULAR


_REASONS = {
    ChangeReason.MOVE_IN: ("転入等", ChangeKind.ENTRY),
    ChangeReason.BIRTH: ("出生", ChangeKind.ENTRY),
    ChangeReason.EX_OFFICIO_ENTRY: ("職権記載等", ChangeKind.ENTRY),
    ChangeReason.MOVE_OUT: ("転出", ChangeKind.REMOVAL),
    ChangeReason.DEATH: ("死亡", ChangeKind.REMOVAL),
    ChangeReason.EX_OFFICIO_REMOVAL: ("職権消除等", ChangeKind.REMOVAL),
    ChangeReason.RELOCATION: ("転居", ChangeKind.MODIFICATION),
    ChangeReason.MINOR_CORRECTION: ("軽微な修正", ChangeKind.MODIFICATION),
    ChangeReason.EX_OFFICIO_MODIFICATION: ("職権修正等", ChangeKind.MODIFICATION),
    ChangeReason.CODE_CHANGE_ON_REQUEST: ("住民票コードの記載の変更請求", ChangeKind.CODE_MODIFICATION),
    ChangeReason.CODE_CHANGE_EX_OFFICIO: ("住民票コードの職権記載等", ChangeKind.CODE_MODIFICATION),
}
_IRREGULAR = frozenset({ChangeReason.BIRTH, ChangeReason.DEATH, ChangeReason.EX_OFFICIO_REMOVAL})
_BY_VALUE = {reason.value: reason for reason in ChangeReason}
#: Values of the reasons that enter a resident (記載), and of those that remove one (消除), as notices carry them.
ENTRY_REASONS = frozenset(reason.value for reason, (_, kind) in _REASONS.items() if kind is ChangeKind.ENTRY)
REMOVAL_REASONS = frozenset(reason.value for reason, (_, kind) in _REASONS.items() if kind is ChangeKind.REMOVAL)


@enforces(Rule.CHANGE_REASON_IS_LISTED)
def find_change_reason(text: str, *, field: str | None = None) -> ChangeReason:
    """Return the reason with this value.

    Raises:
        UnknownCodeListValueError: the Regulation lists no such reason.
    """
    reason = _BY_VALUE.get(text)
    if reason is None:
        raise UnknownCodeListValueError(field=field)
    return reason


@enforces(Rule.PREVIOUS_CODE_WITH_CODE_CHANGE)
def require_previous_code(*, reason: ChangeReason, code: str, previous: str | None) -> None:
    """Refuse a change that should tell the previous code and does not, or the reverse.

    A change on request always replaces a code. An ex officio one may put a code where none was recorded, so it may
    come without.

    Raises:
        ImpossibleChangeError: the previous code is missing, out of place, or the same as the new one.
    """
    if reason.kind is not ChangeKind.CODE_MODIFICATION:
        is_right = not previous
    elif previous:
        is_right = previous != code
    else:
        is_right = reason is ChangeReason.CODE_CHANGE_EX_OFFICIO
    if not is_right:
        raise ImpossibleChangeError(field="previous_resident_record_code")


@enforces(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
def require_carried_over_code(*, former: ResidentRecordCode | None, entered: ResidentRecordCode) -> None:
    """Refuse a new code for a person whose latest former code is known: it is carried over.

    Raises:
        ImpossibleChangeError: `entered` is not the former code.
    """
    if former is not None and former != entered:
        raise ImpossibleChangeError(
            "A person who was recorded before keeps the resident record code.", field="resident_record_code"
        )


@enforces(Rule.FIRST_NOTICE_IS_AN_ENTRY)
def require_entry_first(*, reason: ChangeReason, update_sequence: int) -> None:
    """Refuse a residence that does not begin with an entry, an entry anywhere else, and a sequence below 1.

    A birth begins the first residence only. A code modification may be the first notice under its new code.

    Raises:
        ImpossibleChangeError: there is nothing yet that could be removed or modified, or what is entered is.
    """
    if reason is ChangeReason.BIRTH:
        is_right = update_sequence == 1
    elif update_sequence == 1:
        is_right = reason.kind in {ChangeKind.ENTRY, ChangeKind.CODE_MODIFICATION}
    else:
        is_right = update_sequence > 1 and begins_residence(update_sequence) == (reason.kind is ChangeKind.ENTRY)
    if not is_right:
        raise ImpossibleChangeError(field="update_sequence")


@dataclass(frozen=True, slots=True, repr=False)
class ChangeInformation:
    """Change information (変更情報): the reason, the day it arose, and the previous code where the code changed."""

    reason: ChangeReason
    changed_on: CivilDate
    previous_resident_record_code: ResidentRecordCode | None = None

    def __repr__(self) -> str:
        """Show the reason only."""
        return f"ChangeInformation({self.reason.value}, ***)"

    __str__ = __repr__
