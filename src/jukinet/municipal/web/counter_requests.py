"""What a resident asks for at the counter about his or her own information: the form, and what is handed over."""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import JukinetError, MissingItemError, PeerUnreachableError, UnknownCodeListValueError
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_rights import CounterRequest
from jukinet.municipal.usecases.answer_counter_request import Asked, answer_counter_request
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.resident import Viewed, look_at_resident, view_resident
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Download, Page, Pdf, Visit

_REQUESTERS: Final = (Notifier.SELF, Notifier.LEGAL_REPRESENTATIVE)
_CHECKS: Final = (IdentityCheck.PHOTO_DOCUMENT, IdentityCheck.OTHER_DOCUMENTS)
_FIELDS: Final = ("requester", "identity_check", "shows_authority")


async def show_counter_form(desk: Desk, visit: Visit) -> Answer:
    """Ask who is at the counter, and how that was made sure of."""
    async with desk.database.transaction() as unit:
        viewed = await view_resident(unit, visit)
    return _page(visit, viewed, Form({"requester": Notifier.SELF.tag}))


async def take_counter_form(desk: Desk, visit: Visit) -> Answer:
    """Hand over what was asked for."""
    number = visit.numbers["resident_number"]
    async with desk.database.connection() as connection:
        viewed = await look_at_resident(connection, number)
    form = Form(visit.form)
    if desk.client is None:
        raise PeerUnreachableError
    try:
        asked = _read(form, number)
        answered = await answer_counter_request(
            asked=asked,
            act=Act(operator_id=visit.operator_id, node=desk.name, now=visit.now),
            office=desk.require_office(),
            client=desk.client,
            choice=desk.choice,
            database=desk.database,
        )
    except PeerUnreachableError:
        return _page(visit, viewed, form, is_cut=True)
    except JukinetError as error:
        form.refuse(error, names=_FIELDS)
        return _page(visit, viewed, form)
    if answered.is_pdf:
        return Pdf(answered.content, answered.name)
    return Download(answered.content, answered.name, "application/json")


def _read(form: Form, number: int) -> Asked:
    check = next((one for one in _CHECKS if one.tag == form.text("identity_check")), None)
    if check is None:
        raise MissingItemError(field="identity_check")
    kind = next((one for one in CounterRequest if one.tag == form.text("step")), None)
    requester = next((one for one in _REQUESTERS if one.tag == form.text("requester")), None)
    if kind is None or requester is None:
        raise UnknownCodeListValueError(field="step" if kind is None else "requester")
    return Asked(
        kind=kind,
        resident_number=number,
        requester=requester,
        identity_check=check,
        shows_authority=form.text("shows_authority") == "on",
    )


def _page(visit: Visit, viewed: Viewed, form: Form, *, is_cut: bool = False) -> Page:
    values = {
        "resident": viewed.current,
        "form": form,
        "labels": {name: visit.words(f"counter.{name}") for name in _FIELDS},
        "requesters": [(one.tag, visit.words(f"counter.requester.{one.tag}")) for one in _REQUESTERS],
        "checks": [(one.tag, visit.words(f"counter.identity_check.{one.tag}")) for one in _CHECKS],
        "kinds": tuple(CounterRequest),
        "is_hidden": viewed.is_hidden,
        "is_cut": is_cut,
    }
    return Page("municipal/counter_request.html", values, status=503 if is_cut else 422 if form.problems else 200)
