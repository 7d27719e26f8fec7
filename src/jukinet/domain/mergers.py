"""A merger of municipalities (市町村の廃置分合): one ceases, its area becomes part of another; nobody moves.

It is decided by the governor and takes effect by public notice. If two merge into a new one, that is this twice.
Source: Local Autonomy Act art. 7(1)(7); Order art. 12(2)(vii).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from jukinet.domain.changes import ChangeReason
from jukinet.domain.errors import DateOutOfOrderError, ImpossibleChangeError, MissingItemError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of, wards_of
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.rules import Rule, enforces

#: No merger is known: what most tiers know on most days.
NO_MERGERS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """What the public notice says: which municipality ceases, which one continues it, from which day on."""

    outgoing: LocalGovernmentCode
    successor: LocalGovernmentCode
    public_notice: str
    noticed_on: date
    effective_on: date


@enforces(Rule.MERGER_IS_GIVEN_NOTICE_OF)
def require_possible_merger(merger: Merger, *, today: date) -> None:
    """Refuse a merger that cannot be, or that this network cannot carry out.

    Raises:
        UnknownLocalGovernmentError: one of the two is no municipality.
        ImpossibleChangeError: they are the same, of two prefectures, or a designated city or its ward is one of them.
        MissingItemError: there is no public notice.
        DateOutOfOrderError: the notice lies in the future, or the merger takes effect before it.
    """
    for code, field in ((merger.outgoing, "outgoing"), (merger.successor, "successor")):
        if municipality_of(code).code != code or wards_of(code):
            raise ImpossibleChangeError("The merger of a designated city or a ward is not supported.", field=field)
    if merger.outgoing == merger.successor:
        raise ImpossibleChangeError("A municipality does not merge into itself.", field="successor")
    if merger.outgoing.prefecture_code != merger.successor.prefecture_code:
        raise ImpossibleChangeError("Both municipalities lie in the same prefecture.", field="successor")
    if not merger.public_notice.strip():
        raise MissingItemError("Say which public notice the merger rests on.", field="public_notice")
    require_repertoire(merger.public_notice, field="public_notice")
    if merger.noticed_on > today:
        raise DateOutOfOrderError("The public notice lies in the future.", field="noticed_on")
    if merger.effective_on < merger.noticed_on:
        raise DateOutOfOrderError("It takes effect after its public notice.", field="effective_on")


@enforces(Rule.MERGER_IS_GIVEN_NOTICE_OF)
def is_continued(successors: Mapping[str, str], *, recorded: str, notified: str, reason: str) -> bool:
    """Return whether a change of a resident of municipality `recorded` is the successor's to notify.

    `successors` are the mergers in effect, by the code of the municipality that ceased. Only the minor correction that
    gives the resident the successor's code goes across; after it the resident is the successor's like any other.
    """
    return reason == ChangeReason.MINOR_CORRECTION.value and successors.get(recorded) == notified
