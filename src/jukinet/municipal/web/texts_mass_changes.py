"""The texts of mass changes of addresses."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "mass_change.title": "一括住所変更",
    "mass_change.lead": (
        "町名・地番・住居表示・行政区画の名称が変わるときに、住所の書き方だけを一度に改めます。"
        "誰も引っ越したことにはなりません。"
        "作成した人とは別の職員が承認し、効力の生ずる日になると、自動で実施されます。"
    ),
    "mass_change.begin": "新しく作成する",
    "mass_change.list": "これまでの一括住所変更",
    "mass_change.none": "一括住所変更はまだありません。",
    "mass_change.limit": "新しい順に{limit}件まで表示します。",
    "mass_change.number": "番号",
    "mass_change.one": "一括住所変更 {number}",
    "mass_change.open": "一括住所変更 {number} を開く",
    "mass_change.kind": "種類",
    "mass_change.kind.town_renamed": "町・字の区域又は名称の変更",
    "mass_change.kind.area_changed": "行政区画・郡・区の名称の変更",
    "mass_change.kind.lot_renumbered": "地番の変更",
    "mass_change.kind.residential_indication": "住居表示の実施・変更",
    "mass_change.rows_of.town_renamed": "町名ごとに1行",
    "mass_change.rows_of.area_changed": "町名ごとに1行",
    "mass_change.rows_of.lot_renumbered": "住所ごとに1行",
    "mass_change.rows_of.residential_indication": "住所ごとに1行",
    "mass_change.public_notice": "告示",
    "mass_change.noticed_on": "告示日",
    "mass_change.effective_on": "効力の生ずる日",
    "mass_change.state": "状態",
    "mass_change.state.made": "承認待ち",
    "mass_change.state.approved": "承認済み（実施待ち）",
    "mass_change.state.running": "実施中",
    "mass_change.state.finished": "完了",
    "mass_change.state.discarded": "取りやめ",
    "mass_change.says.made": (
        "まだ何も変わっていません。下の内容を別の職員が確かめ、承認すると、効力の生ずる日に実施されます。"
    ),
    "mass_change.says.made.own": (
        "まだ何も変わっていません。作成した本人は承認できません。別の職員に承認を頼んでください。"
    ),
    "mass_change.says.approved": (
        "承認されました。効力の生ずる日になると自動で始まります。始まるまでは、取りやめることができます。"
    ),
    "mass_change.says.running": "実施しています。この画面を閉じても、ノードが再起動しても、続きから進みます。",
    "mass_change.says.finished": "完了しました。",
    "mass_change.says.discarded": "取りやめました。何も変わっていません。",
    "mass_change.made": "作成",
    "mass_change.approved": "承認",
    "mass_change.started": "開始",
    "mass_change.finished": "完了",
    "mass_change.progress": "進み具合",
    "mass_change.progress.of": "{households}世帯のうち{settled}世帯（{percent}％）",
    "mass_change.changed": "住所を改めた人",
    "mass_change.refused": "改められなかった世帯",
    "mass_change.remaining": "残り時間の目安",
    "mass_change.remaining.unknown": "計算しています",
    "mass_change.remaining.held": "ほかの職員の編集が終わりしだい",
    "mass_change.seconds": "約{count}秒",
    "mass_change.minutes": "約{count}分",
    "mass_change.hours": "約{hours}時間{minutes}分",
    "mass_change.held": (
        "ほかの職員が編集中の{count}世帯を待っています。編集が終わるか、10分間操作がなければ、自動で進みます。"
    ),
    "mass_change.stopped": (
        "1分以上進んでいません。ノードが動いているか、システム管理者に確かめてください。動き出せば続きから進みます。"
    ),
    "mass_change.refreshes": "この画面は{seconds}秒ごとに新しくなります。",
    "mass_change.refresh.off": "自動の更新を止める",
    "mass_change.is_still": "自動の更新を止めています。",
    "mass_change.refresh.on": "自動で更新する",
    "mass_change.refresh.now": "いまの状態を見る",
    "mass_change.preview": "実施するとどうなるか",
    "mass_change.preview.lead": "いまの記載から計算しています。実施の日までの異動も、実施のときに含めます。",
    "mass_change.residents": "住所が改まる人",
    "mass_change.households": "世帯",
    "mass_change.samples": "住所の例",
    "mass_change.samples.lead": "はじめの{count}件です。支援措置の対象者のいる住所は、例に出しません。",
    "mass_change.samples.none": "示せる例はありません。",
    "mass_change.old": "旧住所",
    "mass_change.new": "新住所",
    "mass_change.nobody": "誰も住んでいない行",
    "mass_change.nobody.lead": (
        "次の行（{count}行）に当たる住民はいません。書き間違いでなければ、そのままで構いません。"
    ),
    "mass_change.nobody.line": "{number}行目",
    "mass_change.nobody.more": "ほか{count}行",
    "mass_change.beside": "同じ町で、変わらない人",
    "mass_change.beside.lead": (
        "同じ町に住んでいて、どの行にも当たらない住民が{count}人います。変わるはずなら、行を足してください。"
    ),
    "mass_change.left_out": "改められない世帯",
    "mass_change.left_out.lead": "このまま実施すると、次の{count}世帯は改められずに残ります。",
    "mass_change.left_out.after": (
        "次の世帯は改められませんでした。世帯のページを開き、一人ずつ「軽微な修正」で住所を改めてください。"
    ),
    "mass_change.left_out.none": "改められなかった世帯はありません。",
    "mass_change.left_out.more": "はじめの{limit}世帯を示しています。",
    "mass_change.household": "世帯",
    "mass_change.household.open": "世帯 {number} を開く",
    "mass_change.reason": "理由と、すること",
    "mass_change.sent": "誰に何が送られるか",
    "mass_change.sent.receiver": "相手",
    "mass_change.sent.what": "内容",
    "mass_change.sent.count": "人数",
    "mass_change.sent.identification": (
        "本人確認情報の更新通知（軽微な修正。電子証明書は失効しません）。全国サーバへ転送されます"
    ),
    "mass_change.sent.annex": "戸籍の附票記載事項通知",
    "mass_change.sent.annex_here": "戸籍の附票記載事項通知（この市区町村の戸籍の担当へ）",
    "mass_change.sent.untold": (
        "本籍から送り先が分からない人が{count}人います。操作履歴に残るので、紙で通知してください。"
    ),
    "mass_change.sent.person": "本人に送る通知はありません（告示で知らせます）。",
    "mass_change.lines": "使わない行",
    "mass_change.lines.lead": "次の{count}行は使えないため、除いてあります。ほかの行は使います。",
    "mass_change.lines.more": "はじめの{limit}行を示しています。",
    "mass_change.lines.mend": "行を直して作り直す",
    "mass_change.lines.row": "行",
    "mass_change.lines.column": "列",
    "mass_change.lines.text": "読み込んだ内容",
    "mass_change.line": "行全体",
    "mass_change.column.1": "1列目（旧）",
    "mass_change.column.2": "2列目（新）",
    "mass_change.column.3": "3列目（郵便番号）",
    "mass_change.reason.value.missing.old_place": "旧の町名・住所が空です。書き足してください。",
    "mass_change.reason.value.missing.new_place": "新の町名・住所が空です。書き足してください。",
    "mass_change.reason.value.change.new_place": "旧と新が同じです。変わらない行は消してください。",
    "mass_change.reason.value.change.old_place": (
        "前の行と同じ旧の町名・住所です。前の行だけを使います。どちらが正しいか確かめてください。"
    ),
    "mass_change.reason.value.address.new_place": "新の住所が長すぎるか、前後に空白があります。",
    "mass_change.reason.value.address.postal_code": "郵便番号は7桁の数字です。",
    "mass_change.reason.value.address.address": (
        "改めると住所が200字を超えるか、住所として書けません。方書を短くできるか確かめてください。"
    ),
    "mass_change.reason.value.character.repertoire": "使えない文字があります。文字情報基盤にある文字に直してください。",
    "mass_change.reason.value.file.encoding": "文字コードがUTF-8でもシフトJISでもない行です。打ち直してください。",
    "mass_change.reason.value.file.format.columns": "列が2つ又は3つではありません。コンマの数を確かめてください。",
    "mass_change.reason.value.file.format.quotation": '引用符（"）が閉じていないか、途中にあります。',
    "mass_change.approve": "承認する",
    "mass_change.approve.lead": (
        "承認すると、{day}に{households}世帯・{residents}人の住所が自動で改まります。実施のあとの取消しはできません。"
    ),
    "mass_change.discard": "取りやめる",
    "mass_change.again": "この内容をもとに作り直す",
    "mass_change.back": "一覧へ戻る",
    "mass_address_change.title": "一括住所変更の作成",
    "mass_address_change.lead": "ここでは何も変わりません。次の画面で、誰の住所がどう改まるかを確かめます。",
    "mass_address_change.replaces": "一括住所変更 {number} を直しています。次へ進むと、{number} は取りやめになります。",
    "mass_address_change.kind": "種類",
    "mass_address_change.public_notice": "告示の番号",
    "mass_address_change.public_notice.hint": "例：千代田区告示第9号",
    "mass_address_change.noticed_on": "告示日",
    "mass_address_change.effective_on": "効力の生ずる日",
    "mass_address_change.rows": "新旧対照表",
    "mass_address_change.rows.hint": (
        "1行に「旧,新,郵便番号」（郵便番号は省けます）。市区町村名は書いても省いても構いません。"
        "表計算ソフトから貼り付けることもできます。"
    ),
    "mass_address_change.table": "CSVファイルを選ぶ（選ぶと、下の欄の代わりに読みます）",
    "mass_address_change.format": "表の書き方",
    "mass_address_change.format.column": "列",
    "mass_address_change.format.name": "見出し",
    "mass_address_change.format.means": "内容",
    "mass_address_change.format.old": (
        "町・行政区画の変更では旧の町名（例：飯田橋一丁目）。地番・住居表示では旧の住所（例：飯田橋一丁目1番1号）"
    ),
    "mass_address_change.format.new": "新の町名、又は新の住所。建物の名は、書かなければそのまま残ります",
    "mass_address_change.format.postal": "新しい郵便番号。なければいまのまま",
    "mass_address_change.format.rules": (
        "文字コードはUTF-8（BOMの有無を問いません）又はシフトJIS。区切りはコンマ又はタブ。"
        "見出しの行（旧町名・旧住所）は、あってもなくても構いません。"
        "空の行は読み飛ばします。20万行まで。"
    ),
    "mass_address_change.rows.unusable": "使える行がありません。下の「使わない行」を見て直してください。",
    "mass_address_change.rows.value.missing": "表がありません。ファイルを選ぶか、下の欄に入力してください。",
    "mass_address_change.rows.value.file.encoding": (
        "文字のファイルではありません。CSV（UTF-8又はシフトJIS）で保存し直してください。"
    ),
    "mass_address_change.rows.value.file.format": "表に行がないか、20万行を超えています。",
    "mass_address_change.prepare": "事前確認へ進む",
    "done.mass_change.made": "作成しました。まだ何も変わっていません。",
    "done.mass_change.approved": "承認しました。",
    "done.mass_change.discarded": "取りやめました。",
    "worklist.mass_changes_to_approve": "承認を待つ一括住所変更",
}

_ENGLISH: Final = {
    "mass_change.title": "Mass changes of addresses",
    "mass_change.lead": (
        "When towns, lots, house numbers or areas change their names, the wording of all addresses changes at "
        "once. Nobody "
        "moves. Another operator than the one who made it approves it; from its day on it is carried out by itself."
    ),
    "mass_change.begin": "Begin a new one",
    "mass_change.list": "Mass changes so far",
    "mass_change.none": "There is no mass change yet.",
    "mass_change.limit": "The newest {limit} are shown.",
    "mass_change.number": "Number",
    "mass_change.one": "Mass change {number}",
    "mass_change.open": "Open mass change {number}",
    "mass_change.kind": "Kind",
    "mass_change.kind.town_renamed": "Area or name of a town",
    "mass_change.kind.area_changed": "Name of an area, district or ward",
    "mass_change.kind.lot_renumbered": "Lot numbers",
    "mass_change.kind.residential_indication": "Indication of residential address",
    "mass_change.rows_of.town_renamed": "one row per town",
    "mass_change.rows_of.area_changed": "one row per town",
    "mass_change.rows_of.lot_renumbered": "one row per address",
    "mass_change.rows_of.residential_indication": "one row per address",
    "mass_change.public_notice": "Public notice",
    "mass_change.noticed_on": "Day of the notice",
    "mass_change.effective_on": "Takes effect on",
    "mass_change.state": "State",
    "mass_change.state.made": "waits for approval",
    "mass_change.state.approved": "approved, waits for its day",
    "mass_change.state.running": "under way",
    "mass_change.state.finished": "finished",
    "mass_change.state.discarded": "given up",
    "mass_change.says.made": (
        "Nothing has changed yet. Check what follows; once approved it is carried out from its day on."
    ),
    "mass_change.says.made.own": "Nothing has changed yet. You made it: another operator has to approve it.",
    "mass_change.says.approved": "Approved. It begins by itself on its day; until then it can be given up.",
    "mass_change.says.running": "Under way. It goes on where it was if this page is closed or the node is restarted.",
    "mass_change.says.finished": "Finished.",
    "mass_change.says.discarded": "Given up. Nothing has changed.",
    "mass_change.made": "Made",
    "mass_change.approved": "Approved",
    "mass_change.started": "Began",
    "mass_change.finished": "Finished",
    "mass_change.progress": "How far it is",
    "mass_change.progress.of": "{settled} of {households} households ({percent} %)",
    "mass_change.changed": "Residents changed",
    "mass_change.refused": "Households left out",
    "mass_change.remaining": "Remaining time, about",
    "mass_change.remaining.unknown": "being computed",
    "mass_change.remaining.held": "until others have finished editing",
    "mass_change.seconds": "{count} seconds",
    "mass_change.minutes": "{count} minutes",
    "mass_change.hours": "{hours} hours {minutes} minutes",
    "mass_change.held": (
        "It waits for {count} households whose records somebody edits. It goes on when they are done, or after ten "
        "minutes without a key."
    ),
    "mass_change.stopped": (
        "Nothing went on for a minute. Ask the administrator whether the node runs; once it does, it goes on from here."
    ),
    "mass_change.refreshes": "This page is renewed every {seconds} seconds.",
    "mass_change.refresh.off": "Stop renewing",
    "mass_change.is_still": "This page is not renewed by itself.",
    "mass_change.refresh.on": "Renew by itself",
    "mass_change.refresh.now": "Look at it now",
    "mass_change.preview": "What it would do",
    "mass_change.preview.lead": (
        "Computed from the records as they are now. What changes until its day is included then."
    ),
    "mass_change.residents": "Residents whose address changes",
    "mass_change.households": "Households",
    "mass_change.samples": "Examples",
    "mass_change.samples.lead": "The first {count}. No address is shown at which a protected person lives.",
    "mass_change.samples.none": "There is none that may be shown.",
    "mass_change.old": "Old address",
    "mass_change.new": "New address",
    "mass_change.nobody": "Rows that match nobody",
    "mass_change.nobody.lead": "Nobody lives where these rows ({count}) say. If they are right they do no harm.",
    "mass_change.nobody.line": "line {number}",
    "mass_change.nobody.more": "and {count} more",
    "mass_change.beside": "In the same town, and not changed",
    "mass_change.beside.lead": (
        "{count} residents live in the same town where no row speaks of. Add rows if they should change."
    ),
    "mass_change.left_out": "Households left out",
    "mass_change.left_out.lead": "As it stands these households ({count}) would be left out.",
    "mass_change.left_out.after": (
        "These households were left out. Open the page of each and correct the address of each person (minor "
        "correction)."
    ),
    "mass_change.left_out.none": "No household was left out.",
    "mass_change.left_out.more": "The first {limit} are shown.",
    "mass_change.household": "Household",
    "mass_change.household.open": "Open household {number}",
    "mass_change.reason": "Why, and what to do",
    "mass_change.sent": "What is sent to whom",
    "mass_change.sent.receiver": "Receiver",
    "mass_change.sent.what": "What",
    "mass_change.sent.count": "Residents",
    "mass_change.sent.identification": (
        "Identification notices (minor correction: no certificate is revoked), forwarded to the national server"
    ),
    "mass_change.sent.annex": "Annex notices",
    "mass_change.sent.annex_here": "Annex notices, to the family register desk here",
    "mass_change.sent.untold": (
        "The registered domicile of {count} residents does not tell where to send it. They are on the log: write "
        "on paper."
    ),
    "mass_change.sent.person": "Nothing is sent to the residents: the public notice tells them.",
    "mass_change.lines": "Lines not used",
    "mass_change.lines.lead": "These lines ({count}) cannot be used and are left out. The others are used.",
    "mass_change.lines.more": "The first {limit} are shown.",
    "mass_change.lines.mend": "Mend the lines and begin again",
    "mass_change.lines.row": "Line",
    "mass_change.lines.column": "Column",
    "mass_change.lines.text": "As it was read",
    "mass_change.line": "the whole line",
    "mass_change.column.1": "1 (old)",
    "mass_change.column.2": "2 (new)",
    "mass_change.column.3": "3 (postal code)",
    "mass_change.reason.value.missing.old_place": "The old place is empty: fill it in.",
    "mass_change.reason.value.missing.new_place": "The new place is empty: fill it in.",
    "mass_change.reason.value.change.new_place": "Old and new are the same: delete the line.",
    "mass_change.reason.value.change.old_place": (
        "An earlier line has this old place; that one is used. Check which is right."
    ),
    "mass_change.reason.value.address.new_place": "The new address is too long, or has spaces around it.",
    "mass_change.reason.value.address.postal_code": "A postal code has 7 digits.",
    "mass_change.reason.value.address.address": (
        "The new address would be longer than 200 characters, or cannot be written."
    ),
    "mass_change.reason.value.character.repertoire": "It has a character that cannot be used: replace it.",
    "mass_change.reason.value.file.encoding": "The line is neither UTF-8 nor Shift_JIS: type it again.",
    "mass_change.reason.value.file.format.columns": "It has not two or three columns: check the commas.",
    "mass_change.reason.value.file.format.quotation": 'A quotation mark (") is not closed, or stands in the middle.',
    "mass_change.approve": "Approve",
    "mass_change.approve.lead": (
        "Once approved, the addresses of {residents} residents in {households} households change by themselves on "
        "{day}. "
        "Afterwards it cannot be cancelled."
    ),
    "mass_change.discard": "Give it up",
    "mass_change.again": "Begin again from this one",
    "mass_change.back": "Back to the list",
    "mass_address_change.title": "Begin a mass change of addresses",
    "mass_address_change.lead": "Nothing changes here. The next page shows whose address becomes which.",
    "mass_address_change.replaces": "You are mending mass change {number}. Going on gives {number} up.",
    "mass_address_change.kind": "Kind",
    "mass_address_change.public_notice": "Number of the public notice",
    "mass_address_change.public_notice.hint": "Such as 千代田区告示第9号",
    "mass_address_change.noticed_on": "Day of the public notice",
    "mass_address_change.effective_on": "Takes effect on",
    "mass_address_change.rows": "Table of old and new",
    "mass_address_change.rows.hint": (
        "Each line is old, new, postal code (which may be left out). The municipality's name may stand there or "
        "not. What is "
        "copied from a spreadsheet can be pasted."
    ),
    "mass_address_change.table": "Choose a CSV file (it is read instead of what is typed below)",
    "mass_address_change.format": "How the table is written",
    "mass_address_change.format.column": "Column",
    "mass_address_change.format.name": "Heading",
    "mass_address_change.format.means": "What it says",
    "mass_address_change.format.old": (
        "Of towns and areas the old name of the town (飯田橋一丁目); of lots and house numbers the old address "
        "(飯田橋一丁目1番1号)"
    ),
    "mass_address_change.format.new": "The new name or address. A building that is not written stays as it is",
    "mass_address_change.format.postal": "The new postal code; as it is now if left out",
    "mass_address_change.format.rules": (
        "UTF-8 (with or without byte order mark) or Shift_JIS. Commas or tabs. A line of headings (旧町名, 旧住所) "
        "may come "
        "first. Empty lines are passed over. At most 200,000 lines."
    ),
    "mass_address_change.rows.unusable": "No line can be used: see below why.",
    "mass_address_change.rows.value.missing": "There is no table: choose a file, or type it below.",
    "mass_address_change.rows.value.file.encoding": "This is no text file: save it as CSV (UTF-8 or Shift_JIS).",
    "mass_address_change.rows.value.file.format": "The table has no line, or more than 200,000.",
    "mass_address_change.prepare": "Go on to the preview",
    "done.mass_change.made": "Made. Nothing has changed yet.",
    "done.mass_change.approved": "Approved.",
    "done.mass_change.discarded": "Given up.",
    "worklist.mass_changes_to_approve": "Mass changes to approve",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
