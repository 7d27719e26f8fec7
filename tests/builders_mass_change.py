"""Mass changes of addresses for tests: a town, and the change of its name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from jukinet.delivery.outbox import queue_parcel
from jukinet.domain.acts.mass_address_change import AddressRow, MassChangeKind
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.records import notice_of
from jukinet.municipal.usecases.prepare_address_change import (
    AddressChange,
    approve_address_change,
    prepare_address_change,
)
from jukinet.postgres.database import Database
from tests.builders import NOW, TODAY, TOKYO, act, encoded, populate, resident
from tests.builders_tiers import Tiers

OLD_TOWN = "太子堂一丁目"
NEW_TOWN = "新太子堂一丁目"
RENAMED = (AddressRow(1, OLD_TOWN, NEW_TOWN, "1540099"),)


def in_town(place: str) -> str:
    return f"東京都世田谷区{place}"


def town(households: int, *, first: int = 1, size: int = 2) -> list[ResidentRecord]:
    """Return residents of so many households of the old town, each with its householder and children."""
    found: list[ResidentRecord] = []
    for household in range(households):
        for place in range(size):
            number = first + household * size + place
            found.append(
                resident(
                    number,
                    household_number=first + household * size,
                    relationship="子" if place else "世帯主",
                    address=in_town(f"{OLD_TOWN}{household + 1}番1号"),
                )
            )
    return found


async def load(tiers: Tiers, *residents: ResidentRecord) -> None:
    """Put residents on the register and let the tiers above hear of them."""
    await populate(tiers.municipal.node, *residents)
    notices = [notice_of(one, 1) for one in residents if not one.is_removed]
    async with tiers.municipal.database.transaction() as unit:
        await queue_parcel(
            unit,
            receiver=TOKYO,
            message_type="identification_notice",
            notices=encoded(notices),
            notice_count=len(notices),
            now=NOW,
        )
    await tiers.carry()


async def prepared(
    database: Database,
    rows: Sequence[AddressRow] = RENAMED,
    *,
    kind: MassChangeKind = MassChangeKind.TOWN_RENAMED,
    effective_on: date = TODAY,
    **items: Any,  # noqa: ANN401 - any item of it
) -> int:
    """Return the number of a mass change that was made and approved."""
    change = AddressChange(
        kind=kind,
        public_notice="世田谷区告示第9号",
        noticed_on=min(TODAY, effective_on),
        effective_on=effective_on,
        rows=rows,
        **items,
    )
    number = await prepare_address_change(change=change, act=act(operator_id="maker"), database=database)
    await approve_address_change(mass_change_number=number, act=act(operator_id="chief"), database=database)
    return number
