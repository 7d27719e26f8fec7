"""The story's first half: a change is recorded once, known on every tier, and confirmed to an agency."""

from __future__ import annotations

from typing import Final

from jukinet.devnet.acts import (
    PASSPORT_AFFAIR,
    PENSION_AFFAIR,
    confirm,
    meet_resident,
    report_birth,
    report_death,
    report_relocation,
)
from jukinet.devnet.federation import wait_until
from jukinet.devnet.store import find_use
from jukinet.devnet.story import KARUIZAWA, MATSUMOTO, PASSPORT, PENSION, SETAGAYA, Scene, Step
from jukinet.municipal.store import count_free_codes
from jukinet.municipal.usecases.fill_code_pool import PoolLevel, fill_code_pool
from jukinet.postgres.database import connect
from jukinet.protocol.node_names import NATIONAL, NodeKind

_PATIENCE_SECONDS: Final = 60.0


async def tiers_are_equal(scene: Scene) -> None:
    """Every municipality, its prefecture and the nation hold the same residents."""
    federation = scene.federation
    scene.require(await wait_until(federation.is_equal, _PATIENCE_SECONDS), "the tiers differ")
    for node in federation.plan.list_nodes(NodeKind.MUNICIPAL):
        digests = await federation.digests(node.name.text)
        count, digest = digests[node.name.text]
        tiers = "、".join(digests)
        scene.tell(node.name.text, f"{count:,} 人、要約値 {digest & 0xFFFF_FFFF:08x}：{tiers} で一致")


async def codes_are_allotted(scene: Scene) -> None:
    """Every municipality has codes to give, all different."""
    for name in (SETAGAYA, MATSUMOTO, KARUIZAWA):
        async with scene.federation.open(name) as node:
            came = await fill_code_pool(
                client=node.client,
                database=node.database,
                clock=node.clock,
                node=node.name,
                level=PoolLevel(),
            )
            async with node.database.connection() as connection:
                free = await count_free_codes(connection)
        scene.require(free, f"{name} has no codes")
        now = f"いま {came:,} 個の指定を受けた" if came else "足りているので、いまは求めない"
        scene.tell(name, f"都道府県を経て全国サーバから指定を受けた住民票コードの残り {free:,} 個（{now}）")


async def a_child_is_born(scene: Scene) -> None:
    """A clerk records a birth; prefecture and nation know."""
    async with scene.federation.open(SETAGAYA) as node:
        parent = await meet_resident(node, offset=scene.offset, born_from="1988-01-01", born_until="1998-12-31")
        child = await report_birth(node, parent)
    scene.known["child"] = child
    scene.tell(SETAGAYA, "出生を記載し、新しい住民票コードを割り当て、都道府県への通知を送信待ちに入れた")
    await await_known(scene, child.resident_record_code, 1, "出生")


async def a_resident_relocates(scene: Scene) -> None:
    """A clerk records a relocation in another prefecture."""
    async with scene.federation.open(MATSUMOTO) as node:
        resident = await meet_resident(node, offset=scene.offset, born_from="1950-01-01", born_until="1985-12-31")
        moved = await report_relocation(node, resident, scene.offset * 7 + resident.version)
    scene.known["moved"] = moved
    scene.tell(MATSUMOTO, "転居を記載した（住所のみ修正、履歴は残る）")
    await await_known(scene, moved.resident_record_code, moved.update_sequence or 0, "転居")


async def the_pension_organ_confirms(scene: Scene) -> None:
    """The pension organ confirms the new address by Individual Number; the use was logged before the answer."""
    moved = scene.known["moved"]
    answer = await confirm(
        scene.federation,
        PENSION,
        individual_number=moved.individual_number,
        affair=PENSION_AFFAIR,
        purpose="被保険者の住所の変更の事実の確認",
        matter_number="年金-2026-000001",
    )
    scene.require(answer.person is not None, "the organ was told there is no such person")
    scene.require(answer.person and answer.person.address == moved.address, "the organ got another address")
    scene.tell(PENSION, f"個人番号で照会（別表事務 {PENSION_AFFAIR}）し、新しい住所を確認した。住民票の写しは要らない")
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        use = await find_use(unit, answer.use_log_id)
    scene.require(use is not None, "the use is not on the log")
    scene.tell(NATIONAL.text, "回答の前に提供の記録を残した（提供先、事務、利用事由、依頼管理番号、項目）")


async def the_passport_desk_confirms(scene: Scene) -> None:
    """The passport desk confirms the newborn by resident record code."""
    child = scene.known["child"]
    answer = await confirm(
        scene.federation,
        PASSPORT,
        resident_record_code=child.resident_record_code,
        affair=PASSPORT_AFFAIR,
        purpose="旅券の発給の申請に係る審査",
        matter_number="旅券-2026-000042",
    )
    scene.require(answer.person and answer.person.name == child.name, "the desk did not get the child")
    scene.tell(PASSPORT, f"住民票コードで照会（別表事務 {PASSPORT_AFFAIR}）し、生まれた子の四情報を確認した")


async def a_resident_dies(scene: Scene) -> None:
    """A clerk records a death; the pension organ learns of it at its next query."""
    async with scene.federation.open(KARUIZAWA) as node:
        resident = await meet_resident(node, offset=scene.offset, born_from="1925-01-01", born_until="1955-12-31")
        removed = await report_death(node, resident)
    scene.tell(KARUIZAWA, "死亡により住民票を消除した")
    await await_known(scene, removed.resident_record_code, removed.update_sequence or 0, "死亡")
    answer = await confirm(
        scene.federation,
        PENSION,
        resident_record_code=removed.resident_record_code,
        affair=PENSION_AFFAIR,
        purpose="被保険者の生存の事実の確認",
        matter_number="年金-2026-000002",
    )
    scene.require(answer.person and answer.person.is_removed, "the organ was not told of the death")
    scene.require(answer.person and answer.person.reason == "death", "the organ was told another reason")
    scene.tell(PENSION, "照会の答えに「消除（死亡）」とあり、現況届を求めずに支給を止められる")


async def await_known(scene: Scene, code: str, sequence: int, what: str) -> None:
    """Tell how soon the nation knew of a change; how soon is measured by `jukinet bench`, not here."""
    seconds = await scene.federation.await_nationally(code, sequence, _PATIENCE_SECONDS)
    scene.require(seconds is not None, f"the nation does not know of it after {_PATIENCE_SECONDS:g} s")
    scene.tell(NATIONAL.text, f"{what}を都道府県経由で {(seconds or 0) * 1000:.0f} ミリ秒後に知った")


STEPS: Final = (
    Step("三階層の本人確認情報が等しい", tiers_are_equal),
    Step("市町村が、都道府県を経て、住民票コードの指定を受ける", codes_are_allotted),
    Step("世田谷区で子が生まれ、都道府県と全国がそれを知る", a_child_is_born),
    Step("松本市で住民が転居する", a_resident_relocates),
    Step("日本年金機構が個人番号で住所を確認する", the_pension_organ_confirms),
    Step("外務省が住民票コードで新生児を確認する", the_passport_desk_confirms),
    Step("軽井沢町で住民が亡くなり、年金機構がそれを知る", a_resident_dies),
)
