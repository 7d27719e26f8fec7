"""Confirm one person to an agency (本人確認情報の即時提供): durable in the use log, then answered (I4).

An answer carries the items that were asked for and that the affair allows. In a verification (照合) the organ states
what it holds, and the answer says only which of it agrees.

Source: Act (–2015) art. 30-7(3), 30-29; Act (2015–) art. 30-9, 30-24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from jukinet.domain.clock import Clock, civil_day
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import (
    DuplicateIndividualNumberError,
    MalformedRequestError,
    MissingItemError,
    NotInForceError,
)
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.provision_items import ProvisionItem, items_text, parse_items
from jukinet.domain.provision_results import ResultCategory
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces
from jukinet.domain.stated_items import StatedPerson, read_stated_person
from jukinet.identification.provided_person import FoundRecord, compare, compared_items, provide_items, state_to_tell
from jukinet.national.micro_batches import MicroBatches
from jukinet.national.provision_gate import ProvisionGate
from jukinet.national.store import Question, confirm_persons
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery, StatedItems
from jukinet.protocol.node_names import NodeName

_Found = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a query is after: items to give, or what was stated to compare."""

    items: frozenset[ProvisionItem] | None
    stated: StatedPerson | None = field(default=None, repr=False)


class ConfirmationDesk:
    """Answers agencies."""

    def __init__(self, *, database: Database, clock: Clock, gate: ProvisionGate) -> None:
        self._database: Final = database
        self._clock: Final = clock
        self._gate: Final = gate
        self._by_code: Final = MicroBatches(self._confirm_by_code)
        self._by_number: Final = MicroBatches(self._confirm_by_number)

    async def confirm_person(
        self, query: ConfirmationQuery, *, agency: NodeName, message_id: str
    ) -> ConfirmationAnswer:
        """Return the answer, after its use-log entry is durable.

        Raises:
            NotPermittedError: the law does not allow the query, by one of its leaves.
            InvalidValueError: a code, a number or an item of the query is not valid.
            ReplayedMessageError: this message id was answered before.
            RateLimitError, IdempotencyKeyError: as `ProvisionGate.admit` raises them.
            DuplicateIndividualNumberError: the number is recorded for more than one person; nobody is given.
            OperationError: the log could not be written: nothing is given.
        """
        return await self._gate.admit(
            agency, query.idempotency_key, query, lambda: self._confirm(query, agency, message_id)
        )

    @enforces(Rule.RECORD_BEFORE_ANSWER)
    async def _confirm(self, query: ConfirmationQuery, agency: NodeName, message_id: str) -> ConfirmationAnswer:
        now = self._clock()
        wanted = _read_wanted(query)
        allowed = await self._gate.authorise(agency, query, wanted.items, message_id=message_id, now=now)
        desk, key = self._desk_and_key(query, civil_day(now))
        question = Question(
            message_id=message_id,
            agency=agency.text,
            key=key,
            affair=query.affair,
            purpose=query.purpose,
            matter_number=query.matter_number,
            official=query.official,
            office=query.office or None,
            ground=allowed.grant.ground,
            method="real_time" if wanted.stated is None else "verification",
            items=items_text(allowed.items),
            withheld_reason=allowed.withheld_reason,
            withheld_until=allowed.withheld_until,
        )
        return _answer(query, message_id, allowed.items, wanted.stated, await desk.ask(question))

    async def _confirm_by_code(self, questions: Sequence[Question]) -> Mapping[str, _Found]:
        return await confirm_persons(self._database, questions, is_by_number=False, now=self._clock())

    async def _confirm_by_number(self, questions: Sequence[Question]) -> Mapping[str, _Found]:
        return await confirm_persons(self._database, questions, is_by_number=True, now=self._clock())

    def _desk_and_key(self, query: ConfirmationQuery, today: date) -> tuple[MicroBatches[Question, _Found], str]:
        if query.resident_record_code is not None and query.individual_number is None:
            return self._by_code, ResidentRecordCode.parse(query.resident_record_code).value
        if query.individual_number is None or query.resident_record_code is not None:
            message = "Exactly one of resident_record_code and individual_number is needed."
            raise MissingItemError(message, field="resident_record_code")
        if today < LegalEra.INDIVIDUAL_NUMBER.begins_on:
            raise NotInForceError("There is no Individual Number before 2015-10-05.", field="individual_number")
        return self._by_number, IndividualNumber.parse(query.individual_number).value


def _read_wanted(query: ConfirmationQuery) -> _Wanted:
    if query.consented_on is not None:
        raise MalformedRequestError("No affair of an organ rests on consent.", field="consented_on")
    if query.stated is None:
        return _Wanted(None if query.items is None else parse_items(query.items))
    if query.items is not None:
        raise MalformedRequestError("A verification compares what is stated and gives no items.", field="items")
    items = compared_items(query.stated)
    if not items:
        raise MissingItemError("State at least one item to compare.", field="stated")
    return _Wanted(items, read_stated(query.stated))


def read_stated(stated: StatedItems, *, is_kana_prefix: bool = False) -> StatedPerson:
    """Return what was stated, if all of it can be such an item; raise as `read_stated_person` does."""
    return read_stated_person(
        name=stated.name,
        kana=stated.kana,
        is_kana_prefix=is_kana_prefix,
        birth_date=stated.birth_date,
        sex=stated.sex,
        address=stated.address,
    )


def _answer(
    query: ConfirmationQuery,
    message_id: str,
    items: frozenset[ProvisionItem],
    stated: StatedPerson | None,
    found: _Found,
) -> ConfirmationAnswer:
    is_ambiguous, *columns = found
    if columns[0] is None or is_ambiguous:
        if is_ambiguous:
            raise DuplicateIndividualNumberError(field="individual_number")
        return ConfirmationAnswer(result=ResultCategory.NOT_FOUND.value, use_log_id=message_id)
    record = FoundRecord(*columns)
    names = tuple(item.value for item in ProvisionItem if item in items)
    if stated is not None:
        return ConfirmationAnswer(
            result=ResultCategory.FOUND.value,
            use_log_id=message_id,
            items=names,
            agreements=compare(stated, record),
        )
    is_of_before = query.items is None
    return ConfirmationAnswer(
        result=ResultCategory.FOUND.value,
        use_log_id=message_id,
        person=provide_items(record, items),
        items=() if is_of_before else names,
        state=None if is_of_before else state_to_tell(record, items),
    )
