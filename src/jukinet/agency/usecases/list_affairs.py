"""Ask the national node what this organ may ask for today (提供を受けられる事務)."""

from __future__ import annotations

from jukinet.agency.asking import DEADLINE_SECONDS
from jukinet.protocol.grants import GrantsAnswer, GrantsQuery
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_client import MessageClient


async def list_affairs(*, client: MessageClient) -> GrantsAnswer:
    """Return the affairs and items the law gives this organ today.

    Raises:
        PeerRefusedError: the national node does not know this agency as an organ.
        PeerUnreachableError: there is no answer.
    """
    answer: GrantsAnswer = await client.send(NATIONAL, "provision_grants", GrantsQuery(), deadline=DEADLINE_SECONDS)
    return answer
