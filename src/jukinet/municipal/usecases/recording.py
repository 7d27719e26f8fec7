"""What every recorded change does with its new version: write it, queue its notice, audit it, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.outbox import queue_parcel
from jukinet.domain.clock import civil_day
from jukinet.domain.identification import validate_identification
from jukinet.municipal.records import ResidentVersion
from jukinet.municipal.screens_store import record_form
from jukinet.municipal.store import keep_notified
from jukinet.postgres.database import Unit
from jukinet.protocol.node_names import NodeName, prefecture_of

_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who records, on which node, when."""

    operator_id: str
    node: NodeName
    now: datetime
    #: What a screen gives each form it shows: the same form sent twice is recorded once.
    form_number: str | None = None


async def notify_and_audit(
    unit: Unit, *, version: ResidentVersion, update_sequence: int, event: AuditEvent, act: Act
) -> None:
    """Queue the notice of `version` to the prefecture and append the audit event.

    Raises:
        InvalidValueError: an item cannot be notified; the caller's transaction must not commit. What the
            prefecture would refuse is refused here already, where somebody can mend it.
        AlreadyExistsError: the form of this act was recorded before.
    """
    await _note_form(unit, version, act)
    notice = version.notice(update_sequence)
    validate_identification(notice, day=civil_day(act.now))
    encoded = _encoder.encode(notice)
    await keep_notified(
        unit,
        resident_record_code=version.resident_record_code,
        update_sequence=update_sequence,
        notice=encoded,
        now=act.now,
    )
    await queue_parcel(
        unit,
        receiver=prefecture_of(act.node),
        message_type="identification_notice",
        notices=encoded,
        notice_count=1,
        now=act.now,
    )
    entry = Entry(
        event=event,
        occurred_at=act.now,
        actor=act.operator_id,
        resident_record_code=version.resident_record_code,
        detail={"resident_number": version.resident_number, "update_sequence": update_sequence},
    )
    await append(unit, [entry])


async def _note_form(unit: Unit, version: ResidentVersion, act: Act) -> None:
    if act.form_number is not None:
        number = version.resident_number
        await record_form(unit, act.form_number, resident_number=number, version=version.version, now=act.now)
