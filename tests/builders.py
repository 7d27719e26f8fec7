"""Plain functions that make what tests need: a default for every item, a keyword to say otherwise.

Every code and number is synthetic: it begins with the digit that docs/synthetic-data.md reserves.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.domain.acts.birth import Birth
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.identification import Sex
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import SYNTHETIC_PREFIX, ResidentRecordCode
from jukinet.municipal.store import add_codes, add_resident
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit, connect, open_database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.envelope import Envelope, new_message_id
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received
from jukinet.transport.peers import Peer

NOW = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
TODAY = date(2026, 4, 1)
SETAGAYA = NodeName.parse("municipal/131121")
MUSASHINO = NodeName.parse("municipal/132039")
TOKYO = NodeName.parse("prefectural/130001")
PENSION = NodeName.parse("agency/nenkin")
PASSPORT = NodeName.parse("agency/gaimu")
ORGANS = {"nenkin": "日本年金機構", "gaimu": "外務省"}
#: An affair of the pension organ, and one of the passport desk.
PENSION_AFFAIR = "1-74-2"
PASSPORT_AFFAIR = "1-41-1"
ADDRESS = "東京都世田谷区太子堂一丁目1番1号"


def code(number: int) -> str:
    """Return the synthetic resident record code of this number, from 0."""
    return ResidentRecordCode.from_body(f"{SYNTHETIC_PREFIX}{number:09d}").value


def individual_number(number: int) -> str:
    return IndividualNumber.from_body(f"9{number:010d}").value


def notice(number: int = 1, sequence: int = 1, **items: Any) -> IdentificationNotice:  # noqa: ANN401 - any item of it
    """Return a valid notice of the resident of this number: the first is a birth, the others are relocations."""
    defaults: dict[str, Any] = {
        "resident_record_code": code(number),
        "name": "試験\u3000葵",
        "kana": "しけん\u3000あおい",
        "birth_date": "1990-05-06",
        "sex": "2",
        "municipality": SETAGAYA.code,
        "address": f"東京都世田谷区太子堂一丁目{sequence}番1号",
        "reason": "birth" if sequence == 1 else "relocation",
        "changed_on": "1990-05-06" if sequence == 1 else "2026-03-01",
        "update_sequence": sequence,
    }
    return IdentificationNotice(**{**defaults, **items})


def encoded(notices: Iterable[IdentificationNotice]) -> bytes:
    """Return notices as a parcel holds them: a JSON array without its brackets."""
    return msgspec.json.encode(list(notices))[1:-1]


def peer(name: NodeName) -> Peer:
    return Peer(
        name=name,
        serial=1,
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=1),
        public_key=cast("ec.EllipticCurvePublicKey", None),
    )


def message_id(number: int = 1) -> str:
    return new_message_id(NOW, number.to_bytes(10, "big"))


def received(
    body: Any,  # noqa: ANN401 - of any message
    *,
    sender: NodeName = SETAGAYA,
    receiver: NodeName = TOKYO,
    message_type: str = "identification_notice",
    number: int = 1,
) -> Received[Any]:
    """Return a message as the message server hands it to an endpoint. `number` decides its id."""
    content = msgspec.json.encode(body)
    envelope = Envelope(
        version=1,
        message_id=message_id(number),
        type=message_type,
        sender=sender.text,
        receiver=receiver.text,
        sent_at=NOW,
        stream_sequence=0,
        body=msgspec.Raw(content),
    )
    return Received(peer(sender), envelope, body, content, "signature")


def resident(number: int = 1, **columns: Any) -> ResidentRecord:  # noqa: ANN401 - any column of it
    """Return the first version of the resident of this number, a Setagaya householder."""
    base = ResidentRecord(
        resident_number=number,
        version=1,
        household_number=number,
        relationship="世帯主",
        resident_record_code=code(number),
        individual_number=None,
        name="試験\u3000葵",
        kana="しけん\u3000あおい",
        former_surname=None,
        alias=None,
        birth_date="1990-05-06",
        sex="2",
        municipality=SETAGAYA.code,
        address=ADDRESS,
        postal_code="1540004",
        change_reason="birth",
        changed_on="1990-05-06",
        previous_resident_record_code=None,
        is_removed=False,
        became_resident_on="1990-05-06",
        address_since_on="1990-05-06",
        nationality=None,
        residence_status=None,
        is_protected=False,
        notified_on=TODAY,
        recorded_at=NOW,
        recorded_by="initial-load",
    )
    return replace(base, **columns)


def act(**items: Any) -> Act:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {"operator_id": "clerk", "node": SETAGAYA, "now": NOW}
    return Act(**{**defaults, **items})


def birth(**items: Any) -> Birth:  # noqa: ANN401 - any item of it
    """Return a report of a birth yesterday, in the household of resident 1."""
    defaults: dict[str, Any] = {
        "parent_number": 1,
        "name": PersonName(name="試験\u3000凛", kana="しけん\u3000りん"),
        "sex": Sex.FEMALE,
        "birth_date": CivilDate.of(TODAY - timedelta(days=1)),
        "relationship": "子",
    }
    return Birth(**{**defaults, **items})


def notification(**items: Any) -> Notification:  # noqa: ANN401 - any item of it
    """Return a notification of today by the person at the counter, who showed a photo document."""
    defaults: dict[str, Any] = {
        "notified_on": TODAY,
        "notifier": Notifier.SELF,
        "identity_check": IdentityCheck.PHOTO_DOCUMENT,
    }
    return Notification(**{**defaults, **items})


def report(**items: Any) -> Notification:  # noqa: ANN401 - any item of it
    """Return what stands for a notification after today's report of a birth or death to the family register."""
    return replace(Notification.of_family_register(TODAY), **items)


async def populate(database: NodeDatabase, *residents: ResidentRecord, codes: Sequence[str] = ()) -> None:
    """Put residents on a register, and codes into its pool."""
    async with connect(database.owner) as unit, unit.transaction():
        for one in residents:
            await add_resident(unit, one, update_sequence=one.update_sequence or 1)
        if residents:
            await unit.execute(
                "SELECT setval('register.resident_number', %s), setval('register.household_number', %s)",
                [max(r.resident_number for r in residents), max(r.household_number for r in residents)],
            )
        if codes:
            await add_codes(unit, codes, now=NOW)


@asynccontextmanager
async def opened(database: NodeDatabase) -> AsyncGenerator[Database]:
    """Open a node's database as the node does, and close it."""
    found = await open_database(database.app)
    try:
        yield found
    finally:
        await found.close()


async def list_rows(database: NodeDatabase, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return what a statement finds, asked over a connection of its own as the owner."""
    async with connect(database.owner) as unit:
        return await rows_of(unit, statement, parameters)


async def rows_of(unit: Unit, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    cursor = await unit.execute(cast("Any", statement), parameters)
    return await cursor.fetchall()


async def find_value(database: NodeDatabase, statement: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401 - whatever the statement selects
    rows = await list_rows(database, statement, parameters)
    return rows[0][0] if rows else None


async def execute(database: NodeDatabase, statement: str, parameters: Sequence[Any] = ()) -> None:
    """Run a statement as the owner: what an application never may."""
    async with connect(database.owner) as unit:
        await unit.execute(cast("Any", statement), parameters)
