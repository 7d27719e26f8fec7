"""What a person may ask about his or her own information, by whom, and until when it is answered."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.domain.errors import (
    AuthorityNotShownError,
    ConsentMissingError,
    ExtensionTooLateError,
    IdentityNotCheckedError,
    JukinetError,
    NotifierNotPermittedError,
)
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_rights import (
    CounterRequest,
    PersonRight,
    last_day_of_disclosure,
    require_consent,
    require_counter_request,
    require_possible_extension,
    use_log_ground,
)
from jukinet.domain.rules import Rule

PHOTO = IdentityCheck.PHOTO_DOCUMENT
PAPERS = IdentityCheck.OTHER_DOCUMENTS
PARENT = Notifier.LEGAL_REPRESENTATIVE


def ask(
    kind: CounterRequest = CounterRequest.USE_LOG,
    requester: Notifier = Notifier.SELF,
    check: IdentityCheck = PHOTO,
    *,
    shows_authority: bool = True,
    is_protected: bool = False,
) -> None:
    require_counter_request(
        kind, requester=requester, identity_check=check, shows_authority=shows_authority, is_protected=is_protected
    )


@pytest.mark.rule(Rule.DISCLOSURE_WITHIN_THIRTY_DAYS)
def test_the_day_of_receipt_is_the_first_of_thirty_whatever_day_the_last_one_is() -> None:
    assert last_day_of_disclosure(date(2026, 11, 2)) == date(2026, 12, 1)
    # A Sunday stays: the period binds the authority.
    assert last_day_of_disclosure(date(2026, 11, 7)) == date(2026, 12, 6)


@pytest.mark.rule(Rule.DISCLOSURE_WITHIN_THIRTY_DAYS)
@pytest.mark.parametrize(
    ("today", "extended_to"), [(date(2026, 12, 2), date(2026, 12, 20)), (date(2026, 12, 1), date(2026, 12, 1))]
)
def test_an_extension_that_comes_too_late_or_is_none_is_refused(today: date, extended_to: date) -> None:
    due_on = date(2026, 12, 1)
    require_possible_extension(due_on=due_on, today=due_on, extended_to=date(2026, 12, 2))

    with pytest.raises(ExtensionTooLateError):
        require_possible_extension(due_on=due_on, today=today, extended_to=extended_to)


@pytest.mark.rule(Rule.OWN_INFORMATION_ONLY_FOR_THE_PERSON)
@pytest.mark.parametrize(
    ("error", "arguments", "circumstances"),
    [
        (NotifierNotPermittedError, (CounterRequest.USE_LOG, Notifier.AGENT), {}),
        (NotifierNotPermittedError, (CounterRequest.USE_LOG, Notifier.HOUSEHOLDER), {}),
        (NotifierNotPermittedError, (CounterRequest.USE_LOG, PARENT), {"is_protected": True}),
        (NotifierNotPermittedError, (CounterRequest.ENROLMENT, PARENT), {}),
        (IdentityNotCheckedError, (CounterRequest.ENROLMENT, Notifier.SELF, PAPERS), {}),
        (IdentityNotCheckedError, (CounterRequest.USE_LOG, Notifier.SELF, IdentityCheck.QUESTIONS), {}),
        (AuthorityNotShownError, (CounterRequest.PROOF_FILE, PARENT), {"shows_authority": False}),
    ],
)
def test_who_may_not_ask_is_refused(
    error: type[JukinetError], arguments: tuple[object, ...], circumstances: dict[str, bool]
) -> None:
    with pytest.raises(error):
        ask(*arguments, **circumstances)  # type: ignore[arg-type] # a row has the types of `ask`


def test_the_person_and_a_child_s_parent_are_answered() -> None:
    ask(is_protected=True)
    ask(check=PAPERS, shows_authority=False)
    ask(CounterRequest.ENROLMENT, is_protected=True)
    ask(CounterRequest.PROOF_FILE, PARENT, PAPERS)


@pytest.mark.rule(Rule.DISCLOSURE_IN_WRITING_OR_BY_CONSENT)
def test_without_consent_nothing_is_shown_on_a_screen() -> None:
    require_consent(consents=True)

    with pytest.raises(ConsentMissingError):
        require_consent(consents=False)


def test_the_articles_are_those_of_the_day() -> None:
    assert PersonRight.DISCLOSURE.ground_on(date(2015, 10, 4)) == "住民基本台帳法第３０条の３７"
    assert PersonRight.CORRECTION.ground_on(date(2015, 10, 5)) == "住民基本台帳法第３０条の３５"
    assert use_log_ground(date(2023, 3, 31)).startswith("個人情報保護条例")
    assert use_log_ground(date(2023, 4, 1)).endswith("第７６条")
