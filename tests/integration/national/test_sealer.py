"""The national node seals its use log by itself, beside its work, in a process that ends with it (I11)."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from jukinet.audit.verifier.files import verify_file
from jukinet.audit.verifier.signers import Trust
from jukinet.cli.console import machine_clock
from jukinet.devnet.federation import wait_until
from jukinet.national.app import MIGRATIONS
from jukinet.national.sealer import keep_sealing
from jukinet.node_process.config import load_config
from jukinet.node_process.process import Parts, open_node, serve_node
from jukinet.postgres.database import Database
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.node_names import NATIONAL
from jukinet.transport.certificates import pem
from tests.builders import code
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import add_use, file_of
from tests.integration.cli.offices import Network, Terminal

PATIENCE = 60.0


@pytest.fixture
def network(tmp_path: Path, embedded_database: MakeDatabase) -> Network:
    return Network(tmp_path, embedded_database)


async def write_use(database: Database, number: int) -> None:
    now = machine_clock()
    async with database.transaction() as unit:
        await add_use(unit, number, message_id=new_message_id(now, number.to_bytes(10, "big")), used_at=now)


async def is_sealed_to(database: Database, size: int) -> bool:
    async with database.connection() as unit:
        row = await (await unit.execute("SELECT max(tree_size) FROM audit.head")).fetchone()
    return row == (size,)


def list_sealers() -> list[int]:
    """Return the sealers that this process started."""
    found: list[int] = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            words = (place / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(parent) == os.getpid() and b"sealer" in words:
            found.append(int(place.name))
    return found


@pytest.mark.invariant("I11")
async def test_a_running_node_seals_what_is_written_and_its_proofs_hold_on_the_command_line(
    network: Network, tmp_path: Path
) -> None:
    config = load_config(await network.add("national"))
    async with open_node(config, clock=machine_clock, migrations=MIGRATIONS) as node:
        sealing = asyncio.create_task(keep_sealing(node))
        try:
            await write_use(node.database, 1)
            assert await wait_until(lambda: is_sealed_to(node.database, 1), seconds=PATIENCE)
            await write_use(node.database, 2)
            assert await wait_until(lambda: is_sealed_to(node.database, 2), seconds=PATIENCE)
            content = await file_of(node.database, 1, now=machine_clock())
        finally:
            sealing.cancel()
            await asyncio.gather(sealing, return_exceptions=True)
        authority = pem(node.identity.authority)
    found = verify_file(content, Trust.of_certificate(authority))
    file, certificate = tmp_path / "file.json", tmp_path / "network.pem"
    file.write_bytes(content)
    certificate.write_bytes(authority)
    rows = await Terminal().rows("audit", "verify", str(file), "--network", str(certificate))
    unpinned = await Terminal().refusal("audit", "verify", str(file))
    file.write_bytes(content.replace("年金の支給".encode(), "年金の停止".encode()))
    forged = await Terminal().refusal("audit", "verify", str(file), "--network", str(certificate))

    assert found.signer == NATIONAL.text
    assert [use.ordinal for use in found.uses] == [1, 2]
    assert [(row["ordinal"], row["organ"]) for row in rows] == [(1, "日本年金機構"), (2, "日本年金機構")]
    assert Trust.of_certificate(authority).fingerprint in unpinned
    assert "[value.proof]" in forged
    assert code(1) not in forged
    assert list_sealers() == []


async def test_a_sealer_that_dies_is_started_again_and_none_outlives_its_node(network: Network) -> None:
    config = load_config(await network.add("national"))
    async with open_node(config, clock=machine_clock, migrations=MIGRATIONS) as node:
        parts = Parts(endpoints={}, jobs=(lambda: keep_sealing(node),))
        async with serve_node(node, parts):
            await write_use(node.database, 1)
            assert await wait_until(lambda: is_sealed_to(node.database, 1), seconds=PATIENCE)
            (first,) = list_sealers()
            os.kill(first, signal.SIGKILL)
            await write_use(node.database, 2)
            assert await wait_until(lambda: is_sealed_to(node.database, 2), seconds=PATIENCE)
            (second,) = list_sealers()

    assert first != second
    assert list_sealers() == []


async def test_the_page_and_the_fingerprint_come_from_the_command_line(network: Network, tmp_path: Path) -> None:
    place = tmp_path / "network.pem"
    place.write_bytes(pem(network.authority.certificate))

    fingerprint = await Terminal().result("audit", "fingerprint", str(place))
    page = await Terminal().result("audit", "page", str(tmp_path / "page.html"))
    missing = await Terminal().refusal("audit", "fingerprint", str(tmp_path / "nothing.pem"))

    assert fingerprint.stdout.strip() == Trust.of_certificate(place.read_bytes()).fingerprint
    assert page.exit_code == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "cannot be read" in missing
