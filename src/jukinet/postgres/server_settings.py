"""The settings of the embedded server. They go on its command line: no file of an old version can contradict them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_MEBIBYTE: Final = 1024 * 1024
_LEAST_BUFFERS: Final = 128
_MOST_BUFFERS: Final = 4096
_CONTROL_GROUP_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def list_server_settings(socket_directory: Path) -> dict[str, str]:
    """Return every setting the embedded server is started with."""
    return {
        # Reached through its socket only.
        "listen_addresses": "",
        "unix_socket_directories": str(socket_directory),
        "unix_socket_permissions": "0700",
        "max_connections": "300",
        # What was confirmed is on the disk. Never turn these off: I3 and I4 stand on them.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        # A change is checkpointed a few times an hour, not every few seconds of a bulk load.
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "shared_buffers": f"{shared_buffers_of(find_memory())}MB",
        "maintenance_work_mem": "256MB",
        "work_mem": "16MB",
        "random_page_cost": "1.1",
        "jit": "off",
        # Error messages quote values, so ERROR is below what is logged (LOG, FATAL, PANIC), statements are
        # never logged, and what is logged has no DETAIL.
        "log_error_verbosity": "terse",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "log_checkpoints": "off",
        "log_line_prefix": "%m-[%p]-",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }


def shared_buffers_of(memory: int) -> int:
    """Return the size of the buffer cache in MiB for `memory` bytes: an eighth, since whole federations run here."""
    return min(_MOST_BUFFERS, max(_LEAST_BUFFERS, memory // 8 // _MEBIBYTE))


def find_memory() -> int:
    """Return the bytes of memory this machine, or the container we are in, has."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [physical]
    for file in _CONTROL_GROUP_LIMITS:
        try:
            limits.append(int(file.read_text(encoding="ascii")))
        except (OSError, ValueError):  # no such limit here, or "max"
            continue
    return min(limits)
