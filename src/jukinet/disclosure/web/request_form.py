"""The form by which a person's written request is taken (請求・申出・苦情の受付)."""

from __future__ import annotations

from typing import Any, Final

from jukinet.disclosure.usecases.receive_request import receive_request
from jukinet.disclosure.web.desk import RequestDesk
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError, MalformedRequestError
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_requests import IDENTITY_CHECKS, REQUESTERS, PersonRequest
from jukinet.domain.person_rights import PersonRight
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.operator_web.fields import Choice, Field, FieldKind, labels_of, read_fields, shown_when
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Words
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit

_OWN: Final = shown_when("kind", PersonRight.DISCLOSURE.tag, PersonRight.CORRECTION.tag)
_CORRECTION: Final = shown_when("kind", PersonRight.CORRECTION.tag)
_STATED: Final = shown_when("kind", PersonRight.CORRECTION.tag, PersonRight.COMPLAINT.tag)
_REPRESENTATIVE: Final = shown_when("requester", Notifier.LEGAL_REPRESENTATIVE.tag)


def fields_of(visit: Visit) -> tuple[Field, ...]:
    """Return the fields of the form, in the language of the screens."""
    words = visit.words
    return (
        _choice("kind", tuple(PersonRight), words),
        _asking("received_on", words, FieldKind.DAY, today=civil_day(visit.now), is_short=True),
        _asking("name", words),
        _asking("birth_date", words, FieldKind.CIVIL_DATE, is_short=True),
        _asking("resident_record_code", words, is_numeric=True, read=_code, shown_when=_OWN, is_short=True),
        _asking("reply_address", words),
        _choice("requester", REQUESTERS, words, shown_when=_OWN),
        _choice("identity_check", IDENTITY_CHECKS, words, shown_when=_OWN),
        _asking("shows_authority", words, FieldKind.TICK, shown_when=_REPRESENTATIVE),
        _asking("disclosed_request", words, is_numeric=True, read=_number, shown_when=_CORRECTION, is_short=True),
        _asking("statement", words, FieldKind.LONG_TEXT, shown_when=_STATED),
    )


def _asking(name: str, words: Words, kind: FieldKind = FieldKind.TEXT, **more: Any) -> Field:  # noqa: ANN401 - of any field
    hint = words(f"requests.{name}.hint") if words.has(f"requests.{name}.hint") else ""
    return Field(name=name, label=words(f"requests.{name}"), kind=kind, hint=hint, **more)


def _choice(
    name: str,
    members: tuple[PersonRight, ...] | tuple[Notifier, ...] | tuple[IdentityCheck, ...],
    words: Words,
    **more: Any,  # noqa: ANN401 - of any field
) -> Field:
    by_tag = {one.tag: one for one in members}
    choices = tuple(Choice(tag, words(f"requests.{name}.{tag}")) for tag in by_tag)
    return _asking(name, words, FieldKind.CHOICE, choices=choices, read=by_tag.__getitem__, **more)


def _code(text: str) -> str:
    return ResidentRecordCode.parse(text).value


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - digits of an integer
        raise MalformedRequestError(field="disclosed_request")
    return int(text)


async def show_request_form(desk: RequestDesk, visit: Visit) -> Answer:
    """Ask what was requested, by whom, and how it was made sure who that is."""
    del desk
    today = CivilDate.of(civil_day(visit.now)).wareki()
    return _page(visit, Form({"kind": PersonRight.DISCLOSURE.tag, "received_on": today, "requester": "self"}))


async def take_request_form(desk: RequestDesk, visit: Visit) -> Answer:
    """Record the request, and lead to its page."""
    form = Form(visit.form)
    fields = fields_of(visit)
    values = read_fields(fields, form)
    if form.problems:
        return _page(visit, form)
    request = PersonRequest(
        right=values["kind"],
        received_on=values["received_on"],
        name=values["name"],
        birth_date=values["birth_date"].wire,
        resident_record_code=values["resident_record_code"],
        reply_address=values["reply_address"],
        requester=values["requester"] or Notifier.SELF,
        identity_check=values["identity_check"] or IDENTITY_CHECKS[0],
        shows_authority=bool(values["shows_authority"]),
        statement=values["statement"] or "",
        disclosed_request=values["disclosed_request"],
    )
    try:
        number = await receive_request(
            request=request, operator_id=visit.operator_id, database=desk.database, now=visit.now
        )
    except JukinetError as error:
        form.refuse(error, names=[one.name for one in fields])
        return _page(visit, form)
    return Redirect(f"/person-requests/{number}", "done.requests.received")


def _page(visit: Visit, form: Form) -> Page:
    fields = fields_of(visit)
    values = {"form": form, "fields_list": fields, "labels": labels_of(fields)}
    return Page("disclosure/request_form.html", values, status=422 if form.problems else 200)
