"""`jukinet agency feed`: follow people, and see what changed (変更の継続提供), in the name of the agency node."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from jukinet.agency.feed_store import find_position, list_events, list_subscriptions
from jukinet.agency.usecases.follow_batch_feed import follow_batch_feed
from jukinet.agency.usecases.read_feed import read_feed
from jukinet.agency.usecases.subscribe_feed import subscribe_feed, unfollow_feed
from jukinet.cli.agency_node import with_agency_node
from jukinet.cli.console import plain_errors, show
from jukinet.cli.node import ConfigOption, JsonOption
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import FileFormatError
from jukinet.node_process.process import Node
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.feed import (
    MOST_PEOPLE,
    FeedEvent,
    FeedFollowBatch,
    FeedSubscribe,
    FeedSubscribed,
    FeedUnfollow,
    FollowedPerson,
)

app = typer.Typer(no_args_is_help=True, help="The change feed (変更の継続提供): follow people, see what changed.")

_MOST_LISTED: Final = 1_000
_HIDDEN: Final = "***"
#: Digits of a resident record code.
_CODE_LENGTH: Final = 11
#: What a terminal, its scrollback and its log may show of an event.
_SHOWN: Final = frozenset({"reason", "changed_on", "is_removed"})
_COLUMNS: Final = ("sequence", "reference", "kind", "items", "reason", "changed_on", "recorded_at")

PeopleArgument = Annotated[
    Path, typer.Argument(help="CSV without a heading: reference, number (12 digits: 個人番号, 11: 住民票コード).")
]
IdOption = Annotated[str | None, typer.Option("--id", help="The subscription's id; without it a new one.")]
DaysOption = Annotated[int, typer.Option(help="For so many days, at most 366.")]
ItemOption = Annotated[list[str] | None, typer.Option("--item", help="An item; may be repeated. Without: all allowed.")]
KindOption = Annotated[list[str] | None, typer.Option("--kind", help="A kind of event; may be repeated. Without: all.")]


@app.command("subscribe")
def subscribe_command(
    config: ConfigOption,
    people: PeopleArgument,
    affair: Annotated[str, typer.Option(help="事務: its id, as `jukinet agency affairs` lists it.")],
    purpose: Annotated[str, typer.Option(help="利用事由: in words the person will read.")],
    matter: Annotated[str, typer.Option(help="依頼管理番号: this organ's number of the matter.")],
    official: Annotated[str, typer.Option(help="Who asks.")],
    office: Annotated[str, typer.Option(help="部署: needed where the organ registered its offices.")] = "",
    subscription: IdOption = None,
    days: DaysOption = 365,
    items: ItemOption = None,
    kinds: KindOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Follow people on one ground; said again under the same id, it adds people or lasts longer."""
    with plain_errors():
        listed = _read_people(people)

    async def work(node: Node) -> list[FeedSubscribed]:
        now = node.clock()
        asked = FeedSubscribe(
            subscription_id=subscription or new_message_id(now, secrets.token_bytes(10)),
            people=(),
            affair=affair,
            purpose=purpose,
            matter_number=matter,
            official=official,
            office=office,
            items=None if items is None else tuple(items),
            kinds=tuple(kinds or ()),
            expires_on=(civil_day(now) + timedelta(days=days)).isoformat(),
        )
        return await _subscribe(node, asked, listed)

    _tell(with_agency_node(config, work), as_json=as_json)


async def _subscribe(node: Node, asked: FeedSubscribe, people: Sequence[FollowedPerson]) -> list[FeedSubscribed]:
    pieces = [tuple(people[first : first + MOST_PEOPLE]) for first in range(0, len(people), MOST_PEOPLE)]
    return [
        await subscribe_feed(
            asked=msgspec.structs.replace(asked, people=piece),
            client=node.client,
            database=node.database,
            now=node.clock(),
        )
        for piece in pieces
    ]


def _tell(answers: Sequence[FeedSubscribed], *, as_json: bool) -> None:
    people = [one for answer in answers for one in answer.people]
    missing = [one.reference for one in people if one.result == "not_found"]
    row = {
        "subscription_id": answers[0].subscription_id,
        "following": len(people) - len(missing),
        "not_found": ",".join(missing),
        "expires_on": answers[-1].expires_on,
        "after": answers[0].newest,
    }
    show([row], columns=tuple(row), as_json=as_json)


@app.command("follow-batch")
def follow_batch_command(
    config: ConfigOption,
    batch: Annotated[str, typer.Argument(help="The id of the file, as `jukinet agency batch list` tells it.")],
    subscription: IdOption = None,
    days: DaysOption = 365,
    items: ItemOption = None,
    kinds: KindOption = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Follow everybody a batch file found, on its ground; said again under the same id: how far that is."""

    async def work(node: Node) -> FeedSubscribed:
        now = node.clock()
        asked = FeedFollowBatch(
            subscription_id=subscription or new_message_id(now, secrets.token_bytes(10)),
            batch_id=batch,
            items=None if items is None else tuple(items),
            kinds=tuple(kinds or ()),
            expires_on=(civil_day(now) + timedelta(days=days)).isoformat(),
        )
        return await follow_batch_feed(asked=asked, client=node.client, database=node.database, now=now)

    answer = with_agency_node(config, work)
    row = {
        "subscription_id": answer.subscription_id,
        "lines": answer.lines,
        "is_complete": answer.is_complete,
        "expires_on": answer.expires_on,
    }
    show([row], columns=tuple(row), as_json=as_json)


@app.command("unfollow")
def unfollow_command(
    config: ConfigOption,
    subscription: Annotated[str, typer.Argument(help="The subscription's id.")],
    official: Annotated[str, typer.Option(help="Who decides it.")],
    references: Annotated[
        list[str] | None, typer.Option("--reference", help="Only this person; may be repeated.")
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Stop following: some people, or without --reference the whole subscription."""

    async def work(node: Node) -> dict[str, Any]:
        answer = await unfollow_feed(
            asked=FeedUnfollow(
                subscription_id=subscription, references=None if references is None else tuple(references)
            ),
            official=official,
            client=node.client,
            database=node.database,
            now=node.clock(),
        )
        return {"subscription_id": subscription, "people": answer.people, "is_ended": answer.is_ended}

    row = with_agency_node(config, work)
    show([row], columns=tuple(row), as_json=as_json)


@app.command("list")
def list_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """List the subscriptions of this organ."""

    async def work(node: Node) -> list[dict[str, Any]]:
        async with node.database.connection() as connection:
            found = await list_subscriptions(connection, limit=_MOST_LISTED)
        return [
            {
                "subscription_id": one.subscription_id,
                "affair": one.affair,
                "matter_number": one.matter_number,
                "people": one.people,
                "expires_on": one.expires_on,
                "is_ended": one.ended_at is not None,
            }
            for one in found
        ]

    columns = ("subscription_id", "affair", "matter_number", "people", "expires_on", "is_ended")
    show(with_agency_node(config, work), columns=columns, as_json=as_json)


@app.command("read")
def read_command(config: ConfigOption, *, as_json: JsonOption = False) -> None:
    """Read what the national node has to tell now, and say how far this node is. A running node does so by itself."""

    async def work(node: Node) -> dict[str, Any]:
        while await read_feed(client=node.client, database=node.database, now=node.clock()):
            pass
        async with node.database.connection() as connection:
            position = await find_position(connection)
        return {"newest": position.scanned, "deleted": position.deleted, "missed_until": position.missed_until or ""}

    row = with_agency_node(config, work)
    show([row], columns=tuple(row), as_json=as_json)


@app.command("events")
def events_command(
    config: ConfigOption,
    after: Annotated[int, typer.Option(help="The number read last; 0 for the first.")] = 0,
    limit: Annotated[int, typer.Option(help="At most so many.")] = _MOST_LISTED,
    *,
    is_shown: Annotated[bool, typer.Option("--show", help="Show the people's data instead of ***.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the events this node has, after a number, in order: again and again, from any point that is kept."""

    async def work(node: Node) -> list[str]:
        async with node.database.connection() as connection:
            return await list_events(connection, after=after, limit=limit)

    events = [msgspec.json.decode(content, type=FeedEvent) for content in with_agency_node(config, work)]
    rows = [_row(event, is_shown=is_shown) for event in events]
    show(rows, columns=_COLUMNS, as_json=as_json)


def _row(event: FeedEvent, *, is_shown: bool) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(event.person)
    told = {name: value if is_shown or name in _SHOWN else _HIDDEN for name, value in values.items()}
    return {
        "sequence": event.sequence,
        "event_id": event.event_id,
        "subscription_id": event.subscription_id,
        "reference": event.reference,
        "kind": event.kind,
        "items": ",".join(event.items),
        "recorded_at": event.recorded_at,
        "reason": "",
        "changed_on": "",
        **told,
    }


def _read_people(path: Path) -> list[FollowedPerson]:
    found: list[FollowedPerson] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                reference, number = row
                is_code = len(number) == _CODE_LENGTH
                found.append(
                    FollowedPerson(
                        reference=reference,
                        resident_record_code=number if is_code else None,
                        individual_number=None if is_code else number,
                    )
                )
    except (OSError, ValueError, csv.Error):
        raise FileFormatError("The file is not CSV with a reference and a number in each line.", field="file") from None
    if not found:
        raise FileFormatError("The file has no lines.", field="file")
    return found
