"""An official's query at the counter (本人確認情報の照会): the affair first, then the person, then the answer."""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import JukinetError, MissingItemError, PeerError, PeerRefusedError
from jukinet.domain.provision_results import RecordState, ResultCategory
from jukinet.operator_web.asking.desk import AskingDesk
from jukinet.operator_web.asking.form import fields_of, fresh_form, read_query
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


async def show_form(desk: AskingDesk, visit: Visit) -> Answer:
    """Show the affairs of the organ; once one is chosen, the form for it."""
    if desk.organ is None:
        return Page("shared/asking/no_organ.html")
    try:
        grants = await desk.list_affairs()
    except PeerError as failure:
        return _affairs_page(desk, None, failed=failure)
    chosen = visit.query.get("affair", "")
    affair = _find(grants, chosen) or (grants.affairs[0] if len(grants.affairs) == 1 else None)
    if affair is None:
        return _affairs_page(desk, grants, is_unknown=bool(chosen))
    return _form_page(desk, visit, affair, fresh_form(affair))


async def ask(desk: AskingDesk, visit: Visit) -> Answer:
    """Ask, and show the answer; a refusal says which rule is in the way. Nothing of the answer is kept here."""
    if desk.organ is None:
        return Page("shared/asking/no_organ.html")
    try:
        grants = await desk.list_affairs()
    except PeerError as failure:
        return _affairs_page(desk, None, failed=failure)
    affair = _find(grants, visit.form.get("affair", ""))
    if affair is None:
        return _affairs_page(desk, grants, is_unknown=True)
    return await _ask_for(desk, visit, affair)


async def _ask_for(desk: AskingDesk, visit: Visit, affair: GrantedAffair) -> Answer:
    form = Form(dict(visit.form))
    if visit.form.get("step") != "ask":
        return _form_page(desk, visit, affair, form)
    fields = fields_of(affair, visit.words, can_search=desk.search is not None)
    query = read_query(fields, form, affair, visit.operator_id)
    if query is None:
        return _form_page(desk, visit, affair, form)
    try:
        answer = await _send(desk, query)
    except JukinetError as failure:
        return _form_page(desk, visit, affair, form, refused=failure)
    return _answer_page(desk, answer, query, affair)


async def _send(
    desk: AskingDesk, query: ConfirmationQuery | PersonSearchQuery
) -> ConfirmationAnswer | PersonSearchAnswer:
    if isinstance(query, ConfirmationQuery):
        return await desk.ask(query)
    if desk.search is None:
        raise MissingItemError(field="resident_record_code")
    return await desk.search(query)


def _answer_page(
    desk: AskingDesk,
    answer: ConfirmationAnswer | PersonSearchAnswer,
    query: ConfirmationQuery | PersonSearchQuery,
    affair: GrantedAffair,
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
        "base": desk.path,
        "has_own_pages": desk.has_own_pages,
    }
    return Page("shared/asking/answer.html", values)


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


def _affairs_page(
    desk: AskingDesk, grants: GrantsAnswer | None, *, is_unknown: bool = False, failed: PeerError | None = None
) -> Page:
    """Show the affairs to choose from, or why they are not known."""
    status = _status_of(failed) if failed else _UNREADABLE if is_unknown else 200
    return Page(
        "shared/asking/affairs.html",
        {"grants": grants, "is_unknown": is_unknown, "refused": failed, "base": desk.path},
        status=status,
    )


def _form_page(
    desk: AskingDesk, visit: Visit, affair: GrantedAffair, form: Form, refused: JukinetError | None = None
) -> Page:
    fields = fields_of(affair, visit.words, can_search=desk.search is not None)
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
        "base": desk.path,
    }
    return Page("shared/asking/ask.html", values, status=status)


def _status_of(refused: JukinetError) -> int:
    is_of_line = isinstance(refused, PeerError) and not isinstance(refused, PeerRefusedError)
    return _UNREACHABLE if is_of_line else _REFUSED
