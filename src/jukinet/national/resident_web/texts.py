"""The texts of the residents' pages, by id. They are read by laymen: every sentence says what it means for them."""

from __future__ import annotations

from typing import Final

from jukinet.operator_web.language import Catalogue

_JAPANESE: Final = {
    "kind.national": "住民基本台帳ネットワーク",
    "frame.operator": "{name} さん",
    "sign_in.ended": "15分のあいだ操作がなかったか、12時間たったため、終了しました。もう一度サインインしてください。",
    "sign_in.operator_id": "利用者番号（12桁）",
    "sign_in.first": "初めての方（利用登録通知書をお持ちの方）",
    "sign_in.first.lead": (
        "市区町村の窓口で本人確認を受け、「利用登録通知書」をお受け取りください。通知書の番号と符号でパスワードを決めると、使えます。"
    ),
    "sign_in.first.link": "パスワードを決める",
    "sign_in.forgotten": (
        "パスワードを忘れたときや、番号が分からないときは、市区町村の窓口で新しい利用登録通知書をお受け取りください。"
        "続けて5回まちがえると、15分のあいだ使えなくなります。"
    ),
    "open.title": "パスワードを決める",
    "open.lead": "窓口でお受け取りになった「利用登録通知書」を見ながら入力してください。符号は一度だけ使えます。",
    "open.account_number": "利用者番号",
    "open.account_number.hint": "12桁の数字です。ハイフンはあってもなくてもかまいません。",
    "open.code": "登録用の符号",
    "open.code.hint": "4文字ずつ5組の英数字です。大文字と小文字は区別しません。",
    "open.password": "新しいパスワード",
    "open.password.hint": "10文字以上。ほかで使っていないものにしてください。",
    "open.password_again": "新しいパスワード（もう一度）",
    "open.password_differs": "二つのパスワードが同じではありません。もう一度、同じものを入力してください。",
    "open.submit": "パスワードを決める",
    "open.back": "サインインへ戻る",
    "done.account_opened": "パスワードを決めました。利用者番号と新しいパスワードでサインインしてください。",
    "done.account_closed": "利用を終了しました。また使うときは、市区町村の窓口で利用登録を申し出てください。",
    "uses.menu": "提供の記録",
    "uses.title": "あなたの情報の提供の記録",
    "uses.lead": (
        "国の機関や地方公共団体などに、あなたの本人確認情報（氏名・住所など）が、いつ、どの法律に基づいて、何のために提供されたかの記録です。"
    ),
    "uses.count": "記録は全部で{count}件です。新しい順に表示します。",
    "uses.none": "あなたの情報が提供された記録はありません。",
    "uses.organ": "提供先",
    "uses.method": "方法",
    "uses.affair": "事務",
    "uses.purpose": "利用の目的",
    "uses.items": "提供した項目",
    "uses.ground": "法的な根拠",
    "uses.matter_number": "事案の番号",
    "uses.not_found": "なし（該当する人が見つからなかったため）",
    "uses.number": "第{number}号",
    "uses.unsealed_entry": "封印前（数秒で番号が付きます）",
    "uses.by_myself": "ご本人の請求",
    "uses.withheld": "この記録は、法令により{day}まで表示を留保していました。",
    "uses.next": "続きを表示する",
    "uses.first": "最初から表示する",
    "uses.elsewhere": (
        "ここにあるのは全国サーバからの提供の記録です。"
        "都道府県のサーバから都道府県内の市区町村などへの提供の記録は、お住まいの都道府県にお尋ねください。"
    ),
    "uses.question": "心当たりのない記録があるとき",
    "uses.question.lead": (
        "「提供先」の機関に、「事案の番号」を示してお問い合わせください。お住まいの都道府県に苦情を申し出ることもできます。"
    ),
    "proof.title": "記録がすべてそろっているか、自分で確かめる",
    "proof.lead": (
        "「証明用ファイル」には、あなたの記録のすべてと、抜けや書換えがないことの証明が入っています。"
        "「確認用のページ」をパソコンなどに保存して開き、証明用ファイルを選ぶと、インターネットにつながずに確かめられます。"
    ),
    "proof.caution": "ファイルにはあなたの記録が入っています。ほかの人に渡さないでください。",
    "proof.submit": "証明用ファイルを受け取る",
    "proof.page": "確認用のページを受け取る",
    "proof.unsealed": "記録の封印がまだ行われていません。数秒待ってから、もう一度お試しください。",
    "record.menu": "記録されている情報",
    "record.title": "あなたについて記録されている情報",
    "record.lead": (
        "住民基本台帳ネットワークに記録されている、あなたの本人確認情報を表示します。"
        "氏名、生年月日、性別、住所、個人番号（マイナンバー）、住民票コードと、その変更の情報で、これがすべてです。"
        "表示したことは、提供の記録に残ります。"
    ),
    "record.consents": "書面によらず、この画面で開示を受けることに同意します",
    "record.submit": "表示する",
    "record.caution": "個人番号と住民票コードも表示します。まわりの人に見られないようにご注意ください。",
    "record.wrong": "内容に誤りがあるとき",
    "record.wrong.lead": (
        "住民票の記載が誤っているときは、お住まいの市区町村の窓口にお申し出ください。"
        "この記録だけが誤っているときは、都道府県に書面で訂正を申し出ることができます。"
    ),
    "record.again": "もう一度表示するには、あらためて同意が必要です。",
    "account.menu": "利用の終了",
    "account.title": "このページの利用の終了",
    "account.lead": (
        "利用を終了すると、利用者番号とパスワードは使えなくなります。提供の記録は消えません。"
        "また使うときは、市区町村の窓口で本人確認を受けて、利用登録を申し出てください。"
    ),
    "account.close": "利用を終了する",
}

_ENGLISH: Final = {
    "kind.national": "Basic Resident Register Network",
    "frame.operator": "{name}",
    "sign_in.ended": "You were signed out after 15 minutes without use, or 12 hours. Please sign in again.",
    "sign_in.operator_id": "Account number (12 digits)",
    "sign_in.first": "The first time, with your enrolment letter",
    "sign_in.first.lead": (
        "Your municipality's counter checks who you are and hands you an enrolment letter. With its number and code "
        "you choose a password."
    ),
    "sign_in.first.link": "Choose a password",
    "sign_in.forgotten": (
        "If you forgot the password or the number, ask your municipality for a new letter. "
        "After five wrong attempts in a row the account is locked for 15 minutes."
    ),
    "open.title": "Choose a password",
    "open.lead": "Type what stands on the enrolment letter. Its code works once.",
    "open.account_number": "Account number",
    "open.account_number.hint": "12 digits, with or without hyphens.",
    "open.code": "Enrolment code",
    "open.code.hint": "Five groups of four letters and digits; capitals or not.",
    "open.password": "New password",
    "open.password.hint": "At least 10 characters, used nowhere else.",
    "open.password_again": "New password, once more",
    "open.password_differs": "The two passwords differ: type the same one twice.",
    "open.submit": "Choose this password",
    "open.back": "Back to sign-in",
    "done.account_opened": "The password is set. Sign in with your account number and the new password.",
    "done.account_closed": "The account is closed. Your municipality can enrol you again.",
    "uses.menu": "Uses",
    "uses.title": "Uses of your information",
    "uses.lead": "When your identification information (name, address …) was given to whom, for what, under which law.",
    "uses.count": "There are {count} entries, newest first.",
    "uses.none": "Your information was given to nobody.",
    "uses.organ": "Given to",
    "uses.method": "How",
    "uses.affair": "Affair",
    "uses.purpose": "Purpose",
    "uses.items": "Items given",
    "uses.ground": "Legal ground",
    "uses.matter_number": "Matter number",
    "uses.not_found": "none (nobody was found)",
    "uses.number": "No. {number}",
    "uses.unsealed_entry": "not sealed yet (takes seconds)",
    "uses.by_myself": "your own request",
    "uses.withheld": "By law this entry was withheld until {day}.",
    "uses.next": "Show more",
    "uses.first": "Show from the beginning",
    "uses.elsewhere": (
        "These are the uses at the national server. What your prefecture's server gave within the prefecture, ask your "
        "prefecture."
    ),
    "uses.question": "If you do not recognise an entry",
    "uses.question.lead": (
        "Ask the organ it was given to, naming the matter number. You may also complain to your prefecture."
    ),
    "proof.title": "Check by yourself that every entry is there",
    "proof.lead": (
        "The proof file holds all your entries and the proof that none is missing or changed. Save the checking page, "
        "open it on your computer and choose the file: it works without a network."
    ),
    "proof.caution": "The file holds your entries: give it to nobody.",
    "proof.submit": "Get the proof file",
    "proof.page": "Get the checking page",
    "proof.unsealed": "The log was not sealed yet: wait a few seconds and try again.",
    "record.menu": "Your record",
    "record.title": "What is recorded about you",
    "record.lead": (
        "Shows your identification information in the network: name, date of birth, sex, address, Individual Number, "
        "resident record code and their latest change. That is all there is. Looking is logged as a use."
    ),
    "record.consents": "I agree to be shown it here rather than in writing",
    "record.submit": "Show it",
    "record.caution": "It shows your Individual Number and resident record code: mind who looks on.",
    "record.wrong": "If something is wrong",
    "record.wrong.lead": (
        "If your resident record is wrong, tell your municipality. If only this record is, ask the prefecture in "
        "writing for a correction."
    ),
    "record.again": "To see it again, agree again.",
    "account.menu": "Close account",
    "account.title": "Close your account",
    "account.lead": (
        "Number and password stop working. The uses stay on the log. Your municipality can enrol you again."
    ),
    "account.close": "Close the account",
}

TEXTS: Final = Catalogue(_JAPANESE, _ENGLISH)
