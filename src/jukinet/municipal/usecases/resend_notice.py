"""Send the last notice of a resident of the connected resident system again (再送), perhaps with another reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.delivery.reports import is_reported
from jukinet.domain.changes import find_change_reason
from jukinet.domain.errors import ResidentNotFoundError
from jukinet.municipal.resident_system.planning import resend_notice
from jukinet.municipal.resident_system.reasons import find_reason
from jukinet.municipal.resident_system.resend_store import add_resend, find_resend
from jukinet.municipal.resident_system.settling import Linking, queue_notices
from jukinet.municipal.resident_system.store import keep_copies, list_notices, save_residents, take_turn
from jukinet.postgres.database import Unit
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.resident_changes import ResendAnswer

_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resend:
    """What to send again. The same request is carried out once."""

    request_id: str
    resident_number: str
    #: 異動事由; as it was notified where it is None.
    reason: str | None = None


async def resend_last_notice(unit: Unit, *, resend: Resend, linking: Linking) -> ResendAnswer:
    """Queue the notice again and return under which update sequence it goes.

    Raises:
        ResidentNotFoundError: nothing was ever notified of such a resident.
        UnknownCodeListValueError: there is no such reason.
        ImpossibleChangeError: the prefecture applied the notice, and this reason cannot follow it.
    """
    await take_turn(unit)
    before = await find_resend(unit, resend.request_id)
    if before is not None:
        return before
    notice = (await list_notices(unit, [resend.resident_number])).get(resend.resident_number)
    if notice is None:
        raise ResidentNotFoundError(field="resident_number")
    reason = find_reason(resend.reason).change_reason if resend.reason else find_change_reason(notice.reason)
    code, sequence = notice.resident_record_code, notice.update_sequence
    was_refused = await is_reported(unit, resident_record_code=code, update_sequence=sequence)
    again = resend_notice(notice, reason, was_refused=was_refused)
    encoded = _encoder.encode(again)
    answer = ResendAnswer(update_sequence=again.update_sequence, is_new=again.update_sequence != sequence)
    if answer.is_new:
        await keep_copies(unit, [(again, encoded)], now=linking.now)
    if again != notice:
        await save_residents(unit, {resend.resident_number: again})
    await queue_notices(unit, [encoded], linking=linking)
    await add_resend(
        unit,
        request_id=resend.request_id,
        resident_number=resend.resident_number,
        answer=answer,
        change_reason=again.reason,
        now=linking.now,
        requested_by=linking.actor,
    )
    await append(unit, [_event(resend, again, answer, linking)])
    return answer


def _event(resend: Resend, again: IdentificationNotice, answer: ResendAnswer, linking: Linking) -> Entry:
    detail = {
        "resident_number": resend.resident_number,
        "update_sequence": again.update_sequence,
        "is_new": answer.is_new,
        "reason": again.reason,
    }
    return Entry(
        event=AuditEvent.NOTICE_RESENT,
        occurred_at=linking.now,
        actor=linking.actor,
        resident_record_code=again.resident_record_code,
        detail=detail,
    )
