"""What is recorded of the residents a message speaks of: whose turn it is, and which changes contradict it (I2, I7).

A sender's competence is judged by the municipality a notice names; here it is judged by whose resident this is. Without
that, the next number in the sequence would be all that is needed to write over anybody's record.

Each residence of a person is a strand of its own: it begins with an entry and goes on without a gap (docs/adr/0011).
The national tier holds everyone, so there a residence follows exactly the one before. A prefecture does not see the
residences elsewhere: any later one follows a removal, and an earlier one that comes late joins the history.

Nor does a prefecture see a code that changes elsewhere, or whose change it hears of after the next residence: one
person may then stand under two codes with one Individual Number until the removal of the earlier residence has come.
Who have one number in the same residence are two people; of two residences only the nation can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

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
from jukinet.domain.mergers import NO_MERGERS, is_continued
from jukinet.domain.update_sequence import begins_residence, residence_of
from jukinet.protocol.identification import IdentificationNotice


class Turn(Enum):
    """Whether a notice can come now."""

    NEXT = "next"
    REPEATED = "repeated"
    EARLY = "early"


class Standing(NamedTuple):
    """What is recorded of one resident, or of one residence, as far as it decides what may come next."""

    update_sequence: int
    #: 全国地方公共団体コード; empty for a code that was changed into another.
    municipality: str = ""
    individual_number: str | None = None
    is_removed: bool = False
    #: Whether the code was changed into another: no later residence follows under it.
    is_ended: bool = False

    @property
    def residence(self) -> int:
        """Return the residence this has come to, from 0."""
        return residence_of(self.update_sequence)

    def __repr__(self) -> str:
        return "Standing(***)"


#: A residence of a resident: the resident record code then, and the number of the residence, from 0.
Residence: TypeAlias = tuple[str, int]
_NO_PAST: Final[Mapping[Residence, Standing]] = {}


class Register:
    """The residents of one message, as they stand after each notice that was applied. Not a value: it moves on."""

    __slots__ = ("_holds_everyone", "_owners", "_past", "_standings", "_successors")

    def __init__(
        self,
        standings: Mapping[str, Standing],
        owners: Mapping[str, Mapping[str, int]],
        *,
        past: Mapping[Residence, Standing] = _NO_PAST,
        successors: Mapping[str, str] = NO_MERGERS,
        holds_everyone: bool = False,
    ) -> None:
        self._standings = dict(standings)
        #: The mergers in effect: which municipality continues the residents of one that ceased.
        self._successors = successors
        #: Under which codes each Individual Number is live, and in which residence; only of numbers new to somebody.
        self._owners = {number: dict(codes) for number, codes in owners.items()}
        #: How far the residences before the present ones have come, as far as this message speaks of them.
        self._past = dict(past)
        self._holds_everyone = holds_everyone

    def find_turn(self, notice: IdentificationNotice) -> Turn:
        """Return whether this notice is the next of its resident, was recorded, or waits for an earlier one."""
        sequence, key = notice.update_sequence, resident_key(notice)
        standing = self._standings.get(key)
        if standing is None:
            return self._turn_of_unknown(notice)
        residence = residence_of(sequence)
        if residence < standing.residence and not self._holds_everyone:
            return _turn_in(self._past.get((key, residence)), notice)
        if standing.is_ended:
            return Turn.REPEATED
        if residence <= standing.residence:
            return _turn_in(standing, notice)
        is_turn = standing.is_removed and begins_residence(sequence)
        if self._holds_everyone:
            is_turn = is_turn and residence == standing.residence + 1
        return Turn.NEXT if is_turn else Turn.EARLY

    def find_contradiction(self, notice: IdentificationNotice) -> JukinetError | None:
        """Return why this notice, the next of its resident, cannot be applied to what is recorded; None if it can."""
        key, is_past = resident_key(notice), self.is_past(notice)
        if key != notice.resident_record_code and notice.resident_record_code in self._standings and not is_past:
            # A code is never given twice, not even back to the person who had it.
            return DuplicateResidentRecordCodeError(field="resident_record_code")
        standing = self._strand(key, residence_of(notice.update_sequence))
        if standing is not None and (error := _contradiction(standing, notice, self._successors)) is not None:
            return error
        number = notice.individual_number
        is_new = number and not is_past and (standing is None or _is_new(number, standing))
        if is_new and number and self._is_of_another(number, key, residence_of(notice.update_sequence)):
            return DuplicateIndividualNumberError(field="individual_number")
        return None

    def _is_of_another(self, number: str, key: str, residence: int) -> bool:
        return any(
            code != key and (self._holds_everyone or theirs == residence)
            for code, theirs in self._owners.get(number, {}).items()
        )

    def is_past(self, notice: IdentificationNotice) -> bool:
        """Return whether the notice belongs to a residence before the present one of its resident."""
        standing = self._standings.get(notice.resident_record_code)
        return (
            standing is not None
            and not self._holds_everyone
            and residence_of(notice.update_sequence) < standing.residence
        )

    def apply(self, notice: IdentificationNotice) -> None:
        """Note that the notice was applied."""
        key, code, number = resident_key(notice), notice.resident_record_code, notice.individual_number
        is_removed = notice.reason in REMOVAL_REASONS
        after = Standing(notice.update_sequence, notice.municipality, number, is_removed)
        is_past = self.is_past(notice)
        before = self._standings.get(key)
        if key != code and before is not None:
            self._standings[key] = before._replace(is_ended=True)
        if is_past:
            self._past[code, after.residence] = after
        if is_past and key == code:
            return
        if before is not None and before.individual_number:
            self._owners.get(before.individual_number, {}).pop(key, None)
        if is_past:
            return
        if before is not None and key == code and before.residence < after.residence:
            self._past[code, before.residence] = before
        if number and not is_removed:
            self._owners.setdefault(number, {})[code] = after.residence
        self._standings[code] = after

    def _turn_of_unknown(self, notice: IdentificationNotice) -> Turn:
        sequence, residence = notice.update_sequence, residence_of(notice.update_sequence)
        if notice.previous_resident_record_code is not None:
            # The code was changed already when this is a repetition.
            strand = self._strand(notice.resident_record_code, residence)
            if strand is not None and sequence <= strand.update_sequence:
                return Turn.REPEATED
        if sequence == 1:
            return Turn.NEXT
        is_turn = not self._holds_everyone and notice.reason in ENTRY_REASONS and begins_residence(sequence)
        return Turn.NEXT if is_turn else Turn.EARLY

    def _strand(self, code: str, residence: int) -> Standing | None:
        """Return what a change in this residence continues: the past strand, or what is present."""
        standing = self._standings.get(code)
        if standing is not None and residence < standing.residence and not self._holds_everyone:
            return self._past.get((code, residence))
        return standing


def _turn_in(strand: Standing | None, notice: IdentificationNotice) -> Turn:
    sequence = notice.update_sequence
    if strand is None:
        return Turn.NEXT if begins_residence(sequence) and notice.reason in ENTRY_REASONS else Turn.EARLY
    if sequence <= strand.update_sequence:
        return Turn.REPEATED
    return Turn.NEXT if sequence == strand.update_sequence + 1 else Turn.EARLY


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


def list_past_residences(notices: Iterable[IdentificationNotice], standings: Mapping[str, Standing]) -> list[Residence]:
    """Return the residences before the present ones that these notices speak of."""
    found: set[Residence] = set()
    for notice in notices:
        residence = residence_of(notice.update_sequence)
        for code in {notice.resident_record_code, resident_key(notice)}:
            standing = standings.get(code)
            if standing is not None and residence < standing.residence:
                found.add((code, residence))
    return [*found]


def resident_key(notice: IdentificationNotice) -> str:
    """Return the code this resident is known by before the change."""
    return notice.previous_resident_record_code or notice.resident_record_code


def _is_new(number: str, standing: Standing) -> bool:
    # While a record is removed, its number is not held for it.
    return number != standing.individual_number or standing.is_removed


def _contradiction(
    standing: Standing, notice: IdentificationNotice, successors: Mapping[str, str]
) -> ConflictError | PeerNotPermittedError | None:
    if notice.reason in ENTRY_REASONS:
        if not standing.is_removed or notice.reason == ChangeReason.BIRTH.value:
            return DuplicateResidentRecordCodeError(
                "This resident is recorded: only a removed one enters again.", field="reason"
            )
        return None
    if standing.is_removed:
        return ResidentRemovedError(field="reason")
    recorded, notified = standing.municipality, notice.municipality
    is_other = notified != recorded and _node_of(notified) != _node_of(recorded)
    if is_other and not is_continued(successors, recorded=recorded, notified=notified, reason=notice.reason):
        return PeerNotPermittedError(
            "The resident is of another municipality: only an entry (転入) follows.", field="municipality"
        )
    return None


@lru_cache(maxsize=2048)
def _node_of(municipality: str) -> str:
    return municipality_of(LocalGovernmentCode(municipality)).code.value
