"""Report that something the organ was given cannot be right (疑義の通報): queued with its record, in one transaction.

It leaves as soon as the national node can be reached, however often this node is stopped before.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

import msgspec

from jukinet.agency.doubt_store import Reporter, add_doubt, find_doubt_of_key
from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import new_notice_number, queue_notices
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtReason, require_doubt
from jukinet.domain.errors import IdempotencyKeyError, MissingItemError
from jukinet.domain.provision_items import parse_items
from jukinet.domain.stated_items import read_stated_person
from jukinet.postgres.database import Database
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.doubts import DoubtedItem, DoubtEvidenceName, DoubtReasonName, DoubtReport
from jukinet.protocol.node_names import NATIONAL

#: Which item each statement is about.
_ITEM_OF: Final = {"name": "name", "kana": "name", "birth_date": "birth_date", "sex": "sex", "address": "address"}
_LONGEST_TEXT: Final = 200


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """What an official doubts."""

    use_log_id: str
    place: int = 0
    reason: DoubtReasonName
    evidence: DoubtEvidenceName
    items: tuple[DoubtedItem, ...] = ()
    stated: StatedItems | None = None
    office: str = ""
    contact: str = ""

    def __repr__(self) -> str:
        return "Doubt(***)"


async def report_doubt(*, doubt: Doubt, reporter: Reporter, database: Database, now: datetime) -> str:
    """Return the number of the report; the same report under the same idempotency key has the same number.

    Raises:
        MissingItemError: what differs is not named, or more is stated than is doubted; or who reports is not stated.
        InvalidValueError: what is stated can be no such item.
        IdempotencyKeyError: the key was used for another report.
    """
    _require_valid(doubt, reporter)
    digest = hashlib.sha256(msgspec.json.encode(doubt)).digest()
    number = new_notice_number(now, secrets.token_bytes(10))
    report = DoubtReport(
        notice_number=number,
        reported_on=civil_day(now).isoformat(),
        **{name: getattr(doubt, name) for name in doubt.__struct_fields__},
    )
    async with database.transaction() as unit:
        if not await add_doubt(unit, report, reporter, digest=digest, now=now):
            number, known = await find_doubt_of_key(unit, reporter.idempotency_key or "")
            if known != digest:
                raise IdempotencyKeyError(field="idempotency_key")
            return number
        await queue_notices(unit, receiver=NATIONAL, message_type="doubt_report", notices=[report], now=now)
        await append(unit, [_event(report, reporter, now)])
    return number


def _require_valid(doubt: Doubt, reporter: Reporter) -> None:
    stated_by = {"official": reporter.official, "matter_number": reporter.matter_number, "use_log_id": doubt.use_log_id}
    for name, text in stated_by.items():
        if not text.strip() or len(text) > _LONGEST_TEXT or not text.replace("\u3000", " ").isprintable():
            raise MissingItemError(f"This item is needed, with at most {_LONGEST_TEXT} characters.", field=name)
    require_doubt(reason=DoubtReason(doubt.reason), items=parse_items(doubt.items), given=None)
    if doubt.stated is None:
        return
    stated: dict[str, str | None] = msgspec.to_builtins(doubt.stated)
    for name, value in stated.items():
        if value is not None and _ITEM_OF[name] not in doubt.items:
            raise MissingItemError("State only what is said to differ.", field=name)
    read_stated_person(
        name=doubt.stated.name,
        kana=doubt.stated.kana,
        is_kana_prefix=False,
        birth_date=doubt.stated.birth_date,
        sex=doubt.stated.sex,
        address=doubt.stated.address,
    )


def _event(report: DoubtReport, reporter: Reporter, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.DOUBT_REPORTED,
        occurred_at=now,
        actor=reporter.official,
        detail={
            "report_number": report.notice_number,
            "use_log_id": report.use_log_id,
            "reason": report.reason,
            "through": reporter.through,
        },
    )
