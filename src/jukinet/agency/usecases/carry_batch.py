"""Batch files on removable media, at the agency node: a request written out, results read in (媒体による一括提供)."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from jukinet.agency.batch_store import find_batch, note_state
from jukinet.agency.usecases.fetch_batch import require_free, write_results
from jukinet.agency.usecases.submit_batch import OpenFile, keep_begun, record_asked
from jukinet.domain.errors import BatchContainerError
from jukinet.domain.provision_batches import BatchState
from jukinet.node_process.process import Node
from jukinet.protocol.batch import BatchHeader
from jukinet.protocol.batch_files import read_lines
from jukinet.protocol.batch_lines import Lines
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.containers import (
    ContainerHeader,
    OpenedContainer,
    open_container,
    read_receiver,
    write_container,
)

_PIECE: Final = 1024 * 1024
_headers: Final = msgspec.json.Decoder(BatchHeader)


async def write_request_container(*, file: OpenFile, path: Path, receiver: Path, node: Node, now: datetime) -> str:
    """Write a batch file for the national node, whose certificate is in `receiver`; return the id of the file.

    Raises:
        CertificateNotTrustedError: the certificate is not that of the national node of this network.
    """
    certificate = read_receiver(receiver, NATIONAL, node.identity)
    batch = await keep_begun(file=file, database=node.database, now=now)
    header = ContainerHeader(
        sender=node.name.text,
        receiver=NATIONAL.text,
        kind="batch_request",
        batch_id=batch.batch_id,
        length=file.length,
        sha256=file.sha256,
        certificate=node.identity.paths.certificate.read_text("ascii"),
    )
    write_container(path, _pieces(file.path), header, receiver=certificate, identity=node.identity)
    await record_asked(batch=batch, state=BatchState.WAITING.value, result="exported", database=node.database, now=now)
    return batch.batch_id


async def read_result_container(*, path: Path, target: Path, node: Node) -> int:
    """Write the results in a container to `target`, in the layout of the request; return how many lines they have.

    Raises:
        BatchContainerError: the container is altered, cut off, for somebody else, or holds no results.
        BatchNotFoundError: this organ handed in no such file.
        AlreadyExistsError: there is a file at `target`.
    """
    require_free(target)
    opened = open_container(
        path,
        identity=node.identity,
        require_standing=lambda sender: node.revocations.require_standing(sender, node.clock()),
    )
    if opened.header.kind != "batch_results" or opened.sender.name != NATIONAL:
        raise BatchContainerError("The container holds no results of the national node.", field="kind")
    async with node.database.connection() as connection:
        batch = await find_batch(connection, opened.header.batch_id)
    count = _write_content(opened, target, read_lines(_headers.decode(batch.header)))
    async with node.database.transaction() as unit:
        await note_state(unit, batch.batch_id, BatchState.READY.value)
    return count


def _write_content(opened: OpenedContainer, target: Path, lines: Lines) -> int:
    # Beside the target, where there is room for the results: they are looked at whole before any of them is kept.
    with tempfile.TemporaryFile(dir=target.absolute().parent) as results:
        digest = hashlib.sha256()
        for piece in opened.read():
            digest.update(piece)
            results.write(piece)
        if digest.hexdigest() != opened.header.sha256:
            raise BatchContainerError("The container holds other results than it says.", field="sha256")
        return write_results(results, target, lines)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
