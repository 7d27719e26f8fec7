"""A signed and encrypted container for a removable medium (磁気ディスクによる提供), a chunk at a time.

    "JUKICON1" ‖ length of the header (4 bytes) ‖ header (JSON) ‖ chunks ‖ signature (64 bytes)

The content key is wrapped for the receiver's certificate by HPKE (RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
ChaCha20-Poly1305). A chunk is 64 KiB under ChaCha20-Poly1305 (RFC 8439); its nonce is its number and whether it is the
last, its associated data the hash of all that stands before the chunks: none can be left out, moved or taken from
elsewhere. The sender signs SHA-256 of everything before the signature (ECDSA P-256, r and s of 32 bytes each); nothing
is decrypted before that signature was found good, and its certificate of this network and not revoked.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, BinaryIO, Final, Literal

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from jukinet.domain.errors import BatchContainerError, CertificateNotTrustedError
from jukinet.domain.provision_batches import MOST_BYTES
from jukinet.protocol.batch import BatchId, Digest
from jukinet.protocol.node_names import NodeName
from jukinet.transport.certificates import read_certificates, require_issued_by
from jukinet.transport.files import SECRET, read_public
from jukinet.transport.identity import NodeIdentity
from jukinet.transport.peers import Peer, peer_of

_MAGIC: Final = b"JUKICON1"
_LENGTH: Final = struct.Struct(">I")
_LONGEST_HEADER: Final = 64 * 1024
_CHUNK: Final = 64 * 1024
_TAG: Final = 16
_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_SUITE: Final = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_INFO: Final = b"jukinet-container-1"
_PIECE: Final = 1024 * 1024
_DIGEST: Final = ec.ECDSA(utils.Prehashed(hashes.SHA256()))


class ContainerHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What may be read without a key: who sends which file to whom."""

    sender: str
    receiver: str
    kind: Literal["batch_request", "batch_results"]
    batch_id: BatchId
    #: Of the content: for a request, of its lines without their header.
    length: Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES * 16)]
    sha256: Digest
    #: The sender's certificate, PEM.
    certificate: str
    #: The content key, wrapped for the receiver.
    sealed_key: bytes = b""


@dataclass(frozen=True, slots=True)
class OpenedContainer:
    """A container whose signature was found good."""

    header: ContainerHeader
    sender: Peer
    #: Evidence: what stands before the chunks, and the signature in base64.
    beginning: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    path: Path
    key: bytes = field(repr=False)

    def read(self) -> Iterator[bytes]:
        """Yield the content, chunk by chunk; raise BatchContainerError where one was altered or is missing."""
        cipher, context = ChaCha20Poly1305(self.key), hashlib.sha256(self.beginning).digest()
        end = self.path.stat().st_size - _SIGNATURE_BYTES
        with self.path.open("rb") as file:
            file.seek(len(self.beginning))
            number = 0
            while (left := end - file.tell()) > 0:
                sealed = file.read(min(_CHUNK + _TAG, left))
                try:
                    yield cipher.decrypt(_nonce(number, is_last=file.tell() >= end), sealed, context)
                except InvalidTag:
                    raise BatchContainerError("A part of the container was altered.") from None
                number += 1


def write_container(
    path: Path,
    content: Iterable[bytes],
    header: ContainerHeader,
    *,
    receiver: x509.Certificate,
    identity: NodeIdentity,
) -> None:
    """Write `content` to `path`, which is whole at the end or not there. `header` comes without its key."""
    key = secrets.token_bytes(_KEY_BYTES)
    public_key = peer_of(receiver).public_key
    header = msgspec.structs.replace(header, sealed_key=_SUITE.encrypt(key, public_key, _INFO))
    text = msgspec.json.encode(header)
    beginning = _MAGIC + _LENGTH.pack(len(text)) + text
    cipher, context = ChaCha20Poly1305(key), hashlib.sha256(beginning).digest()
    new = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, SECRET), "wb") as file:
        digest = hashlib.sha256()

        def write(piece: bytes) -> None:
            digest.update(piece)
            file.write(piece)

        write(beginning)
        for number, (chunk, is_last) in enumerate(_chunks(content)):
            write(cipher.encrypt(_nonce(number, is_last=is_last), chunk, context))
        r, s = utils.decode_dss_signature(identity.key.sign(digest.digest(), _DIGEST))
        file.write(r.to_bytes(_SIGNATURE_BYTES // 2, "big") + s.to_bytes(_SIGNATURE_BYTES // 2, "big"))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def open_container(path: Path, *, identity: NodeIdentity, require_standing: Callable[[Peer], None]) -> OpenedContainer:
    """Check a container from its beginning to its end, and return it ready to be read.

    Raises:
        BatchContainerError: it cannot be read, is cut off or altered, or is for another node.
        CertificateNotTrustedError: its sender is not of this network, or revoked.
    """
    try:
        with path.open("rb") as file:
            header, beginning = _read_beginning(file)
            digest, signature = _digest(file, path.stat().st_size, beginning)
    except OSError as error:
        raise BatchContainerError(f"{path} cannot be read: {error.strerror}.") from None
    sender = _require_sender(header, identity, require_standing)
    half = _SIGNATURE_BYTES // 2
    encoded = utils.encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )
    try:
        sender.public_key.verify(encoded, digest, _DIGEST)
    except InvalidSignature:
        raise BatchContainerError("The container was altered or cut off: its signature does not fit.") from None
    if header.receiver != identity.name.text:
        raise BatchContainerError("The container is for another node.", field="receiver")
    try:
        key = _SUITE.decrypt(header.sealed_key, identity.key, _INFO)
    except (InvalidTag, ValueError):
        raise BatchContainerError("The container was sealed for another key of this node.") from None
    return OpenedContainer(header, sender, beginning, signature, path, key)


def read_receiver(path: Path, name: NodeName, identity: NodeIdentity) -> x509.Certificate:
    """Return the certificate of the node `name`; raise CertificateNotTrustedError if it is not of this network."""
    certificate = read_certificates(read_public(path), place=path)[0]
    require_issued_by(certificate, identity.authority)
    if peer_of(certificate).name != name:
        raise CertificateNotTrustedError(f"The certificate is not that of {name}.", field="certificate")
    return certificate


def _read_beginning(file: BinaryIO) -> tuple[ContainerHeader, bytes]:
    start = file.read(len(_MAGIC) + _LENGTH.size)
    if len(start) != len(_MAGIC) + _LENGTH.size or not start.startswith(_MAGIC):
        raise BatchContainerError("This is no container of this network.")
    (length,) = _LENGTH.unpack(start[len(_MAGIC) :])
    if length > _LONGEST_HEADER:
        raise BatchContainerError("This is no container of this network.")
    text = file.read(length)
    try:
        return msgspec.json.decode(text, type=ContainerHeader), start + text
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise BatchContainerError("The header of the container cannot be read.") from None


def _digest(file: BinaryIO, size: int, beginning: bytes) -> tuple[bytes, bytes]:
    digest = hashlib.sha256(beginning)
    left = size - len(beginning) - _SIGNATURE_BYTES
    if left < _TAG:
        raise BatchContainerError("The container was cut off.")
    while left > 0:
        piece = file.read(min(_PIECE, left))
        if not piece:
            raise BatchContainerError("The container was cut off.")
        digest.update(piece)
        left -= len(piece)
    return digest.digest(), file.read(_SIGNATURE_BYTES)


def _require_sender(header: ContainerHeader, identity: NodeIdentity, require_standing: Callable[[Peer], None]) -> Peer:
    try:
        certificate = x509.load_pem_x509_certificate(header.certificate.encode())
    except ValueError:
        raise BatchContainerError("The container has no certificate.", field="certificate") from None
    require_issued_by(certificate, identity.authority)
    sender = peer_of(certificate)
    require_standing(sender)
    if sender.name.text != header.sender:
        raise BatchContainerError("The certificate names another sender.", field="sender")
    return sender


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _chunks(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield chunks of one length, and whether each is the last; an empty content is one empty chunk."""
    waiting = bytearray()
    for piece in content:
        waiting += piece
        # The last chunk is known only when nothing comes after it, so a full one waits for the next piece.
        while len(waiting) > _CHUNK:
            yield bytes(waiting[:_CHUNK]), False
            del waiting[:_CHUNK]
    yield bytes(waiting), True
