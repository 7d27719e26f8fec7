"""Make, approve or give up a merger of municipalities (市町村の廃置分合), at the one that ceases and at its successor.

Each of the two is bound by two persons of its own: the one that ceases hands its register to nobody it has not
approved, and its successor takes nobody's register without having approved it.
"""

from __future__ import annotations

from collections.abc import Sequence

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.acts.mass_address_change import AddressRow, sort_rows
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ImpossibleChangeError, MergerStateError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.mergers import Merger, require_possible_merger
from jukinet.domain.reviews import require_other_operator
from jukinet.municipal.merger_store import (
    add_merger,
    approve_merger,
    begin_again,
    discard_merger,
    lock_merger,
    replace_towns,
)
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit


async def prepare_merger(*, merger: Merger, act: Act, database: Database) -> None:
    """Keep a merger of this municipality, to be approved. Until then, making it again puts it right.

    Raises:
        JukinetError: the rule of `mergers.require_possible_merger` it breaks.
        ImpossibleChangeError: this municipality is neither of the two.
        MergerStateError: a merger of that municipality is approved.
    """
    require_possible_merger(merger, today=civil_day(act.now))
    if act.node.code not in {merger.outgoing.value, merger.successor.value}:
        raise ImpossibleChangeError("This municipality is neither of the two.", field="successor")
    async with database.transaction() as unit:
        if not await add_merger(unit, merger, operator_id=act.operator_id, now=act.now):
            raise MergerStateError("A merger of that municipality is approved already.", field="outgoing")
        await note_merger(unit, outgoing=merger.outgoing.value, successor=merger.successor.value, state="made", act=act)


async def approve_prepared_merger(*, outgoing: str, act: Act, database: Database) -> None:
    """Approve a merger: from its day on it is carried out.

    Raises:
        MergerNotFoundError, MergerStateError: there is none, or it does not wait for approval.
        SelfReviewError: whoever made it does not approve it.
    """
    async with database.transaction() as unit:
        merger = await lock_merger(unit, outgoing)
        if merger.state != "made":
            raise MergerStateError(field="outgoing")
        require_other_operator(submitted_by=merger.made_by, reviewer=act.operator_id)
        await approve_merger(unit, outgoing, operator_id=act.operator_id, now=act.now)
        await note_merger(unit, outgoing=outgoing, successor=merger.successor, state="approved", act=act)


async def discard_prepared_merger(*, outgoing: str, act: Act, database: Database) -> None:
    """Give up a merger of which nothing has been handed over.

    Raises:
        MergerNotFoundError, MergerStateError: there is none, or it has begun.
    """
    async with database.transaction() as unit:
        merger = await lock_merger(unit, outgoing)
        if merger.state not in {"made", "approved"}:
            raise MergerStateError(field="outgoing")
        await discard_merger(unit, outgoing)
        await note_merger(unit, outgoing=outgoing, successor=merger.successor, state="discarded", act=act)


async def rename_merged_towns(*, outgoing: str, rows: Sequence[AddressRow], act: Act, database: Database) -> int:
    """Say at the successor how towns of the old municipality are called from the merger on; return how many rows.

    Where addresses could not be changed, they are tried again.

    Raises:
        MergerNotFoundError, MergerStateError: there is none, this is not the successor, or it is over.
        JukinetError: a row cannot be used; none is kept.
    """
    good, refused = sort_rows(LocalGovernmentCode.parse(outgoing), rows)
    if refused:
        raise refused[0].error
    async with database.transaction() as unit:
        merger = await lock_merger(unit, outgoing)
        is_under_way = bool(merger.residents) and (merger.merged_until or 0) < (merger.last_household or 0)
        if merger.successor != act.node.code or merger.state == "finished" or is_under_way:
            raise MergerStateError(field="outgoing")
        await replace_towns(unit, outgoing, good)
        await begin_again(unit, outgoing)
        await note_merger(unit, outgoing=outgoing, successor=merger.successor, state="towns_renamed", act=act)
    return len(good)


async def note_merger(unit: Unit, *, outgoing: str, successor: str, state: str, act: Act) -> None:
    """Put on the log how far a merger has come."""
    event = Entry(
        event=AuditEvent.MERGER_MOVED,
        occurred_at=act.now,
        actor=act.operator_id,
        detail={"outgoing": outgoing, "successor": successor, "state": state},
    )
    await append(unit, [event])
