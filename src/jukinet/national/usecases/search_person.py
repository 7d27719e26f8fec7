"""Find one person by the four basic items for an agency (4情報による照会): durable in the use log, then answered (I4).

Nobody is shown unless exactly one person is meant. Where several agree, or too many to tell, or nobody, no item of
anybody leaves, and the log has an entry that names nobody.

Source: Act (–2015) art. 30-7(3), 30-29; Act (2015–) art. 30-9, 30-24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jukinet.domain.clock import Clock
from jukinet.domain.errors import MalformedRequestError
from jukinet.domain.person_search import Verdict, judge, require_searchable
from jukinet.domain.provision_items import ProvisionItem, items_text, parse_items
from jukinet.domain.provision_results import Agreement
from jukinet.domain.rules import Rule, enforces
from jukinet.domain.stated_items import Compared
from jukinet.identification.provided_person import (
    FoundRecord,
    agreements_of,
    compared_items,
    provide_items,
    state_to_tell,
)
from jukinet.national.micro_batches import MicroBatches
from jukinet.national.person_search_store import SearchUse, gather_candidates, record_searches
from jukinet.national.provision_gate import ProvisionGate
from jukinet.national.usecases.authorise_provision import Authorisation
from jukinet.national.usecases.confirm_person import read_stated
from jukinet.postgres.database import Database
from jukinet.protocol.node_names import NodeName
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery


@dataclass(frozen=True, slots=True)
class _Result:
    """What a search came to, and what of it may be told."""

    verdict: Verdict
    #: Of the one person found.
    record: FoundRecord | None = field(repr=False)
    #: Given, of those asked for.
    given: frozenset[ProvisionItem]
    #: Compared with what was stated, of those the affair allows.
    compared: frozenset[ProvisionItem]

    @property
    def told(self) -> frozenset[ProvisionItem]:
        """Return the items that leave, in one way or the other."""
        return self.given | self.compared if self.record is not None else frozenset()


class PersonSearchDesk:
    """Answers agencies."""

    def __init__(self, *, database: Database, clock: Clock, gate: ProvisionGate) -> None:
        self._database: Final = database
        self._clock: Final = clock
        self._gate: Final = gate
        self._log: Final = MicroBatches(self._record)

    async def search_person(self, query: PersonSearchQuery, *, agency: NodeName, message_id: str) -> PersonSearchAnswer:
        """Return the answer, after its use-log entry is durable.

        Raises:
            NotPermittedError: the law does not allow the query, by one of its leaves.
            InvalidValueError: an item of the query is not valid, or too little is stated.
            ReplayedMessageError: this message id was answered before.
            RateLimitError, IdempotencyKeyError: as `ProvisionGate.admit` raises them.
            OperationError: the log could not be written: nothing is given.
        """
        return await self._gate.admit(
            agency, query.idempotency_key, query, lambda: self._search(query, agency, message_id)
        )

    @enforces(Rule.RECORD_BEFORE_ANSWER)
    async def _search(self, query: PersonSearchQuery, agency: NodeName, message_id: str) -> PersonSearchAnswer:
        stated = read_stated(query.stated, is_kana_prefix=query.is_kana_prefix)
        require_searchable(stated)
        allowed = await self._gate.authorise(
            agency, query, _asked_items(query), message_id=message_id, now=self._clock()
        )
        gathered = await gather_candidates(self._database, stated)
        verdict = judge(
            stated,
            gathered.candidates,
            is_complete=gathered.is_complete,
            is_strictly_complete=gathered.is_strictly_complete,
        )
        result = _Result(
            verdict,
            None if verdict.found is None else gathered.records[verdict.found],
            frozenset() if query.is_verification else allowed.items,
            compared_items(query.stated) & allowed.grant.items,
        )
        await self._log.ask(_use(query, agency, message_id, allowed, result))
        return _answer(message_id, result)

    async def _record(self, uses: Sequence[SearchUse]) -> Mapping[str, None]:
        await record_searches(self._database, uses, now=self._clock())
        return {use.message_id: None for use in uses}


def _asked_items(query: PersonSearchQuery) -> frozenset[ProvisionItem] | None:
    if not query.is_verification:
        return None if query.items is None else parse_items(query.items)
    if query.items is not None:
        raise MalformedRequestError("A verification compares what is stated and gives no items.", field="items")
    return compared_items(query.stated)


def _use(
    query: PersonSearchQuery, agency: NodeName, message_id: str, allowed: Authorisation, result: _Result
) -> SearchUse:
    return SearchUse(
        message_id=message_id,
        agency=agency.text,
        resident_record_code=None if result.record is None else result.record.resident_record_code,
        affair=query.affair,
        purpose=query.purpose,
        matter_number=query.matter_number,
        official=query.official,
        office=query.office or None,
        ground=allowed.grant.ground,
        result=result.verdict.category.value,
        items=items_text(result.told),
        withheld_reason=allowed.withheld_reason,
        withheld_until=allowed.withheld_until,
    )


def _answer(message_id: str, result: _Result) -> PersonSearchAnswer:
    verdict, record = result.verdict, result.record
    if record is None or verdict.compared is None:
        return PersonSearchAnswer(result=verdict.category.value, use_log_id=message_id, refine=verdict.refine)
    return PersonSearchAnswer(
        result=verdict.category.value,
        use_log_id=message_id,
        person=provide_items(record, result.given) if result.given else None,
        items=tuple(item.value for item in ProvisionItem if item in result.told),
        state=state_to_tell(record, result.given),
        agreements=agreements_of(_tellable(verdict.compared, result.compared)),
    )


def _tellable(compared: Compared, allowed: frozenset[ProvisionItem]) -> Compared:
    """Return the comparison of those items that the affair allows; of the others nothing is told."""
    hidden = {
        name: Agreement.NOT_STATED
        for name, item in (
            ("name", ProvisionItem.NAME),
            ("kana", ProvisionItem.NAME),
            ("birth_date", ProvisionItem.BIRTH_DATE),
            ("sex", ProvisionItem.SEX),
            ("address", ProvisionItem.ADDRESS),
        )
        if item not in allowed
    }
    return compared._replace(**hidden)
