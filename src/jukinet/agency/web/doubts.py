"""The organ's reports of doubt (疑義の通報): made from an answer, and followed until the municipality has answered."""

from __future__ import annotations

from typing import Any, Final

from jukinet.agency.doubt_store import Reporter, list_doubts
from jukinet.agency.usecases.report_doubt import Doubt
from jukinet.agency.web.desk import AgencyDesk
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import COMPARED_ITEMS, LONGEST_CONTACT, DoubtEvidence, DoubtReason, DoubtState
from jukinet.domain.errors import InvalidValueError, JukinetError, MissingItemError
from jukinet.operator_web.fields import Choice, Field, FieldKind, labels_of, read_fields, shown_when
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.language import Words
from jukinet.operator_web.screens import Answer, Page, Redirect, Visit
from jukinet.protocol.confirmation import StatedItems

_MOST_ROWS: Final = 200
_LONGEST_TEXT: Final = 200
_SEXES: Final = ("1", "2")
_PREFILLED: Final = ("use_log_id", "matter_number", "office")


async def show_doubts(desk: AgencyDesk, visit: Visit) -> Answer:
    """Show the reports of this organ, the newest first, and what was answered."""
    today = civil_day(visit.now)
    async with desk.database.connection() as connection:
        reports = await list_doubts(connection, limit=_MOST_ROWS)
    rows = [(one, one.due_on is not None and one.due_on < today) for one in reports]
    return Page("agency/doubts.html", {"rows": rows, "limit": _MOST_ROWS, "open": _open_states()})


async def show_doubt_form(desk: AgencyDesk, visit: Visit) -> Answer:
    """Show the form; from an answer, the number of its use is filled in."""
    typed = {name: visit.query.get(name, "")[:_LONGEST_TEXT] for name in _PREFILLED}
    return _form_page(desk, visit, Form(typed))


async def report(desk: AgencyDesk, visit: Visit) -> Answer:
    """Report the doubt."""
    form = Form(visit.form)
    fields = _fields(visit.words)
    values = read_fields(fields, form)
    if form.problems:
        return _form_page(desk, visit, form)
    try:
        reporter = Reporter(official=visit.operator_id, matter_number=values["matter_number"])
        await desk.report(_doubt(values), reporter)
    except JukinetError as error:
        if isinstance(error, MissingItemError) and error.field in {"items", "stated"}:
            form.problems.append(Problem("items", error, "doubts.items.needed"))
        else:
            form.refuse(error, names=tuple(labels_of(fields)))
        return _form_page(desk, visit, form)
    return Redirect("/doubts", "done.doubt_reported")


def _doubt(values: dict[str, Any]) -> Doubt:
    items = values["items"] or ()
    birth_date: CivilDate | None = values["birth_date"]
    stated = StatedItems(
        name=values["name"],
        kana=values["kana"],
        birth_date=None if birth_date is None else birth_date.wire,
        sex=values["sex"],
        address=values["address"],
    )
    return Doubt(
        use_log_id=values["use_log_id"],
        place=int(values["place"] or 0),
        reason=values["reason"],
        evidence=values["evidence"],
        items=items,
        stated=stated if items and stated != StatedItems() else None,
        office=values["office"] or "",
        contact=values["contact"] or "",
    )


def _form_page(desk: AgencyDesk, visit: Visit, form: Form) -> Page:
    fields = _fields(visit.words)
    values = {"form": form, "fields": fields, "labels": labels_of(fields), "organ": desk.asking.organ}
    return Page("agency/doubt_form.html", values, status=422 if form.problems else 200)


def _fields(words: Words) -> list[Field]:
    return [*_what(words), *_held(words), *_who(words)]


def _what(words: Words) -> list[Field]:
    return [
        Field(name="use_log_id", label=words("answer.use_log_id"), hint=words("doubts.use.hint"), read=_short,
              begins=words("doubts.what")),
        Field(name="place", label=words("doubts.place"), hint=words("doubts.place.hint"), is_needed=False,
              is_short=True, is_numeric=True, read=_line_number),
        Field(name="reason", label=words("doubts.reason"), kind=FieldKind.CHOICE,
              choices=[Choice(one.value, words(f"doubts.reason.{one.value}")) for one in DoubtReason]),
        Field(name="items", label=words("doubts.items"), hint=words("doubts.items.hint"), kind=FieldKind.CHOICES,
              choices=[Choice(one.value, words(f"item.{one.value}")) for one in COMPARED_ITEMS],
              shown_when=shown_when("reason", DoubtReason.DIFFERS.value)),
        Field(name="evidence", label=words("doubts.evidence"), kind=FieldKind.SELECT, is_short=True,
              choices=[Choice(one.value, words(f"doubts.evidence.{one.value}")) for one in DoubtEvidence]),
    ]  # fmt: skip


def _held(words: Words) -> list[Field]:
    """Return the fields for what the organ holds, each with the item it is of: more is neither asked nor sent."""
    sexes = [Choice(sex, words(f"sex.{sex}")) for sex in _SEXES]
    return [
        Field(name="name", label=words("item.name"), hint=words("doubts.held.hint"), is_needed=False, read=_short,
              shown_when=shown_when("items", "name")),
        Field(name="kana", label=words("item.kana"), is_needed=False, read=_short,
              shown_when=shown_when("items", "name")),
        Field(name="birth_date", label=words("item.birth_date"), hint=words("ask.birth_date.hint"), is_needed=False,
              kind=FieldKind.CIVIL_DATE, is_short=True, shown_when=shown_when("items", "birth_date")),
        Field(name="sex", label=words("item.sex"), kind=FieldKind.SELECT, choices=sexes, is_needed=False,
              is_short=True, shown_when=shown_when("items", "sex")),
        Field(name="address", label=words("item.address"), hint=words("doubts.held.hint"), is_needed=False,
              read=_short, shown_when=shown_when("items", "address")),
    ]  # fmt: skip


def _who(words: Words) -> list[Field]:
    return [
        Field(name="office", label=words("ask.office"), hint=words("doubts.office.hint"), is_needed=False, read=_short,
              begins=words("doubts.who")),
        Field(name="contact", label=words("doubts.contact"), hint=words("doubts.contact.hint"), is_needed=False,
              is_short=True, read=_contact),
        Field(name="matter_number", label=words("ask.matter_number"), hint=words("ask.matter_number.hint"),
              is_short=True, read=_short),
    ]  # fmt: skip


def _open_states() -> frozenset[str]:
    return frozenset(one.value for one in DoubtState if one.is_open)


def _line_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len("2000000000"):
        raise InvalidValueError
    return int(text)


def _contact(text: str) -> str:
    if len(text) > LONGEST_CONTACT:
        raise InvalidValueError
    return text


def _short(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise InvalidValueError
    return text
