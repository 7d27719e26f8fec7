"""What a person may ask about his or her own information (開示・訂正・苦情), and until when it is answered.

Source: Act (–2015) art. 30-37 to 30-41; Act (2015–) art. 30-32 to 30-36. The use log is disclosed under the law on
personal information: the ordinances until 2023-03-31, the Act on the Protection of Personal Information since.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import Final

from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import (
    AuthorityNotShownError,
    ConsentMissingError,
    ExtensionTooLateError,
    IdentityNotCheckedError,
    NotifierNotPermittedError,
)
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.rules import Rule, enforces

#: Disclosure within so many days, of which the day of receipt is the first (受理した日から起算して).
DISCLOSURE_DAYS: Final = 30
#: Local governments come under the Act on the Protection of Personal Information.
PERSONAL_INFORMATION_ACT: Final = date(2023, 4, 1)
#: An enrolment letter is good for so many days.
ENROLMENT_DAYS: Final = 30
_USE_LOG_BEFORE: Final = "個人情報保護条例（保有個人情報の開示）"
_USE_LOG_FROM_2023: Final = "個人情報の保護に関する法律第７６条"


class PersonRight(Enum):
    """What is asked for: a stable value, its Japanese name, and its article until 2015 and since."""

    DISCLOSURE = ("disclosure", "自己の本人確認情報の開示", "第３０条の３７", "第３０条の３２")
    CORRECTION = ("correction", "自己の本人確認情報の訂正等", "第３０条の４０", "第３０条の３５")
    COMPLAINT = ("complaint", "苦情の処理", "第３０条の４１", "第３０条の３６")

    def __init__(self, tag: str, label: str, until_2015: str, from_2015: str) -> None:
        self.tag = tag
        self.label = label
        self._articles = (until_2015, from_2015)

    def ground_on(self, day: date) -> str:
        """Return the article of the Act on this day."""
        return f"住民基本台帳法{self._articles[day >= LegalEra.INDIVIDUAL_NUMBER.begins_on]}"


class CounterRequest(Enum):
    """What a resident asks for at the counter of the municipality, which hands it on to the nation."""

    USE_LOG = ("use_log", "提供状況の開示（書面）")
    PROOF_FILE = ("proof_file", "提供状況の証明用ファイル")
    ENROLMENT = ("enrolment", "本人用ページの利用登録")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        self.label = label


def use_log_ground(day: date) -> str:
    """Return what the use log is disclosed under on this day."""
    return _USE_LOG_FROM_2023 if day >= PERSONAL_INFORMATION_ACT else _USE_LOG_BEFORE


@enforces(Rule.DISCLOSURE_WITHIN_THIRTY_DAYS)
def last_day_of_disclosure(received_on: date) -> date:
    """Return the last day on which a request received that day is answered in time.

    It does not move when the office is closed: the period binds the authority, not the person.
    """
    return received_on + timedelta(days=DISCLOSURE_DAYS - 1)


@enforces(Rule.DISCLOSURE_WITHIN_THIRTY_DAYS)
def require_possible_extension(*, due_on: date, today: date, extended_to: date) -> None:
    """Refuse an extension that comes after the period, or that is none.

    Raises:
        ExtensionTooLateError: naming `extended_to`.
    """
    if today > due_on or extended_to <= due_on:
        raise ExtensionTooLateError(field="extended_to")


@enforces(Rule.OWN_INFORMATION_ONLY_FOR_THE_PERSON)
def require_counter_request(
    kind: CounterRequest,
    *,
    requester: Notifier,
    identity_check: IdentityCheck,
    shows_authority: bool,
    is_protected: bool,
) -> None:
    """Refuse whoever may not ask for this about the person, or was not identified well enough.

    A legal representative never acts for a protected person: it may be the one the measures protect from. The letter
    that opens the page goes only into the person's own hands, against a document with a photo.

    Raises:
        NotifierNotPermittedError, IdentityNotCheckedError, AuthorityNotShownError: each names its field.
    """
    is_self = requester is Notifier.SELF
    if not is_self and requester is not Notifier.LEGAL_REPRESENTATIVE:
        raise NotifierNotPermittedError(field="requester")
    if not is_self and (is_protected or kind is CounterRequest.ENROLMENT):
        raise NotifierNotPermittedError(field="requester")
    sufficient = {IdentityCheck.PHOTO_DOCUMENT}
    if kind is not CounterRequest.ENROLMENT:
        sufficient.add(IdentityCheck.OTHER_DOCUMENTS)
    if identity_check not in sufficient:
        raise IdentityNotCheckedError(field="identity_check")
    if not is_self and not shows_authority:
        raise AuthorityNotShownError(field="shows_authority")


@enforces(Rule.DISCLOSURE_IN_WRITING_OR_BY_CONSENT)
def require_consent(*, consents: bool) -> None:
    """Refuse to show on a screen what is disclosed in writing without consent; raise ConsentMissingError."""
    if not consents:
        raise ConsentMissingError(field="consents")
