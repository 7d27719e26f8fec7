"""A running federation, and what the story and the tests do with it."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from jukinet.devnet.build import Progress, build_federation, is_built, refresh_federation
from jukinet.devnet.plan import FederationPlan
from jukinet.devnet.processes import NodeProcesses
from jukinet.devnet.store import digest_records, digest_register, find_record
from jukinet.domain.clock import Clock
from jukinet.domain.errors import AlreadyExistsError, PortTakenError
from jukinet.node_process.config import NodeConfig, load_config
from jukinet.node_process.process import Node, open_node, refresh_revocations
from jukinet.postgres.database import connect
from jukinet.postgres.embedded import stop_embedded
from jukinet.protocol.node_names import NATIONAL, NodeKind, prefecture_of
from jukinet.transport.files import make_directory

_LOOK_SECONDS: Final = 0.005
_LEAVE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Federation:
    """A federation whose nodes run."""

    plan: FederationPlan
    processes: NodeProcesses
    clock: Clock = field(repr=False)

    def config(self, name: str) -> NodeConfig:
        """Return the configuration of a node."""
        return load_config(self.plan.find_node(name).config)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncGenerator[Node]:
        """Open a node beside its running process, as the command line does."""
        async with open_node(self.config(name), clock=self.clock) as node:
            await refresh_revocations(node)
            yield node

    async def kill(self, name: str) -> None:
        """Kill a node's process at once."""
        await asyncio.to_thread(self.processes.kill, self.plan.find_node(name))

    async def start(self, name: str) -> None:
        """Start a node's process again."""
        await self.processes.start([self.plan.find_node(name)])

    async def digests(self, municipality: str) -> dict[str, tuple[int, int]]:
        """Return number and digest of one municipality's residents, as each of the three tiers has them."""
        node = self.plan.find_node(municipality).name
        found: dict[str, tuple[int, int]] = {}
        async with connect(self.config(municipality).database) as unit:
            found[municipality] = await digest_register(unit)
        for tier in (prefecture_of(node), NATIONAL):
            async with connect(self.config(tier.text).database) as unit:
                found[tier.text] = await digest_records(unit, node.code)
        return found

    async def is_equal(self) -> bool:
        """Return whether every municipality, its prefecture and the nation hold the same (I6)."""
        for node in self.plan.list_nodes(NodeKind.MUNICIPAL):
            if len(set((await self.digests(node.name.text)).values())) > 1:
                return False
        return True

    async def await_nationally(self, resident_record_code: str, update_sequence: int, seconds: float) -> float | None:
        """Wait until the national node has this change; return after how many seconds, None if it did not come."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with connect(self.config(NATIONAL.text).database) as unit:
            while loop.time() - started < seconds:
                record = await find_record(unit, resident_record_code)
                if record is not None and record[0] >= update_sequence:
                    return loop.time() - started
                await asyncio.sleep(_LOOK_SECONDS)
        return None


async def wait_until(condition: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Ask again and again whether `condition` holds; return False after `seconds`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not await condition():
        if loop.time() > deadline:
            return False
        await asyncio.sleep(_LOOK_SECONDS * 10)
    return True


@asynccontextmanager
async def run_federation(
    plan: FederationPlan,
    *,
    migrations: Callable[[NodeKind], Sequence[str]],
    clock: Clock,
    progress: Progress,
) -> AsyncGenerator[Federation]:
    """Build the federation if it is not there, run it while the block runs, leave no process behind.

    Raises:
        AlreadyExistsError: a federation already runs in this directory.
        PortTakenError: another program listens on one of its ports.
        NodeDidNotStartError: a node ended; its last words are in the message.
    """
    with _only_one(plan):
        async with _run_nodes(plan, migrations, clock, progress) as federation:
            yield federation


@contextlib.contextmanager
def _only_one(plan: FederationPlan) -> Generator[None]:
    make_directory(plan.directory)
    with (plan.directory / "lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyExistsError(
                f"A federation already runs in {plan.directory}: stop it, or choose another --directory."
            ) from None
        yield


@asynccontextmanager
async def _run_nodes(
    plan: FederationPlan, migrations: Callable[[NodeKind], Sequence[str]], clock: Clock, progress: Progress
) -> AsyncGenerator[Federation]:
    processes = NodeProcesses()
    try:
        await _require_free_ports(plan)
        if is_built(plan):
            progress("前回のデータを使う", 0, 1)
            await refresh_federation(plan, migrations=migrations, clock=clock)
        else:
            await build_federation(plan, migrations=migrations, clock=clock, progress=progress)
        progress("ノードの起動", 0, 1)
        await processes.start(plan.nodes)
        progress("ノードの起動", 1, 1)
        yield Federation(plan, processes, clock)
    finally:
        # Ctrl-C may come again while this cleans up: it cleans up all the same.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(_stop(plan, processes))


async def _require_free_ports(plan: FederationPlan) -> None:
    # Asked before the building, which takes its time. The nodes of a federation that was killed need a moment to end.
    async def are_free() -> bool:
        return _find_taken_port(plan) is None

    if not await wait_until(are_free, _LEAVE_SECONDS):
        raise PortTakenError(
            f"Port {_find_taken_port(plan)} is taken, perhaps by another federation: stop that, or choose another"
            " --first-port (make demo FIRST_PORT=22000)."
        )


def _find_taken_port(plan: FederationPlan) -> int | None:
    for port in (port for node in plan.nodes for port in node.ports):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            return port
    return None


async def _stop(plan: FederationPlan, processes: NodeProcesses) -> None:
    await processes.stop()
    await stop_embedded(plan.postgres)
