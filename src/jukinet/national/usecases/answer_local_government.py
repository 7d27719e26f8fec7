"""Answer a prefecture, or a municipality through its prefecture, about a resident of another prefecture.

Source: Act (–2015) art. 30-7(5)(6), 30-10(1); Act (2015–) art. 30-11, 30-12, 30-13.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.domain.errors import AffairNotListedError, MalformedRequestError, PeerNotPermittedError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_channels import Reach
from jukinet.identification.local_answers import Allowed, answer_locally, wanted_items
from jukinet.national.provision_gate import ProvisionGate
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer
from jukinet.protocol.local_provision import LocalConfirmation
from jukinet.protocol.node_names import NodeKind, NodeName, prefecture_of

_HERE: Final = frozenset({Reach.OTHER_PREFECTURES, Reach.GIVER})


async def answer_local_government(
    *,
    asked: LocalConfirmation,
    sender: NodeName,
    message_id: str,
    gate: ProvisionGate,
    database: Database,
    now: datetime,
) -> ConfirmationAnswer:
    """Return the answer, after its entry on the use log is durable.

    Raises:
        PeerNotPermittedError: the municipality is not of this prefecture.
        NotPermittedError: the law does not allow it, by one of its leaves.
        InvalidValueError: a code, a number or an item is not valid.
        RateLimitError: asked more often than is agreed.
    """
    asker = asker_of(asked.municipality, sender)
    query = asked.query
    if query.consented_on is not None:
        raise MalformedRequestError("Nothing the nation answers rests on consent.", field="consented_on")
    wanted = wanted_items(query)

    async def answer() -> ConfirmationAnswer:
        authorised = await gate.authorise(asker, query, wanted, message_id=message_id, now=now)
        grant = authorised.grant
        if grant.affair.channel.reach not in _HERE:
            raise AffairNotListedError("The prefecture itself answers for this affair.", field="affair")
        allowed = Allowed(asker=asker, ground=grant.ground, items=authorised.items, covers=grant.is_in_reach)
        return await answer_locally(query, allowed, message_id=message_id, database=database, now=now)

    return await gate.admit(asker, query.idempotency_key, query, answer)


def asker_of(municipality: str, sender: NodeName) -> NodeName:
    """Return who asks: the prefecture, or a municipality of its own.

    Raises:
        PeerNotPermittedError: the municipality is another prefecture's.
        InvalidValueError: it is none.
    """
    if not municipality:
        return sender
    asker = NodeName.parse(f"{NodeKind.MUNICIPAL.value}/{LocalGovernmentCode.parse(municipality).value}")
    if prefecture_of(asker) != sender:
        raise PeerNotPermittedError("A prefecture asks for its own municipalities.", field="municipality")
    return asker
