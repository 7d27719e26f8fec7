"""The prefectural node as its endpoints and screens see it: a node that knows what may be asked for through it."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.node_process.process import Node
from jukinet.prefectural.local_grants import LocalGrants
from jukinet.prefectural.usecases.answer_local_query import LocalDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefecturalNode(Node):
    """An open prefectural node."""

    grants: LocalGrants

    @property
    def local_desk(self) -> LocalDesk:
        """Return what answers questions of this prefecture and its municipalities."""
        return LocalDesk(database=self.database, grants=self.grants, client=self.client)

    @classmethod
    def of(cls, node: Node) -> PrefecturalNode:
        """Return the node with its memory of what may be asked for."""
        return cls(
            config=node.config,
            name=node.name,
            database=node.database,
            identity=node.identity,
            revocations=node.revocations,
            client=node.client,
            clock=node.clock,
            grants=LocalGrants(node.client, node.clock),
        )
