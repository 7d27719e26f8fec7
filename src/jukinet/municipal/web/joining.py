"""Whether newcomers have a household of their own, or join one that lives at their address (世帯への編入)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.errors import HouseholdNotFoundError, MalformedRequestError, MissingItemError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.search_keys import address_key_of
from jukinet.municipal.search_store import Search, search
from jukinet.municipal.search_words import understand
from jukinet.municipal.store import list_household, list_households
from jukinet.municipal.web.cases import Asking, Case
from jukinet.municipal.web.desk import is_hidden
from jukinet.operator_web.fields import Choice, Field, FieldKind, ShownWhen, shown_when
from jukinet.postgres.database import Unit

OWN, JOIN = "own", "join"
_MOST: Final = 50
_LONGEST_NUMBER: Final = 18


class KeptHousehold(msgspec.Struct, frozen=True):
    """A household that was found, as the form carries it."""

    number: int
    householder: str
    count: int
    #: Where it lives; None where that may not be shown (支援措置).
    address: str | None = None

    def __repr__(self) -> str:
        return "KeptHousehold(***)"


class _KeptSearch(msgspec.Struct, frozen=True):
    #: The new address, and what was typed to find the household by; empty where it was looked for by the address.
    address: str
    typed: str
    households: tuple[KeptHousehold, ...] = ()

    def __repr__(self) -> str:
        return "_KeptSearch(***)"


def household_fields(case: Case, *, is_needed: bool = True) -> list[Field]:
    """Return the choice, how the household joined is looked for, and those that were found."""
    ask, words = Asking(case, "joining"), case.words
    choices = [Choice(one, words(f"joining.household.{one}")) for one in (OWN, JOIN)]
    begins = words("joining.heading")
    chosen = ask("household", FieldKind.CHOICE, choices=choices, is_needed=is_needed, begins=begins)
    return [chosen, *search_fields(case, shown_when=shown_when("household", JOIN))]


def search_fields(case: Case, *, shown_when: ShownWhen | None = None, is_needed: bool = False) -> list[Field]:
    """Return how the household joined is looked for, and those that were found."""
    ask, words = Asking(case, "joining"), case.words
    hint: dict[str, Any] = {"hint": words("joining.joins_search.needed")} if is_needed else {}
    fields = [
        ask("households_found", FieldKind.CARRIED, is_needed=False),
        ask("joins_search", is_needed=is_needed, shown_when=shown_when, **hint),
    ]
    kept = _kept(case)
    if kept is None or kept.typed != case.form.text("joins_search"):
        return fields
    households = [
        Choice(
            str(one.number),
            words("joining.of", name=one.householder),
            words("joining.members", count=one.count, address=one.address or words("protected.hidden")),
        )
        for one in kept.households
    ]
    return [*fields, ask("joins", FieldKind.CHOICE, choices=households, read=_read_number, shown_when=shown_when)]


async def find_households(case: Case, address: str, *, leaving: int | None = None) -> dict[str, str]:
    """Look for the household they join; return what to put into the form, nothing where that was done before.

    It is found by what was typed of it, else by the address, and never is the one they leave. Whoever is protected is
    never found by an address.

    Raises:
        HouseholdNotFoundError: there is none.
    """
    typed, kept = case.form.text("joins_search"), _kept(case)
    if not _joins(case):
        return {}
    if kept is not None and (kept.address, kept.typed) == (address, typed):
        return {}
    sought = _sought(case, typed) if typed else Search(address=address_key_of(case.desk.name.code, address))
    async with case.desk.database.transaction() as unit:
        households = await _find(unit, sought)
        found = [_keep(people) for people in households if typed or people[0].address == address]
        found = [one for one in found if one.number != leaving]
        await append(unit, [_event(case, households)])
    if not found:
        raise HouseholdNotFoundError(field="joins_search")
    # Whoever lives where they move to comes first.
    found.sort(key=lambda one: one.address != address)
    return {
        "households_found": msgspec.json.encode(_KeptSearch(address, typed, tuple(found))).decode(),
        "joins": str(found[0].number) if len(found) == 1 else "",
    }


def joined_number(case: Case) -> int | None:
    """Return the household they join; None for one of their own."""
    if not _joins(case):
        return None
    number: int | None = case.values.get("joins")
    return number


async def read_joined(case: Case) -> list[ResidentRecord]:
    """Return the people of the household they join; nobody where they have one of their own."""
    number = joined_number(case)
    if number is None:
        return []
    async with case.desk.database.connection() as connection:
        return await list_household(connection, number)


def _joins(case: Case) -> bool:
    """Return whether they join a household; a form that does not ask is about joining one."""
    return bool(case.values.get("household", JOIN) == JOIN)


def _sought(case: Case, typed: str) -> Search:
    try:
        understood = understand(typed, municipality=case.desk.name.code)
    except MissingItemError:
        raise HouseholdNotFoundError(field="joins_search") from None
    return Search(words=tuple(understood.words), birth_date=understood.birth_date, household_number=understood.number)


async def _find(unit: Unit, sought: Search) -> list[list[ResidentRecord]]:
    hits = (await search(unit, sought, limit=_MOST)).hits
    order = list(dict.fromkeys(hit.household_number for hit in hits))
    members: dict[int, list[ResidentRecord]] = {number: [] for number in order}
    for record in await list_households(unit, order):
        if not record.is_removed:
            members[record.household_number].append(record)
    return [people for people in members.values() if people]


def _keep(people: list[ResidentRecord]) -> KeptHousehold:
    head = people[0]
    address = None if is_hidden(people) else head.address
    return KeptHousehold(head.household_number, head.name, len(people), address)


def _event(case: Case, households: list[list[ResidentRecord]]) -> Entry:
    numbers = [one.resident_number for people in households for one in people]
    return Entry(
        event=AuditEvent.RESIDENTS_SEARCHED,
        occurred_at=case.visit.now,
        actor=case.visit.operator_id,
        detail={"hits": len(numbers), "resident_numbers": numbers},
    )


def _kept(case: Case) -> _KeptSearch | None:
    try:
        return msgspec.json.decode(case.form.text("households_found"), type=_KeptSearch)
    except msgspec.DecodeError:
        return None


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER:
        raise MalformedRequestError(field="joins")
    return int(text)
