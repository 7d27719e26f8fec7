"""Name the persons of lines by four items: to the letter, else by the rules of a search (一括提供の4情報による照合)."""

from __future__ import annotations

from typing import Final

from jukinet.national.batch_items_store import gather_persons, keep_named, list_asked, name_to_the_letter
from jukinet.national.batch_worker import BatchWorker
from jukinet.postgres.database import Unit

#: Lines judged at once: each may have dozens of people who may be meant.
_LINES_AT_ONCE: Final = 1_000


async def name_by_items(unit: Unit, worker: BatchWorker) -> None:
    """Name whom the lines that were copied in mean, in the transaction that answers them."""
    left = await name_to_the_letter(unit)
    for start in range(0, len(left), _LINES_AT_ONCE):
        lines = await list_asked(unit, left[start : start + _LINES_AT_ONCE])
        gathered = await gather_persons(unit, await worker.make_keys(lines))
        await keep_named(unit, await worker.judge_lines(lines, gathered))
