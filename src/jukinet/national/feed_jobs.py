"""What the national node does for the change feed by itself: batch files are followed, old events deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog

from jukinet.domain.clock import civil_day
from jukinet.domain.errors import BatchNotFoundError, JukinetError
from jukinet.domain.feed_changes import judge_change
from jukinet.domain.provision_batches import LineResult
from jukinet.identification.store import take_turn
from jukinet.national.batch_store import find_file
from jukinet.national.feed_batch_store import (
    find_portion,
    find_unfilled,
    finish,
    follow_members,
    list_late_changes,
    note_progress,
)
from jukinet.national.feed_event_store import AppliedChange, list_earlier, write_events
from jukinet.national.feed_store import Subscription, lock_subscription
from jukinet.national.usecases.delete_feed_events import delete_feed_events
from jukinet.national.usecases.end_expired_subscriptions import end_expired_subscriptions
from jukinet.node_process.process import Node
from jukinet.postgres.database import Unit

_log: Final = structlog.stdlib.get_logger("jukinet.national")
_FILL_POLL_SECONDS: Final = 1.0
_RETENTION_POLL_SECONDS: Final = 600.0
#: Lines followed in one transaction: changes of the register wait so long and no longer.
_LINES_AT_ONCE: Final = 4_000
_FOUND: Final = frozenset({LineResult.FOUND.value, LineResult.UNCHANGED.value})


async def keep_files_followed(node: Node) -> None:
    """Follow the people of batch files for ever, a step at a time."""
    while True:
        is_more = False
        try:
            is_more = await follow_next_lines(node)
        except JukinetError as error:
            _log.warning("batch file not followed", node=node.name.text, error_code=error.code)
        await asyncio.sleep(0.0 if is_more else _FILL_POLL_SECONDS)


async def keep_events_short(node: Node) -> None:
    """End subscriptions whose last day is over, and delete events whose retention is over, for ever."""
    while True:
        try:
            await end_expired_subscriptions(database=node.database, now=node.clock())
            await delete_feed_events(
                database=node.database, now=node.clock(), kept=timedelta(days=node.config.feed_retention_days)
            )
        except JukinetError as error:
            _log.warning("events not deleted", node=node.name.text, error_code=error.code)
        await asyncio.sleep(_RETENTION_POLL_SECONDS)


async def follow_next_lines(node: Node) -> bool:
    """Follow the next lines of the first file that is not followed to its end; return False if there is none.

    Nobody applies a change meanwhile: what was recorded between the match of the file and now has its events with it.
    """
    async with node.database.transaction() as unit:
        waiting = await find_unfilled(unit)
        if waiting is None:
            return False
        await take_turn(unit)
        subscription = await lock_subscription(unit, *waiting)
        if subscription.is_complete:
            return True
        portion = await find_portion(unit, subscription)
        if portion is None:
            await finish(unit, subscription)
            return True
        lines = [line for line in _read_lines(portion.content) if line[0] > subscription.lines]
        piece = lines[:_LINES_AT_ONCE]
        members = [
            (portion.members[number], reference)
            for number, reference, is_found in piece
            if is_found and number in portion.members
        ]
        await _follow(unit, subscription, members, portion.followed_by, node)
        await note_progress(
            unit,
            subscription,
            lines=piece[-1][0] if piece else subscription.lines,
            portions=portion.number + (len(piece) == len(lines)),
        )
        return True


async def _follow(
    unit: Unit, subscription: Subscription, members: Sequence[tuple[str, str]], followed_by: str, node: Node
) -> None:
    if not members or subscription.batch_id is None:
        return
    now = node.clock()
    codes = await follow_members(unit, subscription, members, followed_by=followed_by)
    try:
        file = await find_file(unit, agency=subscription.agency, batch_id=subscription.batch_id)
    except BatchNotFoundError:
        return
    late = await list_late_changes(unit, codes, since=file.matching_at or file.begun_at)
    if not late:
        return
    keys = [
        (one.previous_resident_record_code or one.version.resident_record_code, one.update_sequence) for one in late
    ]
    earlier = await list_earlier(unit, keys)
    changes = [
        AppliedChange(
            followed=one.version.resident_record_code,
            resident_record_code=one.version.resident_record_code,
            update_sequence=one.update_sequence,
            previous_number=before[0].individual_number
            if before and before[0].individual_number != one.version.individual_number
            else None,
            judged=judge_change(one.version, before),
        )
        for one, before in zip(late, earlier, strict=True)
    ]
    await write_events(unit, changes, today=civil_day(now), now=now, only=subscription.subscription_id)


def _read_lines(content: bytes) -> list[tuple[int, str, bool]]:
    """Return number, reference and whether somebody was found, of each line of a piece of results."""
    found: list[tuple[int, str, bool]] = []
    for line in content.decode("utf-8").splitlines():
        number, reference, result, _ = line.split("\t", 3)
        # A line without a reference is named by its number.
        found.append((int(number), reference or number, result in _FOUND))
    return found
