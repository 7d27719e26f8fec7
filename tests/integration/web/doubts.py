"""What the screens around reports of doubt are tested with: a report that came, and what left."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec

from jukinet.agency.doubt_store import note_statuses
from jukinet.delivery.numbered_notices import new_notice_number
from jukinet.municipal.doubt_store import add_doubt
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.doubts import DoubtAnswer, DoubtReferral, DoubtReport, DoubtStatus
from tests.integration.web.municipality import CHIYODA, RESIDENTS

_QUEUED: Final = "SELECT notices FROM delivery.outbox ORDER BY position"
_Notice = TypeVar("_Notice")


async def hand_over(
    database: Database, number: int, *, now: datetime, address: str, due_on: str = "2026-12-04"
) -> None:
    """Let a report come: the pension organ's mail to a resident was returned."""
    referral = DoubtReferral(
        notice_number=new_notice_number(now, secrets.token_bytes(10)),
        report_number=new_notice_number(now, secrets.token_bytes(10)),
        resident_record_code=RESIDENTS[number - 1].resident_record_code,
        municipality=CHIYODA.code,
        organ="日本年金機構",
        office="支給課",
        contact="03-0000-0000（内線 1234）",
        reason="differs",
        evidence="returned_mail",
        items=("address",),
        stated=StatedItems(address=address),
        provided_at=now - timedelta(days=2),
        reported_on="2026-11-20",
        due_on=due_on,
    )
    async with database.transaction() as unit:
        await add_doubt(unit, referral, now=now)


async def note_status(database: Database, status: DoubtStatus) -> None:
    """Let the organ hear how far a report is."""
    async with database.transaction() as unit:
        await note_statuses(unit, [status])


async def reports_of(database: Database) -> Sequence[DoubtReport]:
    """Return the reports that wait to leave an organ."""
    return await _queued(database, DoubtReport)


async def answers_of(database: Database) -> Sequence[DoubtAnswer]:
    """Return the answers that wait to leave a municipality."""
    return await _queued(database, DoubtAnswer)


async def _queued(database: Database, kind: type[_Notice]) -> Sequence[_Notice]:
    async with database.connection() as connection:
        rows: list[tuple[Any, ...]] = await (await connection.execute(_QUEUED)).fetchall()
    return [msgspec.json.decode(bytes(content), type=kind) for (content,) in rows]
