"""A federation whose ports another program has is refused before anything is built."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from jukinet.cli.console import machine_clock
from jukinet.devnet import federation
from jukinet.devnet.plan import FederationPlan
from jukinet.domain.errors import PortTakenError


async def test_a_taken_port_is_named_before_anything_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "_LEAVE_SECONDS", 0.0)
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        plan = FederationPlan(tmp_path / "devnet", 2_000, first_port=port)

        with pytest.raises(PortTakenError, match=f"Port {port} is taken"):
            async with federation.run_federation(
                plan,
                migrations=lambda _kind: (),
                clock=machine_clock,
                progress=lambda what, _done, _total: told.append(what),
            ):
                pytest.fail("it ran")

    assert told == []
    assert not plan.authority.exists()
