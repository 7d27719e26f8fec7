"""Whether newcomers have a household of their own, or join one that lives at their address (世帯への編入)."""

from __future__ import annotations

from typing import Final

import msgspec

from jukinet.domain.errors import MalformedRequestError, MissingItemError
from jukinet.municipal.search_keys import address_key_of
from jukinet.municipal.search_store import Hit, Search, search
from jukinet.municipal.web.cases import Asking, Case
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when

OWN, JOIN = "own", "join"
_MOST: Final = 50
_LONGEST_NUMBER: Final = 18


class KeptHousehold(msgspec.Struct, frozen=True):
    """A household at the address, as the form carries it."""

    number: int
    householder: str
    count: int

    def __repr__(self) -> str:
        return "KeptHousehold(***)"


class _KeptSearch(msgspec.Struct, frozen=True):
    address: str
    households: tuple[KeptHousehold, ...] = ()

    def __repr__(self) -> str:
        return "_KeptSearch(***)"


def household_fields(case: Case) -> list[Field]:
    """Return the choice, and the household joined: one of those found at the address, or its number."""
    ask, words = Asking(case, "joining"), case.words
    choices = [Choice(one, words(f"joining.household.{one}")) for one in (OWN, JOIN)]
    join = shown_when("household", JOIN)
    kept = _kept(case)
    fields = [
        ask("household", FieldKind.CHOICE, choices=choices, begins=words("joining.heading")),
        ask("households_found", FieldKind.CARRIED, is_needed=False),
    ]
    if kept is None or not kept.households:
        return [
            *fields,
            ask("joins", is_needed=False, is_numeric=True, is_short=True, read=_read_number, shown_when=join),
        ]
    households = [
        Choice(str(one.number), words("joining.of", name=one.householder), words("joining.members", count=one.count))
        for one in kept.households
    ]
    return [*fields, ask("joins", FieldKind.CHOICE, choices=households, read=_read_number, shown_when=join)]


async def find_households(case: Case, address: str) -> dict[str, str]:
    """Look for the households at the address; return what to put into the form, nothing where none has to be chosen.

    Raises:
        MissingItemError: nobody lives there, and no number was typed.
    """
    if case.values.get("household") != JOIN or case.values.get("joins") is not None:
        return {}
    key = address_key_of(case.desk.name.code, address)
    async with case.desk.database.connection() as connection:
        found = await search(connection, Search(address=key), limit=_MOST)
    households = _households([hit for hit in found.hits if hit.address == address and not hit.is_hidden])
    if not households:
        raise MissingItemError("Nobody lives at this address.", field="joins")
    kept = _KeptSearch(address, tuple(households))
    return {
        "households_found": msgspec.json.encode(kept).decode(),
        "joins": str(households[0].number) if len(households) == 1 else "",
    }


def joined_number(case: Case) -> int | None:
    """Return the household they join; None for one of their own."""
    if case.values.get("household") != JOIN:
        return None
    number: int | None = case.values.get("joins")
    return number


def _households(hits: list[Hit]) -> list[KeptHousehold]:
    numbers = dict.fromkeys(hit.household_number for hit in hits)
    found: list[KeptHousehold] = []
    for number in numbers:
        members = [hit for hit in hits if hit.household_number == number]
        head = next((hit for hit in members if hit.relationship == "世帯主"), members[0])
        found.append(KeptHousehold(number, head.name, len(members)))
    return found


def _kept(case: Case) -> _KeptSearch | None:
    try:
        return msgspec.json.decode(case.form.text("households_found"), type=_KeptSearch)
    except msgspec.DecodeError:
        return None


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER:
        raise MalformedRequestError(field="joins")
    return int(text)
