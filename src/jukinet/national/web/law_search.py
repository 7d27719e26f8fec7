"""The law of provision (提供の根拠): found by organ, affair and law on any day, explained, and when it changes."""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import UnknownCodeListValueError
from jukinet.domain.provision_changes import affair_id_of
from jukinet.domain.provision_explanations import Turn, explain_affair, list_turning_points, search_affairs
from jukinet.domain.provision_users import UserKind
from jukinet.national.law_store import list_approved
from jukinet.national.web.law_desk import LawDesk, kind_of, read_day
from jukinet.operator_web.forms import Form
from jukinet.operator_web.screens import Answer, Page, Visit

_MOST_AFFAIRS: Final = 200


async def show_law(desk: LawDesk, visit: Visit) -> Answer:
    """Show the affairs that hold the words, with what each gives on the day."""
    form = Form({name: visit.query.get(name, "") for name in ("words", "user", "day")})
    day = read_day(form, visit)
    law, _ = await desk.keeper.current()
    user = form.read("user", _read_user_kind, is_needed=False)
    found = search_affairs(law, form.text("words"), user=user) if form.text("words") or user else []
    values = {
        "form": form,
        "on": day,
        "is_asked": bool(form.text("words") or user),
        "count": len(found),
        "found": [explain_affair(affair, day) for affair in found[:_MOST_AFFAIRS]],
        "limit": _MOST_AFFAIRS,
        "kinds": [kind.value for kind in UserKind],
    }
    return Page("national/law.html", values, status=422 if form.problems else 200)


async def show_affair(desk: LawDesk, visit: Visit) -> Answer:
    """Explain one affair: ground, dates, every item, and how well each is known."""
    form = Form({"day": visit.query.get("day", ""), "affair": visit.query.get("affair", "")})
    day = read_day(form, visit)
    law, _ = await desk.keeper.current()
    affair = law.find_affair(form.text("affair"))
    async with desk.database.connection() as connection:
        approved = await list_approved(connection)
    changes = [(change, kind_of(change)) for change in approved if affair_id_of(change) == affair.id]
    values = {"form": form, "on": day, "one": explain_affair(affair, day), "changes": changes}
    return Page("national/law_affair.html", values, status=422 if form.problems else 200)


async def show_law_days(desk: LawDesk, visit: Visit) -> Answer:
    """Show on which days the law changes, the next ones first."""
    form = Form({"day": visit.query.get("day", "")})
    day = read_day(form, visit)
    law, _ = await desk.keeper.current()
    points = list_turning_points(law)
    values = {
        "form": form,
        "on": day,
        "coming": [point for point in points if point.day > day],
        "past": [point for point in reversed(points) if point.day <= day],
        "turns": [turn.value for turn in Turn],
    }
    return Page("national/law_days.html", values, status=422 if form.problems else 200)


def _read_user_kind(text: str) -> UserKind:
    try:
        return UserKind(text)
    except ValueError:
        raise UnknownCodeListValueError(field="user") from None
