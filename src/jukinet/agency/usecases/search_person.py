"""Ask the national node for one person by the four basic items (4情報による照会), and keep that it was asked."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from jukinet.agency.asking import ask_nation
from jukinet.postgres.database import Database
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery
from jukinet.transport.message_client import MessageClient


async def search_person(
    *, query: PersonSearchQuery, client: MessageClient, database: Database, now: datetime, through: str = "screen"
) -> PersonSearchAnswer:
    """Return the national node's answer about the person who agrees with what is stated; raise as `ask_nation` does."""
    answer = await ask_nation(query, "person_search", client=client, database=database, now=now, through=through)
    return cast("PersonSearchAnswer", answer)
