"""Hand the whole register over to the successor (引継ぎ): every table of it, in signed parts, in one transaction.

Either everything waits in the outbox or nothing does: whoever is interrupted begins again. What is under way upward is
carried first, and what stands open is settled first: the successor begins where everything is known to everybody.
What third municipalities still send here afterwards follows it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.delivery.numbered_notices import new_notice_number, queue_notices
from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.errors import HandOverNotReadyError, MergerStateError
from jukinet.municipal.hand_over_store import find_highest_numbers, list_late_rows, stream_table
from jukinet.municipal.merger_store import Closing, find_closing, lock_merger, note_handed_over
from jukinet.municipal.moving_notices import node_of_code
from jukinet.municipal.usecases.check_hand_over import list_open_business, list_unmergeable_households
from jukinet.municipal.usecases.prepare_merger import note_merger
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.hand_over import HANDED_OVER, HandOverTotal, HighestNumbers, RegisterHandOver, Row
from jukinet.protocol.node_names import NodeName

_MESSAGE: Final = "register_hand_over"
#: A part is at most so long: several of them make one message.
_ROWS: Final = 2_000
_LETTERS: Final = 300_000


@dataclass(slots=True)
class _Parts:
    """Queues the rows it is given, part by part. Not a value: it counts on."""

    unit: Unit = field(repr=False)
    closing: Closing
    highest: HighestNumbers
    now: datetime
    table: str = ""
    rows: list[Row] = field(default_factory=list, repr=False)
    letters: int = 0
    parts: int = 0
    sent: int = 0

    async def add(self, table: str, row: Row) -> None:
        if table != self.table or len(self.rows) >= _ROWS or self.letters >= _LETTERS:
            await self.queue()
        self.table = table
        self.rows.append(row)
        self.letters += sum(len(column) for column in row if column is not None)

    async def queue(self) -> None:
        if self.rows:
            self.parts += 1
            self.sent += len(self.rows)
            await _queue(self.unit, self, self.table, self.rows)
        self.rows, self.letters = [], 0

    async def end(self) -> None:
        await self.queue()
        self.parts += 1
        total = HandOverTotal(parts=self.parts, rows=self.sent)
        await _queue(self.unit, self, "resident", [], total=total)


async def hand_over_register(*, node: NodeName, database: Database, clock: Clock) -> int:
    """Queue the register of this municipality for its successor; return how many rows, 0 where it was done before.

    Raises:
        MergerStateError: no merger of this municipality is approved, or its day has not come.
        HandOverNotReadyError: something would be lost; `check_hand_over` says what to do. Nothing was queued.
    """
    now = clock()
    act = Act(operator_id=node.text, node=node, now=now)
    async with database.transaction() as unit:
        # Whoever is writing an act has read the merger: this waits until they are done, and nobody begins another.
        if await find_closing(unit, node.code, today=civil_day(now)) is None:
            raise MergerStateError(field="outgoing")
        merger = await lock_merger(unit, node.code)
        if merger.state == "handed_over":
            return 0
        if await list_open_business(unit) or await list_unmergeable_households(unit, merger=merger, act=act):
            raise HandOverNotReadyError
        closing = Closing(merger.outgoing, merger.successor, merger.state, merger.effective_on)
        parts = _Parts(unit, closing, await find_highest_numbers(unit), now)
        for table in HANDED_OVER:
            async for row in stream_table(unit, table):
                await parts.add(table, row)
        await parts.end()
        await note_handed_over(unit, node.code, parts=parts.parts, rows=parts.sent, now=now)
        await note_merger(unit, outgoing=node.code, successor=merger.successor, state="handed_over", act=act)
    return parts.sent


async def hand_on_late_notices(
    unit: Unit, *, node: NodeName, table: str, sender: str, notice_numbers: Sequence[str], now: datetime
) -> None:
    """Hand on what a third municipality sent here after the hand-over, in the transaction that receives it."""
    closing = await find_closing(unit, node.code, today=civil_day(now))
    if closing is None or not closing.is_handed_over:
        return
    rows = await list_late_rows(unit, table, sender=sender, notice_numbers=notice_numbers)
    await _queue(unit, _Parts(unit, closing, await find_highest_numbers(unit), now), table, rows)


async def _queue(
    unit: Unit, parts: _Parts, table: str, rows: Sequence[Row], *, total: HandOverTotal | None = None
) -> None:
    part = RegisterHandOver(
        notice_number=new_notice_number(parts.now, secrets.token_bytes(10)),
        outgoing=parts.closing.outgoing,
        part_number=parts.parts,
        highest=parts.highest,
        table=table,
        rows=tuple(rows),
        total=total,
    )
    receiver = node_of_code(parts.closing.successor)
    await queue_notices(unit, receiver=receiver, message_type=_MESSAGE, notices=[part], now=parts.now)
