"""Identification information (本人確認情報): all that the network may hold about a person, and nothing else.

`IdentificationInformation` is for screens and use cases. `validate_identification` applies the same rules to plain
text as it stands on the wire; it is the hot path of propagation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, Protocol

from jukinet.domain.addresses import require_address, require_postal_code
from jukinet.domain.changes import (
    ChangeInformation,
    ChangeKind,
    ChangeReason,
    find_change_reason,
    require_carried_over_code,
    require_entry_first,
    require_previous_code,
)
from jukinet.domain.civil_dates import CivilDate, require_civil_date_wire
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import (
    DateOutOfOrderError,
    NotInForceError,
    UnknownCodeListValueError,
    UnknownLocalGovernmentError,
)
from jukinet.domain.individual_number import IndividualNumber, require_individual_number
from jukinet.domain.kana import require_kana
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_codes
from jukinet.domain.names import require_name
from jukinet.domain.resident_record_code import ResidentRecordCode, require_resident_record_code
from jukinet.domain.rules import Rule, enforces

__all__ = [
    "ChangeInformation",
    "ChangeKind",
    "ChangeReason",
    "IdentificationInformation",
    "Sex",
    "WireIdentification",
    "find_change_reason",
    "require_alias_in_force",
    "require_carried_over_code",
    "require_entry_first",
    "require_former_surname_in_force",
    "require_individual_number_in_force",
    "require_previous_code",
    "validate_identification",
]

#: The day from which a former surname (旧氏) is an item of the resident record.
FORMER_SURNAME_BEGINS_ON: Final = date(2019, 11, 5)
_DAY_LENGTH: Final = 10


class Sex(Enum):
    """Sex (男女の別), by the common code of JIS X 0303."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_APPLICABLE = "9"

    @property
    def label(self) -> str:
        """Return the Japanese term; empty where the record leaves it blank."""
        return {Sex.MALE: "男", Sex.FEMALE: "女"}.get(self, "")


_SEXES: Final = frozenset(sex.value for sex in Sex)


@dataclass(frozen=True, slots=True, repr=False)
class IdentificationInformation:
    """Identification information (本人確認情報) of one resident at one update."""

    resident_record_code: ResidentRecordCode
    individual_number: IndividualNumber | None
    name: str
    kana: str
    former_surname: str | None
    alias: str | None
    birth_date: CivilDate
    sex: Sex
    municipality: LocalGovernmentCode
    address: str
    postal_code: str | None
    change: ChangeInformation
    update_sequence: int

    def __post_init__(self) -> None:
        """Refuse items that contradict each other or cannot be."""
        _require_names(self.name, self.kana, self.former_surname, self.alias)
        _require_place(self.municipality.value, self.address, self.postal_code)
        reason, previous = self.change.reason, self.change.previous_resident_record_code
        _require_dates(self.birth_date.wire, self.change.changed_on.wire, reason)
        require_previous_code(
            reason=reason, code=self.resident_record_code.value, previous=previous.value if previous else None
        )
        require_entry_first(reason=reason, update_sequence=self.update_sequence)

    @classmethod
    def from_wire(cls, record: WireIdentification) -> IdentificationInformation:
        """Read a record as it stands on the wire; raise as `validate_identification` does."""
        validate_identification(record)
        number, previous = record.individual_number, record.previous_resident_record_code
        change = ChangeInformation(
            find_change_reason(record.reason),
            CivilDate.from_wire(record.changed_on, may_be_irregular=True),
            ResidentRecordCode(previous) if previous else None,
        )
        return cls(
            resident_record_code=ResidentRecordCode(record.resident_record_code),
            individual_number=IndividualNumber(number) if number else None,
            name=record.name,
            kana=record.kana,
            former_surname=record.former_surname or None,
            alias=record.alias or None,
            birth_date=CivilDate.from_wire(record.birth_date, may_be_irregular=True),
            sex=Sex(record.sex),
            municipality=LocalGovernmentCode(record.municipality),
            address=record.address,
            postal_code=record.postal_code or None,
            change=change,
            update_sequence=record.update_sequence,
        )

    def __repr__(self) -> str:
        """Show the type and the sequence number only."""
        return f"IdentificationInformation(***, update_sequence={self.update_sequence})"

    __str__ = __repr__


class WireIdentification(Protocol):
    """Identification information as text, field by field; an item that is not there is None or empty."""

    # fmt: off
    @property
    def resident_record_code(self) -> str: ...  # noqa: D102 - the items are those of IdentificationInformation
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
    def municipality(self) -> str: ...  # noqa: D102
    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def postal_code(self) -> str | None: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102
    @property
    def changed_on(self) -> str: ...  # noqa: D102
    @property
    def previous_resident_record_code(self) -> str | None: ...  # noqa: D102
    @property
    def update_sequence(self) -> int: ...  # noqa: D102
    # fmt: on


def validate_identification(record: WireIdentification, *, day: date | None = None) -> None:
    """Refuse a record that cannot be identification information; the error names the field, never the value.

    With `day`, the day the notice is made, items that the law did not yet know on that day are refused too.

    Raises:
        InvalidValueError: one of its leaves, by item.
        NotInForceError: an item is given that the law of `day` does not know.
    """
    require_resident_record_code(record.resident_record_code, field="resident_record_code")
    if record.individual_number:
        require_individual_number(record.individual_number, field="individual_number")
    _require_names(record.name, record.kana, record.former_surname, record.alias)
    if record.sex not in _SEXES:
        raise UnknownCodeListValueError(field="sex")
    _require_place(record.municipality, record.address, record.postal_code)
    reason = find_change_reason(record.reason, field="reason")
    _require_dates(record.birth_date, record.changed_on, reason)
    previous = record.previous_resident_record_code
    if previous:
        require_resident_record_code(previous, field="previous_resident_record_code")
    require_previous_code(reason=reason, code=record.resident_record_code, previous=previous)
    require_entry_first(reason=reason, update_sequence=record.update_sequence)
    if day is not None:
        require_individual_number_in_force(is_given=bool(record.individual_number), day=day)
        require_former_surname_in_force(is_given=bool(record.former_surname), day=day)
        require_alias_in_force(is_given=bool(record.alias), day=day)


def _require_names(name: str, kana: str, former_surname: str | None, alias: str | None) -> None:
    require_name(name, field="name")
    if kana:
        require_kana(kana, field="kana")
    if former_surname:
        require_name(former_surname, field="former_surname")
    if alias:
        require_name(alias, field="alias")


def _require_place(municipality: str, address: str, postal_code: str | None) -> None:
    if municipality not in municipality_codes():
        raise UnknownLocalGovernmentError(field="municipality")
    require_address(address, field="address")
    if postal_code:
        require_postal_code(postal_code, field="postal_code")


def _require_dates(birth_date: str, changed_on: str, reason: ChangeReason) -> None:
    require_civil_date_wire(birth_date, "birth_date", may_be_irregular=True)
    require_civil_date_wire(changed_on, "changed_on", may_be_irregular=reason.may_have_irregular_date)
    if changed_on < birth_date and len(changed_on) == _DAY_LENGTH and "X" not in changed_on:
        first = CivilDate.from_wire(birth_date, may_be_irregular=True).sort_key
        if CivilDate.from_wire(changed_on, may_be_irregular=True).sort_key < first:
            raise DateOutOfOrderError(field="changed_on")


@enforces(Rule.INDIVIDUAL_NUMBER_FROM_2015)
def require_individual_number_in_force(*, is_given: bool, day: date) -> None:
    """Refuse an Individual Number in a notice made before 2015-10-05.

    Raises:
        NotInForceError: the law of `day` knows no Individual Number.
    """
    if is_given and day < LegalEra.INDIVIDUAL_NUMBER.begins_on:
        raise NotInForceError(field="individual_number")


@enforces(Rule.FORMER_SURNAME_FROM_2019)
def require_former_surname_in_force(*, is_given: bool, day: date) -> None:
    """Refuse a former surname (旧氏) in a notice made before 2019-11-05.

    Raises:
        NotInForceError: the law of `day` knows no former surname.
    """
    if is_given and day < FORMER_SURNAME_BEGINS_ON:
        raise NotInForceError(field="former_surname")


@enforces(Rule.ALIAS_FROM_2012)
def require_alias_in_force(*, is_given: bool, day: date) -> None:
    """Refuse a foreign resident's alias (通称) in a notice made before 2012-07-09.

    Raises:
        NotInForceError: the law of `day` knows no alias.
    """
    if is_given and day < LegalEra.FOREIGN_RESIDENTS.begins_on:
        raise NotInForceError(field="alias")
