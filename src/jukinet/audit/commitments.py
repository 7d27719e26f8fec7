"""Signed commitments to the set of persons in a file (一括提供のファイルごとの対象者の証明).

A batch provides thousands or millions of persons at once. `commit_set` makes one hash of the whole set, which is signed
and stands in the log. Later `prove_in_set` shows to any one person, offline and for ever, that he or she was in the
file, or was not, while nobody learns who else was. The proof is made from the same persons again and the secret; a
file without its secret proves nothing and betrays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b, sha256
from itertools import groupby, pairwise
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from jukinet.audit.person_tree import (
    EMPTY,
    EMPTY_PAGE,
    FANOUT,
    HASH_BYTES,
    SLOT_BYTES,
    bucket_of,
    commit_person,
    group_by_page,
    hash_bucket,
    hash_page,
    key_context,
    make_key,
    make_slot,
    number_of,
    replace_children,
)
from jukinet.postgres.database import Unit

#: What is signed begins with this, so that a signature over a set is never taken for one over anything else.
SET_CONTEXT: Final = "jukinet-set-commitment-1\n"
SECRET_BYTES: Final = 32
#: Mean number of persons in a bucket, at most: what one proof shows.
_BUCKET_SIZE: Final = 64
#: The leading bits of a person's key, which say where in the tree, and after them the commitment.
_NUMBER_BYTES: Final = 8
_MEMBER_BYTES: Final = _NUMBER_BYTES + HASH_BYTES
_Rows: TypeAlias = NDArray[np.uint8]
_encoder: Final = msgspec.json.Encoder(order="sorted")

_INSERT_COMMITMENT: Final = """
    INSERT INTO audit.set_commitment
           (message_id, agency, committed_at, content, signature, certificate, secret)
    VALUES (%(message_id)s, %(agency)s, %(committed_at)s, %(content)s, %(signature)s, %(certificate)s, %(secret)s)
"""
_FIND_COMMITMENT: Final = """
    SELECT content, signature, certificate, secret
      FROM audit.set_commitment
     WHERE message_id = %(message_id)s AND agency = %(agency)s
"""


@dataclass(frozen=True, slots=True)
class SetCommitment:
    """The hash of a set of persons, and how deep its tree is."""

    name: str
    size: int
    depth: int
    root: bytes


@dataclass(frozen=True, slots=True)
class SignedCommitment:
    """A commitment as it was recorded: the exact text, its signature, the signer's certificates, and the secret."""

    content: str
    signature: str
    certificate: str
    secret: bytes = field(repr=False)


@dataclass(slots=True)
class MemberSet:
    """A set of persons that comes a few at a time, as a file is matched."""

    name: str
    secret: bytes = field(repr=False)
    _members: list[bytes] = field(default_factory=list[bytes], repr=False)

    def add(self, persons: Iterable[str]) -> None:
        """Add resident record codes; a repeated one counts once."""
        self._members.append(b"".join(_make_members(persons, self.name, self.secret)))

    def commit(self) -> SetCommitment:
        """Return the commitment to all that were added."""
        members = _sort_members(b"".join(self._members))
        depth = _depth_of(len(members))
        level = _hash_buckets(members, depth)
        for _ in range(depth):
            level = {
                position: hash_page(replace_children(EMPTY_PAGE, changed))
                for position, changed in group_by_page(level).items()
            }
        return SetCommitment(self.name, len(members), depth, level.get(0, EMPTY))


def commit_set(persons: Iterable[str], *, name: str, secret: bytes) -> SetCommitment:
    """Return the commitment to a set of resident record codes; a repeated one counts once.

    `name` is the file's: message id and agency. `secret` are 32 random bytes kept with the commitment. About 1.5 µs and
    40 bytes of memory for each person.
    """
    members = MemberSet(name, secret)
    members.add(persons)
    return members.commit()


def prove_in_set(persons: Iterable[str], person: str, *, name: str, secret: bytes) -> dict[str, Any]:
    """Return, as in docs/use-log.md, the proof that `person` is in the set of `persons`, or that he or she is not."""
    members = _list_members(persons, name, secret)
    depth = _depth_of(len(members))
    key = make_key(key_context(name), person)
    wanted = number_of(key)
    inside = dict(_list_buckets(members, depth))
    slots = inside.get(bucket_of(wanted, depth), [])
    blind = _blind(person, secret)
    is_member = make_slot(wanted, depth, commit_person(key, blind)) in slots
    return {
        "slots": [slot.hex() for slot in sorted(slots)],
        "pages": _list_pages({bucket: hash_bucket(group) for bucket, group in inside.items()}, wanted, depth),
        "blind": blind.hex() if is_member else None,
        "others": _open_lookalikes(persons, key, name=name, secret=secret, depth=depth),
    }


async def record_commitment(
    unit: Unit,
    commitment: SetCommitment,
    *,
    message_id: str,
    agency: str,
    secret: bytes,
    now: datetime,
    sign: Callable[[bytes], str],
    certificate: str,
) -> SignedCommitment:
    """Sign the commitment to one file and record it in the transaction of `unit`; the log takes it up within seconds.

    `sign` returns the base64 signature of the node's key (`protocol.envelope.sign`); `certificate` is the chain in PEM.
    """
    content = _encoder.encode(
        {
            "agency": agency,
            "committed_at": now.isoformat(),
            "depth": commitment.depth,
            "kind": "set",
            "message_id": message_id,
            "name": commitment.name,
            "root": commitment.root.hex(),
            "size": commitment.size,
        }
    ).decode()
    signed = SignedCommitment(content, sign((SET_CONTEXT + content).encode()), certificate, secret)
    parameters = {
        "message_id": message_id,
        "agency": agency,
        "committed_at": now,
        "content": content,
        "signature": signed.signature,
        "certificate": certificate,
        "secret": secret,
    }
    await unit.execute(_INSERT_COMMITMENT, parameters)
    return signed


async def find_commitment(unit: Unit, *, message_id: str, agency: str) -> SignedCommitment | None:
    """Return the recorded commitment to a file, if there is one."""
    cursor = await unit.execute(_FIND_COMMITMENT, {"message_id": message_id, "agency": agency})
    row = await cursor.fetchone()
    return None if row is None else SignedCommitment(row[0], row[1], row[2], bytes(row[3]))


def make_set_proof_file(persons: Iterable[str], person: str, signed: SignedCommitment) -> bytes:
    """Return the file with which `person` shows offline whether he or she was in the committed set of `persons`."""
    name = str(msgspec.json.decode(signed.content)["name"])
    return msgspec.json.encode(
        {
            "format": "jukinet-set-proof",
            "version": 1,
            "resident_record_code": person,
            "commitment": {"text": signed.content, "signature": signed.signature},
            "certificates": signed.certificate,
            "proof": prove_in_set(list(persons), person, name=name, secret=signed.secret),
        }
    )


def _list_members(persons: Iterable[str], name: str, secret: bytes) -> list[bytes]:
    """Return the leading 8 bytes of each person's key with the commitment, in ascending order, each once."""
    return _in_order(list(_make_members(persons, name, secret)))


def _make_members(persons: Iterable[str], name: str, secret: bytes) -> Iterator[bytes]:
    # What all begin with is hashed once: this is what a file of millions spends its time with.
    keys, blinds = sha256(key_context(name)), blake2b(key=secret, digest_size=HASH_BYTES)
    for person in persons:
        code = person.encode()
        (key_of := keys.copy()).update(code)
        (blind_of := blinds.copy()).update(code)
        key = key_of.digest()
        yield key[:_NUMBER_BYTES] + commit_person(key, blind_of.digest())


def _sort_members(content: bytes) -> _Rows:
    """Return members that were joined, one a row, in ascending order, each once."""
    rows = np.frombuffer(content, np.uint8).reshape(-1, _MEMBER_BYTES)
    numbers = _numbers_of(rows)
    order = np.argsort(numbers)
    in_order = numbers[order]
    if (in_order[1:] != in_order[:-1]).all():
        return rows[order]
    # Somebody stands in the file twice, or two keys begin alike: whole rows are compared, which takes much longer.
    members = np.unique(np.frombuffer(content, f"S{_MEMBER_BYTES}"))
    return members.view(np.uint8).reshape(-1, _MEMBER_BYTES)


def _numbers_of(members: _Rows) -> NDArray[np.uint64]:
    return np.ascontiguousarray(members[:, :_NUMBER_BYTES]).view(">u8").ravel().astype(np.uint64)


def _hash_buckets(members: _Rows, depth: int) -> dict[int, bytes]:
    """Return the hash of each bucket, of members in ascending order."""
    if not len(members):
        return {}
    numbers = _numbers_of(members)
    # With no level at all there is one bucket, and a shift by all bits would do nothing.
    buckets = numbers >> np.uint64(64 - 4 * depth) if depth else np.zeros(len(numbers), np.uint64)
    prefixes = numbers >> np.uint64(64 - 4 * depth - 16) & np.uint64(0xFFFF)
    slots = np.empty((len(members), SLOT_BYTES), np.uint8)
    slots[:, :2] = prefixes.astype(">u2").view(np.uint8).reshape(-1, 2)
    slots[:, 2:] = members[:, _NUMBER_BYTES:]
    starts = np.flatnonzero(np.concatenate(([True], buckets[1:] != buckets[:-1])))
    ends = [*starts[1:].tolist(), len(members)]
    content = slots.tobytes()
    return {
        bucket: hash_bucket(
            [content[at : at + SLOT_BYTES] for at in range(start * SLOT_BYTES, end * SLOT_BYTES, SLOT_BYTES)]
        )
        for bucket, start, end in zip(buckets[starts].tolist(), starts.tolist(), ends, strict=True)
    }


def _in_order(members: list[bytes]) -> list[bytes]:
    members.sort()
    return members[:1] + [member for before, member in pairwise(members) if member != before]


def _list_buckets(members: Iterable[bytes], depth: int) -> Iterator[tuple[int, list[bytes]]]:
    """Yield each bucket's number with its slots."""
    for bucket, inside in groupby(members, key=lambda member: bucket_of(number_of(member), depth)):
        yield bucket, [make_slot(number_of(member), depth, member[8:]) for member in inside]


def _blind(person: str, secret: bytes) -> bytes:
    return blake2b(person.encode(), key=secret, digest_size=HASH_BYTES).digest()


def _depth_of(size: int) -> int:
    depth = 0
    while FANOUT**depth * _BUCKET_SIZE < size:
        depth += 1
    return depth


def _list_pages(level: Mapping[int, bytes], wanted: int, depth: int) -> list[list[str]]:
    """Return the children of each page on the way from the root to the wanted bucket, the root's first."""
    pages: list[list[str]] = []
    nodes = dict(level)
    for above in range(depth - 1, -1, -1):
        grouped = {
            position: replace_children(EMPTY_PAGE, changed) for position, changed in group_by_page(nodes).items()
        }
        own = grouped.get(bucket_of(wanted, above), EMPTY_PAGE)
        pages.insert(0, [own[at : at + HASH_BYTES].hex() for at in range(0, len(own), HASH_BYTES)])
        nodes = {position: hash_page(children) for position, children in grouped.items()}
    return pages


def _open_lookalikes(
    persons: Iterable[str], key: bytes, *, name: str, secret: bytes, depth: int
) -> list[dict[str, str]]:
    """Open the slots of other persons whose keys begin with the same bits: one in thousands of proofs has any."""
    context = key_context(name)
    shared = make_slot(number_of(key), depth, b"")
    found: dict[bytes, str] = {}
    for person in persons:
        other = make_key(context, person)
        number = number_of(other)
        is_beside = bucket_of(number, depth) == bucket_of(number_of(key), depth)
        if is_beside and other != key and make_slot(number, depth, b"") == shared:
            found[other] = _blind(person, secret).hex()
    return [{"key": other.hex(), "blind": blind} for other, blind in found.items()]
