"""What only the screens ask of the recorded identification information."""

from __future__ import annotations

from typing import Final

from jukinet.postgres.database import Unit

_COUNT: Final = "SELECT count(*), count(*) FILTER (WHERE is_removed) FROM identification.record"


async def count_recorded(unit: Unit) -> tuple[int, int]:
    """Return how many residents are recorded, and how many of these records are removed."""
    row = await (await unit.execute(_COUNT)).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
