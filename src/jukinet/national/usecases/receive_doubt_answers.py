"""Receive what municipalities answer to reports of doubt, and let the organs see it.

Source: Act (–2015) art. 14(1); Act (2015–) art. 14(1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import Intake, receive_numbered_notices
from jukinet.domain.civil_dates import CivilDate, require_civil_date_wire
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtState
from jukinet.domain.errors import DateOutOfOrderError, MissingItemError, PeerNotPermittedError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.national.doubt_store import KeptReport, lock_reports, settle_report
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.doubts import DoubtAnswer
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.transport.message_server import Received


async def receive_doubt_answers(
    *, received: Received[tuple[DoubtAnswer, ...]], database: Database, now: datetime
) -> NoticesAnswer:
    """Keep the answers of one message and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
    """
    sender = received.peer.name

    async def keep(unit: Unit, answers: Sequence[DoubtAnswer]) -> None:
        reports = await lock_reports(unit, [one.report_number for one in answers])
        events: list[Entry] = []
        # In the order in which they were given: an investigation, then what came of it.
        for answer in sorted(answers, key=lambda one: one.notice_number):
            report = reports.get(answer.report_number)
            counts = report is not None and _counts(report, answer)
            if counts:
                await _settle(unit, answer)
            events.append(_event(answer, report if counts else None, now))
        await append(unit, events)

    intake: Intake[DoubtAnswer] = Intake(require_valid=lambda one: _require_valid(one, sender, now=now), record=keep)
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


def _require_valid(answer: DoubtAnswer, sender: NodeName, *, now: datetime) -> None:
    require_civil_date_wire(answer.answered_on, "answered_on", may_be_irregular=False)
    if CivilDate.from_wire(answer.answered_on).span[0] > civil_day(now):
        raise DateOutOfOrderError("The answer lies in the future.", field="answered_on")
    is_investigation = answer.outcome == DoubtState.UNDER_INVESTIGATION.value
    if is_investigation is not (answer.expected_on is not None):
        raise MissingItemError("Only an investigation has a day by which it ends.", field="expected_on")
    if answer.expected_on is not None:
        require_civil_date_wire(answer.expected_on, "expected_on", may_be_irregular=False)
    if LocalGovernmentCode.parse(answer.municipality).prefecture_code.value != sender.code:
        raise PeerNotPermittedError("A prefecture hands on only its own municipalities.", field="municipality")


def _counts(report: KeptReport, answer: DoubtAnswer) -> bool:
    """Return whether the answer is of the municipality that was asked, to a report that is open."""
    return report.municipality == answer.municipality and DoubtState(report.state).is_open


async def _settle(unit: Unit, answer: DoubtAnswer) -> None:
    await settle_report(
        unit,
        report_number=answer.report_number,
        state=answer.outcome,
        answered_on=date.fromisoformat(answer.answered_on),
        due_on=None if answer.expected_on is None else date.fromisoformat(answer.expected_on),
    )


def _event(answer: DoubtAnswer, report: KeptReport | None, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.DOUBT_ANSWERED,
        occurred_at=now,
        actor=f"municipal/{answer.municipality}",
        outcome="done" if report is not None else "refused",
        resident_record_code=None if report is None else report.resident_record_code,
        detail={"report_number": answer.report_number, "outcome": answer.outcome},
    )
