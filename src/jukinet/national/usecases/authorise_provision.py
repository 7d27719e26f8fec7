"""Authorise one request for identification information; deny by default (I5).

Held against the law are organ, office, affair, items and day; official, purpose and matter number must be stated.

The refusal that leaves names the rule; why exactly, which may tell of other organs and offices, goes to the audit log.

Source: Act (–2015) art. 30-7(3)–(6), 30-29; Act (2015–) art. 30-9 to 30-15, 30-24.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import AffairNotListedError, JukinetError
from jukinet.domain.provision_items import ProvisionItem, items_text
from jukinet.domain.provision_law import Grant
from jukinet.domain.provision_users import ProvisionUser
from jukinet.domain.stated_grounds import StatedGround, require_stated
from jukinet.national.law_keeper import LawKeeper
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeKind, NodeName

_NOT_AN_ORGAN = "This agency stands for no organ of the Appended Tables."


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A request the law allows: on this ground, with these items and no others."""

    grant: Grant
    items: frozenset[ProvisionItem]

    @property
    def withheld_reason(self) -> str | None:
        """Return why the person is not told of the use yet; None where it is shown at once."""
        return None if self.grant.withholding is None else self.grant.withholding.reason.value

    @property
    def withheld_until(self) -> date | None:
        """Return the day from which the person sees the use, where that is settled."""
        return None if self.grant.withholding is None else self.grant.withholding.until(self.grant.day)


async def authorise_provision(
    *,
    sender: NodeName,
    stated: StatedGround,
    items: Iterable[ProvisionItem] | None,
    organs: Mapping[str, str],
    keeper: LawKeeper,
    database: Database,
    now: datetime,
    message_id: str | None = None,
) -> Authorisation:
    """Return the grant and the items of the answer; `items` None asks for all that are granted but the numbers.

    Raises:
        MissingItemError, MalformedRequestError: the ground is not stated in words a person can read on the log.
        AffairNotListedError, NotInForceError: the law lists no such affair for this user on this day.
        OfficeNotPermittedError: the organ registered offices, and not this one for this affair.
        ItemNotGrantedError: an item asked for is not given for this affair.
        OperationError: the law cannot be read, or the refusal not recorded.
    """
    require_stated(stated)
    wanted = None if items is None else frozenset(items)
    try:
        law, offices = await keeper.current()
        day = civil_day(now)
        user = find_user(sender, organs)
        grant = law.find_grant(user=user, affair=stated.affair, day=day)
        offices.require_office(agency=sender.code, office=stated.office, affair=stated.affair, day=day)
        return Authorisation(grant, grant.items - _NUMBERS if wanted is None else grant.require_items(wanted))
    except JukinetError as error:
        await _record_refusal(sender, stated, wanted, error, database, now, message_id)
        raise


_NUMBERS = frozenset({ProvisionItem.INDIVIDUAL_NUMBER, ProvisionItem.RESIDENT_RECORD_CODE})


def find_user(sender: NodeName, organs: Mapping[str, str]) -> ProvisionUser:
    """Return the user a node stands for: an organ by the configuration, a local government by its own code.

    Further offices of a local government that its code does not tell, such as 教育委員会, stand in the configuration
    under its node's name, parted by 、.

    Raises:
        AffairNotListedError: it stands for none.
    """
    return _user_of(sender, organs.get(sender.text, ""), organs.get(sender.code, ""))


@lru_cache(maxsize=4096)
def _user_of(sender: NodeName, further_offices: str, organ: str) -> ProvisionUser:
    further = [office for office in further_offices.split("、") if office]
    if sender.kind is NodeKind.MUNICIPAL:
        return ProvisionUser.municipality(sender.code, further=further)
    if sender.kind is NodeKind.PREFECTURAL:
        return ProvisionUser.prefecture(sender.code, further=further)
    if sender.kind is not NodeKind.AGENCY or not organ:
        raise AffairNotListedError(_NOT_AN_ORGAN, field="sender")
    return ProvisionUser.organ(organ)


async def _record_refusal(  # noqa: PLR0917 - one event has all of these
    sender: NodeName,
    stated: StatedGround,
    items: frozenset[ProvisionItem] | None,
    error: JukinetError,
    database: Database,
    now: datetime,
    message_id: str | None,
) -> None:
    detail = {
        "affair": stated.affair,
        "office": stated.office,
        "official": stated.official,
        "matter_number": stated.matter_number,
        "items": items_text(items or ()),
        "error_code": error.code,
        "reason": "; ".join([error.detail, *getattr(error, "__notes__", ())]),
    }
    event = Entry(
        event=AuditEvent.PROVISION_REFUSED,
        occurred_at=now,
        actor=sender.text,
        outcome="refused",
        message_id=message_id,
        detail=detail,
    )
    async with database.transaction() as unit:
        await append(unit, [event])
