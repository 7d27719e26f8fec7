"""Which items of a resident record may be corrected, each with what it must be, and when a correction is minor.

What has a procedure of its own – codes, numbers, household, former surname, alias, residence status – is not corrected
here. Source: Order art. 9, 12(2)(vii), 12(3); Regulation (–2015) art. 21-2, 11(3)(ii).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from jukinet.domain.addresses import fold_address, require_address, require_address_in, require_postal_code
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    ImpossibleChangeError,
    MinorCorrectionError,
    MissingItemError,
    OwnProcedureError,
    UnknownCodeListValueError,
)
from jukinet.domain.identification import Sex
from jukinet.domain.kana import fold_kanji, require_kana
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.names import require_name
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces

#: What a corrected item is read with: the new text and the record it goes into.
_Reader = Callable[[str, ResidentRecord], None]


class MinorGround(Enum):
    """Why a correction is minor (軽微な修正の事由), the items of Regulation (–2015) art. 21-2."""

    PLAIN_CHARACTERS = ("plain_characters", "常用平易な文字への変更")
    SAME_CHARACTER = ("same_character", "文字の同定")
    DIVISION_NAME = ("division_name", "行政区画・町・字の名称の変更")
    LOT_NUMBER = ("lot_number", "地番の変更")
    RESIDENCE_INDICATION = ("residence_indication", "住居表示の実施・変更")
    BUILDING_NAME = ("building_name", "共同住宅等の名称・賃貸人の変更")
    OTHER = ("other", "その他総務大臣が適当と認めるもの")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label


#: Of these grounds only the same name or address, written with other forms of its characters, may come.
_OF_CHARACTERS: Final = frozenset({MinorGround.PLAIN_CHARACTERS, MinorGround.SAME_CHARACTER})
#: Regulation (–2015) art. 21-2: 氏名又は住所に係る記載. The postal code follows the address.
MINOR_ITEMS: Final = frozenset({"name", "address", "postal_code"})
#: Items that several members of a household have alike, so that they are corrected together.
SHARED_ITEMS: Final = frozenset(
    {
        "address",
        "postal_code",
        "registered_domicile",
        "first_listed_person",
        "address_since_on",
        "became_resident_on",
        "previous_address",
    }
)
#: The items that have their own procedure.
OWN_PROCEDURES: Final[Mapping[str, Procedure]] = MappingProxyType(
    {
        "resident_record_code": Procedure.CODE_CORRECTION,
        "individual_number": Procedure.INDIVIDUAL_NUMBER_CORRECTION,
        "household_number": Procedure.HOUSEHOLD_CHANGE,
        "relationship": Procedure.HOUSEHOLD_CHANGE,
        "former_surname": Procedure.FORMER_SURNAME_CHANGE,
        "alias": Procedure.ALIAS_ENTRY,
        "nationality": Procedure.RESIDENCE_STATUS_CHANGE,
        "residence_status": Procedure.RESIDENCE_STATUS_CHANGE,
        "residence_kind": Procedure.RESIDENCE_STATUS_CHANGE,
        "residence_period": Procedure.RESIDENCE_STATUS_CHANGE,
        "residence_until": Procedure.RESIDENCE_STATUS_CHANGE,
        "residence_card_number": Procedure.RESIDENCE_STATUS_CHANGE,
        "municipality": Procedure.MUNICIPAL_MERGER,
        "is_removed": Procedure.EX_OFFICIO_REMOVAL,
        "planned_move_out_on": Procedure.MOVE_OUT_WITHDRAWAL,
        "planned_move_out_to": Procedure.MOVE_OUT_WITHDRAWAL,
    }
)


def _is_date(text: str, record: ResidentRecord) -> None:
    del record
    CivilDate.from_wire(text, may_be_irregular=True)


def _is_sex(text: str, record: ResidentRecord) -> None:
    del record
    if text not in {sex.value for sex in Sex}:
        raise UnknownCodeListValueError(field="sex")


def _is_further(text: str, record: ResidentRecord) -> None:
    del record
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ImpossibleChangeError("Further items are a JSON object.", field="further_items")


_READERS: Final[Mapping[str, _Reader]] = MappingProxyType(
    {
        "name": lambda text, _: require_name(text, field="name"),
        "kana": lambda text, _: require_kana(text, field="kana"),
        "birth_date": _is_date,
        "sex": _is_sex,
        "address": lambda text, record: require_address_in(LocalGovernmentCode.parse(record.municipality), text),
        "postal_code": lambda text, _: require_postal_code(text, field="postal_code"),
        "registered_domicile": lambda text, _: require_address(text, field="registered_domicile"),
        "first_listed_person": lambda text, _: require_name(text, field="first_listed_person"),
        "address_since_on": _is_date,
        "became_resident_on": _is_date,
        "became_foreign_resident_on": _is_date,
        "previous_address": lambda text, _: require_address(text, field="previous_address"),
        "further_items": _is_further,
    }
)
#: The items that may be corrected, in the order of a resident record.
CORRECTABLE_ITEMS: Final = tuple(_READERS)
#: These may be empty: where there is nothing to write, or nobody knows.
_MAY_BE_EMPTY: Final = frozenset(
    {
        "postal_code",
        "registered_domicile",
        "first_listed_person",
        "previous_address",
        "became_foreign_resident_on",
        "further_items",
    }
)


def require_correctable(item: str) -> None:
    """Refuse an item that is not corrected by a correction.

    Raises:
        OwnProcedureError: it has its own procedure, which the error names.
        UnknownCodeListValueError: the record has no such item, or no procedure changes it.
    """
    procedure = OWN_PROCEDURES.get(item)
    if procedure is not None:
        raise OwnProcedureError(f"This item is changed by the procedure {procedure.value}.", field=item)
    if item not in _READERS:
        raise UnknownCodeListValueError(field="item")


def require_item(item: str, text: str | None, record: ResidentRecord) -> None:
    """Refuse what cannot stand in this item of this record.

    Raises:
        InvalidValueError: the leaf of the item.
    """
    require_correctable(item)
    if text is not None:
        _READERS[item](text, record)
    elif item not in _MAY_BE_EMPTY:
        raise MissingItemError(field=item)


@enforces(Rule.MINOR_CORRECTION_OF_WORDING_ONLY)
def require_minor(ground: MinorGround | None, item: str, *, before: str | None, after: str | None) -> None:
    """Refuse a minor correction of anything but the wording of a name or an address.

    Raises:
        MissingItemError: nobody says on which ground it is minor.
        MinorCorrectionError: the item is another one, or the ground does not go with what changes.
    """
    if ground is None:
        raise MissingItemError("Say why the correction is minor.", field="ground")
    if item not in MINOR_ITEMS or (item == "name" and ground not in _OF_CHARACTERS | {MinorGround.OTHER}):
        raise MinorCorrectionError(field=item)
    old, new = before or "", after or ""
    if ground in _OF_CHARACTERS and item != "postal_code" and fold_kanji(old) != fold_kanji(new):
        raise MinorCorrectionError("Another text, not other forms of its characters.", field=item)
    if ground is MinorGround.BUILDING_NAME and item == "address" and _place(old) != _place(new):
        raise MinorCorrectionError("More than the name of the building changes.", field=item)


def _place(address: str) -> str:
    """Return the address without the building."""
    return fold_address(address.partition("\u3000")[0])
