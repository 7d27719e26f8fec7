"""An affair as the law lists it: for whom, which items, from when to when, and how well each date is known.

A date is sourced (a document says so), derived (it follows from a text of law at hand), unverified (known, but checked
against no text) or assumed (nothing says it: the first day on which the row can have applied). An assumption is never
shown as a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from jukinet.domain.appended_tables import TableRow
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_withholding import Withholding


class Confidence(Enum):
    """How well a date or a permission is known."""

    SOURCED = "sourced"
    DERIVED = "derived"
    UNVERIFIED = "unverified"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class SourcedDate:
    """A day, how well it is known, and what says so."""

    day: date
    confidence: Confidence
    source: str


@dataclass(frozen=True, slots=True)
class ItemTerm:
    """A time in which an affair may be given an item: from the first day to the last, both included."""

    item: ProvisionItem
    begins_on: date
    ends_on: date | None
    #: What gives it, and what ends it.
    source: str
    confidence: Confidence

    def is_in_force(self, day: date) -> bool:
        """Return whether the item may be given on `day`."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Ordinance:
    """An ordinance (条例) that lists an affair: whose, its number, the day the council passed it."""

    giver: LocalGovernmentCode
    number: str
    passed_on: date


@dataclass(frozen=True, slots=True)
class ListedAffair:
    """An affair (事務) for which identification information may be provided."""

    #: Table, row and item such as `1-77-3`; or the tag of a channel; or of an ordinance.
    id: str
    channel: Channel
    organs: tuple[str, ...]
    #: The law the affair is of; empty for an affair of the Act itself.
    law: str
    text: str
    begins_on: SourcedDate
    item_terms: tuple[ItemTerm, ...]
    #: The last day it is in force.
    ends_on: SourcedDate | None = None
    row: TableRow | None = None
    ordinance: Ordinance | None = None
    #: When its uses are withheld from the person; a later term goes before an earlier one.
    withheld: tuple[Withholding, ...] = ()
    #: Numbers of the approved changes that made it what it is.
    changes: tuple[int, ...] = ()

    def items_on(self, day: date) -> frozenset[ProvisionItem]:
        """Return the items that may be given on `day`, if the affair itself is in force."""
        return frozenset(term.item for term in self.item_terms if term.is_in_force(day))

    def withholding_on(self, day: date) -> Withholding | None:
        """Return how uses of `day` are withheld from the person; None where they are shown at once."""
        return next((term for term in reversed(self.withheld) if term.is_in_force(day)), None)

    def ground_on(self, day: date) -> str:
        """Return the legal ground with the article of the era: 法第30条の9、別表第1の77の項（国民年金法）."""
        parts = [self.channel.article_on(day)]
        if self.row is not None:
            parts.append(f"{self.row.label}（{self.law}）")
        elif self.ordinance is not None:
            parts.append(self.ordinance.number)
        return "、".join(parts)
