"""The national node as its endpoints, jobs and screens see it: a node that keeps the law of provision."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet.national.law_keeper import LawKeeper
from jukinet.national.provision_gate import ProvisionGate
from jukinet.node_process.process import Node
from jukinet.node_process.rate_limits import RateLimit, RateLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalNode(Node):
    """An open national node."""

    law: LawKeeper
    gate: ProvisionGate

    @classmethod
    def of(cls, node: Node) -> NationalNode:
        """Return the node with a law of its own, shared by everything that asks."""
        law = LawKeeper(node.database)
        usual = node.config.usual_rate_limit
        limits = RateLimits(
            RateLimit(usual.per_second, usual.burst),
            {code: RateLimit(own.per_second, own.burst) for code, own in node.config.rate_limits.items()},
        )
        return cls(
            config=node.config,
            name=node.name,
            database=node.database,
            identity=node.identity,
            revocations=node.revocations,
            client=node.client,
            clock=node.clock,
            law=law,
            gate=ProvisionGate(
                organs=node.config.organs, law=law, limits=limits, database=node.database, clock=node.clock
            ),
        )
