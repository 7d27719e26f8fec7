"""What a query comes to (照会結果), how the record found stands, and how stated items agree with it (照合)."""

from __future__ import annotations

from enum import Enum
from typing import Final

from jukinet.domain.changes import ChangeReason, find_change_reason


class ResultCategory(Enum):
    """Whether one person was found (照会結果の区分). Nobody is shown unless exactly one was."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    #: A few people agree with what was stated; the answer says which further item would tell them apart.
    SEVERAL = "several"
    #: More agree than are ever compared: state more.
    TOO_MANY = "too_many"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _CATEGORIES[self]


_CATEGORIES: Final = {
    ResultCategory.FOUND: "該当あり",
    ResultCategory.NOT_FOUND: "該当なし",
    ResultCategory.SEVERAL: "複数該当（要絞込み）",
    ResultCategory.TOO_MANY: "件数超過",
}


class RecordState(Enum):
    """How the record of the person found stands (記録の状態)."""

    LIVE = "live"
    #: 消除 on death.
    DEAD = "dead"
    #: 消除 on a move-out, abroad or to where the move-in was not notified yet: the notice does not say which.
    MOVED_OUT = "moved_out"
    REMOVED_EX_OFFICIO = "removed_ex_officio"
    #: A change of this person is in quarantine, so that what is recorded may be out of date (更新停止・確認中).
    STOPPED = "stopped"
    #: Support measures (支援措置). No notice tells the upper tiers of them, so no node gives this state today.
    PROTECTED = "protected"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _STATES[self]


_STATES: Final = {
    RecordState.LIVE: "記載中",
    RecordState.DEAD: "消除（死亡）",
    RecordState.MOVED_OUT: "消除（転出）",
    RecordState.REMOVED_EX_OFFICIO: "消除（職権）",
    RecordState.STOPPED: "更新停止・確認中",
    RecordState.PROTECTED: "支援措置",
}
_REMOVED_STATES: Final = {
    ChangeReason.DEATH: RecordState.DEAD,
    ChangeReason.MOVE_OUT: RecordState.MOVED_OUT,
    ChangeReason.EX_OFFICIO_REMOVAL: RecordState.REMOVED_EX_OFFICIO,
}


def state_of(*, is_removed: bool, reason: str, is_stopped: bool) -> RecordState:
    """Return how a record stands. One with a change in quarantine is stopped, whatever it says.

    Raises:
        UnknownCodeListValueError: the record has no reason of the closed list.
    """
    if is_stopped:
        return RecordState.STOPPED
    if not is_removed:
        return RecordState.LIVE
    return _REMOVED_STATES.get(find_change_reason(reason), RecordState.REMOVED_EX_OFFICIO)


class Agreement(Enum):
    """How an item that an organ states agrees with the record (照合結果), best first."""

    #: The very text.
    AGREES = "agrees"
    #: The same after folding: variant kanji, voicing, width, 一丁目1番 for 1-1, an alias or former surname.
    AGREES_FOLDED = "agrees_folded"
    #: As far as it was stated or is known: an address without its building, a date known in part.
    AGREES_IN_PART = "agrees_in_part"
    #: With what was recorded before, not with what is recorded now.
    AGREES_FORMERLY = "agrees_formerly"
    DIFFERS = "differs"
    NOT_STATED = "not_stated"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _AGREEMENTS[self]

    @property
    def agrees(self) -> bool:
        """Return whether the item agrees in any way."""
        return self not in {Agreement.DIFFERS, Agreement.NOT_STATED}


_AGREEMENTS: Final = {
    Agreement.AGREES: "一致",
    Agreement.AGREES_FOLDED: "一致（異体字等を同一とみなす）",
    Agreement.AGREES_IN_PART: "申し出た範囲で一致",
    Agreement.AGREES_FORMERLY: "過去の記載と一致",
    Agreement.DIFFERS: "不一致",
    Agreement.NOT_STATED: "申出なし",
}
