"""Put a correction that a person asks for to the municipality that holds the record (市町村への照会, M16).

The municipality's clerk finds it among the reports of doubt; the answer comes back the same way and ends here.
Source: Act (–2015) art. 12-5, 30-40; Act (2015–) art. 12-5, 30-35.
"""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import new_notice_number, queue_notices
from jukinet.disclosure.referral_store import Referral, add_referral, list_referrals
from jukinet.disclosure.request_store import RecordedRequest, find_request
from jukinet.disclosure.store import find_municipality
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtEvidence, DoubtReason, answer_due_on
from jukinet.domain.errors import MissingItemError, PersonRequestStateError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government, municipality_of
from jukinet.domain.person_rights import PersonRight
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.doubts import DoubtedItem, DoubtReferral
from jukinet.protocol.node_names import NodeKind, NodeName

_RANDOM_BYTES: Final = 10
_ITEMS: Final[tuple[DoubtedItem, ...]] = ("name", "birth_date", "sex", "address")


async def refer_correction(
    *, request_number: int, stated: StatedItems, operator_id: str, node: NodeName, database: Database, now: datetime
) -> None:
    """Queue the question to the municipality, with what the person holds to be right and nothing else.

    Raises:
        MissingItemError: nothing is said to be right.
        PersonRequestNotFoundError: there is no such request.
        PersonRequestStateError: it is decided, no correction, already with a municipality, or of no record here.
    """
    items: tuple[DoubtedItem, ...] = tuple(name for name in _ITEMS if getattr(stated, name) is not None)
    if not items:
        raise MissingItemError(field="stated_address")
    async with database.transaction() as unit:
        recorded = await _find_open_correction(unit, request_number)
        code = recorded.request.resident_record_code or ""
        municipality = await _find_keeper(unit, code, node)
        referral = Referral(
            new_notice_number(now, secrets.token_bytes(_RANDOM_BYTES)),
            municipality,
            ",".join(items),
            answer_due_on(civil_day(now)),
            None,
            None,
            None,
        )
        await add_referral(unit, referral, request_number=request_number, referred_by=operator_id, now=now)
        await queue_notices(
            unit,
            receiver=NodeName(f"{NodeKind.MUNICIPAL.value}/{municipality}"),
            message_type="doubt_referral_forwarding",
            notices=[_message(referral, recorded, items, stated, node, now)],
            now=now,
        )
        await append(unit, [_referred(referral, recorded, operator_id, now)])


def _referred(referral: Referral, recorded: RecordedRequest, operator_id: str, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.PERSON_CORRECTION_REFERRED,
        occurred_at=now,
        actor=operator_id,
        resident_record_code=recorded.request.resident_record_code,
        detail={
            "request_number": recorded.request_number,
            "report_number": referral.report_number,
            "municipality": referral.municipality,
        },
    )


async def _find_open_correction(unit: Unit, request_number: int) -> RecordedRequest:
    recorded = await find_request(unit, request_number)
    is_open = recorded.request.right is PersonRight.CORRECTION and recorded.decision is None
    if not is_open or any(one.is_open for one in await list_referrals(unit, request_number)):
        raise PersonRequestStateError(field="request_number")
    return recorded


async def _find_keeper(unit: Unit, code: str, node: NodeName) -> str:
    """Return the municipality of this prefecture whose node keeps the record: of a ward, its city."""
    found = await find_municipality(unit, code)
    if found is None:
        raise PersonRequestStateError("There is no record here.", field="request_number")
    keeper = municipality_of(LocalGovernmentCode(found)).code
    if node.kind is not NodeKind.PREFECTURAL or keeper.prefecture_code.value != node.code:
        raise PersonRequestStateError("The record is of another prefecture.", field="request_number")
    return keeper.value


def _message(  # noqa: PLR0917 - the parts of one message
    referral: Referral,
    recorded: RecordedRequest,
    items: tuple[DoubtedItem, ...],
    stated: StatedItems,
    node: NodeName,
    now: datetime,
) -> DoubtReferral:
    prefecture = find_local_government(LocalGovernmentCode(node.code)).full_name
    received_on: date = recorded.request.received_on
    return DoubtReferral(
        notice_number=new_notice_number(now, secrets.token_bytes(_RANDOM_BYTES)),
        report_number=referral.report_number,
        resident_record_code=recorded.request.resident_record_code or "",
        municipality=referral.municipality,
        organ=f"{prefecture}（本人からの訂正等の申出）",
        reason=DoubtReason.DIFFERS.value,
        evidence=DoubtEvidence.STATEMENT.value,
        items=items,
        stated=stated,
        provided_at=now.astimezone(UTC),
        reported_on=received_on.isoformat(),
        due_on=referral.due_on.isoformat(),
    )
