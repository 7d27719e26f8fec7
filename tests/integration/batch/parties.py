"""A nation and an agency on a real line, and the files that go between them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from jukinet.agency.usecases.fetch_batch import fetch_batch
from jukinet.agency.usecases.follow_batch import find_batch_status
from jukinet.agency.usecases.submit_batch import read_batch_file, submit_batch
from jukinet.cli.console import machine_clock
from jukinet.identification.receive import receive_notices
from jukinet.national.batch_pace import BatchPace
from jukinet.national.batch_runner import BatchRunner
from jukinet.national.endpoints import ENDPOINTS, require_competent
from jukinet.national.node import NationalNode
from jukinet.national.search_key_store import keep_search_keys
from jukinet.node_process.config import load_config
from jukinet.node_process.process import Node, Parts, open_node, serve_node
from jukinet.protocol.batch import BatchStatus
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL
from tests.builders import ORGANS, PENSION, PENSION_AFFAIR, TOKYO, individual_number, list_rows, notice, received
from tests.fixtures_postgres import MakeDatabase
from tests.integration.resident_system.tiers import Tiers

USES = """
    SELECT resident_record_code, place, result, items, method, office, ground
      FROM audit.every_use
     WHERE method = 'batch'
     ORDER BY message_id, place
"""
RETENTION = timedelta(days=30)


def person(number: int, sequence: int = 1, **items: Any) -> IdentificationNotice:  # noqa: ANN401 - any item of it
    address = f"東京都世田谷区太子堂一丁目{number}番{sequence}号"
    return notice(number, sequence, **{"individual_number": individual_number(number), "address": address, **items})


def header(**items: Any) -> dict[str, Any]:  # noqa: ANN401 - any item of it
    return {
        "version": 1,
        "layout": "csv",
        "key": "individual_number",
        "affair": PENSION_AFFAIR,
        "purpose": "年金の支給",
        "matter_number": "年金-1",
        "official": "official",
        "office": "給付課",
        **items,
    }


def by_number(*numbers: int) -> list[str]:
    return [f"p{number},{individual_number(number)}" for number in numbers]


@dataclass
class Parties:
    """Both nodes. The job of the nation is done step by step, when a test says so."""

    directory: Path
    tiers: Tiers
    nation: NationalNode
    agency: Node
    runner: BatchRunner
    pace: BatchPace = field(default_factory=BatchPace)
    files: int = 0

    async def know(self, *people: IdentificationNotice) -> None:
        answer = await receive_notices(
            received=received(
                people, sender=TOKYO, receiver=NATIONAL, message_type="identification_forwarding", number=self.files + 1
            ),
            require_competent=lambda one: require_competent(TOKYO, one),
            forwarding=None,
            database=self.nation.database,
            now=self.nation.clock(),
            follow=keep_search_keys,
        )
        self.files += 1
        assert answer.applied == len(people)

    def write(self, lines: Iterable[str] | bytes, **items: Any) -> Path:  # noqa: ANN401 - any item of a header
        self.files += 1
        path = self.directory / f"file-{self.files}"
        content = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode()
        path.write_bytes(json.dumps(header(**items), ensure_ascii=False).encode() + b"\n" + content)
        return path

    async def submit(self, path: Path) -> BatchStatus:
        return await submit_batch(
            file=read_batch_file(path),
            client=self.agency.client,
            database=self.agency.database,
            now=self.agency.clock(),
        )

    async def status(self, batch_id: str) -> BatchStatus:
        return await find_batch_status(batch_id=batch_id, client=self.agency.client, database=self.agency.database)

    async def work(self) -> None:
        while await self.runner.step():
            pass

    async def fetch(self, batch_id: str) -> list[str]:
        """Return the lines of the results, in the layout of the file."""
        target = self.directory / f"results-{batch_id}"
        status = await self.status(batch_id)
        await fetch_batch(status=status, target=target, client=self.agency.client, database=self.agency.database)
        return target.read_text("utf-8").splitlines()

    async def results(self, lines: Sequence[str], **items: Any) -> list[dict[str, str]]:  # noqa: ANN401 - likewise
        """Hand in a file, match it, and return its results by the names of the columns."""
        status = await self.submit(self.write(lines, **items))
        await self.work()
        names, *rows = (line.split(",") for line in await self.fetch(status.batch_id))
        return [
            {name: text for name, text in zip(names, row, strict=True) if text and name not in {"line", "kana"}}
            for row in rows
        ]

    async def uses(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.tiers.databases[NATIONAL], USES)


@asynccontextmanager
async def open_parties(directory: Path, make_database: MakeDatabase) -> AsyncGenerator[Parties]:
    """Open both nodes and the nation's server."""
    tiers = Tiers(directory, make_database)
    tiers.ports[PENSION] = 0
    async with AsyncExitStack() as stack:
        path = await tiers.add(NATIONAL)
        organs = "".join(f'{code} = "{organ}"\n' for code, organ in ORGANS.items())
        path.write_text(f"{path.read_text('utf-8')}[organs]\n{organs}", "utf-8")
        nation = NationalNode.of(await stack.enter_async_context(open_node(load_config(path), clock=machine_clock)))
        pace = BatchPace()
        runner = BatchRunner(nation, pace, RETENTION)
        stack.push_async_callback(runner.worker.close)
        parts = Parts(endpoints={name: make(nation) for name, make in ENDPOINTS.items()})
        await stack.enter_async_context(serve_node(nation, parts))
        agency_path = await tiers.add(PENSION)
        agency = await stack.enter_async_context(open_node(load_config(agency_path), clock=machine_clock))
        yield Parties(directory, tiers, nation, agency, runner, pace)
