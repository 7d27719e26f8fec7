"""Files that are wholly there or not at all: keys, certificates, registries."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from jukinet.domain.errors import ConfigurationError, SecretUnreadableError, StorageFullError

#: A key: its owner reads it, nobody else.
SECRET: Final = 0o600
#: A certificate or a list: everybody may read it.
PUBLIC: Final = 0o644
_OTHERS: Final = 0o077


def write_atomically(path: Path, content: bytes, *, mode: int = PUBLIC) -> None:
    """Put `content` at `path` so that a reader sees the old file or the whole new one, whatever happens.

    Raises:
        StorageFullError: the disk is full; the old file is still there.
        ConfigurationError: this program may not write there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content, mode)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFullError from None
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from None


def make_directory(path: Path, *, mode: int = 0o777) -> None:
    """Make a directory and those above it where they are missing.

    Raises:
        StorageFullError: the disk is full.
        ConfigurationError: this program may not write there.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=mode)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFullError from None
        raise ConfigurationError(f"The directory {path} cannot be made: {error.strerror}.", field="directory") from None


def read_secret(path: Path) -> bytes:
    """Return a key file; raise SecretUnreadableError if it is not there, not readable, or readable by others."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except OSError as error:
        raise SecretUnreadableError(f"The key {path} cannot be read: {error.strerror}.") from None
    if mode & _OTHERS:
        raise SecretUnreadableError(f"Others may read the key {path}: run `chmod 600 {path}`.")
    return content


def read_public(path: Path) -> bytes:
    """Return a certificate or a list; raise SecretUnreadableError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SecretUnreadableError(f"{path} cannot be read: {error.strerror}.") from None


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    _keep_entry(path.parent)


def _keep_entry(directory: Path) -> None:
    # A new name in a directory is durable once the directory itself is.
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
