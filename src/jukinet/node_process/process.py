"""Open a node, serve until told to stop, close it again. The kind of node says only what it answers and does."""

from __future__ import annotations

import asyncio
import gc
import secrets
import signal
import ssl
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import Clock
from jukinet.domain.errors import ConfigurationError, JukinetError
from jukinet.node_process.config import NodeConfig
from jukinet.postgres.database import Database, open_database
from jukinet.postgres.migrations import require_migrated
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.protocol.revocation import RevocationListRequest
from jukinet.transport.directory import load_directory
from jukinet.transport.files import write_atomically
from jukinet.transport.identity import NodeIdentity
from jukinet.transport.message_client import MessageClient
from jukinet.transport.message_server import Endpoint, MessageServer, Refused
from jukinet.transport.revocation import RevocationList, load_revocation_list
from jukinet.transport.serving import Application, serve, serve_screens
from jukinet.transport.tls import load_own, screens_context, server_context

_log: Final = structlog.get_logger()

#: A revocation is heard of within this many seconds, well inside the minute the design promises.
REVOCATION_POLL_SECONDS: Final = 5.0
#: How often the node looks whether its certificate was renewed.
IDENTITY_POLL_SECONDS: Final = 30.0
_DEADLINE_SECONDS: Final = 10.0
_CANCEL_AGAIN_SECONDS: Final = 0.5
_OBJECTS_BEFORE_COLLECTION: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An open node: what its use cases, endpoints and jobs are given."""

    config: NodeConfig
    name: NodeName
    database: Database
    identity: NodeIdentity
    revocations: RevocationList
    client: MessageClient
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a kind of node adds: what it answers, what it does by itself, what it shows."""

    endpoints: Mapping[str, Endpoint]
    jobs: Sequence[Callable[[], Awaitable[None]]] = ()
    screens: Any = field(default=None)
    #: What residents see of themselves, at a port of its own.
    resident_screens: Any = field(default=None)
    #: What the systems of the node's own organ ask, under mutual TLS at a port of its own.
    api: Application | None = field(default=None)


@asynccontextmanager
async def open_node(
    config: NodeConfig, *, clock: Clock, migrations: Sequence[str] | None = None
) -> AsyncGenerator[Node]:
    """Open everything a node works with, and close it at the end.

    Raises:
        JukinetError: naming what is missing or wrong, and what to do about it.
    """
    own_clock = config.clock(clock)
    async with AsyncExitStack() as stack:
        identity = NodeIdentity.load(config.identity_paths, now=own_clock())
        _require_own(identity, config)
        database = await open_database(config.database)
        stack.push_async_callback(database.close)
        if migrations is not None:
            async with database.connection() as connection:
                await require_migrated(connection, migrations)
        revocations = load_revocation_list(config.line.revocation_list, identity.authority, clock=own_clock)
        client = MessageClient(
            identity=identity,
            directory=load_directory(config.line.directory),
            revocations=revocations,
            clock=own_clock,
            random_bytes=secrets.token_bytes,
        )
        stack.push_async_callback(client.close)
        yield Node(
            config=config,
            name=config.node_name,
            database=database,
            identity=identity,
            revocations=revocations,
            client=client,
            clock=own_clock,
        )


def _require_own(identity: NodeIdentity, config: NodeConfig) -> None:
    if identity.name != config.node_name:
        message = f"The certificate in {config.line.identity} is of {identity.name}, not of {config.name}."
        raise ConfigurationError(message, field="line.identity")


async def run_node(
    config: NodeConfig,
    *,
    clock: Clock,
    migrations: Sequence[str],
    assemble: Callable[[Node], Parts],
    until_input_ends: bool = False,
) -> None:
    """Run a node until SIGTERM or SIGINT, or until standard input ends where that is asked for."""
    async with open_node(config, clock=clock, migrations=migrations) as node, serve_node(node, assemble(node)):
        # Listened for before anybody is told that the node is ready.
        stop = _listen_for_stop(until_input_ends=until_input_ends)
        _log.info("node ready", node=node.name.text, port=config.line.port)
        # What lives now lives as long as the process: keep the collector away from it.
        gc.collect()
        gc.freeze()
        # What comes and goes with messages holds no cycles worth looking for every few hundred objects.
        gc.set_threshold(_OBJECTS_BEFORE_COLLECTION, 20, 100)
        await stop.wait()
        _log.info("node stops", node=node.name.text)


@asynccontextmanager
async def serve_node(node: Node, parts: Parts) -> AsyncGenerator[None]:
    """Serve messages and screens and run the jobs while the block runs."""
    line = node.config.line
    server = MessageServer(
        name=node.name,
        endpoints=parts.endpoints,
        revocations=node.revocations,
        clock=node.clock,
        record_refusal=lambda refused: record_refusal(node, refused),
    )
    context = server_context(node.config.identity_paths)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serve(server, host=line.host, port=line.port, context=context))
        shown = ((node.config.screens, parts.screens), (node.config.resident_screens, parts.resident_screens))
        for screens, application in shown:
            if screens is not None and application is not None:
                screen_context = screens_context(certificate=screens.certificate, key=screens.key)
                await stack.enter_async_context(
                    serve_screens(application, host=screens.host, port=screens.port, context=screen_context)
                )
        if node.config.api is not None and parts.api is not None:
            api = node.config.api
            await stack.enter_async_context(serve(parts.api, host=api.host, port=api.port, context=context))
        own = (lambda: keep_revocations(node), lambda: keep_identity(node, context))
        jobs = [asyncio.create_task(_ever(node, job)) for job in (*parts.jobs, *own)]
        try:
            yield
        finally:
            await _end(jobs)


async def record_refusal(node: Node, refused: Refused) -> None:
    """Put a refused message on the audit log, before the refusal is answered."""
    event = Entry(
        event=AuditEvent.MESSAGE_REFUSED,
        occurred_at=refused.at,
        actor=refused.peer_name.text if refused.peer_name else "unknown",
        outcome="refused",
        detail={
            "type": refused.message_type,
            "error_code": refused.code,
            "remote_address": refused.remote_address,
        },
    )
    async with node.database.transaction() as unit:
        await append(unit, [event])


async def keep_revocations(node: Node) -> None:
    """Keep the revocation list fresh: from its file, and from the national node."""
    while True:
        await refresh_revocations(node)
        await asyncio.sleep(REVOCATION_POLL_SECONDS)


async def refresh_revocations(node: Node) -> None:
    """Go by a newer revocation list where there is one; keep it in the node's file for its next start."""
    try:
        if node.name == NATIONAL:
            node.revocations.replace_from(node.config.line.revocation_list)
            return
        answer = await node.client.send(
            NATIONAL, "revocation_list_request", RevocationListRequest(), deadline=_DEADLINE_SECONDS
        )
        content = answer.revocation_list.encode()
        if node.revocations.replace(content):
            write_atomically(node.config.line.revocation_list, content)
    except JukinetError as error:
        _log.warning("revocation list not refreshed", error_code=error.code)


async def keep_identity(node: Node, context: ssl.SSLContext) -> None:
    """Show a renewed certificate on new lines as soon as it lies at its path; no restart is needed."""
    paths = node.config.identity_paths
    serial = node.identity.own.serial
    while True:
        await asyncio.sleep(IDENTITY_POLL_SECONDS)
        renewed = NodeIdentity.load(paths, now=node.clock())
        if renewed.own.serial != serial:
            load_own(context, certificate=paths.certificate, key=paths.key)
            await node.client.use_identity(renewed)
            serial = renewed.own.serial
            _log.info("certificate renewed", node=node.name.text)


async def _ever(node: Node, job: Callable[[], Awaitable[None]]) -> None:
    """Run a job for ever: what ends it is logged by its class, never its text, and it begins again."""
    while True:
        try:
            await job()
        except Exception as error:  # noqa: BLE001 - a job that died would be a node that silently does half its work
            _log.error("job failed", node=node.name.text, exception_class=type(error).__name__)
            await asyncio.sleep(1.0)


async def _end(jobs: Sequence[asyncio.Task[None]]) -> None:
    """Cancel jobs until they have ended: a library may take one cancellation for a failure of its own, and go on."""
    waiting = set(jobs)
    while waiting:
        for job in waiting:
            job.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=_CANCEL_AGAIN_SECONDS)


def _listen_for_stop(*, until_input_ends: bool) -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if until_input_ends:
        loop.add_reader(sys.stdin.fileno(), stop.set)
    return stop
