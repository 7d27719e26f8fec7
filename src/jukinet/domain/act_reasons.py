"""Why a resident record has a new version (異動事由), the closed list of the standard, and what of it goes upward.

A superset of the reasons of Regulation art. 11 (`domain.changes`): the network hears of entries and removals, and of
modifications of the items it holds; households, relationships and registered domiciles stay in the municipality.
Source: Act (–2015) art. 30-5(1), (2015–) art. 30-6(1); Regulation art. 11.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from jukinet.domain.changes import ChangeKind, ChangeReason
from jukinet.domain.errors import UnknownCodeListValueError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces


class ActReason(Enum):
    """Why a record was changed, as the municipality writes it (異動事由)."""

    MOVE_IN = "move_in"
    MOVE_IN_FROM_ABROAD = "move_in_from_abroad"
    BIRTH = "birth"
    ENTRY_AFTER_NATURALISATION = "entry_after_naturalisation"
    ENTRY_AFTER_LOSS_OF_NATIONALITY = "entry_after_loss_of_nationality"
    EX_OFFICIO_ENTRY = "ex_officio_entry"
    CANCELLATION_ENTRY = "cancellation_entry"
    MOVE_OUT = "move_out"
    MOVE_OUT_ABROAD = "move_out_abroad"
    DEATH = "death"
    REMOVAL_AFTER_NATURALISATION = "removal_after_naturalisation"
    REMOVAL_AFTER_LOSS_OF_NATIONALITY = "removal_after_loss_of_nationality"
    EX_OFFICIO_REMOVAL = "ex_officio_removal"
    CANCELLATION_REMOVAL = "cancellation_removal"
    RELOCATION = "relocation"
    MINOR_CORRECTION = "minor_correction"
    EX_OFFICIO_CORRECTION = "ex_officio_correction"
    ERROR_CORRECTION = "error_correction"
    INDIVIDUAL_NUMBER_CHANGE = "individual_number_change"
    INDIVIDUAL_NUMBER_CORRECTION = "individual_number_correction"
    INDIVIDUAL_NUMBER_ENTRY = "individual_number_entry"
    CODE_CHANGE = "code_change"
    CODE_CORRECTION = "code_correction"
    HOUSEHOLD_SPLIT = "household_split"
    HOUSEHOLD_MERGER = "household_merger"
    HOUSEHOLD_CHANGE = "household_change"
    HOUSEHOLDER_CHANGE = "householder_change"
    FORMER_SURNAME_ENTRY = "former_surname_entry"
    FORMER_SURNAME_CHANGE = "former_surname_change"
    FORMER_SURNAME_REMOVAL = "former_surname_removal"
    ALIAS_ENTRY = "alias_entry"
    ALIAS_REMOVAL = "alias_removal"
    RESIDENCE_STATUS_CHANGE = "residence_status_change"
    MOVE_OUT_NOTIFIED = "move_out_notified"
    MOVE_OUT_WITHDRAWN = "move_out_withdrawn"
    MOVE_OUT_CONFIRMED = "move_out_confirmed"
    CANCELLATION = "cancellation"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _ROWS[self][0]

    @property
    def kind(self) -> ChangeKind:
        """Return what this reason does to the record."""
        return _ROWS[self][1].kind

    @property
    def change_reason(self) -> ChangeReason:
        """Return the reason of Regulation art. 11 it is notified with, where it is notified at all."""
        return _ROWS[self][1]


_ENTRY: Final = ChangeReason.EX_OFFICIO_ENTRY
_REMOVAL: Final = ChangeReason.EX_OFFICIO_REMOVAL
_MODIFICATION: Final = ChangeReason.EX_OFFICIO_MODIFICATION
_ROWS: Final = {
    ActReason.MOVE_IN: ("国内転入", ChangeReason.MOVE_IN),
    ActReason.MOVE_IN_FROM_ABROAD: ("国外転入等", ChangeReason.MOVE_IN),
    ActReason.BIRTH: ("出生", ChangeReason.BIRTH),
    ActReason.ENTRY_AFTER_NATURALISATION: ("職権記載（帰化等）", _ENTRY),
    ActReason.ENTRY_AFTER_LOSS_OF_NATIONALITY: ("職権記載（国籍喪失）", _ENTRY),
    ActReason.EX_OFFICIO_ENTRY: ("職権記載", _ENTRY),
    ActReason.CANCELLATION_ENTRY: ("異動の取消し（増）", _ENTRY),
    ActReason.MOVE_OUT: ("国内転出", ChangeReason.MOVE_OUT),
    ActReason.MOVE_OUT_ABROAD: ("国外転出", ChangeReason.MOVE_OUT),
    ActReason.DEATH: ("死亡", ChangeReason.DEATH),
    ActReason.REMOVAL_AFTER_NATURALISATION: ("職権消除（帰化等）", _REMOVAL),
    ActReason.REMOVAL_AFTER_LOSS_OF_NATIONALITY: ("職権消除（国籍喪失）", _REMOVAL),
    ActReason.EX_OFFICIO_REMOVAL: ("職権消除", _REMOVAL),
    ActReason.CANCELLATION_REMOVAL: ("異動の取消し（減）", _REMOVAL),
    ActReason.RELOCATION: ("転居", ChangeReason.RELOCATION),
    ActReason.MINOR_CORRECTION: ("軽微な修正", ChangeReason.MINOR_CORRECTION),
    ActReason.EX_OFFICIO_CORRECTION: ("職権修正", _MODIFICATION),
    ActReason.ERROR_CORRECTION: ("誤記修正", _MODIFICATION),
    ActReason.INDIVIDUAL_NUMBER_CHANGE: ("個人番号の変更請求", _MODIFICATION),
    ActReason.INDIVIDUAL_NUMBER_CORRECTION: ("個人番号の職権修正", _MODIFICATION),
    ActReason.INDIVIDUAL_NUMBER_ENTRY: ("個人番号の職権記載", _MODIFICATION),
    ActReason.CODE_CHANGE: ("住民票コードの変更請求", ChangeReason.CODE_CHANGE_ON_REQUEST),
    ActReason.CODE_CORRECTION: ("住民票コードの職権記載", ChangeReason.CODE_CHANGE_EX_OFFICIO),
    ActReason.HOUSEHOLD_SPLIT: ("世帯分離", _MODIFICATION),
    ActReason.HOUSEHOLD_MERGER: ("世帯合併", _MODIFICATION),
    ActReason.HOUSEHOLD_CHANGE: ("世帯変更", _MODIFICATION),
    ActReason.HOUSEHOLDER_CHANGE: ("世帯主変更", _MODIFICATION),
    ActReason.FORMER_SURNAME_ENTRY: ("旧氏の記載", _MODIFICATION),
    ActReason.FORMER_SURNAME_CHANGE: ("旧氏の変更", _MODIFICATION),
    ActReason.FORMER_SURNAME_REMOVAL: ("旧氏の削除", _MODIFICATION),
    ActReason.ALIAS_ENTRY: ("通称の記載", _MODIFICATION),
    ActReason.ALIAS_REMOVAL: ("通称の削除", _MODIFICATION),
    ActReason.RESIDENCE_STATUS_CHANGE: ("在留資格等の修正", _MODIFICATION),
    ActReason.MOVE_OUT_NOTIFIED: ("転出届（転出予定）", _MODIFICATION),
    ActReason.MOVE_OUT_WITHDRAWN: ("転出の取消し", _MODIFICATION),
    ActReason.MOVE_OUT_CONFIRMED: ("転出確定", _MODIFICATION),
    ActReason.CANCELLATION: ("異動の取消し（修正）", _MODIFICATION),
}
_BY_VALUE: Final = {reason.value: reason for reason in ActReason}
#: The items of a record that the network holds beside its change information (Act art. 30-6(1)).
NOTIFIED_ITEMS: Final = (
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "municipality",
    "address",
    "postal_code",
)


def find_act_reason(text: str, *, field: str | None = None) -> ActReason:
    """Return the reason with this value; raise UnknownCodeListValueError."""
    reason = _BY_VALUE.get(text)
    if reason is None:
        raise UnknownCodeListValueError(field=field)
    return reason


@enforces(Rule.ONLY_NOTIFIED_ITEMS_GO_UPWARD)
def notified_reason(reason: ActReason, *, before: ResidentRecord | None, after: ResidentRecord) -> ChangeReason | None:
    """Return the reason this version is notified upward with; None where the network has nothing to hear."""
    if before is None or reason.kind is not ChangeKind.MODIFICATION:
        return reason.change_reason
    # Removed while the record is a removed one: a note on it, such as where the person went, concerns nobody above.
    if before.is_removed and after.is_removed:
        return None
    differs = any(getattr(before, item) != getattr(after, item) for item in NOTIFIED_ITEMS)
    return reason.change_reason if differs else None
