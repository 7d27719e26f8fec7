"""An organ follows everybody its last file found, and misses nothing between the match and the subscription."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jukinet.agency.usecases.follow_batch_feed import follow_batch_feed
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import PeerRefusedError
from jukinet.national.feed_jobs import follow_next_lines
from jukinet.protocol.feed import FeedFollowBatch, FeedSubscribed
from tests.builders import code, individual_number
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import by_number, person
from tests.integration.feed.follower import Follower, kinds, open_follower, subscription_id


async def follow(follower: Follower, batch_id: str) -> FeedSubscribed:
    agency = follower.parties.agency
    asked = FeedFollowBatch(
        subscription_id=subscription_id(),
        batch_id=batch_id,
        items=("address", "change"),
        expires_on=(civil_day(agency.clock()) + timedelta(days=30)).isoformat(),
    )
    return await follow_batch_feed(asked=asked, client=agency.client, database=agency.database, now=agency.clock())


async def test_the_people_of_a_file_are_followed_from_the_match_on(
    tmp_path: Path, embedded_database: MakeDatabase
) -> None:
    async with open_follower(tmp_path, embedded_database) as follower:
        parties = follower.parties
        status = await parties.submit(parties.write(by_number(1, 2, 3, 9), items=["address", "change"]))
        with pytest.raises(PeerRefusedError) as early:
            await follow(follower, status.batch_id)
        await parties.work()
        await follower.apply(person(1, 2))
        await follower.apply(
            person(42, 2, reason="code_change_on_request", previous_resident_record_code=code(2),
                   individual_number=individual_number(2), address=person(2).address)
        )  # fmt: skip

        begun = await follow(follower, status.batch_id)
        while await follow_next_lines(parties.nation):
            pass
        done = await follow(follower, status.batch_id)
        await follower.apply(person(3, 2), person(42, 3, individual_number=individual_number(2)))

        assert early.value.peer_code == "conflict.batch"
        assert (begun.lines, begun.is_complete) == (0, False)
        assert (done.lines, done.is_complete) == (4, True)
        assert sorted(kinds(await follower.read())[:2]) == [("p1", "move"), ("p2", "code_change")]
        assert kinds(await follower.read())[2:] == [("p3", "move"), ("p2", "move")]
