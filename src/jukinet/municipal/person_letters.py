"""The letter to a person about an ex officio act (職権による記載等の通知), as a sheet that `documents.drawing` draws.

Source: Order art. 12(4); where it goes stands in the notice, what it says in the items the notice was made with.
"""

from __future__ import annotations

from typing import Final

from jukinet.documents.sheets import Addressee, DocumentMark, Issuer, LetterItem, LetterSheet
from jukinet.domain.appeal_instructions import appeal_instruction
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import PersonNoticeStateError
from jukinet.domain.identification import Sex
from jukinet.domain.person_notices import ToldItem
from jukinet.domain.procedures import find_procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.person_notice_store import PersonNotice

_LABELS: Final = {
    "name": "氏名",
    "kana": "氏名の振り仮名",
    "former_surname": "旧氏",
    "alias": "通称",
    "birth_date": "生年月日",
    "sex": "性別",
    "relationship": "世帯主との続柄",
    "household_number": "世帯",
    "registered_domicile": "本籍",
    "first_listed_person": "筆頭者",
    "address": "住所",
    "postal_code": "郵便番号",
    "address_since_on": "住所を定めた年月日",
    "became_resident_on": "住民となった年月日",
    "previous_address": "従前の住所",
    "nationality": "国籍・地域",
    "residence_status": "在留資格",
    "residence_until": "在留期間の満了の日",
    "is_removed": "住民票",
}
_DATES: Final = frozenset({"birth_date", "address_since_on", "became_resident_on", "residence_until"})
_REMOVED: Final = {"no": "記載", "yes": "消除"}


def letter_of(notice: PersonNotice, record: ResidentRecord, *, issuer: Issuer, mark: DocumentMark) -> LetterSheet:
    """Return the letter. `record` is the version the act made.

    Raises:
        PersonNoticeStateError: nobody knows where to send it: it is told by public notice.
    """
    if notice.destination is None:
        raise PersonNoticeStateError("Nobody knows where the person is: give public notice.", field="notice_number")
    what = find_procedure(notice.procedure).row.japanese
    words = (
        f"あなたの住民票について、住民基本台帳法第８条の規定により、次のとおり{what}をしましたので、"
        "住民基本台帳法施行令第１２条第４項の規定により通知します。"
    )
    is_home = not record.is_removed and notice.destination == record.address
    return LetterSheet(
        issuer=issuer,
        mark=mark,
        title="住民票の職権による記載等について（通知）",
        addressee=Addressee(
            name=record.name, address=notice.destination, postal_code=record.postal_code if is_home else None
        ),
        paragraphs=(words,),
        legal_ground="住民基本台帳法第８条、住民基本台帳法施行令第１２条",
        items=tuple(_row(item) for item in notice.items if item.name != "household_number"),
        review_text=appeal_instruction(issuer.municipality, issued_on=mark.issued_on),
    )


def _row(item: ToldItem) -> LetterItem:
    return LetterItem(
        label=_LABELS.get(item.name, item.name),
        before=_text(item.name, item.before),
        after=_text(item.name, item.after),
    )


def _text(name: str, text: str | None) -> str:
    if not text:
        return ""
    if name == "is_removed":
        return _REMOVED[text]
    if name == "sex":
        return Sex(text).label
    return CivilDate.from_wire(text, may_be_irregular=True).wareki() if name in _DATES else text
