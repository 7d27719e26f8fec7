"""A small federation, made once per session in a directory of its own, on ports that are free."""

from __future__ import annotations

import random
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from jukinet.cli.console import machine_clock
from jukinet.cli.kinds import KINDS
from jukinet.devnet.federation import Federation, run_federation
from jukinet.devnet.plan import FederationPlan

RESIDENTS = 2000
#: As many ports as a federation counts through: messages first, screens a hundred further on, then the APIs.
_SPAN = (*range(10), *range(100, 110), *range(150, 160))


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> FederationPlan:
    return FederationPlan(Path(tmp_path_factory.mktemp("federation")), RESIDENTS, find_free_ports())


def find_free_ports() -> int:
    for first in random.sample(range(20_000, 32_000, 200), 60):
        if all(is_free(first + offset) for offset in _SPAN):
            return first
    pytest.fail("no range of free ports was found")


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@asynccontextmanager
async def running(plan: FederationPlan) -> AsyncGenerator[Federation]:
    """Run the federation inside of this process, as `jukinet devnet` does."""

    def note(what: str, done: int, total: int) -> None:
        del what, done, total

    async with run_federation(
        plan, migrations=lambda kind: tuple(KINDS[kind].migrations), clock=machine_clock, progress=note
    ) as federation:
        yield federation
