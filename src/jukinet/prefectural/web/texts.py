"""The texts of the prefectural screens, by id."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "statistics.menu": "統計",
    "statistics.title": "統計資料の作成",
    "statistics.lead": (
        "住民基本台帳法第30条の15第1項第4号により、記載中の住民を市区町村・性別・年齢ごとに数えます。個人は表示しませ"
        "ん。10人未満の人数と、そこから10人未満の人数が計算できる人数は「x」とします。作成は操作履歴に残ります。"
    ),
    "statistics.purpose": "何のための統計か",
    "statistics.purpose.hint": "200字まで。例：保健医療計画の基礎資料",
    "statistics.matter_number": "整理番号",
    "statistics.matter_number.hint": "この統計の事案の番号",
    "statistics.submit": "作成する",
    "statistics.csv": "表（CSV）",
    "statistics.result": "市区町村ごとの人数",
    "statistics.municipality": "市区町村",
    "statistics.sum": "合計",
    "statistics.age.0": "0～14歳",
    "statistics.age.1": "15～64歳",
    "statistics.age.2": "65～74歳",
    "statistics.age.3": "75歳以上",
    "statistics.none": "数えられる住民はいません。",
}

_ENGLISH: Final = {
    "statistics.menu": "Statistics",
    "statistics.title": "Statistics of residents",
    "statistics.lead": (
        "Act (2015–) art. 30-15(1)(iv): residents counted by municipality, sex and age. Nobody is shown. Figures below "
        "ten, and those from which one would follow, are shown as x. Making them is logged."
    ),
    "statistics.purpose": "What for",
    "statistics.purpose.hint": "At most 200 characters",
    "statistics.matter_number": "Matter number",
    "statistics.matter_number.hint": "Of these statistics",
    "statistics.submit": "Make",
    "statistics.csv": "Table (CSV)",
    "statistics.result": "Residents by municipality",
    "statistics.municipality": "Municipality",
    "statistics.sum": "Total",
    "statistics.age.0": "0–14",
    "statistics.age.1": "15–64",
    "statistics.age.2": "65–74",
    "statistics.age.3": "75 and over",
    "statistics.none": "There is nobody to count.",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
