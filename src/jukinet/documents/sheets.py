"""Sheets: what a document says, as data. `drawing.draw` makes the PDF, `contents` decides how each item is written.

A sheet holds records as the register keeps them and the choice of items; what was not chosen is not drawn, wherever
it stands in the record. Dates are wire texts of the register, or days of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from jukinet.domain.code_notices import NoticeKind
from jukinet.domain.resident_record import ResidentRecord


class SheetItem(Enum):
    """An item (記載事項) that can be asked for. Each has a stable value and its Japanese label."""

    NAME = ("name", "氏名")
    KANA = ("kana", "氏名の振り仮名")
    FORMER_SURNAME = ("former_surname", "旧氏")
    ALIAS = ("alias", "通称")
    BIRTH_DATE = ("birth_date", "生年月日")
    SEX = ("sex", "性別")
    ADDRESS = ("address", "住所")
    #: Of a foreign resident, the day of becoming a foreign resident.
    BECAME_RESIDENT_ON = ("became_resident_on", "住民となった年月日")
    ADDRESS_SINCE_ON = ("address_since_on", "住所を定めた年月日")
    NOTIFIED_ON = ("notified_on", "届出年月日")
    PREVIOUS_ADDRESS = ("previous_address", "従前の住所")
    #: Householder's name and relationship.
    HOUSEHOLDER = ("householder", "世帯主・続柄")
    #: Registered domicile and first listed person.
    REGISTERED_DOMICILE = ("registered_domicile", "本籍・筆頭者")
    RESIDENT_RECORD_CODE = ("resident_record_code", "住民票コード")
    INDIVIDUAL_NUMBER = ("individual_number", "個人番号")
    NATIONALITY = ("nationality", "国籍・地域")
    #: Art. 30-45: kind of residence, status, period and its last day.
    RESIDENCE_STATUS = ("residence_status", "在留資格等")
    RESIDENCE_CARD_NUMBER = ("residence_card_number", "在留カード等の番号")
    HISTORY = ("history", "異動履歴")
    PLANNED_MOVE_OUT = ("planned_move_out", "転出予定")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        self.label = label

    @property
    def is_on_request(self) -> bool:
        """Return whether a copy leaves it out unless it was asked for (Act art. 12(5))."""
        return self not in _ALWAYS_ON_A_COPY


_ALWAYS_ON_A_COPY = frozenset(
    {
        SheetItem.NAME,
        SheetItem.KANA,
        SheetItem.FORMER_SURNAME,
        SheetItem.ALIAS,
        SheetItem.BIRTH_DATE,
        SheetItem.SEX,
        SheetItem.ADDRESS,
        SheetItem.BECAME_RESIDENT_ON,
        SheetItem.ADDRESS_SINCE_ON,
        SheetItem.NOTIFIED_ON,
        SheetItem.PREVIOUS_ADDRESS,
    }
)


def find_sheet_item(tag: str) -> SheetItem:
    """Return the item with this stable value."""
    return next(item for item in SheetItem if item.tag == tag)


class CopyScope(Enum):
    """Whom a copy certifies (世帯全員・世帯の一部)."""

    HOUSEHOLD = "household"
    PART = "part"


class MoveOutCertificateKind(Enum):
    """A certificate given for a notification in time, or what stands in for it after a late one."""

    CERTIFICATE = ("certificate", "転出証明書")
    #: The notification came more than fourteen days after the move: removed ex officio.
    EQUIVALENT = ("equivalent", "転出証明書に準ずる証明書")

    def __init__(self, tag: str, label: str) -> None:
        self.tag = tag
        self.label = label


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues: the municipality and its mayor."""

    #: Local government code, six digits.
    municipality: str
    #: 東京都千代田区.
    municipality_name: str
    #: 千代田区長.
    mayor_title: str
    mayor_name: str
    #: 区民課 and how to reach it: on letters and notices.
    office: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMark:
    """What makes one document out of many: its number and day. The number is of `0-9A-Z-`, at most 32 characters."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A past act, as the history (異動履歴) lists it."""

    #: The Japanese 異動事由.
    reason: str
    acted_on: str = field(repr=False)
    #: What changed, item by item: label, before, after.
    changes: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualifications:
    """What a move-out certificate says of insurance, pension and allowance (Order art. 23(2)(iii)-(v))."""

    is_in_national_health_insurance: bool = field(default=False, repr=False)
    is_in_late_stage_elderly_insurance: bool = field(default=False, repr=False)
    is_in_care_insurance: bool = field(default=False, repr=False)
    #: 国民年金の被保険者の種別, such as 第１号被保険者.
    pension_kind: str | None = field(default=None, repr=False)
    basic_pension_number: str | None = field(default=None, repr=False)
    receives_child_allowance: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPerson:
    """One person on a sheet."""

    record: ResidentRecord = field(repr=False)
    history: tuple[HistoryLine, ...] = field(default=(), repr=False)
    #: Move-out certificates only.
    qualifications: Qualifications = field(default_factory=Qualifications, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySheet:
    """A copy of resident records (住民票の写し) of a household or of some of its members.

    `items` adds those on request; the others are always there. What was not asked for reads 省略.
    """

    issuer: Issuer
    mark: DocumentMark
    scope: CopyScope
    #: In the order of the household.
    people: tuple[SheetPerson, ...] = field(repr=False)
    items: frozenset[SheetItem]
    #: The householder's name; drawn only with SheetItem.HOUSEHOLDER.
    householder_name: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedCopySheet:
    """A copy of a removed record (住民票の除票の写し); the reason and the date of the removal are the record's."""

    issuer: Issuer
    mark: DocumentMark
    person: SheetPerson = field(repr=False)
    items: frozenset[SheetItem]
    householder_name: str = field(repr=False)
    #: 除票となった事由 in Japanese (転出, 死亡, …), its wire date, and where to, of a move-out.
    removal_reason: str
    removed_on: str = field(repr=False)
    moved_out_to: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCertificateSheet:
    """A certificate of items of a resident record (住民票記載事項証明書): the items asked for and nothing else."""

    issuer: Issuer
    mark: DocumentMark
    people: tuple[SheetPerson, ...] = field(repr=False)
    items: frozenset[SheetItem]
    householder_name: str = field(repr=False)
    #: What it is for (使用目的), where the requester wants it said.
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOutMember:
    """One of those who move out together, with the residence the destination will count on (docs/adr/0011)."""

    person: SheetPerson = field(repr=False)
    #: `update_sequence.residence_of` of the last sequence notified for this person.
    residence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOutCertificateSheet:
    """A move-out certificate (転出証明書, Order art. 23), or what stands in for it after a late notification."""

    issuer: Issuer
    mark: DocumentMark
    kind: MoveOutCertificateKind
    members: tuple[MoveOutMember, ...] = field(repr=False)
    householder_name: str = field(repr=False)
    address: str = field(repr=False)
    destination: str = field(repr=False)
    #: Wire date: planned, or of the move itself in a certificate that stands in.
    planned_on: str = field(repr=False)
    #: Issued again in place of one that was lost (再交付).
    is_reissue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a notice is sent to, as the window of the envelope shows it."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    postal_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeNoticeSheet:
    """A written notice of a resident record code (住民票コード通知票): one person, one sheet."""

    issuer: Issuer
    mark: DocumentMark
    kind: NoticeKind
    addressee: Addressee = field(repr=False)
    resident_record_code: str = field(repr=False)
    birth_date: str = field(repr=False)
    is_foreign: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterItem:
    """One row of a letter's table: an item before and after. An empty text reads （なし）."""

    label: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSheet:
    """A notice to a person (職権処理の通知, 催告書 and the like)."""

    issuer: Issuer
    mark: DocumentMark
    title: str
    addressee: Addressee = field(repr=False)
    paragraphs: tuple[str, ...] = field(repr=False)
    #: 根拠: the article.
    legal_ground: str
    items: tuple[LetterItem, ...] = field(default=(), repr=False)
    #: 教示文: how to ask for a review; empty where the notice is no disposition.
    review_text: str = ""
    #: What the letter tells of the person, each a label and its text.
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    #: Drawn large, such as a code to type: what it is, and the code in groups.
    figure_label: str = ""
    figure: str = field(default="", repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLine:
    """One use of a person's information, as the statement of uses lists it. Every text is Japanese."""

    #: Its number in the sealed log; empty for the first seconds.
    number: str
    used_at: str
    #: Whom it was given to: organ, and office where one was stated.
    organ: str
    method: str
    affair: str
    purpose: str = field(repr=False)
    items: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLogSheet:
    """The uses of a person's identification information on paper (提供状況の開示書), newest first."""

    issuer: Issuer
    mark: DocumentMark
    name: str = field(repr=False)
    birth_date: str = field(repr=False)
    is_foreign: bool = field(default=False, repr=False)
    #: The request that is answered: its number, and who asked.
    request: str
    #: How many there are in all: of more than can be printed the newest are.
    total: int
    uses: tuple[UseLine, ...] = field(repr=False)
    legal_ground: str


Sheet = (
    CopySheet
    | RemovedCopySheet
    | ItemCertificateSheet
    | MoveOutCertificateSheet
    | CodeNoticeSheet
    | LetterSheet
    | UseLogSheet
)
