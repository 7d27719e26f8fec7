"""A network per test, and a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.fixtures_postgres import MakeDatabase
from tests.integration.cli.offices import Network, Terminal


@pytest.fixture
def network(tmp_path: Path, embedded_database: MakeDatabase) -> Network:
    return Network(tmp_path, embedded_database)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    yield Terminal()
    # A command sets up the log of its process, which here goes on.
    structlog.reset_defaults()
