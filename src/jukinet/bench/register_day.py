"""A day at the counters of a city at the end of March: which acts, how many, what clerks look for before each.

Yearly figures of the nation (2023, changes of address, births, deaths), brought down to the city's residents, a
working day, and the four to five times of the end of March.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.devnet.acts import (
    CLERK,
    counter_notification,
    list_members,
    report_birth,
    report_death,
    report_relocation,
)
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.addresses import list_beginnings
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import BenchFailedError
from jukinet.domain.identification import Sex
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.search_keys import Findable, search_keys_of
from jukinet.municipal.search_store import Search, search
from jukinet.municipal.search_words import understand
from jukinet.municipal.store import find_resident
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn, record_move_in
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.recording import Act
from jukinet.node_process.process import Node

_NATION: Final = 124_330_690
_WORKING_DAYS: Final = 240
_END_OF_MARCH: Final = 4.5
#: Acts in the nation in a year, by what they are.
_YEARLY: Final[Mapping[str, int]] = {
    "move_in": 4_800_000,
    "move_out": 4_800_000,
    "relocation": 3_500_000,
    "birth": 750_000,
    "death": 1_600_000,
}
#: What a clerk types to find somebody, each kind as often as the others.
SEARCH_KINDS: Final = ("kana", "surname", "name", "birth_date", "address", "code")
SEARCHES_PER_ACT: Final = 3
#: As many hits as the screen shows.
_MOST_HITS: Final = 50
#: 大阪市北区, where those who move in come from and those who move out go.
_ELSEWHERE: Final = "271276"
_ELSEWHERE_ADDRESS: Final = "大阪府大阪市北区中之島一丁目3番20号"
_HOUSES: Final = 5000


@dataclass(frozen=True, slots=True)
class Errand:
    """One act to record: what, about whom, which in the day's order, and what is looked for before it."""

    procedure: str
    person: Findable = field(repr=False)
    position: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of each search by its kind, and of each act recorded."""

    searches: dict[str, list[float]]
    acts: list[float]

    @classmethod
    def nothing(cls) -> Measured:
        """Return no measurement yet."""
        return cls({kind: [] for kind in SEARCH_KINDS}, [])


def count_of_day(residents: int) -> dict[str, int]:
    """Return how many acts of each kind a city of so many residents has on a day at the end of March."""
    share = residents / _NATION / _WORKING_DAYS * _END_OF_MARCH
    return {procedure: max(1, round(yearly * share)) for procedure, yearly in _YEARLY.items()}


def plan_day(counts: Mapping[str, int], people: Sequence[Findable], choice: random.Random) -> list[Errand]:
    """Return the day's errands in an order of chance, each about another household."""
    procedures = [procedure for procedure, count in counts.items() for _ in range(count)]
    choice.shuffle(procedures)
    return [
        Errand(
            procedure,
            person,
            position,
            tuple(SEARCH_KINDS[(position * SEARCHES_PER_ACT + n) % len(SEARCH_KINDS)] for n in range(SEARCHES_PER_ACT)),
        )
        for position, (procedure, person) in enumerate(zip(procedures, people, strict=True))
    ]


async def pause(seconds: float) -> None:
    """Do what a clerk does from one screen to the next: between nothing and twice so long."""
    await asyncio.sleep(random.uniform(0, 2 * seconds))  # noqa: S311 - chance for a measurement


async def run_errand(node: Node, errand: Errand, measured: Measured, *, pause_seconds: float) -> None:
    """Look for the person as a clerk does, then record the act.

    Raises:
        BenchFailedError: a search did not find the person.
    """
    async with node.database.connection() as connection:
        resident = await find_resident(connection, errand.person.resident_number)
    for kind in errand.kinds:
        await pause(pause_seconds)
        started = time.perf_counter()
        await _look_for(node, kind, resident)
        measured.searches[kind].append(time.perf_counter() - started)
    await pause(pause_seconds)
    started = time.perf_counter()
    await _RECORDED[errand.procedure](node, resident, errand.position)
    measured.acts.append(time.perf_counter() - started)


async def _look_for(node: Node, kind: str, resident: ResidentRecord) -> None:
    """Do what the search screen does: understand, search, log what was found before it is shown."""
    box = understand(typed_of(kind, resident), municipality=node.name.code)
    wanted = Search(words=tuple(box.words), birth_date=box.birth_date, resident_record_code=box.resident_record_code)
    async with node.database.transaction() as unit:
        found = await search(unit, wanted, limit=_MOST_HITS)
        numbers = [hit.resident_number for hit in found.hits]
        detail = {"hits": found.count, "resident_numbers": numbers}
        event = AuditEvent.RESIDENTS_SEARCHED
        await append(unit, [Entry(event=event, occurred_at=node.clock(), actor=CLERK, detail=detail)])
    if resident.resident_number not in numbers and found.count <= _MOST_HITS:
        raise BenchFailedError(f"A search by {kind} did not find the person it was for.")


def typed_of(kind: str, resident: ResidentRecord) -> str:
    """Return what a clerk types into the box."""
    if kind in {"kana", "surname"}:
        surname, _, given = resident.kana.partition("\u3000")
        return surname if kind == "surname" else f"{surname} {given}"
    if kind == "address":
        beginnings = list_beginnings(LocalGovernmentCode.parse(resident.municipality))
        beginning = max((one for one in beginnings if resident.address.startswith(one)), key=len, default="")
        return resident.address.removeprefix(beginning).partition("\u3000")[0]
    return {
        "name": resident.name.replace("\u3000", " "),
        "birth_date": resident.birth_date,
        "code": resident.resident_record_code,
    }[kind]


def key_of(kind: str, person: Findable, code: str) -> str:
    """Return the key the raw statement looks for."""
    key = search_keys_of(person)[0]
    surname = key.kana_key.removesuffix(key.given_kana_key)
    return {
        "kana": key.kana_key,
        "surname": surname,
        "name": key.name_key,
        "address": key.address_key,
        "birth_date": person.birth_date,
        "code": code,
    }[kind]


async def _move_in(node: Node, resident: ResidentRecord, position: int) -> None:
    # Somebody with another person's name and birth date, as there are in a city: the certificate brings the code.
    now = node.clock()
    arriving = Arriving(
        name=PersonName(name=resident.name, kana=resident.kana),
        birth_date=CivilDate.from_wire(resident.birth_date, may_be_irregular=True),
        sex=Sex(resident.sex),
        relationship="世帯主",
        former_code=ResidentRecordCode.from_body(f"7{position:09}").value,
        residence=1,
    )
    move_in = MoveIn(
        people=(arriving,),
        address=resident.address,
        previous_address=_ELSEWHERE_ADDRESS,
        moved_in_on=CivilDate.of(civil_day(now)),
        came_from=(_ELSEWHERE,),
    )
    await record_move_in(
        move_in=move_in,
        notification=counter_notification(now, SeenDocument.MOVE_OUT_CERTIFICATE),
        act=Act(operator_id=CLERK, node=node.name, now=now),
        database=node.database,
        choice=random.SystemRandom(),
    )


async def _move_out(node: Node, resident: ResidentRecord, _position: int) -> None:
    now = node.clock()
    members = await list_members(node, resident)
    move_out = MoveOut(
        resident_number=resident.resident_number,
        expected_version=resident.version,
        companions=tuple(one.resident_number for one in members if one.resident_number != resident.resident_number),
        planned_on=CivilDate.of(civil_day(now) + timedelta(days=3)),
        destination=_ELSEWHERE_ADDRESS,
    )
    act = Act(operator_id=CLERK, node=node.name, now=now)
    await record_move_out(move_out=move_out, notification=counter_notification(now), act=act, database=node.database)


async def _relocation(node: Node, resident: ResidentRecord, position: int) -> None:
    await report_relocation(node, resident, position % _HOUSES)


async def _birth(node: Node, resident: ResidentRecord, _position: int) -> None:
    await report_birth(node, resident)


async def _death(node: Node, resident: ResidentRecord, _position: int) -> None:
    await report_death(node, resident)


_RECORDED: Final[Mapping[str, Callable[[Node, ResidentRecord, int], Awaitable[None]]]] = {
    "move_in": _move_in,
    "move_out": _move_out,
    "relocation": _relocation,
    "birth": _birth,
    "death": _death,
}
