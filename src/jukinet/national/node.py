"""The national node as its endpoints, jobs and screens see it: a node that keeps the law of provision."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.national.law_keeper import LawKeeper
from jukinet.node_process.process import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalNode(Node):
    """An open national node."""

    law: LawKeeper

    @classmethod
    def of(cls, node: Node) -> NationalNode:
        """Return the node with a law of its own, shared by everything that asks."""
        return cls(
            config=node.config,
            name=node.name,
            database=node.database,
            identity=node.identity,
            revocations=node.revocations,
            client=node.client,
            clock=node.clock,
            law=LawKeeper(node.database),
        )
