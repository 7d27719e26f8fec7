"""What this prefecture and its municipalities may ask for today: told by the nation, remembered for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.errors import AffairNotListedError, PeerUnreachableError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_provision import LocalGrant
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_items import parse_items
from jukinet.protocol.grants import GrantedAffair, GrantsAnswer
from jukinet.protocol.local_provision import LocalGrantsQuery
from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName
from jukinet.transport.message_client import MessageClient

_REMEMBERED: Final = timedelta(minutes=1)
_DEADLINE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Told:
    at: datetime
    answer: GrantsAnswer


class LocalGrants:
    """The law as the nation tells it. While the nation cannot be reached, what it told earlier the same day stands."""

    def __init__(self, client: MessageClient, clock: Clock) -> None:
        self._client: Final = client
        self._clock: Final = clock
        self._told: Final[dict[NodeName, _Told]] = {}

    async def list_of(self, asker: NodeName) -> GrantsAnswer:
        """Return what a user may ask for today.

        Raises:
            PeerError: the nation cannot be reached, and told nothing today; or it refuses.
        """
        now = self._clock()
        told = self._told.get(asker)
        is_of_today = told is not None and told.answer.day == civil_day(now).isoformat()
        if told is not None and is_of_today and now - told.at < _REMEMBERED:
            return told.answer
        query = LocalGrantsQuery(municipality=asker.code if asker.kind is NodeKind.MUNICIPAL else "")
        try:
            answer: GrantsAnswer = await self._client.send(
                NATIONAL, "local_grants_forwarding", query, deadline=_DEADLINE_SECONDS
            )
        except PeerUnreachableError:
            if told is None or not is_of_today:
                raise
            return told.answer
        self._told[asker] = _Told(now, answer)
        return answer

    async def find(self, asker: NodeName, affair: str) -> LocalGrant:
        """Return what a user may be given for an affair.

        Raises:
            AffairNotListedError: the law lists it for others, on other days, or not at all.
            PeerError: as `list_of` raises it.
        """
        for one in (await self.list_of(asker)).affairs:
            if one.affair == affair:
                return _grant(one, asker)
        raise AffairNotListedError(field="affair")


def _grant(one: GrantedAffair, asker: NodeName) -> LocalGrant:
    return LocalGrant(
        affair=one.affair,
        channel=Channel(one.channel),
        ground=one.ground,
        items=parse_items(one.items),
        offices=one.offices,
        place=LocalGovernmentCode(asker.code),
        giver=LocalGovernmentCode(one.giver) if one.giver else None,
    )
