"""One network per test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.transport.network import Network


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return Network(tmp_path)
