"""Tell a user which affairs and items it may ask for today. Nothing of a person is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from jukinet.domain.clock import civil_day
from jukinet.domain.errors import NotPermittedError
from jukinet.domain.local_governments import find_local_government
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import Grant
from jukinet.domain.provision_offices import OfficeRegister
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.usecases.authorise_provision import find_user
from jukinet.protocol.grants import GrantedAffair, GrantsAnswer
from jukinet.protocol.node_names import NodeName


async def list_grants(*, sender: NodeName, organs: Mapping[str, str], keeper: LawKeeper, now: datetime) -> GrantsAnswer:
    """Return the affairs in force today for the sender, with their items and the offices that may ask.

    Raises:
        AffairNotListedError: the sender stands for no organ.
        OperationError: the law cannot be read.
    """
    user = find_user(sender, organs)
    law, offices = await keeper.current()
    day = civil_day(now)
    granted: list[GrantedAffair] = []
    for listed in law.affairs:
        try:
            grant = law.find_grant(user=user, affair=listed.id, day=day)
        except NotPermittedError:
            continue
        names = _offices_of(offices, sender.code, listed.id, day)
        if grant.items and names is not None:
            granted.append(_granted(grant, names))
    organ = organs[sender.code] if user.place is None else find_local_government(user.place).full_name
    return GrantsAnswer(organ=organ, day=day.isoformat(), affairs=tuple(granted))


def _offices_of(register: OfficeRegister, agency: str, affair: str, day: date) -> tuple[str, ...] | None:
    """Return who may ask for an affair: nobody in particular (empty), these, or none of those registered (None)."""
    registered = [office for office in register.list_offices(agency) if office.begins_on <= day]
    if not registered:
        return ()
    names = [
        office.name
        for office in registered
        if office.is_in_force(day) and (not office.affairs or affair in office.affairs)
    ]
    return tuple(dict.fromkeys(names)) or None


def _granted(grant: Grant, offices: tuple[str, ...]) -> GrantedAffair:
    listed = grant.affair
    # An agency needs neither, and one of an older version would not know them.
    is_local = grant.user.place is not None
    return GrantedAffair(
        channel=listed.channel.value if is_local else "",
        giver=listed.ordinance.giver.value if is_local and listed.ordinance is not None else "",
        affair=listed.id,
        text=listed.text,
        law=listed.law,
        ground=grant.ground,
        items=tuple(item.value for item in ProvisionItem if item in grant.items),
        offices=offices,
    )
