"""The letter that answers a request nothing is issued for (不交付決定通知書), as a sheet."""

from __future__ import annotations

from datetime import date
from typing import Final

from jukinet.documents.sheets import Addressee, DocumentMark, Issuer, LetterSheet
from jukinet.domain.appeal_instructions import appeal_instruction
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.document_requests import RequestGround
from jukinet.municipal.document_store import RecordedRequest

#: Removed records (除票) have articles of their own from this day.
REMOVED_RECORDS_NAMED: Final = date(2019, 6, 20)
#: A reason that is the same for every refusal: it must not tell that, or why, somebody is protected.
_REASONS: Final = {
    RequestGround.OWN_HOUSEHOLD: "請求を拒むことができる場合に当たると認められるため。",
    RequestGround.PUBLIC_BODY: "請求に応じることが相当であると認めることができないため。",
    RequestGround.JUSTIFIED_INTEREST: "申出を相当と認めることができないため。",
    RequestGround.ENTRUSTED_PROFESSIONAL: "申出を相当と認めることができないため。",
}
_ARTICLES: Final = {
    RequestGround.OWN_HOUSEHOLD: "住民基本台帳法第１２条第６項",
    RequestGround.PUBLIC_BODY: "住民基本台帳法第１２条の２",
    RequestGround.JUSTIFIED_INTEREST: "住民基本台帳法第１２条の３第１項",
    RequestGround.ENTRUSTED_PROFESSIONAL: "住民基本台帳法第１２条の３第２項",
}


def refusal_letter(
    recorded: RecordedRequest, *, name: str, address: str, issuer: Issuer, mark: DocumentMark
) -> LetterSheet:
    """Return the letter to the requester. It names nobody else."""
    request = recorded.request
    asked_on = CivilDate.of(civil_day(recorded.requested_at)).wareki()
    words = (
        f"{asked_on}に請求（申出）のあった{request.kind.label}については、"
        "次の理由により交付しないことと決定しましたので、通知します。"
    )
    return LetterSheet(
        issuer=issuer,
        mark=mark,
        title="証明書の交付の請求について（不交付決定通知）",
        addressee=Addressee(name=name, address=address),
        paragraphs=(words, f"理由　{_REASONS[request.ground]}"),
        legal_ground=_removed_article(mark) if request.kind.is_of_removed else _ARTICLES[request.ground],
        review_text=appeal_instruction(issuer.municipality, issued_on=mark.issued_on),
    )


def _removed_article(mark: DocumentMark) -> str:
    """Return the article on copies of removed records, which the Act names from 2019-06-20."""
    return "住民基本台帳法第１５条の４" if mark.issued_on >= REMOVED_RECORDS_NAMED else "住民基本台帳法第１２条"
