"""Run servers inside a node's event loop: message lines under mutual TLS, screens under TLS for browsers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

import uvicorn

from jukinet.domain.errors import ConfigurationError, OperationError, PortTakenError
from jukinet.transport.peer_protocol import Occupancy, PeerProtocol

_BACKLOG: Final = 2048
#: Seconds an idle connection is kept; clients let go earlier, so none is closed under a request.
IDLE: Final = 75
#: Seconds within which a new connection must have shown its certificate, or proved that it speaks TLS at all.
HANDSHAKE: Final = 10.0
#: Seconds requests have to end when the server stops.
_LAST_WORDS: Final = 10

#: An ASGI application.
Application: TypeAlias = Callable[..., Awaitable[None]]


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers or polling: it tells when it listens, and is told when to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_listening: Final = asyncio.Event()
        self.is_to_stop: Final = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell. Uvicorn's own waits a minute for a handshake."""
        loop, occupancy = asyncio.get_running_loop(), Occupancy()

        def connect() -> PeerProtocol:
            return PeerProtocol(
                config=self.config, server_state=self.server_state, app_state={}, _loop=loop, occupancy=occupancy
            )

        self.servers = [
            await loop.create_server(
                connect, sock=listener, ssl=self.config.ssl, ssl_handshake_timeout=HANDSHAKE, backlog=_BACKLOG
            )
            for listener in sockets or ()
        ]
        self.started = True
        self.is_listening.set()

    async def main_loop(self) -> None:
        """Run until told to stop."""
        await self.on_tick(0)
        await self.is_to_stop.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals alone."""
        yield


@asynccontextmanager
async def serve(app: Application, *, host: str, port: int, context: ssl.SSLContext) -> AsyncGenerator[int]:
    """Answer messages with `app` while the block runs, then stop gracefully; gives the port (asked for 0: a free one).

    Raises:
        PortTakenError: another program listens there; the message names the port.
        ConfigurationError: this machine has no such address, or may not use it.
    """
    async with _running(app, host=host, port=port, context=context) as bound:
        yield bound


@asynccontextmanager
async def serve_screens(app: Application, *, host: str, port: int, context: ssl.SSLContext) -> AsyncGenerator[int]:
    """Serve screens to browsers while the block runs, as serve does, without client certificates."""
    async with _running(app, host=host, port=port, context=context) as bound:
        yield bound


@asynccontextmanager
async def _running(app: Application, *, host: str, port: int, context: ssl.SSLContext) -> AsyncGenerator[int]:
    listener = _listen(host, port)
    server = _Server(_config(app, context))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _first_of(running, server.is_listening)
        yield listener.getsockname()[1]
    finally:
        server.is_to_stop.set()
        await asyncio.shield(running)


async def _first_of(running: asyncio.Task[None], is_listening: asyncio.Event) -> None:
    listening = asyncio.create_task(is_listening.wait())
    await asyncio.wait((running, listening), return_when=asyncio.FIRST_COMPLETED)
    if not listening.done():
        listening.cancel()
        await running
        raise OperationError("The server ended before it listened.")


def _config(app: Application, context: ssl.SSLContext) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=PeerProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        # Its texts quote what failed; what we need to know of it, the protocol and the applications log themselves.
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=_LAST_WORDS,
        ssl_context_factory=lambda _config, _default: context,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(
                f"Another program already listens on port {port} of {host}: stop it, or configure another port."
            ) from None
        raise ConfigurationError(f"Port {port} of {host} cannot be opened: {error.strerror}.", field="port") from None
