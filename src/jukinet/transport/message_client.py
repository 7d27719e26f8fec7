"""The message client: says one message to one node over mutual TLS, and tells apart the three ways it can fail.

A call is a remote call and looks it: it has a deadline, and it raises PeerUnreachableError (the message may or may
not have arrived), PeerRefusedError (it arrived and was refused, with the peer's code) or PeerAnswerError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import msgspec

from jukinet.domain.clock import Clock
from jukinet.domain.errors import (
    MessageTooLargeError,
    PeerAnswerError,
    PeerNotTrustedError,
    PeerRefusedError,
    PeerUnreachableError,
)
from jukinet.protocol.catalogue import find_message_type, require_listed
from jukinet.protocol.envelope import SIGNATURE_HEADER, VERSION, Envelope, new_message_id, seal, sign
from jukinet.protocol.errors import Refusal, error_of
from jukinet.protocol.message_types import Assurance, MessageType
from jukinet.protocol.node_names import NodeName
from jukinet.transport.directory import Address
from jukinet.transport.identity import NodeIdentity
from jukinet.transport.line import Line
from jukinet.transport.message_server import PATH
from jukinet.transport.revocation import RevocationList

#: No answer of the catalogue is nearly as long.
_MAXIMUM_ANSWER_BYTES: Final = 16 * 1024 * 1024
_RANDOM_BYTES: Final = 10
_OK: Final = 200
#: The one message that may be sent while the revocation list is out of date: the answer proves itself.
_LIST_REQUEST: Final = "revocation_list_request"


class MessageClient:
    """Says messages in the name of one node. Close it at the end, or use it as an async context manager."""

    def __init__(
        self,
        *,
        identity: NodeIdentity,
        directory: Mapping[NodeName, Address],
        revocations: RevocationList,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._identity = identity
        self._directory: Final = directory
        self._revocations: Final = revocations
        self._clock: Final = clock
        self._random_bytes: Final = random_bytes
        self._encode: Final = msgspec.json.Encoder().encode
        self._refusals: Final = msgspec.json.Decoder(Refusal)
        self._answers: Final[dict[str, msgspec.json.Decoder[Any]]] = {}
        self._lines: Final[dict[tuple[NodeName, bool], Line]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def send(
        self,
        receiver: NodeName,
        message_type: str,
        body: msgspec.Struct | Sequence[msgspec.Struct] | bytes,
        *,
        deadline: float,
        stream_sequence: int = 0,
    ) -> Any:  # noqa: ANN401 - the catalogue names the type
        """Say `body` (bytes: already encoded as JSON) to `receiver`; return the answer as the catalogue's struct.

        Raises:
            PeerUnreachableError: there was no answer within `deadline` seconds; whether it arrived is unknown.
            PeerNotTrustedError: what answers there is not the receiver, or its certificate no longer counts.
            PeerRefusedError: the receiver refused; `peer_code` is its code.
            PeerAnswerError: the answer is not what the catalogue says.
            PeerNotPermittedError, MessageTooLargeError: the catalogue does not allow it; nothing was sent.
        """
        message = find_message_type(message_type)
        require_listed(message, sender=self._identity.name, receiver=receiver)
        content = self._seal(message, receiver, body, stream_sequence)
        headers = {"content-type": "application/json"}
        if message.assurance is Assurance.SIGNED:
            headers[SIGNATURE_HEADER] = sign(content, self._identity.key)
        status, answer = await self._exchange(receiver, message, content, headers, deadline)
        return self._read(message, status, answer)

    async def use_identity(self, identity: NodeIdentity) -> None:
        """Show this (renewed) certificate from now on; calls under way end undisturbed."""
        self._identity = identity
        await self._end_lines()

    async def close(self) -> None:
        """End every line."""
        await self._end_lines()

    def _seal(
        self,
        message: MessageType,
        receiver: NodeName,
        body: msgspec.Struct | Sequence[msgspec.Struct] | bytes,
        stream_sequence: int,
    ) -> bytes:
        now = self._clock()
        envelope = Envelope(
            version=VERSION,
            message_id=new_message_id(now, self._random_bytes(_RANDOM_BYTES)),
            type=message.name,
            sender=self._identity.name.text,
            receiver=receiver.text,
            sent_at=now,
            stream_sequence=stream_sequence,
            body=msgspec.Raw(body if isinstance(body, bytes) else self._encode(body)),
        )
        content = seal(envelope)
        if len(content) > message.maximum_bytes:
            raise MessageTooLargeError(field="body")
        return content

    async def _exchange(
        self, receiver: NodeName, message: MessageType, content: bytes, headers: dict[str, str], deadline: float
    ) -> tuple[int, bytes]:
        line = await self._find_line(receiver, is_for_list=message.name == _LIST_REQUEST)
        try:
            async with asyncio.timeout(deadline):
                return await line.exchange(PATH + message.name, content, headers, _MAXIMUM_ANSWER_BYTES)
        except TimeoutError:
            raise PeerUnreachableError(f"{receiver} did not answer within {deadline:g} s.") from None
        except aiohttp.ClientConnectorCertificateError:
            problem = line.problem.detail if line.problem else "The certificate is of another network or node."
            raise PeerNotTrustedError(f"{receiver}: {problem}") from None
        except (aiohttp.ClientError, OSError) as error:
            raise PeerUnreachableError(f"{receiver} cannot be reached ({type(error).__name__}).") from None

    async def _find_line(self, receiver: NodeName, *, is_for_list: bool) -> Line:
        key = (receiver, is_for_list)
        line = self._lines.get(key)
        if line is not None and line.is_sound(self._clock()):
            return line
        if line is not None:
            self._lines.pop(key, None)
            await line.end()
        address = self._directory.get(receiver)
        if address is None:
            raise PeerUnreachableError(f"The directory has no address for {receiver}: add it.")
        line = Line(receiver, address, self._identity.paths, self._revocations, self._clock, is_for_list=is_for_list)
        self._lines[key] = line
        return line

    def _read(self, message: MessageType, status: int, content: bytes) -> Any:  # noqa: ANN401 - likewise
        try:
            if status == _OK:
                return self._decoder(message).decode(content)
            refusal = self._refusals.decode(content)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise PeerAnswerError(
                f"The answer to {message.name} is not as the catalogue says (status {status})."
            ) from None
        raise PeerRefusedError(
            refusal.detail,
            field=refusal.field,
            peer_code=refusal.code,
            retry_after_seconds=refusal.retry_after_seconds,
        ) from error_of(refusal)

    def _decoder(self, message: MessageType) -> msgspec.json.Decoder[Any]:
        decoder = self._answers.get(message.name)
        if decoder is None:
            decoder = self._answers[message.name] = msgspec.json.Decoder(message.answer)
        return decoder

    async def _end_lines(self) -> None:
        lines = list(self._lines.values())
        self._lines.clear()
        for line in lines:
            await line.end()
