"""The top page of a server (状況): how much it keeps, what came last from whom, what waits, how the lines do."""

from __future__ import annotations

from jukinet.delivery.inbox import list_senders
from jukinet.delivery.lines import Line, list_lines
from jukinet.delivery.outbox import count_queued
from jukinet.delivery.quarantine import list_held_notices
from jukinet.identification.screens_store import count_recorded
from jukinet.identification.web.desk import ServerDesk
from jukinet.operator_web.screens import Answer, Page, Visit

#: More held notices than this are counted as "or more".
MOST_HELD = 200


async def show_top(desk: ServerDesk, visit: Visit) -> Answer:
    """Show the state of the server."""
    del visit
    async with desk.database.connection() as connection:
        recorded, removed = await count_recorded(connection)
        held = await list_held_notices(connection, limit=MOST_HELD)
        queued = {receiver: (count, since) for receiver, count, since in await count_queued(connection)}
        lines = {line.receiver: line for line in await list_lines(connection)}
        senders = await list_senders(connection)
    if desk.forwarding is not None:
        receiver = desk.forwarding.receiver.text
        lines.setdefault(receiver, Line(receiver, None, 0, None, None))
    values = {
        "recorded": recorded - removed,
        "removed": removed,
        "quarantined": sum(notice.state == "quarantined" for notice in held),
        "behind": sum(notice.state == "waiting" for notice in held),
        "senders": senders,
        "lines": [
            {"line": line, "waiting": queued.get(name, (0, None))[0], "since": queued.get(name, (0, None))[1]}
            for name, line in sorted(lines.items())
        ],
    }
    return Page("identification/top.html", values)
