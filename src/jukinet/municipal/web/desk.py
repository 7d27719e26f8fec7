"""What the municipal screens work with, and how they show a resident without showing what is protected (I9)."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from jukinet.documents.move_out_items import MoveOutData
from jukinet.domain.clock import Clock
from jukinet.domain.errors import DocumentSigningKeyError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.further import further_texts
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.operator_web.language import Words
from jukinet.operator_web.naming import day_text
from jukinet.operator_web.screens import Visit
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_client import MessageClient

_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The node as its screens see it."""

    name: NodeName
    database: Database
    clock: Clock
    choice: random.Random = field(repr=False)
    #: The line to other nodes, for what cannot wait in the outbox: Individual Numbers.
    client: MessageClient | None = field(default=None, repr=False)
    #: Reads the codes of a move-out certificate, whose signature it checks; None where no authority is known.
    read_certificate: Callable[[Sequence[str]], MoveOutData] | None = field(default=None, repr=False)
    #: Whether a connected resident system keeps the register.
    is_connected: bool = False
    #: Kinds of procedures that another operator reviews before they are recorded (審査の要る手続).
    reviewed: frozenset[str] = frozenset()
    #: What clerks ask for people elsewhere with; None where there is no line.
    asking: AskingDesk | None = None
    #: What documents are issued with; None on a desk that issues none.
    office: DocumentOffice | None = None

    def require_office(self) -> DocumentOffice:
        """Return what documents are issued with; raise DocumentSigningKeyError."""
        if self.office is None:
            raise DocumentSigningKeyError
        return self.office

    def act_of(self, visit: Visit, form_number: str) -> Act:
        """Return who records what was typed, and when."""
        return Act(operator_id=visit.operator_id, node=self.name, now=visit.now, form_number=form_number)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a record as it is shown."""

    label: str
    text: str = field(repr=False)
    name: str = ""


#: The items of a resident's page, in the order of a resident record.
ITEMS: Final = (
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "relationship",
    "registered_domicile",
    "first_listed_person",
    "address",
    "postal_code",
    "address_since_on",
    "became_resident_on",
    "previous_address",
    "resident_record_code",
    "individual_number",
    "nationality",
    "became_foreign_resident_on",
    "residence_kind",
    "residence_status",
    "residence_period",
    "residence_until",
    "residence_card_number",
)
#: What a version may change: the page's items, and what stands elsewhere on it.
COMPARED: Final = (
    *ITEMS,
    "planned_move_out_on",
    "planned_move_out_to",
    "household_number",
    "is_protected",
    "is_removed",
)
#: Items that say where a person lives.
_PLACES: Final = frozenset({"address", "postal_code", "previous_address", "planned_move_out_to"})
#: Numbers that are given when an act is recorded.
_GIVEN_LATER: Final = frozenset({"resident_record_code", "household_number"})
_DAYS: Final = frozenset(
    {
        "birth_date",
        "address_since_on",
        "became_resident_on",
        "became_foreign_resident_on",
        "changed_on",
        "planned_move_out_on",
    }
)


def is_hidden(household: Sequence[ResidentRecord]) -> bool:
    """Return whether nobody may see where this household lives: one of them is protected (支援措置)."""
    return any(member.is_protected for member in household)


def item_text(name: str, value: object, words: Words, *, hidden: bool, is_foreign: bool = False) -> str:
    """Return an item as it is shown; of a protected household, not where it lives.

    When a foreign resident was born is said in the western calendar.
    """
    if name in _PLACES and hidden:
        return words("protected.hidden")
    if name == "individual_number":
        return words("individual_number.present") if value else words("value.none")
    if isinstance(value, bool):
        return words("value.yes" if value else "value.no")
    return _plain_text(name, str(value or ""), words, is_foreign=is_foreign)


def _plain_text(name: str, text: str, words: Words, *, is_foreign: bool) -> str:
    if not text:
        return words("birth.code_later" if name in _GIVEN_LATER else "value.none")
    if name in _DAYS:
        return day_text(text, words.language, western=is_foreign and name == "birth_date")
    if name == "residence_until":
        return day_text(text, words.language, western=True)
    if name in {"sex", "reason"} and words.has(f"{name}.{text}"):
        return words(f"{name}.{text}")
    return text


def items_of(version: ResidentRecord, words: Words, *, hidden: bool) -> list[Item]:
    """Return the items of a record that are there, and those that should be."""
    shown: list[Item] = []
    for name in ITEMS:
        value = getattr(version, name)
        if value is None and name != "individual_number":
            continue
        text = item_text(name, value, words, hidden=hidden, is_foreign=version.is_foreign)
        shown.append(Item(words(f"item.{name}"), text, name))
    further = further_texts(version, words)
    return [*shown, *(Item(words(f"item.{name}"), text, name) for name, text in further.items())]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item that a change changes."""

    label: str
    before: str = field(repr=False)
    after: str = field(repr=False)


def changes_between(
    before: ResidentRecord, after: ResidentRecord, words: Words, *, hidden: bool, hides_after: bool | None = None
) -> list[ItemChange]:
    """Return what differs between two versions. `hides_after` is False where the operator typed the new place."""
    hides_after = hidden if hides_after is None else hides_after
    columns = [
        ItemChange(
            words(f"item.{name}"),
            item_text(name, getattr(before, name), words, hidden=hidden, is_foreign=before.is_foreign),
            item_text(name, getattr(after, name), words, hidden=hides_after, is_foreign=after.is_foreign),
        )
        for name in COMPARED
        if getattr(before, name) != getattr(after, name)
    ]
    return [*columns, *_further_changes(before, after, words)]


def _further_changes(before: ResidentRecord, after: ResidentRecord, words: Words) -> list[ItemChange]:
    if before.further_items == after.further_items:
        return []
    old, new, none = further_texts(before, words), further_texts(after, words), words("value.none")
    return [
        ItemChange(words(f"item.{name}"), old.get(name, none), new.get(name, none))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


def plain_kana(text: str) -> str:
    """Return a reading as the register writes it: hiragana, one wide space between the parts."""
    wide = unicodedata.normalize("NFKC", text).translate(_TO_HIRAGANA)
    return "　".join(wide.split())


def plain_name(text: str) -> str:
    """Return a name as the register writes it: a wide space between the parts, a narrow one between Latin words."""
    parts = text.split()
    return (" " if text.isascii() else "　").join(parts)
