"""The story of the change feed: the pension organ follows two pensioners and is told that one moved and one died."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

import msgspec

from jukinet.agency.feed_store import list_events
from jukinet.agency.usecases.subscribe_feed import subscribe_feed
from jukinet.audit.use_page import list_uses_page
from jukinet.audit.wording import Describer
from jukinet.devnet.acts import PENSION_AFFAIR, meet_resident, report_death, report_relocation
from jukinet.devnet.federation import wait_until
from jukinet.devnet.plan import ORGANS
from jukinet.devnet.story import PENSION, SETAGAYA, Scene, Step
from jukinet.domain.clock import civil_day
from jukinet.domain.feed_changes import FeedKind
from jukinet.domain.resident_record import ResidentRecord
from jukinet.node_process.process import Node
from jukinet.postgres.database import connect
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.feed import FeedEvent, FeedSubscribe, FeedSubscribed, FollowedPerson
from jukinet.protocol.node_names import NATIONAL

_MOVES: Final = "受給者-0001"
_DIES: Final = "受給者-0002"
_PATIENCE_SECONDS: Final = 60.0
_MOST: Final = 1_000


async def the_pension_organ_follows_two_pensioners(scene: Scene) -> None:
    """Two pensioners are followed; one moves, one dies; the organ reads these two events, and nothing else."""
    async with scene.federation.open(SETAGAYA) as node:
        moves = await _meet(node, scene.offset, None)
        dies = await _meet(node, scene.offset + 1, moves.household_number)
    async with scene.federation.open(PENSION) as node:
        begun = await _follow(node, (_MOVES, moves), (_DIES, dies))
    scene.require(all(one.result == "following" for one in begun.people), "somebody could not be followed")
    scene.tell(
        PENSION, "受給者二人を登録した（変更の継続提供：事務、案件の番号、一年の期限つき）。毎月の照会は要らない"
    )
    async with scene.federation.open(SETAGAYA) as node:
        await report_relocation(node, moves, scene.offset)
        await report_death(node, dies)
    scene.tell(SETAGAYA, "一人は転居し、もう一人は亡くなった。窓口は届出を記録しただけ")
    async with scene.federation.open(PENSION) as node:
        events = await _await_events(scene, node, begun, 2)
        told = [(event.reference, event.kind) for event in events]
        scene.require(
            sorted(told) == [(_MOVES, FeedKind.MOVE.value), (_DIES, FeedKind.DEATH.value)], f"the organ was told {told}"
        )
        scene.tell(
            PENSION,
            f"何もきかずに、番号 {events[0].sequence} と {events[1].sequence} の二つの変更が順に届いた：転居と死亡",
        )
        again = await _list(node, begun)
        scene.require(again == events, "what is read again is not what was read before")
        scene.tell(PENSION, "同じ番号から読み直すと、同じ変更が同じ番号で返る。漏れも重複もない")
    await _look_at_the_log(scene, moves)


async def _meet(node: Node, offset: int, apart_from: int | None) -> ResidentRecord:
    return await meet_resident(
        node, offset=offset, born_from="1945-01-01", born_until="1955-12-31", apart_from=apart_from
    )


async def _follow(node: Node, *people: tuple[str, ResidentRecord]) -> FeedSubscribed:
    now = node.clock()
    asked = FeedSubscribe(
        subscription_id=new_message_id(now, secrets.token_bytes(10)),
        people=tuple(
            FollowedPerson(reference=reference, individual_number=one.individual_number) for reference, one in people
        ),
        affair=PENSION_AFFAIR,
        purpose="年金受給権者の生存及び住所の確認",
        matter_number="年金-2026-継続-01",
        official="official",
        items=("address", "change"),
        expires_on=(civil_day(now) + timedelta(days=365)).isoformat(),
    )
    return await subscribe_feed(asked=asked, client=node.client, database=node.database, now=now)


async def _await_events(scene: Scene, node: Node, begun: FeedSubscribed, wanted: int) -> list[FeedEvent]:
    """Wait until the running agency node has read them by itself."""

    async def have_come() -> bool:
        return len(await _list(node, begun)) >= wanted

    await wait_until(have_come, _PATIENCE_SECONDS)
    events = await _list(node, begun)
    scene.require(len(events) == wanted, f"{len(events)} events came instead of {wanted}")
    return events


async def _list(node: Node, begun: FeedSubscribed) -> list[FeedEvent]:
    async with node.database.connection() as connection:
        contents = await list_events(connection, after=begun.newest, limit=_MOST)
    events = [msgspec.json.decode(content, type=FeedEvent) for content in contents]
    return [event for event in events if event.subscription_id == begun.subscription_id]


async def _look_at_the_log(scene: Scene, person: ResidentRecord) -> None:
    describer = Describer({name.partition("/")[2]: organ for name, organ in ORGANS.items()})
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        page = await list_uses_page(unit, person.resident_record_code, describer=describer)
    uses = [(use.wording.organ, use.wording.items) for use in page.uses if use.matter_number == "年金-2026-継続-01"]
    expected = [("日本年金機構", "住所、変更情報"), ("日本年金機構", "なし")]
    scene.require(uses[:2] == expected, f"the person's log shows {uses[:2]}")
    scene.tell(
        NATIONAL.text,
        "転居した本人の提供状況には、登録されたことと、住所と変更情報が渡されたことが、根拠とともに載っている",
    )


STEPS: Final = (Step("日本年金機構が受給者の変更を待ち受ける", the_pension_organ_follows_two_pensioners),)
