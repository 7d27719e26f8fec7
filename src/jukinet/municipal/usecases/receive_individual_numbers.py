"""Receive Individual Numbers (個人番号の通知を受けて記載する): every live resident without one gets one, by itself.

The nation gives a number to whom it knows. Who is new here may not have arrived there yet: it is asked again, later
and later. What comes is recorded ex officio as a version of its own, and goes up with the next notice (M01).

Source: Individual Number Act art. 7(1), 8; its Order art. 7; Act (2015–) art. 7(viii-2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from jukinet.domain.acts.numbers import plan_number_entry
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import PeerAnswerError
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.municipal.individual_number_store import Waiting, list_waiting, put_off
from jukinet.municipal.store import find_resident, lock_residents
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database
from jukinet.protocol.individual_number import (
    MOST_RESIDENTS,
    AllottedIndividualNumber,
    IndividualNumberRequest,
)
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.message_client import MessageClient

_DEADLINE_SECONDS: Final = 30.0
#: What the node does by itself, it records under this name.
OPERATOR: Final = "node"
#: The first time somebody is not known yet, and the longest time between two attempts.
_FIRST_WAIT: Final = timedelta(milliseconds=500)
_LONGEST_WAIT: Final = timedelta(hours=1)
_MOST_DOUBLINGS: Final = 13


async def receive_individual_numbers(
    *, client: MessageClient, database: Database, clock: Clock, node: NodeName, most: int = MOST_RESIDENTS
) -> int:
    """Ask for the numbers of up to `most` residents who have none and are due; return how many were recorded.

    Raises:
        PeerError: the nation cannot be reached or refuses the request.
    """
    now = clock()
    if civil_day(now) < LegalEra.INDIVIDUAL_NUMBER.begins_on:
        return 0
    async with database.connection() as connection:
        waiting = await list_waiting(connection, now=now, limit=most)
    if not waiting:
        return 0
    request = IndividualNumberRequest(resident_record_codes=tuple(each.resident_record_code for each in waiting))
    answers = await ask_for_numbers(client=client, request=request)
    act = Act(operator_id=OPERATOR, node=node, now=clock())
    recorded = 0
    for each, answer in zip(waiting, answers, strict=True):
        if answer.individual_number is not None:
            recorded += await _record(each, IndividualNumber(answer.individual_number), act=act, database=database)
    await _put_off(waiting, answers, database=database, now=act.now)
    return recorded


async def ask_for_numbers(
    *, client: MessageClient, request: IndividualNumberRequest
) -> Sequence[AllottedIndividualNumber]:
    """Return the nation's answers, one for each resident asked for, in their order.

    Raises:
        PeerError: the nation cannot be reached or refuses; or what it answers is about others.
    """
    allotment = await client.send(NATIONAL, "individual_number_request", request, deadline=_DEADLINE_SECONDS)
    answers: tuple[AllottedIndividualNumber, ...] = allotment.answers
    asked = [*request.resident_record_codes, *(change.resident_record_code for change in request.changes)]
    if [answer.resident_record_code for answer in answers] != asked:
        raise PeerAnswerError("The nation's answer is about other residents than were asked for.")
    return answers


async def _record(each: Waiting, number: IndividualNumber, *, act: Act, database: Database) -> bool:
    """Record a number; leave alone a resident who is no longer as asked for."""
    day = civil_day(act.now)
    notification = Notification.ex_officio(day)
    on = CivilDate.of(day)
    async with database.transaction() as unit:
        await lock_residents(unit, [each.resident_number])
        current = await find_resident(unit, each.resident_number)
        is_other = current.resident_record_code != each.resident_record_code
        if is_other or current.is_removed or current.individual_number is not None:
            return False
        proceeding = open_proceeding(Procedure.INDIVIDUAL_NUMBER_ENTRY, notification=notification, changed_on=on)
        steps = plan_number_entry(current, number, day=on)
        await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return True


async def _put_off(
    waiting: Sequence[Waiting], answers: Sequence[AllottedIndividualNumber], *, database: Database, now: datetime
) -> None:
    async with database.transaction() as unit:
        for each, answer in zip(waiting, answers, strict=True):
            if answer.error_code is not None:
                again = now + next_wait(each.attempts)
                await put_off(unit, each.resident_number, error_code=answer.error_code, next_attempt_at=again)


def next_wait(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts in vain: twice as long each time, at most an hour."""
    doublings: int = 2 ** min(attempts, _MOST_DOUBLINGS)
    return min(_FIRST_WAIT * doublings, _LONGEST_WAIT)
