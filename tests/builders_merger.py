"""A merger of municipalities for tests: Setagaya ceases and Musashino continues it, below Tokyo and the nation."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final

from jukinet.delivery.outbox import queue_parcel
from jukinet.devnet.store import digest_records, digest_register
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.mergers import Merger
from jukinet.domain.resident_record import ResidentRecord
from jukinet.identification.mergers import approve_registered_merger, register_merger
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL
from jukinet.municipal.records import notice_of
from jukinet.municipal.usecases.hand_over_register import hand_over_register
from jukinet.municipal.usecases.merge_municipality import MergerProgress, merge_municipality
from jukinet.municipal.usecases.prepare_merger import approve_prepared_merger, prepare_merger
from jukinet.protocol.identification import IdentificationNotice
from tests.builders import MUSASHINO, SETAGAYA, TODAY, TOKYO, act, encoded, opened, populate, resident
from tests.builders_tiers import Tier, Tiers, open_tiers
from tests.fixtures_postgres import MakeDatabase

OUTGOING: Final = SETAGAYA
SUCCESSOR: Final = MUSASHINO


def merger(**items: Any) -> Merger:  # noqa: ANN401 - any item of it
    """Return the merger of Setagaya into Musashino, in effect today."""
    defaults: dict[str, Any] = {
        "outgoing": LocalGovernmentCode.parse(OUTGOING.code),
        "successor": LocalGovernmentCode.parse(SUCCESSOR.code),
        "public_notice": "総務省告示第100号",
        "noticed_on": date(2026, 1, 15),
        "effective_on": TODAY,
    }
    return Merger(**{**defaults, **items})


@asynccontextmanager
async def open_merging(make_database: MakeDatabase) -> AsyncGenerator[Tiers]:
    """Make three empty tiers with two municipalities, and close them."""
    node = await make_database(MUNICIPAL)
    async with open_tiers(make_database) as tiers, opened(node) as database:
        tiers.neighbours.append(Tier(SUCCESSOR, node, database))
        yield tiers


def neighbours(households: int, *, first: int = 1, **columns: Any) -> list[ResidentRecord]:  # noqa: ANN401 - any column
    """Return residents of so many households of two, a householder and a child each."""
    return [
        resident(
            first + household * 2 + place,
            household_number=first + household * 2,
            relationship="子" if place else "世帯主",
            address=f"東京都世田谷区太子堂一丁目{household + 1}番1号",
            **columns,
        )
        for household in range(households)
        for place in range(2)
    ]


async def settle(tier: Tier, tiers: Tiers, *residents: ResidentRecord) -> None:
    """Put residents on the register of a municipality and let the tiers above hear of those who live there."""
    await populate(tier.node, *residents)
    await tell(tier, tiers, *(notice_of(one, one.update_sequence or 1) for one in residents if not one.is_removed))


async def tell(tier: Tier, tiers: Tiers, *notices: IdentificationNotice) -> None:
    """Notify the tiers above."""
    async with tier.database.transaction() as unit:
        await queue_parcel(
            unit,
            receiver=TOKYO,
            message_type="identification_notice",
            notices=encoded(notices),
            notice_count=len(notices),
            now=tiers.now,
        )
    await tiers.carry()


async def prepare(tier: Tier, tiers: Tiers, said: Merger | None = None) -> None:
    """Make and approve the merger at a municipality."""
    whole = said or merger()
    maker, chief = (act(operator_id=who, node=tier.name, now=tiers.now) for who in ("maker", "chief"))
    await prepare_merger(merger=whole, act=maker, database=tier.database)
    await approve_prepared_merger(outgoing=whole.outgoing.value, act=chief, database=tier.database)


async def register_above(tiers: Tiers, above: Sequence[Tier] | None = None, *, said: Merger | None = None) -> None:
    """Register and approve the merger at the prefecture and the nation."""
    whole = said or merger()
    for tier in (tiers.prefectural, tiers.national) if above is None else above:
        await register_merger(merger=whole, node=tier.name, operator_id="maker", database=tier.database, now=tiers.now)
        await approve_registered_merger(
            outgoing=whole.outgoing.value, operator_id="chief", database=tier.database, now=tiers.now
        )


async def hand_over(tiers: Tiers, tier: Tier | None = None) -> int:
    """Hand the register over, and carry it."""
    leaving = tier or tiers.municipal
    rows = await hand_over_register(node=leaving.name, database=leaving.database, clock=lambda: tiers.now)
    await tiers.carry()
    return rows


async def merge(tiers: Tiers, *, outgoing: str = OUTGOING.code, **items: Any) -> MergerProgress:  # noqa: ANN401 - any item of it
    """Write the new codes at the successor."""
    tier = tiers.neighbours[0]
    return await merge_municipality(
        outgoing=outgoing, node=tier.name, database=tier.database, clock=lambda: tiers.now, **items
    )


async def merge_all(tiers: Tiers) -> MergerProgress:
    """Do the whole: prepare, register, hand over, merge, carry."""
    await prepare(tiers.municipal, tiers)
    await prepare(tiers.neighbours[0], tiers)
    await register_above(tiers)
    await hand_over(tiers)
    progress = await merge(tiers)
    await tiers.carry()
    return progress


async def are_equal(tiers: Tiers) -> bool:
    """Return whether the successor, the prefecture and the nation hold the same of everybody of both."""
    async with tiers.neighbours[0].database.connection() as connection:
        digests = {await digest_register(connection)}
    for tier in (tiers.prefectural, tiers.national):
        async with tier.database.connection() as connection:
            parts = [await digest_records(connection, code) for code in (OUTGOING.code, SUCCESSOR.code)]
        # Both the count and the digest of a whole follow from those of its parts.
        digests.add((parts[0][0] + parts[1][0], parts[0][1] ^ parts[1][1]))
    return len(digests) == 1
