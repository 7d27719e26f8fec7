"""Every statement on notices with a number of their own: which were received, and which are set apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jukinet.postgres.database import Unit

# What was set apart may come right under the same number; what was received stays as it is.
_NOTE_RECEIVED: Final = """
    INSERT INTO delivery.received_notice (notice_number, sender, message_type, sha256, message_id, received_at, state)
    SELECT said.notice_number, %(sender)s, %(message_type)s, said.sha256, %(message_id)s, %(received_at)s, 'received'
      FROM unnest(%(notice_numbers)s::text[], %(digests)s::bytea[]) AS said (notice_number, sha256)
        ON CONFLICT (notice_number, sender) DO UPDATE
       SET message_type = excluded.message_type, sha256 = excluded.sha256, message_id = excluded.message_id,
           received_at = excluded.received_at, state = 'received', notice = NULL, error_code = NULL, error_field = NULL
     WHERE received_notice.state = 'quarantined'
 RETURNING notice_number
"""

_LIST_DIGESTS: Final = """
    SELECT notice_number, sha256
      FROM delivery.received_notice
     WHERE notice_number = ANY(%(notice_numbers)s) AND sender = %(sender)s
"""

_SET_APART: Final = """
    INSERT INTO delivery.received_notice
           (notice_number, sender, message_type, sha256, message_id, received_at, state, notice, error_code,
            error_field)
    VALUES (%(notice_number)s, %(sender)s, %(message_type)s, %(sha256)s, %(message_id)s, %(received_at)s,
            'quarantined', %(notice)s, %(error_code)s, %(error_field)s)
        ON CONFLICT (notice_number, sender) DO NOTHING
"""

_LIST_SET_APART: Final = """
    SELECT notice_number, sender, message_type, notice, error_code, error_field, received_at
      FROM delivery.received_notice
     WHERE state = 'quarantined'
     ORDER BY received_at
     LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Where numbered notices came from, and when."""

    sender: str
    message_type: str
    message_id: str
    received_at: datetime

    def parameters(self) -> dict[str, object]:
        """Return the columns by name."""
        return {
            "sender": self.sender,
            "message_type": self.message_type,
            "message_id": self.message_id,
            "received_at": self.received_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Unacceptable:
    """A notice that is set apart, and why."""

    notice_number: str
    sha256: bytes
    notice: bytes = field(repr=False)
    error_code: str
    error_field: str | None


@dataclass(frozen=True, slots=True)
class NoticeSetApart:
    """One notice that could not be accepted, as an operator finds it."""

    notice_number: str
    sender: str
    message_type: str
    notice: bytes = field(repr=False)
    error_code: str
    error_field: str | None
    received_at: datetime


async def note_received(unit: Unit, arrived: Arrived, notices: Sequence[tuple[str, bytes]]) -> set[str]:
    """Note numbers with the digests of what they say; return those that had not been received before."""
    parameters = {
        **arrived.parameters(),
        "notice_numbers": [number for number, _ in notices],
        "digests": [digest for _, digest in notices],
    }
    cursor = await unit.execute(_NOTE_RECEIVED, parameters)
    return {number for (number,) in await cursor.fetchall()}


async def list_digests(unit: Unit, *, sender: str, notice_numbers: Sequence[str]) -> dict[str, bytes]:
    """Return what each of these numbers of the sender said, as a digest."""
    cursor = await unit.execute(_LIST_DIGESTS, {"sender": sender, "notice_numbers": list(notice_numbers)})
    return {number: bytes(digest) for number, digest in await cursor.fetchall()}


async def set_notices_apart(unit: Unit, arrived: Arrived, notices: Sequence[Unacceptable]) -> None:
    """Keep notices that cannot be accepted, with the reason."""
    rows = [
        {
            **arrived.parameters(),
            "notice_number": one.notice_number,
            "sha256": one.sha256,
            "notice": one.notice,
            "error_code": one.error_code,
            "error_field": one.error_field,
        }
        for one in notices
    ]
    async with unit.cursor() as cursor:
        await cursor.executemany(_SET_APART, rows)


async def list_notices_set_apart(unit: Unit, *, limit: int) -> list[NoticeSetApart]:
    """Return what could not be accepted, oldest first."""
    cursor = await unit.execute(_LIST_SET_APART, {"limit": limit})
    return [NoticeSetApart(*row) for row in await cursor.fetchall()]
