"""Changes of the law (提供の根拠の変更): proposed by one operator, decided by another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Final

from jukinet.domain.errors import JukinetError, NotFoundError, UnknownCodeListValueError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_affairs import Ordinance
from jukinet.domain.provision_changes import (
    Act,
    BeginningOfAffair,
    EndOfAffair,
    EndOfOffice,
    ItemsOfAffair,
    NewAffair,
    NewOffice,
)
from jukinet.domain.provision_channels import Channel, Kind
from jukinet.domain.provision_explanations import explain_affair
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_withholding import LONGEST_TERM, UsesWithheld, WithheldReason
from jukinet.national.law_store import find_proposal, list_proposals
from jukinet.national.usecases.decide_law_change import approve_law_change, reject_law_change, withdraw_law_change
from jukinet.national.usecases.propose_law_change import propose_law_change
from jukinet.national.web.law_desk import LawDesk, kind_of, ticked_items, ticks_of
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit

_MOST_PROPOSALS: Final = 200
_COMMON: Final = ("effective_on", "source")
#: The fields of each kind of proposal, beside the common ones.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "end": ("affair",),
    "items": ("affair", "items", "number_ground"),
    "beginning": ("affair",),
    "withheld": ("affair", "withheld_reason", "withheld_days"),
    "affair": ("affair", "channel", "organs", "law", "text", "items", "number_ground", "ends_on"),
    "ordinance": (
        "channel",
        "giver",
        "ordinance_number",
        "passed_on",
        "organs",
        "text",
        "items",
        "number_ground",
        "ends_on",
    ),
    "office": ("agency", "office", "affairs"),
    "office_end": ("agency", "office"),
}
_STARTED_ELSEWHERE: Final = ("end", "items", "beginning", "withheld")
_NOT_WITHHELD: Final = "none"


async def show_proposals(desk: LawDesk, visit: Visit) -> Answer:
    """Show what waits for a decision and what was decided, and the offices there are."""
    del visit
    async with desk.database.connection() as connection:
        proposals = await list_proposals(connection, limit=_MOST_PROPOSALS)
    _, offices = await desk.keeper.current()
    values = {
        "waiting": [(one, kind_of(one.change)) for one in proposals if one.state == "open"],
        "decided": [(one, kind_of(one.change)) for one in proposals if one.state != "open"],
        "offices": offices.offices,
        "kinds": [kind for kind in FIELDS if kind not in _STARTED_ELSEWHERE],
    }
    return Page("national/law_proposals.html", values)


async def show_proposing(desk: LawDesk, visit: Visit) -> Answer:
    """Show the form of one kind of proposal."""
    kind = visit.query.get("kind", "")
    typed = {"kind": kind, "affair": visit.query.get("affair", ""), "agency": visit.query.get("agency", "")}
    if kind == "items" and typed["affair"]:
        law, _ = await desk.keeper.current()
        found = explain_affair(law.find_affair(typed["affair"]), date.max)
        typed |= ticks_of(frozenset(one.item for one in found.items if one.is_given))
    return _form_page(kind, Form({**typed, "office": visit.query.get("office", "")}), 200)


async def propose(desk: LawDesk, visit: Visit) -> Answer:
    """Keep the proposal, or show what is wrong with it."""
    kind = visit.form.get("kind", "")
    form = Form(dict(visit.form))
    if kind not in FIELDS:
        raise NotFoundError
    effective_on, source = form.read_day("effective_on"), form.read("source", str)
    act = _ACTS[kind](form)
    if form.problems or effective_on is None or source is None or act is None:
        return _form_page(kind, form, 422)
    try:
        number = await propose_law_change(
            act=act,
            effective_on=effective_on,
            source=source,
            operator_id=visit.operator_id,
            keeper=desk.keeper,
            database=desk.database,
            now=visit.now,
        )
    except JukinetError as error:
        form.refuse(error, names=(*_COMMON, *FIELDS[kind]))
        return _form_page(kind, form, 422)
    return Redirect(f"/law/changes/{number}", "done.law_proposed")


async def show_proposal(desk: LawDesk, visit: Visit) -> Answer:
    """Show one proposal, and to another operator the decision."""
    return await _proposal_page(desk, visit, Form({}), None)


async def decide(desk: LawDesk, visit: Visit) -> Answer:
    """Approve, reject or withdraw a proposal."""
    step = visit.form.get("step", "")
    form = Form({"reason": visit.form.get("reason", "")})
    if step not in _DECISIONS:
        return await _proposal_page(desk, visit, form, None)
    try:
        await _DECISIONS[step](desk, visit, form.text("reason"))
    except JukinetError as error:
        if error.field != "reason":
            return await _proposal_page(desk, visit, form, error)
        form.refuse(error, names=("reason",))
        return await _proposal_page(desk, visit, form, None)
    return Redirect(f"/law/changes/{visit.numbers['proposal']}", f"done.law_{step}")


async def _approve(desk: LawDesk, visit: Visit, reason: str) -> None:
    del reason
    await approve_law_change(
        proposal_number=visit.numbers["proposal"],
        operator_id=visit.operator_id,
        keeper=desk.keeper,
        database=desk.database,
        now=visit.now,
    )


async def _reject(desk: LawDesk, visit: Visit, reason: str) -> None:
    await reject_law_change(
        proposal_number=visit.numbers["proposal"],
        reason=reason,
        operator_id=visit.operator_id,
        database=desk.database,
        now=visit.now,
    )


async def _withdraw(desk: LawDesk, visit: Visit, reason: str) -> None:
    del reason
    await withdraw_law_change(
        proposal_number=visit.numbers["proposal"],
        operator_id=visit.operator_id,
        database=desk.database,
        now=visit.now,
    )


_DECISIONS: Final[Mapping[str, Callable[[LawDesk, Visit, str], Awaitable[None]]]] = {
    "approve": _approve,
    "reject": _reject,
    "withdraw": _withdraw,
}


async def _proposal_page(desk: LawDesk, visit: Visit, form: Form, error: JukinetError | None) -> Answer:
    async with desk.database.connection() as connection:
        proposal = await find_proposal(connection, visit.numbers["proposal"])
    law, _ = await desk.keeper.current()
    act = proposal.change.act
    affair = getattr(act, "affair", "")
    known = {one.id: one for one in law.affairs}
    values = {
        "proposal": proposal,
        "kind": kind_of(proposal.change),
        "act": act,
        "affair": known.get(affair),
        "is_own": proposal.proposed_by == visit.operator_id,
        "form": form,
        "error": error,
        "items": list(ProvisionItem),
    }
    return Page("national/law_proposal.html", values, status=422 if form.problems or error else 200)


def _form_page(kind: str, form: Form, status: int) -> Page:
    if kind not in FIELDS:
        raise NotFoundError
    wanted = Kind.ORDINANCE if kind == "ordinance" else Kind.TABLE
    values = {
        "kind": kind,
        "form": form,
        "fields": FIELDS[kind],
        "channels": [channel.value for channel in Channel if channel.kind is wanted],
        "items": [item.value for item in ProvisionItem],
        "withheld_reasons": [*(reason.value for reason in WithheldReason), _NOT_WITHHELD],
        "names": (*_COMMON, *FIELDS[kind]),
    }
    return Page("national/law_propose.html", values, status=status)


def _affair(form: Form) -> str:
    return form.read("affair", str) or ""


def _end(form: Form) -> Act | None:
    return EndOfAffair(affair=_affair(form))


def _items(form: Form) -> Act | None:
    return ItemsOfAffair(affair=_affair(form), items=ticked_items(form), number_ground=form.text("number_ground"))


def _beginning(form: Form) -> Act | None:
    return BeginningOfAffair(affair=_affair(form))


def _uses_withheld(form: Form) -> Act | None:
    reason = form.read("withheld_reason", _read_withheld_reason)
    days = form.read("withheld_days", _read_days, is_needed=False) or 0
    return None if form.problems else UsesWithheld(affair=_affair(form), reason=reason, days=days)


def _read_withheld_reason(text: str) -> WithheldReason | None:
    if text == _NOT_WITHHELD:
        return None
    try:
        return WithheldReason(text)
    except ValueError:
        raise UnknownCodeListValueError(field="withheld_reason") from None


def _read_days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LONGEST_TERM)):
        raise UnknownCodeListValueError(field="withheld_days")
    return int(text)


def _new_affair(form: Form) -> Act | None:
    return _listed(form, law=form.read("law", str) or "", affair=_affair(form))


def _ordinance(form: Form) -> Act | None:
    giver = form.read("giver", LocalGovernmentCode.parse)
    number, passed_on = form.read("ordinance_number", str), form.read_day("passed_on")
    if giver is None or number is None or passed_on is None:
        _listed(form)
        return None
    return _listed(form, ordinance=Ordinance(giver, number, passed_on))


def _listed(form: Form, *, law: str = "", affair: str = "", ordinance: Ordinance | None = None) -> NewAffair | None:
    channel = form.read("channel", _read_channel)
    organs, text = form.read("organs", _read_lines), form.read("text", str)
    ends_on = form.read_day("ends_on") if form.text("ends_on") else None
    if channel is None or organs is None or text is None:
        return None
    return NewAffair(
        channel=channel,
        organs=organs,
        law=law,
        text=text,
        items=ticked_items(form),
        number_ground=form.text("number_ground"),
        affair=affair,
        ordinance=ordinance,
        ends_on=ends_on,
    )


def _office(form: Form) -> Act | None:
    affairs = frozenset(_read_lines(form.text("affairs")))
    return NewOffice(agency=form.read("agency", str) or "", office=form.read("office", str) or "", affairs=affairs)


def _office_end(form: Form) -> Act | None:
    return EndOfOffice(agency=form.read("agency", str) or "", office=form.read("office", str) or "")


def _read_channel(text: str) -> Channel:
    try:
        return Channel(text)
    except ValueError:
        raise UnknownCodeListValueError(field="channel") from None


def _read_lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for part in text.split("、") for line in part.splitlines() if line.strip())


_ACTS: Final[Mapping[str, Callable[[Form], Act | None]]] = {
    "end": _end,
    "items": _items,
    "beginning": _beginning,
    "withheld": _uses_withheld,
    "affair": _new_affair,
    "ordinance": _ordinance,
    "office": _office,
    "office_end": _office_end,
}
