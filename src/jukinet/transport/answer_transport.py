"""What an answer is written to: its head waits for its body, so that both leave in one TLS record and one packet."""

from __future__ import annotations

import asyncio
from typing import Final

_BEGINNING: Final = b"HTTP/1."
_CONTINUE: Final = b"HTTP/1.1 100"


class AnswerTransport:
    """Stands between uvicorn's answers, which write head and body apart, and a connection."""

    __slots__ = ("_head", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport: Final = transport
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        """Keep the head of an answer; write everything else, after the head that was kept."""
        if self._head is None and data.startswith(_BEGINNING) and not data.startswith(_CONTINUE):
            self._head = data
            return
        head, self._head = self._head, None
        self._transport.write(data if head is None else head + data)

    def close(self) -> None:
        """Write what was kept, and close."""
        if self._head is not None:
            self._transport.write(self._head)
            self._head = None
        self._transport.close()

    def is_closing(self) -> bool:
        """Return whether the connection ends."""
        return self._transport.is_closing()
