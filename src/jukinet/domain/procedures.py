"""The procedures of the register (手続): the closed list, and what every one of them is refused for.

What the law says of each stands in `procedure_table`; docs/procedures.md is made from it.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Final

from jukinet.domain.errors import (
    DocumentMissingError,
    NotifierNotPermittedError,
    NotInForceError,
    UnknownCodeListValueError,
)
from jukinet.domain.notifications import Notification
from jukinet.domain.procedure_rows import ProcedureRow
from jukinet.domain.procedure_table import ROWS
from jukinet.domain.rules import Rule, enforces


class Procedure(Enum):
    """A procedure by its stable name, as `register.act` keeps it."""

    MOVE_IN = "move_in"
    MOVE_IN_FROM_ABROAD = "move_in_from_abroad"
    MOVE_IN_WITHOUT_CERTIFICATE = "move_in_without_certificate"
    #: Somebody who was a resident here before: the earlier record is found and goes on.
    MOVE_IN_OF_FORMER_RESIDENT = "move_in_of_former_resident"
    RELOCATION = "relocation"
    MOVE_OUT = "move_out"
    MOVE_OUT_ABROAD = "move_out_abroad"
    #: Notified more than 14 days after the move: the removal is ex officio, the certificate a substitute.
    MOVE_OUT_LATE = "move_out_late"
    MOVE_OUT_EFFECT = "move_out_effect"
    MOVE_OUT_WITHDRAWAL = "move_out_withdrawal"
    MOVE_IN_NOTICE = "move_in_notice"
    #: Nothing is recorded: a list, and letters that ask.
    MOVE_IN_NOTICE_OVERDUE = "move_in_notice_overdue"
    HOUSEHOLD_SPLIT = "household_split"
    HOUSEHOLD_MERGER = "household_merger"
    HOUSEHOLD_CHANGE = "household_change"
    HOUSEHOLDER_CHANGE = "householder_change"
    HOUSEHOLDER_SUCCESSION = "householder_succession"
    BIRTH = "birth"
    DEATH = "death"
    NATURALISATION = "naturalisation"
    LOSS_OF_NATIONALITY = "loss_of_nationality"
    FOREIGN_RESIDENT = "foreign_resident"
    FOREIGN_RELATIONSHIP_CHANGE = "foreign_relationship_change"
    RESIDENCE_STATUS_CHANGE = "residence_status_change"
    EX_OFFICIO_ENTRY = "ex_officio_entry"
    EX_OFFICIO_REMOVAL = "ex_officio_removal"
    EX_OFFICIO_CORRECTION = "ex_officio_correction"
    ERROR_CORRECTION = "error_correction"
    MINOR_CORRECTION = "minor_correction"
    MASS_ADDRESS_CHANGE = "mass_address_change"
    MUNICIPAL_MERGER = "municipal_merger"
    CANCELLATION_ENTRY = "cancellation_entry"
    CANCELLATION_REMOVAL = "cancellation_removal"
    CANCELLATION = "cancellation"
    CODE_CHANGE = "code_change"
    CODE_CORRECTION = "code_correction"
    INDIVIDUAL_NUMBER_ENTRY = "individual_number_entry"
    INDIVIDUAL_NUMBER_CHANGE = "individual_number_change"
    INDIVIDUAL_NUMBER_CORRECTION = "individual_number_correction"
    FORMER_SURNAME_ENTRY = "former_surname_entry"
    FORMER_SURNAME_CHANGE = "former_surname_change"
    FORMER_SURNAME_REMOVAL = "former_surname_removal"
    ALIAS_ENTRY = "alias_entry"
    ALIAS_REMOVAL = "alias_removal"

    @property
    def row(self) -> ProcedureRow:
        """Return what the law says of it."""
        return ROWS[self.value]


_BY_VALUE: Final = {procedure.value: procedure for procedure in Procedure}


def find_procedure(value: str) -> Procedure:
    """Return the procedure with this stable value; raise UnknownCodeListValueError."""
    procedure = _BY_VALUE.get(value)
    if procedure is None:
        raise UnknownCodeListValueError(field="procedure")
    return procedure


@enforces(Rule.DOCUMENTS_OF_A_PROCEDURE)
def require_documents(procedure: Procedure, notification: Notification, *, is_foreign: bool = False) -> None:
    """Refuse a notification at the counter without the documents that the procedure needs.

    Raises:
        DocumentMissingError: none of those that would do was seen.
    """
    if notification.is_ex_officio:
        return
    row = procedure.row
    groups = (*row.documents, row.foreign_documents) if is_foreign else row.documents
    if any(group and notification.documents.isdisjoint(group) for group in groups):
        raise DocumentMissingError(field="documents")


@enforces(Rule.WHO_MAY_NOTIFY)
def require_notifier(procedure: Procedure, notification: Notification) -> None:
    """Refuse a notification by somebody who may not carry out the procedure.

    Raises:
        NotifierNotPermittedError: naming `notifier`.
    """
    if notification.notifier not in procedure.row.notifiers:
        raise NotifierNotPermittedError(field="notifier")


@enforces(Rule.FORMER_SURNAME_FROM_2019)
@enforces(Rule.ALIAS_FROM_2012)
@enforces(Rule.INDIVIDUAL_NUMBER_FROM_2015)
def require_procedure_in_force(procedure: Procedure, *, day: date) -> None:
    """Refuse a procedure before the first day the law knows it.

    Raises:
        NotInForceError: naming `procedure`.
    """
    begins_on = procedure.row.begins_on
    if begins_on is not None and day < begins_on:
        raise NotInForceError(field="procedure")
