"""The usual message: each notice is simply the next change of another resident, and nothing is held of any of them.

Such a message is applied set-wise in a few statements. What is not so plain is sorted notice by notice
(`identification.receive`): the result is the same, this is only its quick way. A test applies the same messages
both ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.delivery.quarantine import has_held_notices, list_held_notices_of
from jukinet.domain.clock import civil_day
from jukinet.identification.sorting import is_removal
from jukinet.identification.store import (
    clear_stage,
    has_other_than_next,
    keep_superseded_of_staged,
    merge_staged,
    stage_notices,
)
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice


async def apply_plain_message(unit: Unit, notices: Sequence[IdentificationNotice], *, now: datetime) -> bool:
    """Apply valid notices if the message is plain; return whether it was: if not, nothing was done."""
    codes = {notice.resident_record_code for notice in notices}
    if not notices or len(codes) < len(notices):
        return False
    if await has_held_notices(unit) and await list_held_notices_of(unit, resident_record_codes=[*codes]):
        return False
    await stage_notices(unit, [(notice, is_removal(notice), True) for notice in notices], now=now)
    if await has_other_than_next(unit, today=civil_day(now)):
        await clear_stage(unit)
        return False
    await keep_superseded_of_staged(unit)
    await merge_staged(unit)
    return True
