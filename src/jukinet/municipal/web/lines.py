"""How the lines of this node do, and what waits for each."""

from __future__ import annotations

from jukinet.delivery.lines import Line, list_lines
from jukinet.delivery.outbox import count_queued
from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import NodeName, prefecture_of


async def list_line_states(unit: Unit, name: NodeName) -> list[dict[str, object]]:
    """Return the line to the prefecture and every other line there is, with what waits for it."""
    queued = {receiver: (count, since) for receiver, count, since in await count_queued(unit)}
    lines = {line.receiver: line for line in await list_lines(unit)}
    unused = Line(prefecture_of(name).text, None, 0, None, None)
    lines.setdefault(unused.receiver, unused)
    return [
        {
            "line": lines.get(receiver, Line(receiver, None, 0, None, None)),
            "waiting": queued.get(receiver, (0, None))[0],
            "since": queued.get(receiver, (0, None))[1],
        }
        for receiver in sorted({*lines, *queued})
    ]
