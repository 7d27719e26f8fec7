"""Take over the register of a municipality that ceased (引継ぎの受入れ): part by part, each once, in any order.

Its numbers move by a base that is set apart once, so that none of them is one of ours. What was recorded there stays
as it was recorded. Nobody is live here with the new code until `merge_municipality` has written it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import Intake, receive_numbered_notices
from jukinet.domain.acts.move_out import read_succession, write_succession
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import (
    ImpossibleChangeError,
    MalformedRequestError,
    MergerNotFoundError,
    PeerNotPermittedError,
)
from jukinet.domain.households import Succession
from jukinet.domain.resident_record_code import require_resident_record_code
from jukinet.municipal.hand_over_store import (
    Bases,
    add_rows,
    find_bases,
    note_complete,
    note_part,
    set_numbers_apart,
)
from jukinet.municipal.merger_store import KnownMerger, find_merger, lock_merger
from jukinet.municipal.usecases.prepare_merger import note_merger
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.hand_over import HANDED_OVER, RegisterHandOver, Row
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received

_RECEIVING: Final = frozenset({"approved", "taking_over", "taken_over", "finished"})
#: What each numbered column counts.
_NUMBERS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "resident": {"resident_number": "resident"},
        "resident_record": {"resident_number": "resident", "household_number": "household", "act_number": "act"},
        "act": {"act_number": "act", "cancels": "act"},
        "move_in_notice": {"resident_number": "resident"},
        "code_notice": {"notice_number": "code_notice", "resident_number": "resident"},
        "code_notice_event": {"notice_number": "code_notice"},
        "person_notice": {
            "notice_number": "person_notice",
            "act_number": "act",
            "resident_number": "resident",
        },
        "person_notice_event": {"notice_number": "person_notice"},
    }
)


async def take_over_register(
    *, received: Received[tuple[RegisterHandOver, ...]], node: NodeName, database: Database, now: datetime
) -> NoticesAnswer:
    """Add the parts of one message to the register and return what became of each, after it is durable.

    Raises:
        PeerNotPermittedError: this municipality has not approved to continue the sender, or the day has not come. The
            sender says it again later.
        ReplayedMessageError: this message id was received before.
    """
    sender = received.peer.name
    async with database.connection() as unit:
        await _require_approved(unit, sender, node, now)
    act = Act(operator_id=node.text, node=node, now=now)

    async def keep(unit: Unit, parts: Sequence[RegisterHandOver]) -> None:
        merger = await lock_merger(unit, sender.code)
        if merger.state == "approved":
            await set_numbers_apart(unit, merger.outgoing, parts[0].highest)
            await note_merger(unit, outgoing=merger.outgoing, successor=node.code, state="taking_over", act=act)
        bases = await find_bases(unit, merger.outgoing)
        for part in parts:
            await _add(unit, part, bases)
        await append(unit, [_event(part, act) for part in parts])
        if await note_complete(unit, merger.outgoing):
            await note_merger(unit, outgoing=merger.outgoing, successor=node.code, state="taken_over", act=act)

    intake: Intake[RegisterHandOver] = Intake(
        require_valid=lambda part: require_valid(part, sender=sender), record=keep
    )
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


def require_valid(part: RegisterHandOver, *, sender: NodeName) -> None:
    """Refuse a part that is not of the sender's register, or not of the form of its table.

    Raises:
        PeerNotPermittedError: it is of another municipality's.
        MalformedRequestError: there is no such table, or a row has other columns.
        ImpossibleChangeError: a number is higher than the highest.
        InvalidValueError: a resident record code cannot be one.
    """
    if part.outgoing != sender.code:
        raise PeerNotPermittedError("A municipality hands over its own register only.", field="outgoing")
    columns = HANDED_OVER.get(part.table)
    if columns is None or any(len(row) != len(columns) for row in part.rows):
        raise MalformedRequestError("A part has the columns of its table.", field="rows")
    for name, counted in _NUMBERS.get(part.table, {}).items():
        place, highest = columns.index(name), getattr(part.highest, counted)
        if any(row[place] is not None and not _is_number(row[place] or "", highest) for row in part.rows):
            raise ImpossibleChangeError("A number is higher than the highest of its register.", field=name)
    if "resident_record_code" in columns:
        place = columns.index("resident_record_code")
        for row in part.rows:
            require_resident_record_code(row[place] or "", field="resident_record_code")


def _is_number(text: str, highest: int) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= highest


async def _require_approved(unit: Unit, sender: NodeName, node: NodeName, now: datetime) -> KnownMerger:
    try:
        merger = await find_merger(unit, sender.code)
    except MergerNotFoundError:
        merger = None
    is_due = merger is not None and merger.effective_on <= civil_day(now)
    if merger is None or not is_due or merger.successor != node.code or merger.state not in _RECEIVING:
        raise PeerNotPermittedError("This municipality has not approved to continue the sender's.", field="sender")
    return merger


async def _add(unit: Unit, part: RegisterHandOver, bases: Bases) -> None:
    if part.rows:
        move = _mover(part.table, bases)
        await add_rows(unit, part.table, [move(row) for row in part.rows])
    if part.part_number:
        await note_part(unit, part.outgoing, parts=1, rows=len(part.rows), total=part.total)


def _mover(table: str, bases: Bases) -> Callable[[Row], Row]:
    """Return what moves the numbers of a row into those that were set apart."""
    columns = HANDED_OVER[table]
    moved = {columns.index(name): getattr(bases, counted) for name, counted in _NUMBERS.get(table, {}).items()}
    succession = columns.index("planned_succession") if "planned_succession" in columns else None

    def move(row: Row) -> Row:
        new = list(row)
        for place, base in moved.items():
            if (text := new[place]) is not None:
                new[place] = str(int(text) + base)
        if succession is not None and new[succession] is not None:
            new[succession] = _moved_succession(new[succession], bases.resident)
        return tuple(new)

    return move


def _moved_succession(text: str | None, base: int) -> str | None:
    said = read_succession(text)
    return write_succession(
        Succession(
            householder=None if said.householder is None else said.householder + base,
            relationships={number + base: relationship for number, relationship in said.relationships.items()},
        )
    )


def _event(part: RegisterHandOver, act: Act) -> Entry:
    return Entry(
        event=AuditEvent.REGISTER_TAKEN_OVER,
        occurred_at=act.now,
        actor=part.outgoing,
        detail={
            "outgoing": part.outgoing,
            "part_number": part.part_number,
            "rows": len(part.rows),
            "is_late": part.part_number == 0,
        },
    )
