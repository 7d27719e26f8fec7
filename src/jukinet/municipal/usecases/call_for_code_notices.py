"""Put the written notices (住民票コード通知票) an act calls for on the list, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.domain.code_notices import notice_kind_of
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.code_notice_store import add_notice, list_codes_given_here
from jukinet.postgres.database import Unit


async def call_for_code_notices(unit: Unit, *, written: Sequence[ResidentRecord], now: datetime) -> None:
    """List a sheet for everybody whom these new versions give a code that he or she does not know yet."""
    present = {record.resident_number: record for record in written if not record.is_removed}
    given_here = await list_codes_given_here(unit, list(present.values()))
    for record in present.values():
        kind = notice_kind_of(record, is_code_given_here=record.resident_record_code in given_here)
        if kind is not None:
            await add_notice(unit, record, kind, now=now)
