"""The law of provision in force, in the memory of the national node, renewed within seconds of an approval.

Every change is dated in advance, so a law that is seconds old decides as today's does. A law that was never loaded
decides nothing: the first question loads it, and without the database it is refused.
"""

from __future__ import annotations

import asyncio
from typing import Final

from jukinet.domain.provision_changes import changed_law, changed_offices
from jukinet.domain.provision_law import ProvisionLaw, bundled_law
from jukinet.domain.provision_offices import OfficeRegister
from jukinet.national.law_store import count_approved, list_approved
from jukinet.postgres.database import Database

#: How often the node looks whether another process approved a change.
POLL_SECONDS: Final = 2.0


class LawKeeper:
    """Keeps the law and the offices as the approved changes make them."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._approved: int | None = None
        self._law = bundled_law()
        self._offices = OfficeRegister()

    async def current(self) -> tuple[ProvisionLaw, OfficeRegister]:
        """Return the law and the offices, loading them first if need be.

        Raises:
            DatabaseUnavailableError: they were never loaded and cannot be now.
        """
        if self._approved is None:
            await self.refresh()
        return self._law, self._offices

    async def refresh(self) -> bool:
        """Load what was approved since the last time; return whether there was anything."""
        async with self._database.transaction() as unit:
            approved = await count_approved(unit)
            if approved == self._approved:
                return False
            changes = await list_approved(unit)
        # One step: whoever asks meanwhile sees either all of the old or all of the new.
        law, offices = changed_law(bundled_law(), changes), changed_offices(changes)
        self._law, self._offices, self._approved = law, offices, approved
        return True

    async def keep(self) -> None:
        """Stay up to date for ever."""
        while True:
            await self.refresh()
            await asyncio.sleep(POLL_SECONDS)
