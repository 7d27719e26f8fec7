"""The refusals around documents (証明書) as Japanese sentences: what is the matter, and what to do next."""

from __future__ import annotations

from typing import Final

_ADMINISTRATOR: Final = "システム管理者に、下の番号を伝えてください。"

DOCUMENT_MESSAGES: Final = {
    "value.character.glyph": (
        "文書用の書体にない字形があります。印刷していません。",
        "表示された項目の文字を確かめ、外字担当者に連絡してください。",
    ),
    "value.document_code": (
        "証明書のコードが正しくありません。読み取りの失敗、改変、又は別の書類です。",
        "もう一度読み取ってください。読めないときは発行した市区町村に確かめてください。",
    ),
    "value.document_code.version": (
        "このコードの版は、このシステムでは読めません。",
        "紙面の記載を見て入力してください。",
    ),
    "value.document_code.parts": (
        "まだ読み取っていないコードがあります。",
        "証明書にあるすべてのコードを読み取ってください。",
    ),
    "operation.font": (
        "文書用の書体（IPAmj明朝）がありません。文書は印刷できません。",
        "システム管理者に、fonts-ipamj-mincho のインストールを依頼してください。",
    ),
    "permission.requester": (
        "この根拠で請求できるのは、本人か同じ世帯の人だけです（法12条1項・15条の4）。",
        "ほかの人の請求は、根拠を「国・地方公共団体」か「第三者」に変え、請求事由を書いてもらってください。",
    ),
    "permission.item": (
        "住民票コードと個人番号は、この請求では記載できません（法12条の2第1項・12条の3第7項、番号法19条）。",
        "項目を外すか、代理人の請求なら「請求者本人の住所へ送る」を選んでください。",
    ),
    "permission.improper_purpose": (
        "不当な目的の請求なので、交付できません（法12条6項）。",
        "拒否の理由を説明し、教示をしてください。この拒否は操作履歴に残ります。",
    ),
    "permission.protected_person": (
        "支援措置の対象者がいる世帯なので、対象者本人以外にはここでは交付できません。",
        "交付も、住所の案内もしないでください。支援措置の担当に引き継ぎ、審査を受けてください。",
    ),
    "permission.verification_rate": (
        "違う確認コードが続いたため、確認を止めています。",
        "1分待ってから、紙に書かれたとおりに入力してください。",
    ),
    "not_found.document_request": ("その証明書の請求はありません。", "今日の一覧から選び直してください。"),
    "not_found.issued_document": (
        "この番号の証明書はここにはありません。渡したあとの写しは残していません。",
        "必要なら、新しい請求として交付してください。",
    ),
    "conflict.document_kind": (
        "この住民票から、この証明書は作れません。",
        "消除された人には「除票の写し」、国内へ転出する人には「転出証明書」を選んでください。",
    ),
    "conflict.document_request": (
        "この請求では、もう証明書を発行しています。",
        "印刷に失敗したときは無効にしてから、請求をやり直してください。",
    ),
    "conflict.issued_document": ("この証明書は、もう交付したか無効にしたものです。", "今日の一覧を確かめてください。"),
    "conflict.document_binding": (
        "証明書が請求の内容と一致しません。何も渡していません。",
        "請求をやり直し、システム管理者に知らせてください。",
    ),
    "operation.document_key": ("証明書に署名する鍵がないため、発行できません。", _ADMINISTRATOR),
}
