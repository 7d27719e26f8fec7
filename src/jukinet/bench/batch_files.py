"""A batch file handed in to a node that is measured, as its agency would."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

import msgspec

from jukinet.bench.setup import AGENCY
from jukinet.devnet.acts import PENSION_AFFAIR
from jukinet.domain.provision_batches import BatchKey, BatchState
from jukinet.national.batch_store import BatchFile, NewFile, add_part, begin_file, lock_file, set_state
from jukinet.node_process.process import Node
from jukinet.protocol.batch import PART_BYTES, BatchHeader
from jukinet.protocol.envelope import new_message_id

_ITEMS: Final = "name,birth_date,sex,address,change"
_encoder: Final = msgspec.json.Encoder()


async def hand_in(node: Node, key: BatchKey, content: bytes) -> BatchFile:
    """Take a file in, as the node does once its agency has announced, sent and committed it."""
    now = node.clock()
    batch_id = new_message_id(now, secrets.token_bytes(10))
    header = BatchHeader(
        version=1,
        layout="csv",
        key=key.value,
        affair=PENSION_AFFAIR,
        purpose="性能測定",
        matter_number="bench-1",
        official="bench",
    )
    new = NewFile(
        agency=AGENCY,
        batch_id=batch_id,
        header=_encoder.encode(header).decode(),
        length=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        request=b"",
        signature="",
        ground="性能測定",
        items=_ITEMS,
        priority=1,
        begun_at=now,
        deleted_after=now + timedelta(days=1),
    )
    async with node.database.transaction() as unit:
        await begin_file(unit, new)
    for offset in range(0, len(content), PART_BYTES):
        async with node.database.transaction() as unit:
            file = await lock_file(unit, agency=AGENCY, batch_id=batch_id)
            await add_part(unit, file, content[offset : offset + PART_BYTES])
    async with node.database.transaction() as unit:
        file = await lock_file(unit, agency=AGENCY, batch_id=batch_id)
        await set_state(unit, file, BatchState.WAITING.value, now=now)
    return file
