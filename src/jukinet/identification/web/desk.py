"""What the screens of a server work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jukinet.domain.clock import Clock
from jukinet.identification.receive import Follow, Forwarding
from jukinet.identification.release import Settlement
from jukinet.operator_web.screens import Visit
from jukinet.postgres.database import Database
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NodeName


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDesk:
    """The node as its screens see it, and the rules by which it takes notices."""

    name: NodeName
    database: Database
    clock: Clock
    forwarding: Forwarding | None
    require_competent: Callable[[NodeName, IdentificationNotice], None] = field(repr=False)
    follow: Follow | None = field(default=None, repr=False)

    def settlement_of(self, visit: Visit) -> Settlement:
        """Return who settles the notice of the path, and when."""
        return Settlement(
            arrival=visit.numbers["arrival"],
            operator_id=visit.operator_id,
            now=visit.now,
            forwarding=self.forwarding,
            require_competent=self.require_competent,
            follow=self.follow,
        )
