"""Which processes belong to a cluster. Told by where they stand, since process ids are reused (Linux only).

Every process of a PostgreSQL server stands in its data directory. A `postmaster.pid` left by `kill -9` or a reboot
may name a process that is by now something else; where that process stands gives it away.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_PROCESSES: Final = Path("/proc")
_SERVER_NAMES: Final = frozenset({"postgres", "postmaster"})
_READY_LINE: Final = 7
_LOOK_AGAIN_SECONDS: Final = 0.02


def find_postmaster(data: Path) -> int | None:
    """Return the process id of the server that runs on `data`, None when none does."""
    number = _read_process_id(data)
    return number if number is not None and _stands_in(number, data) else None


def is_ready(data: Path) -> bool:
    """Tell whether the server on `data` has said that it accepts connections."""
    lines = _read_lines(data)
    return len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready"


def is_in_use(data: Path) -> bool:
    """Tell whether any process of a server, be it the postmaster or a worker left behind, is on `data`."""
    numbers = (int(entry.name) for entry in _PROCESSES.iterdir() if entry.name.isdecimal())
    return any(_stands_in(number, data) for number in numbers)


def remove_misleading_process_id(data: Path) -> None:
    """Remove a `postmaster.pid` that names a process of somebody else. Call it only when nobody uses `data`.

    One that names no process stays: PostgreSQL replaces it, after its own checks.
    """
    number = _read_process_id(data)
    if number is not None and (_PROCESSES / str(number)).exists():
        (data / "postmaster.pid").unlink(missing_ok=True)


def wait_until(is_true: Callable[[], bool], *, seconds: float) -> bool:
    """Look again and again until `is_true`; return False when `seconds` have passed."""
    deadline = time.perf_counter() + seconds
    while not is_true():
        if time.perf_counter() > deadline:
            return False
        time.sleep(_LOOK_AGAIN_SECONDS)
    return True


def _read_process_id(data: Path) -> int | None:
    lines = _read_lines(data)
    return int(lines[0]) if lines and lines[0].strip().isdecimal() else None


def _read_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _stands_in(number: int, data: Path) -> bool:
    process = _PROCESSES / str(number)
    try:
        is_server = (process / "comm").read_text(encoding="utf-8", errors="replace").strip() in _SERVER_NAMES
        return is_server and os.path.samestat((process / "cwd").stat(), data.stat())
    except OSError:  # it ended meanwhile, or belongs to somebody else
        return False
