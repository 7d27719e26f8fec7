"""M01, the notice of identification information (本人確認情報通知): municipality → prefecture → nation.

One notice is one change of one resident. Notices travel in parcels: JSON arrays, in the order in which the
changes were recorded. The items are closed (I1): an item that is not listed here is refused, not dropped.
Source: Act (–2015) art. 30-5(1) and 30-11(1); Act (2015–) art. 30-6(1) and 30-7(1); Regulation art. 11.
"""

from __future__ import annotations

from typing import Annotated

import msgspec


class IdentificationNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The identification information of one resident after one change, and the change."""

    #: 住民票コード, 11 digits.
    resident_record_code: str
    #: 個人番号, 12 digits; none before 2015-10-05 and until it is received.
    individual_number: str | None = None
    #: 氏名, Unicode + IVS.
    name: str
    #: ふりがな, hiragana.
    kana: str
    #: 旧氏.
    former_surname: str | None = None
    #: 通称.
    alias: str | None = None
    #: 生年月日, CivilDate wire form.
    birth_date: str
    #: 男女の別, Sex value.
    sex: str
    #: 全国地方公共団体コード of the municipality whose resident this is, 6 digits.
    municipality: str
    #: 住所.
    address: str
    #: 郵便番号, 7 digits.
    postal_code: str | None = None
    #: 異動事由, ChangeReason value.
    reason: str
    #: 異動年月日, CivilDate wire form.
    changed_on: str
    #: 修正前の住民票コード; given exactly when the code changed.
    previous_resident_record_code: str | None = None
    #: 更新順番号: one more with each change of this resident, and a new stretch with each residence
    #: (`domain.update_sequence`). No table counts further.
    update_sequence: Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]

    def __repr__(self) -> str:
        return "IdentificationNotice(***)"


class Quarantined(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One notice that was put in quarantine: where it stood in the parcel, and why."""

    #: Position in the received array, from 0.
    position: int
    #: Stable code of the error.
    code: str
    #: The item that is wrong, where it is one item.
    field: str | None = None


class IdentificationAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of the notices: their effect is durable before this answer leaves (I3)."""

    applied: int
    already_applied: int
    #: Waiting for an earlier change of the same resident, or held behind one in quarantine.
    held: int
    quarantined: tuple[Quarantined, ...] = ()
