"""The texts of the national screens, by id."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "uses.menu": "提供状況",
    "uses.title": "提供状況の照会",
    "uses.lead": (
        "一人の本人確認情報が、いつ、どの機関に、何のために提供されたかを表示します。照会は操作履歴に残ります。"
    ),
    "uses.code": "住民票コード",
    "uses.code.hint": "11桁の数字",
    "uses.submit": "照会する",
    "uses.hits": "提供：{count}件",
    "uses.none": "この住民票コードについての提供はありません。",
    "uses.limit": "新しい順に{limit}件まで。",
    "uses.at": "提供の日時",
    "uses.agency": "機関",
    "uses.affair": "事務",
    "uses.purpose": "利用事由",
    "uses.matter_number": "依頼管理番号",
    "uses.official": "照会した職員",
    "uses.result": "結果",
    "uses.result.found": "提供した",
    "uses.result.not_found": "該当なし",
}

_ENGLISH: Final = {
    "uses.menu": "Uses",
    "uses.title": "Uses of one person's information",
    "uses.lead": "Shows when, to which agency and for what one person's information was given. Looking is logged.",
    "uses.code": "Resident record code",
    "uses.code.hint": "11 digits",
    "uses.submit": "Show",
    "uses.hits": "Uses: {count}",
    "uses.none": "Nothing was given about this resident record code.",
    "uses.limit": "The newest {limit} at most.",
    "uses.at": "Used at",
    "uses.agency": "Agency",
    "uses.affair": "Affair",
    "uses.purpose": "Purpose",
    "uses.matter_number": "Matter number",
    "uses.official": "Official",
    "uses.result": "Result",
    "uses.result.found": "given",
    "uses.result.not_found": "not found",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
