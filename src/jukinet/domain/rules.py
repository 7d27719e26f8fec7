"""Rules of law: an id, the article that makes it, and the decorator that says which function enforces it.

Articles are cited per era because the numbers moved when the Individual Number came into force on
2015-10-05 (see docs/eras.md). `tests/architecture` fails when a rule has no enforcer or no test.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Citation(NamedTuple):
    """Where a rule is written: the article before and from 2015-10-05, and one Japanese sentence."""

    until_2015: str
    from_2015: str
    sentence: str


class Rule(Enum):
    """A rule of law that some function enforces."""

    CLOSED_DATA = Citation(
        "Act (–2015) art. 30-5(1)",
        "Act (2015–) art. 30-6(1)",
        "都道府県知事に通知するのは本人確認情報だけである。",
    )
    CHANGE_REASON_IS_LISTED = Citation(
        "Regulation (–2015) art. 11",
        "Regulation (2015–) art. 11",
        "変更の事由は省令に定めるものに限る。",
    )
    CODE_FORMAT = Citation(
        "Regulation (–2015) art. 1",
        "Regulation (2015–) art. 1",
        "住民票コードは無作為の十桁の数字と一桁の検査数字からなる。",
    )
    NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED = Citation(
        "Act (–2015) art. 30-2(2)",
        "Act (2015–) art. 30-3(2)",
        "いずれの市町村でも住民票に記載されたことのない者には、新たな住民票コードを記載する。",
    )
    ALLOTMENT_WITHIN_PREFECTURE = Citation(
        "Act (–2015) art. 30-7(1); Regulation (–2015) art. 14(1)",
        "Act (2015–) art. 30-2(1)",
        "住民票コードは、都道府県の区域内の市町村について指定する。",
    )
    ALLOTMENT_QUOTA = Citation(
        "Act (–2015) art. 30-7(1); Regulation (–2015) art. 14",
        "Act (2015–) art. 30-2(1)",
        "住民票コードは市町村の人口等を勘案した数を指定し、一日の上限を超えて指定しない。",
    )
    NEW_CODE_IS_NOT_CHOSEN = Citation(
        "Act (–2015) art. 30-3(3); Regulation (–2015) art. 1",
        "Act (2015–) art. 30-4(3); Regulation (2015–) art. 1",
        "変更後の住民票コードは、市町村に指定されたもののうちから無作為に選ぶ。請求者が選ぶことはできない。",
    )
    CODE_NOTIFIED_IN_WRITING = Citation(
        "Act (–2015) art. 30-2(3), 30-3(4); Order (–2015) art. 30-4(2)",
        "Act (2015–) art. 30-3(3), 30-4(4); Order (2015–) art. 30-4(2)",
        "新たに住民票コードを記載し、変更し、又は修正したときは、速やかに、その者に書面で通知する。",
    )
    PREVIOUS_CODE_WITH_CODE_CHANGE = Citation(
        "Order (–2015) art. 30-5(iv)",
        "Order (2015–) art. 30-5(iv)",
        "住民票コードの記載の修正を通知するときは、修正前の住民票コードをあわせて通知する。",
    )
    FIRST_NOTICE_IS_AN_ENTRY = Citation(
        "Act (–2015) art. 30-5(1)",
        "Act (2015–) art. 30-6(1)",
        "消除と修正の通知は、記載の通知があった者についてだけすることができる。",
    )
    ONLY_NOTIFIED_ITEMS_GO_UPWARD = Citation(
        "Act (–2015) art. 30-5(1); Order (–2015) art. 30-5",
        "Act (2015–) art. 30-6(1); Order (2015–) art. 30-5",
        "記載、消除、及び本人確認情報に係る記載の修正をしたときに通知する。世帯や本籍の修正は通知しない。",
    )
    ONE_HOUSEHOLDER_PER_HOUSEHOLD = Citation(
        "Act (–2015) art. 7(iv), 25",
        "Act (2015–) art. 7(iv), 25",
        "世帯には世帯主が一人ある。世帯主を欠いたときは、残る者のうちから世帯主を定める。",
    )
    RELATIONSHIP_GRAMMAR = Citation(
        "Act (–2015) art. 7(iv)",
        "Act (2015–) art. 7(iv)",
        "続柄は、世帯主、縁故者、同居人のほか、夫、妻、子、父、母、兄、姉、弟、妹を「の」で四つまでつないで記載する。",
    )
    IDENTITY_CHECKED_AT_THE_COUNTER = Citation(
        "Act (–2015) art. 27(2); Regulation (–2015) art. 8",
        "Act (2015–) art. 27(2); Regulation (2015–) art. 8",
        "届出があったときは、現に届出の任に当たる者が本人であるかどうかを書類又は説明により確認する。",
    )
    AUTHORITY_OF_WHO_ACTS_FOR_ANOTHER = Citation(
        "Act (–2015) art. 27(3); Regulation (–2015) art. 8-3",
        "Act (2015–) art. 27(3); Regulation (2015–) art. 8-3",
        "代理人は、戸籍謄本、委任状その他権限を明らかにする書類を示す。同一の世帯に属する者はこの限りでない。",
    )
    WHO_MAY_NOTIFY = Citation(
        "Act (–2015) art. 8, 22–26, 30-3(1); Order (–2015) art. 11, 12",
        "Act (2015–) art. 8, 22–26, 30-4(1); Order (2015–) art. 11, 12",
        "届出は、本人又はこれに代わる世帯主若しくは代理人がする。出生、死亡その他職権でする記載等は、届出によらない。",
    )
    DOCUMENTS_OF_A_PROCEDURE = Citation(
        "Act (–2015) art. 22(2), 30-46, 30-47; Order (–2015) art. 22",
        "Act (2015–) art. 22(2), 30-46, 30-47; Order (2015–) art. 22",
        "転入届には転出証明書を添える。外国人住民は在留カード等を提示する。",
    )
    LATE_NOTIFICATION_TAKES_A_STATEMENT = Citation(
        "Act (–2015) art. 22–25, 53(2)",
        "Act (2015–) art. 22–25, 52(2)",
        "届出期間を過ぎた届出には、その理由を述べた書面を求める。",
    )
    ONLY_NOTIFIED_MOVE_OUT_ENDS_BY_NOTICE = Citation(
        "Act (–2015) art. 8, 9(1); Order (–2015) art. 12, 13(2)",
        "Act (2015–) art. 8, 9(1); Order (2015–) art. 12, 13(2)",
        "転入通知は転出届のあった者の転出を確定する。転出届のない者は、調査の上、職権で消除する。",
    )
    CONFIRMED_MOVE_OUT_STANDS_BESIDE_THE_PLANNED = Citation(
        "Order (–2015) art. 13(2)",
        "Order (2015–) art. 13(2)",
        "転入通知を受けたときは、転出先と転出年月日の確定を、予定と並べて消除した住民票に記載する。",
    )
    MOVE_IN_NOTICE_GOES_TO_THE_PREFECTURE = Citation(
        "Order (–2015) art. 13(3)(4)",
        "Order (2015–) art. 13(3)(4)",
        "転入通知を受けた市町村長は、その旨を都道府県知事に通知する。",
    )
    CANCELLATION_APPENDS = Citation(
        "Act (–2015) art. 14(1); Order (–2015) art. 12(3)",
        "Act (2015–) art. 14(1); Order (2015–) art. 12(3)",
        "誤って登録した異動は、職権で取り消す。取り消した異動も取消しも履歴に残り、取り消せるのは一度、あとの異動がないときに限る。",
    )
    EX_OFFICIO_ACT_RESTS_ON_A_VERIFIED_FACT = Citation(
        "Order (–2015) art. 12(1)(3)",
        "Order (2015–) art. 12(1)(3)",
        "職権による記載、消除又は修正は、その事実を確認した上でする。",
    )
    EX_OFFICIO_ACT_TOLD_TO_THE_PERSON = Citation(
        "Order (–2015) art. 12(4)",
        "Order (2015–) art. 12(4)",
        "届出がないために職権で記載等をしたときは、本人に通知する。通知が困難なときは、公示をもって代えることができる。",
    )
    MINOR_CORRECTION_OF_WORDING_ONLY = Citation(
        "Regulation (–2015) art. 11(3)(ii), 21-2",
        "Regulation (2015–) art. 11(3)(ii)",
        "軽微な修正は、文字、町名、地番、住居表示又は建物名の変更等に伴う氏名又は住所の記載の修正に限る。",
    )
    RETENTION = Citation(
        "Order (–2015) art. 34(1)(3)",
        "Order (2015–) art. 34; from 2019-06-20 art. 34(1)(2)(4)",
        "除票と改製前の住民票は五年間、令和元年六月二十日からは百五十年間、届出書等は一年間保存する。",
    )
    PROVISION_ONLY_FOR_LISTED_AFFAIR = Citation(
        "Act (–2015) art. 30-7(3)",
        "Act (2015–) art. 30-9",
        "本人確認情報は、別表に掲げる機関に、別表に掲げる事務のためにだけ提供する。",
    )
    PROVISION_WITHIN_ITS_DATES = Citation(
        "Act (–2015) art. 30-7(3)–(6), 30-8",
        "Act (2015–) art. 30-9 to 30-15",
        "事務ごとに定まる開始日より前と終了日より後には、本人確認情報を提供しない。",
    )
    PROVISION_ONLY_OF_GRANTED_ITEMS = Citation(
        "Act (–2015) art. 30-7(3)",
        "Act (2015–) art. 30-9; Individual Number Act art. 9(1)",
        "その事務に認められ、かつ求められた項目だけを提供する。個人番号は番号法が認める事務に限り、住民票コードは平成二十七年十月五日から提供しない。",
    )
    PROVISION_BY_THE_TABLE_OF_THE_PLACE = Citation(
        "Act (–2015) art. 30-7(4)–(6), 30-8(1)",
        "Act (2015–) art. 30-10 to 30-15",
        "市町村と都道府県には、その者の住所のある都道府県に応じた別表により提供する。",
    )
    LAW_CHANGES_IN_ADVANCE = Citation(
        "Act (–2015) art. 30-7(3)–(6), 30-8",
        "Act (2015–) art. 30-9 to 30-15",
        "提供の根拠の変更は、施行日より前に、提案した者と別の者が承認する。さかのぼって変えることはできない。",
    )
    PROVISION_BY_A_REGISTERED_OFFICE = Citation(
        "Act (–2015) art. 30-29, 30-33",
        "Act (2015–) art. 30-24, 30-28",
        "機関が登録した部署だけが、登録した事務について照会する。",
    )
    WITHHELD_USES_ONE_BY_ONE = Citation(
        "Act (–2015) art. 30-29, 30-37",
        "Act (2015–) art. 30-24, 30-32",
        "本人への表示を留保する事務の照会は、一人ずつ行う。記録は直ちに確定し、期限の日に表示する。",
    )
    INDIVIDUAL_NUMBER_FROM_2015 = Citation(
        "—",
        "Act (2015–) art. 7(viii-2)",
        "個人番号は平成二十七年十月五日から住民票の記載事項である。",
    )
    INDIVIDUAL_NUMBER_DERIVATION = Citation(
        "—",
        "Act (2015–) art. 7(viii-2); Individual Number Act art. 8(2) and its Order art. 8",
        "個人番号は住民票コードを変換して得られ、住民票コードを復元できる規則性を持たず、他のいずれの個人番号とも異なる。",
    )
    NOTIFICATION_AFTER_THE_FACT = Citation(
        "Act (–2015) art. 22–25; Order (–2015) art. 12",
        "Act (2015–) art. 22–25; Order (2015–) art. 12",
        "届出は、異動があった日以後、その日までの事実についてする（転出を除く）。",
    )
    CHANGE_AFTER_BIRTH = Citation(
        "Act (–2015) art. 7(ii), 14",
        "Act (2015–) art. 7(ii), 14",
        "出生の年月日より前の異動を記載することはできない。",
    )
    FORMER_SURNAME_FROM_2019 = Citation(
        "—",
        "Order (2015–) art. 30-13",
        "旧氏は令和元年十一月五日から住民票の記載事項である。",
    )
    ALIAS_FROM_2012 = Citation(
        "Order (–2015) art. 30-26",
        "Order (2015–) art. 30-16",
        "外国人住民の通称は平成二十四年七月九日から住民票の記載事項である。",
    )
    MASS_CHANGE_IS_A_MINOR_CORRECTION = Citation(
        "Order (–2015) art. 12(2)(vii); Regulation (–2015) art. 11(3)(ii), 21-2(iii)–(v)",
        "Order (2015–) art. 12(2)(vii)",
        "町名・地番・住居表示の変更に伴う住所の修正は、職権で行い、軽微な修正として通知する。",
    )
    MERGER_MOVES_NOBODY = Citation(
        "Order (–2015) art. 12(2)(vii); Regulation (–2015) art. 21-2(iii); Local Autonomy Act art. 7",
        "Order (2015–) art. 12(2)(vii); Local Autonomy Act art. 7",
        "市町村の廃置分合では、だれも異動せず、住所の団体コードと表記だけを、職権で、軽微な修正として改める。",
    )
    MERGER_IS_GIVEN_NOTICE_OF = Citation(
        "Order (–2015) art. 12(2)(vii); Local Autonomy Act art. 7(1)(7)",
        "Order (2015–) art. 12(2)(vii); Local Autonomy Act art. 7(1)(7)",
        "廃置分合は、告示により効力を生ずる。告示のない引継ぎを、都道府県も全国も認めない。",
    )
    ONE_ALIAS_AT_A_TIME = Citation(
        "Order (–2015) art. 30-26(1)(2)",
        "Order (2015–) art. 30-16(1)(2)",
        "住民票に記載する通称は一つであり、別の通称を記載するには、いまの通称を削除する。",
    )
    ALIAS_HISTORY_IS_RECORDED = Citation(
        "Order (–2015) art. 30-27",
        "Order (2015–) art. 30-17",
        "通称を記載し、又は削除したときは、その市町村名と年月日を住民票に記載し、転入のときに引き継ぐ。",
    )
    FORMER_SURNAME_ONLY_NEWER = Citation(
        "—",
        "Order (2015–) art. 30-14",
        "旧氏の変更と、削除後の再度の記載は、その後に氏が変更された場合の旧氏に限る。",
    )
    NATIONALITY_CHANGE_IS_REMOVAL_AND_ENTRY = Citation(
        "Order (–2015) art. 8-2",
        "Order (2015–) art. 8-2",
        "国籍の得喪があったときは、一方の住民票を消除し、他方の住民票を作成する。",
    )
    FOREIGN_RESIDENT_ENTERS_ON_NOTIFICATION = Citation(
        "Act (–2015) art. 30-47",
        "Act (2015–) art. 30-47",
        "住所を有する者が中長期在留者等となったときは、十四日以内に届け出る。",
    )
    ITEMS_OF_THE_RESIDENCE_KIND = Citation(
        "Act (–2015) art. 30-45",
        "Act (2015–) art. 30-45",
        "外国人住民の住民票には、その区分に応じた事項を記載する。",
    )
    RELATIONSHIP_AMONG_FOREIGN_RESIDENTS = Citation(
        "Act (–2015) art. 30-48",
        "Act (2015–) art. 30-48",
        "世帯主でない外国人住民は、外国人住民である世帯主との続柄に変更があったとき、これを証する文書を添えて届け出る。",
    )
    TRANSLATION_NAMES_ITS_TRANSLATOR = Citation(
        "Regulation (–2015) art. 49",
        "Regulation (2015–) art. 49",
        "続柄を証する文書が外国語のものであるときは、翻訳者を明らかにした訳文を添付する。",
    )
    DOCUMENT_BEARER_IS_IDENTIFIED = Citation(
        "Act (–2015) art. 12(3), 12-2(3), 12-3(5)",
        "Act (2015–) art. 12(3), 12-2(3), 12-3(5)",
        "証明書の請求の任に当たる者は、本人であることを書類等で明らかにする。",
    )
    DOCUMENT_BEARER_SHOWS_AUTHORITY = Citation(
        "Act (–2015) art. 12(4), 12-3(6)",
        "Act (2015–) art. 12(4), 12-3(6)",
        "証明書を代理人又は使者が請求するときは、委任状その他権限を明らかにする書類を示す。",
    )
    COPY_OF_OWN_HOUSEHOLD = Citation(
        "Act (–2015) art. 12(1)",
        "Act (2015–) art. 12(1); from 2019-06-20 art. 15-4(1)",
        "住民票の写しは、本人又は同一の世帯に属する者が請求できる。除票の写しは、本人が請求できる。",
    )
    REQUEST_OF_OTHERS_STATES_ITS_PURPOSE = Citation(
        "Act (–2015) art. 12-2(2)(iv), 12-3(4)(iv)(v)",
        "Act (2015–) art. 12-2(2)(iv), 12-3(4)(iv)(v)",
        "国等の機関は請求事由を、第三者は利用の目的を、特定事務受任者はさらに依頼者を明らかにする。",
    )
    IMPROPER_PURPOSE_IS_REFUSED = Citation(
        "Act (–2015) art. 12(6), 12-3(1)",
        "Act (2015–) art. 12(6), 12-3(1)",
        "不当な目的によることが明らかな請求は、拒むことができる。",
    )
    CODE_AND_NUMBER_ONLY_TO_THE_HOUSEHOLD = Citation(
        "Act (–2015) art. 12(5), 12-2(1), 12-3(7)",
        "Act (2015–) art. 12(5), 12-2(1), 12-3(7)",
        "住民票コードと個人番号は、本人等の特別の請求があるときだけ記載し、代理人には手渡さず本人の住所に送る。",
    )
    PROTECTED_PERSON_NEEDS_REVIEW = Citation(
        "Act (–2015) art. 12(6), 12-3(1)",
        "Act (2015–) art. 12(6), 12-3(1)",
        "支援措置の対象者の証明書は、対象者本人以外には、審査を経なければ交付しない。",
    )
    PROTECTED_PERSON_REVIEWED_BY_ANOTHER = Citation(
        "Act (–2015) art. 12(6), 12-3(1)",
        "Act (2015–) art. 12(6), 12-3(1)",
        "支援措置の対象者に係る請求は、受け付けた職員とは別の職員が審査し、理由を記録する。",
    )
    REMOVED_RECORD_HAS_ITS_OWN_COPY = Citation(
        "Act (–2015) art. 12; Order (–2015) art. 34",
        "Act (2015–) art. 12; from 2019-06-20 art. 15-4",
        "消除した住民票については、除票の写しとして交付する。",
    )
    MOVE_OUT_CERTIFICATE = Citation(
        "Act (–2015) art. 22(2); Order (–2015) art. 23, 24",
        "Act (2015–) art. 22(2); Order (2015–) art. 23, 24",
        "国内への転出届をした者には転出証明書を交付し、亡失したときは再交付する。国外への転出には交付しない。",
    )
    DOCUMENT_BELONGS_TO_ITS_REQUEST = Citation(
        "Act (–2015) art. 12(1), 12-2(1), 12-3(1), 36-2",
        "Act (2015–) art. 12(1), 12-2(1), 12-3(1), 36-2",
        "証明書は、請求の対象とされた者の、請求を受けたときと同じ記載についてだけ交付する。",
    )
    CONSENT_BEFORE_USE = Citation(
        "Act (–2015) art. 30-8(1)(iii)(iv)",
        "Act (2015–) art. 30-15(1)(iii)(iv)",
        "都道府県知事は、本人が同意した事務に利用するときは同意を確かめ、統計の作成では個人を照会しない。",
    )
    ERRORS_ARE_REPORTED_TO_THE_MUNICIPALITY = Citation(
        "Act (–2015) art. 12-5, 30-11(5)",
        "Act (2015–) art. 12-5, 30-8",
        "本人確認情報の誤りを知ったときは、遅滞なく、都道府県を経て、住民票を備える市町村長に通報する。",
    )
    DOUBT_ONLY_OF_WHAT_WAS_GIVEN = Citation(
        "Act (–2015) art. 30-34",
        "Act (2015–) art. 30-29",
        "提供を受けた機関が疑義を通報できるのは、その機関が提供を受けた本人確認情報についてだけである。",
    )
    DOUBT_IS_ANSWERED = Citation(
        "Act (–2015) art. 14(1)",
        "Act (2015–) art. 14(1)",
        "市町村長は、記録の誤りの通報を受けたときは、調査し、正確な記録を確保するため必要な措置を講ずる。",
    )
    CERTIFICATION_LINKAGE_WITHOUT_MINOR_CORRECTIONS = Citation(
        "Act (–2015) art. 30-8(3)(4), 30-11(9); Regulation (–2015) art. 21-2, 27-2",
        "Act (2015–) art. 30-15",
        "電子証明書の失効のために提供するのは、氏名、生年月日、性別又は住所の修正（軽微な修正を除く。）か消除があった旨の情報だけである。",
    )
    RECORD_BEFORE_ANSWER = Citation(
        "Act (–2015) art. 30-29",
        "Act (2015–) art. 30-24",
        "提供の記録が残ってから本人確認情報を渡す。",
    )
    OWN_INFORMATION_ONLY_FOR_THE_PERSON = Citation(
        "Act (–2015) art. 30-37(1)",
        "Act (2015–) art. 30-32(1)",
        "自己に係る情報の開示は、本人であることを確かめた者に限る。保護を受けている者の情報は、代理人に渡さない。",
    )
    DISCLOSURE_IN_WRITING_OR_BY_CONSENT = Citation(
        "Act (–2015) art. 30-37(2)",
        "Act (2015–) art. 30-32(2)",
        "開示は書面でする。請求者の同意があるときは、ほかの方法ですることができる。",
    )
    CORRECTION_FOLLOWS_DISCLOSURE = Citation(
        "Act (–2015) art. 30-40",
        "Act (2015–) art. 30-35",
        "訂正、追加又は削除は、開示を受けた者が、その開示に係る情報について申し出る。",
    )
    DISCLOSURE_WITHIN_THIRTY_DAYS = Citation(
        "Act (–2015) art. 30-38",
        "Act (2015–) art. 30-33",
        "請求を受理した日から起算して三十日以内に開示する。できないときは、その間に理由と期限を書面で通知する。",
    )


_enforcers: Final[dict[Rule, list[str]]] = {rule: [] for rule in Rule}


def enforces(rule: Rule) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Note that the decorated function enforces `rule`; the function itself is returned unchanged."""

    def note(function: Callable[P, R]) -> Callable[P, R]:
        _enforcers[rule].append(f"{function.__module__}.{function.__qualname__}")
        return function

    return note


def enforcers_of(rule: Rule) -> tuple[str, ...]:
    """Return the dotted names of the functions that enforce `rule`, in the order they were imported."""
    return tuple(_enforcers[rule])
