"""The texts of the national page on reports of doubt, by id."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "doubts.menu": "疑義の通報",
    "doubts.title": "疑義の通報の状況",
    "doubts.lead": (
        "利用機関が、提供を受けた本人確認情報に誤りがあると考えて通報したものです。住民票のある市区町村が調べて回答し"
        "ます。期限を過ぎたものは、都道府県を通じて回答を促してください。"
    ),
    "doubts.counts": "件数",
    "doubts.overdue": "期限を過ぎたもの",
    "doubts.open": "回答を待っているもの",
    "doubts.open.none": "回答を待っている通報はありません。",
    "doubts.limit": "期限の近い順に{limit}件まで表示しています。",
    "doubts.due": "回答の期限",
    "doubts.left": "あと{days}日",
    "doubts.over": "{days}日超過",
    "doubts.municipality": "市区町村",
    "doubts.agency": "通報した機関",
    "doubts.received": "受付の日時",
    "doubts.state": "状態",
    "doubts.state.referred": "市区町村が確認中",
    "doubts.state.under_investigation": "市区町村が調査中",
    "doubts.state.corrected": "修正された",
    "doubts.state.record_is_right": "住民票が正しい",
    "doubts.state.not_held": "住民票がない",
    "doubts.state.refused": "受け付けなかった",
}

_ENGLISH: Final = {
    "doubts.menu": "Doubts",
    "doubts.title": "Reports of doubt",
    "doubts.lead": (
        "Organs believe that what they were given is wrong. The municipality that holds the record answers. Where an "
        "answer is overdue, remind it through its prefecture."
    ),
    "doubts.counts": "Reports",
    "doubts.overdue": "overdue",
    "doubts.open": "To be answered",
    "doubts.open.none": "Nothing waits for an answer.",
    "doubts.limit": "The {limit} that are due first.",
    "doubts.due": "Due",
    "doubts.left": "{days} days left",
    "doubts.over": "{days} days over",
    "doubts.municipality": "Municipality",
    "doubts.agency": "Organ",
    "doubts.received": "Received at",
    "doubts.state": "State",
    "doubts.state.referred": "with the municipality",
    "doubts.state.under_investigation": "under investigation",
    "doubts.state.corrected": "corrected",
    "doubts.state.record_is_right": "the record is right",
    "doubts.state.not_held": "no record",
    "doubts.state.refused": "not taken",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
