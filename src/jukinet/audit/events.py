"""The closed catalogue of audit events (操作履歴). docs/audit-events.md is this catalogue as a table.

A tag is `subject:action`. Retired tags stay in RETIRED_TAGS and are never given to another event.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple


class EventKind(NamedTuple):
    """What an event is called, in the log and in Japanese, and which details it carries."""

    tag: str
    japanese: str
    details: tuple[str, ...]


class AuditEvent(Enum):
    """Everything that is ever written to the log."""

    RECORD_CHANGED = EventKind(
        "resident:changed",
        "住民票の記載・消除・修正",
        ("resident_number", "act_number", "act_reason", "update_sequence", "approved_by"),
    )
    RESIDENT_VIEWED = EventKind("resident:viewed", "住民票の照会", ("resident_number",))
    RESIDENTS_SEARCHED = EventKind("resident:searched", "住民の検索", ("hits", "resident_numbers"))
    ENTRY_SUBMITTED = EventKind(
        "provisional_entry:submitted", "仮登録（審査に回す）", ("entry_number", "procedure", "resident_numbers")
    )
    ENTRY_VIEWED = EventKind(
        "provisional_entry:viewed", "仮登録の照会", ("entry_number", "procedure", "resident_numbers")
    )
    ENTRY_DECIDED = EventKind("provisional_entry:decided", "仮登録の審査", ("entry_number", "procedure", "state"))
    POPULATION_LOADED = EventKind("register:population_loaded", "初期データの取込み", ("residents",))
    NOTICES_RECEIVED = EventKind(
        "identification:received",
        "本人確認情報の受信",
        ("sender", "sha256", "applied", "already_applied", "held", "quarantined"),
    )
    NOTICE_QUARANTINED = EventKind(
        "identification:quarantined", "本人確認情報の保留", ("sender", "error_code", "field", "update_sequence")
    )
    NUMBERED_NOTICES_RECEIVED = EventKind(
        "notices:received",
        "通知の受信",
        ("sender", "type", "sha256", "received", "already_received", "quarantined"),
    )
    NUMBERED_NOTICE_SET_APART = EventKind(
        "notices:set_apart", "受け付けられない通知の保留", ("sender", "type", "notice_number", "error_code", "field")
    )
    MOVE_IN_NOTICED = EventKind(
        "resident:move_in_noticed", "転入通知の受理", ("sender", "notice_number", "state", "resident_number")
    )
    MOVE_OUT_CONFIRMED = EventKind(
        "resident:move_out_confirmed", "転出確定通知の受理", ("sender", "notice_number", "moved_to", "update_sequence")
    )
    ANNEX_NOTICED = EventKind("annex:noticed", "戸籍の附票記載事項通知の受理", ("sender", "notice_number"))
    ANNEX_UNTOLD = EventKind("annex:untold", "附票の通知先が本籍から分からない", ("resident_number",))
    FORMER_RECORD_ASKED = EventKind("former_record:asked", "従前の住民票の検索", ("procedure", "asked_by", "found"))
    MASS_CHANGE_PREVIEWED = EventKind(
        "mass_change:previewed", "一括住所変更の事前確認", ("mass_change_number", "residents")
    )
    MASS_CHANGE_MOVED = EventKind("mass_change:moved", "一括住所変更の進行", ("mass_change_number", "state"))
    MERGER_MOVED = EventKind("merger:moved", "市町村の廃置分合の進行", ("outgoing", "successor", "state"))
    REGISTER_TAKEN_OVER = EventKind(
        "merger:part_taken_over", "廃止された市町村からの引継ぎの受信", ("outgoing", "part_number", "rows", "is_late")
    )
    QUARANTINE_RELEASED = EventKind("quarantine:released", "保留の解除", ("arrival", "update_sequence"))
    QUARANTINE_CORRECTED = EventKind("quarantine:corrected", "保留の訂正", ("arrival", "update_sequence", "items"))
    QUARANTINE_DISMISSED = EventKind("quarantine:dismissed", "保留の取下げ", ("arrival", "update_sequence"))
    QUARANTINE_VIEWED = EventKind("quarantine:viewed", "保留の照会", ("arrival", "update_sequence"))
    PARCEL_REQUEUED = EventKind("parcel:requeued", "拒否された送信分の再送", ("receiver", "position"))
    CODES_REQUESTED = EventKind("codes:requested", "住民票コードの要求", ("quantity",))
    CODE_POOL_LOW = EventKind("codes:pool_low", "住民票コードの残りが少ない", ("free", "low"))
    PERSON_NOTICE_RECORDED = EventKind(
        "person_notice:recorded", "本人通知の発送・返戻・公示", ("notice_number", "resident_number", "event")
    )
    PERSON_NOTICE_PRINTED = EventKind("person_notice:printed", "本人通知の印刷", ("notice_number", "resident_number"))
    CODE_NOTICE_PRINTED = EventKind(
        "code_notice:printed", "住民票コード通知票の印刷", ("notice_number", "resident_number")
    )
    CODE_REPLACED = EventKind(
        "resident:code_replaced", "住民票コードの変更・修正", ("resident_number", "act_reason", "voids_juki_card")
    )
    CODE_NOTICE_RECORDED = EventKind(
        "code_notice:recorded", "住民票コード通知票の処置", ("notice_number", "resident_number", "event", "delivery")
    )
    DOCUMENT_REQUESTED = EventKind(
        "document:requested",
        "証明書の請求の受付",
        ("request_number", "kind", "ground", "resident_numbers", "items", "protected_numbers"),
    )
    DOCUMENT_REFUSED = EventKind(
        "document:refused", "証明書の請求の拒否", ("kind", "ground", "resident_numbers", "error_code", "field")
    )
    DOCUMENT_REVIEW_VIEWED = EventKind(
        "document:review_viewed", "支援措置の審査の照会", ("request_number", "resident_numbers")
    )
    DOCUMENT_REVIEW_DECIDED = EventKind(
        "document:review_decided",
        "支援措置の審査の決定",
        ("request_number", "requested_by", "decision", "findings", "resident_numbers"),
    )
    DOCUMENT_REFUSAL_PRINTED = EventKind("document:refusal_printed", "不交付決定通知書の印刷", ("request_number",))
    DOCUMENT_ISSUED = EventKind(
        "document:issued", "証明書の発行", ("document_number", "request_number", "kind", "resident_number", "fee_yen")
    )
    DOCUMENT_OPENED = EventKind("document:opened", "証明書の印刷", ("document_number", "request_number"))
    DOCUMENT_HANDED_OVER = EventKind("document:handed_over", "証明書の交付", ("document_number", "fee_yen"))
    DOCUMENT_VOIDED = EventKind("document:voided", "証明書の無効化", ("document_number", "reason"))
    DOCUMENT_VERIFIED = EventKind("document:verified", "証明書の真正性の確認", ("document_number", "result"))
    CODES_FORWARDED = EventKind("codes:forwarded", "住民票コードの要求の取次ぎ", ("municipality", "quantity"))
    CODES_ALLOTTED = EventKind("codes:allotted", "住民票コードの指定", ("receiver", "quantity", "prefecture"))
    INDIVIDUAL_NUMBERS_ALLOTTED = EventKind(
        "individual_number:allotted", "個人番号とすべき番号の通知", ("receiver", "answered", "refused")
    )
    INDIVIDUAL_NUMBER_REPLACED = EventKind("individual_number:replaced", "個人番号の変更", ("receiver", "serial"))
    CONFIRMATION_ASKED = EventKind(
        "confirmation:asked", "本人確認情報の照会", ("affair", "matter_number", "method", "through", "result")
    )
    QUERIES_DELETED = EventKind("confirmation:deleted", "保存期間を過ぎた照会の記録の削除", ("count", "before"))
    PROVISION_REFUSED = EventKind(
        "provision:refused",
        "提供の拒否（内部の理由を含む）",
        ("affair", "office", "official", "matter_number", "items", "error_code", "reason"),
    )
    BATCH_BEGUN = EventKind(
        "batch:begun", "一括提供の受付", ("batch_id", "affair", "official", "matter_number", "length", "sha256")
    )
    BATCH_REFUSED = EventKind("batch:refused", "一括提供の受付不可", ("batch_id", "lines", "bad_lines", "error_code"))
    BATCH_MATCHED = EventKind(
        "batch:matched", "一括提供の照合の終了", ("batch_id", "lines", "bad_lines", "results", "commitment")
    )
    BATCH_CANCELLED = EventKind("batch:cancelled", "一括提供の取消し", ("batch_id", "matched"))
    BATCH_FETCHED = EventKind("batch:fetched", "一括提供の結果の受取り", ("batch_id", "result_bytes"))
    BATCH_DELETED = EventKind("batch:deleted", "一括提供の明細と結果の消去", ("batch_id", "state"))
    BATCH_ASKED = EventKind(
        "batch:asked", "一括提供の依頼", ("batch_id", "affair", "matter_number", "length", "sha256", "result")
    )
    FEED_SUBSCRIBED = EventKind(
        "feed:subscribed",
        "変更の継続提供の登録",
        ("subscription_id", "affair", "official", "matter_number", "expires_on", "batch_id", "people"),
    )
    FEED_UNFOLLOWED = EventKind("feed:unfollowed", "変更の継続提供の終了", ("subscription_id", "people", "is_ended"))
    FEED_VIEWED = EventKind("feed:viewed", "受け取った変更の照会", ("count",))
    FEED_DELETED = EventKind("feed:deleted", "保存期間を過ぎた変更の事象の消去", ("agency", "count"))
    FEED_MISSED = EventKind("feed:missed", "変更の事象の取り逃し", ("after", "deleted"))
    LAW_CHANGE_PROPOSED = EventKind(
        "law:proposed", "提供の根拠の変更の提案", ("proposal_number", "kind", "affair", "effective_on")
    )
    LAW_CHANGE_DECIDED = EventKind(
        "law:decided",
        "提供の根拠の変更の承認・却下",
        ("proposal_number", "affair", "effective_on", "proposed_by", "is_approved"),
    )
    USES_VIEWED = EventKind("use_log:viewed", "提供状況の照会", ("uses",))
    USES_PROVED = EventKind("use_log:proved", "提供状況の証明用ファイルの作成", ("uses",))
    USES_TOLD = EventKind("use_log:told", "提供状況の照会（本人のポータル）", ("uses", "is_represented"))
    STATISTICS_MADE = EventKind("statistics:made", "統計資料の作成", ("matter_number", "ground", "rows"))
    PROVISIONS_PUBLISHED = EventKind("use_log:published", "提供状況の公表の作成", ("year", "rows"))
    DOUBT_REPORTED = EventKind(
        "doubt:reported",
        "疑義の通報",
        ("report_number", "use_log_id", "reason", "municipality", "error_code", "through"),
    )
    DOUBT_REFERRED = EventKind("doubt:referred", "誤りの通報の取次ぎ", ("report_number", "municipality"))
    DOUBT_RECEIVED = EventKind("doubt:received", "誤りの通報の受理", ("report_number", "reason", "resident_number"))
    DOUBT_VIEWED = EventKind("doubt:viewed", "誤りの通報の照会", ("report_number", "resident_number"))
    DOUBT_ANSWERED = EventKind("doubt:answered", "誤りの通報への回答", ("report_number", "outcome"))
    USE_RELEASED = EventKind(
        "use_log:released", "提供の記録の表示の留保の解除", ("message_id", "agency", "place", "ground", "approved_by")
    )
    CHANGES_SUBMITTED = EventKind(
        "resident_system:submitted",
        "既存住基システムの異動の受付",
        ("submission_number", "source", "sha256", "rows", "states"),
    )
    CHANGE_NOTIFIED = EventKind(
        "resident_system:notified", "既存住基システムの異動の通知", ("record_id", "resident_number", "update_sequence")
    )
    LINKAGE_SWITCHED = EventKind("resident_system:mode", "連携の方式の切替え", ("mode",))
    CHANGES_RELEASED = EventKind("resident_system:released", "保留した異動の送信", ("record_ids",))
    CHANGE_SUPPLEMENTED = EventKind("resident_system:supplemented", "異動の補記", ("record_id", "items"))
    CHANGE_DISMISSED = EventKind("resident_system:dismissed", "異動の取下げ", ("record_id",))
    NOTICE_RESENT = EventKind(
        "resident_system:resent", "本人確認情報の再送", ("resident_number", "update_sequence", "is_new", "reason")
    )
    CONSISTENCY_CHECKED = EventKind(
        "consistency:checked", "整合性確認", ("peer", "blocks", "residents", "differences", "repaired")
    )
    RESIDENT_ENROLLED = EventKind(
        "resident_page:enrolled", "本人用ページの利用登録", ("account_number", "operator", "closed_accounts")
    )
    ACCOUNT_OPENED = EventKind("resident_page:opened", "本人用ページのパスワードの設定", ())
    ACCOUNT_CLOSED = EventKind("resident_page:closed", "本人用ページの利用の終了", ())
    RESIDENT_SIGNED_IN = EventKind("resident_page:signed_in", "本人用ページの認証", ())
    RESIDENT_SIGN_IN_REFUSED = EventKind("resident_page:sign_in_refused", "本人用ページの認証の拒否", ("error_code",))
    RESIDENT_SIGNED_OUT = EventKind("resident_page:signed_out", "本人用ページの終了", ())
    OWN_RECORD_SHOWN = EventKind("resident_page:record_shown", "本人用ページでの本人確認情報の開示", ())
    COUNTER_REQUEST_TAKEN = EventKind(
        "person:counter_request",
        "本人からの開示・利用登録の請求（窓口）",
        ("request_number", "kind", "resident_number", "requester"),
    )
    PERSON_REQUEST_RECEIVED = EventKind(
        "person_request:received", "開示の請求・訂正等の申出・苦情の受付", ("request_number", "kind")
    )
    PERSON_REQUEST_VIEWED = EventKind("person_request:viewed", "開示の請求等の照会", ("request_number", "kind"))
    PERSON_REQUEST_EXTENDED = EventKind("person_request:extended", "開示の期限の延長", ("request_number", "kind"))
    PERSON_CORRECTION_REFERRED = EventKind(
        "person_request:referred", "訂正等の申出の市町村への照会", ("request_number", "report_number", "municipality")
    )
    PERSON_DECISION_PROPOSED = EventKind(
        "person_request:proposed", "開示の請求等に対する決定の案", ("request_number", "kind", "decision")
    )
    PERSON_DECISION_RETURNED = EventKind(
        "person_request:returned", "開示の請求等に対する決定の案の差戻し", ("request_number", "kind", "reason")
    )
    PERSON_REQUEST_DECIDED = EventKind(
        "person_request:decided",
        "開示の請求等に対する決定",
        ("request_number", "kind", "decision", "approved_by"),
    )
    PERSON_ANSWER_PRINTED = EventKind(
        "person_request:answer_printed", "開示の請求等に対する通知書の印刷", ("request_number", "kind")
    )
    MESSAGE_REFUSED = EventKind("message:refused", "電文の拒否", ("type", "error_code", "remote_address"))
    SIGNED_IN = EventKind("operator:signed_in", "操作者の認証", ())
    SIGN_IN_REFUSED = EventKind("operator:sign_in_refused", "操作者の認証の拒否", ("error_code",))
    SIGNED_OUT = EventKind("operator:signed_out", "操作者の終了", ())
    OPERATOR_ENROLLED = EventKind("operator:enrolled", "操作者の登録", ("operator",))

    @property
    def tag(self) -> str:
        """Return the stable name in the log."""
        return self.value.tag


#: Tags that once existed.
RETIRED_TAGS: Final[frozenset[str]] = frozenset(
    {
        "resident:birth_recorded",
        "resident:relocation_recorded",
        "resident:death_recorded",
    }
)
