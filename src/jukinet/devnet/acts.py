"""The acts of the people in the story: clerks record, officials ask. The same use cases the screens call."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from jukinet.agency.usecases.ask_confirmation import ask_confirmation
from jukinet.devnet.federation import Federation
from jukinet.devnet.store import pick_resident
from jukinet.domain.acts.birth import Birth
from jukinet.domain.acts.relocation import Relocation
from jukinet.domain.acts.removal import Death
from jukinet.domain.addresses import compose_address, list_towns
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.households import Succession, live_members
from jukinet.domain.identification import Sex
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.relationship_proposals import Member, propose_relationships
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import find_resident, list_household
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.record_death import record_death
from jukinet.municipal.usecases.record_relocation import record_relocation
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.process import Node
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery

CLERK: Final = "clerk"
#: Affairs of the Appended Tables: the pension organ's check of the insured, the passport application.
PENSION_AFFAIR: Final = "1-74-2"
PASSPORT_AFFAIR: Final = "1-41-1"


async def meet_resident(
    node: Node, *, offset: int, born_from: str, born_until: str, apart_from: int | None = None
) -> ResidentRecord:
    """Return some resident of the municipality, born in the period, of another household than that."""
    async with node.database.connection() as connection:
        number = await pick_resident(
            connection, born_from=born_from, born_until=born_until, offset=offset, apart_from=apart_from
        )
        return await find_resident(connection, number)


async def report_birth(node: Node, parent: ResidentRecord) -> ResidentRecord:
    """Record a child of `parent`, born yesterday."""
    now = node.clock()
    today = civil_day(now)
    surname, reading = (text.partition("\u3000")[0] for text in (parent.name, parent.kana))
    birth = Birth(
        parent_number=parent.resident_number,
        name=PersonName(name=f"{surname}\u3000葵", kana=f"{reading}\u3000あおい"),
        sex=Sex("2"),
        birth_date=CivilDate.of(today - timedelta(days=1)),
        relationship="子",
    )
    act = Act(operator_id=CLERK, node=node.name, now=now)
    return await record_birth(
        birth=birth,
        notification=Notification.of_family_register(today, SeenDocument.BIRTH_REPORT),
        act=act,
        database=node.database,
        choice=random.SystemRandom(),
    )


async def report_relocation(node: Node, resident: ResidentRecord, house: int) -> ResidentRecord:
    """Record that a resident moved to another town of the same municipality, with the whole household."""
    now = node.clock()
    address = new_address(resident.municipality, house)
    if address == resident.address:
        address = new_address(resident.municipality, house + 1)
    others = [one for one in await list_members(node, resident) if one.resident_number != resident.resident_number]
    relocation = Relocation(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        companions=tuple(one.resident_number for one in others),
        address=address,
        moved_on=CivilDate.of(civil_day(now)),
    )
    act = Act(operator_id=CLERK, node=node.name, now=now)
    return await record_relocation(
        relocation=relocation, notification=counter_notification(now), act=act, database=node.database
    )


async def report_death(node: Node, resident: ResidentRecord) -> ResidentRecord:
    """Record that a resident died today."""
    now = node.clock()
    death = Death(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        died_on=CivilDate.of(civil_day(now)),
        succession=_succession(resident, await list_members(node, resident)),
    )
    act = Act(operator_id=CLERK, node=node.name, now=now)
    report = Notification.of_family_register(civil_day(now), SeenDocument.DEATH_REPORT)
    return await record_death(death=death, notification=report, act=act, database=node.database)


async def list_members(node: Node, resident: ResidentRecord) -> list[ResidentRecord]:
    """Return the live members of a resident's household."""
    async with node.database.connection() as connection:
        return live_members(await list_household(connection, resident.household_number))


def _succession(leaving: ResidentRecord, household: Sequence[ResidentRecord]) -> Succession:
    """Return what those who stay say at the counter: the eldest follows."""
    staying = [member for member in household if member.resident_number != leaving.resident_number]
    if not leaving.is_householder or not staying:
        return Succession()
    eldest = min(staying, key=lambda member: member.birth_date)
    proposals = propose_relationships([_member(one) for one in household], householder=eldest.resident_number)
    relationships = {member.resident_number: proposals[member.resident_number].text for member in staying}
    return Succession(householder=eldest.resident_number, relationships=relationships)


def _member(record: ResidentRecord) -> Member:
    return Member(
        resident_number=record.resident_number,
        relationship=record.relationship,
        sex=Sex(record.sex),
        birth_date=CivilDate.from_wire(record.birth_date, may_be_irregular=True),
    )


def counter_notification(now: datetime, *documents: SeenDocument) -> Notification:
    """Return a notification of today by the person at the counter, who showed these documents too."""
    return Notification(
        notified_on=civil_day(now),
        notifier=Notifier.SELF,
        identity_check=IdentityCheck.PHOTO_DOCUMENT,
        documents=frozenset(documents),
    )


async def confirm(federation: Federation, agency: str, **items: str) -> ConfirmationAnswer:
    """Ask in the name of an agency; the items are those of the query."""
    query = msgspec.convert({"official": "official", **items}, ConfirmationQuery)
    async with federation.open(agency) as node:
        return await ask_confirmation(query=query, client=node.client, database=node.database, now=node.clock())


def new_address(municipality: str, house: int) -> str:
    """Return an address in one of the municipality's real towns."""
    code = LocalGovernmentCode.parse(municipality)
    towns = list_towns(code)
    place = towns[house % len(towns)]
    lot = f"{house % 40 + 1}番地{house % 9 + 1}"
    return compose_address(municipality=code, town=place.name, koaza=place.koaza, lot=lot)
