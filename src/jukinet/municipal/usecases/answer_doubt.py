"""Answer a report of doubt: corrected, the record is right, under investigation, or no record is held here.

The answer and its notice to the prefecture are one transaction: what the clerk sees as answered will reach the organ.

Source: Act art. 14(1).
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import new_notice_number, queue_notices
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtState, require_answer
from jukinet.municipal.doubt_store import ReceivedDoubt, is_changed_since, keep_answer, lock_doubt
from jukinet.postgres.database import Database
from jukinet.protocol.doubts import DoubtAnswer
from jukinet.protocol.node_names import NodeName, prefecture_of


async def answer_doubt(
    *,
    doubt_number: int,
    outcome: DoubtState,
    expected_on: date | None,
    operator_id: str,
    node: NodeName,
    database: Database,
    now: datetime,
) -> None:
    """Record the answer and send it on its way to the organ.

    Raises:
        DoubtReportNotFoundError: there is no such report.
        DoubtAnsweredError, DoubtNotCorrectedError: the report does not stand so.
        MissingItemError, DateOutOfOrderError: of an investigation, naming `expected_on`.
    """
    today = civil_day(now)
    async with database.transaction() as unit:
        doubt = await lock_doubt(unit, doubt_number)
        is_changed = await is_changed_since(unit, doubt)
        standing = DoubtState(doubt.state)
        require_answer(outcome, standing=standing, is_changed=is_changed, today=today, expected_on=expected_on)
        ends_on = expected_on if outcome is DoubtState.UNDER_INVESTIGATION else None
        await keep_answer(
            unit,
            doubt_number=doubt_number,
            state=outcome.value,
            due_on=ends_on or doubt.due_on,
            operator_id=operator_id,
            now=now,
        )
        answer = _answer(doubt, outcome, ends_on, node, now)
        receiver = prefecture_of(node)
        await queue_notices(unit, receiver=receiver, message_type="doubt_answer", notices=[answer], now=now)
        await append(unit, [_event(doubt, outcome, operator_id, now)])


def _answer(
    doubt: ReceivedDoubt, outcome: DoubtState, ends_on: date | None, node: NodeName, now: datetime
) -> DoubtAnswer:
    return DoubtAnswer(
        notice_number=new_notice_number(now, secrets.token_bytes(10)),
        report_number=doubt.report_number,
        municipality=node.code,
        outcome=outcome.value,  # type: ignore[arg-type]  # require_answer let no other state pass
        answered_on=civil_day(now).isoformat(),
        expected_on=None if ends_on is None else ends_on.isoformat(),
    )


def _event(doubt: ReceivedDoubt, outcome: DoubtState, operator_id: str, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.DOUBT_ANSWERED,
        occurred_at=now,
        actor=operator_id,
        resident_record_code=doubt.resident_record_code,
        detail={"report_number": doubt.report_number, "outcome": outcome.value},
    )
