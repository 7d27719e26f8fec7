"""The refusals of the change feed (変更の継続提供) as Japanese sentences: what is the matter, and what to do next."""

from __future__ import annotations

from typing import Final

FEED_MESSAGES: Final = {
    "conflict.subscription": (
        "この登録は終了しているか、別の条件で始められたものです。",
        "新しい番号で登録し直してください。",
    ),
    "not_found.feed_position": (
        "この番号より後の変更のうち、保存期間が過ぎて消したものがあります。",
        "残っている番号から読み、その間の変更は対象者を照会し直して確かめてください。",
    ),
    "not_found.subscription": (
        "この機関に、その番号の登録はありません。",
        "登録の一覧で番号を確かめてください。",
    ),
}
