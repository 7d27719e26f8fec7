"""Asking for a document at the counter (証明書の交付請求): what is chosen, what will stand on it, and its issue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from jukinet.domain.clock import civil_day
from jukinet.domain.document_requests import (
    DocumentKind,
    DocumentRequest,
    HandingOver,
    RecordItem,
    RequestBearer,
    RequestGround,
    fee_of,
    find_people,
    find_tagged,
    protecting,
    require_permitted,
)
from jukinet.domain.errors import JukinetError, MissingItemError, UnknownCodeListValueError
from jukinet.domain.notifications import IdentityCheck, SeenDocument
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.support_reviews import require_reviewable
from jukinet.municipal.usecases.issue_document import issue_document
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.request_document import complete_request, request_document
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.resident import Viewed, look_at_resident, view_resident
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit

#: What shows that somebody may act for another.
_PROOFS: Final = (
    SeenDocument.POWER_OF_ATTORNEY,
    SeenDocument.PROOF_OF_REPRESENTATION,
    SeenDocument.FAMILY_REGISTER,
    SeenDocument.OTHER_PROOF_OF_AUTHORITY,
)
_CHECKS: Final = tuple(check for check in IdentityCheck if check is not IdentityCheck.NOT_REQUIRED)
#: Items a certificate of items can certify beside those that a copy has on request only.
_ORDINARY_ITEMS: Final = tuple(item for item in RecordItem if not item.is_on_request)
_ON_REQUEST: Final = tuple(item for item in RecordItem if item.is_on_request)
#: Of foreign residents only, and of Japanese only.
_FOREIGN_ITEMS: Final = frozenset(
    {RecordItem.NATIONALITY, RecordItem.RESIDENCE_STATUS, RecordItem.RESIDENCE_CARD_NUMBER}
)
_JAPANESE_ITEMS: Final = frozenset({RecordItem.REGISTERED_DOMICILE})
#: What the form has a field for.
_FIELDS: Final = (
    "kind",
    "resident_numbers",
    "items",
    "ground",
    "requester_number",
    "requester_name",
    "bearer",
    "bearer_name",
    "documents",
    "identity_check",
    "purpose",
    "client",
    "is_improper",
    "handing_over",
)


async def show_document_form(desk: Desk, visit: Visit) -> Answer:
    """Show what can be issued of this record."""
    async with desk.database.transaction() as unit:
        viewed = await view_resident(unit, visit)
    kinds = kinds_of(viewed.current)
    typed = {
        "kind": kinds[0].tag,
        "ground": RequestGround.OWN_HOUSEHOLD.tag,
        "requester_number": str(viewed.current.resident_number),
        "bearer": RequestBearer.SELF.tag,
        "handing_over": HandingOver.COUNTER.tag,
        **{f"person-{one.resident_number}": "yes" for one in _together(viewed)},
    }
    return _form_page(visit, viewed, Form(typed))


async def take_document_form(desk: Desk, visit: Visit) -> Answer:
    """Show what will stand on the document, or issue it."""
    async with desk.database.connection() as connection:
        viewed = await look_at_resident(connection, visit.numbers["resident_number"])
    form = Form(visit.form)
    try:
        request = _read_request(form, viewed)
    except JukinetError as error:
        form.refuse(error, names=_FIELDS)
        return _form_page(visit, viewed, form)
    if form.text("step") == "issue":
        return await _issue(desk, visit, viewed, form, request)
    if form.text("step") == "review":
        return await _put_to_review(desk, visit, viewed, form, request)
    if form.text("step") == "change":
        return _form_page(visit, viewed, form)
    return await _confirm(desk, visit, viewed, form, request)


def kinds_of(record: ResidentRecord) -> tuple[DocumentKind, ...]:
    """Return the documents that this record can be the subject of."""
    if record.is_removed:
        is_moved = record.planned_move_out_to is not None or record.confirmed_move_out_to is not None
        equivalent = (DocumentKind.MOVE_OUT_EQUIVALENT,) if is_moved else ()
        return (DocumentKind.REMOVED_COPY, *equivalent)
    certificate = (DocumentKind.MOVE_OUT_CERTIFICATE,) if record.is_moving_out and not record.is_moving_abroad else ()
    return (
        *certificate,
        DocumentKind.HOUSEHOLD_COPY,
        DocumentKind.PARTIAL_COPY,
        DocumentKind.ITEM_CERTIFICATE,
    )


def items_for(people: Sequence[ResidentRecord], items: Sequence[RecordItem]) -> tuple[RecordItem, ...]:
    """Return the items that somebody of these people can have."""
    is_foreign = any(one.is_foreign for one in people)
    is_japanese = any(not one.is_foreign for one in people)
    return tuple(
        item
        for item in items
        if (item not in _FOREIGN_ITEMS or is_foreign) and (item not in _JAPANESE_ITEMS or is_japanese)
    )


def candidates_of(viewed: Viewed) -> list[ResidentRecord]:
    """Return those of the household who can stand on a document with this resident: all live, or all removed."""
    household = viewed.household or [viewed.current]
    return [one for one in household if one.is_removed is viewed.current.is_removed]


def _together(viewed: Viewed) -> list[ResidentRecord]:
    """Return whom the document is about at first: the resident, and who moves out on the same day to the same place."""
    current = viewed.current
    plan = (current.planned_move_out_on, current.planned_move_out_to)
    return [
        one
        for one in candidates_of(viewed)
        if one.resident_number == current.resident_number
        or (current.is_moving_out and (one.planned_move_out_on, one.planned_move_out_to) == plan)
    ]


def _read_request(form: Form, viewed: Viewed) -> DocumentRequest:
    kind = find_tagged(DocumentKind, form.text("kind"), field_name="kind")
    ground = find_tagged(RequestGround, form.text("ground"), field_name="ground")
    is_own = ground is RequestGround.OWN_HOUSEHOLD
    people = tuple(one.resident_number for one in candidates_of(viewed) if form.text(f"person-{one.resident_number}"))
    if kind is DocumentKind.HOUSEHOLD_COPY:
        people = (viewed.current.resident_number,)
    items = _ON_REQUEST if kind is not DocumentKind.ITEM_CERTIFICATE else tuple(RecordItem)
    check = next((one for one in _CHECKS if one.tag == form.text("identity_check")), None)
    if check is None:
        raise MissingItemError(field="identity_check")
    proof = form.text("documents")
    return DocumentRequest(
        kind=kind,
        ground=ground,
        resident_numbers=people,
        items=frozenset() if kind.is_of_move_out else frozenset(i for i in items if form.text(f"item-{i.value}")),
        requester_number=_number(form, viewed) if is_own else None,
        requester_name="" if is_own else form.text("requester_name"),
        bearer=find_tagged(RequestBearer, form.text("bearer"), field_name="bearer"),
        bearer_name=form.text("bearer_name") or None,
        identity_check=check,
        documents=frozenset(one for one in _PROOFS if one.tag == proof),
        purpose=form.text("purpose") or None,
        client=form.text("client") or None,
        is_improper=bool(form.text("is_improper")),
        handing_over=find_tagged(HandingOver, form.text("handing_over"), field_name="handing_over"),
        is_reissue=bool(form.text("is_reissue")),
    )


def _number(form: Form, viewed: Viewed) -> int:
    known = {str(one.resident_number): one.resident_number for one in (viewed.current, *viewed.household)}
    number = known.get(form.text("requester_number"))
    if number is None:
        raise UnknownCodeListValueError(field="requester_number")
    return number


async def _confirm(desk: Desk, visit: Visit, viewed: Viewed, form: Form, request: DocumentRequest) -> Answer:
    """Show what will stand on the document, what is left out, and what it costs."""
    office = desk.require_office()
    async with desk.database.connection() as connection:
        completed, household = await complete_request(connection, request=request)
    protected = protecting(completed, household)
    try:
        people = find_people(completed, household)
        require_permitted(completed, household, today=civil_day(visit.now), reviewed=protected)
        require_reviewable(completed, protected)
    except JukinetError as error:
        form.refuse(error, names=_FIELDS)
        return _form_page(visit, viewed, form)
    on_request = () if request.kind.is_of_move_out else items_for(people, _ON_REQUEST)
    values = {
        "resident": viewed.current,
        "form": form,
        "carried": {name: text for name, text in form.typed.items() if name not in {"step", "form_token"}},
        "request": completed,
        "people": people,
        "requester": next((one for one in household if one.resident_number == completed.requester_number), None),
        "shown": [item for item in RecordItem if item in completed.items],
        "omitted": [item for item in on_request if item not in completed.items],
        "fee": fee_of(completed, office.fees),
        "is_specimen": office.is_specimen,
        "is_reviewed": bool(protected),
    }
    return Page("municipal/document_confirmation.html", values)


async def _issue(desk: Desk, visit: Visit, viewed: Viewed, form: Form, request: DocumentRequest) -> Answer:
    office = desk.require_office()
    act = Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    try:
        recorded = await request_document(request=request, act=act, office=office, database=desk.database)
        await issue_document(request_number=recorded.request_number, act=act, office=office, database=desk.database)
    except JukinetError as error:
        form.refuse(error, names=_FIELDS)
        return _form_page(visit, viewed, form)
    return Redirect(f"/documents/{recorded.request_number}", "done.document.issued")


async def _put_to_review(desk: Desk, visit: Visit, viewed: Viewed, form: Form, request: DocumentRequest) -> Answer:
    """Put what touches a protected person before another officer."""
    act = Act(operator_id=visit.operator_id, node=desk.name, now=visit.now)
    office = desk.require_office()
    try:
        recorded = await request_document(
            request=request, act=act, office=office, database=desk.database, is_put_to_review=True
        )
    except JukinetError as error:
        form.refuse(error, names=_FIELDS)
        return _form_page(visit, viewed, form)
    return Redirect(f"/document-reviews/{recorded.request_number}", "done.document_review.asked")


def _form_page(visit: Visit, viewed: Viewed, form: Form) -> Page:
    people = candidates_of(viewed)
    labels = {name: visit.words(f"document.{name}") for name in _FIELDS}
    values = {
        "resident": viewed.current,
        "form": form,
        "labels": labels,
        "kinds": kinds_of(viewed.current),
        "people": people,
        "requesters": viewed.household or [viewed.current],
        "on_request": items_for(people, _ON_REQUEST),
        "ordinary": items_for(people, _ORDINARY_ITEMS),
        "grounds": tuple(RequestGround),
        "bearers": tuple(RequestBearer),
        "proofs": _PROOFS,
        "checks": _CHECKS,
        "ways": tuple(HandingOver),
        "is_hidden": viewed.is_hidden,
    }
    return Page("municipal/document_form.html", values, status=422 if form.problems else 200)
