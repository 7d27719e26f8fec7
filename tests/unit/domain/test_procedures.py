"""The table of procedures is whole, and refuses who and what it should."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.errors import (
    DocumentMissingError,
    NotifierNotPermittedError,
    NotInForceError,
    UnknownCodeListValueError,
)
from jukinet.domain.notifications import Notification, Notifier, SeenDocument
from jukinet.domain.procedure_table import ROWS
from jukinet.domain.procedures import (
    Procedure,
    find_procedure,
    require_documents,
    require_notifier,
    require_procedure_in_force,
)
from jukinet.domain.rules import Rule
from tests.builders import TODAY, notification

#: Reasons that are parts of another procedure: two records of one change of nationality, the effects of a move-out.
_PARTS = {
    ActReason.ENTRY_AFTER_NATURALISATION: Procedure.NATURALISATION,
    ActReason.REMOVAL_AFTER_NATURALISATION: Procedure.NATURALISATION,
    ActReason.ENTRY_AFTER_LOSS_OF_NATIONALITY: Procedure.LOSS_OF_NATIONALITY,
    ActReason.REMOVAL_AFTER_LOSS_OF_NATIONALITY: Procedure.LOSS_OF_NATIONALITY,
    ActReason.MOVE_OUT_NOTIFIED: Procedure.MOVE_OUT,
    ActReason.MOVE_OUT_WITHDRAWN: Procedure.MOVE_OUT_WITHDRAWAL,
    ActReason.MOVE_OUT_CONFIRMED: Procedure.MOVE_IN_NOTICE,
}


def test_every_procedure_has_a_row_and_every_row_a_procedure() -> None:
    assert {procedure.value for procedure in Procedure} == set(ROWS)
    assert len({row.japanese for row in ROWS.values()}) == len(ROWS)
    assert all(find_procedure(procedure.value) is procedure for procedure in Procedure)
    with pytest.raises(UnknownCodeListValueError):
        find_procedure("magic")


@pytest.mark.parametrize("reason", ActReason, ids=lambda one: one.value)
def test_every_reason_of_the_standard_belongs_to_a_procedure(reason: ActReason) -> None:
    values = {procedure.value for procedure in Procedure}

    assert reason in _PARTS or reason.value in values


@pytest.mark.parametrize("procedure", Procedure, ids=lambda one: one.value)
def test_whoever_may_notify_can_satisfy_the_table(procedure: Procedure) -> None:
    row = procedure.row

    assert row.notifiers
    assert all(row.documents) if row.documents else True
    assert row.until_2015 != "—" or row.begins_on is not None
    assert row.from_2015


@pytest.mark.rule(Rule.DOCUMENTS_OF_A_PROCEDURE)
def test_a_move_in_takes_a_certificate_and_one_from_abroad_a_passport() -> None:
    with pytest.raises(DocumentMissingError) as caught:
        require_documents(Procedure.MOVE_IN, notification())
    assert caught.value.field == "documents"
    require_documents(Procedure.MOVE_IN, notification(documents=frozenset({SeenDocument.MOVE_OUT_CERTIFICATE})))
    with pytest.raises(DocumentMissingError):
        require_documents(
            Procedure.MOVE_IN_FROM_ABROAD, notification(documents=frozenset({SeenDocument.MOVE_OUT_CERTIFICATE}))
        )
    require_documents(Procedure.MOVE_IN_FROM_ABROAD, notification(documents=frozenset({SeenDocument.PASSPORT})))


@pytest.mark.rule(Rule.DOCUMENTS_OF_A_PROCEDURE)
def test_a_foreign_resident_from_abroad_shows_the_residence_card() -> None:
    passport = notification(documents=frozenset({SeenDocument.PASSPORT}))
    card = notification(documents=frozenset({SeenDocument.RESIDENCE_CARD}))

    with pytest.raises(DocumentMissingError):
        require_documents(Procedure.MOVE_IN_FROM_ABROAD, passport, is_foreign=True)
    require_documents(Procedure.MOVE_IN_FROM_ABROAD, card, is_foreign=True)


@pytest.mark.rule(Rule.DOCUMENTS_OF_A_PROCEDURE)
def test_a_former_surname_takes_the_request_and_the_family_register() -> None:
    one = notification(documents=frozenset({SeenDocument.FORMER_SURNAME_REQUEST}))
    both = notification(documents=one.documents | {SeenDocument.FAMILY_REGISTER})

    with pytest.raises(DocumentMissingError):
        require_documents(Procedure.FORMER_SURNAME_ENTRY, one)
    require_documents(Procedure.FORMER_SURNAME_ENTRY, both)


def test_an_ex_officio_act_asks_nobody_for_documents() -> None:
    require_documents(Procedure.MOVE_IN, Notification.ex_officio(TODAY))


@pytest.mark.rule(Rule.WHO_MAY_NOTIFY)
@pytest.mark.parametrize(
    ("procedure", "notifier"),
    [
        (Procedure.BIRTH, Notifier.SELF),
        (Procedure.DEATH, Notifier.HOUSEHOLDER),
        (Procedure.EX_OFFICIO_REMOVAL, Notifier.SELF),
        (Procedure.RELOCATION, Notifier.EX_OFFICIO),
        (Procedure.MOVE_IN, Notifier.AUTHORITY),
        (Procedure.CODE_CHANGE, Notifier.HOUSEHOLDER),
        (Procedure.MASS_ADDRESS_CHANGE, Notifier.AGENT),
    ],
    ids=lambda one: one.name,
)
def test_nobody_carries_out_a_procedure_that_is_not_theirs(procedure: Procedure, notifier: Notifier) -> None:
    with pytest.raises(NotifierNotPermittedError) as caught:
        require_notifier(procedure, notification(notifier=notifier))

    assert caught.value.field == "notifier"


def test_the_householder_notifies_for_the_members() -> None:
    for procedure in (Procedure.MOVE_IN, Procedure.RELOCATION, Procedure.MOVE_OUT, Procedure.HOUSEHOLD_CHANGE):
        require_notifier(procedure, notification(notifier=Notifier.HOUSEHOLDER))


@pytest.mark.rule(Rule.FORMER_SURNAME_FROM_2019)
@pytest.mark.rule(Rule.ALIAS_FROM_2012)
@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_FROM_2015)
@pytest.mark.parametrize(
    "procedure", [one for one in Procedure if one.row.begins_on is not None], ids=lambda one: one.value
)
def test_a_procedure_begins_on_the_day_its_law_did(procedure: Procedure) -> None:
    begins_on = procedure.row.begins_on
    assert begins_on is not None

    require_procedure_in_force(procedure, day=begins_on)
    with pytest.raises(NotInForceError):
        require_procedure_in_force(procedure, day=begins_on - timedelta(days=1))
