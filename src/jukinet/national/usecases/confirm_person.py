"""Confirm one person to an agency (本人確認情報の即時提供): durable in the use log, then answered (I4).

Requests are gathered while the last batch is under way: each batch is one statement, so a durable log entry
costs a fraction of a flush (docs/adr/0006). A single request waits for nobody.

Source: Act (–2015) art. 30-7(3), 30-29; Act (2015–) art. 30-9, 30-24.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from jukinet.domain.appended_tables import require_listed_affair
from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import (
    AffairNotListedError,
    BusyError,
    DuplicateIndividualNumberError,
    InternalError,
    MalformedRequestError,
    MissingItemError,
    NotInForceError,
    ReplayedMessageError,
)
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces
from jukinet.national.store import Question, confirm_persons
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery, ConfirmedPerson
from jukinet.protocol.node_names import NodeName

#: Longest batch; longer ones keep the first in the queue waiting.
_BATCH: Final = 256
#: While one batch is being made durable, others may be on their way, if enough have gathered to be worth it.
_FLIGHTS: Final = 4
_WORTH_A_FLIGHT: Final = 8
#: More waiting than this is more than the node can answer in time: refuse at once instead of late.
_MOST_WAITING: Final = 4096
_LONGEST_TEXT: Final = 200
_WIDE_SPACE: Final = "\u3000"

_Waiting = tuple[Question, "asyncio.Future[tuple[Any, ...]]"]


@dataclass(slots=True)
class _Desk:
    """Answers questions by one kind of key, a batch at a time."""

    database: Database
    clock: Clock
    is_by_number: bool
    waiting: list[_Waiting] = field(default_factory=list)
    work: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self, question: Question) -> tuple[Any, ...]:
        if len(self.waiting) >= _MOST_WAITING:
            raise BusyError
        answer: asyncio.Future[tuple[Any, ...]] = asyncio.get_running_loop().create_future()
        self.waiting.append((question, answer))
        if not self.work or (len(self.work) < _FLIGHTS and len(self.waiting) >= _WORTH_A_FLIGHT):
            self.work.add(asyncio.create_task(self._serve()))
        return await answer

    async def _serve(self) -> None:
        try:
            while self.waiting:
                batch, self.waiting = self.waiting[:_BATCH], self.waiting[_BATCH:]
                await self._answer(batch)
        finally:
            # Here, not when the task is done: a question asked in between would wait for a flight that has landed.
            self.work -= {asyncio.current_task()}

    async def _answer(self, batch: Sequence[_Waiting]) -> None:
        try:
            answers = await self._confirm(batch)
        except (ReplayedMessageError, InternalError) as error:
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            # One query spoils the statement for all: halve the batch until it stands alone and is refused alone.
            middle = len(batch) // 2
            await self._answer(batch[:middle])
            await self._answer(batch[middle:])
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody is left waiting for an answer
            for _, waiting in batch:
                _settle(waiting, error)
        else:
            for question, waiting in batch:
                if not waiting.done():
                    waiting.set_result(answers[question.message_id])

    async def _confirm(self, batch: Sequence[_Waiting]) -> dict[str, tuple[Any, ...]]:
        questions = [question for question, _ in batch]
        if len({question.message_id for question in questions}) < len(questions):
            raise ReplayedMessageError(field="message_id")
        return await confirm_persons(self.database, questions, is_by_number=self.is_by_number, now=self.clock())


class ConfirmationDesk:
    """Answers agencies. `organs` gives the organ each agency node stands for (別表の機関)."""

    def __init__(self, *, database: Database, clock: Clock, organs: Mapping[str, str]) -> None:
        self._clock = clock
        self._organs = organs
        self._by_code = _Desk(database, clock, is_by_number=False)
        self._by_number = _Desk(database, clock, is_by_number=True)

    @enforces(Rule.RECORD_BEFORE_ANSWER)
    async def confirm_person(
        self, query: ConfirmationQuery, *, agency: NodeName, message_id: str
    ) -> ConfirmationAnswer:
        """Return the answer, after its use-log entry is durable.

        Raises:
            AffairNotListedError: the Appended Tables do not list this affair for the agency's organ.
            NotInForceError: an Individual Number before 2015-10-05.
            InvalidValueError: a code, a number or an item of the query is not valid.
            ReplayedMessageError: this message id was answered before.
            DuplicateIndividualNumberError: the number is recorded for more than one person; nobody is given.
            OperationError: the log could not be written: nothing is given.
        """
        today = civil_day(self._clock())
        require_stated_ground(query)
        organ = self._organs.get(agency.code)
        if organ is None:
            raise AffairNotListedError("This agency stands for no organ of the Appended Tables.", field="sender")
        require_listed_affair(organ=organ, affair=query.affair, day=today)
        desk, key = self._desk_and_key(query, today)
        question = Question(
            message_id, agency.text, key, query.affair, query.purpose, query.matter_number, query.official
        )
        return _answer(message_id, await desk.ask(question))

    def _desk_and_key(self, query: ConfirmationQuery, today: date) -> tuple[_Desk, str]:
        if query.resident_record_code is not None and query.individual_number is None:
            return self._by_code, ResidentRecordCode.parse(query.resident_record_code).value
        if query.individual_number is None or query.resident_record_code is not None:
            message = "Exactly one of resident_record_code and individual_number is needed."
            raise MissingItemError(message, field="resident_record_code")
        if today < LegalEra.INDIVIDUAL_NUMBER.begins_on:
            raise NotInForceError("There is no Individual Number before 2015-10-05.", field="individual_number")
        return self._by_number, IndividualNumber.parse(query.individual_number).value


def require_stated_ground(query: ConfirmationQuery) -> None:
    """Refuse a query whose ground is not stated, or not in words that a person can read on the log.

    Raises:
        MissingItemError: an item is blank or too long.
        MalformedRequestError: an item has control or invisible characters, or characters that do not exist.
    """
    for name in ("affair", "purpose", "matter_number", "official"):
        text = getattr(query, name)
        if not text.strip() or len(text) > _LONGEST_TEXT:
            message = f"This item is needed, with at most {_LONGEST_TEXT} characters."
            raise MissingItemError(message, field=name)
        if not text.replace(_WIDE_SPACE, " ").isprintable():
            raise MalformedRequestError("This item has a character that cannot be shown.", field=name)


def _answer(message_id: str, row: tuple[Any, ...]) -> ConfirmationAnswer:
    if row[0] is None:
        if row[10]:
            raise DuplicateIndividualNumberError(field="individual_number")
        return ConfirmationAnswer(result="not_found", use_log_id=message_id)
    return ConfirmationAnswer(
        result="found",
        use_log_id=message_id,
        person=ConfirmedPerson(
            name=row[0],
            kana=row[1],
            former_surname=row[2],
            alias=row[3],
            birth_date=row[4],
            sex=row[5],
            address=row[6],
            reason=row[7],
            changed_on=row[8],
            is_removed=row[9],
        ),
    )


def _settle(waiting: asyncio.Future[tuple[Any, ...]], error: Exception) -> None:
    if not waiting.done():
        waiting.set_exception(error)
