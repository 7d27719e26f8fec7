"""What each sheet says, from its title to the sentence that certifies it."""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import Final

from jukinet.documents.contents import NONE, OMITTED, Cell, Content
from jukinet.documents.person_cells import birth_date_text, block_of, grouped, qualification_cells, wareki_of
from jukinet.documents.sheets import (
    Addressee,
    CodeNoticeSheet,
    CopyScope,
    CopySheet,
    DocumentMark,
    Issuer,
    ItemCertificateSheet,
    LetterSheet,
    MoveOutCertificateKind,
    MoveOutCertificateSheet,
    MoveOutMember,
    RemovedCopySheet,
    Sheet,
    SheetItem,
    UseLogSheet,
)
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.code_notices import NoticeKind
from jukinet.domain.eras import LegalEra

_SCOPES: Final = {CopyScope.HOUSEHOLD: "世帯全員", CopyScope.PART: "世帯の一部"}
_SUPPLIED: Final = frozenset(item for item in SheetItem if not item.is_on_request)
#: What a move-out certificate says (Order art. 23(2): art. 7(i)-(v) and (xiii), and of foreign residents art. 30-45).
_MOVE_OUT_ITEMS: Final = frozenset(
    {
        SheetItem.NAME,
        SheetItem.KANA,
        SheetItem.FORMER_SURNAME,
        SheetItem.ALIAS,
        SheetItem.BIRTH_DATE,
        SheetItem.SEX,
        SheetItem.HOUSEHOLDER,
        SheetItem.REGISTERED_DOMICILE,
        SheetItem.RESIDENT_RECORD_CODE,
        SheetItem.INDIVIDUAL_NUMBER,
        SheetItem.NATIONALITY,
        SheetItem.RESIDENCE_STATUS,
        SheetItem.RESIDENCE_CARD_NUMBER,
    }
)
_CODE_NOTICE_WORDS: Final = {
    NoticeKind.NEW: "住民基本台帳法の規定により、あなたの住民票に次の住民票コードを記載しましたので、通知します。",
    NoticeKind.CHANGED: "あなたの請求により、住民票に記載した住民票コードを次のとおり変更しましたので、通知します。",
    NoticeKind.CORRECTED: "あなたの住民票に記載した住民票コードを次のとおり職権で修正しましたので、通知します。",
}
_CODE_NOTICE_NOTES: Final = (
    "住民票コードは、無作為に作られた１１桁の数字です。いつでも変更を請求することができます。",
    "住民票コードを他の人に知らせる必要はありません。民間の者が住民票コードの告知を求めることは、法律で禁じられています。",
    "この通知票は再発行しません。大切に保管してください。",
)
_USE_LOG_NOTES: Final = (
    "国の機関や地方公共団体などに、あなたの本人確認情報がいつ、何のために提供されたかの記録です。新しい順に並べています。",
    "この書面を作成したことも、提供の記録に残ります。「番号」が空のものは、記録の封印（数秒ごとに行います）の前のものです。",
    "全国サーバからの提供の記録です。都道府県のサーバから都道府県内に提供された記録は、都道府県にお尋ねください。",
    "法令により表示を留保している記録がある場合は、留保の期間が終わってから表示します。",
    "記録がそろっていて、書き換えられていないことは、証明用ファイルで、ご自分で確かめることができます。",
)


@singledispatch
def content_of(sheet: Sheet) -> Content:
    """Return everything the document says, as it is printed."""
    raise NotImplementedError(type(sheet))


def _base(issuer: Issuer, mark: DocumentMark, *, form: str, title: str) -> Content:
    return Content(
        form=form,
        title=title,
        number=mark.number,
        issued_on=CivilDate.of(mark.issued_on).wareki(),
        municipality_name=issuer.municipality_name,
        mayor_title=issuer.mayor_title,
        mayor_name=issuer.mayor_name,
        office=issuer.office,
        contact=issuer.contact,
    )


def _in_force(items: frozenset[SheetItem], mark: DocumentMark) -> frozenset[SheetItem]:
    """Leave out what was no item of a resident record on the day of issue."""
    missing = set[SheetItem]()
    if mark.issued_on < LegalEra.NAME_IN_KANA.begins_on:
        missing.add(SheetItem.KANA)
    if mark.issued_on < LegalEra.INDIVIDUAL_NUMBER.begins_on:
        missing.add(SheetItem.INDIVIDUAL_NUMBER)
    return items - missing


def _householder_cell(name: str, items: frozenset[SheetItem]) -> Cell:
    text = name if SheetItem.HOUSEHOLDER in items else OMITTED
    return Cell(item=SheetItem.HOUSEHOLDER.tag, label="世帯主", text=text, is_wide=True)


def _address_cell(address: str, label: str = "住所") -> Cell:
    return Cell(item=SheetItem.ADDRESS.tag, label=label, text=address, is_wide=True)


@content_of.register
def _copy(sheet: CopySheet) -> Content:
    items = _in_force(sheet.items | _SUPPLIED, sheet.mark)
    scope = _SCOPES[sheet.scope]
    return replace(
        _base(sheet.issuer, sheet.mark, form="certificate", title="住民票の写し"),
        subtitle=f"（{scope}）",
        head=(
            _address_cell(sheet.people[0].record.address),
            _householder_cell(sheet.householder_name, items),
        ),
        people=tuple(block_of(person, items, omits=True) for person in sheet.people),
        sentence=f"この写しは、{scope}の住民票の原本と相違ないことを証明する。",
    )


@content_of.register
def _removed_copy(sheet: RemovedCopySheet) -> Content:
    items = _in_force(sheet.items | _SUPPLIED, sheet.mark)
    removal = (
        Cell(item="removal_reason", label="除票の事由", text=sheet.removal_reason),
        Cell(item="removed_on", label="除票となった年月日", text=wareki_of(sheet.removed_on)),
    )
    destination = (_address_cell(sheet.moved_out_to, "転出先"),) if sheet.moved_out_to else ()
    return replace(
        _base(sheet.issuer, sheet.mark, form="certificate", title="住民票の除票の写し"),
        head=(
            *removal,
            *destination,
            _address_cell(sheet.person.record.address),
            _householder_cell(sheet.householder_name, items),
        ),
        people=(block_of(sheet.person, items, omits=True),),
        sentence="この写しは、除票の原本と相違ないことを証明する。",
    )


@content_of.register
def _item_certificate(sheet: ItemCertificateSheet) -> Content:
    items = _in_force(sheet.items, sheet.mark)
    head: list[Cell] = []
    if sheet.purpose:
        head.append(Cell(item="purpose", label="使用目的", text=sheet.purpose, is_wide=True))
    if SheetItem.ADDRESS in items:
        head.append(_address_cell(sheet.people[0].record.address))
    if SheetItem.HOUSEHOLDER in items:
        head.append(_householder_cell(sheet.householder_name, items))
    return replace(
        _base(sheet.issuer, sheet.mark, form="certificate", title="住民票記載事項証明書"),
        head=tuple(head),
        people=tuple(block_of(person, items, omits=False) for person in sheet.people),
        sentence="上記の事項は、住民票に記載されていることを証明する。",
    )


@content_of.register
def _move_out_certificate(sheet: MoveOutCertificateSheet) -> Content:
    is_late = sheet.kind is MoveOutCertificateKind.EQUIVALENT
    items = _in_force(_MOVE_OUT_ITEMS, sheet.mark)
    certified = "上記のとおり転出したこと" if is_late else "上記のとおり転出の届出があったこと"
    return replace(
        _base(sheet.issuer, sheet.mark, form="certificate", title=sheet.kind.label),
        subtitle="（再交付）" if sheet.is_reissue else "",
        head=(
            _address_cell(sheet.address, "住所（転出前）"),
            Cell(item="householder", label="世帯主", text=sheet.householder_name, is_wide=True),
            _address_cell(sheet.destination, "転出先"),
            Cell(
                item="planned_on",
                label="転出年月日" if is_late else "転出予定年月日",
                text=wareki_of(sheet.planned_on),
                is_wide=True,
            ),
        ),
        people=tuple(
            replace(block, cells=(*block.cells, *_member_cells(member)))
            for member in sheet.members
            for block in (block_of(member.person, items, omits=False),)
        ),
        sentence=f"{certified}を証明する。",
        notes=("新しい住所に住み始めた日から１４日以内に、この証明書を添えて転入の届出をしてください。",),
    )


def _member_cells(member: MoveOutMember) -> tuple[Cell, ...]:
    return tuple(qualification_cells(member.person.qualifications))


@content_of.register
def _code_notice(sheet: CodeNoticeSheet) -> Content:
    return replace(
        _base(sheet.issuer, sheet.mark, form="letter", title=sheet.kind.label),
        addressee=_window_of(sheet.addressee),
        paragraphs=(_CODE_NOTICE_WORDS[sheet.kind],),
        head=(
            Cell(item="name", label="氏名", text=sheet.addressee.name, is_wide=True),
            Cell(
                item="birth_date",
                label="生年月日",
                text=birth_date_text(sheet.birth_date, is_foreign=sheet.is_foreign),
                is_wide=True,
            ),
        ),
        figure_label="住民票コード",
        figure=grouped(sheet.resident_record_code),
        notes=_CODE_NOTICE_NOTES,
    )


@content_of.register
def _letter(sheet: LetterSheet) -> Content:
    return replace(
        _base(sheet.issuer, sheet.mark, form="letter", title=sheet.title),
        addressee=_window_of(sheet.addressee),
        paragraphs=sheet.paragraphs,
        table=tuple((row.label, row.before or NONE, row.after or NONE) for row in sheet.items),
        legal_ground=sheet.legal_ground,
        review_text=sheet.review_text,
        head=tuple(Cell(item="fact", label=label, text=text or NONE, is_wide=True) for label, text in sheet.facts),
        figure_label=sheet.figure_label,
        figure=sheet.figure,
        notes=sheet.notes,
    )


@content_of.register
def _use_log(sheet: UseLogSheet) -> Content:
    shown = (
        f"{sheet.total:,}件"
        if sheet.total == len(sheet.uses)
        else f"{sheet.total:,}件のうち新しい{len(sheet.uses):,}件"
    )
    return replace(
        _base(sheet.issuer, sheet.mark, form="use_log", title="本人確認情報の提供状況"),
        head=(
            Cell(item="name", label="氏名", text=sheet.name),
            Cell(
                item="birth_date",
                label="生年月日",
                text=birth_date_text(sheet.birth_date, is_foreign=sheet.is_foreign),
            ),
            Cell(item="request", label="請求", text=sheet.request),
            Cell(item="total", label="記録の件数", text=shown),
        ),
        lines=tuple(
            (
                use.number,
                use.used_at,
                use.organ,
                use.method,
                f"{use.affair}\n{use.purpose}" if use.purpose else use.affair,
                use.items,
                use.ground,
            )
            for use in sheet.uses
        ),
        legal_ground=sheet.legal_ground,
        notes=_USE_LOG_NOTES,
    )


def _window_of(addressee: Addressee) -> tuple[str, str, str]:
    code = addressee.postal_code
    return (f"〒{code[:3]}-{code[3:]}" if code else "", addressee.address, f"{addressee.name}　様")
