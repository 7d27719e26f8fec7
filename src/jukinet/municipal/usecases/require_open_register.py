"""Refuse what a merger of municipalities (市町村の廃置分合) leaves no room for: in the transaction of the act.

From the day on which a municipality ceases, its register records nothing more but what must be put right before it can
be handed over. At the successor the records are not touched until they have its code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from jukinet.domain.clock import civil_day
from jukinet.domain.errors import RegisterClosedError, RegisterNotTakenOverError
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.merger_store import find_closing, list_merged
from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import NodeName

#: What may still be put right after the day, until the register is handed over.
_CORRECTIONS: Final = frozenset(
    {
        Procedure.EX_OFFICIO_CORRECTION.value,
        Procedure.ERROR_CORRECTION.value,
        Procedure.MINOR_CORRECTION.value,
        Procedure.HOUSEHOLDER_CHANGE.value,
    }
)


async def require_open_register(
    unit: Unit, *, node: NodeName, now: datetime, procedure: str = "", records: Iterable[ResidentRecord | None] = ()
) -> None:
    """Refuse an act on a register that has ended, or on live records that are still being taken over.

    Raises:
        RegisterClosedError: this municipality has merged into another.
        RegisterNotTakenOverError: a record still has the code of a municipality that this one continues.
    """
    closing = await find_closing(unit, node.code, today=civil_day(now))
    if closing is not None and (closing.is_handed_over or procedure not in _CORRECTIONS):
        raise RegisterClosedError
    if procedure == Procedure.MUNICIPAL_MERGER.value:
        return
    merged = await list_merged(unit, node.code)
    if merged and any(one is not None and not one.is_removed and one.municipality in merged for one in records):
        raise RegisterNotTakenOverError(field="municipality")


def records_of(steps: Iterable[RecordStep]) -> Iterable[ResidentRecord | None]:
    """Return the versions that steps start from and lead to."""
    for step in steps:
        yield step.before
        yield step.after
