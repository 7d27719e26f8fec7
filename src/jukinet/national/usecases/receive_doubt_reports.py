"""Receive reports of doubt from an organ, and refer each to the municipality that holds the record now (M16).

Source: Act (–2015) art. 30-11(5); Act (2015–) art. 30-8.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import Intake, new_notice_number, queue_notices, receive_numbered_notices
from jukinet.domain.civil_dates import CivilDate, require_civil_date_wire
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtReason, DoubtState, answer_due_on, require_doubt
from jukinet.domain.errors import DateOutOfOrderError, JukinetError, MissingItemError, UseNotFoundError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.domain.provision_items import parse_items
from jukinet.identification.provided_person import compared_items
from jukinet.national.doubt_store import DoubtedUse, Holder, KeptReport, add_report, list_doubted_uses, list_holders
from jukinet.national.usecases.confirm_person import read_stated
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.doubts import DoubtReferral, DoubtReport
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeKind, NodeName
from jukinet.transport.message_server import Received

#: The organ, where the person is not told of the use yet.
_UNNAMED: Final = "（法令により名称を表示しない機関）"


@dataclass(frozen=True, slots=True)
class _Placed:
    """What becomes of a report: kept as it stands, and referred unless it was refused."""

    report: KeptReport
    referral: DoubtReferral | None


async def receive_doubt_reports(
    *, received: Received[tuple[DoubtReport, ...]], organs: Mapping[str, str], database: Database, now: datetime
) -> NoticesAnswer:
    """Keep the reports of one message, refer them, and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
    """
    agency = received.peer.name

    async def keep(unit: Unit, reports: Sequence[DoubtReport]) -> None:
        uses = await list_doubted_uses(unit, agency=agency.text, uses=[(one.use_log_id, one.place) for one in reports])
        holders = await list_holders(unit, [use.resident_record_code for use in uses.values()])
        organ = organs.get(agency.code, agency.text)
        placed = [_place(one, agency, organ, uses.get((one.use_log_id, one.place)), holders, now) for one in reports]
        kept = [one for one in placed if await add_report(unit, one.report)]
        await _queue_referrals(unit, [one.referral for one in kept if one.referral is not None], now=now)
        await append(unit, [_event(one.report, agency, now) for one in kept])

    intake: Intake[DoubtReport] = Intake(require_valid=lambda one: _require_valid(one, now=now), record=keep)
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


async def _queue_referrals(unit: Unit, referrals: Sequence[DoubtReferral], *, now: datetime) -> None:
    """Queue referrals to the prefectures of their municipalities."""
    by_prefecture: dict[NodeName, list[DoubtReferral]] = {}
    for referral in referrals:
        code = LocalGovernmentCode(referral.municipality).prefecture_code.value
        by_prefecture.setdefault(NodeName(f"{NodeKind.PREFECTURAL.value}/{code}"), []).append(referral)
    for receiver, notices in by_prefecture.items():
        await queue_notices(unit, receiver=receiver, message_type="doubt_referral", notices=notices, now=now)


def _require_valid(report: DoubtReport, *, now: datetime) -> None:
    require_civil_date_wire(report.reported_on, "reported_on", may_be_irregular=False)
    if CivilDate.from_wire(report.reported_on).span[0] > civil_day(now):
        raise DateOutOfOrderError("The report lies in the future.", field="reported_on")
    items = parse_items(report.items)
    require_doubt(reason=DoubtReason(report.reason), items=items, given=None)
    if report.stated is not None:
        if not compared_items(report.stated) <= items:
            raise MissingItemError("State only what is said to differ.", field="stated")
        read_stated(report.stated)


def _place(  # noqa: PLR0917 - a report and everything that decides about it
    report: DoubtReport,
    agency: NodeName,
    organ: str,
    use: DoubtedUse | None,
    holders: Mapping[str, Holder],
    now: datetime,
) -> _Placed:
    try:
        if use is None:
            raise UseNotFoundError(field="use_log_id")
        require_doubt(reason=DoubtReason(report.reason), items=parse_items(report.items), given=parse_items(use.items))
        holder = holders.get(use.resident_record_code)
        if holder is None:
            raise UseNotFoundError("Nobody holds a record of this person any more.", field="use_log_id")
    except JukinetError as error:
        return _Placed(_kept(report, agency, now, error=error), None)
    due_on = answer_due_on(civil_day(now))
    kept = _kept(report, agency, now, holder=holder, due_on=due_on)
    return _Placed(kept, _referral(report, organ, use, holder, due_on, now))


def _kept(
    report: DoubtReport,
    agency: NodeName,
    now: datetime,
    *,
    holder: Holder | None = None,
    due_on: date | None = None,
    error: JukinetError | None = None,
) -> KeptReport:
    return KeptReport(
        report_number=report.notice_number,
        agency=agency.text,
        use_log_id=report.use_log_id,
        place=report.place,
        resident_record_code=None if holder is None else holder.resident_record_code,
        municipality=None if holder is None else _keeper_of(holder.municipality),
        reason=report.reason,
        items=",".join(report.items),
        received_at=now,
        due_on=due_on,
        state=(DoubtState.REFERRED if error is None else DoubtState.REFUSED).value,
        error_code=None if error is None else error.code,
    )


def _referral(  # noqa: PLR0917 - likewise
    report: DoubtReport, organ: str, use: DoubtedUse, holder: Holder, due_on: date, now: datetime
) -> DoubtReferral:
    # Of a use the person is not told of yet, nobody at the municipality learns who made it, or when.
    return DoubtReferral(
        notice_number=new_notice_number(now, secrets.token_bytes(10)),
        report_number=report.notice_number,
        resident_record_code=holder.resident_record_code,
        municipality=_keeper_of(holder.municipality),
        organ=_UNNAMED if use.is_withheld else organ,
        office="" if use.is_withheld else report.office,
        contact="" if use.is_withheld else report.contact,
        reason=report.reason,
        evidence=report.evidence,
        items=report.items,
        stated=report.stated,
        provided_at=(now if use.is_withheld else use.used_at).astimezone(UTC),
        reported_on=report.reported_on,
        due_on=due_on.isoformat(),
    )


def _keeper_of(municipality: str) -> str:
    """Return the municipality whose node keeps the residents: of a ward, its city."""
    return municipality_of(LocalGovernmentCode(municipality)).code.value


def _event(report: KeptReport, agency: NodeName, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.DOUBT_REPORTED,
        occurred_at=now,
        actor=agency.text,
        outcome="done" if report.error_code is None else "refused",
        resident_record_code=report.resident_record_code,
        detail={
            "report_number": report.report_number,
            "use_log_id": report.use_log_id,
            "reason": report.reason,
            "municipality": report.municipality,
            "error_code": report.error_code,
        },
    )
