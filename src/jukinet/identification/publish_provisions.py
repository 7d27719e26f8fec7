"""Make the yearly publication of provisions (提供状況の公表) from the use log; that it was made is on the audit log.

Source: Regulation (–2015) art. 27; Act (2015–) art. 30-21.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.audit.wording import say_method, say_user
from jukinet.domain.clock import civil_day
from jukinet.domain.provision_publication import (
    MONTHS,
    ProvisionCount,
    Publication,
    fiscal_year_of,
    month_number,
    publish,
)
from jukinet.identification.publication_store import count_provisions
from jukinet.postgres.database import Database


async def publish_provisions(
    *, year: int, organs: Mapping[str, str], operator_id: str, database: Database, now: datetime
) -> Publication:
    """Return what is published of a fiscal year; of one that has not ended, what there is so far.

    Raises:
        DateOutOfOrderError: the year has not begun, or is from before the network.
    """
    first, until = fiscal_year_of(year, today=civil_day(now))
    months: dict[tuple[str, str, str], list[int]] = {}
    async with database.transaction() as unit:
        for one in await count_provisions(unit, first=first, until=until):
            key = (say_user(one.agency, organs), one.affair, say_method(one.method))
            months.setdefault(key, [0] * MONTHS)[month_number(one.month)] += one.count
        counts = [
            ProvisionCount(organ=organ, affair=affair, method=method, months=tuple(row))
            for (organ, affair, method), row in months.items()
        ]
        event = Entry(
            event=AuditEvent.PROVISIONS_PUBLISHED,
            occurred_at=now,
            actor=operator_id,
            detail={"year": year, "rows": len(counts)},
        )
        await append(unit, [event])
    return publish(year, counts)
