"""Answer a local government about one person, on the node that holds the record: logged first, then told (I4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import MalformedRequestError, MissingItemError, NotInForceError
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_items import ProvisionItem, items_text, parse_items
from jukinet.domain.provision_results import ResultCategory
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.stated_items import StatedPerson, read_stated_person
from jukinet.identification.local_answer_store import LocalUse, find_person, log_use
from jukinet.identification.provided_person import FoundRecord, compare, compared_items, provide_items, state_to_tell
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.node_names import NodeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """A question the law allows: who asks, on which ground, with which items, about whose residents."""

    asker: NodeName
    ground: str
    items: frozenset[ProvisionItem]
    covers: Callable[[LocalGovernmentCode], bool] = field(repr=False)


def wanted_items(query: ConfirmationQuery) -> frozenset[ProvisionItem] | None:
    """Return the items a question is about: to give, or to compare; None where it names none.

    Raises:
        MalformedRequestError, MissingItemError: it asks for items and compares, or compares nothing.
        UnknownCodeListValueError: an item is none.
    """
    if query.stated is None:
        return None if query.items is None else parse_items(query.items)
    if query.items is not None:
        raise MalformedRequestError("A verification compares what is stated and gives no items.", field="items")
    items = compared_items(query.stated)
    if not items:
        raise MissingItemError("State at least one item to compare.", field="stated")
    return items


def read_consent(query: ConfirmationQuery) -> date | None:
    """Return the day of the consent, where one is stated; raise InvalidValueError."""
    if query.consented_on is None:
        return None
    return CivilDate.from_wire(query.consented_on).require_exact()


async def answer_locally(
    query: ConfirmationQuery, allowed: Allowed, *, message_id: str, database: Database, now: datetime
) -> ConfirmationAnswer:
    """Return the answer, after its entry on the use log is durable. Whom the ground does not reach is not found.

    Raises:
        InvalidValueError: a code, a number or what is stated can be none.
        ReplayedMessageError: this message was answered before.
        DuplicateIndividualNumberError: the number is of two people.
    """
    key, is_by_number = _key_of(query, civil_day(now))
    stated = None if query.stated is None else _read_stated(query)
    async with database.transaction() as unit:
        record = await find_person(unit, key, is_by_number=is_by_number)
        if record is not None and not allowed.covers(LocalGovernmentCode(record.municipality)):
            record = None
        await log_use(unit, _use_of(query, allowed, record, None if is_by_number else key, message_id, now))
    return _answer(record, stated, allowed.items, message_id)


def _use_of(  # noqa: PLR0917 - one entry has all of these
    query: ConfirmationQuery,
    allowed: Allowed,
    record: FoundRecord | None,
    code: str | None,
    message_id: str,
    now: datetime,
) -> LocalUse:
    return LocalUse(
        message_id=message_id,
        agency=allowed.asker.text,
        used_at=now,
        resident_record_code=code if record is None else record.resident_record_code,
        method="real_time" if query.stated is None else "verification",
        affair=query.affair,
        purpose=query.purpose,
        matter_number=query.matter_number,
        official=query.official,
        asked_by="individual_number" if code is None else "resident_record_code",
        result=(ResultCategory.NOT_FOUND if record is None else ResultCategory.FOUND).value,
        items="" if record is None else items_text(allowed.items),
        office=query.office or None,
        ground=allowed.ground,
    )


def _key_of(query: ConfirmationQuery, today: date) -> tuple[str, bool]:
    if query.resident_record_code is not None and query.individual_number is None:
        return ResidentRecordCode.parse(query.resident_record_code).value, False
    if query.individual_number is None or query.resident_record_code is not None:
        message = "Exactly one of resident_record_code and individual_number is needed."
        raise MissingItemError(message, field="resident_record_code")
    if today < LegalEra.INDIVIDUAL_NUMBER.begins_on:
        raise NotInForceError("There is no Individual Number before 2015-10-05.", field="individual_number")
    return IndividualNumber.parse(query.individual_number).value, True


def _read_stated(query: ConfirmationQuery) -> StatedPerson | None:
    stated = query.stated
    if stated is None:
        return None
    return read_stated_person(
        name=stated.name,
        kana=stated.kana,
        is_kana_prefix=False,
        birth_date=stated.birth_date,
        sex=stated.sex,
        address=stated.address,
    )


def _answer(
    record: FoundRecord | None, stated: StatedPerson | None, items: frozenset[ProvisionItem], message_id: str
) -> ConfirmationAnswer:
    if record is None:
        return ConfirmationAnswer(result=ResultCategory.NOT_FOUND.value, use_log_id=message_id)
    names = tuple(item.value for item in ProvisionItem if item in items)
    if stated is not None:
        agreements = compare(stated, record)
        return ConfirmationAnswer(
            result=ResultCategory.FOUND.value, use_log_id=message_id, items=names, agreements=agreements
        )
    return ConfirmationAnswer(
        result=ResultCategory.FOUND.value,
        use_log_id=message_id,
        person=provide_items(record, items),
        items=names,
        state=state_to_tell(record, items),
    )
