"""Every refusal as a Japanese sentence by its stable code: what is the matter, and what to do next.

In English the error's own sentence stands. Neither ever holds a value: errors carry none.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from jukinet.domain.errors import JukinetError, PeerRefusedError, error_classes
from jukinet.operator_web.language import Language
from jukinet.operator_web.messages_documents import DOCUMENT_MESSAGES
from jukinet.operator_web.messages_doubts import DOUBT_MESSAGES
from jukinet.operator_web.messages_feed import FEED_MESSAGES
from jukinet.operator_web.messages_households import HOUSEHOLD_MESSAGES
from jukinet.operator_web.messages_person import PERSON_MESSAGES
from jukinet.operator_web.messages_provision import PROVISION_MESSAGES


class Message(NamedTuple):
    """What is the matter, and what the operator can do."""

    says: str
    advice: str


_CORRECT: Final = "入力を直して、もう一度進んでください。"
#: The refusals that stand in modules of their own.
_OF_PARTS: Final = {
    **DOCUMENT_MESSAGES,
    **DOUBT_MESSAGES,
    **FEED_MESSAGES,
    **HOUSEHOLD_MESSAGES,
    **PERSON_MESSAGES,
    **PROVISION_MESSAGES,
}
_ADMINISTRATOR: Final = "システム管理者に、下の番号を伝えてください。"
_MERGERS: Final = "jukinet municipal merger show で確かめてください。"
_SENDER: Final = "相手の管理者に、下の番号を伝えてください。"

JAPANESE: Final = {
    "value": Message("値が正しくありません。", _CORRECT),
    "value.resident_record_code.format": Message(
        "住民票コードは11桁の数字です。", "桁数を確かめて入力し直してください。"
    ),
    "value.resident_record_code.check_digit": Message(
        "住民票コードの検査数字が合いません。", "打ち間違いがないか、一桁ずつ確かめてください。"
    ),
    "value.individual_number.format": Message("個人番号は12桁の数字です。", "桁数を確かめて入力し直してください。"),
    "value.individual_number.check_digit": Message(
        "個人番号の検査数字が合いません。", "打ち間違いがないか、一桁ずつ確かめてください。"
    ),
    "value.local_government_code.format": Message("地方公共団体コードは6桁の数字です。", _CORRECT),
    "value.local_government_code.check_digit": Message("地方公共団体コードの検査数字が合いません。", _CORRECT),
    "value.local_government_code.unknown": Message("この地方公共団体コードの団体はありません。", _CORRECT),
    "value.date.impossible": Message("その日付は暦にありません。", "年・月・日を確かめてください。"),
    "value.date.format": Message(
        "日付として読み取れません。", "「令和8年11月1日」「R8.11.1」「2026-11-01」のように入力してください。"
    ),
    "value.date.order": Message(
        "日付の前後関係が合いません。",
        "未来の日付でないか、届出が異動より前、異動が出生より前になっていないか確かめてください。",
    ),
    "value.character.repertoire": Message(
        "住基ネットで使えない文字が含まれています。", "文字情報基盤にある文字に直してください。"
    ),
    "value.character.lossy": Message("字形を失わずに置き換えられない文字があります。", "文字を確かめてください。"),
    "value.kana": Message("ふりがなに使えない文字があります。", "ひらがな・カタカナ・空白だけで入力してください。"),
    "value.name": Message("氏名が空か、長すぎるか、使えない文字があります。", _CORRECT),
    "value.address": Message(
        "住所が空か、長すぎるか、この市区町村の町字ではありません。", "候補から町名を選んでください。"
    ),
    "value.code_list": Message("選べない値です。", "候補から選び直してください。"),
    "value.relationship": Message(
        "続柄の書き方が決まりに合いません。",
        "世帯主・縁故者・同居人のほかは、夫・妻・子・父・母・兄・姉・弟・妹を「の」で四つまでつないでください（孫は「子の子」）。",
    ),
    "value.relationship.word": Message(
        "続柄に使わない言葉です。",
        "続柄は「の」でつないで書きます（孫は「子の子」、祖父は「父の父」「母の父」、おじは「父の兄」など、嫁は「子の妻」）。",
    ),
    "value.relationship.distant": Message(
        "続柄が四代を超えています。", "五代以上離れた親族は「縁故者」と書いてください。"
    ),
    "value.document": Message(
        "この手続に必要な書類が確認されていません。", "必要な書類の提示を求め、確認した書類を選んでください。"
    ),
    "value.late_statement": Message(
        "届出の期間を過ぎています。", "遅れた理由を届出人から聞き取り、申述欄に記入してください。"
    ),
    "value.change": Message(
        "異動の内容が、いまの記載や他の項目と合いません。",
        "いまの記載と同じ内容でないか、項目の組合せを確かめてください。",
    ),
    "value.correction.own_procedure": Message(
        "この項目は、ここでは修正できません。専用の手続があります。",
        "住民票コード・個人番号・世帯・続柄・旧氏・通称・在留資格は、それぞれの手続で変更してください。",
    ),
    "value.correction.minor": Message(
        "軽微な修正にはあたりません。",
        "氏名又は住所の書き表し方だけが変わるときに限ります。それ以外は「職権修正」か「誤記修正」で登録してください。",
    ),
    "value.correction.nothing": Message(
        "修正後の内容が、いまの記載と同じです。", "修正する項目と、正しい内容を入力してください。"
    ),
    "value.node_name": Message("接続先の名前が正しくありません。", _ADMINISTRATOR),
    "value.file.encoding": Message(
        "ファイルの文字コードがUTF-8ではありません。何も取り込んでいません。",
        "UTF-8で保存し直して、もう一度置いてください（シフトJISは、異体字を失うため受け付けません）。",
    ),
    "value.file.format": Message(
        "ファイルの形式が違うか、見出し行の列名が正しくありません。何も取り込んでいません。",
        "拡張子（.jsonl 又は .csv）と列名を、仕様書と見比べてください。",
    ),
    "value.missing": Message("入力が必要です。", "入力してください。"),
    "value.request": Message("送られた内容の形式が正しくありません。", "画面を開き直して、もう一度入力してください。"),
    "value.configuration": Message("設定ファイルに誤りがあります。", _ADMINISTRATOR),
    "value.operator": Message(
        "操作者ID、氏名又はパスワードが決まりに合いません。",
        "操作者IDは英小文字・数字・ハイフンで3〜32字、パスワードは10字以上です。",
    ),
    "value.population": Message("その条件の住民は作れません。", "人数、市区町村又は日付を変えてください。"),
    "permission": Message("この操作は許されていません。", "トップに戻ってください。"),
    "permission.affair_not_listed": Message(
        "この事務は、この機関について住民基本台帳法の別表に掲げられていません。",
        "別表にある事務を選んでください。なければ照会できません。",
    ),
    "permission.not_in_force": Message("その日の法律では認められていません。", "日付と項目を確かめてください。"),
    "permission.identity_check": Message(
        "届出に来た人の本人確認が済んでいません。",
        "写真付きの証明書の提示を求めてください。ないときは、ほかの書類か、質問・照会書で確かめてください。",
    ),
    "permission.authority": Message(
        "代わりに届け出る権限が確認されていません。",
        "任意代理人には委任状、法定代理人には戸籍謄本などの提示を求めてください。",
    ),
    "permission.notifier": Message(
        "この人は、この手続をすることができません。", "届出をすることができる人を確かめてください。"
    ),
    "permission.numbers_never_return": Message(
        "住民票コードと個人番号は、元の番号に戻すことができません。",
        "番号に誤りがあるときは、もう一度、変更又は職権修正をしてください。",
    ),
    "permission.self_review": Message(
        "自分が入力した仮登録を、自分で審査することはできません。", "ほかの職員に審査を頼んでください。"
    ),
    "permission.review_required": Message(
        "この手続は、ほかの職員の審査を受けてから登録します。", "「審査に回す」を押してください。"
    ),
    "permission.still_retained": Message(
        "保存期間が過ぎていないため、廃棄できません。", "保存期間の満了日を確かめてください。"
    ),
    "permission.peer": Message("この相手からは受け付けられない電文です。", _SENDER),
    "permission.allotment_quota": Message(
        "住民票コードの一日の指定の上限に達しています。",
        "明日、自動でもう一度求めます。急ぐときは都道府県に連絡してください。",
    ),
    "permission.resident_system": Message(
        "このサーバは自ら住民基本台帳を備えており、既存住基システムとつながっていません。",
        "設定の resident_system を確かめてください。",
    ),
    "permission.register_elsewhere": Message(
        "住民基本台帳は既存住基システムにあります。ここでは異動を登録できません。",
        "既存住基システムで登録してください。自動で届きます。",
    ),
    "permission.register_closed": Message(
        "この市町村は他の市町村となりました。登録も証明もできません。", "承継した市町村で登録してください。"
    ),
    "permission.retention": Message(
        "返戻された通知票は、一年間保管します。", "保管の期限が過ぎてから廃棄してください。"
    ),
    "permission.message_type": Message("電文の種類が定められていません。", _SENDER),
    "permission.certificate": Message(
        "証明書が期限切れか、失効しているか、この網のものではありません。", _ADMINISTRATOR
    ),
    "permission.signature": Message("電文の署名が合いません。", _SENDER),
    "permission.replayed": Message("同じ識別番号の電文を既に受け取っています。", "もう一度新しく送ってください。"),
    "permission.stale": Message(
        "電文の送信時刻が離れすぎています。", "両方の時計が合っているか管理者に確かめてください。"
    ),
    "permission.too_large": Message("電文が長すぎます。", _SENDER),
    "permission.sign_in": Message(
        "操作者ID又はパスワードが違うか、操作者が使用停止になっています。",
        "入力し直してください。続けて5回誤ると使用停止になります。停止の解除は管理者に依頼してください。",
    ),
    "permission.session": Message(
        "操作のない時間が続いたか、開始から12時間たったため、終了しました。", "もう一度サインインしてください。"
    ),
    "permission.form": Message(
        "この画面から送られた内容ではないため、受け付けませんでした。何も登録していません。",
        "画面を開き直して、入力し直してください。",
    ),
    "not_found": Message("見つかりません。", "トップから探し直してください。"),
    "not_found.change_record": Message(
        "その異動は処置待ちにありません。既に処置されたようです。", "一覧を開き直してください。"
    ),
    "not_found.resident": Message("その住民は、この住民基本台帳にいません。", "検索し直してください。"),
    "not_found.draft": Message(
        "その書きかけの届出はありません。登録したか、捨てたか、一週間を過ぎています。",
        "住民を検索して、入力し直してください。",
    ),
    "not_found.quarantined_record": Message(
        "その保留はありません。既に処置されたようです。", "保留の一覧を開き直してください。"
    ),
    "not_found.person_notice": Message("その番号の本人通知はありません。", "一覧から選んでください。"),
    "not_found.code_notice": Message("その通知票はありません。", "通知票の一覧を開き直してください。"),
    "not_found.certificate": Message("その証明書はありません。", "番号を確かめてください。"),
    "conflict": Message("既に記録されている内容と矛盾します。", "いまの記載を確かめてください。"),
    "conflict.resident_record_code": Message("この住民票コードは、別の人のものです。", "コードを確かめてください。"),
    "conflict.individual_number": Message("この個人番号は、別の人のものです。", "番号を確かめてください。"),
    "conflict.resident_removed": Message(
        "住民票が消除されているため、異動を登録できません。", "履歴を確かめてください。"
    ),
    "conflict.resident_entered": Message(
        "この人は既に記載されています。", "消除の異動が抜けていないか、異動事由が正しいかを確かめてください。"
    ),
    "conflict.change_record": Message(
        "同じ識別番号の異動が、別の内容で既に反映されています。", "違いを新しい異動として送ってください。"
    ),
    "conflict.another_persons_code": Message(
        "この住民票コードの人はいないか、氏名が違います。", "転出証明書の住民票コードと氏名を見直してください。"
    ),
    "conflict.former_resident": Message(
        "氏名・生年月日・性別が同じ人の記録（除票を含む）があります。",
        "同じ人なら転入前の住民票コードを入力し、別人なら「別人である」を選んでください。",
    ),
    "conflict.act_cancelled": Message(
        "この異動は、すでに取り消されています。", "異動履歴で、いまの記載を確かめてください。"
    ),
    "conflict.cancellation_stands": Message(
        "取消しそのものを取り消すことはできません。", "正しい異動を、あらためて登録してください。"
    ),
    "conflict.move_out_to_withdraw": Message(
        "転出の届出は、異動の取消しでは取り消せません。", "「転出の取消し」の手続をしてください。"
    ),
    "conflict.mass_act": Message(
        "一括の異動は取り消せません。", "もう一度一括で変更するか、一人ずつ職権修正をしてください。"
    ),
    "conflict.later_act": Message(
        "この異動のあとに、別の異動が登録されています。", "先に、あとの異動を取り消してください。"
    ),
    "conflict.entered_elsewhere": Message(
        "この人は、すでに他の市区町村の住民です。取り消して元に戻すことはできません。",
        "住んでいる市区町村に問い合わせてください。先方が転入を取り消したあとなら、取り消せます。",
    ),
    "conflict.household_changed": Message(
        "その後、世帯が変わっています。取り消すと、世帯主や住所が合わなくなります。",
        "先に、世帯のその後の異動を取り消すか、世帯変更をしてください。",
    ),
    "conflict.provisional_entry": Message(
        "この仮登録は、もう審査待ちではありません。", "審査の一覧を見直してください。"
    ),
    "conflict.code_pool_empty": Message(
        "使える住民票コードが残っていません。", "全国サーバから補充されるまで待ち、回線の状態を確かめてください。"
    ),
    "conflict.person_notice": Message(
        "その通知には、いまはこの処置ができません。",
        "一覧を開き直してください。公示は、宛先が分からないか、返戻されたときだけです。",
    ),
    "conflict.code_notice": Message(
        "この通知票には、いまその処置ができません。", "通知票の一覧を開き直し、いまの状態を確かめてください。"
    ),
    "conflict.sequence_gap": Message(
        "この人の前の異動が届いていません。", "前の異動が届くのを待つか、先に処置してください。"
    ),
    "conflict.sequence": Message(
        "同じ更新順番号の、別の異動が既に記録されています。", "送信元に内容を確かめてください。"
    ),
    "not_found.act": Message(
        "その番号の異動はありません。",
        "異動履歴の番号を確かめてください。移行した記載に誤りがあるときは、職権修正又は誤記修正をしてください。",
    ),
    "not_found.provisional_entry": Message("その番号の仮登録はありません。", "審査の一覧から選び直してください。"),
    "not_found.former_record": Message(
        "従前の住民票は見つかりませんでした。", "氏名の文字を変えて探すか、転出証明書や住民票コードを確かめてください。"
    ),
    "conflict.too_many_former_records": Message(
        "氏名・生年月日・性別が同じ人が多く、表示できません。", "住民票コードで探してください。"
    ),
    "conflict.not_this_resident": Message(
        "この転入通知は、この住民のものと一致しません。", "通知した市区町村に内容を確かめてください。"
    ),
    "value.residence": Message(
        "在留カード等の事項が、在留の区分に合っていません。",
        "在留カード等を見て、区分に必要な事項だけを入力してください。",
    ),
    "value.residence_card_number": Message(
        "在留カード等の番号は、英字2字・数字8字・英字2字です。", "番号を見直してください。"
    ),
    "value.translator": Message(
        "外国語の文書に、翻訳者を明らかにした訳文がありません。", "訳文の提出を求め、翻訳者の氏名を入力してください。"
    ),
    "conflict.move_out_pending": Message(
        "転出届が出ています。",
        "転出を取り消してから登録するか、転入先の市区町村で登録してもらってください。",
    ),
    "conflict.nationality": Message(
        "この手続は、この人にはできません（日本人だけ、又は外国人住民だけの手続です）。",
        "国籍の記載を確かめてください。",
    ),
    "conflict.foreign_relationship": Message(
        "続柄の変更の届出は、世帯主も外国人住民である世帯員だけのものです。",
        "世帯主が日本人のときは戸籍の届出などに基づき職権で修正し、世帯主が替わるときは世帯主変更で登録してください。",
    ),
    "conflict.alias": Message(
        "すでに通称が記載されています。通称は一つだけです。", "いまの通称を削除してから、新しい通称を記載してください。"
    ),
    "conflict.alias_history": Message(
        "通称が、転出証明書の通称の記載・削除の履歴と合いません。転入では、転出証明書の通称をそのまま記載します（令30条の16第3項）。",
        "転出証明書のとおりに戻して転入を登録し、違う通称は、そのあとで「通称の削除」「通称の記載」の申出として登録してください。",
    ),
    "conflict.former_surname": Message(
        "すでに旧氏が記載されています。", "「旧氏の変更」又は「旧氏の削除」で登録してください。"
    ),
    "conflict.former_surname_older": Message(
        "この旧氏は、前に旧氏を記載・変更・削除した日より前に改めた氏です。",
        "その後に改めた氏だけを記載できます。戸籍で氏を改めた日を確かめてください。",
    ),
    "conflict.move_out_not_notified": Message(
        "他の市区町村に転入しましたが、転出届が出ていません。", "実態を調査し、職権で消除してください。"
    ),
    "conflict.move_out_confirmed": Message(
        "この転出は、別の転入通知で確定しています。", "両方の市区町村に、どちらに住んでいるか確かめてください。"
    ),
    "not_found.move_in_notice": Message("その転入通知は未処理の一覧にありません。", "一覧を開き直してください。"),
    "conflict.notice_number": Message(
        "同じ通知番号の、内容の異なる通知を既に受け付けています。",
        "新しい通知番号で送り直すよう、送信元に伝えてください。",
    ),
    "not_found.mass_change": Message("その一括住所変更はありません。", "一覧を確かめてください。"),
    "not_found.merger": Message("その廃置分合は登録されていません。", "団体コードを確かめてください。"),
    "conflict.merger": Message("廃置分合は、いまその操作ができる段階ではありません。", _MERGERS),
    "conflict.register_not_taken_over": Message(
        "廃止された市町村の住民票です。何も登録していません。", "引継ぎが終わってから登録してください。"
    ),
    "conflict.hand_over_not_ready": Message("引き継ぐ前に片付けるものが残っています。", _MERGERS),
    "conflict.mass_change": Message(
        "この一括住所変更は、いまその操作ができる段階ではありません。", "一覧で進み具合を確かめてください。"
    ),
    "conflict.changed_meanwhile": Message(
        "表示している間に、ほかの操作者がこの人の記載を変更しました。何も登録していません。",
        "いまの記載を開き直し、必要ならもう一度登録してください。",
    ),
    "conflict.being_edited": Message(
        "ほかの操作者がこの住民の届出を入力中のため、登録していません。",
        "入力している操作者に確かめるか、終わるまで待ってください。書きかけはトップに残ります。",
    ),
    "conflict.exists": Message("同じものが既にあります。", "一覧を確かめてください。"),
    "conflict.constraint": Message("登録の決まりに合わないため、記録できません。", _CORRECT),
    "peer": Message("相手のシステムで処理できませんでした。", "しばらく待って、もう一度試してください。"),
    "peer.unreachable": Message(
        "相手のシステムに接続できません。回線か相手が止まっています。",
        "送る内容は消えません。回復すると自動で送られます。",
    ),
    "peer.not_trusted": Message("接続先が本物と確かめられないため、何も送っていません。", _ADMINISTRATOR),
    "peer.refused": Message("相手のシステムが受け付けませんでした。", "理由を確かめてください。"),
    "peer.answer": Message("相手の応答を読み取れません。", _ADMINISTRATOR),
    "operation": Message("システムが正しく動いていません。", _ADMINISTRATOR),
    "operation.database": Message("データベースに接続できません。何も登録していません。", _ADMINISTRATOR),
    "operation.database_version": Message("データベースの版が対応していません。", _ADMINISTRATOR),
    "operation.migration": Message("データベースの構造が古いままです。", _ADMINISTRATOR),
    "operation.storage_full": Message("ディスクがいっぱいです。何も登録していません。", _ADMINISTRATOR),
    "operation.port_taken": Message("ポートが既に使われています。", _ADMINISTRATOR),
    "operation.bench": Message("計測できませんでした。", _ADMINISTRATOR),
    "operation.node_start": Message("ノードが起動しませんでした。", _ADMINISTRATOR),
    "operation.secret": Message("鍵又はパスワードのファイルが読めません。", _ADMINISTRATOR),
    "operation.drawing": Message("文書を作れませんでした。印刷していません。", _ADMINISTRATOR),
    "operation.busy": Message("混み合っています。何も登録していません。", "少し待って、もう一度試してください。"),
    "operation.internal": Message(
        "内部エラーが起きました。", "トップに戻り、続くときはシステム管理者に連絡してください。"
    ),
    "jukinet": Message("処理できませんでした。", _ADMINISTRATOR),
    **{code: Message(says, advice) for code, (says, advice) in _OF_PARTS.items()},
}


def message_of(error: JukinetError, language: Language) -> Message:
    """Return what to tell the operator; of a peer's refusal, the peer's reason."""
    if isinstance(error, PeerRefusedError):
        return message_of_code(error.peer_code, language)
    if language is Language.ENGLISH:
        return Message(error.detail, "")
    return message_of_code(error.code, language)


def message_of_code(code: str, language: Language) -> Message:
    """Return what to tell for a stable code; for an unknown one, what is known of its family."""
    if language is Language.ENGLISH:
        return Message(_english(code), "")
    while code not in JAPANESE and "." in code:
        code = code.rpartition(".")[0]
    return JAPANESE.get(code, JAPANESE[JukinetError.code])


def _english(code: str) -> str:
    for known in error_classes():
        if known.code == code:
            return (known.__doc__ or "").strip().splitlines()[0]
    return "The request was refused."
