"""The sealing of the use log, in a process of its own that gives way to look-ups (封印).

The node starts it (`keep_sealing`) and tells it its configuration; when the node ends, however it ends, so does it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import structlog

from jukinet.audit.heads import Signer
from jukinet.audit.sealing import seal
from jukinet.audit.wording import Describer
from jukinet.domain.clock import Clock
from jukinet.domain.errors import JukinetError, MalformedRequestError
from jukinet.node_process.config import NodeConfig
from jukinet.node_process.process import Node
from jukinet.postgres.database import Database, open_database
from jukinet.protocol.envelope import sign
from jukinet.transport.certificates import pem
from jukinet.transport.identity import NodeIdentity

_log: Final = structlog.get_logger()
#: Between two sealings. An entry stands in a signed head this long after its commit, where nothing else is to do.
SEAL_SECONDS: Final = 2.0
#: Look-ups and their database come first.
_NICENESS: Final = 10


async def keep_sealing(node: Node) -> None:
    """Keep a sealer running beside the node while this job runs."""
    configuration = msgspec.json.encode(node.config, enc_hook=str) + b"\n"
    command = (sys.executable, "-m", "jukinet.cli.main", "audit", "sealer")
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE)
    try:
        if process.stdin is not None:
            process.stdin.write(configuration)
            await process.stdin.drain()
        await process.wait()
        _log.error("sealer ended", node=node.name.text)
        await asyncio.sleep(SEAL_SECONDS)
    finally:
        # A sealing is one transaction: it is there as a whole, or not at all.
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def run_sealer(configuration: bytes, *, clock: Clock) -> None:
    """Seal every few seconds until standard input ends.

    Raises:
        MalformedRequestError: the configuration is not one.
        JukinetError: the database cannot be reached, or the node's key cannot be read.
    """
    os.nice(_NICENESS)
    config = _read_configuration(configuration)
    own_clock = config.clock(clock)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stopped.set)
    database = await open_database(msgspec.structs.replace(config.database, pool_min=1, pool_max=1))
    try:
        while not stopped.is_set():
            await seal_once(config, database, describer=Describer(config.organs), clock=own_clock)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), SEAL_SECONDS)
    finally:
        await database.close()


async def seal_once(config: NodeConfig, database: Database, *, describer: Describer, clock: Clock) -> None:
    """Seal what is there. What goes wrong is logged, and tried again at the next time."""
    try:
        # Read anew: the certificate may have been renewed.
        signer = find_signer(NodeIdentity.load(config.identity_paths, now=clock()))
        async with database.transaction() as unit:
            head = await seal(unit, signer=signer, describer=describer, now=clock())
    except JukinetError as error:
        _log.warning("log not sealed", error_code=error.code)
        return
    if head is not None:
        _log.debug("log sealed", number=head.number, tree_size=head.tree_size)


def find_signer(identity: NodeIdentity) -> Signer:
    """Return who signs heads and commitments for the node of this identity."""
    certificate = identity.paths.certificate.read_bytes().decode("ascii")
    return Signer(
        name=identity.name.text,
        sign=lambda content: sign(content, identity.key),
        certificates=_first(certificate) + pem(identity.authority).decode(),
    )


def _first(certificates: str) -> str:
    end = "-----END CERTIFICATE-----\n"
    return certificates.partition(end)[0] + end


def _read_configuration(content: bytes) -> NodeConfig:
    try:
        return msgspec.json.decode(content, type=NodeConfig, dec_hook=_decode)
    except msgspec.MsgspecError:
        raise MalformedRequestError("The first line is not a node's configuration.", field="configuration") from None


def _decode(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError
