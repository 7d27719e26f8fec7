"""Batch files on removable media, at the national node: a request read in, results written out (媒体による一括提供)."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from jukinet.domain.errors import BatchContainerError, BatchStateError
from jukinet.domain.provision_batches import BatchState
from jukinet.national.node import NationalNode
from jukinet.national.usecases.answer_batch import give_batch_result, tell_batch_status
from jukinet.national.usecases.receive_batch import Evidence, begin_batch, commit_batch, receive_part
from jukinet.protocol.batch import PART_BYTES, BatchBegin, BatchCommit, BatchPart, BatchResultQuery, BatchStatus
from jukinet.protocol.batch_files import read_header
from jukinet.protocol.catalogue import find_message_type, require_listed
from jukinet.protocol.node_names import NodeName
from jukinet.transport.containers import (
    ContainerHeader,
    OpenedContainer,
    open_container,
    read_receiver,
    write_container,
)

_KIND: Final = "batch_results"


async def take_in_container(*, path: Path, node: NationalNode) -> BatchStatus:
    """Take in a request and let it wait for its turn; the same container taken in again changes nothing.

    Raises:
        BatchContainerError: the container is altered, cut off, for somebody else, or holds no request.
        NotPermittedError: the law does not allow the file, or its sender is none who may send it.
        InvalidValueError: its header is not valid.
    """
    opened = open_container(
        path,
        identity=node.identity,
        require_standing=lambda sender: node.revocations.require_standing(sender, node.clock()),
    )
    agency = opened.sender.name
    require_listed(find_message_type("batch_begin"), sender=agency, receiver=node.name)
    content = _content_of(opened)
    first = next(content, b"")
    start = io.BytesIO(first)
    begin = BatchBegin(
        batch_id=opened.header.batch_id,
        header=read_header(start),
        length=opened.header.length,
        sha256=opened.header.sha256,
    )
    evidence = Evidence(opened.beginning, base64.b64encode(opened.signature).decode())
    await begin_batch(begin=begin, agency=agency, evidence=evidence, node=node)
    status = await _status(node, agency, begin.batch_id)
    if status.state == BatchState.RECEIVING.value:
        await _take_parts(_parts([start.read()], content), agency, status, node)
        commit = BatchCommit(batch_id=begin.batch_id, sha256=begin.sha256)
        await commit_batch(agency=agency, commit=commit, node=node)
    return await _status(node, agency, begin.batch_id)


async def write_result_container(
    *, agency: NodeName, batch_id: str, path: Path, receiver: Path, node: NationalNode
) -> int:
    """Write the results for the agency whose certificate is in `receiver`; return their bytes.

    Raises:
        BatchStateError: there are no results.
        CertificateNotTrustedError: the certificate is not the agency's.
    """
    certificate = read_receiver(receiver, agency, node.identity)
    status = await _status(node, agency, batch_id)
    if status.state != BatchState.READY.value or not status.result_bytes:
        raise BatchStateError("There are no results.", field="batch_id")
    parts: list[bytes] = []
    digest, offset = hashlib.sha256(), 0
    while offset < status.result_bytes:
        query = BatchResultQuery(batch_id=batch_id, offset=offset)
        part = await give_batch_result(agency=agency, query=query, database=node.database, now=node.clock())
        digest.update(part.content)
        offset += len(part.content)
        parts.append(part.content)
    header = ContainerHeader(
        sender=node.name.text,
        receiver=agency.text,
        kind=_KIND,
        batch_id=batch_id,
        length=status.result_bytes,
        sha256=digest.hexdigest(),
        certificate=node.identity.paths.certificate.read_text("ascii"),
    )
    write_container(path, parts, header, receiver=certificate, identity=node.identity)
    return status.result_bytes


def _content_of(opened: OpenedContainer) -> Iterator[bytes]:
    if opened.header.kind != "batch_request":
        raise BatchContainerError("The container holds no request.", field="kind")
    return opened.read()


def _parts(*contents: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for content in contents:
        for piece in content:
            waiting += piece
            while len(waiting) >= PART_BYTES:
                yield bytes(waiting[:PART_BYTES])
                del waiting[:PART_BYTES]
    if waiting:
        yield bytes(waiting)


async def _take_parts(parts: Iterator[bytes], agency: NodeName, status: BatchStatus, node: NationalNode) -> None:
    offset = 0
    for content in parts:
        # Taken in before an interruption: read past.
        if offset >= status.received:
            part = BatchPart(
                batch_id=status.batch_id, offset=offset, sha256=hashlib.sha256(content).hexdigest(), content=content
            )
            await receive_part(agency=agency, part=part, database=node.database)
        offset += len(content)


async def _status(node: NationalNode, agency: NodeName, batch_id: str) -> BatchStatus:
    return await tell_batch_status(agency=agency, batch_id=batch_id, database=node.database, now=node.clock())
