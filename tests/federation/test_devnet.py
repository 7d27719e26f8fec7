"""`jukinet devnet` as a person runs it: the story, the second start, Ctrl-C, and the end by force."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from jukinet.devnet.acts import PENSION_AFFAIR
from jukinet.devnet.plan import FederationPlan
from jukinet.devnet.store import digest_register
from jukinet.postgres.database import connect
from jukinet.postgres.embedded import stop_embedded
from tests.builders import rows_of
from tests.federation.conftest import running
from tests.federation.processes import Command, list_all, list_nodes, until

#: A program of an organ that has nothing of a node.
EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "agency_client" / "confirm_pensioners.py"

pytestmark = pytest.mark.federation


@pytest.fixture(autouse=True)
async def cleared(plan: FederationPlan) -> AsyncIterator[None]:
    yield
    await stop_embedded(plan.postgres)


async def test_the_whole_story_passes_and_a_second_start_goes_on_with_the_same_data(plan: FederationPlan) -> None:
    first = await Command.start(plan, "devnet", "demo", "--once")
    first_status = await first.ended()
    first_lines = first.output.splitlines()
    built = plan.marker.stat().st_mtime_ns
    second = await Command.start(plan, "devnet", "demo", "--once")
    second_status = await second.ended()

    assert (first_status, second_status) == (0, 0), first.output + second.output
    for lines in (first_lines, second.output.splitlines()):
        last = next(line for line in reversed(lines) if line.strip())
        passed, total = last.removeprefix("story: ").removesuffix(" steps passed").split(" of ")
        assert passed == total
        assert int(total) >= 13
    assert plan.marker.stat().st_mtime_ns == built
    assert list_all(plan) == []


async def run_example(plan: FederationPlan, codes: list[str]) -> tuple[int | None, str]:
    """Run examples/agency_client as its README says, about these codes."""
    node = plan.find_node("agency/nenkin")
    asked = plan.directory / "codes.txt"
    asked.write_text("\n".join(codes), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLE), str(asked), "--port", str(node.api_port),
        "--identity", str(node.organ_system_identity), "--affair", PENSION_AFFAIR,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_ctrl_c_leaves_no_process_behind(plan: FederationPlan) -> None:
    command = await Command.start(plan, "devnet", "up")
    assert await command.until_up()
    assert len(list_nodes(plan)) == len(plan.nodes), command.output

    command.interrupt()
    status = await command.ended()

    assert status == 0, command.output
    assert list_all(plan) == []
    assert "Traceback" not in command.output


async def test_ctrl_c_while_it_starts_leaves_no_process_behind(plan: FederationPlan) -> None:
    command = await Command.start(plan, "devnet", "up")
    assert await until(lambda: len(list_nodes(plan)) > 2)

    command.interrupt()
    await command.ended()

    assert list_all(plan) == []
    assert "Traceback" not in command.output


async def test_nodes_end_with_the_devnet_even_when_it_is_killed(plan: FederationPlan) -> None:
    command = await Command.start(plan, "devnet", "up")
    assert await command.until_up()

    command.process.kill()
    await command.ended()

    assert await until(lambda: list_nodes(plan) == []), list_nodes(plan)


async def test_what_a_killed_devnet_left_is_taken_up_again(plan: FederationPlan) -> None:
    async with running(plan) as federation:
        name = "municipal/203211"
        async with connect(federation.config(name).database) as unit:
            count, _ = await digest_register(unit)

        assert count >= plan.residents_of(name)
        assert await federation.is_equal()
    assert list_all(plan) == []


async def test_the_example_of_an_organs_system_asks_with_a_key_only_its_owner_can_read(plan: FederationPlan) -> None:
    async with running(plan) as federation:
        async with connect(federation.config("municipal/203211").database) as unit:
            codes = [code for (code,) in await rows_of(unit, "SELECT resident_record_code FROM register.resident")]
        status, output = await run_example(plan, codes)

    assert status == 0, output
    assert sum(int(line.partition("\t")[2]) for line in output.splitlines()) == len(codes)
    assert "live" in output
    secrets = [*plan.directory.rglob("*.password"), *plan.directory.rglob("key.pem"), plan.sign_ins]
    assert len(secrets) > 2 * len(plan.nodes)
    assert {oct(path.stat().st_mode & 0o777) for path in secrets} == {"0o600"}
    assert {row["node"] for row in json.loads(plan.sign_ins.read_text())} == {node.name.text for node in plan.nodes}
