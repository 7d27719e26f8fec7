"""Uses that are withheld from the person for a time (提供の記録の留保): committed at once, shown on a day (I11).

A law may say that a person is not told yet: a criminal investigation, or a third party whom the entry would betray (a
notary who looks up an heir while the testator lives). Which affairs these are is part of the law of provision, so a
change of it is dated in advance and approved by a second person, and everybody can read that an affair is of this kind.

Source: Act (2015–) art. 30-24, 30-32; what allows it stands in the change that lists it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from jukinet.domain.errors import MissingItemError, OnlyRealTimeError
from jukinet.domain.rules import Rule, enforces

#: The longest term in days: five years.
LONGEST_TERM: Final = 1827


class WithheldReason(Enum):
    """Why the person is not told yet."""

    INVESTIGATION = "investigation"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class Withholding:
    """How long the uses for an affair are withheld, from a first day of use to a last one."""

    reason: WithheldReason
    #: Days after the use until the person sees it.
    days: int
    begins_on: date
    ends_on: date | None
    #: What allows it.
    source: str

    def is_in_force(self, day: date) -> bool:
        """Return whether a use of `day` is withheld."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)

    def until(self, day: date) -> date:
        """Return the day from which a use of `day` is shown."""
        return day + timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesWithheld:
    """A change of the law: uses for the affair are withheld from its day on; without a reason, no longer."""

    affair: str
    reason: WithheldReason | None = None
    days: int = 0


def require_possible_withholding(act: UsesWithheld) -> None:
    """Refuse a term that is not between a day and five years; raise MissingItemError.

    Nothing is withheld for ever, and what is withheld no longer has no term.
    """
    if not (1 <= act.days <= LONGEST_TERM if act.reason else act.days == 0):
        raise MissingItemError(f"State from 1 to {LONGEST_TERM} days, or nothing to withhold.", field="withheld_days")


@enforces(Rule.WITHHELD_USES_ONE_BY_ONE)
def require_shown_at_once(withholding: Withholding | None) -> None:
    """Refuse files and subscriptions for an affair whose uses are withheld; raise OnlyRealTimeError."""
    if withholding is not None:
        raise OnlyRealTimeError(field="affair")
