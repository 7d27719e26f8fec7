"""A notification (届出): who came, when, how the clerk made sure of it, and which documents were seen.

Every act of the register has one; of an ex officio act (職権) it says that nobody notified anything.
Source: Act art. 22–27; Order art. 26; Regulation art. 8, 8-3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final, TypeVar

from jukinet.domain.errors import (
    AuthorityNotShownError,
    IdentityNotCheckedError,
    MissingItemError,
    UnknownCodeListValueError,
)
from jukinet.domain.names import require_name
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.rules import Rule, enforces

#: The longest statement of reasons, in characters.
STATEMENT_MAX_LENGTH: Final = 500


class Notifier(Enum):
    """Who carries out the notification (現に届出の任に当たる者), or that nobody does."""

    SELF = ("self", "本人")
    #: May notify for the members, and must where they cannot (Act art. 26).
    HOUSEHOLDER = ("householder", "世帯主")
    HOUSEHOLD_MEMBER = ("household_member", "世帯員")
    LEGAL_REPRESENTATIVE = ("legal_representative", "法定代理人")
    AGENT = ("agent", "任意代理人")
    #: A report under the Family Register Act; the entry or removal itself is then ex officio.
    FAMILY_REGISTER_REPORTER = ("family_register_reporter", "戸籍の届出人")
    AUTHORITY = ("authority", "他の市町村・行政機関（通知）")
    #: An official who found the fact (実態調査).
    OFFICIAL = ("official", "職員（調査）")
    EX_OFFICIO = ("ex_officio", "職権（届出なし）")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label

    @property
    def is_at_counter(self) -> bool:
        """Return whether a person notifies under the Act, so that Act art. 27 holds."""
        return self in _AT_COUNTER

    @property
    def acts_for_another(self) -> bool:
        """Return whether proof of authority is needed: a member of the same household needs none."""
        return self in _PROOFS_OF_AUTHORITY


class IdentityCheck(Enum):
    """How the clerk made sure who the person at the counter is (本人確認), Regulation art. 8."""

    PHOTO_DOCUMENT = ("photo_document", "写真付きの官公署発行書類（1点）")
    OTHER_DOCUMENTS = ("other_documents", "写真のない書類（2点）")
    QUESTIONS = ("questions", "口頭での質問")
    LETTER = ("letter", "照会書・回答書")
    #: Ex officio, or a report under the Family Register Act.
    NOT_REQUIRED = ("not_required", "不要（職権）")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label


class SeenDocument(Enum):
    """A document the clerk saw (確認した書類)."""

    MOVE_OUT_CERTIFICATE = ("move_out_certificate", "転出証明書")
    #: Issued where the move-out was notified late or the record removed ex officio.
    MOVE_OUT_CERTIFICATE_SUBSTITUTE = ("move_out_certificate_substitute", "転出証明書に準ずる証明書")
    #: The card with which the certificate's information is sent over the network (Act art. 24-2).
    JUKI_CARD = ("juki_card", "住民基本台帳カード")
    INDIVIDUAL_NUMBER_CARD = ("individual_number_card", "個人番号カード")
    POWER_OF_ATTORNEY = ("power_of_attorney", "委任状")
    PROOF_OF_REPRESENTATION = ("proof_of_representation", "戸籍謄本・登記事項証明書等（法定代理権）")
    OTHER_PROOF_OF_AUTHORITY = ("other_proof_of_authority", "その他の権限を明らかにする書類")
    PASSPORT = ("passport", "旅券")
    #: A passport with the note that the residence card will be issued later (Regulation art. 47).
    PASSPORT_CARD_TO_FOLLOW = ("passport_card_to_follow", "旅券（在留カード後日交付の記載）")
    PROOF_OF_ENTRY = ("proof_of_entry", "搭乗券等（入国日の確認）")
    FAMILY_REGISTER = ("family_register", "戸籍全部事項証明書・戸籍謄本")
    FAMILY_REGISTER_ANNEX = ("family_register_annex", "戸籍の附票の写し")
    RESIDENCE_CARD = ("residence_card", "在留カード")
    SPECIAL_PERMANENT_RESIDENT_CERTIFICATE = ("special_permanent_resident_certificate", "特別永住者証明書")
    TEMPORARY_PERMIT = ("temporary_permit", "一時庇護許可書・仮滞在許可書")
    PROOF_OF_RELATIONSHIP = ("proof_of_relationship", "世帯主との続柄を証する文書（訳文を含む）")
    BIRTH_REPORT = ("birth_report", "出生届（受理）")
    DEATH_REPORT = ("death_report", "死亡届（受理）")
    FAMILY_REGISTER_NOTICE = ("family_register_notice", "9条2項通知（戸籍届出の受理通知）")
    NATURALISATION_REPORT = ("naturalisation_report", "帰化届・国籍取得届（受理）")
    NATIONALITY_LOSS_REPORT = ("nationality_loss_report", "国籍喪失届（受理）")
    MOVE_IN_NOTICE = ("move_in_notice", "転入通知")
    IMMIGRATION_NOTICE = ("immigration_notice", "法務大臣からの通知")
    INVESTIGATION_REPORT = ("investigation_report", "実態調査の報告書")
    #: A judgment, a decision on an objection, or the minutes by which the act is decided.
    DECISION = ("decision", "裁決書・判決書・決裁書")
    PUBLIC_NOTICE = ("public_notice", "告示（町名・地番・住居表示・市町村合併）")
    CODE_CHANGE_REQUEST = ("code_change_request", "住民票コード変更請求書")
    INDIVIDUAL_NUMBER_CHANGE_REQUEST = ("individual_number_change_request", "個人番号指定請求書")
    FORMER_SURNAME_REQUEST = ("former_surname_request", "旧氏記載等請求書")
    ALIAS_REQUEST = ("alias_request", "通称記載等申出書")
    PROOF_OF_ALIAS = ("proof_of_alias", "通称が通用していることを証する資料")
    NOTIFICATION_WITHDRAWAL = ("notification_withdrawal", "転出取消しの申出書")
    STATEMENT_OF_REASONS = ("statement_of_reasons", "理由書・申述書")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        #: The Japanese term.
        self.label = label


_AT_COUNTER: Final = frozenset(
    {
        Notifier.SELF,
        Notifier.HOUSEHOLDER,
        Notifier.HOUSEHOLD_MEMBER,
        Notifier.LEGAL_REPRESENTATIVE,
        Notifier.AGENT,
    }
)
_PROOFS_OF_AUTHORITY: Final = {
    Notifier.LEGAL_REPRESENTATIVE: frozenset(
        {
            SeenDocument.PROOF_OF_REPRESENTATION,
            SeenDocument.FAMILY_REGISTER,
            SeenDocument.OTHER_PROOF_OF_AUTHORITY,
        }
    ),
    Notifier.AGENT: frozenset({SeenDocument.POWER_OF_ATTORNEY, SeenDocument.OTHER_PROOF_OF_AUTHORITY}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One notification as it was received. Who came and what they said is not in `repr`."""

    notified_on: date
    notifier: Notifier
    identity_check: IdentityCheck
    documents: frozenset[SeenDocument] = frozenset()
    #: The statement of reasons (理由書・遅延の申述), where there is one.
    statement: str | None = field(default=None, repr=False)
    notifier_name: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse a statement that says nothing or too much, and a name that is none."""
        if self.statement is not None:
            if not self.statement.strip() or len(self.statement) > STATEMENT_MAX_LENGTH:
                message = f"A statement has 1 to {STATEMENT_MAX_LENGTH} characters."
                raise MissingItemError(message, field="statement")
            require_repertoire(self.statement.replace("\r\n", "").replace("\n", ""), field="statement")
        if self.notifier_name is not None:
            require_name(self.notifier_name, field="notifier_name")

    @classmethod
    def ex_officio(cls, day: date, *, documents: frozenset[SeenDocument] = frozenset()) -> Notification:
        """Return what stands for a notification where nobody notified: an ex officio act decided on `day`."""
        return cls(
            notified_on=day,
            notifier=Notifier.EX_OFFICIO,
            identity_check=IdentityCheck.NOT_REQUIRED,
            documents=documents,
        )

    @classmethod
    def of_family_register(cls, day: date, *documents: SeenDocument) -> Notification:
        """Return what stands for a notification after a report to the family register (戸籍の届出) on `day`."""
        return cls(
            notified_on=day,
            notifier=Notifier.FAMILY_REGISTER_REPORTER,
            identity_check=IdentityCheck.NOT_REQUIRED,
            documents=frozenset(documents),
        )

    @property
    def is_ex_officio(self) -> bool:
        """Return whether the act is the municipality's own (職権), whoever told it."""
        return not self.notifier.is_at_counter


@enforces(Rule.IDENTITY_CHECKED_AT_THE_COUNTER)
def require_identity_checked(notification: Notification) -> None:
    """Refuse a notification by somebody whose identity nobody checked.

    Raises:
        IdentityNotCheckedError: naming `identity_check`.
    """
    if notification.notifier.is_at_counter and notification.identity_check is IdentityCheck.NOT_REQUIRED:
        raise IdentityNotCheckedError(field="identity_check")


@enforces(Rule.AUTHORITY_OF_WHO_ACTS_FOR_ANOTHER)
def require_authority(notification: Notification) -> None:
    """Refuse a representative or agent who shows no authority.

    Raises:
        AuthorityNotShownError: naming `documents`.
    """
    proofs = _PROOFS_OF_AUTHORITY.get(notification.notifier)
    if proofs is not None and notification.documents.isdisjoint(proofs):
        raise AuthorityNotShownError(field="documents")


def find_notifier(tag: str) -> Notifier:
    """Return the notifier with this stable value; raise UnknownCodeListValueError."""
    return _find(Notifier, tag, "notifier")


def find_identity_check(tag: str) -> IdentityCheck:
    """Return the identity check with this stable value; raise UnknownCodeListValueError."""
    return _find(IdentityCheck, tag, "identity_check")


def find_seen_document(tag: str) -> SeenDocument:
    """Return the document with this stable value; raise UnknownCodeListValueError."""
    return _find(SeenDocument, tag, "documents")


_Tagged = TypeVar("_Tagged", Notifier, IdentityCheck, SeenDocument)


def _find(kind: type[_Tagged], tag: str, field_name: str) -> _Tagged:
    for member in kind:
        if member.tag == tag:
            return member
    raise UnknownCodeListValueError(field=field_name)
