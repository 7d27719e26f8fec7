"""The story of the law: an affair is added by two people, refused before its day and granted from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from jukinet.devnet.acts import confirm
from jukinet.devnet.federation import wait_until
from jukinet.devnet.story import PENSION, Scene, Step
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import AffairNotListedError, AffairNotYetInForceError, PeerRefusedError, SelfReviewError
from jukinet.domain.provision_changes import NewAffair
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_items import ProvisionItem, items_text
from jukinet.domain.provision_law import ProvisionLaw
from jukinet.domain.stated_grounds import StatedGround
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.usecases.authorise_provision import authorise_provision
from jukinet.national.usecases.decide_law_change import approve_law_change
from jukinet.national.usecases.propose_law_change import propose_law_change
from jukinet.node_process.process import Node
from jukinet.protocol.node_names import NATIONAL, NodeName

_ROW: Final = "1-77"
_ITEMS: Final = frozenset({ProvisionItem.NAME, ProvisionItem.ADDRESS, ProvisionItem.CHANGE})
_PURPOSE: Final = "給付金の支給"
_MATTER: Final = "給付金-2026-000001"
_PATIENCE_SECONDS: Final = 60.0
_ONE_DAY: Final = timedelta(days=1)


async def an_affair_begins_on_its_day(scene: Scene) -> None:
    """A new affair is proposed and approved; asked for today it is refused, as of tomorrow it is granted."""
    async with scene.federation.open(NATIONAL.text) as node:
        keeper = LawKeeper(node.database)
        law, _ = await keeper.current()
        affair, now = _next_affair(law), node.clock()
        await _add(scene, node, keeper, affair, now)
        await _is_refused_before_its_day(scene, affair)
        stated = StatedGround(affair=affair, purpose=_PURPOSE, matter_number=_MATTER, official="official")
        allowed = await authorise_provision(
            sender=NodeName.parse(PENSION),
            stated=stated,
            items=None,
            organs=node.config.organs,
            keeper=keeper,
            database=node.database,
            now=now + _ONE_DAY,
        )
    scene.require(allowed.items == _ITEMS, f"the items would be {items_text(allowed.items)}")
    scene.tell(NATIONAL.text, f"開始日からは、氏名、住所、変更情報に限って認められる（{allowed.grant.ground}）")


async def _add(scene: Scene, node: Node, keeper: LawKeeper, affair: str, now: datetime) -> None:
    act = NewAffair(
        channel=Channel.ORGANS,
        organs=(node.config.organs[NodeName.parse(PENSION).code],),
        law="国民年金法",
        text="給付金の支給に係る事実の確認",
        items=_ITEMS,
        affair=affair,
    )
    number = await propose_law_change(
        act=act,
        effective_on=civil_day(now) + _ONE_DAY,
        source="見本の法律",
        operator_id="law-clerk",
        keeper=keeper,
        database=node.database,
        now=now,
    )
    scene.require(not await _is_approved(node, keeper, number, "law-clerk", now), "the proposer approved the proposal")
    scene.tell(NATIONAL.text, f"事務{affair}の追加を提案した。提案した人は承認できない")
    scene.require(await _is_approved(node, keeper, number, "law-chief", now), "nobody could approve the proposal")
    scene.tell(NATIONAL.text, "別の人が承認した。明日から効力を持つ")


async def _is_approved(node: Node, keeper: LawKeeper, number: int, operator_id: str, now: datetime) -> bool:
    try:
        await approve_law_change(
            proposal_number=number, operator_id=operator_id, keeper=keeper, database=node.database, now=now
        )
    except SelfReviewError:
        return False
    return True


async def _is_refused_before_its_day(scene: Scene, affair: str) -> None:
    codes: list[str] = []

    async def is_known() -> bool:
        codes.append(await _refusal(scene, affair))
        return codes[-1] != AffairNotListedError.code

    # The running node hears of the approval within seconds; until then it knows no such affair.
    await wait_until(is_known, _PATIENCE_SECONDS)
    scene.require(codes[-1] == AffairNotYetInForceError.code, f"the answer was {codes[-1]}")
    scene.tell(PENSION, f"開始日の前の照会は拒否された（{codes[-1]}）")


async def _refusal(scene: Scene, affair: str) -> str:
    code = scene.known["child"].resident_record_code
    query = {"resident_record_code": code, "affair": affair, "purpose": _PURPOSE, "matter_number": _MATTER}
    try:
        await confirm(scene.federation, PENSION, **query)
    except PeerRefusedError as refusal:
        return refusal.peer_code
    return "none"


def _next_affair(law: ProvisionLaw) -> str:
    taken = [int(affair.id.rpartition("-")[2]) for affair in law.affairs if affair.id.startswith(f"{_ROW}-")]
    return f"{_ROW}-{max(taken) + 1}"


STEPS: Final = (Step("事務は、開始日の前は拒否され、開始日から認められる", an_affair_begins_on_its_day),)
