"""The four kinds of node, as the command line finds them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from jukinet.domain.errors import ConfigurationError
from jukinet.node_process.config import NodeConfig, load_config
from jukinet.node_process.process import Node, Parts
from jukinet.postgres.distribute import DistributedTable
from jukinet.protocol.node_names import NODE_KINDS, NodeKind


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of node is run, assembled and migrated."""

    run: Callable[..., Coroutine[Any, Any, None]]
    assemble: Callable[[Node], Parts]
    migrations: Sequence[str]
    #: None of these kinds' tables outgrow one machine, unless they are named here.
    distributed: Sequence[DistributedTable] = ()


class _Kinds(Mapping[NodeKind, Kind]):
    """Loads a kind when it is asked for: a node has nothing of the other three in its memory."""

    def __init__(self) -> None:
        self._loaded: Final[dict[NodeKind, Kind]] = {}

    def __getitem__(self, kind: NodeKind) -> Kind:
        if kind not in NODE_KINDS:
            raise KeyError(kind)
        if kind not in self._loaded:
            app = import_module(f"jukinet.{kind.value}.app")
            distributed = getattr(app, "DISTRIBUTED_TABLES", ())
            self._loaded[kind] = Kind(app.run, app.assemble, app.MIGRATIONS, distributed)
        return self._loaded[kind]

    def __iter__(self) -> Iterator[NodeKind]:
        return (kind for kind in NodeKind if kind in NODE_KINDS)

    def __len__(self) -> int:
        return len(NODE_KINDS)


KINDS: Final[Mapping[NodeKind, Kind]] = _Kinds()


def load_config_of(config: Path, *kinds: NodeKind) -> NodeConfig:
    """Return the configuration of a node of one of these kinds.

    Raises:
        ConfigurationError: it is of another kind of node, or cannot be read.
    """
    settings = load_config(config)
    if settings.kind not in kinds:
        wanted = " or ".join(kind.value for kind in kinds)
        message = f"{settings.name} is no {wanted} node: name the configuration of one with --config."
        raise ConfigurationError(message, field="name")
    return settings
