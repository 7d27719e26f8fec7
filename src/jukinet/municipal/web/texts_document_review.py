"""The texts of the review of requests that touch a protected person (支援措置の審査)."""

from __future__ import annotations

from typing import Final

from jukinet.domain.support_reviews import SupportFinding
from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "worklist.document_reviews": "審査待ちの、支援措置の対象者に係る証明書の請求",
    "document_review.list": "支援措置の対象者に係る証明書の請求（{count}）",
    "document_review.list.lead": (
        "請求を受け付けた人とは別の人が審査します。承認したものは発行し、交付しないものは通知書を送ります。"
        "決定したものは{days}日間、ここにあります。"
    ),
    "document_review.number": "請求番号",
    "document_review.open": "請求 {number} を開く",
    "document_review.one": "支援措置の審査　請求 {number}",
    "document_review.state": "状態",
    "document_review.state.waiting": "審査待ち",
    "document_review.state.approved": "交付する",
    "document_review.state.refused": "交付しない",
    "document_review.state.issued": "発行済み",
    "document_review.why": "この世帯には支援措置の対象者がいるため、発行を止めています。",
    "document_review.protected": "対象者",
    "document_review.silence": (
        "住所は、審査が済んで発行した証明書のほかには、どこにも出ません。相手方には、本人にも代理人にも交付しません。"
    ),
    "document_review.request": "請求の内容",
    "document_review.taken": "受付",
    "document_review.decision": "審査",
    "document_review.decided": "決定",
    "document_review.findings": "確かめたこと",
    "document_review.findings.hint": "交付するには、すべてを確かめます。一つでも確かめられないときは、交付しません。",
    **{f"document_review.finding.{one.tag}": one.label for one in SupportFinding},
    "document_review.reason": "決定の理由",
    "document_review.reason.hint": "何を見て決めたかを書きます。記録に残り、請求者には見せません。",
    "document_review.reply_address": "通知書の送り先",
    "document_review.reply_address.hint": "交付しないときに要ります。請求書に書かれた請求者の住所です。",
    "document_review.approve": "交付する",
    "document_review.refuse": "交付しない",
    "document_review.state.withdrawn": "取下げ",
    "document_review.withdraw.heading": "請求者が請求を取り下げるとき",
    "document_review.withdrawal": "取下げの申出",
    "document_review.withdrawal.hint": "誰から、いつ、どのように聞いたかを書きます。記録に残り、何も発行しません。",
    "document_review.withdraw": "取下げを記録する",
    "done.document_review.withdrawn": "請求の取下げを記録しました。何も発行しません。",
    "document_review.own": "あなたが受け付けた請求です。ほかの職員が審査します。審査が済むと、ここから発行できます。",
    "document_review.issue.lead": (
        "審査が済みました。請求のあとに住民票が変わったときは発行できません。その場合は請求を入力し直します。"
    ),
    "document_review.letter.lead": "通知書には、誰の住民票か、なぜ交付しないかの詳しい事情は書かれません。",
    "document_review.letter": "不交付決定通知書を開いて印刷する",
    "document_review.to_document": "発行した証明書へ",
    "done.document_review.asked": "審査に回しました。ほかの職員が決めるまで、何も発行しません。",
    "done.document_review.approved": "交付することに決めました。受け付けた人が発行できます。",
    "done.document_review.refused": "交付しないことに決めました。通知書を印刷して送ってください。",
}
_ENGLISH: Final = {
    "worklist.document_reviews": "Requests for documents waiting for review (protected persons)",
    "document_review.list": "Requests that touch a protected person ({count})",
    "document_review.list.lead": (
        "Another officer than who took the request reviews it. What is approved is issued, what is refused is answered"
        " by a letter. What was decided stays here for {days} days."
    ),
    "document_review.number": "Request",
    "document_review.open": "Open request {number}",
    "document_review.one": "Review for a protected person, request {number}",
    "document_review.state": "State",
    "document_review.state.waiting": "waits for review",
    "document_review.state.approved": "to be issued",
    "document_review.state.refused": "refused",
    "document_review.state.issued": "issued",
    "document_review.why": "Somebody of this household is protected: nothing is issued before a review.",
    "document_review.protected": "Protected",
    "document_review.silence": (
        "The address stands nowhere but on a document issued after the review."
        " Those the measures protect from, and who acts for them, are given nothing."
    ),
    "document_review.request": "The request",
    "document_review.taken": "Taken",
    "document_review.decision": "Review",
    "document_review.decided": "Decided",
    "document_review.findings": "What you made sure of",
    "document_review.findings.hint": "All of it, to approve. Refuse if one of them is not sure.",
    "document_review.finding.is_not_protected_from": (
        "By the application for support measures: neither requester, bearer nor client is one they protect from"
    ),
    "document_review.finding.identity_is_certain": (
        "Nobody poses as another: photo document, or a call to a number we looked up ourselves"
    ),
    "document_review.finding.purpose_is_proved": "Papers prove the purpose, the need, and where the document goes",
    "document_review.reason": "Reason of the decision",
    "document_review.reason.hint": "What it rests on. It stays on record and is not shown to the requester.",
    "document_review.reply_address": "Where the letter goes",
    "document_review.reply_address.hint": "For a refusal: the requester's address, as the request says.",
    "document_review.approve": "Approve",
    "document_review.refuse": "Refuse",
    "document_review.state.withdrawn": "withdrawn",
    "document_review.withdraw.heading": "If the requester withdraws it",
    "document_review.withdrawal": "What was said",
    "document_review.withdrawal.hint": "By whom, when and how. It stays on record; nothing is issued.",
    "document_review.withdraw": "Record the withdrawal",
    "done.document_review.withdrawn": "The request is withdrawn. Nothing is issued.",
    "document_review.own": "You took this request. Another officer reviews it; then it can be issued from here.",
    "document_review.issue.lead": "Reviewed. If a record changed since the request, type the request anew.",
    "document_review.letter.lead": (
        "The letter says neither whose record it was about nor what stands behind the refusal."
    ),
    "document_review.letter": "Open the letter to print it",
    "document_review.to_document": "To the document",
    "done.document_review.asked": "Put to review. Nothing is issued before another officer decides.",
    "done.document_review.approved": "Approved. Who took the request can issue it.",
    "done.document_review.refused": "Refused. Print the letter and send it.",
}
TEXTS: Final = Catalogue(japanese=_JAPANESE, english=_ENGLISH)
