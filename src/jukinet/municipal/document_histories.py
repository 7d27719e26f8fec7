"""The history of a record as a document certifies it (異動履歴): what changed among the items that stand on the sheet.

An item that was not asked for does not come out through its history, and a version that changed nothing else, such as
the mark of support measures, leaves no line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from jukinet.documents.person_cells import birth_date_text, grouped, wareki_of, western_of
from jukinet.documents.sheets import HistoryLine, SheetItem
from jukinet.domain.act_reasons import ActReason
from jukinet.domain.identification import Sex
from jukinet.domain.resident_record import ResidentRecord

#: The items of a record, by what stands on the sheet, in its order: name of the item and its label.
_FIELDS: Final = {
    SheetItem.NAME: (("name", "氏名"),),
    SheetItem.KANA: (("kana", "氏名の振り仮名"),),
    SheetItem.FORMER_SURNAME: (("former_surname", "旧氏"),),
    SheetItem.ALIAS: (("alias", "通称"),),
    SheetItem.BIRTH_DATE: (("birth_date", "生年月日"),),
    SheetItem.SEX: (("sex", "性別"),),
    SheetItem.ADDRESS: (("address", "住所"),),
    SheetItem.BECAME_RESIDENT_ON: (("became_resident_on", "住民となった年月日"),),
    SheetItem.HOUSEHOLDER: (("relationship", "続柄"),),
    SheetItem.REGISTERED_DOMICILE: (("registered_domicile", "本籍"), ("first_listed_person", "筆頭者")),
    SheetItem.RESIDENT_RECORD_CODE: (("resident_record_code", "住民票コード"),),
    SheetItem.INDIVIDUAL_NUMBER: (("individual_number", "個人番号"),),
    SheetItem.NATIONALITY: (("nationality", "国籍・地域"),),
    SheetItem.RESIDENCE_STATUS: (
        ("residence_kind", "在留の区分"),
        ("residence_status", "在留資格"),
        ("residence_period", "在留期間"),
        ("residence_until", "在留期間の満了の日"),
    ),
    SheetItem.RESIDENCE_CARD_NUMBER: (("residence_card_number", "在留カード等の番号"),),
}
_NUMBERS: Final = frozenset({"resident_record_code", "individual_number"})


def history_lines(versions: Sequence[ResidentRecord], items: Collection[SheetItem]) -> tuple[HistoryLine, ...]:
    """Return the lines of one person's history, the oldest first; `items` are those that stand on the sheet."""
    lines: list[HistoryLine] = []
    before: ResidentRecord | None = None
    for version in versions:
        is_entry = before is None or (before.is_removed and not version.is_removed)
        is_removal = before is not None and version.is_removed and not before.is_removed
        changes = () if before is None else _changes(before, version, items)
        if is_entry or is_removal or changes:
            acted_on = version.acted_on or version.changed_on
            lines.append(HistoryLine(reason=reason_label(version), acted_on=acted_on, changes=changes))
        before = version
    return tuple(lines)


def reason_label(version: ResidentRecord) -> str:
    """Return why a version was recorded (異動事由), in Japanese."""
    known = {reason.value: reason.label for reason in ActReason}
    return known.get(version.act_reason or "") or known.get(version.change_reason) or "職権修正等"


def _changes(
    before: ResidentRecord, after: ResidentRecord, items: Collection[SheetItem]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (label, _text(before, name), _text(after, name))
        for item, fields in _FIELDS.items()
        if item in items
        for name, label in fields
        if getattr(before, name) != getattr(after, name)
    )


def _text(record: ResidentRecord, name: str) -> str:
    value: str | None = getattr(record, name)
    if not value:
        return ""
    if name == "sex":
        return Sex(value).label
    if name == "birth_date":
        return birth_date_text(value, is_foreign=record.is_foreign)
    if name == "became_resident_on":
        return wareki_of(value)
    if name == "residence_until":
        return western_of(value)
    return grouped(value) if name in _NUMBERS else value
