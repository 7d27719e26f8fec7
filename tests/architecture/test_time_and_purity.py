from __future__ import annotations

import ast
import sys
from typing import Final

import pytest

from tests.architecture.source_tree import SourceModule, imports_of, offences, planted

CLOCK_READS: Final = frozenset(
    {
        "date.today",
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "time.time",
        "time.time_ns",
    }
)
#: What reaches outside the process, or reads the machine: not for the law.
OUTSIDE: Final = frozenset(
    {
        "asyncio",
        "builtins",
        "concurrent",
        "ctypes",
        "glob",
        "http",
        "importlib",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "platform",
        "selectors",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib",
    }
)
CONSOLE_AND_FILES: Final = frozenset({"open", "input", "print"})
#: The one module of the law that opens files: the tables that come with the package.
BUNDLED_TABLES: Final = "domain/bundled.py"


def clock_reads(module: SourceModule) -> list[str]:
    if module.package == "cli":
        return []
    imported = [
        f"line {line}: imports {name}"
        for line, name in imports_of(module.tree)
        if name in {"time.time", "time.time_ns"}
    ]
    # A mention is enough: `clock=datetime.now` reads the clock as surely as a call.
    return imported + [
        f"line {node.lineno}: {ast.unparse(node)}: take a Clock instead"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCK_READS
    ]


def impurities(module: SourceModule) -> list[str]:
    if module.package != "domain":
        return []
    found: list[str] = []
    for line, name in imports_of(module.tree):
        top = name.split(".")[0]
        if name.startswith("jukinet.domain.") or name == "jukinet.domain":
            continue
        if top not in sys.stdlib_module_names:
            found.append(f"line {line}: the law imports {name}, which is not the standard library")
        elif top in OUTSIDE and str(module.place) != BUNDLED_TABLES:
            found.append(f"line {line}: the law imports {name}, which reaches outside")
    if str(module.place) != BUNDLED_TABLES:
        found.extend(
            f"line {node.lineno}: the law calls {node.func.id}()"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "input", "print"}
        )
    return found


@pytest.mark.invariant("I12")
def test_only_the_command_line_reads_the_clock() -> None:
    assert offences(clock_reads) == []


def test_the_law_is_pure() -> None:
    assert offences(impurities) == []


@pytest.mark.parametrize(
    "text",
    ["now = datetime.now(UTC)", "clock = datetime.datetime.now", "day = date.today()", "from time import time"],
)
def test_a_clock_read_below_the_command_line_is_found(text: str) -> None:
    assert clock_reads(planted("national/jobs.py", text)) != []
    assert clock_reads(planted("cli/main.py", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "from pathlib import Path",
        "import time",
        "import msgspec",
        "import jukinet.protocol",
        "open(a)",
    ],
)
def test_an_impure_law_is_found(text: str) -> None:
    assert impurities(planted("domain/names.py", text)) != []


def test_the_bundled_tables_may_be_read_in_one_module() -> None:
    assert impurities(planted("domain/bundled.py", "import importlib.resources\nopen(a)")) == []
    assert impurities(planted("domain/bundled.py", "import msgspec")) != []
