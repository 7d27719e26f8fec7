"""Find a person's earlier record for a municipality (従前の住民票の検索): durable in the use log, then answered (I4).

Whoever was ever recorded keeps the code: it must be found before somebody is entered without a certificate, from
abroad or ex officio. Source: Act (–2015) art. 30-2(1), 30-7(4)–(6); Act (2015–) art. 30-3(1), 30-10(1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jukinet.domain.civil_dates import require_civil_date_wire
from jukinet.domain.clock import civil_day
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import MalformedRequestError, MissingItemError, UnknownCodeListValueError
from jukinet.domain.identification import Sex
from jukinet.domain.names import require_name
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule, enforces
from jukinet.national.former_record_store import Search
from jukinet.national.former_record_store import list_former_records as list_recorded
from jukinet.postgres.database import Database
from jukinet.protocol.former_record import FormerRecord, FormerRecordAnswer, FormerRecordQuery
from jukinet.protocol.node_names import NodeName

#: More people than this with one name, birth date and sex are not listed: another item must tell who is meant.
MOST_LISTED: Final = 3
_PURPOSE: Final = "住民票の記載のための従前の住民票の検索"
_LONGEST_TEXT: Final = 200


@enforces(Rule.RECORD_BEFORE_ANSWER)
async def list_former_records(
    *, query: FormerRecordQuery, municipality: NodeName, message_id: str, database: Database, now: datetime
) -> FormerRecordAnswer:
    """Return the latest record of each person found, after the use-log entries are durable.

    Raises:
        MissingItemError: neither a code nor all of name, birth date and sex, or both; or no ground is stated.
        InvalidValueError: an item is not what it should be.
        ReplayedMessageError: this query was answered before.
    """
    search = _search(query, municipality, message_id)
    is_too_many, rows = await list_recorded(database, search, most=MOST_LISTED, now=now)
    knows_numbers = civil_day(now) >= LegalEra.INDIVIDUAL_NUMBER.begins_on
    return FormerRecordAnswer(
        use_log_id=message_id,
        is_too_many=is_too_many,
        records=tuple(
            FormerRecord(
                resident_record_code=row[0],
                individual_number=row[1] if knows_numbers else None,
                name=row[2],
                address=row[3],
                municipality=row[4],
                is_removed=row[5],
                update_sequence=row[6],
            )
            for row in rows
        ),
    )


def _search(query: FormerRecordQuery, municipality: NodeName, message_id: str) -> Search:
    for name in ("procedure", "operator"):
        text = getattr(query, name)
        if not text.strip() or len(text) > _LONGEST_TEXT:
            message = f"This item is needed, with at most {_LONGEST_TEXT} characters."
            raise MissingItemError(message, field=name)
        if not text.isprintable():
            raise MalformedRequestError("This item has a character that cannot be shown.", field=name)
    personal = (query.name, query.birth_date, query.sex)
    if query.resident_record_code is not None:
        if any(item is not None for item in personal):
            raise MissingItemError("A code, or name, birth date and sex: not both.", field="resident_record_code")
        code = ResidentRecordCode.parse(query.resident_record_code).value
        return _named(query, municipality, message_id, code)
    if query.name is None or query.birth_date is None or query.sex is None:
        raise MissingItemError("Name, birth date and sex are needed together.", field="name")
    require_name(query.name, field="name")
    require_civil_date_wire(query.birth_date, "birth_date", may_be_irregular=True)
    if query.sex not in {sex.value for sex in Sex}:
        raise UnknownCodeListValueError(field="sex")
    return _named(query, municipality, message_id, None)


def _named(query: FormerRecordQuery, municipality: NodeName, message_id: str, code: str | None) -> Search:
    return Search(
        message_id=message_id,
        municipality=municipality.text,
        resident_record_code=code,
        name=query.name,
        birth_date=query.birth_date,
        sex=query.sex,
        procedure=query.procedure,
        purpose=_PURPOSE,
        operator=query.operator,
    )
