"""Who may notify, and what the clerk must have seen."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.domain.errors import (
    AuthorityNotShownError,
    CharacterOutsideRepertoireError,
    IdentityNotCheckedError,
    MissingItemError,
)
from jukinet.domain.notifications import (
    STATEMENT_MAX_LENGTH,
    IdentityCheck,
    Notification,
    Notifier,
    SeenDocument,
    find_identity_check,
    find_notifier,
    find_seen_document,
    require_authority,
    require_identity_checked,
)
from jukinet.domain.rules import Rule
from tests.builders import TODAY, notification


@pytest.mark.rule(Rule.IDENTITY_CHECKED_AT_THE_COUNTER)
@pytest.mark.parametrize("notifier", [one for one in Notifier if one.is_at_counter], ids=lambda one: one.tag)
def test_whoever_comes_to_the_counter_shows_who_they_are(notifier: Notifier) -> None:
    with pytest.raises(IdentityNotCheckedError) as caught:
        require_identity_checked(notification(notifier=notifier, identity_check=IdentityCheck.NOT_REQUIRED))

    assert caught.value.field == "identity_check"
    for check in IdentityCheck:
        if check is not IdentityCheck.NOT_REQUIRED:
            require_identity_checked(notification(notifier=notifier, identity_check=check))


def test_of_what_nobody_notified_nobody_is_checked() -> None:
    require_identity_checked(Notification.ex_officio(TODAY))
    require_identity_checked(Notification.of_family_register(TODAY, SeenDocument.BIRTH_REPORT))


@pytest.mark.rule(Rule.AUTHORITY_OF_WHO_ACTS_FOR_ANOTHER)
def test_an_agent_shows_a_power_of_attorney_and_a_representative_the_family_register() -> None:
    agent, representative = Notifier.AGENT, Notifier.LEGAL_REPRESENTATIVE
    deed, register = SeenDocument.POWER_OF_ATTORNEY, SeenDocument.PROOF_OF_REPRESENTATION

    for notifier, wrong in ((agent, register), (representative, deed)):
        with pytest.raises(AuthorityNotShownError) as caught:
            require_authority(notification(notifier=notifier, documents=frozenset({wrong})))
        assert caught.value.field == "documents"
    require_authority(notification(notifier=agent, documents=frozenset({deed})))
    require_authority(notification(notifier=representative, documents=frozenset({register})))


def test_members_of_the_household_need_no_authority() -> None:
    for notifier in (Notifier.SELF, Notifier.HOUSEHOLDER, Notifier.HOUSEHOLD_MEMBER):
        require_authority(notification(notifier=notifier))
        assert not notifier.acts_for_another


@pytest.mark.parametrize("statement", ["", " \n", "あ" * (STATEMENT_MAX_LENGTH + 1)])
def test_a_statement_says_something_and_not_too_much(statement: str) -> None:
    with pytest.raises(MissingItemError):
        notification(statement=statement)


def test_a_statement_may_have_lines_but_no_character_that_nobody_sees() -> None:
    assert notification(statement="入院していたため。\n退院は昨日。").statement is not None
    with pytest.raises(CharacterOutsideRepertoireError):
        notification(statement="\u202e入院")


def test_who_came_and_what_they_said_is_not_printed() -> None:
    text = repr(notification(notifier_name="試験　太郎", statement="入院していたため"))

    assert "試験" not in text
    assert "入院" not in text


def test_what_is_recorded_is_found_by_its_stable_value() -> None:
    assert all(find_notifier(one.tag) is one for one in Notifier)
    assert all(find_identity_check(one.tag) is one for one in IdentityCheck)
    assert all(find_seen_document(one.tag) is one for one in SeenDocument)


def test_an_act_without_notification_is_the_municipality_s_own() -> None:
    act = Notification.ex_officio(date(2026, 11, 20), documents=frozenset({SeenDocument.DECISION}))

    assert act.is_ex_officio
    assert not notification().is_ex_officio
