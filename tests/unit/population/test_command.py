"""`jukinet population generate`: JSON lines out, plain words when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jukinet.cli.population import app


def generate(*arguments: str) -> tuple[int, bytes, str]:
    result = CliRunner().invoke(app, ["generate", *arguments])
    return result.exit_code, result.stdout_bytes, result.stderr


def test_it_writes_one_json_object_per_resident() -> None:
    status, output, complaint = generate("--municipality", "131121", "--residents", "12", "--seed", "7")

    assert status == 0, complaint
    assert [json.loads(line)["resident_number"] for line in output.splitlines()] == list(range(1, 13))


def test_a_file_gets_the_same_bytes_as_standard_output(tmp_path: Path) -> None:
    arguments = ("--municipality", "131121", "--residents", "50", "--as-of", "2026-11-23")
    _, output, _ = generate(*arguments)

    generate(*arguments, "--output", str(tmp_path / "people.jsonl"))

    assert (tmp_path / "people.jsonl").read_bytes() == output != b""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--municipality", "131122", "--residents", "1"), "value.local_government_code.check_digit"),
        (("--municipality", "999997", "--residents", "1"), "value.local_government_code.unknown"),
        (("--municipality", "130001", "--residents", "1"), "value.population"),
        (("--municipality", "131121", "--residents", "0"), "value.population"),
        (("--municipality", "131121", "--residents", "1", "--seed", "-1"), "value.population"),
        (("--municipality", "131121", "--residents", "1", "--as-of", "2001-01-01"), "value.population"),
        (("--municipality", "131121", "--residents", "1", "--output", "/nowhere/x"), "value.configuration"),
        (("--municipality", "131121", "--residents", "1", "--output", "/dev/full"), "operation.storage_full"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_a_stable_code(arguments: tuple[str, ...], code: str) -> None:
    status, output, complaint = generate(*arguments)

    assert status == 1
    assert output == b""
    assert complaint.endswith(f"[{code}]\n")
    assert complaint.count("\n") == 1
