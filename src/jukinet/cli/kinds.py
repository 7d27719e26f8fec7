"""The four kinds of node, as the command line finds them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jukinet.agency import app as agency
from jukinet.domain.errors import ConfigurationError
from jukinet.municipal import app as municipal
from jukinet.national import app as national
from jukinet.node_process.config import NodeConfig, load_config
from jukinet.node_process.process import Node, Parts
from jukinet.postgres.distribute import DistributedTable
from jukinet.prefectural import app as prefectural
from jukinet.protocol.node_names import NodeKind


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of node is run, assembled and migrated."""

    run: Callable[..., Coroutine[Any, Any, None]]
    assemble: Callable[[Node], Parts]
    migrations: Sequence[str]
    #: None of these kinds' tables outgrow one machine, unless they are named here.
    distributed: Sequence[DistributedTable] = ()


KINDS: Final = {
    NodeKind.MUNICIPAL: Kind(municipal.run, municipal.assemble, municipal.MIGRATIONS),
    NodeKind.PREFECTURAL: Kind(
        prefectural.run, prefectural.assemble, prefectural.MIGRATIONS, prefectural.DISTRIBUTED_TABLES
    ),
    NodeKind.NATIONAL: Kind(national.run, national.assemble, national.MIGRATIONS, national.DISTRIBUTED_TABLES),
    NodeKind.AGENCY: Kind(agency.run, agency.assemble, agency.MIGRATIONS),
}


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
