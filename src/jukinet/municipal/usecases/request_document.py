"""Take a request for a document (証明書の請求の受付): check what the law asks, record it with the versions it is about.

A refusal is on the log too. Nothing is disclosed yet.
Source: Act art. 12 to 12-3, from 2019-06-20 also 15-4; Order art. 23, 24.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.clock import civil_day
from jukinet.domain.document_requests import (
    DocumentKind,
    DocumentRequest,
    fee_of,
    find_people,
    protecting,
    require_permitted,
)
from jukinet.domain.errors import JukinetError, MissingItemError, ResidentNotFoundError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.support_reviews import require_reviewable
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.document_store import RecordedRequest, add_request, find_request
from jukinet.municipal.store import list_household, list_residents
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.require_open_register import require_open_register
from jukinet.postgres.database import Database, Unit


async def request_document(
    *, request: DocumentRequest, act: Act, office: DocumentOffice, database: Database, is_put_to_review: bool = False
) -> RecordedRequest:
    """Record a request and return it with its number and fee.

    What touches a protected person is refused, or put before another officer where `is_put_to_review`: nothing is
    issued then before `decide_document_review`.

    Raises:
        JukinetError: the rule of `document_requests.require_permitted` it breaks; the refusal is on the log.
    """
    try:
        async with database.transaction() as unit:
            completed, household = await complete_request(unit, request=request)
            await require_open_register(unit, node=act.node, now=act.now, records=household)
            people = find_people(completed, household)
            protected = protecting(completed, household) if is_put_to_review else frozenset[int]()
            require_permitted(completed, household, today=civil_day(act.now), reviewed=protected)
            require_reviewable(completed, protected)
            number = await add_request(
                unit,
                completed,
                people,
                fee_yen=fee_of(completed, office.fees),
                now=act.now,
                operator_id=act.operator_id,
                protected_numbers=protected,
            )
            await append(unit, [_requested(number, completed, protected, act)])
            return await find_request(unit, number)
    except JukinetError as refusal:
        await _record_refusal(request, refusal, act, database)
        raise


async def complete_request(unit: Unit, *, request: DocumentRequest) -> tuple[DocumentRequest, list[ResidentRecord]]:
    """Return the request with everybody it is about, and the household: a copy of the household is of all who live.

    Raises:
        MissingItemError: nobody was chosen.
        ResidentNotFoundError: one of them is not on the register.
    """
    if not request.resident_numbers:
        raise MissingItemError("Choose at least one person.", field="resident_numbers")
    found = await list_residents(unit, request.resident_numbers[:1])
    if not found:
        raise ResidentNotFoundError(field="resident_numbers")
    household = await list_household(unit, found[0].household_number)
    if request.kind is DocumentKind.HOUSEHOLD_COPY:
        request = replace(request, resident_numbers=live_numbers(household) or request.resident_numbers)
    return request, household


def live_numbers(household: Sequence[ResidentRecord]) -> tuple[int, ...]:
    """Return the resident numbers of those who live in a household."""
    return tuple(one.resident_number for one in household if not one.is_removed)


def _requested(number: int, request: DocumentRequest, protected: frozenset[int], act: Act) -> Entry:
    return Entry(
        event=AuditEvent.DOCUMENT_REQUESTED,
        occurred_at=act.now,
        actor=act.operator_id,
        detail={
            "request_number": number,
            "kind": request.kind.tag,
            "ground": request.ground.tag,
            "resident_numbers": list(request.resident_numbers),
            "items": sorted(item.value for item in request.items),
            "protected_numbers": sorted(protected),
        },
    )


async def _record_refusal(request: DocumentRequest, refusal: JukinetError, act: Act, database: Database) -> None:
    entry = Entry(
        event=AuditEvent.DOCUMENT_REFUSED,
        occurred_at=act.now,
        actor=act.operator_id,
        outcome="refused",
        detail={
            "kind": request.kind.tag,
            "ground": request.ground.tag,
            "resident_numbers": list(request.resident_numbers),
            "error_code": refusal.code,
            "field": refusal.field,
        },
    )
    async with database.transaction() as unit:
        await append(unit, [entry])
