"""The refusals around reports of doubt (疑義の通報) as Japanese sentences: what is the matter, what to do next."""

from __future__ import annotations

from typing import Final

DOUBT_MESSAGES: Final = {
    "conflict.doubt_answered": (
        "この通報には、もう最終の回答をしています。",
        "誤りの通報の一覧に戻って確かめてください。",
    ),
    "conflict.doubt_not_corrected": (
        "提供の後に、この住民票は修正されていません。",
        "先に住民票を修正してから「修正した」を選ぶか、別の結果を選んでください。",
    ),
    "not_found.doubt_report": ("その通報はありません。", "誤りの通報の一覧から選び直してください。"),
    "not_found.use": (
        "この機関がその番号で提供を受けた人の記録はありません。",
        "疑義のある照会の結果にある番号（提供記録の番号）を確かめて、通報し直してください。",
    ),
    "permission.doubt_beyond_provision": (
        "この機関が提供を受けていない項目が含まれています。",
        "提供を受けた項目だけを選んで通報し直してください。",
    ),
}
