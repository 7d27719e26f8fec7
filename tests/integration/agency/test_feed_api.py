"""The change feed as an organ's own system reads it: through its agency node, from any point, with an ETag."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from jukinet.cli.console import machine_clock
from jukinet.client import AgencyClient, FeedEvent, PersonToFollow, RefusedError
from jukinet.devnet.federation import wait_until
from jukinet.domain.clock import civil_day
from jukinet.identification.receive import receive_notices
from jukinet.national.endpoints import require_competent
from jukinet.national.feed_writing import follow_changes
from jukinet.protocol.node_names import NATIONAL
from tests.builders import PENSION, TOKYO, execute, individual_number, notice, received
from tests.fixtures_postgres import MakeDatabase
from tests.integration.agency.running import GROUND, HANAKO, Offices, running_offices

SUBSCRIPTION = "0193f3a0-0000-7000-8000-000000000001"
HERSELF = PersonToFollow(reference="受給者-42", individual_number=individual_number(1))


def last_day() -> str:
    return (civil_day(machine_clock()) + timedelta(days=30)).isoformat()


async def move(offices: Offices, sequence: int) -> None:
    items: dict[str, Any] = {
        **HANAKO,
        "address": f"東京都世田谷区太子堂二丁目{sequence}番1号",
        "changed_on": "2026-04-02",
    }
    await receive_notices(
        received=received(
            [notice(1, sequence, **items)],
            sender=TOKYO,
            receiver=NATIONAL,
            message_type="identification_forwarding",
            number=100 + sequence,
        ),
        require_competent=lambda one: require_competent(TOKYO, one),
        forwarding=None,
        database=offices.national.database,
        now=machine_clock(),
        follow=follow_changes(clock=machine_clock),
    )


@pytest.fixture
async def offices(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Offices]:
    async with running_offices(tmp_path, embedded_database) as running:
        yield running


async def test_a_system_follows_somebody_and_takes_in_what_changes(offices: Offices) -> None:
    async with AgencyClient(offices.connection()) as client:
        begun = await client.feed.subscribe(
            SUBSCRIPTION, GROUND, [HERSELF], items=["address", "change"], expires_on=last_day()
        )
        await move(offices, 2)
        await move(offices, 3)
        events: list[FeedEvent] = []
        async for event in client.feed.follow_events(begun.newest, pause=0.1):
            events.append(event)
            if len(events) == 2:
                break
        state = await client.feed.find_state()
        (listed,) = (await client.feed.list_subscriptions()).subscriptions
        again = await client.feed.list_events(1)
        ended = await client.feed.unfollow(SUBSCRIPTION, official="a1234")

    assert [(one.sequence, one.reference, one.kind) for one in events] == [
        (1, "受給者-42", "move"), (2, "受給者-42", "move"),
    ]  # fmt: skip
    assert again == (events[1],)
    assert (state.newest, state.behind, state.deleted) == (2, 0, 0)
    assert (listed.people, listed.is_ended, listed.expires_on) == (1, False, last_day())
    assert (ended.people, ended.is_ended) == (1, True)


async def test_what_is_there_already_is_not_sent_again_and_what_is_gone_is_refused(offices: Offices) -> None:
    async with AgencyClient(offices.connection()) as client:
        await client.feed.subscribe(SUBSCRIPTION, GROUND, [HERSELF], items=["change"], expires_on=last_day())
        await move(offices, 2)

        async def is_read() -> bool:
            return len(await client.feed.list_events()) == 1

        assert await wait_until(is_read, 20)
        first = await offices.ask("GET", "/v1/feed/events?after=0&limit=10")
        tag = first.headers["etag"]
        same = await offices.ask("GET", "/v1/feed/events?after=0&limit=10", if_none_match=tag)
        other = await offices.ask("GET", "/v1/feed/events?after=1", if_none_match=tag)
        await execute(offices.network.databases[PENSION.text], "UPDATE feed.position SET deleted = 1")
        with pytest.raises(RefusedError) as gone:
            await client.feed.list_events()

    assert (same.status, same.content, same.headers["etag"]) == (304, None, tag)
    assert (other.status, other.content) == (200, {"events": []})
    assert (gone.value.status, gone.value.code) == (404, "not_found.feed_position")


STRANGE: list[tuple[str, int, str, str]] = [
    ("?after=1&after=2", 400, "value.request.parameter", "query"),
    ("?before=1", 400, "value.request.parameter", "query"),
    ("?", 200, "", ""),
    ("?after", 400, "value.request.parameter", "query"),
    ("?after=", 400, "value.request", "query"),
    ("?after=-1", 400, "value.request", "query"),
    ("?after=01", 400, "value.request", "query"),
    ("?after=1e3", 400, "value.request", "query"),
    ("?after=9999999999999999999999", 400, "value.request", "query"),
    ("?limit=0", 400, "value.request", "limit"),
    ("?limit=1001", 400, "value.request", "limit"),
]


async def test_only_documented_parameters_in_one_form_are_read(offices: Offices) -> None:
    for query, status, refused, field in STRANGE:
        reply = await offices.ask("GET", f"/v1/feed/events{query}")

        assert reply.status == status, query
        if refused:
            assert (reply.code, reply.content["field"]) == (refused, field), query


async def test_what_cannot_be_is_refused_before_it_is_sent(offices: Offices) -> None:
    person = {"reference": "1", "individual_number": individual_number(1)}
    base = {
        "subscription_id": SUBSCRIPTION,
        "ground": {"affair": "1-74-2", "purpose": "年金", "matter_number": "1", "official": "o"},
        "people": [person],
        "items": ["change"],
        "expires_on": last_day(),
    }
    wrong: list[tuple[dict[str, Any], int, str, str]] = [
        ({"people": []}, 400, "value.request", "people"),
        ({"people": [{**person, "individual_number": "1" * 12}]}, 422, "value.individual_number.check_digit",
         "people.individual_number"),
        ({"people": [{"reference": "1"}]}, 422, "value.missing", "people.resident_record_code"),
        ({"people": [person, person]}, 422, "value.missing", "people.reference"),
        ({"kinds": ["birthday"]}, 422, "value.code_list", "kinds"),
        ({"expires_on": "2026-02-30"}, 422, "value.date.impossible", "expires_on"),
        ({"subscription_id": "1"}, 400, "value.request", "subscription_id"),
        ({"expires_on": date.max.isoformat()}, 422, "value.date.order", "expires_on"),
    ]  # fmt: skip
    for items, status, refused, field in wrong:
        reply = await offices.ask("POST", "/v1/feed/subscriptions", {**base, **items})

        assert (reply.status, reply.code, reply.content["field"]) == (status, refused, field), items
