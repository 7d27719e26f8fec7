"""Letters that answer a person's request, for tests and pictures."""

from __future__ import annotations

from datetime import UTC, date, datetime

from jukinet.disclosure.letters import answer_letter, extension_letter
from jukinet.disclosure.office import AnswerOffice
from jukinet.disclosure.request_store import RecordedRequest
from jukinet.disclosure.store import OwnRecord
from jukinet.documents.sheets import Sheet
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_requests import PersonDecision, PersonRequest
from jukinet.domain.person_rights import PersonRight
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.builders import TOKYO, code, individual_number

_OFFICE = AnswerOffice(office="東京都　市町村課", contact="電話 03-0000-0000")
_ISSUED_ON = date(2026, 11, 24)
_ADDRESS = "東京都世田谷区世田谷四丁目21番27号"


def recorded_request(decision: PersonDecision | None = None, reason: str = "") -> RecordedRequest:
    """Return a request for disclosure, decided so."""
    request = PersonRequest(
        right=PersonRight.DISCLOSURE,
        received_on=date(2026, 11, 20),
        name="葛城　花子",
        birth_date="1985-03-12",
        resident_record_code=code(1),
        reply_address=_ADDRESS,
        requester=Notifier.SELF,
        identity_check=IdentityCheck.PHOTO_DOCUMENT,
    )
    return RecordedRequest(
        request_number=1,
        request=request,
        recorded_by="officer",
        extended_to=date(2027, 1, 8),
        extension_reason="記録の確認に時間を要するため。",
        decision=decision,
        reason=reason,
        proposed_by="officer",
        approved_at=datetime(2026, 11, 24, tzinfo=UTC),
        approved_by="second",
    )


def letters() -> dict[str, Sheet]:
    """Return what persons are told, by the name of the picture."""
    record = OwnRecord(
        "葛城　花子",
        "かつらぎ　はなこ",
        None,
        None,
        "1985-03-12",
        "2",
        _ADDRESS,
        individual_number(1),
        code(1),
        "relocation",
        "2024-05-01",
        is_removed=False,
    )
    refused = recorded_request(PersonDecision.REFUSED, "本人であることを確かめることができないため。")
    disclosed = recorded_request(PersonDecision.DISCLOSED)
    return {
        "disclosure": _answer(disclosed, record, TOKYO),
        "disclosure-refused": _answer(refused, None, NATIONAL),
        "disclosure-extended": extension_letter(disclosed, office=_OFFICE, node=TOKYO, issued_on=_ISSUED_ON),
    }


def _answer(recorded: RecordedRequest, record: OwnRecord | None, node: NodeName) -> Sheet:
    return answer_letter(recorded, record, office=_OFFICE, node=node, issued_on=_ISSUED_ON)
