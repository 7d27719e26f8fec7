"""`jukinet devnet` as a person runs it: the story, the second start, Ctrl-C, and the end by force."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from jukinet.devnet.plan import FederationPlan
from jukinet.devnet.store import digest_register
from jukinet.postgres.database import connect
from jukinet.postgres.embedded import stop_embedded
from tests.federation.conftest import running
from tests.federation.processes import Command, list_all, list_nodes, until

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


async def test_files_with_secrets_are_readable_by_their_owner_only(plan: FederationPlan) -> None:
    async with running(plan):
        pass

    secrets = [*plan.directory.rglob("*.password"), *plan.directory.rglob("key.pem"), plan.sign_ins]
    assert len(secrets) > 2 * len(plan.nodes)
    assert {oct(path.stat().st_mode & 0o777) for path in secrets} == {"0o600"}
    assert {row["node"] for row in json.loads(plan.sign_ins.read_text())} == {node.name.text for node in plan.nodes}
