"""Hand on reports of doubt to the municipalities, and their answers to the nation (M16). Nothing of them is kept here.

Source: Act (–2015) art. 12-5, 30-11(5); Act (2015–) art. 12-5, 30-8.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.numbered_notices import Intake, queue_notices, receive_numbered_notices
from jukinet.disclosure.referral_store import take_own_answers
from jukinet.domain.civil_dates import require_civil_date_wire
from jukinet.domain.errors import PeerNotPermittedError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.domain.resident_record_code import require_resident_record_code
from jukinet.domain.rules import Rule, enforces
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.doubts import DoubtAnswer, DoubtReferral
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NATIONAL, NodeKind, NodeName
from jukinet.transport.message_server import Received


async def hand_on_doubt_referrals(
    *, received: Received[tuple[DoubtReferral, ...]], node: NodeName, database: Database, now: datetime
) -> NoticesAnswer:
    """Queue each referral to its municipality and return what became of each, after it is durable.

    Raises:
        ReplayedMessageError: this message id was received before.
    """

    async def keep(unit: Unit, referrals: Sequence[DoubtReferral]) -> None:
        by_municipality: dict[NodeName, list[DoubtReferral]] = {}
        for referral in referrals:
            name = NodeName(f"{NodeKind.MUNICIPAL.value}/{referral.municipality}")
            by_municipality.setdefault(name, []).append(referral)
        for receiver, notices in by_municipality.items():
            await queue_notices(
                unit, receiver=receiver, message_type="doubt_referral_forwarding", notices=notices, now=now
            )
        await append(unit, [_referred(one, now) for one in referrals])

    intake: Intake[DoubtReferral] = Intake(require_valid=lambda one: require_own(one, node), record=keep)
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


async def hand_on_doubt_answers(
    *, received: Received[tuple[DoubtAnswer, ...]], database: Database, now: datetime
) -> NoticesAnswer:
    """Queue the answers of a municipality to the nation and return what became of each, after it is durable.

    What answers a correction that this prefecture asked for ends here.

    Raises:
        ReplayedMessageError: this message id was received before.
    """
    sender = received.peer.name

    async def keep(unit: Unit, answers: Sequence[DoubtAnswer]) -> None:
        # Some answer what this prefecture asked for a person: they end here.
        others = await take_own_answers(unit, answers)
        await queue_notices(unit, receiver=NATIONAL, message_type="doubt_answer_forwarding", notices=others, now=now)
        await append(unit, [_answered(one, sender, now) for one in answers])

    intake: Intake[DoubtAnswer] = Intake(require_valid=lambda one: _require_of(one, sender), record=keep)
    return await receive_numbered_notices(received=received, intake=intake, database=database, now=now)


@enforces(Rule.ERRORS_ARE_REPORTED_TO_THE_MUNICIPALITY)
def require_own(referral: DoubtReferral, node: NodeName) -> None:
    """Refuse a referral that is of no municipality of this prefecture, or of no possible person.

    Raises:
        InvalidValueError: one of its leaves, by item.
        PeerNotPermittedError: the municipality is another prefecture's.
    """
    require_resident_record_code(referral.resident_record_code, field="resident_record_code")
    municipality = municipality_of(LocalGovernmentCode.parse(referral.municipality))
    if municipality.code.prefecture_code.value != node.code or municipality.code.value != referral.municipality:
        raise PeerNotPermittedError("A prefecture tells its own municipalities.", field="municipality")


def _require_of(answer: DoubtAnswer, sender: NodeName) -> None:
    if answer.municipality != sender.code:
        raise PeerNotPermittedError("A municipality answers for itself only.", field="municipality")
    require_civil_date_wire(answer.answered_on, "answered_on", may_be_irregular=False)
    if answer.expected_on is not None:
        require_civil_date_wire(answer.expected_on, "expected_on", may_be_irregular=False)


def _referred(referral: DoubtReferral, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.DOUBT_REFERRED,
        occurred_at=now,
        actor=NATIONAL.text,
        resident_record_code=referral.resident_record_code,
        detail={"report_number": referral.report_number, "municipality": referral.municipality},
    )


def _answered(answer: DoubtAnswer, sender: NodeName, now: datetime) -> Entry:
    return Entry(
        event=AuditEvent.DOUBT_ANSWERED,
        occurred_at=now,
        actor=sender.text,
        detail={"report_number": answer.report_number, "outcome": answer.outcome},
    )
