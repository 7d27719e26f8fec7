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
    "uses.limit": "新しい順に{limit}件ずつ表示します。",
    "uses.number": "番号",
    "uses.number.none": "封印前",
    "uses.at": "提供の日時",
    "uses.agency": "提供先",
    "uses.method": "方法",
    "uses.items": "提供した項目",
    "uses.ground": "法的根拠",
    "uses.withheld": "表示を留保していた記録",
    "uses.next": "次のページ",
    "uses.proof.title": "証明用ファイル",
    "uses.proof.lead": (
        "本人に渡すファイルです。記録がすべてそろっていて書き換えられていないことを、本人が自分で確かめられます。"
        "作成は操作履歴に残ります。"
    ),
    "uses.proof.submit": "証明用ファイルを作成する",
    "uses.proof.page": "確認用のページ（本人に渡すもの）",
    "uses.unsealed": "記録の封印がまだ行われていません。数秒待ってから、もう一度作成してください。",
    "uses.affair": "事務",
    "uses.purpose": "利用事由",
    "uses.official": "照会した職員",
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
    "uses.limit": "Newest first, {limit} on a page.",
    "uses.number": "No.",
    "uses.number.none": "not sealed yet",
    "uses.at": "Used at",
    "uses.agency": "To whom",
    "uses.method": "Method",
    "uses.items": "Items given",
    "uses.ground": "Legal ground",
    "uses.withheld": "had been withheld",
    "uses.next": "Next page",
    "uses.proof.title": "Proof file",
    "uses.proof.lead": (
        "A file for the person, who can check that every entry is there and unchanged. Making it is logged."
    ),
    "uses.proof.submit": "Make the proof file",
    "uses.proof.page": "Page that checks it (for the person)",
    "uses.unsealed": "The log was not sealed yet: wait a few seconds and make it again.",
    "uses.affair": "Affair",
    "uses.purpose": "Purpose",
    "uses.official": "Official",
    "uses.result.not_found": "not found",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
