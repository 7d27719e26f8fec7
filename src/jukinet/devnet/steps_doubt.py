"""The story of a doubt: the organ reports it, a killed prefecture passes it on all the same, the clerk answers."""

from __future__ import annotations

from typing import Final

from jukinet.agency.doubt_store import Reporter, list_doubts
from jukinet.agency.usecases.report_doubt import Doubt, report_doubt
from jukinet.devnet.acts import CLERK, PENSION_AFFAIR, confirm
from jukinet.devnet.federation import wait_until
from jukinet.devnet.story import PENSION, SETAGAYA, Scene, Step
from jukinet.domain.doubt_reports import DoubtState
from jukinet.domain.errors import DoubtNotCorrectedError
from jukinet.municipal.doubt_store import ReceivedDoubt, list_open_doubts
from jukinet.municipal.usecases.answer_doubt import answer_doubt
from jukinet.node_process.process import Node
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.node_names import NodeName, prefecture_of

_PATIENCE_SECONDS: Final = 60.0
_MATTER: Final = "年金-2026-000009"
_PURPOSE: Final = "受給者の氏名の確認"
_MOST: Final = 1_000


async def a_doubt_is_answered(scene: Scene) -> None:
    """What the pension organ doubts reaches the clerk though the prefecture is killed; the answer reaches the organ."""
    child = scene.known["child"]
    answer = await confirm(
        scene.federation,
        PENSION,
        resident_record_code=child.resident_record_code,
        affair=PENSION_AFFAIR,
        purpose=_PURPOSE,
        matter_number=_MATTER,
    )
    prefecture = prefecture_of(NodeName.parse(SETAGAYA)).text
    await scene.federation.kill(prefecture)
    report = await _report(scene, answer.use_log_id)
    scene.tell(PENSION, "提供された氏名が申請書と違うと通報した。都道府県サーバは止められている")
    await scene.federation.start(prefecture)
    async with scene.federation.open(SETAGAYA) as node:
        await wait_until(lambda: _has_come(node, report), _PATIENCE_SECONDS)
        doubt = await _find(node, report)
        scene.require(doubt is not None, "the report did not reach the municipality")
        if doubt is None:
            return
        scene.tell(SETAGAYA, f"係員の仕事の一覧に届いた。回答の期限は{doubt.due_on.isoformat()}")
        scene.require(
            not await _is_answered(node, doubt, DoubtState.CORRECTED), "a correction was claimed and none made"
        )
        scene.tell(SETAGAYA, "修正していないのに「修正した」とは回答できない")
        await _is_answered(node, doubt, DoubtState.RECORD_IS_RIGHT)
    came = await wait_until(lambda: _has_heard(scene, report), _PATIENCE_SECONDS)
    scene.require(came, "the answer did not reach the organ")
    scene.tell(PENSION, "「住民票が正しい」との回答が届いた。記録の内容は送られていない")


async def _report(scene: Scene, use: str) -> str:
    doubt = Doubt(
        use_log_id=use,
        reason="differs",
        evidence="document",
        items=("name",),
        stated=StatedItems(name="試験　茜"),
        office="支給課",
    )
    async with scene.federation.open(PENSION) as node:
        reporter = Reporter(official="official", matter_number=_MATTER)
        return await report_doubt(doubt=doubt, reporter=reporter, database=node.database, now=node.clock())


async def _find(node: Node, report: str) -> ReceivedDoubt | None:
    async with node.database.connection() as connection:
        found = await list_open_doubts(connection, limit=_MOST)
    return next((one for one in found if one.report_number == report), None)


async def _has_come(node: Node, report: str) -> bool:
    return await _find(node, report) is not None


async def _is_answered(node: Node, doubt: ReceivedDoubt, outcome: DoubtState) -> bool:
    try:
        await answer_doubt(
            doubt_number=doubt.doubt_number,
            outcome=outcome,
            expected_on=None,
            operator_id=CLERK,
            node=node.name,
            database=node.database,
            now=node.clock(),
        )
    except DoubtNotCorrectedError:
        return False
    return True


async def _has_heard(scene: Scene, report: str) -> bool:
    async with scene.federation.open(PENSION) as node, node.database.connection() as connection:
        doubts = await list_doubts(connection, limit=_MOST)
    return any(one.report_number == report and one.state == DoubtState.RECORD_IS_RIGHT.value for one in doubts)


STEPS: Final = (Step("疑義の通報が市区町村に届き、回答が返る（都道府県サーバを強制終了しても）", a_doubt_is_answered),)
