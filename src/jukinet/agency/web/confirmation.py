"""Asking for the confirmation of one person (本人確認情報の照会), and the organ's own queries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from jukinet.agency.store import list_confirmations
from jukinet.domain.appended_tables import Affair, find_affair, list_affairs
from jukinet.domain.clock import Clock
from jukinet.domain.errors import AffairNotListedError, InvalidValueError, MissingItemError, PeerError, PeerRefusedError
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.screens import Answer, Page, Visit
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.node_names import NodeName

_NAMES: Final = ("resident_record_code", "individual_number", "affair", "purpose", "matter_number")
_LONGEST_TEXT: Final = 200
_MOST_QUERIES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDesk:
    """The node as its screens see it. `ask` sends a query; `organ` is the organ of the Appended Tables it is."""

    name: NodeName
    database: Database
    clock: Clock
    organ: str | None
    ask: Callable[[ConfirmationQuery], Awaitable[ConfirmationAnswer]] = field(repr=False)


async def show_form(desk: AgencyDesk, visit: Visit) -> Answer:
    """Show the form."""
    del visit
    return _form_page(desk, Form({}))


async def ask(desk: AgencyDesk, visit: Visit) -> Answer:
    """Ask, and show the answer; a refusal says which rule is in the way. Nothing of the answer is kept here."""
    form = Form({name: visit.form.get(name, "") for name in _NAMES})
    if visit.form.get("step") != "ask":
        return _form_page(desk, form)
    query = _query(desk, visit, form)
    if query is None:
        return _form_page(desk, form)
    try:
        answer = await desk.ask(query)
    except PeerRefusedError as refusal:
        return _form_page(desk, form, refused=refusal)
    except PeerError as failure:
        return _form_page(desk, form, refused=failure)
    affair = find_affair(query.affair)
    return Page("agency/answer.html", {"answer": answer, "query": query, "affair": affair})


async def show_queries(desk: AgencyDesk, visit: Visit) -> Answer:
    """Show the newest queries of this organ."""
    del visit
    async with desk.database.connection() as connection:
        asked = await list_confirmations(connection, limit=_MOST_QUERIES)
    return Page("agency/queries.html", {"asked": asked, "limit": _MOST_QUERIES})


def _query(desk: AgencyDesk, visit: Visit, form: Form) -> ConfirmationQuery | None:
    code = form.read("resident_record_code", lambda text: ResidentRecordCode.parse(text).value, is_needed=False)
    number = form.read("individual_number", lambda text: IndividualNumber.parse(text).value, is_needed=False)
    typed = [name for name in ("resident_record_code", "individual_number") if form.text(name)]
    if len(typed) != 1:
        form.problems.append(
            Problem("resident_record_code", MissingItemError(field="resident_record_code"), "ask.which")
        )
    affair = form.read("affair", lambda text: _affair(desk, text), text_of_problem="ask.affair.needed")
    purpose = form.read("purpose", _short)
    matter_number = form.read("matter_number", _short)
    if form.problems or affair is None or purpose is None or matter_number is None:
        return None
    return ConfirmationQuery(
        resident_record_code=code,
        individual_number=number,
        affair=affair.id,
        purpose=purpose,
        matter_number=matter_number,
        official=visit.operator_id,
    )


def _affair(desk: AgencyDesk, text: str) -> Affair:
    """Return an affair of this organ: the national node decides; what it would refuse is not even sent."""
    try:
        affair = find_affair(text)
    except AffairNotListedError:
        raise MissingItemError(field="affair") from None
    if desk.organ not in affair.organs:
        raise MissingItemError(field="affair")
    return affair


def _short(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise InvalidValueError
    return text


def _form_page(desk: AgencyDesk, form: Form, refused: PeerError | None = None) -> Page:
    affairs = list_affairs(desk.organ) if desk.organ else ()
    status = 403 if isinstance(refused, PeerRefusedError) else 502 if refused else 422 if form.problems else 200
    values = {"form": form, "organ": desk.organ, "affairs": affairs, "refused": refused}
    return Page("agency/ask.html", values, status=status)
