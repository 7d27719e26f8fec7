"""The texts of the page of the yearly publication, by id."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "publication.menu": "公表",
    "publication.title": "提供状況の公表",
    "publication.lead": (
        "一年度の提供を、提供先・事務・年月・方法ごとに数えます。10件未満の件数と、そこから10件未満の件数が計算できる"
        "件数は「x」とします。作成は操作履歴に残ります。"
    ),
    "publication.year": "年度",
    "publication.year.hint": "西暦4桁。2026は令和8年4月から令和9年3月まで",
    "publication.submit": "表示する",
    "publication.report": "報告書（HTML）",
    "publication.csv": "表（CSV）",
    "publication.total": "合計：{count}件",
    "publication.none": "この年度の提供はありません。",
    "publication.months": "月ごとの件数",
    "publication.organs": "提供先ごとの件数",
    "publication.rows": "提供先・事務・月・方法ごとの件数",
    "publication.affair": "事務",
    "publication.method": "方法",
    "publication.sum": "合計",
    "publication.month": "{month}月",
}

_ENGLISH: Final = {
    "publication.menu": "Publication",
    "publication.title": "Yearly publication of provisions",
    "publication.lead": (
        "Provisions of a fiscal year by organ, affair, month and method. Figures below ten, and those from which one "
        "would follow, are shown as x. Making it is logged."
    ),
    "publication.year": "Fiscal year",
    "publication.year.hint": "Four digits: 2026 is April 2026 to March 2027",
    "publication.submit": "Show",
    "publication.report": "Report (HTML)",
    "publication.csv": "Table (CSV)",
    "publication.total": "Total: {count}",
    "publication.none": "Nothing was provided in this year.",
    "publication.months": "By month",
    "publication.organs": "By organ",
    "publication.rows": "By organ, affair, month and method",
    "publication.affair": "Affair",
    "publication.method": "Method",
    "publication.sum": "Total",
    "publication.month": "{month}",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
