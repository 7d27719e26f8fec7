"""The items of a move-out certificate as data (Order art. 23): flat, frozen, every text in its wire form."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import msgspec

from jukinet.documents.sheets import MoveOutCertificateKind, MoveOutCertificateSheet, MoveOutMember
from jukinet.domain.addresses import require_address
from jukinet.domain.civil_dates import CivilDate, require_civil_date_wire
from jukinet.domain.errors import MalformedRequestError, MissingItemError, UnknownCodeListValueError
from jukinet.domain.further_items import read_further_items
from jukinet.domain.identification import Sex
from jukinet.domain.individual_number import require_individual_number
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.names import PersonName, require_name, require_relationship
from jukinet.domain.resident_record_code import require_resident_record_code

#: Columns of the record a certificate carries over, by their names in `ResidentRecord`.
_CARRIED = (
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "relationship",
    "registered_domicile",
    "first_listed_person",
    "nationality",
    "residence_status",
    "residence_kind",
    "residence_period",
    "residence_until",
    "residence_card_number",
    "became_foreign_resident_on",
)


class MoveOutPerson(msgspec.Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """One of those who move out; see ResidentRecord for each item."""

    resident_record_code: str
    individual_number: str | None
    name: str
    kana: str
    former_surname: str | None
    alias: str | None
    birth_date: str
    sex: str
    relationship: str
    registered_domicile: str | None
    first_listed_person: str | None
    nationality: str | None
    residence_status: str | None
    residence_kind: str | None
    residence_period: str | None
    residence_until: str | None
    residence_card_number: str | None
    became_foreign_resident_on: str | None
    is_in_national_health_insurance: bool
    is_in_late_stage_elderly_insurance: bool
    is_in_care_insurance: bool
    pension_kind: str | None
    basic_pension_number: str | None
    receives_child_allowance: bool
    #: Update sequences of the destination begin in the residence after this one (docs/adr/0011).
    residence: int
    #: Readings, the day of the former surname and the history of aliases (`domain.further_items`), as JSON text.
    further_items: str | None = None

    def __repr__(self) -> str:
        """Show the type only: everything in it is personal data."""
        return "MoveOutPerson(***)"


class MoveOutData(msgspec.Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """A move-out certificate."""

    #: Local government code of the municipality that issued it.
    issuer: str
    number: str
    issued_on: date
    #: `MoveOutCertificateKind.tag`.
    kind: str
    is_reissue: bool
    householder_name: str
    address: str
    destination: str
    planned_on: str
    members: tuple[MoveOutPerson, ...]

    def __repr__(self) -> str:
        """Show the number only: the rest is personal data."""
        return f"MoveOutData(number={self.number!r})"


def data_of(sheet: MoveOutCertificateSheet) -> MoveOutData:
    """Return the items of a certificate as its QR codes carry them."""
    return MoveOutData(
        issuer=sheet.issuer.municipality,
        number=sheet.mark.number,
        issued_on=sheet.mark.issued_on,
        kind=sheet.kind.tag,
        is_reissue=sheet.is_reissue,
        householder_name=sheet.householder_name,
        address=sheet.address,
        destination=sheet.destination,
        planned_on=sheet.planned_on,
        members=tuple(map(_person_of, sheet.members)),
    )


def find_certificate_kind(tag: str) -> MoveOutCertificateKind:
    """Return the kind with this stable value.

    Raises:
        UnknownCodeListValueError: there is none.
    """
    for kind in MoveOutCertificateKind:
        if kind.tag == tag:
            return kind
    raise UnknownCodeListValueError(field="kind")


def require_possible(data: MoveOutData) -> None:
    """Refuse items that no register holds, whoever signed them.

    Raises:
        InvalidValueError: or one of its kind, naming the item.
    """
    find_certificate_kind(data.kind)
    find_local_government(data.issuer)
    require_name(data.householder_name, field="householder_name")
    require_address(data.address, field="address")
    CivilDate.from_wire(data.planned_on)
    if not data.members:
        raise MissingItemError(field="members")
    for member in data.members:
        _require_possible_person(member)


def _require_possible_person(member: MoveOutPerson) -> None:
    require_resident_record_code(member.resident_record_code, field="resident_record_code")
    if member.individual_number is not None:
        require_individual_number(member.individual_number, field="individual_number")
    PersonName(name=member.name, kana=member.kana, former_surname=member.former_surname, alias=member.alias)
    require_civil_date_wire(member.birth_date, "birth_date", may_be_irregular=True)
    require_relationship(member.relationship, field="relationship")
    if member.sex not in {sex.value for sex in Sex}:
        raise UnknownCodeListValueError(field="sex")
    if member.residence < 0:
        raise MalformedRequestError(field="residence")
    read_further_items(member.further_items)


def _person_of(member: MoveOutMember) -> MoveOutPerson:
    record, held = member.person.record, asdict(member.person.qualifications)
    carried = {name: getattr(record, name) for name in _CARRIED}
    # Insurance, pension and allowance stand in items of their own.
    further = replace(read_further_items(record.further_items), others={}).text
    return MoveOutPerson(**carried, **held, residence=member.residence, further_items=further)
