"""One side of the change feed in a process that a test may kill: `apply|read CONFIGURATION`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jukinet.agency.usecases.read_feed import read_feed
from jukinet.cli.console import machine_clock
from jukinet.domain.errors import ReplayedMessageError
from jukinet.identification.receive import receive_notices
from jukinet.national.endpoints import require_competent
from jukinet.national.feed_writing import follow_changes
from jukinet.node_process.config import load_config
from jukinet.node_process.process import Node, open_node, refresh_revocations
from jukinet.protocol.node_names import NATIONAL
from tests.builders import TOKYO, received
from tests.integration.batch.parties import person

#: So many messages, each with a change of every one of so many people.
MESSAGES = 40
PEOPLE = 25


async def apply(node: Node) -> None:
    """Apply message after message; those of an earlier life of this process are refused as replays."""
    for number in range(1, MESSAGES + 1):
        message = received(
            [person(one, number + 1) for one in range(1, PEOPLE + 1)],
            sender=TOKYO,
            receiver=NATIONAL,
            message_type="identification_forwarding",
            number=5_000 + number,
        )
        try:
            await receive_notices(
                received=message,
                require_competent=lambda one: require_competent(TOKYO, one),
                forwarding=None,
                database=node.database,
                now=node.clock(),
                follow=follow_changes(clock=node.clock),
            )
        except ReplayedMessageError:
            continue


async def read(node: Node) -> None:
    """Read until killed."""
    await refresh_revocations(node)
    while True:
        await read_feed(client=node.client, database=node.database, now=node.clock())
        await asyncio.sleep(0.01)


async def main() -> None:
    async with open_node(load_config(Path(sys.argv[2])), clock=machine_clock) as node:
        await {"apply": apply, "read": read}[sys.argv[1]](node)


if __name__ == "__main__":
    asyncio.run(main())
