"""The directory of nodes (接続先一覧): where each one is reached. Names say who; this says where."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from jukinet.domain.errors import ConfigurationError, MalformedNodeNameError
from jukinet.protocol.node_names import NodeName


class Address(NamedTuple):
    """Where a node listens for messages."""

    host: str
    port: int


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: str
    port: int


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nodes: dict[str, _Entry]


class Directory(Mapping[NodeName, Address]):
    """Addresses by node name. Never changes: a new file makes a new directory."""

    __slots__ = ("_addresses",)

    def __init__(self, addresses: Mapping[NodeName, Address]) -> None:
        self._addresses = dict(addresses)

    def __getitem__(self, name: NodeName) -> Address:
        return self._addresses[name]

    def __iter__(self) -> Iterator[NodeName]:
        return iter(self._addresses)

    def __len__(self) -> int:
        return len(self._addresses)


def load_directory(path: Path) -> Directory:
    """Return the directory in a TOML or JSON file: `[nodes.national]` or `[nodes."municipal/131121"]`, host, port.

    Raises:
        ConfigurationError: the file cannot be read, or an entry is not valid; the message says which.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".json":
            file = msgspec.json.decode(content, type=_File)
        else:
            file = msgspec.convert(tomllib.loads(content.decode()), type=_File)
    except OSError as error:
        raise ConfigurationError(f"The directory {path} cannot be read: {error.strerror}.") from None
    except (ValueError, msgspec.MsgspecError) as error:
        raise ConfigurationError(f"The directory {path} is not valid: {error}.") from None
    return Directory(dict(_read_entry(path, text, entry) for text, entry in file.nodes.items()))


def _read_entry(path: Path, text: str, entry: _Entry) -> tuple[NodeName, Address]:
    try:
        name = NodeName.parse(text)
    except MalformedNodeNameError:
        raise ConfigurationError(f"The directory {path} is not valid: {text!r} is not a node name.") from None
    if not entry.host or not 0 < entry.port < 65536:  # noqa: PLR2004 - the range of ports
        raise ConfigurationError(f"The directory {path} is not valid: the address of {text} is impossible.")
    return name, Address(entry.host, entry.port)
