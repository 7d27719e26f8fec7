"""The work list of persons' requests, and the page of one: decide, let another officer approve, extend, print."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.disclosure.referral_store import list_referrals
from jukinet.disclosure.request_store import RecordedRequest, find_request, list_requests
from jukinet.disclosure.store import find_own_record
from jukinet.disclosure.usecases.decide_request import (
    approve_request,
    decide_request,
    extend_request,
    return_request,
)
from jukinet.disclosure.usecases.print_answer import print_answer, print_extension
from jukinet.disclosure.usecases.refer_correction import refer_correction
from jukinet.disclosure.web.desk import RequestDesk
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import IdentityNotCheckedError, JukinetError, UnknownCodeListValueError
from jukinet.domain.person_requests import PersonDecision, decisions_of, require_same_person
from jukinet.domain.person_rights import PersonRight
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Pdf, Redirect, Visit
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.node_names import NodeKind

_MOST_ROWS: Final = 100
_FIELDS: Final = (
    "decision",
    "reason",
    "extended_to",
    "extension_reason",
    "return_reason",
    "stated_name",
    "stated_birth_date",
    "stated_address",
)


class _Common(TypedDict):
    request_number: int
    operator_id: str
    database: Database
    now: datetime


async def show_requests(desk: RequestDesk, visit: Visit) -> Answer:
    """Show what is to be answered, the first due first, and what was."""
    today = civil_day(visit.now)
    async with desk.database.connection() as connection:
        waiting = await list_requests(connection, is_open=True, limit=_MOST_ROWS)
        decided = await list_requests(connection, is_open=False, limit=_MOST_ROWS)
    values = {
        "waiting": [(one, one.is_overdue(today), _days_left(one, visit)) for one in waiting],
        "decided": decided,
        "limit": _MOST_ROWS,
    }
    return Page("disclosure/requests.html", values)


async def show_request(desk: RequestDesk, visit: Visit) -> Answer:
    """Show one request; the look is on the audit log before."""
    return await _page(desk, visit, Form({}))


async def take_request(desk: RequestDesk, visit: Visit) -> Answer:
    """Do with a request what the button says."""
    form = Form(visit.form)
    number, step = visit.numbers["request_number"], form.text("step")
    common: _Common = {
        "request_number": number,
        "operator_id": visit.operator_id,
        "database": desk.database,
        "now": visit.now,
    }
    try:
        if step == "approve":
            await approve_request(**common, seen=(form.text("decision"), form.text("reason")))
        elif step == "return":
            await return_request(**common, reason=form.text("return_reason"))
        elif step == "refer":
            stated = _stated(form)
            if form.problems:
                return await _page(desk, visit, form)
            await refer_correction(**common, stated=stated, node=desk.name)
        elif step == "extend":
            extended_to = form.read_day("extended_to")
            if extended_to is None:
                return await _page(desk, visit, form)
            await extend_request(**common, extended_to=extended_to, reason=form.text("extension_reason"))
        else:
            decision = _decision(form.text("decision"))
            await decide_request(**common, decision=decision, reason=form.text("reason"))
    except JukinetError as error:
        names = {"reason": {"return": "return_reason", "extend": "extension_reason"}.get(step, "reason")}
        form.refuse(error, names={**{name: name for name in _FIELDS}, **names})
        return await _page(desk, visit, form)
    return Redirect(f"/person-requests/{number}", f"done.requests.{step or 'decide'}")


async def print_request_answer(desk: RequestDesk, visit: Visit) -> Answer:
    """Give the letter to the browser; what it discloses is on the use log before."""
    number = visit.numbers["request_number"]
    content = await print_answer(
        request_number=number,
        operator_id=visit.operator_id,
        node=desk.name,
        office=desk.office,
        database=desk.database,
        now=visit.now,
    )
    return Pdf(content, f"answer-{number}")


async def print_request_extension(desk: RequestDesk, visit: Visit) -> Answer:
    """Give the letter of the extension to the browser."""
    number = visit.numbers["request_number"]
    content = await print_extension(
        request_number=number,
        operator_id=visit.operator_id,
        node=desk.name,
        office=desk.office,
        database=desk.database,
        now=visit.now,
    )
    return Pdf(content, f"extension-{number}")


def _stated(form: Form) -> StatedItems:
    """Return what the person holds to be right."""
    born = form.read(
        "stated_birth_date", lambda text: CivilDate.parse(text, may_be_irregular=True).wire, is_needed=False
    )
    return StatedItems(
        name=form.text("stated_name") or None, birth_date=born, address=form.text("stated_address") or None
    )


def _decision(tag: str) -> PersonDecision:
    for one in PersonDecision:
        if one.tag == tag:
            return one
    raise UnknownCodeListValueError(field="decision")


async def _page(desk: RequestDesk, visit: Visit, form: Form) -> Page:
    async with desk.database.transaction() as unit:
        recorded = await find_request(unit, visit.numbers["request_number"])
        standing = await _standing(unit, recorded)
        referrals = await list_referrals(unit, recorded.request_number)
        event = Entry(
            event=AuditEvent.PERSON_REQUEST_VIEWED,
            occurred_at=visit.now,
            actor=visit.operator_id,
            resident_record_code=recorded.request.resident_record_code,
            detail={"request_number": recorded.request_number, "kind": recorded.request.right.tag},
        )
        await append(unit, [event])
    request = recorded.request
    values = {
        "recorded": recorded,
        "request": request,
        "standing": standing,
        "decisions": [(one.tag, visit.words(f"requests.decision.{one.tag}")) for one in decisions_of(request.right)],
        "is_own": recorded.proposed_by == visit.operator_id,
        "is_overdue": recorded.is_overdue(civil_day(visit.now)),
        "may_extend": request.right is PersonRight.DISCLOSURE
        and recorded.decision is None
        and recorded.extended_to is None,
        "referrals": referrals,
        "may_refer": desk.name.kind is NodeKind.PREFECTURAL
        and request.right is PersonRight.CORRECTION
        and recorded.decision is None
        and standing == "agrees"
        and not any(one.is_open for one in referrals),
        "received": CivilDate.of(request.received_on).wire,
        "form": form,
        "labels": {name: visit.words(f"requests.{name}") for name in _FIELDS},
    }
    return Page("disclosure/request.html", values, status=422 if form.problems else 200)


async def _standing(unit: Unit, recorded: RecordedRequest) -> str:
    """Return how the record stands to the request, without anything of it: agrees, differs, or is not there."""
    code = recorded.request.resident_record_code
    if code is None:
        return "none_needed"
    record = await find_own_record(unit, code)
    if record is None:
        return "no_record"
    try:
        require_same_person(recorded.request, name=record.name, birth_date=record.birth_date)
    except IdentityNotCheckedError:
        return "differs"
    return "agrees"


def _days_left(recorded: RecordedRequest, visit: Visit) -> int | None:
    return None if recorded.due_on is None else (recorded.due_on - civil_day(visit.now)).days
