"""The envelope around every message.

On the wire a message is one HTTP request body: the envelope as JSON, with the body inside as it was written.
A signed message carries an ECDSA P-256 SHA-256 signature (FIPS 186-5) over exactly those bytes in the header
`Jukinet-Signature`, base64. The receiver keeps the digest of the bytes and the signature.

The message id (UUIDv7, RFC 9562) names one attempt to say something, so an id that was seen before is refused.
What makes repeating harmless is the identity of what is said: for a change, resident record code and update
sequence (docs/adr/0004).
"""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.domain.errors import BadSignatureError, MalformedRequestError, PeerNotPermittedError, StaleMessageError
from jukinet.domain.rules import Rule, enforces
from jukinet.protocol.node_names import NodeName

#: The only version there is.
VERSION: Final = 1
#: How old, or how far ahead, a message may be.
TOLERANCE: Final = timedelta(minutes=5)
SIGNATURE_HEADER: Final = "jukinet-signature"
#: UUIDv7 in its one canonical spelling: another spelling of the same id would not be seen as a repetition.
UUID_7: Final = r"\A[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z"
_LAST_SEQUENCE: Final = 2**63 - 1
_ALGORITHM: Final = ec.ECDSA(hashes.SHA256())


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who says what to whom, when."""

    version: int
    message_id: Annotated[str, msgspec.Meta(pattern=UUID_7)]
    type: str
    sender: str
    receiver: str
    sent_at: Annotated[datetime, msgspec.Meta(tz=True)]
    #: Position of this message in the stream from sender to receiver; 0 where there is no stream.
    stream_sequence: Annotated[int, msgspec.Meta(ge=0, le=_LAST_SEQUENCE)]
    body: msgspec.Raw

    def __repr__(self) -> str:
        return f"Envelope(type={self.type!r}, message_id={self.message_id!r}, sender={self.sender!r})"


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Envelope)


def new_message_id(now: datetime, randomness: bytes) -> str:
    """Return a UUIDv7 of `now` and 10 random bytes: ids sort by time."""
    milliseconds = int(now.timestamp() * 1000)
    value = (milliseconds << 80) | int.from_bytes(randomness[:10], "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


def seal(envelope: Envelope) -> bytes:
    """Return the exact bytes that travel and are signed."""
    return _encoder.encode(envelope)


def sign(content: bytes, key: ec.EllipticCurvePrivateKey) -> str:
    """Return the signature over `content`, as the header carries it."""
    return base64.b64encode(key.sign(content, _ALGORITHM)).decode("ascii")


def require_signature(content: bytes, signature: str | None, key: ec.EllipticCurvePublicKey) -> None:
    """Raise BadSignatureError unless `signature` over `content` is of the owner of `key`."""
    if signature is None:
        raise BadSignatureError("The message is not signed.", field="signature")
    try:
        key.verify(base64.b64decode(signature, validate=True), content, _ALGORITHM)
    except (InvalidSignature, binascii.Error, ValueError):
        raise BadSignatureError(field="signature") from None


def open_envelope(content: bytes) -> Envelope:
    """Return the envelope with its body unread; raise MalformedRequestError for anything but a known version."""
    try:
        envelope = _decoder.decode(content)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise MalformedRequestError("The envelope is not of the documented form.", field="envelope") from None
    if envelope.version != VERSION:
        raise MalformedRequestError("This version of the envelope is not spoken here.", field="version")
    return envelope


def require_addressed(envelope: Envelope, *, message: str, sender: NodeName, receiver: NodeName, now: datetime) -> None:
    """Raise unless the envelope says what the line says: this type, this sender, this receiver, just now."""
    if envelope.type != message:
        raise MalformedRequestError("The envelope names another type than the address.", field="type")
    if envelope.sender != sender.text:
        raise PeerNotPermittedError("The envelope names another sender than the certificate.", field="sender")
    if envelope.receiver != receiver.text:
        raise PeerNotPermittedError("The message is addressed to another node.", field="receiver")
    if abs(now - envelope.sent_at) > TOLERANCE:
        raise StaleMessageError(field="sent_at")


@enforces(Rule.CLOSED_DATA)
def read_body(body: msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> Any:  # noqa: ANN401 - the catalogue names the type
    """Return the body as its catalogue type; raise MalformedRequestError naming the item but never its value."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise MalformedRequestError(_without_values(str(error)), field=_place(str(error))) from None
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise MalformedRequestError("The body is not JSON.", field="body") from None


def _place(text: str) -> str:
    _, found, path = text.rpartition(" - at `")
    if not found:
        return "body"
    return path.rstrip("`").removeprefix("$.") or "body"


def _without_values(text: str) -> str:
    # msgspec quotes the names of unknown items and never the values, except of enumerations and unions of literals.
    return text if not text.startswith("Invalid enum value") else "The value is not in the code list."
