"""The certificate's codes, scanned into one field, become what the form of a move-in asks for."""

from __future__ import annotations

from typing import Final

from jukinet.documents.move_out_items import MoveOutData, MoveOutPerson
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import CertificateNotTrustedError, MalformedDocumentCodeError
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.notifications import SeenDocument
from jukinet.municipal.web.cases import Case
from jukinet.municipal.web.newcomers import FOREIGN, JAPANESE, PERSON
from jukinet.operator_web.fields import CHOSEN

#: Items of the certificate that stand in the form under the same name, as they are.
_SAME: Final = (
    "name",
    "kana",
    "former_surname",
    "alias",
    "sex",
    "relationship",
    "individual_number",
    "registered_domicile",
    "first_listed_person",
    "nationality",
    "residence_kind",
    "residence_status",
    "residence_period",
    "residence_card_number",
)
_DATES: Final = ("birth_date", "residence_until", "became_foreign_resident_on")


def read_codes(case: Case) -> dict[str, str]:
    """Return the fields that the certificate fills.

    Raises:
        MalformedDocumentCodeError: or one of its kind: nothing to read, or not all of it.
        BadSignatureError, CertificateNotTrustedError: the municipality it names did not sign it.
    """
    read = case.desk.read_certificate
    if read is None:
        raise CertificateNotTrustedError(field="document_code")
    texts = [line.strip("\r") for line in case.form.typed.get("document_code", "").split("\n") if line.strip()]
    return fields_of(read(texts))


def fields_of(data: MoveOutData) -> dict[str, str]:
    """Return the fields of the form that the certificate fills; what it does not say stays as typed.

    Raises:
        MalformedDocumentCodeError: more people than a form takes; nobody is left out in silence.
    """
    issuer = find_local_government(data.issuer)
    rest = data.address.removeprefix(issuer.full_name).removeprefix(issuer.name)
    members = data.members
    if len(members) > PERSON.most:
        raise MalformedDocumentCodeError(
            f"A form takes {PERSON.most} people: this certificate has more.", field="document_code"
        )
    typed = {
        "from_municipality": issuer.full_name,
        "from_rest": rest,
        PERSON.count_name: str(len(members)),
        f"documents-{SeenDocument.MOVE_OUT_CERTIFICATE.tag}": CHOSEN,
    }
    for number, member in enumerate(members, 1):
        typed |= {f"{PERSON.prefix(number)}{name}": text for name, text in _person(member).items()}
    return typed


def _person(member: MoveOutPerson) -> dict[str, str]:
    said = {name: getattr(member, name) or "" for name in _SAME}
    for name in _DATES:
        wire = getattr(member, name)
        said[name] = CivilDate.from_wire(wire, may_be_irregular=True).wareki() if wire else ""
    return {
        **said,
        "code": member.resident_record_code,
        "citizenship": FOREIGN if member.nationality else JAPANESE,
        # The certificate says which residence ends; the entry begins the next one.
        "residence_read": str(member.residence + 1),
        "further_items": member.further_items or "",
    }
