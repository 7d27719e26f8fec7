"""Allot Individual Numbers (個人番号とすべき番号の生成と通知) to live residents of the municipality that asks.

A code has one number: asking again is answered with the same. A change on suspicion of misuse names the number it
gives up, so that it, too, can be repeated when the answer was lost. No number is ever used twice.

Source: Individual Number Act art. 7(1)(2), 8; Individual Number Act Order art. 7, 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.inbox import accept
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import DuplicateIndividualNumberError, ResidentNotFoundError
from jukinet.domain.identification import require_individual_number_in_force
from jukinet.domain.individual_number_derivation import NumberDerivation
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import wards_of
from jukinet.domain.resident_record_code import ResidentRecordCode, is_resident_record_code
from jukinet.national.individual_number_store import (
    Drawn,
    Occasion,
    Standing,
    list_standings,
    set_current,
    take_numbers,
    take_turn,
)
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.individual_number import (
    AllottedIndividualNumber,
    IndividualNumberAllotment,
    IndividualNumberChange,
    IndividualNumberRequest,
)
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received


@dataclass(slots=True)
class _Allotment:
    """One request being answered: who lives where, and what was given so far."""

    derivation: NumberDerivation
    occasion: Occasion
    standings: dict[str, Standing] = field(repr=False)
    changed: list[str] = field(default_factory=list, repr=False)


async def allot_individual_numbers(
    *,
    received: Received[IndividualNumberRequest],
    derivation: NumberDerivation,
    database: Database,
    now: datetime,
) -> IndividualNumberAllotment:
    """Return the number of every resident asked for, after it is durable; of others, why there is none.

    Somebody unknown, removed, or of another municipality is answered alike: a municipality learns nothing of others.

    Raises:
        NotInForceError: there is no Individual Number before 2015-10-05.
        ReplayedMessageError: this request was received before.
    """
    require_individual_number_in_force(is_given=True, day=civil_day(now))
    request, sender = received.body, received.peer.name
    occasion = Occasion(municipality=sender.code, message_id=received.envelope.message_id, now=now)
    codes = [*request.resident_record_codes, *(change.resident_record_code for change in request.changes)]
    possible = [code for code in dict.fromkeys(codes) if is_resident_record_code(code)]
    async with database.transaction() as unit:
        await accept(unit, received, now=now)
        await take_turn(unit)
        standings = await list_standings(unit, possible, municipalities=_municipalities_of(sender))
        allotment = _Allotment(derivation, occasion, standings)
        await _provide_first(unit, allotment, request.resident_record_codes)
        answers = [_answer(allotment, code) for code in request.resident_record_codes]
        answers += [await _change(unit, allotment, change) for change in request.changes]
        await append(unit, _entries(allotment, answers, sender))
    return IndividualNumberAllotment(answers=tuple(answers))


def _municipalities_of(sender: NodeName) -> list[str]:
    own = LocalGovernmentCode(sender.code)
    return [own.value, *(ward.code.value for ward in wards_of(own))]


async def _provide_first(unit: Unit, allotment: _Allotment, codes: Sequence[str]) -> None:
    without = [code for code in dict.fromkeys(codes) if _has_none(allotment.standings.get(code))]
    if without:
        await _give(unit, allotment, without)


def _has_none(standing: Standing | None) -> bool:
    return standing is not None and standing.current is None


async def _give(unit: Unit, allotment: _Allotment, codes: Sequence[str]) -> None:
    """Make a number for each code, counting on until one is free, and note it as the present one."""
    waiting = {code: allotment.standings[code].serial + 1 for code in codes}
    while waiting:
        drawn = [
            Drawn(code, allotment.derivation.derive(ResidentRecordCode(code), serial).value, serial)
            for code, serial in waiting.items()
        ]
        for taken in await take_numbers(unit, drawn, allotment.occasion):
            before = allotment.standings[taken.resident_record_code]
            allotment.standings[taken.resident_record_code] = Standing(
                before.recorded, taken.individual_number, taken.serial, before.current
            )
            del waiting[taken.resident_record_code]
        waiting = {code: serial + 1 for code, serial in waiting.items()}
    given = {code: allotment.standings[code] for code in codes}
    await set_current(unit, given, now=allotment.occasion.now)


async def _change(unit: Unit, allotment: _Allotment, change: IndividualNumberChange) -> AllottedIndividualNumber:
    code, replaced = change.resident_record_code, change.replaced_individual_number
    standing = allotment.standings.get(code)
    if standing is None or standing.replaced == replaced:
        return _answer(allotment, code)
    if standing.current != replaced:
        return AllottedIndividualNumber(resident_record_code=code, error_code=DuplicateIndividualNumberError.code)
    # What came with the initial load was never made here: from now on it is taken for ever all the same.
    await take_numbers(unit, [Drawn(code, replaced, 0)], allotment.occasion)
    await _give(unit, allotment, [code])
    allotment.changed.append(code)
    return _answer(allotment, code)


def _answer(allotment: _Allotment, code: str) -> AllottedIndividualNumber:
    standing = allotment.standings.get(code)
    if standing is None:
        return AllottedIndividualNumber(resident_record_code=code, error_code=ResidentNotFoundError.code)
    return AllottedIndividualNumber(resident_record_code=code, individual_number=standing.current)


def _entries(allotment: _Allotment, answers: Sequence[AllottedIndividualNumber], sender: NodeName) -> list[Entry]:
    occasion = allotment.occasion
    refused = sum(answer.individual_number is None for answer in answers)
    first = Entry(
        event=AuditEvent.INDIVIDUAL_NUMBERS_ALLOTTED,
        occurred_at=occasion.now,
        actor=sender.text,
        message_id=occasion.message_id,
        detail={"receiver": sender.text, "answered": len(answers) - refused, "refused": refused},
    )
    changes = [
        Entry(
            event=AuditEvent.INDIVIDUAL_NUMBER_REPLACED,
            occurred_at=occasion.now,
            actor=sender.text,
            resident_record_code=code,
            message_id=occasion.message_id,
            detail={"receiver": sender.text, "serial": allotment.standings[code].serial},
        )
        for code in allotment.changed
    ]
    return [first, *changes]
