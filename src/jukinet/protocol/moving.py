"""M02, M03 and M04: what municipalities tell each other, and the prefecture, when somebody moves.

Each notice has a number of its own: said again, it is received once. Notices travel as JSON arrays, in parcels.
Source: Act art. 9(1)(3), 19(1)(4); Order art. 13(3)(4); Act art. 30-2(1) (carrying over the code).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from jukinet.protocol.envelope import UUID_7
from jukinet.protocol.identification import Quarantined

#: UUIDv7 in its one canonical spelling.
NoticeNumber = Annotated[str, msgspec.Meta(pattern=UUID_7)]
#: Which residence of the person this is on the network, from 0 (`domain.update_sequence`).
Residence = Annotated[int, msgspec.Meta(ge=0, le=32_766)]


class MoveInNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """M02 (転入通知): a person who was your resident is entered here."""

    notice_number: NoticeNumber
    #: 住民票コード, 11 digits.
    resident_record_code: str
    #: 氏名.
    name: str
    #: 生年月日, CivilDate wire form.
    birth_date: str
    #: 全国地方公共団体コード of the new municipality, or of its ward.
    municipality: str
    #: 新住所.
    address: str
    #: 転入をした年月日, CivilDate wire form.
    moved_in_on: str
    #: The residence that began with this entry.
    residence: Residence

    def __repr__(self) -> str:
        return "MoveInNotice(***)"


class MoveOutConfirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """M03 (転出確定通知): the new municipality has told that this person, who moved out of here, moved in there."""

    notice_number: NoticeNumber
    #: 住民票コード, 11 digits.
    resident_record_code: str
    #: The day the move-in notice was received, CivilDate wire form.
    confirmed_on: str
    #: 全国地方公共団体コード of the new municipality.
    moved_to: str
    #: 更新順番号 of the removal that ended the residence.
    update_sequence: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]

    def __repr__(self) -> str:
        return "MoveOutConfirmation(***)"


class AnnexNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """M04 (戸籍の附票記載事項通知): what the annex of the family register must say. It has no code in it."""

    notice_number: NoticeNumber
    #: 氏名.
    name: str
    #: 生年月日, CivilDate wire form.
    birth_date: str
    #: 本籍.
    registered_domicile: str
    #: 筆頭者.
    first_listed_person: str
    #: 住所; after a move abroad, the country.
    address: str
    #: 住所を定めた年月日, CivilDate wire form.
    address_since_on: str
    #: 異動事由, ActReason value.
    reason: str
    #: 異動年月日, CivilDate wire form.
    changed_on: str

    def __repr__(self) -> str:
        return "AnnexNotice(***)"


class NoticesAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of numbered notices: those received are durable before this answer leaves (I3)."""

    received: int
    already_received: int
    quarantined: tuple[Quarantined, ...] = ()
