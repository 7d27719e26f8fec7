"""A node from its start to its end: what it records, what it goes on doing, how it stops."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from jukinet.cli.console import machine_clock
from jukinet.cli.kinds import KINDS
from jukinet.devnet.federation import wait_until
from jukinet.domain.errors import ConfigurationError, JukinetError, PeerRefusedError
from jukinet.domain.individual_number_derivation import KEY_BYTES
from jukinet.node_process.config import load_config
from jukinet.node_process.process import Node, Parts, open_node, record_refusal, refresh_revocations, serve_node
from jukinet.protocol.individual_number import IndividualNumberAllotment, IndividualNumberRequest
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.message_server import Refused
from tests.builders import NOW, PENSION, code, list_rows
from tests.fixtures_postgres import MakeDatabase
from tests.integration.cli.offices import Network
from tests.integration.delivery.test_courier import PATIENCE

CODES = "SELECT count(*) FROM register.code_pool"


@pytest.fixture
def network(tmp_path: Path, embedded_database: MakeDatabase) -> Network:
    return Network(tmp_path, embedded_database)


@asynccontextmanager
async def opened_node(config: Path) -> AsyncGenerator[Node]:
    settings = load_config(config)
    async with open_node(settings, clock=machine_clock, migrations=KINDS[settings.kind].migrations) as node:
        yield node


async def test_a_refused_message_is_on_the_log_with_who_and_why(network: Network) -> None:
    config = await network.add("national")
    async with opened_node(config) as node:
        refused = Refused(
            at=NOW, peer_name=PENSION, message_type="confirmation_query", code="permission.peer", remote_address="::1"
        )
        await record_refusal(node, refused)

    rows = await list_rows(network.databases["national"], "SELECT event, outcome, actor, detail FROM audit.event")
    assert rows == [
        (
            "message:refused",
            "refused",
            PENSION.text,
            {"type": "confirmation_query", "error_code": "permission.peer", "remote_address": "::1"},
        )
    ]


async def test_a_job_that_fails_begins_again_and_the_others_go_on(network: Network) -> None:
    config = await network.add("national")
    begun: list[str] = []
    again, other = asyncio.Event(), asyncio.Event()

    async def fail() -> None:
        begun.append("fail")
        if len(begun) > 1:
            again.set()
            await asyncio.Event().wait()
        raise RuntimeError

    async def work() -> None:
        other.set()
        await asyncio.Event().wait()

    async with opened_node(config) as node:
        free = _with_free_port(node)
        async with serve_node(free, Parts(endpoints={}, jobs=[fail, work])):
            await asyncio.wait_for(asyncio.gather(again.wait(), other.wait()), PATIENCE)

    assert begun == ["fail", "fail"]


def _with_free_port(node: Node) -> Node:
    line = msgspec.structs.replace(node.config.line, port=0)
    return replace(node, config=msgspec.structs.replace(node.config, line=line))


async def test_a_newer_revocation_list_is_gone_by_at_once(network: Network) -> None:
    config = await network.add("national")
    await network.add(PENSION.text)
    async with opened_node(config) as node:
        (issued,) = network.authority.find_issued(PENSION.text)
        before = node.revocations.is_revoked(issued.serial_number)

        network.authority.revoke(issued.serial_number)
        await refresh_revocations(node)

        assert (before, node.revocations.is_revoked(issued.serial_number)) == (False, True)


async def test_a_list_that_cannot_be_fetched_leaves_the_old_one_in_force(network: Network) -> None:
    config = await network.add(PENSION.text)
    async with opened_node(config) as node:
        await refresh_revocations(node)

        assert node.revocations.is_current(machine_clock())


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGINT", "end of input"])
async def test_a_node_process_stops_when_told_and_leaves_its_port(network: Network, ending: str) -> None:
    network.port = await _find_free_port()
    config = await network.add("municipal/131121")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "jukinet.cli.main",
        "node",
        "run",
        "--config",
        str(config),
        "--until-input-ends",
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stderr is not None
    line = json.loads(await asyncio.wait_for(process.stderr.readline(), 60))
    while line["event"] != "node ready":
        line = json.loads(await asyncio.wait_for(process.stderr.readline(), 60))

    if ending == "end of input":
        process.stdin.close()
    else:
        process.send_signal(signal.Signals[ending])
    rest = await asyncio.wait_for(process.stderr.read(), 60)
    status = await asyncio.wait_for(process.wait(), 60)

    assert status == 0
    assert b"Traceback" not in rest
    assert b"node stops" in rest
    with pytest.raises(OSError, match=str(network.port)):
        await asyncio.open_connection("127.0.0.1", network.port)


async def test_a_municipality_fills_its_pool_of_codes_by_itself_once_prefecture_and_nation_answer(
    network: Network,
) -> None:
    configs: list[Path] = []
    for name in ("national", "prefectural/130001", "municipal/131121"):
        network.port = await _find_free_port()
        network.say_where(name, network.port)
        configs.append(await network.add(name))

    async def has_codes() -> bool:
        return bool((await list_rows(network.databases["municipal/131121"], CODES))[0][0])

    async with AsyncExitStack() as stack:
        for config in configs:
            await stack.enter_async_context(_serving(config))
        assert await wait_until(has_codes, PATIENCE)

    events = {
        name: {event for (event,) in await list_rows(network.databases[name], "SELECT event FROM audit.event")}
        for name in network.databases
    }
    assert "codes:allotted" in events["national"]
    assert "codes:forwarded" in events["prefectural/130001"]
    assert "codes:requested" in events["municipal/131121"]


async def test_individual_numbers_are_given_once_the_nation_has_its_key(network: Network) -> None:
    network.port = await _find_free_port()
    network.say_where("national", network.port)
    key = network.directory / "individual-number.key"
    key.write_bytes(bytes(KEY_BYTES))
    key.chmod(0o600)
    national = await network.add("national")
    with_key = national.with_name("with-key.toml")
    with_key.write_text(f'individual_number_key = "{key}"\n' + national.read_text())
    network.port = await _find_free_port()
    municipal = await network.add("municipal/131121")
    request = IndividualNumberRequest(resident_record_codes=(code(1),))

    async def ask(config: Path) -> IndividualNumberAllotment:
        async with _serving(config), opened_node(municipal) as node:
            answer: IndividualNumberAllotment = await node.client.send(
                NATIONAL, "individual_number_request", request, deadline=10
            )
            return answer

    with pytest.raises(PeerRefusedError) as caught:
        await ask(national)
    allotment = await ask(with_key)

    assert (caught.value.peer_code, caught.value.is_temporary) == ("operation.secret", True)
    assert [answer.error_code for answer in allotment.answers] == ["not_found.resident"]


@asynccontextmanager
async def _serving(config: Path) -> AsyncGenerator[None]:
    async with opened_node(config) as node, serve_node(node, KINDS[node.config.kind].assemble(node)):
        yield


async def _find_free_port() -> int:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_a_node_runs_as_of_another_day_by_its_configuration_alone(network: Network) -> None:
    config = await network.add("national", clock_offset=3600.0)

    async with opened_node(config) as node:
        assert 3500 < (node.clock() - machine_clock()).total_seconds() < 3700


def test_a_relative_path_is_relative_to_the_file_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "node.toml").write_text(
        'name = "national"\n[database]\nurl = "postgresql:///x"\npassword_file = "secret"\n'
        '[line]\nport = 1\nidentity = "identity"\nrevocation_list = "list.pem"\n'
        'directory = "/elsewhere/directory.toml"\n'
    )
    monkeypatch.chdir(tmp_path.parent)

    config = load_config(tmp_path / "node.toml")

    assert config.database.password_file == tmp_path / "secret"
    assert config.line.identity == tmp_path / "identity"
    assert config.line.directory == Path("/elsewhere/directory.toml")


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ("clock_offset = nan", "clock_offset"),
        ("clock_offset = 1e300", "clock_offset"),
        ("clock_offset = -1e300", "clock_offset"),
        ("[line]\nport = 70000", "line.port"),
        ("[line]\nport = -1", "line.port"),
    ],
)
def test_a_figure_that_no_clock_or_port_can_have_is_refused_by_its_name(tmp_path: Path, items: str, place: str) -> None:
    (tmp_path / "node.toml").write_text(f'name = "national"\ndatabase.url = "postgresql:///x"\n{items}\n')

    with pytest.raises(ConfigurationError) as caught:
        load_config(tmp_path / "node.toml")

    assert place in caught.value.detail


async def test_opening_a_node_that_cannot_be_leaves_nothing_open(network: Network) -> None:
    config = await network.add("national")
    (config.parent.parent.parent / "directory.toml").write_text("[nodes")

    with pytest.raises(JukinetError):
        async with opened_node(config):
            pass

    connections = await list_rows(
        network.databases["national"],
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    assert connections == [(0,)]
