"""Every procedure that has screens: what a clerk can begin, in the order it is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jukinet.domain.errors import ConfigurationError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.web.birth import BIRTH
from jukinet.municipal.web.cancellation import CANCELLATION
from jukinet.municipal.web.cases import ChangeScreen, is_live
from jukinet.municipal.web.corrections import CORRECTIONS
from jukinet.municipal.web.death import DEATH
from jukinet.municipal.web.entering import EX_OFFICIO_ENTRY
from jukinet.municipal.web.foreigners import FOREIGN_RELATIONSHIP_CHANGE, FOREIGN_RESIDENT, RESIDENCE_STATUS_CHANGE
from jukinet.municipal.web.household import HOUSEHOLD_PROCEDURES
from jukinet.municipal.web.moving_in import MOVE_IN
from jukinet.municipal.web.moving_out import MOVE_OUT, MOVE_OUT_WITHDRAWAL
from jukinet.municipal.web.names import ALIASES, FORMER_SURNAMES
from jukinet.municipal.web.nationality import LOSS_OF_NATIONALITY, NATURALISATION
from jukinet.municipal.web.numbers import NUMBER_PROCEDURES
from jukinet.municipal.web.relocation import RELOCATION
from jukinet.municipal.web.removing import EX_OFFICIO_REMOVAL


def _anybody(record: ResidentRecord) -> bool:
    del record
    return True


def _foreign(record: ResidentRecord) -> bool:
    return record.is_foreign and not record.is_removed


@dataclass(frozen=True, slots=True)
class ProcedureGroup:
    """Procedures that are offered together, under one heading."""

    #: Its heading is the text `group.<name>`.
    name: str
    screens: tuple[ChangeScreen, ...]
    #: To whose records they can be done; each screen may say so more narrowly. Of a removed record only what says so.
    is_for: Callable[[ResidentRecord], bool] = is_live

    @property
    def title(self) -> str:
        """Return the id of its heading."""
        return f"group.{self.name}"

    def offered(self, record: ResidentRecord) -> tuple[ChangeScreen, ...]:
        """Return what can be done to this record, from its page."""
        if not self.is_for(record):
            return ()
        return tuple(one for one in self.screens if one.begins_with_resident and one.applies_to(record))


#: A new procedure is one line here, in its group.
GROUPS: Final[tuple[ProcedureGroup, ...]] = (
    ProcedureGroup("moving", (MOVE_IN, RELOCATION, MOVE_OUT, MOVE_OUT_WITHDRAWAL)),
    ProcedureGroup("household", HOUSEHOLD_PROCEDURES),
    ProcedureGroup("vital", (BIRTH, DEATH, NATURALISATION, LOSS_OF_NATIONALITY, *FORMER_SURNAMES)),
    ProcedureGroup("correction", (EX_OFFICIO_ENTRY, *CORRECTIONS, EX_OFFICIO_REMOVAL, CANCELLATION), _anybody),
    ProcedureGroup("numbers", NUMBER_PROCEDURES),
    ProcedureGroup(
        "foreign", (FOREIGN_RESIDENT, RESIDENCE_STATUS_CHANGE, FOREIGN_RELATIONSHIP_CHANGE, *ALIASES), _foreign
    ),
)
#: Every procedure, whatever its group.
PROCEDURES: Final[tuple[ChangeScreen, ...]] = tuple(one for group in GROUPS for one in group.screens)


def offered_groups(record: ResidentRecord) -> list[tuple[ProcedureGroup, tuple[ChangeScreen, ...]]]:
    """Return what can be done to a record, by group; groups without anything are left out."""
    return [(group, offered) for group in GROUPS if (offered := group.offered(record))]


def require_procedures(kinds: frozenset[str]) -> frozenset[str]:
    """Return kinds that a setting names; raise ConfigurationError where there is no such procedure."""
    unknown = kinds - {one.kind for one in PROCEDURES}
    if unknown:
        message = f"There is no procedure {', '.join(sorted(unknown))}."
        raise ConfigurationError(message, field="reviewed_procedures")
    return kinds
