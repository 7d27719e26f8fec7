"""What a file is matched with, from its header and its grant."""

from __future__ import annotations

from datetime import datetime, time

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import JAPAN
from jukinet.domain.provision_batches import BatchKey
from jukinet.domain.provision_items import items_text
from jukinet.national.batch_match_store import Matching
from jukinet.national.batch_store import BatchFile
from jukinet.protocol.batch import BatchHeader


def matching_of(file: BatchFile, header: BatchHeader, *, now: datetime) -> Matching:
    """Return what the lines of `file` are matched with, now."""
    key = BatchKey(header.key)
    since = None if header.changes_since is None else CivilDate.from_wire(header.changes_since).require_exact()
    return Matching(
        key=key,
        affair=header.affair,
        purpose=header.purpose,
        matter_number=header.matter_number,
        official=header.official,
        office=header.office or None,
        items=file.items,
        compared=items_text(key.items),
        since=None if since is None else since.isoformat(),
        since_at=None if since is None else datetime.combine(since, time(), JAPAN),
        used_at=now,
    )
