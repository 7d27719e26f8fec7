"""Chiyoda with a few residents, and its screens."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from litestar import Litestar

from jukinet.documents.move_out_items import MoveOutData
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.document_office import DocumentOffice
from jukinet.municipal.store import add_codes, add_resident
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.screens import make_screens
from jukinet.operator_web.accounts import enrol_operator
from jukinet.postgres.database import Database, open_database
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_client import MessageClient
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import PASSWORD

CHIYODA = NodeName.parse("municipal/131016")
TODAY = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

HANAKO = 1
TARO = 2
PROTECTED = 3
HOUSEMATE = 4


class MovableClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = TODAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)


def resident(number: int, **items: object) -> ResidentRecord:
    """Return a resident as move-in would have recorded it."""
    version = ResidentRecord(
        resident_number=number,
        version=1,
        household_number=number,
        relationship="世帯主",
        resident_record_code=ResidentRecordCode.from_body(f"9{number:09}").value,
        individual_number=None,
        name="山田　花子",
        kana="やまだ　はなこ",
        former_surname=None,
        alias=None,
        birth_date="1985-03-12",
        sex="2",
        municipality=CHIYODA.code,
        address="東京都千代田区飯田橋一丁目1番1号",
        postal_code="1020072",
        change_reason="move_in",
        changed_on="2020-04-01",
        previous_resident_record_code=None,
        is_removed=False,
        became_resident_on="2020-04-01",
        address_since_on="2020-04-01",
        nationality=None,
        residence_status=None,
        is_protected=False,
        notified_on=date(2020, 4, 2),
        recorded_at=datetime(2020, 4, 2, 3, 0, tzinfo=UTC),
        recorded_by="clerk",
    )
    return replace(version, **items)  # type: ignore[arg-type] # the fields are those of the record


@dataclass
class Municipality:
    """The node's database, its clock and its screens."""

    database: Database
    clock: MovableClock
    app: Litestar

    async def rows(self, statement: str) -> list[tuple[object, ...]]:
        async with self.database.connection() as connection:
            return await (await connection.execute(statement.encode())).fetchall()


RESIDENTS = (
    resident(HANAKO),
    resident(
        TARO,
        household_number=HANAKO,
        relationship="夫",
        name="山田　太郎",
        kana="やまだ　たろう",
        sex="1",
        birth_date="1984-01-08",
    ),
    resident(
        PROTECTED,
        name="佐藤　幸子",
        kana="さとう　さちこ",
        birth_date="1990-XX-XX",
        address="東京都千代田区神田神保町一丁目9番9号",
        is_protected=True,
    ),
    resident(
        HOUSEMATE,
        household_number=PROTECTED,
        relationship="子",
        name="佐藤　翔",
        kana="さとう　しょう",
        birth_date="2015-06-01",
        sex="1",
        address="東京都千代田区神田神保町一丁目9番9号",
    ),
)


@asynccontextmanager
async def municipality_of(
    make_database: MakeDatabase,
    *,
    client: MessageClient | None = None,
    read_certificate: Callable[[Sequence[str]], MoveOutData] | None = None,
    office: DocumentOffice | None = None,
) -> AsyncGenerator[Municipality]:
    """Give Chiyoda with four residents, an operator named clerk, and codes for newborns; `client` is its line."""
    database = await open_database((await make_database(MIGRATIONS)).app)
    clock = MovableClock()
    try:
        async with database.transaction() as unit:
            await enrol_operator(unit, "clerk", "千代田　係員", PASSWORD, now=clock(), by="administrator")
            for one in RESIDENTS:
                await add_resident(unit, one)
                await unit.execute("SELECT nextval('register.resident_number')")
                await unit.execute("SELECT nextval('register.household_number')")
            codes = [ResidentRecordCode.from_body(f"80000000{n:02}").value for n in range(20)]
            await add_codes(unit, codes, now=clock())
        desk = Desk(
            name=CHIYODA,
            database=database,
            clock=clock,
            choice=random.Random(1),
            client=client,
            read_certificate=read_certificate,
            office=office,
        )
        yield Municipality(database, clock, make_screens(desk))
    finally:
        await database.close()
