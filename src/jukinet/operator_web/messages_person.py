"""The refusals of what people ask about themselves (開示・訂正・利用登録) as Japanese sentences: what to do next."""

from __future__ import annotations

from typing import Final

PERSON_MESSAGES: Final = {
    "value.password": (
        "パスワードは10文字以上200文字以内です。",
        "長さを確かめて、もう一度入力してください。",
    ),
    "permission.not_their_resident": (
        "この市区町村に住民として記録されている方ではないため、渡せません。",
        "いまお住まいの市区町村の窓口で請求してください。",
    ),
    "permission.enrolment": (
        "利用者番号か符号が違うか、通知書の期限が過ぎています。",
        "通知書を見て入力し直してください。続けて5回まちがえると15分使えません。窓口で新しい通知書も受け取れます。",
    ),
    "permission.consent": (
        "画面で開示するには、本人の同意が必要です。",
        "同意するときは、同意の欄に印を付けてください。書面での開示は、都道府県に請求できます。",
    ),
    "permission.extension_too_late": (
        "期限の延長は、もとの期限までに、もとの期限より後の日に限ってできます。",
        "期限の日を確かめてください。期限を過ぎた請求は、すぐに決定してください。",
    ),
    "not_found.person_request": (
        "その番号の請求はありません。",
        "請求の一覧から選び直してください。",
    ),
    "conflict.person_request": (
        "この請求は、いまその操作ができる段階ではありません。",
        "請求の画面を開き直して、いまの状態を確かめてください。",
    ),
}
