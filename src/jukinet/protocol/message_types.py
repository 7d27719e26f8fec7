"""What a row of the message catalogue says: who may send it to whom, how long it may be, what proves who spoke."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from jukinet.protocol.node_names import NodeKind


class Relation(Enum):
    """What else must hold between the two nodes, beyond their kinds."""

    ANY = "any"
    #: The receiver is the prefecture the sending municipality lies in.
    OWN_PREFECTURE = "own_prefecture"
    #: The sender is the prefecture the receiving municipality lies in.
    WITHIN_PREFECTURE = "within_prefecture"
    #: The receiver is the municipality whose resident system the sender is.
    OWN_MUNICIPALITY = "own_municipality"


class Assurance(Enum):
    """What proves who spoke (docs/adr/0003)."""

    #: A signature over the exact bytes, kept with them: for what changes a register.
    SIGNED = "signed"
    #: The client certificate of the TLS line, and the durable record of the use: for queries.
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageType:
    """One row of the catalogue."""

    name: str
    japanese: str
    body: object
    answer: type
    senders: frozenset[NodeKind]
    receivers: frozenset[NodeKind]
    assurance: Assurance
    maximum_bytes: int
    relation: Relation = Relation.ANY


def to_the_nation(  # noqa: PLR0917 - a row of the catalogue has all of these
    name: str,
    japanese: str,
    body: type,
    answer: type,
    assurance: Assurance = Assurance.CHANNEL,
    kibibytes: int = 8,
    *,
    sender: NodeKind = NodeKind.AGENCY,
) -> MessageType:
    """Return a row of what one kind of node says to the national node: an agency, unless another is named."""
    return MessageType(
        name=name,
        japanese=japanese,
        body=body,
        answer=answer,
        senders=frozenset({sender}),
        receivers=frozenset({NodeKind.NATIONAL}),
        assurance=assurance,
        maximum_bytes=kibibytes * 1024,
    )
