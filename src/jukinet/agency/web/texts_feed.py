"""The texts of the agency's page on the change feed, by id."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "feed.menu": "変更の受取り",
    "feed.title": "変更の受取り（継続提供）",
    "feed.lead": (
        "この機関が登録した人に変更があると、全国サーバから順に届きます。届いた内容は{days}日で消えます。"
        "届いたことは、本人に開示される記録に残ります。"
    ),
    "feed.missed": (
        "{first}番から{last}番までの変更は、長く受け取らなかったために失われました。"
        "登録した人をもう一度照会して、いまの記載を確かめてください。"
    ),
    "feed.changes": "最近の変更",
    "feed.changes.lead": "新しいものから{limit}件までです。",
    "feed.changes.none": "届いた変更はありません。",
    "feed.sequence": "番号",
    "feed.kind": "種別",
    "feed.kind.move": "転入・転居",
    "feed.kind.death": "死亡",
    "feed.kind.name": "氏名の変更",
    "feed.kind.code_change": "番号の変更",
    "feed.kind.removal": "消除（転出・職権）",
    "feed.kind.correction": "修正",
    "feed.kind.cancellation": "前の変更の取消し",
    "feed.kind.record_changed": "記載の変更",
    "feed.kind.certificates_void": "電子証明書の失効",
    "feed.reference": "整理番号",
    "feed.change": "異動の事由と日",
    "feed.values": "変わった後の内容",
    "feed.previous": "変更前の個人番号",
    "feed.recorded_at": "全国サーバの更新",
    "feed.subscriptions": "登録",
    "feed.subscriptions.none": ("登録はありません。業務システムか jukinet agency feed subscribe で登録してください。"),
    "feed.people": "人数",
    "feed.expires_on": "最後の日",
    "feed.state": "状況",
    "feed.state.following": "受取り中",
    "feed.state.expired": "期限切れ",
    "feed.state.ended": "終了",
    "feed.and": "、",
    "feed.item.name": "氏名",
    "feed.item.birth_date": "生年月日",
    "feed.item.sex": "性別",
    "feed.item.address": "住所",
    "feed.item.individual_number": "個人番号",
    "feed.item.resident_record_code": "住民票コード",
    "feed.item.change": "変更情報",
}

_ENGLISH: Final = {
    "feed.menu": "Changes",
    "feed.title": "Changes (change feed)",
    "feed.lead": (
        "What changes of the people this organ follows comes here from the national node, in order. It is deleted "
        "after {days} days. That it came stands on the log the person can read."
    ),
    "feed.missed": (
        "The changes {first} to {last} are lost: they were not read for too long. Confirm the people followed anew."
    ),
    "feed.changes": "Newest changes",
    "feed.changes.lead": "The newest {limit} at most.",
    "feed.changes.none": "No change has come.",
    "feed.sequence": "Number",
    "feed.kind": "Kind",
    "feed.kind.move": "moved",
    "feed.kind.death": "died",
    "feed.kind.name": "name",
    "feed.kind.code_change": "number",
    "feed.kind.removal": "removed (moved out, ex officio)",
    "feed.kind.correction": "correction",
    "feed.kind.cancellation": "cancellation of the change before",
    "feed.kind.record_changed": "record changed",
    "feed.kind.certificates_void": "certificates void",
    "feed.reference": "Reference",
    "feed.change": "Reason and date",
    "feed.values": "As it stands now",
    "feed.previous": "Individual Number before",
    "feed.recorded_at": "Updated at the national node",
    "feed.subscriptions": "Subscriptions",
    "feed.subscriptions.none": (
        "There are none. Subscribe by the organ's own system or by jukinet agency feed subscribe."
    ),
    "feed.people": "People",
    "feed.expires_on": "Last day",
    "feed.state": "State",
    "feed.state.following": "following",
    "feed.state.expired": "expired",
    "feed.state.ended": "ended",
    "feed.and": ", ",
    "feed.item.name": "name",
    "feed.item.birth_date": "date of birth",
    "feed.item.sex": "sex",
    "feed.item.address": "address",
    "feed.item.individual_number": "Individual Number",
    "feed.item.resident_record_code": "resident record code",
    "feed.item.change": "change information",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
