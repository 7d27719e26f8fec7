"""The texts of printing many notices in one go (まとめ印刷)."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "notice_batch.title": "まとめ印刷",
    "notice_batch.open": "送付を待つものをまとめて印刷する",
    "notice_batch.count": "いま印刷できるのは {count} 通です。一人に一枚ずつ、窓あき封筒用に印刷されます。",
    "notice_batch.left_out": "いっしょに印刷できないもの（{count}）",
    "notice_batch.left_out.lead": "次のものは除いて印刷します。一覧に残るので、原因を直してから印刷してください。",
    "notice_batch.why": "理由と、することの案内",
    "notice_batch.print.title": "印刷する",
    "notice_batch.print.lead": (
        "別の画面に開きます。一度に {limit} 通までです。誰の分を印刷したかは、一人ずつ操作履歴に残ります。"
    ),
    "notice_batch.print": "まとめて開いて印刷する",
    "notice_batch.sent.title": "送ったら",
    "notice_batch.sent.lead": "紙を数え、封筒に入れて差し出してから押してください。",
    "notice_batch.sent": "{count} 通を送付した",
    "notice_batch.back": "一覧に戻る",
    "done.notice_batch.sent": "まとめて送付済みとしました。",
}
_ENGLISH: Final = {
    "notice_batch.title": "Print all",
    "notice_batch.open": "Print all that wait",
    "notice_batch.count": "{count} can be printed now, one sheet per person, for the window envelope.",
    "notice_batch.left_out": "Left out ({count})",
    "notice_batch.left_out.lead": (
        "These are not printed with the others. They stay on the list until what is said here is mended."
    ),
    "notice_batch.why": "Why, and what to do",
    "notice_batch.print.title": "Print",
    "notice_batch.print.lead": (
        "It opens in a page of its own, at most {limit} at a time. Each person's sheet is on the log."
    ),
    "notice_batch.print": "Open all to print them",
    "notice_batch.sent.title": "Once they are sent",
    "notice_batch.sent.lead": "Press it when the sheets are counted, enveloped and posted.",
    "notice_batch.sent": "{count} were sent",
    "notice_batch.back": "Back to the list",
    "done.notice_batch.sent": "All of them are sent.",
}
TEXTS: Final = Catalogue(japanese=_JAPANESE, english=_ENGLISH)
