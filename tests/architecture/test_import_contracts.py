"""The import contracts of pyproject.toml: kept by the source, broken by a planted import.

The contracts themselves are run by `make contracts`, before any test; here they run on copies.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import PACKAGE, ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the package and of the contracts, without data."""
    shutil.copytree(
        PACKAGE, tmp_path / "jukinet", ignore=shutil.ignore_patterns("data", "static", "__pycache__", "*.sql")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(folder: Path) -> str:
    """Return what import-linter says about the copy, or an empty text when every contract is kept."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    result = subprocess.run(
        [str(program), "--no-cache", "--no-logo"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr


def test_the_source_keeps_every_contract(copy: Path) -> None:
    assert broken_contracts(copy) == ""


@pytest.mark.parametrize(
    ("place", "text", "contract"),
    [
        ("national/planted.py", "import jukinet.municipal", "Nodes meet only through messages"),
        ("protocol/planted.py", "import jukinet.postgres", "Imports go downwards only"),
        ("audit/planted.py", "import jukinet.transport", "Imports go downwards only"),
        ("domain/planted.py", "import msgspec", "The law needs nothing but the standard library"),
        ("protocol/planted.py", "import psycopg", "What nodes say knows neither the database nor the line"),
        ("unplaced/__init__.py", "", "Imports go downwards only"),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, place: str, text: str, contract: str) -> None:
    planted = copy / "jukinet" / place
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f'"""Planted."""\n\n{text}\n', encoding="utf-8")

    said = broken_contracts(copy)

    assert any(contract in line and "BROKEN" in line for line in said.splitlines()), said
