"""What the screens of persons' requests work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from jukinet.disclosure.office import AnswerOffice
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDesk:
    """The node as these screens see it."""

    name: NodeName
    database: Database
    office: AnswerOffice = field(default_factory=AnswerOffice)
