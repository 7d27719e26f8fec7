"""The cells of a person: each item as a Japanese document writes it.

Dates are written in the Japanese calendar; the birth date of a foreign resident and the last day of the residence
period in western years, never otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from jukinet.documents.contents import NONE, OMITTED, Cell, HistoryRow, PersonBlock
from jukinet.documents.sheets import HistoryLine, Qualifications, SheetItem, SheetPerson
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.identification import Sex
from jukinet.domain.residence_kinds import UNLIMITED
from jukinet.domain.resident_record import ResidentRecord

#: Resident record code and Individual Number are read in groups.
GROUP_LENGTH: Final = 4
_ACTUAL_STATUS: Final = "在留資格"


def wareki_of(wire: str | None) -> str:
    """Return a wire date in the Japanese calendar; empty for none."""
    return CivilDate.from_wire(wire, may_be_irregular=True).wareki() if wire else ""


def western_of(wire: str | None) -> str:
    """Return a wire date in Japanese with its western year; empty for none."""
    return CivilDate.from_wire(wire, may_be_irregular=True).western() if wire else ""


def grouped(number: str) -> str:
    """Return a number in groups of four digits."""
    return " ".join(number[start : start + GROUP_LENGTH] for start in range(0, len(number), GROUP_LENGTH))


def birth_date_text(wire: str, *, is_foreign: bool) -> str:
    """Return a birth date as this person's is written."""
    return western_of(wire) if is_foreign else wareki_of(wire)


def block_of(person: SheetPerson, items: frozenset[SheetItem], *, omits: bool) -> PersonBlock:
    """Return the person's block with these items; with `omits`, the others that could be asked for read 省略."""
    cells = [cell for item in _ORDER for cell in _cells_of(item, person.record, items, omits=omits)]
    history = tuple(map(_history_row, person.history)) if SheetItem.HISTORY in items else ()
    return PersonBlock(cells=tuple(cells), history=history)


def _cells_of(item: SheetItem, record: ResidentRecord, items: frozenset[SheetItem], *, omits: bool) -> Iterator[Cell]:
    made = tuple(_WRITERS[item](record))
    if item in items:
        yield from made
    elif omits and item in _OMITTED_WITH_A_WORD:
        yield from (
            Cell(item=cell.item, label=cell.label, text=OMITTED, is_wide=cell.is_wide and item is not _DOMICILE)
            for cell in made
        )


def _cell(item: SheetItem, text: str | None, label: str = "", *, is_wide: bool = False) -> Cell:
    return Cell(item=item.tag, label=label or item.label, text=text or NONE, is_wide=is_wide)


def _name(record: ResidentRecord) -> Iterator[Cell]:
    yield Cell(item="name", label=SheetItem.NAME.label, text=record.name, is_wide=True, is_large=True)


def _kana(record: ResidentRecord) -> Iterator[Cell]:
    if record.kana:
        yield _cell(SheetItem.KANA, record.kana, "フリガナ", is_wide=True)


def _former_surname(record: ResidentRecord) -> Iterator[Cell]:
    if record.former_surname:
        yield _cell(SheetItem.FORMER_SURNAME, record.former_surname, is_wide=True)


def _alias(record: ResidentRecord) -> Iterator[Cell]:
    if record.alias:
        yield _cell(SheetItem.ALIAS, record.alias, is_wide=True)


def _birth_date(record: ResidentRecord) -> Iterator[Cell]:
    yield _cell(SheetItem.BIRTH_DATE, birth_date_text(record.birth_date, is_foreign=record.is_foreign))


def _sex(record: ResidentRecord) -> Iterator[Cell]:
    yield _cell(SheetItem.SEX, Sex(record.sex).label)


def _relationship(record: ResidentRecord) -> Iterator[Cell]:
    yield _cell(SheetItem.HOUSEHOLDER, record.relationship, "続柄")


def _became_resident(record: ResidentRecord) -> Iterator[Cell]:
    if record.is_foreign:
        day = record.became_foreign_resident_on or record.became_resident_on
        yield _cell(SheetItem.BECAME_RESIDENT_ON, wareki_of(day), "外国人住民となった年月日")
    else:
        yield _cell(SheetItem.BECAME_RESIDENT_ON, wareki_of(record.became_resident_on))


def _address_since(record: ResidentRecord) -> Iterator[Cell]:
    yield _cell(SheetItem.ADDRESS_SINCE_ON, wareki_of(record.address_since_on))


def _notified(record: ResidentRecord) -> Iterator[Cell]:
    day = CivilDate.of(record.notified_on).wareki() if record.notified_on else None
    yield _cell(SheetItem.NOTIFIED_ON, day)


def _previous_address(record: ResidentRecord) -> Iterator[Cell]:
    yield _cell(SheetItem.PREVIOUS_ADDRESS, record.previous_address, is_wide=True)


def _domicile(record: ResidentRecord) -> Iterator[Cell]:
    if not record.is_foreign:
        yield _cell(SheetItem.REGISTERED_DOMICILE, record.registered_domicile, "本籍", is_wide=True)
        text = record.first_listed_person or NONE
        yield Cell(item="first_listed_person", label="筆頭者", text=text, is_wide=True)


def _individual_number(record: ResidentRecord) -> Iterator[Cell]:
    yield _cell(SheetItem.INDIVIDUAL_NUMBER, grouped(record.individual_number or ""))


def _code(record: ResidentRecord) -> Iterator[Cell]:
    yield _cell(SheetItem.RESIDENT_RECORD_CODE, grouped(record.resident_record_code))


def _nationality(record: ResidentRecord) -> Iterator[Cell]:
    if record.is_foreign:
        yield _cell(SheetItem.NATIONALITY, record.nationality)


def _residence(record: ResidentRecord) -> Iterator[Cell]:
    if not record.is_foreign:
        return
    item = SheetItem.RESIDENCE_STATUS
    last_day = "無期限" if record.residence_status in UNLIMITED else western_of(record.residence_until)
    yield _cell(item, record.residence_kind, "在留の区分")
    yield _cell(item, record.residence_status, _ACTUAL_STATUS)
    yield _cell(item, record.residence_period, "在留期間等")
    yield _cell(item, last_day, "在留期間の満了の日")


def _card_number(record: ResidentRecord) -> Iterator[Cell]:
    if record.is_foreign:
        yield _cell(SheetItem.RESIDENCE_CARD_NUMBER, record.residence_card_number)


def _planned_move_out(record: ResidentRecord) -> Iterator[Cell]:
    if record.is_moving_out:
        item = SheetItem.PLANNED_MOVE_OUT
        yield _cell(item, wareki_of(record.planned_move_out_on), "転出予定年月日", is_wide=True)
        yield _cell(item, record.planned_move_out_to, "転出先", is_wide=True)


def _history_row(line: HistoryLine) -> HistoryRow:
    changes = "\n".join(f"{label}：{before or NONE} → {after or NONE}" for label, before, after in line.changes)
    return HistoryRow(reason=line.reason, on=wareki_of(line.acted_on), text=changes)


def qualification_cells(qualifications: Qualifications) -> Iterator[Cell]:
    """Yield the cells of insurance, pension and allowance (Order art. 23(2)(iii)-(v))."""
    marks = (
        ("国民健康保険", qualifications.is_in_national_health_insurance),
        ("後期高齢者医療", qualifications.is_in_late_stage_elderly_insurance),
        ("介護保険", qualifications.is_in_care_insurance),
        ("児童手当", qualifications.receives_child_allowance),
    )
    held = "・".join(label for label, is_held in marks if is_held)
    yield Cell(item="qualifications", label="資格等", text=held or NONE, is_wide=True)
    pension = " ".join(filter(None, (qualifications.pension_kind, qualifications.basic_pension_number)))
    yield Cell(item="qualifications", label="国民年金", text=pension or NONE, is_wide=True)


#: Relationship, domicile and numbers have their place on every copy, whether asked for or not.
_OMITTED_WITH_A_WORD: Final = frozenset(
    {
        SheetItem.HOUSEHOLDER,
        SheetItem.REGISTERED_DOMICILE,
        SheetItem.INDIVIDUAL_NUMBER,
        SheetItem.RESIDENT_RECORD_CODE,
        SheetItem.NATIONALITY,
        SheetItem.RESIDENCE_STATUS,
        SheetItem.RESIDENCE_CARD_NUMBER,
    }
)
_DOMICILE: Final = SheetItem.REGISTERED_DOMICILE
_WRITERS: Final[dict[SheetItem, Callable[[ResidentRecord], Iterator[Cell]]]] = {
    SheetItem.KANA: _kana,
    SheetItem.NAME: _name,
    SheetItem.FORMER_SURNAME: _former_surname,
    SheetItem.ALIAS: _alias,
    SheetItem.BIRTH_DATE: _birth_date,
    SheetItem.SEX: _sex,
    SheetItem.HOUSEHOLDER: _relationship,
    SheetItem.BECAME_RESIDENT_ON: _became_resident,
    SheetItem.ADDRESS_SINCE_ON: _address_since,
    SheetItem.NOTIFIED_ON: _notified,
    SheetItem.PREVIOUS_ADDRESS: _previous_address,
    SheetItem.REGISTERED_DOMICILE: _domicile,
    SheetItem.INDIVIDUAL_NUMBER: _individual_number,
    SheetItem.RESIDENT_RECORD_CODE: _code,
    SheetItem.NATIONALITY: _nationality,
    SheetItem.RESIDENCE_STATUS: _residence,
    SheetItem.RESIDENCE_CARD_NUMBER: _card_number,
    SheetItem.PLANNED_MOVE_OUT: _planned_move_out,
}
#: The order on paper. The address stands in the head of the sheet, the history below.
_ORDER: Final = tuple(_WRITERS)
