"""Texts of what residents ask for at the counter about their own information, by id."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "counter.title": "本人の提供状況の開示・利用登録",
    "counter.of": (
        "{name} さんの本人確認情報について、本人に渡すものを作ります。"
        "請求は操作履歴と、全国サーバの提供の記録に残ります。"
    ),
    "counter.cut": (
        "全国サーバに接続できないため、何も渡せません。請求があったことは記録しました。"
        "しばらく待って、もう一度操作するか、後日の来庁をお願いしてください。"
    ),
    "counter.protected": "支援措置の対象の世帯です。本人にだけ渡せます。代理人からの請求には応じられません。",
    "counter.requester": "請求の任に当たる者",
    "counter.requester.self": "本人",
    "counter.requester.legal_representative": "法定代理人（利用登録はできません）",
    "counter.identity_check": "本人確認の方法",
    "counter.identity_check.photo_document": "写真付きの官公署発行書類（1点）",
    "counter.identity_check.other_documents": "写真のない書類（2点）（利用登録はできません）",
    "counter.shows_authority": "法定代理人の権限を明らかにする書類（戸籍謄本・登記事項証明書等）を確かめた",
    "counter.choose": "渡すもの",
    "counter.use_log": "提供状況を印刷する",
    "counter.use_log.lead": "いつ、どの機関に、何のために提供されたかの一覧（PDF）",
    "counter.proof_file": "証明用ファイルを作成する",
    "counter.proof_file.lead": "記録に抜けや書換えがないことを、本人が自宅で確かめられるファイル。媒体に入れて渡します",
    "counter.enrolment": "利用登録通知書を印刷する",
    "counter.enrolment.lead": (
        "本人用ページのパスワードを決めるための番号と符号（PDF）。本人に直接渡します。前の登録は使えなくなります"
    ),
}
_ENGLISH: Final = {
    "counter.title": "Uses and enrolment, for the resident",
    "counter.of": "Makes what {name} is handed. The request is on the operation log and on the nation's use log.",
    "counter.cut": "The nation cannot be reached: nothing was made. The request is on the log; try again later.",
    "counter.protected": "This household is protected: only the person is handed anything, no representative.",
    "counter.requester": "Who asks",
    "counter.requester.self": "The person",
    "counter.requester.legal_representative": "Legal representative (no enrolment)",
    "counter.identity_check": "Identity check",
    "counter.identity_check.photo_document": "An official document with a photo",
    "counter.identity_check.other_documents": "Two documents without a photo (no enrolment)",
    "counter.shows_authority": "The representative's proof of authority was seen",
    "counter.choose": "What is handed over",
    "counter.use_log": "Print the uses",
    "counter.use_log.lead": "Who was given what, when and for what (PDF)",
    "counter.proof_file": "Make the proof file",
    "counter.proof_file.lead": "A file with which the person checks at home that nothing is missing or changed",
    "counter.enrolment": "Print the enrolment letter",
    "counter.enrolment.lead": (
        "Number and code for the resident's page (PDF), into the person's own hands; an earlier account is closed"
    ),
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
