"""The node processes of the federation: start, kill, start again, stop. Each ends when this process ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jukinet.devnet.plan import PlannedNode
from jukinet.domain.errors import NodeDidNotStartError

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.05
_LAST_LINES: Final = 3
#: What a node writes to its log once it answers.
_READY: Final = b'"event": "node ready"'


@dataclass(slots=True)
class NodeProcesses:
    """The running nodes, by name."""

    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    async def start(self, nodes: Sequence[PlannedNode]) -> None:
        """Start nodes and return when all of them say that they answer.

        Raises:
            NodeDidNotStartError: one ended; its last words are in the message.
        """
        beginnings = [_length(node.log) for node in nodes]
        for node in nodes:
            self._launch(node)
        await asyncio.gather(*[self._await_ready(node, begin) for node, begin in zip(nodes, beginnings, strict=True)])

    def kill(self, node: PlannedNode) -> None:
        """Kill a node as a power cut would (SIGKILL)."""
        process = self.running.pop(node.name.text)
        process.kill()
        _reap(process)

    async def stop(self) -> None:
        """Stop every node, gently at first."""
        for process in self.running.values():
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = asyncio.get_running_loop().time() + _STOP_SECONDS
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                left = max(0.0, deadline - asyncio.get_running_loop().time())
                await asyncio.to_thread(process.wait, left)
            process.kill()
            _reap(process)
        self.running.clear()

    def list_ended(self) -> list[str]:
        """Return the names of nodes that ended by themselves."""
        return [name for name, process in self.running.items() if process.poll() is not None]

    def _launch(self, node: PlannedNode) -> None:
        command = [
            sys.executable,
            "-m",
            "jukinet.cli.main",
            "node",
            "run",
            "--config",
            str(node.config),
            "--until-input-ends",
        ]
        with node.log.open("ab") as log:
            # Its standard input is our end of a pipe: when this process is gone, however it went, the node stops.
            self.running[node.name.text] = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    async def _await_ready(self, node: PlannedNode, begin: int) -> None:
        # Its own word, not an open port: that could be another program's.
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _START_SECONDS
        while loop.time() < deadline:
            if self.running[node.name.text].poll() is not None:
                raise NodeDidNotStartError(f"{node.name} did not start: {_last_words(node)}")
            if _READY in node.log.read_bytes()[begin:]:
                return
            await asyncio.sleep(_LOOK_SECONDS)
        raise NodeDidNotStartError(f"{node.name} was not ready within {_START_SECONDS:g} s; see {node.log}")


def _reap(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _length(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _last_words(node: PlannedNode) -> str:
    lines = node.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return " / ".join(line.removeprefix("jukinet: ") for line in lines[-_LAST_LINES:]) or "it said nothing"
