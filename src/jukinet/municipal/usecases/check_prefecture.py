"""Find out whether the prefecture holds what was notified (整合性確認), and say again what it lacks.

First digests of blocks of residents; then, of the blocks that differ, one by one; then the notices after the last one
the prefecture has. Nothing is written over: what contradicts is reported, for a person to decide.
Source: standard specification of resident record systems 7.1.1.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.record_digest import block_ranges
from jukinet.municipal.resident_system.digest_store import (
    list_copies_after,
    list_live_codes,
    list_notice_blocks,
    list_notice_digests,
)
from jukinet.municipal.resident_system.settling import Linking, queue_notices
from jukinet.postgres.database import Database
from jukinet.protocol.consistency import (
    MOST_BLOCKS,
    Block,
    BlockOfResidents,
    IdentificationConsistencyAnswer,
    IdentificationConsistencyCheck,
    IdentificationDifference,
    ResidentDigest,
)
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import prefecture_of
from jukinet.transport.message_client import MessageClient

_MESSAGE: Final = "identification_consistency_check"
_DEADLINE_SECONDS: Final = 120.0
#: Blocks listed one by one in one message.
_LISTED_BLOCKS: Final = 20
_decoder: Final = msgspec.json.Decoder(IdentificationNotice)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureCheck:
    """What a check found: how much was compared, what differed, what was said again, and what a person must look at."""

    residents: int
    blocks: int
    differing_blocks: int
    differences: int
    #: Notices queued again.
    repaired: int
    #: Codes whose difference no notice of ours mends.
    unrepaired: tuple[str, ...] = field(repr=False)


async def check_prefecture(*, client: MessageClient, database: Database, linking: Linking) -> PrefectureCheck:
    """Compare with the prefecture and queue what it lacks; return what was found.

    Raises:
        PeerError: the prefecture cannot be reached or refuses; nothing was queued.
    """
    async with database.connection() as unit:
        codes = await list_live_codes(unit)
    ranges = block_ranges(codes)
    differing: list[tuple[str, str]] = []
    for start in range(0, len(ranges), MOST_BLOCKS):
        differing += await _list_differing(client, database, linking, ranges[start : start + MOST_BLOCKS])
    differences: list[IdentificationDifference] = []
    for start in range(0, len(differing), _LISTED_BLOCKS):
        part = differing[start : start + _LISTED_BLOCKS]
        differences += await _list_differences(client, database, linking, part)
    return await _repair(
        database,
        differences,
        linking,
        found=PrefectureCheck(
            residents=len(codes),
            blocks=len(ranges),
            differing_blocks=len(differing),
            differences=len(differences),
            repaired=0,
            unrepaired=(),
        ),
    )


async def _list_differing(
    client: MessageClient, database: Database, linking: Linking, ranges: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    async with database.connection() as unit:
        found = await list_notice_blocks(unit, ranges)
    blocks = tuple(
        Block(first=first, last=last, count=count, digest=digest)
        for (first, last), (count, digest) in zip(ranges, found, strict=True)
    )
    answer = await _ask(client, linking, IdentificationConsistencyCheck(blocks=blocks))
    return [ranges[position] for position in answer.differing_blocks if position < len(ranges)]


async def _list_differences(
    client: MessageClient, database: Database, linking: Linking, ranges: Sequence[tuple[str, str]]
) -> Sequence[IdentificationDifference]:
    listed: list[BlockOfResidents] = []
    async with database.connection() as unit:
        for first, last in ranges:
            residents = tuple(
                ResidentDigest(resident_record_code=code, update_sequence=sequence, digest=digest)
                for code, sequence, digest in await list_notice_digests(unit, first=first, last=last)
            )
            listed.append(BlockOfResidents(first=first, last=last, residents=residents))
    return (await _ask(client, linking, IdentificationConsistencyCheck(residents=tuple(listed)))).differences


async def _ask(
    client: MessageClient, linking: Linking, check: IdentificationConsistencyCheck
) -> IdentificationConsistencyAnswer:
    answer: IdentificationConsistencyAnswer = await client.send(
        prefecture_of(linking.node), _MESSAGE, check, deadline=_DEADLINE_SECONDS
    )
    return answer


async def _repair(
    database: Database, differences: Sequence[IdentificationDifference], linking: Linking, *, found: PrefectureCheck
) -> PrefectureCheck:
    notices: list[bytes] = []
    unrepaired: list[str] = []
    async with database.transaction() as unit:
        for one in differences:
            code = one.resident_record_code
            missing = await list_copies_after(unit, code, one.update_sequence or 0)
            notices += missing
            if not missing:
                unrepaired.append(code)
        await queue_notices(unit, notices, linking=linking)
        ended = {_decoder.decode(notice).previous_resident_record_code for notice in notices}
        detail = {
            "peer": prefecture_of(linking.node).text,
            "blocks": found.blocks,
            "residents": found.residents,
            "differences": found.differences,
            "repaired": len(notices),
        }
        event = Entry(event=AuditEvent.CONSISTENCY_CHECKED, occurred_at=linking.now, actor=linking.actor, detail=detail)
        await append(unit, [event])
    # A code that was changed into another ends with the notice of its successor.
    left = tuple(code for code in unrepaired if code not in ended)
    return replace(found, repaired=len(notices), unrepaired=left)
