"""An official's query at the counter (本人確認情報の照会): the affair first, then the person, then the answer."""

from __future__ import annotations

from typing import Final

from jukinet.agency.web.ask_form import fields_of, fresh_form, read_query
from jukinet.agency.web.desk import AgencyDesk
from jukinet.domain.errors import PeerError, PeerRefusedError
from jukinet.domain.provision_results import RecordState, ResultCategory
from jukinet.operator_web.fields import labels_of
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.screens import Answer, Page, Visit
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.grants import GrantedAffair, GrantsAnswer
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery

_REFUSED: Final = 403
_UNREACHABLE: Final = 502
_UNREADABLE: Final = 422
_ITEMS_STATED: Final = ("name", "kana", "birth_date", "sex", "address")


async def show_form(desk: AgencyDesk, visit: Visit) -> Answer:
    """Show the affairs of the organ; once one is chosen, the form for it."""
    if desk.organ is None:
        return Page("agency/no_organ.html")
    try:
        grants = await desk.list_affairs()
    except PeerError as failure:
        return _affairs_page(None, failed=failure)
    chosen = visit.query.get("affair", "")
    affair = _find(grants, chosen) or (grants.affairs[0] if len(grants.affairs) == 1 else None)
    if affair is None:
        return _affairs_page(grants, is_unknown=bool(chosen))
    return _form_page(desk, visit, affair, fresh_form(affair))


async def ask(desk: AgencyDesk, visit: Visit) -> Answer:
    """Ask, and show the answer; a refusal says which rule is in the way. Nothing of the answer is kept here."""
    if desk.organ is None:
        return Page("agency/no_organ.html")
    try:
        grants = await desk.list_affairs()
    except PeerError as failure:
        return _affairs_page(None, failed=failure)
    affair = _find(grants, visit.form.get("affair", ""))
    if affair is None:
        return _affairs_page(grants, is_unknown=True)
    return await _ask_for(desk, visit, affair)


async def _ask_for(desk: AgencyDesk, visit: Visit, affair: GrantedAffair) -> Answer:
    form = Form(dict(visit.form))
    if visit.form.get("step") != "ask":
        return _form_page(desk, visit, affair, form)
    query = read_query(fields_of(affair, visit.words), form, affair, visit.operator_id)
    if query is None:
        return _form_page(desk, visit, affair, form)
    try:
        answer = await (desk.search(query) if isinstance(query, PersonSearchQuery) else desk.ask(query))
    except PeerError as failure:
        return _form_page(desk, visit, affair, form, refused=failure)
    return _answer_page(answer, query, affair)


def _answer_page(
    answer: ConfirmationAnswer | PersonSearchAnswer, query: ConfirmationQuery | PersonSearchQuery, affair: GrantedAffair
) -> Page:
    agreements = [
        (name, getattr(answer.agreements, name))
        for name in _ITEMS_STATED
        if answer.agreements is not None and getattr(answer.agreements, name) != "not_stated"
    ]
    values = {
        "answer": answer,
        "query": query,
        "affair": affair,
        "outcome": _outcome_of(answer),
        "agreements": agreements,
        "refine": getattr(answer, "refine", ()),
    }
    return Page("agency/answer.html", values)


def _outcome_of(answer: ConfirmationAnswer | PersonSearchAnswer) -> str:
    """Return what the answer comes to, by the name of the texts that say so and what to do next."""
    if answer.result != ResultCategory.FOUND.value:
        return answer.result
    if answer.state is not None:
        return answer.state
    if answer.person is not None and answer.person.is_removed is not None:
        return RecordState.REMOVED_EX_OFFICIO.value if answer.person.is_removed else RecordState.LIVE.value
    return "compared" if answer.person is None else ResultCategory.FOUND.value


def _find(grants: GrantsAnswer, affair: str) -> GrantedAffair | None:
    return next((one for one in grants.affairs if one.affair == affair), None)


def _affairs_page(grants: GrantsAnswer | None, *, is_unknown: bool = False, failed: PeerError | None = None) -> Page:
    """Show the affairs to choose from, or why they are not known."""
    status = _status_of(failed) if failed else _UNREADABLE if is_unknown else 200
    return Page("agency/affairs.html", {"grants": grants, "is_unknown": is_unknown, "refused": failed}, status=status)


def _form_page(
    desk: AgencyDesk, visit: Visit, affair: GrantedAffair, form: Form, refused: PeerError | None = None
) -> Page:
    fields = fields_of(affair, visit.words)
    labels = labels_of(fields)
    if refused is not None and refused.field in labels:
        form.problems.append(Problem(str(refused.field), refused))
    status = _status_of(refused) if refused else _UNREADABLE if form.problems else 200
    values = {
        "form": form,
        "fields": fields,
        "labels": labels,
        "organ": desk.organ,
        "affair": affair,
        "refused": refused,
    }
    return Page("agency/ask.html", values, status=status)


def _status_of(refused: PeerError) -> int:
    return _REFUSED if isinstance(refused, PeerRefusedError) else _UNREACHABLE
