"""Micro-batches: questions are gathered while the last batch is under way, and answered with one statement.

So a durable log entry costs a fraction of a flush (docs/adr/0006). A single question waits for nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, Generic, Protocol, TypeVar

from jukinet.domain.errors import BusyError, InternalError, ReplayedMessageError

#: Longest batch; longer ones keep the first in the queue waiting.
_BATCH: Final = 256
#: While one batch is being made durable, others may be on their way, if enough have gathered to be worth it.
_FLIGHTS: Final = 4
_WORTH_A_FLIGHT: Final = 8
#: More waiting than this is more than the node can answer in time: refuse at once instead of late.
_MOST_WAITING: Final = 4096


class Identified(Protocol):
    """A question that came as a message."""

    @property
    def message_id(self) -> str: ...  # noqa: D102 - the message's


_Question = TypeVar("_Question", bound=Identified)
_Answer = TypeVar("_Answer")


class MicroBatches(Generic[_Question, _Answer]):
    """Answers questions a batch at a time. `answer_all` returns the answers by message id, after all are durable."""

    def __init__(self, answer_all: Callable[[Sequence[_Question]], Awaitable[Mapping[str, _Answer]]]) -> None:
        self._answer_all: Final = answer_all
        self._waiting: list[tuple[_Question, asyncio.Future[_Answer]]] = []
        self._work: Final[set[asyncio.Task[None]]] = set()

    async def ask(self, question: _Question) -> _Answer:
        """Return the answer to one question.

        Raises:
            BusyError: more questions wait than can be answered in time.
            ReplayedMessageError: the message id was used before.
        """
        if len(self._waiting) >= _MOST_WAITING:
            raise BusyError
        answer: asyncio.Future[_Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if not self._work or (len(self._work) < _FLIGHTS and len(self._waiting) >= _WORTH_A_FLIGHT):
            self._work.add(asyncio.create_task(self._serve()))
        return await answer

    async def _serve(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
                await self._answer(batch)
        finally:
            # Here, not when the task is done: a question asked in between would wait for a flight that has landed.
            self._work.difference_update({asyncio.current_task()})

    async def _answer(self, batch: Sequence[tuple[_Question, asyncio.Future[_Answer]]]) -> None:
        try:
            questions = [question for question, _ in batch]
            if len({question.message_id for question in questions}) < len(questions):
                raise ReplayedMessageError(field="message_id")
            answers = await self._answer_all(questions)
        except (ReplayedMessageError, InternalError) as error:
            if len(batch) == 1:
                _settle(batch[0][1], error)
                return
            # One question spoils the statement for all: halve the batch until it stands alone and is refused alone.
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


def _settle(waiting: asyncio.Future[_Answer], error: Exception) -> None:
    if not waiting.done():
        waiting.set_exception(error)
