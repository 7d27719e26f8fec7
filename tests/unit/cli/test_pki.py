"""`jukinet pki`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jukinet.cli.pki import app

MUNICIPAL = "municipal/131016"


class Terminal:
    """Types commands against one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._runner = CliRunner()

    def type(self, *words: str) -> list[dict[str, Any]]:
        result = self._runner.invoke(app, [*words, "--directory", str(self.directory), "--json"])
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    def refusal(self, *words: str) -> str:
        result = self._runner.invoke(app, [*words, "--directory", str(self.directory)])
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit)
        (line,) = result.stderr.splitlines()
        return line


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    created = Terminal(tmp_path / "pki")
    created.type("create")
    return created


def test_a_node_is_enrolled_renewed_and_revoked(terminal: Terminal) -> None:
    (enrolled,) = terminal.type("enrol", MUNICIPAL)
    (renewed,) = terminal.type("renew", MUNICIPAL)
    revoked = terminal.type("revoke", MUNICIPAL, "--reason", "superseded")
    listed = terminal.type("list")

    assert (enrolled["name"], enrolled["state"], renewed["state"]) == (MUNICIPAL, "valid", "valid")
    assert [line["serial"] for line in listed] == [enrolled["serial"], renewed["serial"]]
    assert {line["state"] for line in revoked} == {line["state"] for line in listed} == {"revoked"}
    assert {line["reason"] for line in listed} == {"superseded"}
    assert terminal.type("show", enrolled["serial"])[0]["serial"] == enrolled["serial"]
    assert terminal.type("revocation-list")[0]["revoked"] == 2


def test_one_certificate_is_revoked_by_its_serial(terminal: Terminal) -> None:
    (first,) = terminal.type("enrol", MUNICIPAL)
    (second,) = terminal.type("renew", MUNICIPAL)

    terminal.type("revoke", first["serial"])

    assert [line["state"] for line in terminal.type("show", MUNICIPAL)] == ["valid", "revoked"]
    assert terminal.type("show", MUNICIPAL)[0]["serial"] == second["serial"]


def test_a_request_made_on_the_node_is_certified_without_its_key(terminal: Terminal, tmp_path: Path) -> None:
    node = Terminal(tmp_path / "elsewhere")
    (made,) = node.type("request", MUNICIPAL)

    terminal.type("enrol", MUNICIPAL, "--request", made["request"])

    assert {path.name for path in (terminal.directory / "nodes/municipal-131016").iterdir()} == {"certificate.pem"}
    assert (tmp_path / "elsewhere/nodes/municipal-131016/key.pem").exists()


def test_screens_are_certified(terminal: Terminal) -> None:
    (made,) = terminal.type("screens", "localhost", "127.0.0.1")

    assert Path(made["certificate"]).exists()
    assert terminal.type("list")[0]["name"] == "screens localhost"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("create",), "holds a key already"),
        (("enrol", "municipal/1"), "A node name is a kind and a code"),
        (("renew", MUNICIPAL), "enrol it"),
        (("revoke", MUNICIPAL), "No certificate was issued"),
        (("show", "ff"), "No certificate was issued"),
        (("enrol", MUNICIPAL, "--request", "/nowhere.pem"), "/nowhere.pem cannot be read"),
    ],
)
def test_a_refusal_is_one_line_that_says_why(terminal: Terminal, words: tuple[str, ...], expected: str) -> None:
    assert expected in terminal.refusal(*words)


def test_without_an_authority_the_missing_key_is_named(tmp_path: Path) -> None:
    assert "network/key.pem cannot be read" in Terminal(tmp_path).refusal("list")


def test_a_person_reads_a_table(terminal: Terminal) -> None:
    terminal.type("enrol", MUNICIPAL)

    result = CliRunner().invoke(app, ["list", "--directory", str(terminal.directory)], env={"COLUMNS": "200"})

    assert MUNICIPAL in result.stdout
