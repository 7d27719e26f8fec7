"""Sealing (封印): entries that were committed become leaves of the Merkle log, and a new head is signed.

It happens after the act, in a process of its own: nobody who writes an entry waits for it. One sealing is one
transaction. It takes what the last one's snapshot did not show: an entry whose transaction was still under way then is
taken when it has committed, however many later ones were sealed before it, so none is ever passed over.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from jukinet.audit.file_use_store import (
    FileLeaf,
    FileUse,
    list_unsealed_file_uses,
    read_members,
    write_file_leaves,
    write_file_seal,
)
from jukinet.audit.heads import NewHead, SignedHead, Signer, find_newest_head, sign_head
from jukinet.audit.merkle import GrowingLog, hash_leaf
from jukinet.audit.person_map import PersonMap, find_root
from jukinet.audit.sealing_store import (
    FIRST_HORIZON,
    Leaf,
    find_horizon,
    is_sealing_elsewhere,
    list_due_reveals,
    list_unsealed_sets,
    read_unsealed_uses,
    was_restored,
    write_leaves,
    write_log_pages,
    write_wordings,
)
from jukinet.audit.use_store import SALT_BYTES, LoggedUse, salt_of_place
from jukinet.audit.wording import Describer, UseWriter, Wording, leaf_content, write_reveal, write_use
from jukinet.domain.clock import civil_day
from jukinet.postgres.database import Unit

#: A head says "nothing is missing up to now": with nothing to seal it is said anew this often.
HEAD_LIFE: Final = timedelta(minutes=10)


@dataclass(slots=True)
class _Sealing:
    """One sealing under way."""

    unit: Unit = field(repr=False)
    log: GrowingLog
    persons: PersonMap
    describer: Describer
    now: datetime
    wordings: dict[Wording, bytes] = field(default_factory=dict, repr=False)

    async def add_uses(self, uses: Sequence[LoggedUse]) -> None:
        """Make leaves of entries; those that are shown extend their person's chain."""
        shown = {use.resident_record_code for use in uses if use.withheld_reason is None}
        states = await self.persons.hold(code for code in shown if code is not None)
        salts = secrets.token_bytes(SALT_BYTES * len(uses))
        leaves: list[Leaf] = []
        for number, use in enumerate(uses):
            salt = salts[SALT_BYTES * number : SALT_BYTES * (number + 1)]
            wording = self._word(use)
            code = use.resident_record_code if use.withheld_reason is None else None
            state = None if code is None else states[code]
            ordinal = None if state is None else state.count + 1
            leaf = hash_leaf(leaf_content(salt, write_use(use, ordinal=ordinal, wording=wording, salt=salt)))
            if state is not None:
                state.extend(leaf)
            leaves.append(Leaf(use.identity, "use", self.log.append(leaf), salt, wording, code, ordinal, None))
        await self._write(leaves)

    async def add_file_use(self, file: FileUse) -> None:
        """Make leaves of the entries of one portion of a file, in the order of the persons' codes."""
        first_leaf, secret = self.log.size, secrets.token_bytes(SALT_BYTES)
        kinds = file.list_kinds()
        wordings = [self._word(use) for use in kinds]
        writers = [UseWriter.of(use, wording) for use, wording in zip(kinds, wordings, strict=True)]
        async for members in read_members(self.unit, file):
            states = await self.persons.hold(members.codes)
            leaves: list[FileLeaf] = []
            for code, place, kind in zip(*members, strict=True):
                state, salt = states[code], salt_of_place(secret, place)
                ordinal = state.count + 1
                text = writers[kind].write(code, place=place, ordinal=ordinal, salt=salt)
                leaf = hash_leaf(leaf_content(salt, text))
                state.extend(leaf)
                leaves.append(FileLeaf(code, place, kind, ordinal, self.log.append(leaf)))
            await write_file_leaves(self.unit, file, leaves)
            await self._write_pages()
        await write_file_seal(self.unit, file, first_leaf=first_leaf, secret=secret, wordings=wordings)

    async def reveal(self, due: Sequence[tuple[LoggedUse, int, bytes, bytes]]) -> None:
        """Take entries whose term has ended into their persons' chains."""
        states = await self.persons.hold(
            use.resident_record_code for use, *_ in due if use.resident_record_code is not None
        )
        leaves: list[Leaf] = []
        for use, leaf_index, old_salt, wording in due:
            code = use.resident_record_code
            state = None if code is None else states[code]
            if state is None:
                continue
            hidden = write_use(use, ordinal=None, wording=wording, salt=old_salt)
            text = write_reveal(
                use,
                ordinal=state.count + 1,
                leaf_index=leaf_index,
                leaf_hash=hash_leaf(leaf_content(old_salt, hidden)),
                revealed_at=self.now.isoformat(),
            )
            salt = secrets.token_bytes(SALT_BYTES)
            leaf = hash_leaf(leaf_content(salt, text))
            state.extend(leaf)
            leaves.append(Leaf(use.identity, "reveal", self.log.append(leaf), salt, None, code, state.count, text))
        await self._write(leaves)

    async def add_sets(self, sets: Sequence[tuple[str, str, str]]) -> None:
        """Make leaves of the commitments to the sets of persons in files."""
        leaves: list[Leaf] = []
        for message_id, agency, text in sets:
            salt = secrets.token_bytes(SALT_BYTES)
            index = self.log.append(hash_leaf(leaf_content(salt, text)))
            leaves.append(Leaf((message_id, agency, 0), "set", index, salt, None, None, None, text))
        await self._write(leaves)

    async def _write(self, leaves: Sequence[Leaf]) -> None:
        await write_leaves(self.unit, leaves)
        await self._write_pages()

    async def _write_pages(self) -> None:
        await write_log_pages(self.unit, self.log.pages)
        self.log.pages.clear()

    def _word(self, use: LoggedUse) -> bytes:
        wording = self.describer.describe(use)
        digest = self.wordings.get(wording)
        if digest is None:
            digest = self.wordings[wording] = sha256(wording.encode().encode()).digest()
        return digest


async def seal(unit: Unit, *, signer: Signer, describer: Describer, now: datetime) -> SignedHead | None:
    """Seal what was committed since the last time, in the transaction of `unit`; return the new head, if there is one.

    There is none where nothing happened and the last head is young, or where another process seals.
    """
    if await is_sealing_elsewhere(unit):
        return None
    last = await find_newest_head(unit)
    horizon = await find_horizon(unit)
    before = FIRST_HORIZON if last is None or await was_restored(unit, last.horizon) else last.horizon
    log = GrowingLog() if last is None else GrowingLog.open(last.tree_size, last.edge)
    persons = PersonMap(unit, signer.name, 0 if last is None else last.persons)
    sealing = _Sealing(unit, log, persons, describer, now)
    async for uses in read_unsealed_uses(unit, before):
        await sealing.add_uses(uses)
    for file in await list_unsealed_file_uses(unit, before):
        await sealing.add_file_use(file)
    await sealing.add_sets(await list_unsealed_sets(unit, before))
    await sealing.reveal(await list_due_reveals(unit, civil_day(now)))
    if last is not None and log.size == last.tree_size and now - last.sealed_at < HEAD_LIFE:
        return None
    await write_wordings(unit, {digest: wording.encode() for wording, digest in sealing.wordings.items()})
    grew = last is None or log.size > last.tree_size
    new = NewHead(
        tree_size=log.size,
        root=log.root(),
        map_root=await persons.write() if grew else await find_root(unit),
        persons=persons.persons,
        edge=log.write_edge(),
        horizon=horizon,
    )
    return await sign_head(unit, new, last=last, signer=signer, now=now)
