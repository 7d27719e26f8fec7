"""The example client speaks to a real node over real TLS, as its README says."""

from __future__ import annotations

import ast
import asyncio
import json
import sys
from pathlib import Path

from jukinet.protocol.node_names import NATIONAL
from tests.builders import SETAGAYA
from tests.builders_resident_system import SYSTEM
from tests.fixtures_postgres import MakeDatabase
from tests.integration.resident_system.tiers import Tiers, running_tiers

_EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "resident_system_client"


async def type_command(tiers: Tiers, *words: str) -> tuple[int, list[str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "client.py",
        "--identity",
        str(tiers.enrol(SYSTEM).key.parent),
        "--municipality",
        SETAGAYA.code,
        "--address",
        f"127.0.0.1:{tiers.ports[SETAGAYA]}",
        *words,
        cwd=_EXAMPLE,
        stdout=asyncio.subprocess.PIPE,
        env={},
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode().splitlines()


async def test_the_example_client_feeds_a_node_and_checks_it(embedded_database: MakeDatabase, tmp_path: Path) -> None:
    async with running_tiers(tmp_path, embedded_database) as tiers:
        status, lines = await type_command(tiers, "send", "changes.jsonl")
        assert [line.split("\t")[2] for line in lines] == ["accepted", "accepted", "accepted", "refused"]
        assert lines[3].split("\t")[3] == "kana"
        assert status == 1
        _, again = await type_command(tiers, "send", "changes.jsonl")
        assert [line.split("\t")[2] for line in again][:3] == ["already_accepted"] * 3
        assert await type_command(tiers, "check", "residents.jsonl") == (1, ["A0002\tdifferent\tname"])
        _, shown = await type_command(tiers, "status")
        assert json.loads("\n".join(shown))["counts"] == {"applied": 3, "refused": 1}
        status, _ = await type_command(tiers, "resend", "A0001")
        assert status == 0
        assert await tiers.until_equal(2)
        assert {row[2] for row in await tiers.rows(NATIONAL)} == {"試験\u3000葵", "試験\u3000凛"}


def test_the_example_imports_nothing_of_ours() -> None:
    tree = ast.parse((_EXAMPLE / "client.py").read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
