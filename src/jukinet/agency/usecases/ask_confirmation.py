"""Ask the national node to confirm one person (本人確認情報の照会), and keep that it was asked."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from jukinet.agency.asking import ask_nation
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.transport.message_client import MessageClient


async def ask_confirmation(
    *, query: ConfirmationQuery, client: MessageClient, database: Database, now: datetime, through: str = "screen"
) -> ConfirmationAnswer:
    """Return the national node's answer about the person with a code or a number; raise as `ask_nation` does."""
    answer = await ask_nation(query, "confirmation_query", client=client, database=database, now=now, through=through)
    return cast("ConfirmationAnswer", answer)
