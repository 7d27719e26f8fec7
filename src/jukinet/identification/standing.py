"""What is recorded of the residents a message speaks of, and which changes contradict it (I7).

A sender's competence is judged by the municipality a notice names; here it is judged by whose resident this is. Without
that, the next number in the sequence would be all that is needed to write over anybody's record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from jukinet.domain.changes import ENTRY_REASONS, REMOVAL_REASONS, ChangeReason
from jukinet.domain.errors import (
    ConflictError,
    DuplicateIndividualNumberError,
    DuplicateResidentRecordCodeError,
    JukinetError,
    PeerNotPermittedError,
    ResidentRemovedError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.protocol.identification import IdentificationNotice


class Standing(NamedTuple):
    """What is recorded of one resident, as far as it decides what may come next."""

    update_sequence: int
    #: 全国地方公共団体コード; empty for a code that was changed into another.
    municipality: str = ""
    individual_number: str | None = None
    is_removed: bool = False

    def __repr__(self) -> str:
        return "Standing(***)"


class Register:
    """The residents of one message, as they stand after each notice that was applied. Not a value: it moves on."""

    __slots__ = ("_owners", "_standings")

    def __init__(self, standings: Mapping[str, Standing], owners: Mapping[str, str]) -> None:
        self._standings = dict(standings)
        #: The code of the live resident each Individual Number belongs to; only of numbers that are new to somebody.
        self._owners = dict(owners)

    def find_contradiction(self, notice: IdentificationNotice) -> JukinetError | None:
        """Return why this notice, the next of its resident, cannot be applied to what is recorded; None if it can."""
        key = resident_key(notice)
        if key != notice.resident_record_code and notice.resident_record_code in self._standings:
            # A code is never given twice, not even back to the person who had it.
            return DuplicateResidentRecordCodeError(field="resident_record_code")
        standing = self._standings.get(key)
        if standing is not None and (error := _contradiction(standing, notice)) is not None:
            return error
        number = notice.individual_number
        if number and (standing is None or _is_new(number, standing)) and self._owners.get(number, key) != key:
            return DuplicateIndividualNumberError(field="individual_number")
        return None

    def apply(self, notice: IdentificationNotice) -> None:
        """Note that the notice was applied."""
        key, code, number = resident_key(notice), notice.resident_record_code, notice.individual_number
        before = self._standings.get(key)
        if before is not None and before.individual_number and self._owners.get(before.individual_number) == key:
            del self._owners[before.individual_number]
        is_removed = notice.reason in REMOVAL_REASONS
        if number and not is_removed:
            self._owners[number] = code
        self._standings[code] = Standing(notice.update_sequence, notice.municipality, number, is_removed)


def list_new_numbers(notices: Iterable[IdentificationNotice], standings: Mapping[str, Standing]) -> list[str]:
    """Return the Individual Numbers that these notices bring to somebody who does not have them yet."""
    found: set[str] = set()
    for notice in notices:
        number = notice.individual_number
        if number:
            standing = standings.get(resident_key(notice))
            if standing is None or _is_new(number, standing):
                found.add(number)
    return [*found]


def resident_key(notice: IdentificationNotice) -> str:
    """Return the code this resident is known by before the change."""
    return notice.previous_resident_record_code or notice.resident_record_code


def _is_new(number: str, standing: Standing) -> bool:
    # While a record is removed, its number is not held for it.
    return number != standing.individual_number or standing.is_removed


def _contradiction(standing: Standing, notice: IdentificationNotice) -> ConflictError | PeerNotPermittedError | None:
    if notice.reason in ENTRY_REASONS:
        if not standing.is_removed or notice.reason == ChangeReason.BIRTH.value:
            return DuplicateResidentRecordCodeError(
                "This resident is recorded: only a removed one enters again.", field="reason"
            )
        return None
    if standing.is_removed:
        return ResidentRemovedError(field="reason")
    if notice.municipality != standing.municipality and _node_of(notice.municipality) != _node_of(
        standing.municipality
    ):
        return PeerNotPermittedError(
            "The resident is of another municipality: only an entry (転入) follows.", field="municipality"
        )
    return None


@lru_cache(maxsize=2048)
def _node_of(municipality: str) -> str:
    return municipality_of(LocalGovernmentCode(municipality)).code.value
