"""Make statistics of the prefecture's residents (統計資料の作成): numbers of people, none of which tells of one.

Source: Act (–2015) art. 30-8(1)(iv); Act (2015–) art. 30-15(1)(iv).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_publication import ProvisionCount, Publication, publish
from jukinet.domain.stated_grounds import StatedGround, require_stated
from jukinet.postgres.database import Database
from jukinet.prefectural.statistics_store import count_residents

#: The columns of a row: men and women of each of the four age classes.
SEXES: Final = ("1", "2")
AGE_CLASSES: Final = 4


async def make_statistics(
    *, purpose: str, matter_number: str, operator_id: str, database: Database, now: datetime
) -> Publication:
    """Return a row for each municipality, with what is small hidden; that it was made is on the audit log.

    Raises:
        MissingItemError, MalformedRequestError: what it is made for is not stated.
    """
    require_stated(
        StatedGround(
            affair=Channel.STATISTICS.value, purpose=purpose, matter_number=matter_number, official=operator_id
        )
    )
    today = civil_day(now)
    cells: dict[str, list[int]] = {}
    async with database.transaction() as unit:
        for one in await count_residents(unit, year=today.year, month_and_day=today.isoformat()[5:]):
            row = cells.setdefault(one.municipality, [0] * (len(SEXES) * AGE_CLASSES))
            row[SEXES.index(one.sex) * AGE_CLASSES + one.age_class] += one.count
        event = Entry(
            event=AuditEvent.STATISTICS_MADE,
            occurred_at=now,
            actor=operator_id,
            detail={"matter_number": matter_number, "ground": purpose, "rows": len(cells)},
        )
        await append(unit, [event])
    counts = [
        ProvisionCount(organ="", affair=find_local_government(code).name, method="", months=tuple(row))
        for code, row in sorted(cells.items())
    ]
    return publish(today.year, counts)
