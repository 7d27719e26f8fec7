"""What applicable notices make of the records: which is present, and which is history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from jukinet.identification.sorting import Arrival, is_removal
from jukinet.identification.standing import Standing, resident_key
from jukinet.identification.store import merge_notices
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice


async def merge_arrivals(
    unit: Unit, applicable: Sequence[Arrival], standings: Mapping[str, Standing], now: datetime
) -> None:
    """Make each resident's last applicable notice the present record, and history of the others and of what was."""
    notices = [arrival.notice for arrival in applicable]
    previous = {code for notice in notices if (code := notice.previous_resident_record_code)}
    # What belongs to a residence before the recorded one came late: it is history from the start.
    present = [notice for notice in notices if not _is_past(notice, standings)]
    last = {notice.resident_record_code: id(notice) for notice in present}
    rows = [
        (
            notice,
            is_removal(notice),
            notice.resident_record_code not in previous and last.get(notice.resident_record_code) == id(notice),
        )
        for notice in notices
    ]
    superseded = {key for notice in present if (key := resident_key(notice)) in standings} | (previous & {*standings})
    await merge_notices(unit, rows, superseded=[*superseded], previous=[*previous], now=now)


def _is_past(notice: IdentificationNotice, standings: Mapping[str, Standing]) -> bool:
    standing = standings.get(notice.resident_record_code)
    return standing is not None and notice.update_sequence <= standing.update_sequence
