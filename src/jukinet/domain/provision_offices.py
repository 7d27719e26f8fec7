"""Offices (部署) of an organ, and the affairs each may ask for.

An organ that has registered none may state any office. From the first day of its first office on, only its registered
offices may ask, and only for their affairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from jukinet.domain.errors import OfficeNotPermittedError
from jukinet.domain.rules import Rule, enforces


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office of an agency. Without `affairs` it may ask for every affair of its organ."""

    #: The agency node's code.
    agency: str
    name: str
    affairs: frozenset[str]
    begins_on: date
    #: The last day it may ask.
    ends_on: date | None = None

    def is_in_force(self, day: date) -> bool:
        """Return whether the office may ask on `day`."""
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


class OfficeRegister:
    """The offices of every agency. Never changed: a change makes another register."""

    __slots__ = ("_by_agency",)

    def __init__(self, offices: Iterable[Office] = ()) -> None:
        by_agency: dict[str, tuple[Office, ...]] = {}
        for office in offices:
            by_agency[office.agency] = (*by_agency.get(office.agency, ()), office)
        self._by_agency: Final = by_agency

    @property
    def offices(self) -> tuple[Office, ...]:
        """Return every office, of every day."""
        return tuple(office for offices in self._by_agency.values() for office in offices)

    def list_offices(self, agency: str) -> tuple[Office, ...]:
        """Return the offices of an agency, of every day."""
        return self._by_agency.get(agency, ())

    def has_office(self, agency: str, name: str, day: date) -> bool:
        """Return whether an office of this name may ask on `day`, or will later."""
        return any(
            office.name == name and (office.ends_on is None or office.ends_on >= day)
            for office in self.list_offices(agency)
        )

    def with_office(self, office: Office) -> OfficeRegister:
        """Return the register with one office more."""
        return OfficeRegister((*self.offices, office))

    def with_last_day(self, agency: str, name: str, last: date) -> OfficeRegister:
        """Return the register with an office ended."""
        return OfficeRegister(
            replace(office, ends_on=last)
            if (office.agency, office.name) == (agency, name) and office.is_in_force(last)
            else office
            for office in self.offices
        )

    @enforces(Rule.PROVISION_BY_A_REGISTERED_OFFICE)
    def require_office(self, *, agency: str, office: str, affair: str, day: date) -> None:
        """Refuse an office that its organ has not registered for this affair.

        Raises:
            OfficeNotPermittedError: the organ has registered offices, and none of this name for this affair.
        """
        offices = self._by_agency.get(agency)
        registered = [one for one in offices if one.begins_on <= day] if offices else None
        if not registered:
            return
        named = [one for one in registered if one.name == office and one.is_in_force(day)]
        if not any(not one.affairs or affair in one.affairs for one in named):
            error = OfficeNotPermittedError(field="office")
            error.add_note("registered for other affairs" if named else "no office of this name is registered")
            raise error
