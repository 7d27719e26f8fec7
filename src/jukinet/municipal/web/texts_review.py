"""The texts of cancellations, of review, and of what other municipalities have told."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "cancellation.title": "異動の取消し",
    "cancellation.lead": "誤って登録した異動を取り消し、異動の前の記載に戻します。取り消した異動も履歴に残ります。",
    "cancellation.act_number": "取り消す異動の番号",
    "cancellation.act_number.hint": (
        "異動履歴の「異動番号」です。あとに別の異動があるときは、新しいものから順に取り消します。"
    ),
    "cancellation.first": "先に異動番号 {number} を取り消す",
    "cancellation.this": "この異動を取り消す",
    "cancellation.which": "異動番号 {number}（{reason}）を取り消す",
    "cancellation.kind.cancellation_entry": (
        "職権記載等として通知されます（異動の取消し・増）。失効した電子証明書は元に戻りません。本人に知らせてください。"
    ),
    "cancellation.kind.cancellation_removal": (
        "職権消除等として通知されます（異動の取消し・減）。住民票コードと個人番号は、ほかの人には付けません。"
    ),
    "cancellation.kind.cancellation": (
        "職権修正等として通知されます（異動の取消し・修正）。"
        "失効した電子証明書は元に戻りません。本人に知らせてください。"
    ),
    "cancellation.tell": "転入通知は取り消せません。相手の市区町村に、電話か文書で知らせてください。",
    "timeline.cancelled": "取消し済み（異動番号 {number}）",
    "timeline.cancels": "異動番号 {number} の取消し",
    "review.menu": "審査",
    "review.title": "審査",
    "review.lead": (
        "入力した職員とは別の職員が確かめて、登録するか差し戻します。仮登録は、送られず、証明にも使われません。"
    ),
    "review.needed": "この手続は、ほかの職員の審査を受けてから登録されます。",
    "review.submit": "審査に回す",
    "review.number": "番号",
    "review.open": "仮登録 {number} を開く",
    "review.one": "仮登録 {number}（{title}）",
    "review.waiting": "審査を待つ仮登録（{count}件）",
    "review.none": "審査を待つ仮登録はありません。",
    "review.returned": "差し戻されたもの",
    "review.returned.lead": "理由を見て、直してもう一度審査に回すか、取り下げてください。",
    "review.submitted": "入力した日時と職員",
    "review.decided": "審査した日時と職員",
    "review.own": "自分",
    "review.state.waiting": "審査待ちです。まだ登録していません。下の内容は、いまの記載から計算し直したものです。",
    "review.state.returned": "差し戻されています。",
    "review.state.approved": "承認され、登録されました。",
    "review.state.withdrawn": "取り下げられたか、審査なしで登録されました。",
    "review.changed": (
        "入力のあとに、この人の記載が変わっています。下の内容がいまの記載に合うか、よく確かめてください。"
    ),
    "review.not_now": "いまは登録できません。",
    "review.decision": "審査",
    "review.approve": "承認して登録する",
    "review.return": "差し戻す",
    "review.reason": "差戻しの理由",
    "review.reason.hint": "差し戻すときだけ。入力した職員に見せます。",
    "review.mend": "直す",
    "review.withdraw": "取り下げる",
    "review.back": "一覧に戻る",
    "review.banner": "審査待ちの仮登録があります",
    "review.banner.by": "{title}（{name} さん、{at}）",
    "done.submitted": "審査に回しました。ほかの職員が承認すると登録されます。",
    "done.approved": "承認して登録しました。",
    "done.review_returned": "理由を付けて差し戻しました。",
    "done.review_withdrawn": "仮登録を取り下げました。何も登録していません。",
    "worklist.provisional_entries": "審査待ちの仮登録",
    "worklist.unmatched_notices": "確かめる転入通知",
    "received.reference": "通知番号 {number}",
    "received.title": "他の市区町村からの通知",
    "received.lead": "転入通知は自動で転出確定に使われます。ここには、職員が確かめるものが出ます。",
    "received.unmatched": "だれの転出か確かめる転入通知",
    "received.unmatched.none": "確かめる転入通知はありません。",
    "received.overdue": "転入通知が届いていない人",
    "received.overdue.lead": (
        "転出予定日から{days}日を過ぎても、転入先から通知がありません。転入先か本人に問い合わせてください。"
    ),
    "received.overdue.none": "転入通知が遅れている人はいません。",
    "received.overdue.since": "転出した日",
    "received.overdue.place": "転出先（予定）",
    "received.overdue.days": "過ぎた日数",
    "received.annex": "戸籍の附票の通知",
    "received.annex.lead": (
        "本籍がこの市区町村にある人の、住所の異動です。戸籍の担当が附票を直します。新しい順に{limit}件まで。"
    ),
    "received.annex.none": "附票の通知はありません。",
    "received.at": "届いた日時",
    "received.from": "通知した市区町村",
    "received.person": "通知に書かれた人",
    "received.destination": "転入先と転入した日",
    "received.why": "確定できない理由",
    "received.candidates": "この人かもしれない記載",
    "received.candidates.none": "同じ氏名・生年月日の記載はありません。",
    "received.apply": "もう一度照らし合わせる",
    "received.dismiss": "取り下げる",
    "received.which": "{name} さんの転入通知：",
    "received.domicile": "本籍と筆頭者",
    "received.address": "新しい住所と定めた日",
    "received.act": "処置",
    "received.resident": "宛名番号 {number}",
    "done.notice_tried": "もう一度照らし合わせました。転出が確定できたものは、一覧から消えています。",
    "done.notice_dismissed": "この転入通知を取り下げました。",
}

_ENGLISH: Final = {
    "cancellation.title": "Cancel an act",
    "cancellation.lead": "What stood before the act stands again. The cancelled act stays in the history.",
    "cancellation.act_number": "Number of the act",
    "cancellation.act_number.hint": "From the history. Where others followed, cancel the newest first.",
    "cancellation.first": "Cancel act {number} first",
    "cancellation.this": "Cancel this act",
    "cancellation.which": "Cancel act {number} ({reason})",
    "cancellation.kind.cancellation_entry": (
        "Notified as an ex officio entry. Revoked certificates don't come back: tell the person."
    ),
    "cancellation.kind.cancellation_removal": (
        "Notified as an ex officio removal. The code and number are given to nobody else."
    ),
    "cancellation.kind.cancellation": (
        "Notified as an ex officio modification. Revoked certificates don't come back: tell the person."
    ),
    "cancellation.tell": "A move-in notice cannot be taken back: tell the other municipality by telephone or letter.",
    "timeline.cancelled": "cancelled by act {number}",
    "timeline.cancels": "cancels act {number}",
    "review.menu": "Review",
    "review.title": "Review",
    "review.lead": (
        "Another operator than the one who typed it checks and records it. Until then nothing is sent or certified."
    ),
    "review.needed": "Another operator reviews this procedure before it is recorded.",
    "review.submit": "Submit for review",
    "review.number": "Number",
    "review.open": "Open entry {number}",
    "review.one": "Provisional entry {number} ({title})",
    "review.waiting": "Waiting ({count})",
    "review.none": "Nothing waits for review.",
    "review.returned": "Returned to you",
    "review.returned.lead": "Read the reason; mend and submit it again, or withdraw it.",
    "review.submitted": "Submitted",
    "review.decided": "Decided",
    "review.own": "yours",
    "review.state.waiting": (
        "It waits for review; nothing is recorded. What follows is computed from the record as it is now."
    ),
    "review.state.returned": "It was returned.",
    "review.state.approved": "It was approved and recorded.",
    "review.state.withdrawn": "It was withdrawn, or recorded without review.",
    "review.changed": "The record has changed since this was typed: check that it still fits.",
    "review.not_now": "It cannot be recorded now. ",
    "review.decision": "Review",
    "review.approve": "Approve and record",
    "review.return": "Return",
    "review.reason": "Reason of the return",
    "review.reason.hint": "Only to return it. Who typed it reads this.",
    "review.mend": "Mend",
    "review.withdraw": "Withdraw",
    "review.back": "Back to the list",
    "review.banner": "Provisional entries wait for review",
    "review.banner.by": "{title} ({name}, {at})",
    "done.submitted": "Submitted. It is recorded once another operator approves it.",
    "done.approved": "Approved and recorded.",
    "done.review_returned": "Returned with the reason.",
    "done.review_withdrawn": "Withdrawn. Nothing was recorded.",
    "worklist.provisional_entries": "Entries waiting for review",
    "worklist.unmatched_notices": "Move-in notices to look into",
    "received.reference": "Notice {number}",
    "received.title": "Notices from other municipalities",
    "received.lead": "Move-in notices confirm move-outs by themselves. Here is what somebody has to look into.",
    "received.unmatched": "Move-in notices that match nobody",
    "received.unmatched.none": "No move-in notice waits.",
    "received.overdue": "Move-in notices that have not come",
    "received.overdue.lead": (
        "More than {days} days after the move-out nobody has told of the move-in. Ask there, or the person."
    ),
    "received.overdue.none": "No move-in notice is late.",
    "received.overdue.since": "Moved out on",
    "received.overdue.place": "Planned destination",
    "received.overdue.days": "Days over",
    "received.annex": "Annex notices",
    "received.annex.lead": (
        "New addresses of people whose registered domicile is here, for the family register desk. The newest {limit}."
    ),
    "received.annex.none": "No annex notices.",
    "received.at": "Received",
    "received.from": "Sent by",
    "received.person": "The person, as the notice says",
    "received.destination": "Destination and day of the move-in",
    "received.why": "Why it confirms nothing",
    "received.candidates": "May be this record",
    "received.candidates.none": "Nobody with this name and birth date.",
    "received.apply": "Match again",
    "received.dismiss": "Dismiss",
    "received.which": "Notice of {name}: ",
    "received.domicile": "Registered domicile and first person",
    "received.address": "New address and since when",
    "received.act": "What to do",
    "received.resident": "Resident {number}",
    "done.notice_tried": "Matched again: what confirms a move-out has left the list.",
    "done.notice_dismissed": "The notice was dismissed.",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
