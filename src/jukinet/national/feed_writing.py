"""Events of the change feed, written in the transaction that applies the changes (変更の継続提供の事象の記録)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jukinet.domain.certification_linkage import voids_certificates
from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.feed_changes import RecordVersion, judge_change
from jukinet.identification.receive import Follow
from jukinet.identification.standing import resident_key
from jukinet.national.feed_event_store import (
    AppliedChange,
    follow_new_codes,
    list_earlier,
    list_followed,
    write_events,
    write_linkage_events,
)
from jukinet.national.search_key_store import keep_search_keys
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.node_names import NodeKind


def follow_changes(*, clock: Clock, certification_linkage: str = "") -> Follow:
    """Return what the national node does with applied notices: people stay findable, followers get their events.

    `certification_linkage` is the code of the agency node that is the certification linkage server, where there is one.
    """
    linkage = f"{NodeKind.AGENCY.value}/{certification_linkage}" if certification_linkage else None

    async def follow(unit: Unit, notices: Sequence[IdentificationNotice]) -> None:
        await keep_search_keys(unit, notices)
        await record_events(unit, notices, linkage=linkage, now=clock())

    return follow


async def record_events(
    unit: Unit, notices: Sequence[IdentificationNotice], *, linkage: str | None, now: datetime
) -> None:
    """Write the events of notices that were just applied, in the order of the notices.

    The caller has taken its turn: nobody else applies changes or adds followers until the transaction ends.
    """
    codes = {code for notice in notices for code in (resident_key(notice), notice.resident_record_code)}
    followed = await list_followed(unit, [*codes])
    if not followed and linkage is None:
        return
    persons = _persons_of(notices)
    ours = [
        notice
        for notice, person in zip(notices, persons.of_each, strict=True)
        if linkage is not None or person.first in followed
    ]
    if not ours:
        return
    renamed = {person.first: person.last for person in persons.all if person.first != person.last}
    if renamed:
        await follow_new_codes(unit, [*renamed.items()])
    changes = await _judge(unit, ours, persons.by_code)
    if followed:
        await write_events(unit, changes, today=civil_day(now), now=now)
    if linkage is not None:
        voiding = [
            change
            for change, notice in zip(changes, ours, strict=True)
            if voids_certificates(notice.reason, change.judged.items)
        ]
        if voiding:
            await write_linkage_events(unit, voiding, agency=linkage, now=now)


@dataclass(slots=True)
class _Person:
    """Somebody a message speaks of: the code before it, and the one after it."""

    first: str
    last: str

    def __repr__(self) -> str:
        return "_Person(***)"


@dataclass(frozen=True, slots=True)
class _Persons:
    of_each: Sequence[_Person]
    by_code: Mapping[str, _Person]

    @property
    def all(self) -> Sequence[_Person]:
        return [*{id(person): person for person in self.of_each}.values()]


def _persons_of(notices: Sequence[IdentificationNotice]) -> _Persons:
    by_code: dict[str, _Person] = {}
    of_each: list[_Person] = []
    for notice in notices:
        key = resident_key(notice)
        person = by_code.setdefault(key, _Person(key, key))
        person.last = notice.resident_record_code
        by_code[person.last] = person
        of_each.append(person)
    return _Persons(of_each, by_code)


async def _judge(
    unit: Unit, notices: Sequence[IdentificationNotice], persons: Mapping[str, _Person]
) -> list[AppliedChange]:
    earlier = await list_earlier(unit, [(resident_key(notice), notice.update_sequence) for notice in notices])
    changes: list[AppliedChange] = []
    for notice, before in zip(notices, earlier, strict=True):
        number = before[0].individual_number if before else None
        changes.append(
            AppliedChange(
                followed=persons[notice.resident_record_code].last,
                resident_record_code=notice.resident_record_code,
                update_sequence=notice.update_sequence,
                previous_number=None if number == notice.individual_number else number,
                judged=judge_change(version_of(notice), before),
            )
        )
    return changes


def version_of(notice: IdentificationNotice) -> RecordVersion:
    """Return the version of the record a notice makes."""
    return RecordVersion(
        resident_record_code=notice.resident_record_code,
        individual_number=notice.individual_number,
        name=notice.name,
        kana=notice.kana,
        former_surname=notice.former_surname,
        alias=notice.alias,
        birth_date=notice.birth_date,
        sex=notice.sex,
        address=notice.address,
        reason=notice.reason,
    )
