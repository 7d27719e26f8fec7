"""A prefectural server with something in quarantine, a national server with a use log."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
from litestar import Litestar

from jukinet.audit.wording import Describer
from jukinet.delivery.quarantine import Holding, hold_notices
from jukinet.disclosure.office import AnswerOffice
from jukinet.identification.receive import Follow, Origin, apply_notices
from jukinet.identification.web.desk import ServerDesk
from jukinet.municipal.records import notice_of
from jukinet.national import app as national_app
from jukinet.national import endpoints as national_endpoints
from jukinet.national.search_key_store import keep_search_keys
from jukinet.national.web.screens import make_screens as make_national_screens
from jukinet.operator_web.accounts import enrol_operator
from jukinet.postgres.database import Database, open_database
from jukinet.prefectural import app as prefectural_app
from jukinet.prefectural import endpoints as prefectural_endpoints
from jukinet.prefectural.web.screens import make_screens as make_prefectural_screens
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD
from tests.integration.web.municipality import CHIYODA, HANAKO, TARO, MovableClock, resident

TOKYO = NodeName.parse("prefectural/130001")


@dataclass(eq=False)
class Node:
    """A node's database, clock and screens."""

    database: Database
    clock: MovableClock
    app: Litestar

    async def rows(self, statement: str) -> list[tuple[object, ...]]:
        async with self.database.connection() as connection:
            return await (await connection.execute(statement.encode())).fetchall()


def notice(number: int, **items: object) -> IdentificationNotice:
    """Return the first notice of a resident, with what `items` says instead."""
    first = notice_of(resident(number, change_reason="birth", changed_on="1985-03-12"), 1)
    return msgspec.structs.replace(first, **items)


@asynccontextmanager
async def prefecture_of(make_database: MakeDatabase, *, office: AnswerOffice | None = None) -> AsyncGenerator[Node]:
    """Give Tokyo with one good resident, and one notice whose kana are wrong."""
    async with opened_node(make_database, prefectural_app.MIGRATIONS, "東京都　係員") as (database, clock):
        await _receive(database, clock, CHIYODA, [notice(HANAKO)])
        await _quarantine(database, clock, CHIYODA, notice(TARO, kana="yamada taro", name="山田　太郎"))
        desk = ServerDesk(
            name=TOKYO,
            database=database,
            clock=clock,
            forwarding=prefectural_endpoints.FORWARDING,
            require_competent=prefectural_endpoints.require_competent,
        )
        yield Node(database, clock, make_prefectural_screens(desk, office=office))


@asynccontextmanager
async def nation_of(make_database: MakeDatabase) -> AsyncGenerator[Node]:
    """Give the national server with one resident."""
    async with opened_node(make_database, national_app.MIGRATIONS, "全国　係員") as (database, clock):
        await _receive(database, clock, TOKYO, [notice(HANAKO)], keep_search_keys)
        desk = ServerDesk(
            name=NATIONAL,
            database=database,
            clock=clock,
            forwarding=None,
            require_competent=national_endpoints.require_competent,
            follow=keep_search_keys,
        )
        yield Node(database, clock, make_national_screens(desk, Describer({"nenkin": "日本年金機構"})))


@asynccontextmanager
async def opened_node(
    make_database: MakeDatabase, migrations: tuple[str, ...], display_name: str
) -> AsyncGenerator[tuple[Database, MovableClock]]:
    """Give a database with an operator, and a clock."""
    database = await open_database((await make_database(migrations)).app)
    clock = MovableClock()
    try:
        async with database.transaction() as unit:
            await enrol_operator(unit, "clerk", display_name, PASSWORD, now=clock(), by="administrator")
        yield database, clock
    finally:
        await database.close()


async def _receive(
    database: Database,
    clock: MovableClock,
    sender: NodeName,
    notices: list[IdentificationNotice],
    follow: Follow | None = None,
) -> None:
    origin = Origin(sender=sender, message_id="m", require_competent=lambda _: None)
    async with database.transaction() as unit:
        await apply_notices(unit, notices=notices, origin=origin, forwarding=None, now=clock(), follow=follow)


async def _quarantine(database: Database, clock: MovableClock, sender: NodeName, held: IdentificationNotice) -> None:
    holding = Holding(
        resident_record_code=held.resident_record_code,
        update_sequence=held.update_sequence,
        state="quarantined",
        notice=msgspec.json.encode(held),
        sender=sender.text,
        message_id="m",
        error_code="value.kana",
        error_field="kana",
        held_at=clock(),
    )
    async with database.transaction() as unit:
        await hold_notices(unit, [holding])
