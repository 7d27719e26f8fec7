"""The texts of the screens for reports of doubt, by id."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "doubts.menu": "疑義の通報",
    "doubts.title": "疑義の通報",
    "doubts.lead": (
        "提供を受けた本人確認情報に誤りがあると思われるとき、住所地の市区町村に知らせます。市区町村は調べて回答しま"
        "す。新しい順に{limit}件まで。通報した内容（氏名など）は、この機関には保存していません。"
    ),
    "doubts.new": "通報する",
    "doubts.form.title": "疑義を通報する",
    "doubts.form.lead": (
        "通報は全国サーバと都道府県を経て、住民票のある市区町村に届きます。通報できるのは、この機関が提供を受けた項"
        "目についてだけです。"
    ),
    "doubts.none": "まだ通報していません。照会の結果の画面から通報できます。",
    "doubts.what": "何が疑わしいか",
    "doubts.use.hint": "照会の結果や「照会の記録」にある番号",
    "doubts.place": "ファイルの行",
    "doubts.place.hint": "一括提供の結果についてのときだけ。行の番号",
    "doubts.reason": "疑義の内容",
    "doubts.items": "異なる項目",
    "doubts.items.hint": "提供を受けた項目のうち、異なると思われるものだけを選んでください。",
    "doubts.items.needed": "異なる項目を選び、その項目の内容だけを入力してください。",
    "doubts.held.hint": "この機関が正しいと考える内容。分からなければ空のままで構いません",
    "doubts.evidence": "根拠",
    "doubts.who": "問合せ先",
    "doubts.office.hint": "市区町村の職員に表示されます",
    "doubts.contact": "電話番号（内線）",
    "doubts.contact.hint": "市区町村の職員に表示されます。100字まで",
    "doubts.submit": "通報する",
    "doubts.at": "通報の日時",
    "doubts.state": "状態",
    "doubts.due": "回答の期限",
    "doubts.overdue": "期限を過ぎています",
    "doubts.answered_on": "回答の年月日",
    "doubts.reason.differs": "項目が異なる",
    "doubts.reason.deceased": "死亡していると思われる",
    "doubts.reason.not_resident": "住所に居住していないと思われる",
    "doubts.reason.duplicate": "同じ人の住民票が二つあると思われる",
    "doubts.reason.wrongly_removed": "消除されているが居住していると思われる",
    "doubts.evidence.statement": "本人などの申出",
    "doubts.evidence.document": "提示・提出された書類",
    "doubts.evidence.returned_mail": "郵便物の返戻",
    "doubts.evidence.visit": "訪問・実地調査",
    "doubts.evidence.other_organ": "ほかの機関からの情報",
    "doubts.state.reported": "送信中",
    "doubts.state.referred": "市区町村が確認中",
    "doubts.state.under_investigation": "市区町村が調査中",
    "doubts.state.corrected": "修正された",
    "doubts.state.record_is_right": "住民票が正しい",
    "doubts.state.not_held": "その市区町村に住民票がない",
    "doubts.state.refused": "受け付けられなかった",
    "doubts.next.corrected": "必要ならもう一度照会してください。",
    "doubts.next.record_is_right": "本人に確かめてください。",
    "doubts.next.not_held": "もう一度照会し、疑義が残れば改めて通報してください。",
    "done.doubt_reported": "通報しました。市区町村の回答は、この画面に表示されます。",
}

_ENGLISH: Final = {
    "doubts.menu": "Doubts",
    "doubts.title": "Reports of doubt",
    "doubts.lead": (
        "Where what was given seems wrong, the municipality is told; it looks into it and answers. The newest {limit}. "
        "What was reported (names and the like) is not kept here."
    ),
    "doubts.new": "Report a doubt",
    "doubts.form.title": "Report a doubt",
    "doubts.form.lead": (
        "The report goes over the nation and the prefecture to the municipality. An organ may doubt only what it was "
        "given."
    ),
    "doubts.none": "Nothing was reported yet. Report from the page of an answer.",
    "doubts.what": "What is doubted",
    "doubts.use.hint": "The number on the page of the answer, or among the queries",
    "doubts.place": "Line of the file",
    "doubts.place.hint": "Of a batch file only: the number of the line",
    "doubts.reason": "What is doubted",
    "doubts.items": "What differs",
    "doubts.items.hint": "Only items that were given, and only those that seem to differ.",
    "doubts.items.needed": "Choose what differs, and type only that.",
    "doubts.held.hint": "What this organ holds to be right; may be left blank",
    "doubts.evidence": "What it rests on",
    "doubts.who": "Whom to ask",
    "doubts.office.hint": "Shown to the clerk of the municipality",
    "doubts.contact": "Telephone",
    "doubts.contact.hint": "Shown to the clerk of the municipality, at most 100 characters",
    "doubts.submit": "Report",
    "doubts.at": "Reported at",
    "doubts.state": "State",
    "doubts.due": "Due",
    "doubts.overdue": "overdue",
    "doubts.answered_on": "Answered on",
    "doubts.reason.differs": "an item is otherwise",
    "doubts.reason.deceased": "the person seems to have died",
    "doubts.reason.not_resident": "the person seems not to live at the address",
    "doubts.reason.duplicate": "one person seems to have two records",
    "doubts.reason.wrongly_removed": "removed, but the person seems to live there",
    "doubts.evidence.statement": "a statement of the person or another",
    "doubts.evidence.document": "a document that was shown or filed",
    "doubts.evidence.returned_mail": "returned mail",
    "doubts.evidence.visit": "a visit",
    "doubts.evidence.other_organ": "another organ",
    "doubts.state.reported": "on its way",
    "doubts.state.referred": "with the municipality",
    "doubts.state.under_investigation": "under investigation",
    "doubts.state.corrected": "corrected",
    "doubts.state.record_is_right": "the record is right",
    "doubts.state.not_held": "no record there",
    "doubts.state.refused": "not taken",
    "doubts.next.corrected": "Ask again if you need to.",
    "doubts.next.record_is_right": "Ask the person.",
    "doubts.next.not_held": "Ask again, and report again if the doubt stands.",
    "done.doubt_reported": "Reported. The answer will stand on this page.",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
