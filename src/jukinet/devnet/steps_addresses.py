"""The story's mass change: a town gets another name, and all tiers know it although nobody moved."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from jukinet.devnet.acts import CLERK, meet_resident
from jukinet.devnet.federation import wait_until
from jukinet.devnet.steps_changes import await_known, tiers_are_equal
from jukinet.devnet.story import MATSUMOTO, Scene, Step
from jukinet.domain.acts.mass_address_change import AddressRow, MassChangeKind
from jukinet.domain.addresses import list_beginnings
from jukinet.domain.clock import civil_day
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import find_resident
from jukinet.municipal.usecases.prepare_address_change import (
    AddressChange,
    approve_address_change,
    prepare_address_change,
    preview_address_change,
)
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.process import Node

_PATIENCE_SECONDS: Final = 60.0
#: Who approves what the clerk prepared: nobody approves a change of his or her own.
_SUPERVISOR: Final = "supervisor"


async def a_town_is_renamed(scene: Scene) -> None:
    """A town gets another name: everybody there has a new address, as a minor correction, on every tier."""
    async with scene.federation.open(MATSUMOTO) as node:
        one = await meet_resident(node, offset=scene.offset + 17, born_from="1960-01-01", born_until="1990-12-31")
        town = _town_of(one)
        residents = await _prepare(node, town)
        scene.tell(MATSUMOTO, f"町名変更の告示により {residents} 人の住所を一括で改める準備をし、別の職員が承認した")
        scene.require(await wait_until(lambda: _is_renamed(node, one), _PATIENCE_SECONDS), "the town kept its name")
        async with node.database.connection() as connection:
            renamed = await find_resident(connection, one.resident_number)
    scene.require(renamed.change_reason == "minor_correction", "it is not a minor correction")
    scene.tell(MATSUMOTO, "世帯ごとに新しい住所を記載し、軽微な修正として通知した（電子証明書は失効しない）")
    await await_known(scene, renamed.resident_record_code, renamed.update_sequence or 0, "町名の変更")
    await tiers_are_equal(scene)


async def _prepare(node: Node, town: str) -> int:
    """Prepare and approve the change; return how many residents it concerns. The node carries it out by itself."""
    now = node.clock()
    today = civil_day(now)
    clerk = Act(operator_id=CLERK, node=node.name, now=now)
    number = await prepare_address_change(
        change=AddressChange(
            kind=MassChangeKind.TOWN_RENAMED,
            public_notice="告示第1号",
            noticed_on=today - timedelta(days=30),
            effective_on=today,
            rows=(AddressRow(1, town, f"{town}新町"),),
        ),
        act=clerk,
        database=node.database,
    )
    preview = await preview_address_change(mass_change_number=number, act=clerk, database=node.database)
    supervisor = Act(operator_id=_SUPERVISOR, node=node.name, now=now)
    await approve_address_change(mass_change_number=number, act=supervisor, database=node.database)
    return preview.residents


def _town_of(one: ResidentRecord) -> str:
    """Return the name of the town the resident lives in, as the address says it."""
    beginnings = sorted(list_beginnings(LocalGovernmentCode(one.municipality)), key=len, reverse=True)
    beginning = next(text for text in beginnings if one.address.startswith(text))
    found = re.match(r"[^0-9０-９\u3000 ]+", one.address.removeprefix(beginning))
    return one.address.removeprefix(beginning) if found is None else found[0]


async def _is_renamed(node: Node, one: ResidentRecord) -> bool:
    async with node.database.connection() as connection:
        return (await find_resident(connection, one.resident_number)).address != one.address


STEPS: Final = (Step("松本市で町の名前が変わり、全員の住所が一括で改まる", a_town_is_renamed),)
