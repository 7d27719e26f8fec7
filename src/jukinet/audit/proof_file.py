"""The proof file (証明用ファイル): all of a person's entries, with what shows offline that none is missing or changed.

docs/use-log.md describes every field. What checks it shares no code with this: `jukinet.audit.verifier`, and its page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec

from jukinet.audit.heads import SignedHead, find_covering_head, find_newest_head, list_witnessings
from jukinet.audit.merkle import (
    GrowingLog,
    Node,
    NodeReader,
    list_beside,
    list_consistency,
    list_pages,
)
from jukinet.audit.person_map import prove_person
from jukinet.audit.sealing_store import find_log_pages, find_wordings
from jukinet.audit.use_store import OriginalLeaf, SealedUse, list_originals, list_sealed_uses
from jukinet.audit.wording import SHOWN_SALT_BYTES, write_use
from jukinet.domain.errors import NotSealedYetError
from jukinet.postgres.database import Database, Unit

# Everything must be of one head: whoever seals meanwhile changes nothing here.
_ONE_SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFile:
    """The file, and what it is about: how many entries, complete up to when."""

    content: bytes = field(repr=False)
    entries: int
    sealed_at: datetime

    @property
    def name(self) -> str:
        """Return a file name that betrays nobody."""
        return f"jukinet-use-log-{self.sealed_at:%Y%m%d-%H%M%S}.json"


async def make_proof_file(database: Database, resident_record_code: str, *, log: str, now: datetime) -> ProofFile:
    """Return the proof file of a person's entries in the log of the node `log`, complete up to its newest head.

    Entries of the last seconds, not sealed yet, are not in it. It is for the person alone: record the disclosure first.

    Raises:
        NotSealedYetError: nothing was ever sealed on this node.
    """
    async with database.transaction() as unit:
        await unit.execute(_ONE_SNAPSHOT)
        head = await find_newest_head(unit)
        if head is None:
            raise NotSealedYetError
        sealed = await list_sealed_uses(unit, resident_record_code)
        originals = await list_originals(unit, resident_record_code)
        reader = _Reader(unit, GrowingLog.open(head.tree_size, head.edge))
        entries = [await _write_entry(one, originals, reader) for one in sealed]
        indexes = sorted([*(one.leaf_index for one in sealed), *(one.leaf_index for one in originals.values())])
        file = {
            "format": "jukinet-use-log-proof",
            "version": 1,
            "resident_record_code": resident_record_code,
            "made_at": now.isoformat(),
            "head": _write_head(head),
            "witnesses": [
                {
                    "name": one.name,
                    "witnessed_at": one.witnessed_at.isoformat(),
                    "signature": one.signature,
                    "certificates": one.certificates,
                }
                for one in await list_witnessings(unit, head)
            ],
            "entries": entries,
            "nodes": [node.hex() for node in await reader.find_all(list_beside(head.tree_size, indexes))],
            "map": await prove_person(unit, log, resident_record_code),
            "wordings": await find_wordings(unit, _list_wordings(sealed, originals)),
        }
    return ProofFile(content=msgspec.json.encode(file), entries=len(entries), sealed_at=head.sealed_at)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Finds nodes of the log as it was at one head."""

    unit: Unit
    log: GrowingLog

    async def find_all(self, nodes: Sequence[Node]) -> list[bytes]:
        reader = NodeReader(self.log, await find_log_pages(self.unit, list_pages(nodes, self.log.size)))
        return [reader.find(node) for node in nodes]

    async def find_consistency(self, old_size: int) -> list[bytes]:
        parts = list_consistency(old_size, self.log.size)
        pages = await find_log_pages(self.unit, list_pages([node for part in parts for node in part], self.log.size))
        reader = NodeReader(self.log, pages)
        return [reader.find_range(part) for part in parts]


async def _write_entry(
    sealed: SealedUse, originals: Mapping[tuple[str, str, int], OriginalLeaf], reader: _Reader
) -> dict[str, Any]:
    if sealed.kind == "use":
        return {
            "index": sealed.leaf_index,
            "salt": sealed.salt[:SHOWN_SALT_BYTES].hex(),
            "text": write_use(sealed.use, ordinal=sealed.ordinal, wording=sealed.wording or b"", salt=sealed.salt),
        }
    original = originals[sealed.use.identity]
    head = await find_covering_head(reader.unit, original.leaf_index)
    if head is None:
        raise NotSealedYetError
    text = write_use(sealed.use, ordinal=None, wording=original.wording or b"", salt=original.salt)
    return {
        "index": sealed.leaf_index,
        "salt": sealed.salt[:SHOWN_SALT_BYTES].hex(),
        "text": sealed.content or "",
        "original": {
            "index": original.leaf_index,
            "salt": original.salt[:SHOWN_SALT_BYTES].hex(),
            "text": text,
            "head": _write_head(head),
            "consistency": [node.hex() for node in await reader.find_consistency(head.tree_size)],
        },
    }


def _write_head(head: SignedHead) -> dict[str, str]:
    return {"text": head.text, "signature": head.signature, "certificates": head.certificates}


def _list_wordings(sealed: Sequence[SealedUse], originals: Mapping[tuple[str, str, int], OriginalLeaf]) -> list[bytes]:
    digests = [one.wording for one in sealed] + [one.wording for one in originals.values()]
    return list({bytes(digest) for digest in digests if digest is not None})
