"""Every statement of the prefectural node's own: confirmed move-outs (転出確定通知)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from jukinet.postgres.database import Unit
from jukinet.protocol.moving import MoveOutConfirmation

# The first that was said of a residence counts; a later one changes nothing of how long it is kept.
_ADD: Final = """
    INSERT INTO retention.confirmed_move_out
           (resident_record_code, update_sequence, sender, notice_number, confirmed_on, moved_to, received_at)
    VALUES (%(resident_record_code)s, %(update_sequence)s, %(sender)s, %(notice_number)s, %(confirmed_on)s,
            %(moved_to)s, %(received_at)s)
        ON CONFLICT (resident_record_code, update_sequence, sender) DO NOTHING
"""

_LIST_OF_RESIDENT: Final = """
    SELECT update_sequence, confirmed_on, moved_to, sender
      FROM retention.confirmed_move_out
     WHERE resident_record_code = %(resident_record_code)s
     ORDER BY update_sequence, sender
"""


async def add_confirmed_move_outs(
    unit: Unit, confirmations: Sequence[MoveOutConfirmation], *, sender: str, now: datetime
) -> None:
    """Keep confirmations of move-outs."""
    rows = [{**msgspec.structs.asdict(one), "sender": sender, "received_at": now} for one in confirmations]
    async with unit.cursor() as cursor:
        await cursor.executemany(_ADD, rows)


async def list_confirmed_move_outs(unit: Unit, resident_record_code: str) -> list[tuple[Any, ...]]:
    """Return the confirmed move-outs of a resident: update sequence, confirmed on, moved to, sender."""
    cursor = await unit.execute(_LIST_OF_RESIDENT, {"resident_record_code": resident_record_code})
    return await cursor.fetchall()
