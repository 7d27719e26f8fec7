"""A nation that applies changes, an organ that follows people, and what comes of it, on a real line."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from jukinet.agency.feed_store import list_events
from jukinet.agency.usecases.read_feed import read_feed
from jukinet.agency.usecases.subscribe_feed import subscribe_feed, unfollow_feed
from jukinet.domain.clock import civil_day
from jukinet.identification.receive import receive_notices
from jukinet.national.endpoints import require_competent
from jukinet.national.feed_writing import follow_changes
from jukinet.protocol.feed import (
    FeedEvent,
    FeedPage,
    FeedRead,
    FeedSubscribe,
    FeedSubscribed,
    FeedUnfollow,
    FollowedPerson,
)
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.builders import PENSION_AFFAIR, TOKYO, individual_number, list_rows, received
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import Parties, open_parties, person

USES = """
    SELECT resident_record_code, items, method, affair, matter_number, official, office, ground, asked_by
      FROM audit.use_log
     ORDER BY message_id, place
"""
ITEMS = ("name", "address", "change")


def subscription_id(number: int = 1) -> str:
    return f"0193f3a0-0000-7000-8000-{number:012d}"


def ground(**items: Any) -> dict[str, Any]:  # noqa: ANN401 - any item of it
    return {
        "affair": PENSION_AFFAIR,
        "purpose": "年金の支給",
        "matter_number": "年金-1",
        "official": "a1234",
        "office": "給付課",
        **items,
    }


def people(*numbers: int) -> tuple[FollowedPerson, ...]:
    return tuple(
        FollowedPerson(reference=f"p{number}", individual_number=individual_number(number)) for number in numbers
    )


@dataclass
class Follower:
    """Both nodes, and what an organ does."""

    parties: Parties
    messages: int = 0
    certification_linkage: str = ""

    async def apply(self, *notices: IdentificationNotice) -> None:
        """Let the nation apply what a prefecture hands on."""
        self.messages += 1
        nation = self.parties.nation
        answer = await receive_notices(
            received=received(
                notices,
                sender=TOKYO,
                receiver=NATIONAL,
                message_type="identification_forwarding",
                number=1_000 + self.messages,
            ),
            require_competent=lambda one: require_competent(TOKYO, one),
            forwarding=None,
            database=nation.database,
            now=nation.clock(),
            follow=follow_changes(clock=nation.clock, certification_linkage=self.certification_linkage),
        )
        assert answer.applied == len(notices)

    def asked(self, *numbers: int, number: int = 1, days: int = 30, **items: Any) -> FeedSubscribe:  # noqa: ANN401 - likewise
        last = civil_day(self.parties.agency.clock()) + timedelta(days=days)
        defaults: dict[str, Any] = {
            "subscription_id": subscription_id(number),
            "people": people(*numbers),
            "items": ITEMS,
            "expires_on": last.isoformat(),
            **ground(),
        }
        return FeedSubscribe(**{**defaults, **items})

    async def follow(self, *numbers: int, **items: Any) -> FeedSubscribed:  # noqa: ANN401 - likewise
        agency = self.parties.agency
        return await subscribe_feed(
            asked=self.asked(*numbers, **items), client=agency.client, database=agency.database, now=agency.clock()
        )

    async def unfollow(self, *references: str, number: int = 1) -> int:
        agency = self.parties.agency
        answer = await unfollow_feed(
            asked=FeedUnfollow(subscription_id=subscription_id(number), references=references or None),
            official="a1234",
            client=agency.client,
            database=agency.database,
            now=agency.clock(),
        )
        return answer.people

    async def page(self, after: int = 0, limit: int = 1_000) -> FeedPage:
        """Ask the nation, as an agency node does."""
        page: FeedPage = await self.parties.agency.client.send(
            NATIONAL, "feed_read", FeedRead(after=after, limit=limit), deadline=10.0
        )
        return page

    async def read(self) -> list[FeedEvent]:
        """Let the agency node read all there is, and return what it keeps."""
        agency = self.parties.agency
        while await read_feed(client=agency.client, database=agency.database, now=agency.clock()):
            pass
        async with agency.database.connection() as connection:
            contents = await list_events(connection, after=0, limit=10_000)
        return [msgspec.json.decode(content, type=FeedEvent) for content in contents]

    async def uses(self, method: str = "feed") -> list[tuple[Any, ...]]:
        rows = await list_rows(self.parties.tiers.databases[NATIONAL], USES)
        return [row for row in rows if row[2] == method]

    def database_of(self, name: NodeName) -> Any:  # noqa: ANN401 - as the fixture makes it
        return self.parties.tiers.databases[name]


def kinds(events: Sequence[FeedEvent]) -> list[tuple[str, str]]:
    return [(event.reference, event.kind) for event in events]


@asynccontextmanager
async def open_follower(directory: Path, make_database: MakeDatabase) -> AsyncGenerator[Follower]:
    """Open both nodes; three people are recorded."""
    async with open_parties(directory, make_database) as parties:
        follower = Follower(parties)
        await follower.apply(person(1), person(2), person(3))
        yield follower
