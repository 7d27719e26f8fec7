"""The story of a file: the pension organ confirms everybody it pays at once, and finds who died and who moved."""

from __future__ import annotations

import asyncio
import csv
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from jukinet.agency.usecases.fetch_batch import fetch_batch
from jukinet.agency.usecases.follow_batch import find_batch_status
from jukinet.agency.usecases.submit_batch import read_batch_file, submit_batch
from jukinet.devnet.acts import PENSION_AFFAIR
from jukinet.devnet.store import count_batch_uses, list_pensioners
from jukinet.devnet.story import PENSION, Scene, Step
from jukinet.domain.provision_batches import BatchState
from jukinet.node_process.process import Node
from jukinet.postgres.database import connect
from jukinet.protocol.batch import BatchStatus
from jukinet.protocol.node_names import NATIONAL

_MOST: Final = 5_000
_PATIENCE_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.2


async def the_pensioners_are_confirmed_by_file(scene: Scene) -> None:
    """The pension organ hands in everybody it pays; deaths and moves are found, and all of them stand on the log."""
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        numbers = await list_pensioners(unit, born_until="1961-12-31", limit=_MOST)
    with tempfile.TemporaryDirectory() as directory:
        results = Path(directory) / "results.csv"
        async with scene.federation.open(PENSION) as node:
            status = await _hand_in(node, _write(Path(directory) / "pensioners", numbers))
            status = await _wait(node, status)
            scene.require(status.state == BatchState.READY.value, f"the file is {status.state}: {status.detail}")
            await fetch_batch(status=status, target=results, client=node.client, database=node.database)
        rows = _read(results)
    scene.require(len(rows) == len(numbers), "there is not one result for each line")
    states = Counter(row["state"] for row in rows)
    reasons = Counter(row["reason"] for row in rows)
    scene.require(states["dead"], "no death was found")
    scene.tell(
        PENSION,
        f"年金受給者 {len(numbers):,} 人を一つのファイルで照会した：生存 {states['live']:,} 人、"
        f"死亡 {states['dead']:,} 人、転出 {states['moved_out']:,} 人、"
        f"住所の変更 {reasons['relocation']:,} 人。現況届は要らない",
    )
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        uses, size = await count_batch_uses(unit, status.batch_id)
    scene.require(uses == len(numbers) == size, f"the log has {uses} entries and a commitment to {size} persons")
    scene.tell(
        NATIONAL.text,
        f"結果を渡す前に {uses:,} 人それぞれの提供の記録と、ファイル全体の署名（対象者の集合の証明）を残した",
    )


def _write(path: Path, numbers: list[str]) -> Path:
    header = {
        "version": 1,
        "layout": "csv",
        "key": "individual_number",
        "affair": PENSION_AFFAIR,
        "purpose": "年金受給権者の生存及び住所の確認",
        "matter_number": "年金-2026-現況-04",
        "official": "official",
        "items": ["name", "address", "change"],
    }
    lines = "".join(f"{place},{number}\n" for place, number in enumerate(numbers, start=1))
    path.write_text(json.dumps(header, ensure_ascii=False) + "\n" + lines, encoding="utf-8")
    return path


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def _hand_in(node: Node, path: Path) -> BatchStatus:
    return await submit_batch(file=read_batch_file(path), client=node.client, database=node.database, now=node.clock())


async def _wait(node: Node, status: BatchStatus) -> BatchStatus:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    while not BatchState(status.state).is_over and loop.time() < deadline:
        await asyncio.sleep(_LOOK_SECONDS)
        status = await find_batch_status(batch_id=status.batch_id, client=node.client, database=node.database)
    return status


STEPS: Final = (Step("日本年金機構が受給者をファイルで一括して確認する", the_pensioners_are_confirmed_by_file),)
