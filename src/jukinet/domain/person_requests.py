"""A person's written request about his or her own information: what it must have, how it is decided, and by how many.

Source: Act (–2015) art. 30-37 to 30-41; Act (2015–) art. 30-32 to 30-36. That two officers refuse is the rule of this
program: a refusal takes a right away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final

from jukinet.domain.errors import (
    AuthorityNotShownError,
    DateOutOfOrderError,
    IdentityNotCheckedError,
    MissingItemError,
    NotifierNotPermittedError,
    PersonRequestStateError,
)
from jukinet.domain.names import require_name
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_rights import PersonRight, last_day_of_disclosure
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces

#: The longest statement, reason or address, in characters.
TEXT_MAX_LENGTH: Final = 1_000
REQUESTERS: Final = (Notifier.SELF, Notifier.LEGAL_REPRESENTATIVE)
#: A letter sent to the recorded address and brought back serves whoever asks by mail.
IDENTITY_CHECKS: Final = (IdentityCheck.PHOTO_DOCUMENT, IdentityCheck.OTHER_DOCUMENTS, IdentityCheck.LETTER)


class PersonDecision(Enum):
    """How a request is decided: a stable value, its Japanese name, what it answers, and whether two officers decide."""

    DISCLOSED = ("disclosed", "開示する", PersonRight.DISCLOSURE, False)
    NO_RECORD = ("no_record", "存在しない旨を知らせる", PersonRight.DISCLOSURE, False)
    REFUSED = ("refused", "開示しない", PersonRight.DISCLOSURE, True)
    CORRECTED = ("corrected", "訂正された旨を知らせる", PersonRight.CORRECTION, False)
    NOT_CORRECTED = ("not_corrected", "訂正しない", PersonRight.CORRECTION, True)
    ANSWERED = ("answered", "回答する", PersonRight.COMPLAINT, False)

    def __init__(self, tag: str, label: str, right: PersonRight, is_refusal: bool) -> None:  # noqa: FBT001 - a row
        self.tag = tag
        self.label = label
        self.right = right
        self.is_refusal = is_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequest:
    """What a person asks in writing."""

    right: PersonRight
    received_on: date
    name: str = field(repr=False)
    #: CivilDate wire form.
    birth_date: str = field(repr=False)
    #: Needed unless it is a complaint.
    resident_record_code: str | None = field(repr=False)
    #: Where the answer is sent.
    reply_address: str = field(repr=False)
    requester: Notifier
    identity_check: IdentityCheck
    shows_authority: bool = False
    #: What is wrong, or what the complaint is about.
    statement: str = field(default="", repr=False)
    #: Of a correction: the number of the disclosure it follows.
    disclosed_request: int | None = None

    @property
    def due_on(self) -> date | None:
        """Return the last day for the answer; correction and complaint are answered without delay."""
        return last_day_of_disclosure(self.received_on) if self.right is PersonRight.DISCLOSURE else None


def require_acceptable(request: PersonRequest, *, today: date) -> None:
    """Refuse a request that lacks what the law asks of it.

    Raises:
        InvalidValueError, NotifierNotPermittedError, IdentityNotCheckedError, AuthorityNotShownError: naming the field.
    """
    if request.received_on > today:
        raise DateOutOfOrderError(field="received_on")
    require_name(request.name, field="name")
    _require_text(request.reply_address, "reply_address")
    if request.right is PersonRight.COMPLAINT:
        _require_text(request.statement, "statement")
        return
    if request.right is PersonRight.CORRECTION:
        _require_text(request.statement, "statement")
    if request.resident_record_code is None:
        raise MissingItemError(field="resident_record_code")
    ResidentRecordCode.parse(request.resident_record_code)
    if request.requester not in REQUESTERS:
        raise NotifierNotPermittedError(field="requester")
    if request.identity_check not in IDENTITY_CHECKS:
        raise IdentityNotCheckedError(field="identity_check")
    if request.requester is not Notifier.SELF and not request.shows_authority:
        raise AuthorityNotShownError(field="shows_authority")


@enforces(Rule.CORRECTION_FOLLOWS_DISCLOSURE)
def require_disclosed_before(request: PersonRequest, *, disclosed_code: str | None) -> None:
    """Refuse a correction of what was not disclosed to the person before.

    `disclosed_code` is whose information the named request disclosed; None where it disclosed nothing.

    Raises:
        PersonRequestStateError: naming `disclosed_request`.
    """
    if request.right is not PersonRight.CORRECTION:
        return
    if disclosed_code is None or disclosed_code != request.resident_record_code:
        raise PersonRequestStateError("A correction follows a disclosure to the person.", field="disclosed_request")


def decisions_of(right: PersonRight) -> tuple[PersonDecision, ...]:
    """Return how a request of this kind can be decided."""
    return tuple(one for one in PersonDecision if one.right is right)


def needs_second_officer(decision: PersonDecision, requester: Notifier) -> bool:
    """Return whether another officer must approve: a refusal, and whatever a representative is told of the person."""
    is_for_another = requester is not Notifier.SELF and decision is PersonDecision.DISCLOSED
    return decision.is_refusal or is_for_another


def require_decision(decision: PersonDecision, request: PersonRequest, *, reason: str) -> None:
    """Refuse a decision that answers something else, or that gives no reason where the letter must have one.

    Raises:
        PersonRequestStateError, MissingItemError: naming the field.
    """
    if decision.right is not request.right:
        raise PersonRequestStateError(field="decision")
    if decision not in {PersonDecision.DISCLOSED, PersonDecision.NO_RECORD}:
        _require_text(reason, "reason")


def require_same_person(request: PersonRequest, *, name: str, birth_date: str) -> None:
    """Refuse to disclose a record that is not of whom the request names; raise IdentityNotCheckedError."""
    if _plain(name) != _plain(request.name) or birth_date != request.birth_date:
        raise IdentityNotCheckedError("Name and date of birth are not those of the record.", field="decision")


def _plain(name: str) -> str:
    return "".join(name.split())


def _require_text(text: str, name: str) -> None:
    if not text.strip() or len(text) > TEXT_MAX_LENGTH:
        raise MissingItemError(f"This item is needed, with at most {TEXT_MAX_LENGTH} characters.", field=name)
