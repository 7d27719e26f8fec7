"""The log takes what the catalogue lists, with the act or not at all, and takes nothing back (I11)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from jukinet.audit.events import RETIRED_TAGS, AuditEvent
from jukinet.audit.store import Entry, append, list_events
from jukinet.domain.errors import JukinetError
from jukinet.national.app import MIGRATIONS
from jukinet.postgres.database import Database
from tests.builders import NOW, code, opened, rows_of
from tests.fixtures_postgres import MakeDatabase


@pytest.fixture
async def database(fresh_database: MakeDatabase) -> AsyncIterator[Database]:
    node = await fresh_database(MIGRATIONS)
    async with opened(node) as found:
        yield found


def entry(event: AuditEvent = AuditEvent.SIGNED_IN, **detail: object) -> Entry:
    return Entry(event=event, occurred_at=NOW, actor="clerk", resident_record_code=code(1), detail=detail)


async def test_an_event_is_there_with_its_act_and_not_without(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as unit:
            await append(unit, [entry()])
            raise RuntimeError
    async with database.transaction() as unit:
        await append(unit, [entry(), entry(AuditEvent.CODES_REQUESTED, quantity=5)])

    async with database.connection() as connection:
        everything = await list_events(connection, limit=10)
        requested = await list_events(connection, limit=10, event=AuditEvent.CODES_REQUESTED)
    assert {row[1] for row in everything} == {"operator:signed_in", "codes:requested"}
    assert requested == [(NOW, "codes:requested", "done", "clerk", None, {"quantity": 5})]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.event SET actor = 'nobody'",
        "DELETE FROM audit.event",
        "TRUNCATE audit.event",
        "UPDATE audit.use_log SET purpose = ''",
        "DELETE FROM audit.use_log",
        "TRUNCATE audit.use_log",
        "DROP TABLE audit.event",
        "ALTER TABLE audit.use_log DROP COLUMN purpose",
    ],
)
async def test_the_node_itself_cannot_change_or_take_back_what_is_on_the_log(
    database: Database, statement: str
) -> None:
    async with database.transaction() as unit:
        await append(unit, [entry()])

    with pytest.raises(JukinetError):
        async with database.transaction() as unit:
            await rows_of(unit, statement)

    async with database.connection() as connection:
        assert len(await list_events(connection, limit=10)) == 1


def test_a_detail_that_the_catalogue_does_not_list_is_refused() -> None:
    with pytest.raises(ValueError, match="salary"):
        entry(AuditEvent.CODES_REQUESTED, salary=1)


def test_an_entry_shows_no_person_when_printed() -> None:
    assert code(1) not in repr(entry())


def test_no_two_events_share_a_tag_and_no_retired_one_is_used() -> None:
    tags = [event.tag for event in AuditEvent]

    assert len(tags) == len(set(tags))
    assert not RETIRED_TAGS & set(tags)
