"""Requests for documents (証明書の交付請求): who may ask for which items of whose record, and what each document costs.

A municipality gives copies to the people of the household, to public bodies for an affair of the law, and to others
who show a justified interest. What was not asked for is left out; the resident record code and the Individual Number
never go to anybody outside the household, and not over the counter to an agent.

Source: Act art. 12 to 12-3, from 2019-06-20 also 15-4; ministerial ordinance on copies art. 4 to 12.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final, TypeVar

from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import (
    AuthorityNotShownError,
    DocumentKindError,
    IdentityNotCheckedError,
    ImproperPurposeError,
    ItemNotPermittedError,
    MissingItemError,
    NotInForceError,
    ProtectedPersonError,
    RequesterNotPermittedError,
    ResidentNotFoundError,
    UnknownCodeListValueError,
)
from jukinet.domain.notifications import IdentityCheck, SeenDocument
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces

#: What a copy costs unless the municipality's ordinance says otherwise, in yen.
ORDINARY_FEE: Final = 300
#: The longest purpose, in characters.
PURPOSE_MAX_LENGTH: Final = 200


class DocumentKind(Enum):
    """A document somebody asks for at the counter."""

    HOUSEHOLD_COPY = ("household_copy", "住民票の写し（世帯全員）")
    PARTIAL_COPY = ("partial_copy", "住民票の写し（世帯の一部）")
    ITEM_CERTIFICATE = ("item_certificate", "住民票記載事項証明書")
    REMOVED_COPY = ("removed_copy", "住民票の除票の写し")
    MOVE_OUT_CERTIFICATE = ("move_out_certificate", "転出証明書")
    #: After a late notification or a removal ex officio.
    MOVE_OUT_EQUIVALENT = ("move_out_equivalent", "転出証明書に準ずる証明書")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label

    @property
    def is_of_move_out(self) -> bool:
        """Return whether it goes with a notification of move-out, and costs nothing."""
        return self in {DocumentKind.MOVE_OUT_CERTIFICATE, DocumentKind.MOVE_OUT_EQUIVALENT}

    @property
    def is_of_removed(self) -> bool:
        """Return whether it is of a record that was removed."""
        return self in {DocumentKind.REMOVED_COPY, DocumentKind.MOVE_OUT_EQUIVALENT}


class RequestGround(Enum):
    """On which ground somebody asks (請求・申出の根拠)."""

    OWN_HOUSEHOLD = ("own_household", "本人・同一世帯の人（法12条）")
    PUBLIC_BODY = ("public_body", "国・地方公共団体の機関（法12条の2）")
    JUSTIFIED_INTEREST = ("justified_interest", "第三者・正当な理由（法12条の3第1項）")
    #: 特定事務受任者: a lawyer or the like, for a client.
    ENTRUSTED_PROFESSIONAL = ("entrusted_professional", "特定事務受任者（法12条の3第2項）")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label


class RequestBearer(Enum):
    """Who stands at the counter (現に請求の任に当たっている者)."""

    SELF = ("self", "請求者本人")
    LEGAL_REPRESENTATIVE = ("legal_representative", "法定代理人")
    AGENT = ("agent", "任意代理人・使者")
    #: Of the public body or the company that asks.
    OFFICIAL = ("official", "機関・法人の職員")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label


class HandingOver(Enum):
    """How the document reaches whoever asked."""

    COUNTER = ("counter", "窓口で渡す")
    MAIL = ("mail", "請求者本人の住所へ送る")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label


class RecordItem(Enum):
    """An item of a record that can be asked for; `documents.sheets.SheetItem` has the same stable values."""

    NAME = "name"
    KANA = "kana"
    FORMER_SURNAME = "former_surname"
    ALIAS = "alias"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    ADDRESS = "address"
    BECAME_RESIDENT_ON = "became_resident_on"
    ADDRESS_SINCE_ON = "address_since_on"
    NOTIFIED_ON = "notified_on"
    PREVIOUS_ADDRESS = "previous_address"
    HOUSEHOLDER = "householder"
    REGISTERED_DOMICILE = "registered_domicile"
    RESIDENT_RECORD_CODE = "resident_record_code"
    INDIVIDUAL_NUMBER = "individual_number"
    NATIONALITY = "nationality"
    RESIDENCE_STATUS = "residence_status"
    RESIDENCE_CARD_NUMBER = "residence_card_number"
    HISTORY = "history"

    @property
    def is_on_request(self) -> bool:
        """Return whether a copy leaves it out unless it was asked for (Act art. 12(5))."""
        return self in ITEMS_ON_REQUEST


#: Left out of a copy unless asked for: Act art. 7(iv)(v)(viii-2)(xiii) and of foreign residents art. 30-45.
ITEMS_ON_REQUEST: Final = (
    RecordItem.HOUSEHOLDER,
    RecordItem.REGISTERED_DOMICILE,
    RecordItem.NATIONALITY,
    RecordItem.RESIDENCE_STATUS,
    RecordItem.RESIDENCE_CARD_NUMBER,
    RecordItem.RESIDENT_RECORD_CODE,
    RecordItem.INDIVIDUAL_NUMBER,
    RecordItem.HISTORY,
)
#: Never for anybody outside the household, and never into an agent's hands.
CONFIDENTIAL_ITEMS: Final = frozenset({RecordItem.RESIDENT_RECORD_CODE, RecordItem.INDIVIDUAL_NUMBER})
_PROOFS: Final = {
    RequestBearer.LEGAL_REPRESENTATIVE: frozenset(
        {
            SeenDocument.PROOF_OF_REPRESENTATION,
            SeenDocument.FAMILY_REGISTER,
            SeenDocument.OTHER_PROOF_OF_AUTHORITY,
        }
    ),
    RequestBearer.AGENT: frozenset({SeenDocument.POWER_OF_ATTORNEY, SeenDocument.OTHER_PROOF_OF_AUTHORITY}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequest:
    """What is asked for, by whom, and how the clerk made sure of it. Names and purpose are not in `repr`."""

    kind: DocumentKind
    ground: RequestGround
    resident_numbers: tuple[int, ...]
    items: frozenset[RecordItem] = frozenset()
    #: Who asks, where this is a person of the household.
    requester_number: int | None = None
    requester_name: str = field(default="", repr=False)
    bearer: RequestBearer = RequestBearer.SELF
    bearer_name: str | None = field(default=None, repr=False)
    identity_check: IdentityCheck = IdentityCheck.NOT_REQUIRED
    documents: frozenset[SeenDocument] = frozenset()
    purpose: str | None = field(default=None, repr=False)
    #: Of an entrusted professional: the client, and the kind of the business.
    client: str | None = field(default=None, repr=False)
    #: The clerk found that the purpose is evidently improper.
    is_improper: bool = False
    handing_over: HandingOver = HandingOver.COUNTER
    #: In place of a move-out certificate that was lost or spoilt (Order art. 24(2)).
    is_reissue: bool = False

    @property
    def is_of_household(self) -> bool:
        """Return whether somebody of the household asks."""
        return self.ground is RequestGround.OWN_HOUSEHOLD


def require_permitted(
    request: DocumentRequest,
    household: Sequence[ResidentRecord],
    *,
    today: date,
    reviewed: Collection[int] = (),
) -> None:
    """Refuse a request the law does not allow; `household` is everybody recorded in the household, removed or not.

    `reviewed` are the protected persons whom a review (審査) looked at.

    Raises:
        JukinetError: the first rule the request breaks, naming the field.
    """
    require_bearer_identified(request)
    require_bearer_authorised(request)
    require_proper_purpose(request)
    require_stated_purpose(request)
    people = find_people(request, household)
    require_own_household(request, household)
    require_support_measures(request, household, reviewed=reviewed)
    require_record_of_kind(request, people)
    require_items_permitted(request, today=today)


@enforces(Rule.DOCUMENT_BEARER_IS_IDENTIFIED)
def require_bearer_identified(request: DocumentRequest) -> None:
    """Raise IdentityNotCheckedError unless the clerk made sure who stands at the counter."""
    if request.identity_check is IdentityCheck.NOT_REQUIRED:
        raise IdentityNotCheckedError(
            "Check who is asking before a document is issued (Act art. 12(3), 12-2(3), 12-3(5)).",
            field="identity_check",
        )


@enforces(Rule.DOCUMENT_BEARER_SHOWS_AUTHORITY)
def require_bearer_authorised(request: DocumentRequest) -> None:
    """Raise AuthorityNotShownError for an agent who shows no authority, MissingItemError for one without a name."""
    proofs = _PROOFS.get(request.bearer)
    if proofs is not None and request.documents.isdisjoint(proofs):
        raise AuthorityNotShownError(field="documents")
    if request.bearer is not RequestBearer.SELF and not (request.bearer_name or "").strip():
        raise MissingItemError("Say who stands at the counter.", field="bearer_name")


@enforces(Rule.IMPROPER_PURPOSE_IS_REFUSED)
def require_proper_purpose(request: DocumentRequest) -> None:
    """Raise ImproperPurposeError where the purpose is evidently improper."""
    if request.is_improper:
        raise ImproperPurposeError(field="is_improper")


@enforces(Rule.REQUEST_OF_OTHERS_STATES_ITS_PURPOSE)
def require_stated_purpose(request: DocumentRequest) -> None:
    """Raise MissingItemError unless others say who they are and what for, and a professional for whom."""
    for text, name in ((request.purpose, "purpose"), (request.client, "client"), (request.requester_name, "requester")):
        if text is not None and len(text) > PURPOSE_MAX_LENGTH:
            raise MissingItemError(f"Write it in {PURPOSE_MAX_LENGTH} characters.", field=name)
        if text:
            require_repertoire(text, field=name)
    if request.is_of_household:
        return
    if not request.requester_name.strip():
        raise MissingItemError("Say who asks (Act art. 12-2(2), 12-3(4)).", field="requester_name")
    if not (request.purpose or "").strip():
        raise MissingItemError("Others state their purpose (Act art. 12-2(2)(iv), 12-3(4)(iv)).", field="purpose")
    if request.ground is RequestGround.ENTRUSTED_PROFESSIONAL and not (request.client or "").strip():
        raise MissingItemError("A professional names client and business (Act art. 12-3(4)(v)).", field="client")


def find_people(request: DocumentRequest, household: Sequence[ResidentRecord]) -> list[ResidentRecord]:
    """Return the records asked for, in the order of the household.

    Raises:
        MissingItemError: nobody was chosen.
        ResidentNotFoundError: one of them is not of this household.
    """
    if not request.resident_numbers:
        raise MissingItemError("Choose at least one person.", field="resident_numbers")
    wanted = set(request.resident_numbers)
    people = [record for record in household if record.resident_number in wanted]
    if len(people) != len(wanted):
        raise ResidentNotFoundError("Only people of one household stand on one document.", field="resident_numbers")
    return people


@enforces(Rule.COPY_OF_OWN_HOUSEHOLD)
def require_own_household(request: DocumentRequest, household: Sequence[ResidentRecord]) -> None:
    """Raise RequesterNotPermittedError for somebody who is not of the household but asks as if.

    A removed record is asked for by the person alone; who still lives in the household has an interest to show.
    """
    if not request.is_of_household:
        return
    requester = next((one for one in household if one.resident_number == request.requester_number), None)
    if requester is None:
        raise RequesterNotPermittedError(field="requester_number")
    is_own = set(request.resident_numbers) == {requester.resident_number}
    if request.kind is DocumentKind.REMOVED_COPY and not is_own:
        raise RequesterNotPermittedError(
            "A removed record is given to the person; others show a justified interest (Act art. 12-3, 15-4).",
            field="requester_number",
        )
    if requester.is_removed and not is_own and not request.kind.is_of_move_out:
        raise RequesterNotPermittedError("Who has left is no longer of the household.", field="requester_number")


@enforces(Rule.PROTECTED_PERSON_NEEDS_REVIEW)
def require_support_measures(
    request: DocumentRequest, household: Sequence[ResidentRecord], *, reviewed: Collection[int] = ()
) -> None:
    """Raise ProtectedPersonError where a review is needed and did not look at everybody who is protected."""
    if protecting(request, household) - set(reviewed):
        raise ProtectedPersonError(field="resident_numbers")


def protecting(request: DocumentRequest, household: Sequence[ResidentRecord]) -> frozenset[int]:
    """Return those whose protection stands against the request; nobody where a protected person came in person."""
    protected = frozenset(one.resident_number for one in household if one.is_protected)
    is_person = request.is_of_household and request.bearer is RequestBearer.SELF
    return frozenset() if is_person and request.requester_number in protected else protected


@enforces(Rule.REMOVED_RECORD_HAS_ITS_OWN_COPY)
def require_record_of_kind(request: DocumentRequest, people: Sequence[ResidentRecord]) -> None:
    """Raise DocumentKindError where the document is not of such a record."""
    if any(one.is_removed is not request.kind.is_of_removed for one in people):
        raise DocumentKindError(field="kind")
    if request.kind is DocumentKind.REMOVED_COPY and len(people) != 1:
        raise DocumentKindError("A removed record is copied by itself.", field="resident_numbers")
    if request.kind is DocumentKind.ITEM_CERTIFICATE and not request.items:
        raise MissingItemError("Choose the items to certify.", field="items")
    if request.kind.is_of_move_out:
        require_move_out(request, people)


@enforces(Rule.MOVE_OUT_CERTIFICATE)
def require_move_out(request: DocumentRequest, people: Sequence[ResidentRecord]) -> None:
    """Raise DocumentKindError unless all of them notified the same move-out within Japan."""
    is_late = request.kind is DocumentKind.MOVE_OUT_EQUIVALENT
    moves = {(one.planned_move_out_on, one.planned_move_out_to) for one in people}
    if len(moves) != 1 or (not is_late and None in next(iter(moves))):
        raise DocumentKindError("They have notified no move-out together.", field="resident_numbers")
    if any(one.is_moving_abroad for one in people):
        raise DocumentKindError("Who moves abroad takes no move-out certificate (Order art. 24(1)).", field="kind")
    if is_late and any(one.change_reason not in _REMOVED_BY_MOVE for one in people):
        raise DocumentKindError("They were not removed for a move.", field="kind")
    if not request.is_of_household:
        raise RequesterNotPermittedError(field="ground")


_REMOVED_BY_MOVE: Final = frozenset({"move_out", "ex_officio_removal"})


@enforces(Rule.CODE_AND_NUMBER_ONLY_TO_THE_HOUSEHOLD)
def require_items_permitted(request: DocumentRequest, *, today: date) -> None:
    """Raise ItemNotPermittedError for an item that whoever asks may not be given.

    Raises:
        NotInForceError: the item is not on resident records today.
    """
    asked = request.items & CONFIDENTIAL_ITEMS
    if RecordItem.INDIVIDUAL_NUMBER in asked and today < LegalEra.INDIVIDUAL_NUMBER.begins_on:
        raise NotInForceError("Records have no Individual Number before 2015-10-05.", field="items")
    if asked and not request.is_of_household:
        raise ItemNotPermittedError(field="items")
    if asked and request.bearer is RequestBearer.AGENT and request.handing_over is HandingOver.COUNTER:
        raise ItemNotPermittedError(
            "What has the code or the Individual Number is sent to the person, never given to an agent.",
            field="handing_over",
        )


def fee_of(request: DocumentRequest, fees: Mapping[str, int]) -> int:
    """Return what the document costs, in yen: `fees` by the value of the kind; official use and move-outs are free."""
    if request.ground is RequestGround.PUBLIC_BODY or request.kind.is_of_move_out:
        return 0
    return fees.get(request.kind.tag, ORDINARY_FEE)


_Tagged = TypeVar("_Tagged", DocumentKind, RequestGround, RequestBearer, HandingOver)


def find_tagged(kind: type[_Tagged], tag: str, *, field_name: str) -> _Tagged:
    """Return the member with this stable value; raise UnknownCodeListValueError."""
    for member in kind:
        if member.tag == tag:
            return member
    raise UnknownCodeListValueError(field=field_name)
