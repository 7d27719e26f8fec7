"""Whatever is wrong with a node's surroundings is said in one line that tells what to do, and exit status 1."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from jukinet.cli.console import machine_clock, plain_errors
from jukinet.cli.kinds import KINDS
from jukinet.domain.clock import civil_day
from jukinet.node_process.config import load_config
from jukinet.node_process.process import open_node, serve_node
from jukinet.postgres import database as database_module
from jukinet.postgres.database import Unit, connect
from jukinet.postgres.embedded import EmbeddedServer
from jukinet.protocol.node_names import NodeKind
from tests.builders import PENSION, PENSION_AFFAIR, code, execute, individual_number, list_rows, populate, resident
from tests.integration.cli.offices import Network, Terminal, refusal_of, type_command

SETAGAYA = "municipal/131121"
TEN_YEARS = 10 * 366 * 24 * 3600.0
CONFIRM = (
    "agency", "ask", "--affair", PENSION_AFFAIR, "--purpose", "年金の支給", "--matter", "年金-1",
    "--official", "official", "--item", "name", "--show",
)  # fmt: skip
MISTYPED = code(1)[:-1] + str((int(code(1)[-1]) + 1) % 10)


def death(number: int = 1) -> tuple[str, ...]:
    today = civil_day(machine_clock()).isoformat()
    return ("municipal", "record-death", str(number), "--died-on", today, "--operator", "clerk")


def change(config: Path, old: str, new: str) -> None:
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")


# --- the configuration ------------------------------------------------------------------------------------


async def test_a_configuration_that_is_not_there_is_named(terminal: Terminal, tmp_path: Path) -> None:
    line = await terminal.refusal("node", "run", "--config", str(tmp_path / "none.toml"))

    assert f"{tmp_path}/none.toml cannot be read" in line


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[database]", "[database", "node.toml"),
        ('name = "municipal/131121"', 'name = "municipal/131122"', "node name"),
        ('name = "municipal/131121"', "", "name"),
        ("[database]", "colour = 1\n[database]", "colour"),
        ("port = 9", 'port = "nine"', "port"),
        ("postgresql://", "mysql!://", "database.url"),
        ("[owner]", "[nobody]", "nobody"),
    ],
)
async def test_a_configuration_that_is_wrong_is_told_by_its_item(
    terminal: Terminal, network: Network, old: str, new: str, expected: str
) -> None:
    config = await network.add(SETAGAYA)
    change(config, old, new)

    line = await terminal.refusal("node", "run", "--config", str(config))

    assert expected in line
    assert "[value.configuration]" in line


async def test_bytes_that_are_no_text_are_no_configuration(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_bytes(b"\xff\xfe\x00")

    assert "[value.configuration]" in await terminal.refusal("node", "run", "--config", str(tmp_path / "node.toml"))
    assert "[value.configuration]" in await terminal.refusal("node", "run", "--config", str(tmp_path))


async def test_without_an_owner_nobody_migrates(terminal: Terminal, network: Network) -> None:
    config = await network.add(SETAGAYA)
    text = config.read_text()
    config.write_text(text[: text.index("[owner]")] + text[text.index("[line]") :])

    assert "[owner]" in await terminal.refusal("db", "migrate", "--config", str(config))


# --- keys and certificates --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "expected"),
    [("key.pem", "key.pem"), ("certificate.pem", "certificate.pem"), ("network.pem", "network.pem")],
)
async def test_a_missing_key_or_certificate_is_named(
    terminal: Terminal, network: Network, file: str, expected: str
) -> None:
    config = await network.add(SETAGAYA)
    (config.parent / file).unlink()

    line = await terminal.refusal("node", "run", "--config", str(config))

    assert expected in line
    assert "[operation.secret]" in line


async def test_a_key_that_others_may_read_is_refused(terminal: Terminal, network: Network) -> None:
    config = await network.add(SETAGAYA)
    (config.parent / "key.pem").chmod(0o644)

    assert "chmod 600" in await terminal.refusal("node", "run", "--config", str(config))


async def test_the_identity_of_another_node_is_refused(terminal: Terminal, network: Network) -> None:
    config = await network.add(SETAGAYA)
    change(config, 'name = "municipal/131121"', 'name = "municipal/132039"')

    line = await terminal.refusal("node", "run", "--config", str(config))

    assert SETAGAYA in line


async def test_an_expired_certificate_is_told_with_the_cure(terminal: Terminal, network: Network) -> None:
    config = await network.add(SETAGAYA, clock_offset=TEN_YEARS)

    line = await terminal.refusal("node", "run", "--config", str(config))

    assert "expired" in line
    assert f"jukinet pki renew {SETAGAYA}" in line


@asynccontextmanager
async def nation(network: Network) -> AsyncGenerator[None]:
    """Run the national node of the network on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        network.port = probe.getsockname()[1]
    network.say_where("national", network.port)
    config = load_config(await network.add("national"))
    kind = KINDS[NodeKind.NATIONAL]
    async with (
        open_node(config, clock=machine_clock, migrations=kind.migrations) as node,
        serve_node(node, kind.assemble(node)),
    ):
        yield


async def test_a_person_is_confirmed_by_code_and_by_number_or_refused_by_the_law(
    terminal: Terminal, network: Network
) -> None:
    async with nation(network):
        config = await network.add(PENSION.text)
        here = ("--config", str(config))
        await execute(
            network.databases["national"],
            "INSERT INTO identification.record (resident_record_code, individual_number, name, kana, birth_date, sex,"
            " municipality, address, change_reason, changed_on, update_sequence, is_removed, received_at)"
            " VALUES (%s, %s, '試験', 'しけん', '1990-05-06', '2', '131121', '東京都',"
            " 'birth', '1990-05-06', 1, false, now())",
            [code(1), individual_number(1)],
        )

        (by_code,) = await terminal.rows(*CONFIRM, "--code", code(1), *here)
        (by_number,) = await terminal.rows(*CONFIRM, "--number", individual_number(1), *here)
        (nobody,) = await terminal.rows(*CONFIRM, "--code", code(2), *here)
        mistyped = await terminal.refusal(*CONFIRM, "--code", MISTYPED, *here)
        both = await terminal.refusal(*CONFIRM, "--code", code(1), "--number", individual_number(1), *here)
        unlisted = await terminal.refusal(*[*CONFIRM[:3], "1-41-1", *CONFIRM[4:]], "--code", code(1), *here)

    assert by_code["name"] == by_number["name"] == "試験"
    assert (nobody["result"], "name" in nobody) == ("not_found", False)
    assert "check digit" in mistyped
    assert MISTYPED not in mistyped
    assert "Exactly one" in both
    assert "Appended Tables" in unlisted
    asked = await list_rows(
        network.databases[PENSION.text], "SELECT result, count(*) FROM request.confirmation GROUP BY 1"
    )
    assert sorted(asked) == [("found", 2), ("not_found", 1)]
    log = await list_rows(
        network.databases[PENSION.text], "SELECT detail ->> 'result' FROM audit.event WHERE outcome = 'refused'"
    )
    assert sorted(row[0] for row in log) == [
        "permission.affair_not_listed",
        "value.missing",
        "value.resident_record_code.check_digit",
    ]


async def test_a_revoked_certificate_confirms_nobody(terminal: Terminal, network: Network) -> None:
    before = await network.add(PENSION.text)
    authority = str(network.directory / "pki")
    revoked = await terminal.result("pki", "revoke", PENSION.text, "--directory", authority, "--json")
    async with nation(network):
        line = await terminal.refusal(*CONFIRM, "--code", code(1), "--config", str(before))

    assert revoked.exit_code == 0, revoked.output
    assert "revoked" in line


async def test_a_nation_that_is_down_is_told(terminal: Terminal, network: Network) -> None:
    config = await network.add(PENSION.text)

    line = await terminal.refusal(*CONFIRM, "--code", code(1), "--config", str(config))

    assert "national cannot be reached" in line
    assert "[peer.unreachable]" in line


# --- the database -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("node", "run"), ("node", "lines"), ("db", "migrate"), ("db", "pending"), death()])
async def test_a_database_that_is_down_is_told_with_its_place(
    terminal: Terminal, network: Network, tmp_path: Path, words: tuple[str, ...]
) -> None:
    config = await network.add(SETAGAYA)
    socket_directory = next(part for part in config.read_text().split('"') if "host=" in part).split("host=")[1]
    change(config, socket_directory, str(tmp_path))

    line = await terminal.refusal(*words, "--config", str(config))

    assert "cannot be reached" in line
    assert str(tmp_path) in line
    assert "[operation.database]" in line


async def test_a_wrong_password_is_told_without_it(terminal: Terminal, network: Network, tmp_path: Path) -> None:
    config = await network.add(SETAGAYA)
    (tmp_path / "wrong").write_text("not-the-password")
    (tmp_path / "wrong").chmod(0o600)
    change(config, str(network.databases[SETAGAYA].app.password_file), str(tmp_path / "wrong"))

    line = await terminal.refusal("node", "run", "--config", str(config))

    assert "password" in line
    assert "not-the-password" not in line


async def test_a_database_without_its_tables_is_told_with_the_cure(terminal: Terminal, network: Network) -> None:
    config = await network.add(SETAGAYA, migrated=False)

    for words in (("node", "run"), death(), ("node", "lines")):
        line = await terminal.refusal(*words, "--config", str(config))
        assert "[operation.migration]" in line
        assert "migrate" in line


async def test_another_version_of_postgresql_is_refused(
    terminal: Terminal, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = await network.add(SETAGAYA)
    monkeypatch.setattr(database_module, "OLDEST_VERSION", 98)
    monkeypatch.setattr(database_module, "NEWEST_VERSION", 99)

    assert "PostgreSQL 98 to 99 is needed" in await terminal.refusal("node", "run", "--config", str(config))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
async def test_a_full_disk_is_told_and_nothing_is_recorded(
    terminal: Terminal, network: Network, embedded_server: EmbeddedServer
) -> None:
    config = await network.add(SETAGAYA)
    node = network.databases[SETAGAYA]
    await populate(node, resident(1))
    async with small_disk(embedded_server) as disk:
        await execute(node, "ALTER TABLE delivery.outbox SET TABLESPACE small_disk")
        fill(disk)

        line = await terminal.refusal(*death(), "--config", str(config))

        counts = await list_rows(
            node, "SELECT (SELECT count(*) FROM register.resident_record), (SELECT count(*) FROM audit.event)"
        )
        await execute(node, "ALTER TABLE delivery.outbox SET TABLESPACE pg_default")

    assert "[operation.storage_full]" in line
    assert "free space" in line
    assert counts == [(1, 0)]


@asynccontextmanager
async def small_disk(server: EmbeddedServer) -> AsyncGenerator[Path]:
    """Give the server a tablespace on a disk of one megabyte, and take it away again."""
    # Where the server's own account can reach it.
    disk = Path(tempfile.mkdtemp(prefix="jukinet-small-disk-"))
    disk.chmod(0o755)
    mount = subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False)
    if mount.returncode != 0:
        disk.rmdir()
        pytest.skip("this machine lets nobody mount a disk")
    try:
        place = disk / "tablespace"
        place.mkdir()
        owner = (server.directory / "data").stat()
        os.chown(place, owner.st_uid, owner.st_gid)
        async with connect(server.admin) as unit:
            await rows_free(unit, f"CREATE TABLESPACE small_disk LOCATION '{place}'")
            await rows_free(unit, "GRANT CREATE ON TABLESPACE small_disk TO PUBLIC")
        yield disk
        async with connect(server.admin) as unit:
            await rows_free(unit, "DROP TABLESPACE small_disk")
    finally:
        subprocess.run(["/bin/umount", "--lazy", str(disk)], check=True)
        disk.rmdir()


def fill(disk: Path) -> None:
    """Write until nothing fits any more."""
    with pytest.raises(OSError, match="No space left"), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


async def rows_free(unit: Unit, statement: str) -> None:
    await unit.execute(cast("Any", statement))


# --- the machine ------------------------------------------------------------------------------------------


async def test_a_port_that_is_taken_is_named(terminal: Terminal, network: Network) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        network.port = other.getsockname()[1]
        config = await network.add(SETAGAYA)

        line = await terminal.refusal("node", "run", "--config", str(config))

    assert str(network.port) in line
    assert "[operation.port_taken]" in line


@pytest.mark.parametrize(
    "words",
    [
        ("pki", "create", "--directory"),
        ("db", "start", "--directory"),
        ("devnet", "up", "--directory"),
    ],
)
def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("in the way")

    line = refusal_of(type_command(*words, str(tmp_path / "file" / "below")))

    assert "file/below" in line


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("population", "generate", "--municipality", "999999", "--residents", "5"), "value.local_government_code"),
        (("population", "generate", "--municipality", "130001", "--residents", "5"), "value."),
        (("population", "generate", "--municipality", "131121", "--residents", "-5"), "value.population"),
        (("pki", "enrol", "municipal/999999"), "value.node_name"),
        (("db", "provision", "municipal/999999"), "value.node_name"),
    ],
)
def test_an_unknown_municipality_is_refused(words: tuple[str, ...], expected: str) -> None:
    assert f"[{expected}" in refusal_of(type_command(*words))


def test_what_nobody_foresaw_is_told_by_its_kind_and_place_alone(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError(code(1))

    with pytest.raises(BaseException) as caught, plain_errors():  # noqa: PT011 - typer's own exit
        fail()

    line = capsys.readouterr().err
    assert getattr(caught.value, "exit_code", None) == 1
    assert line.startswith("jukinet: An internal error occurred: ValueError in fail, line ")
    assert code(1) not in line


def test_the_program_as_installed_says_a_refusal_in_one_line() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "jukinet.cli.main", "pki", "list", "--directory", "/nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr
