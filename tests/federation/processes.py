"""What is running of a federation, told by the directory every one of its processes names or stands in."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from jukinet.devnet.plan import FederationPlan

_PATIENCE_SECONDS = 30.0


def list_nodes(plan: FederationPlan) -> list[int]:
    """Return the process ids of the nodes that run."""
    return [number for number, words in _list_processes() if "run" in words and _names(words, plan.directory)]


def list_all(plan: FederationPlan) -> list[int]:
    """Return every process of the federation but this one: nodes, the PostgreSQL server, the command itself."""
    return [number for number, words in _list_processes() if number != os.getpid() and _names(words, plan.directory)]


async def until(condition: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> bool:
    """Look again and again whether `condition` holds; return False when it never did."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        if loop.time() > deadline:
            return False
        await asyncio.sleep(0.05)
    return True


def _hear_interrupts() -> None:
    # A shell that runs the tests in the background has them ignore Ctrl-C, and they would hand that on.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Command:
    """A `jukinet` command that runs beside the test."""

    def __init__(self, process: asyncio.subprocess.Process, output: Path) -> None:
        self.process = process
        self._output = output

    @classmethod
    async def start(cls, plan: FederationPlan, *words: str) -> Command:
        output = plan.directory.with_name(f"{plan.directory.name}-output")
        with output.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "jukinet.cli.main",
                *words,
                "--residents",
                str(plan.residents),
                "--directory",
                str(plan.directory),
                "--first-port",
                str(plan.first_port),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env={**os.environ, "COLUMNS": "200"},
                preexec_fn=_hear_interrupts,
            )
        return cls(process, output)

    @property
    def output(self) -> str:
        return self._output.read_text(encoding="utf-8")

    async def until_up(self) -> bool:
        return await until(lambda: "Ctrl-C" in self.output or self.process.returncode is not None, 90)

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    async def ended(self, seconds: float = 120) -> int:
        return await asyncio.wait_for(self.process.wait(), seconds)


def _list_processes() -> list[tuple[int, list[str]]]:
    found: list[tuple[int, list[str]]] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            place = str((entry / "cwd").readlink())
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
        if words != [""]:
            found.append((int(entry.name), [*words, place]))
    return found


def _names(words: list[str], directory: Path) -> bool:
    return any(str(directory) in word for word in words)
