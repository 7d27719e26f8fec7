"""The operation log (操作履歴) on a screen: the newest events, perhaps of one kind only."""

from __future__ import annotations

from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import list_events
from jukinet.operator_web.language import Language
from jukinet.operator_web.screens import Answer, MenuItem, Page, Screen, Visit
from jukinet.postgres.database import Database

EVENTS_MENU: Final = MenuItem("/events", "events.menu", "l")
_MOST_EVENTS: Final = 200


def audit_screens(database: Database) -> list[Screen]:
    """Return the screens of the operation log of a node."""

    async def show(visit: Visit) -> Answer:
        return await show_events(visit, database)

    return [Screen("GET", "/events", show)]


async def show_events(visit: Visit, database: Database) -> Answer:
    """Show the newest events."""
    chosen = next((event for event in AuditEvent if event.tag == visit.query.get("event")), None)
    async with database.connection() as connection:
        rows = await list_events(connection, limit=_MOST_EVENTS, event=chosen)
    titles = {event.tag: _title(event, visit.language) for event in AuditEvent}
    events = [
        {
            "occurred_at": occurred_at,
            "title": titles.get(tag, tag),
            "outcome": outcome,
            "actor": actor,
            "detail": {name: _text(value) for name, value in detail.items()},
        }
        for occurred_at, tag, outcome, actor, _, detail in rows
    ]
    return Page(
        "shared/events.html",
        {
            "events": events,
            "kinds": [{"tag": event.tag, "title": titles[event.tag]} for event in AuditEvent],
            "chosen": chosen.tag if chosen else "",
            "limit": _MOST_EVENTS,
        },
    )


def _title(event: AuditEvent, language: Language) -> str:
    return event.tag if language is Language.ENGLISH else event.value.japanese


def _text(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
