"""Heads of the log (封印の署名): how large it is and what it holds, signed by the node, countersigned by witnesses.

A head is one exact text. Its signature is over a context and that text, so that it is never taken for a message's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from jukinet.postgres.database import Unit

HEAD_CONTEXT: Final = "jukinet-use-log-head-1\n"
WITNESS_CONTEXT: Final = "jukinet-use-log-witness-1\n"
_encoder: Final = msgspec.json.Encoder(order="sorted")

_INSERT_CERTIFICATE: Final = """
    INSERT INTO audit.certificate (digest, content)
    VALUES (%(digest)s, %(content)s)
        ON CONFLICT (digest) DO NOTHING
"""
_INSERT_HEAD: Final = """
    INSERT INTO audit.head (number, tree_size, sealed_at, content, signature, certificate, edge, horizon, persons)
    VALUES (%(number)s, %(tree_size)s, %(sealed_at)s, %(content)s, %(signature)s, %(certificate)s, %(edge)s,
            %(horizon)s::pg_snapshot, %(persons)s)
"""
_FIND_NEWEST: Final = """
    SELECT head.number, head.tree_size, head.sealed_at, head.content, head.signature, certificate.content, head.edge,
           head.horizon::text, head.persons
      FROM audit.head
      JOIN audit.certificate ON certificate.digest = head.certificate
     ORDER BY head.number DESC
     LIMIT 1
"""
#: The first head under which a leaf stood.
_FIND_COVERING: Final = """
    SELECT head.number, head.tree_size, head.sealed_at, head.content, head.signature, certificate.content, head.edge,
           head.horizon::text, head.persons
      FROM audit.head
      JOIN audit.certificate ON certificate.digest = head.certificate
     WHERE head.tree_size > %(leaf_index)s
     ORDER BY head.tree_size, head.number
     LIMIT 1
"""
_INSERT_WITNESS: Final = """
    INSERT INTO audit.witness (head_number, witness, witnessed_at, signature, certificate)
    VALUES (%(head_number)s, %(witness)s, %(witnessed_at)s, %(signature)s, %(certificate)s)
        ON CONFLICT (head_number, witness) DO NOTHING
"""
_LIST_WITNESSES: Final = """
    SELECT witness.witness, witness.witnessed_at, witness.signature, certificate.content
      FROM audit.witness
      JOIN audit.certificate ON certificate.digest = witness.certificate
     WHERE witness.head_number = %(head_number)s
     ORDER BY witness.witness
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: the node's name, its signature over bytes (base64, DER), its certificates in PEM, its own first."""

    name: str
    sign: Callable[[bytes], str] = field(repr=False)
    certificates: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as it was signed, and what its writer needs to go on from it."""

    number: int
    tree_size: int
    sealed_at: datetime
    text: str
    signature: str
    certificates: str = field(repr=False)
    edge: bytes = field(repr=False)
    #: The snapshot of transactions that had ended by then.
    horizon: str
    #: How many persons have entries.
    persons: int


@dataclass(frozen=True, slots=True)
class Witnessing:
    """Another node's signature under a head."""

    name: str
    witnessed_at: datetime
    signature: str
    certificates: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHead:
    """What is to be signed."""

    tree_size: int
    root: bytes
    map_root: bytes
    persons: int
    edge: bytes
    horizon: str


async def sign_head(unit: Unit, new: NewHead, *, last: SignedHead | None, signer: Signer, now: datetime) -> SignedHead:
    """Sign the next head and record it in the transaction of `unit`."""
    number = 1 if last is None else last.number + 1
    content = {
        "kind": "head",
        "log": signer.name,
        "map_root": new.map_root.hex(),
        "number": number,
        "persons": new.persons,
        "previous": None if last is None else sha256(last.text.encode()).hexdigest(),
        "root": new.root.hex(),
        "sealed_at": now.isoformat(),
        "tree_size": new.tree_size,
    }
    text = _encoder.encode(content).decode()
    signature = signer.sign((HEAD_CONTEXT + text).encode())
    parameters = {
        "number": number,
        "tree_size": new.tree_size,
        "sealed_at": now,
        "content": text,
        "signature": signature,
        "certificate": await _record_certificates(unit, signer.certificates),
        "edge": new.edge,
        "horizon": new.horizon,
        "persons": new.persons,
    }
    await unit.execute(_INSERT_HEAD, parameters)
    return SignedHead(
        number, new.tree_size, now, text, signature, signer.certificates, new.edge, new.horizon, new.persons
    )


async def find_newest_head(unit: Unit) -> SignedHead | None:
    """Return the newest head; None before the first sealing."""
    row = await (await unit.execute(_FIND_NEWEST)).fetchone()
    return None if row is None else SignedHead(*row)


async def find_covering_head(unit: Unit, leaf_index: int) -> SignedHead | None:
    """Return the first head under which this leaf stood; None while it is not sealed."""
    row = await (await unit.execute(_FIND_COVERING, {"leaf_index": leaf_index})).fetchone()
    return None if row is None else SignedHead(*row)


def countersign(head_text: str, *, witness: Signer, now: datetime) -> Witnessing:
    """Return a witness's signature under a head. What a witness checks before that is for the witness to do."""
    content = f"{WITNESS_CONTEXT}{now.isoformat()}\n{head_text}".encode()
    return Witnessing(witness.name, now, witness.sign(content), witness.certificates)


async def record_witnessing(unit: Unit, head: SignedHead, witnessing: Witnessing) -> None:
    """Record a witness's signature under a head; a second one of the same witness changes nothing."""
    parameters = {
        "head_number": head.number,
        "witness": witnessing.name,
        "witnessed_at": witnessing.witnessed_at,
        "signature": witnessing.signature,
        "certificate": await _record_certificates(unit, witnessing.certificates),
    }
    await unit.execute(_INSERT_WITNESS, parameters)


async def list_witnessings(unit: Unit, head: SignedHead) -> list[Witnessing]:
    """Return who countersigned a head."""
    cursor = await unit.execute(_LIST_WITNESSES, {"head_number": head.number})
    return [Witnessing(*row) for row in await cursor.fetchall()]


async def _record_certificates(unit: Unit, certificates: str) -> bytes:
    digest = sha256(certificates.encode()).digest()
    await unit.execute(_INSERT_CERTIFICATE, {"digest": digest, "content": certificates})
    return digest
