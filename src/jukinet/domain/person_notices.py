"""What a person is told of an act done ex officio (本人への通知): whom, what changed, and what becomes of the letter.

Source: Order art. 12(1) (the fact is verified first), 12(4) (written notice, or public notice where it cannot reach).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from jukinet.domain.errors import DocumentMissingError, PersonNoticeStateError
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.rules import Rule, enforces

#: The items a letter shows, in the order of a resident record. Numbers and codes are told on sheets of their own.
_TOLD_ITEMS: Final = (
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "relationship",
    "household_number",
    "registered_domicile",
    "first_listed_person",
    "address",
    "postal_code",
    "address_since_on",
    "became_resident_on",
    "previous_address",
    "nationality",
    "residence_status",
    "residence_until",
    "is_removed",
)
#: An act that rests on these alone follows Order art. 12(2): the person reported it elsewhere.
_REPORTED_ELSEWHERE: Final = frozenset({SeenDocument.FAMILY_REGISTER_NOTICE})


class PersonNoticeState(Enum):
    """Where the letter is."""

    WAITING = "waiting"
    SENT = "sent"
    RETURNED = "returned"
    POSTED = "posted"


class PersonNoticeEvent(Enum):
    """What happens to it: sent, returned by the post, replaced by public notice (公示)."""

    SENT = "sent"
    RETURNED = "returned"
    POSTED = "posted"

    @property
    def state(self) -> PersonNoticeState:
        """Return where the letter is afterwards."""
        return PersonNoticeState(self.value)


@dataclass(frozen=True, slots=True)
class ToldItem:
    """One item as it was and as it is; None where there was or is nothing."""

    name: str
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)


@enforces(Rule.EX_OFFICIO_ACT_TOLD_TO_THE_PERSON)
def is_person_told(procedure: Procedure, notification: Notification) -> bool:
    """Return whether those whose records an act changes are told of it in writing (Order art. 12(4))."""
    if not procedure.row.tells_person or not notification.is_ex_officio:
        return False
    return not notification.documents or not notification.documents <= _REPORTED_ELSEWHERE


@enforces(Rule.EX_OFFICIO_ACT_RESTS_ON_A_VERIFIED_FACT)
def require_fact_verified(procedure: Procedure, notification: Notification) -> None:
    """Refuse an ex officio act that rests on nothing anybody looked into.

    Raises:
        DocumentMissingError: naming `documents`.
    """
    if any(group and notification.documents.isdisjoint(group) for group in procedure.row.documents):
        raise DocumentMissingError(field="documents")


def told_items(step: RecordStep) -> tuple[ToldItem, ...]:
    """Return what the letter says of one person's change."""
    found = []
    for name in _TOLD_ITEMS:
        before, after = None if step.before is None else getattr(step.before, name), getattr(step.after, name)
        if before != after and not (step.before is None and name == "is_removed"):
            found.append(ToldItem(name, _text(before), _text(after)))
    return tuple(found)


def write_told_items(items: Sequence[ToldItem]) -> str:
    """Return the items as the register keeps them."""
    return json.dumps([[item.name, item.before, item.after] for item in items], ensure_ascii=False)


def read_told_items(text: str) -> tuple[ToldItem, ...]:
    """Return what `write_told_items` wrote."""
    return tuple(ToldItem(*row) for row in json.loads(text))


def possible_events(state: PersonNoticeState, *, is_reachable: bool) -> tuple[PersonNoticeEvent, ...]:
    """Return what can happen to the letter now. Public notice takes its place only where it cannot reach the person."""
    if state is PersonNoticeState.WAITING:
        return (PersonNoticeEvent.SENT,) if is_reachable else (PersonNoticeEvent.POSTED, PersonNoticeEvent.SENT)
    if state is PersonNoticeState.SENT:
        return (PersonNoticeEvent.RETURNED,)
    if state is PersonNoticeState.RETURNED:
        return (PersonNoticeEvent.SENT, PersonNoticeEvent.POSTED)
    return ()


def require_possible(state: PersonNoticeState, event: PersonNoticeEvent, *, is_reachable: bool) -> None:
    """Raise PersonNoticeStateError where this cannot happen to the letter now."""
    if event not in possible_events(state, is_reachable=is_reachable):
        raise PersonNoticeStateError(field="event")


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
