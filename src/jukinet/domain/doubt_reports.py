"""Reports of doubt (疑義の通報): an organ was given something that cannot be right; the municipality must answer.

An organ may doubt what it was given and nothing else: a report names the entry of the use log, never the person. The
municipality answers that it corrected the record, that the record is right, or that it investigates, and until when.

The law has the prefecture and the designated organ tell of errors without delay, and the mayor take what measures are
needed. It sets no period; the periods here are this program's, and stand in `docs/doubt-reports.md` as such.

Source: Act (–2015) art. 12-5, 14(1), 30-11(5); Act (2015–) art. 12-5, 14(1), 30-8.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import Final

from jukinet.domain.deadlines import is_office_closed
from jukinet.domain.errors import (
    DateOutOfOrderError,
    DoubtAnsweredError,
    DoubtBeyondProvisionError,
    DoubtNotCorrectedError,
    MissingItemError,
)
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.rules import Rule, enforces

#: Days a municipality has for its first answer.
ANSWER_DAYS: Final = 14
#: The longest an investigation may be said to take.
INVESTIGATION_DAYS: Final = 60
LONGEST_CONTACT: Final = 100
#: What can be stated to be otherwise.
COMPARED_ITEMS: Final = (ProvisionItem.NAME, ProvisionItem.BIRTH_DATE, ProvisionItem.SEX, ProvisionItem.ADDRESS)


class DoubtReason(Enum):
    """What the organ believes to be wrong (疑義の内容)."""

    #: An item of the record is otherwise.
    DIFFERS = "differs"
    #: The person has died, and the record stands.
    DECEASED = "deceased"
    #: The person does not live at the address.
    NOT_RESIDENT = "not_resident"
    #: One person has two records.
    DUPLICATE = "duplicate"
    #: The record is removed, and the person lives here.
    WRONGLY_REMOVED = "wrongly_removed"


class DoubtEvidence(Enum):
    """What the belief rests on (根拠)."""

    STATEMENT = "statement"
    DOCUMENT = "document"
    RETURNED_MAIL = "returned_mail"
    VISIT = "visit"
    OTHER_ORGAN = "other_organ"


class DoubtState(Enum):
    """How far a report is (通報の状態)."""

    #: On its way to the national node.
    REPORTED = "reported"
    #: With the municipality, not answered yet.
    REFERRED = "referred"
    UNDER_INVESTIGATION = "under_investigation"
    CORRECTED = "corrected"
    RECORD_IS_RIGHT = "record_is_right"
    #: No municipality holds a record of the person any more.
    NOT_HELD = "not_held"
    #: The national node did not take it: nothing of the kind was given to this organ.
    REFUSED = "refused"

    @property
    def is_open(self) -> bool:
        """Return whether something is still to come."""
        return self in {DoubtState.REPORTED, DoubtState.REFERRED, DoubtState.UNDER_INVESTIGATION}


#: What a clerk may answer, and what a report is then.
OUTCOMES: Final = (
    DoubtState.CORRECTED,
    DoubtState.RECORD_IS_RIGHT,
    DoubtState.UNDER_INVESTIGATION,
    DoubtState.NOT_HELD,
)


@enforces(Rule.DOUBT_ONLY_OF_WHAT_WAS_GIVEN)
def require_doubt(
    *, reason: DoubtReason, items: Iterable[ProvisionItem], given: Iterable[ProvisionItem] | None
) -> None:
    """Refuse a report that names no item where one is doubted, or an item the organ was not given.

    `given` is None where that is not known yet: at the organ, which keeps no answers.

    Raises:
        MissingItemError: an item is said to differ, and none is named; or none can be.
        DoubtBeyondProvisionError: an item was not given or compared.
    """
    doubted = frozenset(items)
    if (reason is DoubtReason.DIFFERS) is not bool(doubted):
        raise MissingItemError("Name the items that differ, and only those.", field="items")
    if not doubted <= frozenset(COMPARED_ITEMS):
        raise MissingItemError("Only name, birth date, sex and address can differ.", field="items")
    if given is not None and not doubted <= frozenset(given):
        raise DoubtBeyondProvisionError(field="items")


def answer_due_on(received_on: date, *, days: int = ANSWER_DAYS) -> date:
    """Return the last day for the first answer: the next open day where offices are closed."""
    last = received_on + timedelta(days=days)
    while is_office_closed(last):
        last += timedelta(days=1)
    return last


@enforces(Rule.DOUBT_IS_ANSWERED)
def require_answer(
    outcome: DoubtState,
    *,
    standing: DoubtState,
    is_changed: bool,
    today: date,
    expected_on: date | None,
) -> None:
    """Refuse an answer that cannot be given to a report as it stands.

    `is_changed`: whether the record was changed after the report came.

    Raises:
        DoubtAnsweredError: it was answered for good, or this is no answer.
        DoubtNotCorrectedError: nothing was corrected.
        MissingItemError: an investigation without the day by which it ends.
        DateOutOfOrderError: that day is past, or too far.
    """
    if outcome not in OUTCOMES or not standing.is_open:
        raise DoubtAnsweredError(field="outcome")
    if outcome is DoubtState.CORRECTED and not is_changed:
        raise DoubtNotCorrectedError(field="outcome")
    if outcome is not DoubtState.UNDER_INVESTIGATION:
        return
    if expected_on is None:
        raise MissingItemError("Say by which day the investigation ends.", field="expected_on")
    if not today < expected_on <= today + timedelta(days=INVESTIGATION_DAYS):
        message = f"An investigation ends after today and within {INVESTIGATION_DAYS} days."
        raise DateOutOfOrderError(message, field="expected_on")
