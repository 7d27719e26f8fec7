"""The letters to a person: what is disclosed, why not, what an investigation found, that it takes longer."""

from __future__ import annotations

from datetime import date
from typing import Final

from jukinet.disclosure.office import AnswerOffice, body_of
from jukinet.disclosure.request_store import RecordedRequest
from jukinet.disclosure.store import OwnRecord
from jukinet.documents.sheets import Addressee, DocumentMark, LetterSheet
from jukinet.domain.appeal_instructions import appeal_instruction_of
from jukinet.domain.changes import ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import PersonRequestStateError
from jukinet.domain.identification import Sex
from jukinet.domain.person_requests import PersonDecision
from jukinet.protocol.node_names import NodeName

_TITLES: Final = {
    PersonDecision.DISCLOSED: "本人確認情報の開示について（通知）",
    PersonDecision.NO_RECORD: "本人確認情報の開示について（存在しない旨の通知）",
    PersonDecision.REFUSED: "本人確認情報の開示について（不開示決定通知）",
    PersonDecision.CORRECTED: "本人確認情報の訂正等の申出について（調査結果通知）",
    PersonDecision.NOT_CORRECTED: "本人確認情報の訂正等の申出について（調査結果通知）",
    PersonDecision.ANSWERED: "お申出について（回答）",
}
_WORDS: Final = {
    PersonDecision.DISCLOSED: "{asked}に受理した開示の請求について、次のとおり開示します。",
    PersonDecision.NO_RECORD: (
        "{asked}に受理した開示の請求について、お示しの住民票コードに係る本人確認情報は記録されていませんので、その旨をお知らせします。"
    ),
    PersonDecision.REFUSED: (
        "{asked}に受理した開示の請求については、次の理由により開示しないことと決定しましたので、通知します。"
    ),
    PersonDecision.CORRECTED: (
        "{asked}に申出のあった本人確認情報の訂正等について調査した結果、記録が改められましたので、通知します。"
    ),
    PersonDecision.NOT_CORRECTED: (
        "{asked}に申出のあった本人確認情報の訂正等について調査した結果、次の理由により訂正等をしないこととしましたので、通知します。"
    ),
    PersonDecision.ANSWERED: "{asked}にお申出のありました件について、次のとおり回答します。",
}
_REASONS: Final = {reason.value: reason.label for reason in ChangeReason}


def answer_letter(
    recorded: RecordedRequest, record: OwnRecord | None, *, office: AnswerOffice, node: NodeName, issued_on: date
) -> LetterSheet:
    """Return the answer to a request that is decided; `record` is what it discloses.

    Raises:
        PersonRequestStateError: it is not decided.
    """
    decision = recorded.decision
    if decision is None:
        raise PersonRequestStateError(field="request_number")
    asked = CivilDate.of(recorded.request.received_on).wareki()
    paragraphs = [_WORDS[decision].format(asked=asked)]
    if recorded.reason:
        paragraphs.append(f"理由　{recorded.reason}" if decision.is_refusal else recorded.reason)
    body, head = body_of(node, on=issued_on)
    return LetterSheet(
        issuer=office.issuer(node, issued_on=issued_on),
        mark=_mark(recorded, office, node, issued_on),
        title=_TITLES[decision],
        addressee=Addressee(name=recorded.request.name, address=recorded.request.reply_address),
        paragraphs=tuple(paragraphs),
        legal_ground=recorded.request.right.ground_on(issued_on),
        review_text=appeal_instruction_of(head, defendant=body, issued_on=issued_on) if decision.is_refusal else "",
        facts=() if record is None else facts_of(record),
        notes=_notes(decision),
    )


def extension_letter(
    recorded: RecordedRequest, *, office: AnswerOffice, node: NodeName, issued_on: date
) -> LetterSheet:
    """Return the letter that says why the disclosure takes longer, and until when."""
    if recorded.extended_to is None or recorded.request.due_on is None:
        raise PersonRequestStateError(field="request_number")
    asked = CivilDate.of(recorded.request.received_on).wareki()
    is_former = issued_on < LegalEra.INDIVIDUAL_NUMBER.begins_on
    article = "第３０条の３８第２項" if is_former else "第３０条の３３第２項"
    return LetterSheet(
        issuer=office.issuer(node, issued_on=issued_on),
        mark=_mark(recorded, office, node, issued_on),
        title="本人確認情報の開示の期限について（延長通知）",
        addressee=Addressee(name=recorded.request.name, address=recorded.request.reply_address),
        paragraphs=(
            f"{asked}に受理した開示の請求については、次の理由により期間内に開示をすることができないので、期限を延長します。",
            f"理由　{recorded.extension_reason}",
        ),
        legal_ground=f"住民基本台帳法{article}",
        facts=(
            ("もとの期限", CivilDate.of(recorded.request.due_on).wareki()),
            ("新しい期限", CivilDate.of(recorded.extended_to).wareki()),
        ),
    )


def facts_of(record: OwnRecord) -> tuple[tuple[str, str], ...]:
    """Return a person's identification information as a letter says it; what is not there is left out."""
    state = "消除" if record.is_removed else "記載"
    facts = {
        "氏名": record.name,
        "ふりがな": record.kana,
        "旧氏": record.former_surname,
        "通称": record.alias,
        "生年月日": _day(record.birth_date),
        "男女の別": Sex(record.sex).label,
        "住所": record.address,
        "個人番号": record.individual_number,
        "住民票コード": record.resident_record_code,
        "変更情報": f"{_REASONS.get(record.change_reason, record.change_reason)}　{_day(record.changed_on)}（{state}）",
    }
    return tuple((label, text) for label, text in facts.items() if text)


def _day(wire: str) -> str:
    return CivilDate.from_wire(wire, may_be_irregular=True).wareki()


def _notes(decision: PersonDecision) -> tuple[str, ...]:
    if decision is not PersonDecision.DISCLOSED:
        return ()
    return (
        "住民基本台帳ネットワークに記録されているあなたの情報は、これがすべてです。",
        "内容に誤りがあるときは、この通知の番号を示して、書面で訂正、追加又は削除を申し出ることができます。",
        "この開示をしたことは、提供の記録に残ります。",
    )


def _mark(recorded: RecordedRequest, office: AnswerOffice, node: NodeName, issued_on: date) -> DocumentMark:
    issuer = office.issuer(node, issued_on=issued_on)
    return DocumentMark(number=f"{issuer.municipality}-D{recorded.request_number:07d}", issued_on=issued_on)
