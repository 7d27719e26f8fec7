"""Checks the two kinds of proof file: all uses of one person's information, and one person in or not in one file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from jukinet.audit.verifier.merkle import compute_root, hash_leaf, require_consistent
from jukinet.audit.verifier.persons import find_key, require_person
from jukinet.audit.verifier.refusing import read_hash, read_hex, read_item, require
from jukinet.audit.verifier.signers import Trust, list_fingerprints, require_signed
from jukinet.domain.errors import ProofRefusedError

USE_LOG_FORMAT = "jukinet-use-log-proof"
SET_FORMAT = "jukinet-set-proof"
_HEAD_CONTEXT = "jukinet-use-log-head-1\n"
_WITNESS_CONTEXT = "jukinet-use-log-witness-1\n"
_SET_CONTEXT = "jukinet-set-commitment-1\n"
_MAP_DEPTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedUse:
    """One use of the person's information, found to be on the log."""

    ordinal: int
    content: dict[str, Any] = field(repr=False)
    #: What is said of it in Japanese: method, affair, organ, items, legal ground.
    wording: dict[str, Any] = field(repr=False)
    #: For an entry that was withheld: when it was shown, and by when it had certainly been committed.
    revealed_at: str | None = None
    committed_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedFile:
    """What a proof file was found to prove."""

    kind: str
    signer: str
    #: Up to when it is complete, or when the file with the persons was committed.
    at: datetime
    resident_record_code: str = field(repr=False)
    uses: tuple[VerifiedUse, ...] = ()
    witnesses: tuple[str, ...] = ()
    #: For a set: whether the person is in it.
    is_member: bool | None = None
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Head:
    signer: str
    sealed_at: datetime
    tree_size: int
    root: bytes
    map_root: bytes
    log: str
    text: str


def verify_file(content: bytes, trust: Trust) -> VerifiedFile:
    """Return what a proof file proves.

    Raises:
        ProofRefusedError: naming what does not hold. Nothing in such a file is to be believed.
    """
    file = _read_json(content, "file")
    require(isinstance(file, dict), "This is not a proof file.", "format")
    kind, version = read_item(file, "format", str), read_item(file, "version", int)
    require(version == 1, "This version of the file is not known here.", "version")
    if kind == USE_LOG_FORMAT:
        return _verify_use_log(file, trust)
    require(kind == SET_FORMAT, "This is not a proof file.", "format")
    return _verify_set(file, trust)


def list_file_fingerprints(content: bytes) -> list[str]:
    """Return the fingerprints of the authorities that a proof file names, for people to compare. It proves nothing."""
    file = _read_json(content, "file")
    certificates = file.get("certificates") or file.get("head", {}).get("certificates") or ""
    return list_fingerprints(str(certificates))


def _verify_use_log(file: dict[str, Any], trust: Trust) -> VerifiedFile:
    head = _read_head(read_item(file, "head", dict), trust)
    person = read_item(file, "resident_record_code", str)
    leaves: dict[int, bytes] = {}
    chain = key = find_key(head.log, person)
    uses: list[VerifiedUse] = []
    for ordinal, entry in enumerate(read_item(file, "entries", list), start=1):
        index, leaf, text = _read_leaf(entry)
        require(index not in leaves, "An entry is there twice.", "entries")
        leaves[index] = leaf
        chain = sha256(b"\x06" + chain + leaf).digest()
        require(text.get("resident_record_code") == person, "An entry is about somebody else.", "entries")
        require(text.get("ordinal") == ordinal, "An entry is missing or in another place.", "entries")
        uses.append(_read_use(entry, text, _Surroundings(head, leaves, read_item(file, "wordings", dict), trust)))
    blind = sha256(b"\x05" + len(uses).to_bytes(8, "big") + chain).digest() if uses else None
    require_person(head.map_root, key, read_item(file, "map", dict), blind=blind, depth=_MAP_DEPTH)
    if head.tree_size:
        nodes = [read_hash(node, "nodes") for node in read_item(file, "nodes", list)]
        require(compute_root(head.tree_size, leaves, nodes) == head.root, "An entry is not on this log.", "nodes")
    return VerifiedFile(
        kind=USE_LOG_FORMAT,
        signer=head.signer,
        at=head.sealed_at,
        resident_record_code=person,
        uses=tuple(uses),
        witnesses=_list_witnesses(read_item(file, "witnesses", list), head, trust),
    )


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What an entry is checked against."""

    head: _Head
    leaves: dict[int, bytes]
    wordings: dict[str, Any]
    trust: Trust


def _read_use(entry: dict[str, Any], text: dict[str, Any], around: _Surroundings) -> VerifiedUse:
    if text.get("kind") == "use":
        require("original" not in entry, "An entry that was never withheld has an original.", "entries")
        wording = _find_wording(text, around.wordings)
        return VerifiedUse(ordinal=text["ordinal"], content=text, wording=wording)
    require(text.get("kind") == "reveal", "An entry is of an unknown kind.", "entries")
    original = read_item(entry, "original", dict)
    hidden = _read_original(original, text, around.leaves)
    return VerifiedUse(
        ordinal=text["ordinal"],
        content=hidden,
        wording=_find_wording(hidden, around.wordings),
        revealed_at=str(text.get("revealed_at")),
        committed_at=_read_earlier_head(original, around.head, around.trust).sealed_at.isoformat(),
    )


def _read_original(original: dict[str, Any], reveal: dict[str, Any], leaves: dict[int, bytes]) -> dict[str, Any]:
    """Return the entry that was withheld: the one the reveal names, about the same person, on the log as a leaf."""
    index, leaf, hidden = _read_leaf(original)
    is_named = reveal.get("leaf_index") == index and reveal.get("leaf_hash") == leaf.hex()
    require(is_named and index not in leaves, "This is not the entry that was withheld.", "original")
    leaves[index] = leaf
    is_own = hidden.get("resident_record_code") == reveal["resident_record_code"]
    require(hidden.get("kind") == "use" and is_own, "The original is about something else.", "original")
    return hidden


def _read_earlier_head(original: dict[str, Any], head: _Head, trust: Trust) -> _Head:
    """Return the head under which the entry was committed: signed then, and the beginning of this log."""
    then = _read_head(read_item(original, "head", dict), trust)
    require(original["index"] < then.tree_size and then.log == head.log, "It came after that head.", "original")
    proof = [read_hash(node, "consistency") for node in read_item(original, "consistency", list)]
    require_consistent(then.tree_size, then.root, head.tree_size, head.root, proof)
    return then


def _read_leaf(entry: object) -> tuple[int, bytes, dict[str, Any]]:
    index, content = read_item(entry, "index", int), read_item(entry, "text", str)
    salt = read_hex(read_item(entry, "salt", str), "salt")
    require(len(salt) == 16, "A salt has 16 bytes.", "salt")  # noqa: PLR2004 - it says so
    text = _read_json(content.encode(), "text")
    require(isinstance(text, dict), "An entry is an object.", "text")
    return index, hash_leaf(salt + content.encode()), text


def _find_wording(text: dict[str, Any], wordings: dict[str, Any]) -> dict[str, Any]:
    digest = read_item(text, "wording", str)
    content = read_item(wordings, digest, str)
    require(sha256(content.encode()).hexdigest() == digest, "The wording is not the committed one.", "wordings")
    wording = _read_json(content.encode(), "wordings")
    require(isinstance(wording, dict), "A wording is an object.", "wordings")
    return dict(wording)


def _read_head(head: dict[str, Any], trust: Trust) -> _Head:
    text = read_item(head, "text", str)
    said = _read_json(text.encode(), "head")
    require(read_item(said, "kind", str) == "head", "This is not the head of a log.", "head")
    sealed_at = _read_time(read_item(said, "sealed_at", str))
    signature, certificates = read_item(head, "signature", str), read_item(head, "certificates", str)
    signer = require_signed((_HEAD_CONTEXT + text).encode(), signature, certificates, at=sealed_at, trust=trust)
    require(signer == read_item(said, "log", str), "Another node signed than the one whose log it is.", "head")
    return _Head(
        signer,
        sealed_at,
        read_item(said, "tree_size", int),
        read_hash(said.get("root"), "root"),
        read_hash(said.get("map_root"), "map_root"),
        signer,
        text,
    )


def _list_witnesses(witnesses: Sequence[Any], head: _Head, trust: Trust) -> tuple[str, ...]:
    names: list[str] = []
    for witness in witnesses:
        at = read_item(witness, "witnessed_at", str)
        content = f"{_WITNESS_CONTEXT}{at}\n{head.text}".encode()
        signature, certificates = read_item(witness, "signature", str), read_item(witness, "certificates", str)
        name = require_signed(content, signature, certificates, at=_read_time(at), trust=trust)
        require(name == read_item(witness, "name", str), "Another node signed as witness.", "witnesses")
        require(name != head.signer, "A node is no witness of its own log.", "witnesses")
        names.append(name)
    require(len(set(names)) == len(names), "A witness is there twice.", "witnesses")
    return tuple(names)


def _verify_set(file: dict[str, Any], trust: Trust) -> VerifiedFile:
    commitment, proof = read_item(file, "commitment", dict), read_item(file, "proof", dict)
    person = read_item(file, "resident_record_code", str)
    text = read_item(commitment, "text", str)
    said = _read_json(text.encode(), "commitment")
    require(read_item(said, "kind", str) == "set", "This is not a commitment to a set.", "commitment")
    at, name = _read_time(read_item(said, "committed_at", str)), read_item(said, "name", str)
    signature, certificates = read_item(commitment, "signature", str), read_item(file, "certificates", str)
    signer = require_signed((_SET_CONTEXT + text).encode(), signature, certificates, at=at, trust=trust)
    blind = None if proof.get("blind") is None else read_hash(proof["blind"], "blind")
    root, depth = read_hash(said.get("root"), "root"), read_item(said, "depth", int)
    require_person(root, find_key(name, person), proof, blind=blind, depth=depth)
    return VerifiedFile(
        kind=SET_FORMAT, signer=signer, at=at, resident_record_code=person, is_member=blind is not None, name=name
    )


def _read_json(content: bytes, place: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(content, object_pairs_hook=_require_distinct)
    except (ValueError, RecursionError):
        raise ProofRefusedError("This is not JSON.", field=place) from None


def _require_distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    # Two readers could take different ones.
    require(len(found) == len(pairs), "An item is there twice.", "file")
    return found


def _read_time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ProofRefusedError("Not an instant.", field="sealed_at") from None
    require(at.tzinfo is not None, "An instant has a zone.", "sealed_at")
    return at
