"""A record as the resident system wrote it, converted to the items of the network; nothing is silently replaced.

What may be written in several ways (dates, digits, kana, selectors that say nothing) is read as what it means. What
has no counterpart is refused with the field and the position.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.addresses import require_address_in
from jukinet.domain.changes import ChangeKind
from jukinet.domain.characters import canonical_text, from_juki_codes
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.digits import plain_digits
from jukinet.domain.errors import (
    InvalidValueError,
    MalformedRequestError,
    UnknownCodeListValueError,
    UnknownLocalGovernmentError,
)
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import wards_of
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.resident_system.reasons import find_reason
from jukinet.protocol.resident_changes import ChangeRecord

_Read = TypeVar("_Read")
_SEXES: Final = {"男": "1", "女": "2", "": "0", **{digit: digit for digit in "0129"}}
_HALF_WIDTH_KANA: Final = re.compile("[｡-ﾟ]+")
_TO_HIRAGANA: Final = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """What the network holds of a resident, in wire form."""

    resident_record_code: str = field(repr=False)
    individual_number: str | None = field(repr=False)
    name: str = field(repr=False)
    kana: str = field(repr=False)
    former_surname: str | None = field(repr=False)
    alias: str | None = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    municipality: str
    address: str = field(repr=False)
    postal_code: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A converted record: the items after the change, and the change."""

    items: Items
    reason: ActReason
    changed_on: str = field(repr=False)
    previous_resident_record_code: str | None = field(repr=False)
    residence: int | None


class WrittenItems(Protocol):
    """The items as the resident system writes them, in a record or for a consistency check."""

    # fmt: off
    @property
    def resident_record_code(self) -> str: ...  # noqa: D102 - the items are those of ChangeRecord
    @property
    def individual_number(self) -> str | None: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kana(self) -> str: ...  # noqa: D102
    @property
    def former_surname(self) -> str | None: ...  # noqa: D102
    @property
    def alias(self) -> str | None: ...  # noqa: D102
    @property
    def birth_date(self) -> str: ...  # noqa: D102
    @property
    def sex(self) -> str: ...  # noqa: D102
    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def postal_code(self) -> str | None: ...  # noqa: D102
    @property
    def municipality(self) -> str | None: ...  # noqa: D102
    @property
    def characters(self) -> str: ...  # noqa: D102
    # fmt: on


def convert_record(record: ChangeRecord, *, own: LocalGovernmentCode) -> Change:
    """Return the change a record tells of.

    Raises:
        InvalidValueError: an item cannot be read or converted; the error names it.
    """
    if record.previous_order_number is not None and record.previous_order_number >= record.order_number:
        message = "The previous order number is not smaller than the order number."
        raise MalformedRequestError(message, field="previous_order_number")
    reason = _read("reason", find_reason, record.reason)
    items = convert_items(record, own=own)
    if reason.kind is not ChangeKind.REMOVAL:
        require_address_in(LocalGovernmentCode(items.municipality), items.address)
    previous = record.previous_resident_record_code
    return Change(
        items=items,
        reason=reason,
        changed_on=_read("changed_on", _read_date, record.changed_on),
        previous_resident_record_code=_read("previous_resident_record_code", _read_code, previous)
        if previous
        else None,
        residence=record.residence,
    )


def convert_items(written: WrittenItems, *, own: LocalGovernmentCode) -> Items:
    """Return the items of the network; raise InvalidValueError naming the one that cannot be read or converted."""
    is_juki = _is_juki(written.characters)
    number, postal_code = written.individual_number, written.postal_code
    return Items(
        resident_record_code=_read("resident_record_code", _read_code, written.resident_record_code),
        individual_number=_read("individual_number", _read_number, number) if number else None,
        name=_read_text("name", written.name, is_juki=is_juki),
        kana=_read_kana(_read_text("kana", written.kana, is_juki=is_juki)) if written.kana else "",
        former_surname=_read_optional("former_surname", written.former_surname, is_juki=is_juki),
        alias=_read_optional("alias", written.alias, is_juki=is_juki),
        birth_date=_read("birth_date", _read_date, written.birth_date),
        sex=_read("sex", _read_sex, written.sex),
        municipality=_read_municipality(written.municipality, own),
        address=_read_text("address", written.address, is_juki=is_juki),
        postal_code=plain_digits(postal_code) if postal_code else None,
    )


def _read(name: str, read: Callable[[str], _Read], text: str) -> _Read:
    try:
        return read(text)
    except InvalidValueError as error:
        raise type(error)(error.detail, field=name) from None


def _read_code(text: str) -> str:
    return ResidentRecordCode.parse(text).value


def _read_number(text: str) -> str:
    return IndividualNumber.parse(text).value


def _read_date(text: str) -> str:
    return CivilDate.parse(text, may_be_irregular=True).wire


def _read_sex(text: str) -> str:
    sex = _SEXES.get(unicodedata.normalize("NFKC", text.strip()))
    if sex is None:
        raise UnknownCodeListValueError
    return sex


def _is_juki(characters: str) -> bool:
    if characters not in {"unicode", "juki"}:
        raise UnknownCodeListValueError(field="characters")
    return characters == "juki"


def _read_municipality(text: str | None, own: LocalGovernmentCode) -> str:
    if not text:
        return own.value
    code = _read("municipality", LocalGovernmentCode.parse, text)
    if code != own and code not in {ward.code for ward in wards_of(own)}:
        message = "The municipality is neither this one nor one of its wards."
        raise UnknownLocalGovernmentError(message, field="municipality")
    return code.value


def _read_text(name: str, text: str, *, is_juki: bool) -> str:
    if is_juki:
        text = from_juki_codes(text).require_lossless(field=name)
    require_repertoire(text, field=name)
    return canonical_text(text)


def _read_optional(name: str, text: str | None, *, is_juki: bool) -> str | None:
    return _read_text(name, text, is_juki=is_juki) if text else None


def _read_kana(text: str) -> str:
    """Return a reading in hiragana with wide spaces: katakana and half-width kana are the same reading."""
    wide = _HALF_WIDTH_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return "\u3000".join(wide.translate(_TO_HIRAGANA).split())
