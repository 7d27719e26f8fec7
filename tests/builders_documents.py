"""Sheets for tests and pictures: synthetic people with the characters and lengths that documents must bear."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pypdfium2
from cryptography import x509

from jukinet.documents.sheets import (
    Addressee,
    CodeNoticeSheet,
    CopyScope,
    CopySheet,
    DocumentMark,
    HistoryLine,
    Issuer,
    ItemCertificateSheet,
    LetterItem,
    LetterSheet,
    MoveOutCertificateKind,
    MoveOutCertificateSheet,
    MoveOutMember,
    Qualifications,
    RemovedCopySheet,
    Sheet,
    SheetItem,
    SheetPerson,
)
from jukinet.documents.signing import Signer, load_signer
from jukinet.domain.appeal_instructions import appeal_instruction
from jukinet.domain.code_notices import NoticeKind
from jukinet.domain.document_requests import DocumentKind, DocumentRequest, RequestGround
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.document_store import RecordedRequest
from jukinet.municipal.own_sheets import EnrolmentSecret, enrolment_letter, sheet_of_uses
from jukinet.municipal.refusal_letters import refusal_letter
from jukinet.protocol.node_names import NodeName
from jukinet.protocol.person import DisclosedUse, UseLogAnswer
from jukinet.transport.certificates import create_request, key_bytes, pem
from jukinet.transport.pki import create_network_authority, create_root
from tests.builders import NOW, code, individual_number, resident
from tests.builders_disclosure import letters

ISSUER: Final = Issuer(
    municipality="131121",
    municipality_name="東京都世田谷区",
    mayor_title="世田谷区長",
    mayor_name="見本　太郎",
    office="世田谷区役所　区民課　住民記録係",
    contact="電話 03-0000-0000（平日 午前8時30分から午後5時まで）",
)
MARK: Final = DocumentMark(number="131121-2026-0000123", issued_on=date(2026, 11, 24))
ISSUED_AT: Final = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ADDRESS: Final = "東京都世田谷区世田谷四丁目21番27号　グランドヒルズ世田谷弐番館1203号"
PREVIOUS: Final = "神奈川県横浜市中区日本大通1番地"
DOMICILE: Final = "奈良県葛󠄂城市辻󠄂町大字葛󠄂木甲1234番地5"
#: 100 characters, as long as a name may be.
LONGEST_FOREIGN_NAME: Final = (
    "WOLFESCHLEGELSTEINHAUSENBERGERDORFF MAXIMILIAN ALEXANDER CHRISTOPHER BARTHOLOMEW OF THE NORTH COASTS"
)
LONGEST_ADDRESS: Final = ("東京都世田谷区世田谷四丁目21番27号　" + "グランドヒルズ世田谷弐番館" * 15)[:200]
ALL_ITEMS: Final = frozenset(SheetItem)


def head(**columns: Any) -> ResidentRecord:  # noqa: ANN401 - any column of it
    """Return a householder with every item, and the characters that fonts get wrong."""
    items = {
        "name": "葛󠄂城　髙𠮷",
        "kana": "カツラギ　タカヨシ",
        "birth_date": "1912-07-30@M",
        "sex": "1",
        "address": ADDRESS,
        "individual_number": individual_number(1),
        "became_resident_on": "1949-10-01",
        "address_since_on": "2026-05-01",
        "notified_on": date(2026, 5, 7),
        "previous_address": PREVIOUS,
        "registered_domicile": DOMICILE,
        "first_listed_person": "邉󠄐　𠮷雄",
        "act_reason": "relocation",
        "acted_on": "2026-05-01",
    }
    return resident(1, **{**items, **columns})


def member(number: int, **columns: Any) -> ResidentRecord:  # noqa: ANN401 - any column of it
    """Return another member of the household."""
    items = {
        "name": f"辻󠄂　試験{number}",
        "kana": "ツジ　シケン",
        "relationship": "子",
        "birth_date": ("1920-03-XX", "1985-XX-XX", "2019-05-01", "1989-01-07")[number % 4],
        "resident_record_code": code(number),
        "individual_number": individual_number(number),
    }
    return replace(head(), resident_number=number, **{**items, **columns})


def foreigner(**columns: Any) -> ResidentRecord:  # noqa: ANN401 - any column of it
    """Return a foreign resident with the longest name."""
    items = {
        "name": LONGEST_FOREIGN_NAME,
        "kana": "",
        "alias": "世田谷　マックス",
        "birth_date": "1988-04-03",
        "registered_domicile": None,
        "first_listed_person": None,
        "nationality": "グレートブリテン及び北アイルランド連合王国",
        "residence_status": "高度専門職１号ロ",
        "residence_kind": "中長期在留者",
        "residence_period": "５年",
        "residence_until": "2029-08-15",
        "residence_card_number": "ZZ12345678ZZ",
        "became_foreign_resident_on": "2020-01-15",
    }
    return replace(head(), resident_number=7, resident_record_code=code(7), **{**items, **columns})


def person(record: ResidentRecord | None = None) -> SheetPerson:
    """Return a person with a history and qualifications."""
    line = HistoryLine(
        reason="転居", acted_on="2026-05-01", changes=(("住所", "東京都世田谷区太子堂一丁目1番1号", ADDRESS),)
    )
    held = Qualifications(
        is_in_national_health_insurance=True,
        is_in_care_insurance=True,
        pension_kind="第１号被保険者",
        basic_pension_number="0000-000000",
        receives_child_allowance=True,
    )
    return SheetPerson(record=record or head(), history=(line,), qualifications=held)


def copy_sheet(*records: ResidentRecord, items: frozenset[SheetItem] = frozenset(), **parts: Any) -> CopySheet:  # noqa: ANN401 - any part of it
    """Return a copy for these records, or for a household of two."""
    base = CopySheet(
        issuer=ISSUER,
        mark=MARK,
        scope=CopyScope.HOUSEHOLD,
        people=tuple(map(person, records or (head(), member(2, relationship="妻", sex="2")))),
        items=items,
        householder_name="葛󠄂城　髙𠮷",
    )
    return replace(base, **parts)


def removed_sheet(items: frozenset[SheetItem] = frozenset()) -> RemovedCopySheet:
    return RemovedCopySheet(
        issuer=ISSUER,
        mark=MARK,
        person=person(head(is_removed=True)),
        items=items,
        householder_name="葛󠄂城　髙𠮷",
        removal_reason="国内転出",
        removed_on="2026-11-01",
        moved_out_to=PREVIOUS,
    )


def item_certificate(
    items: frozenset[SheetItem], *records: ResidentRecord, householder_name: str = "葛󠄂城　髙𠮷"
) -> ItemCertificateSheet:
    return ItemCertificateSheet(
        issuer=ISSUER,
        mark=MARK,
        people=tuple(map(person, records or (head(),))),
        items=items,
        householder_name=householder_name,
    )


def move_out_sheet(*records: ResidentRecord, **parts: Any) -> MoveOutCertificateSheet:  # noqa: ANN401 - any part of it
    chosen = records or (head(), member(2, relationship="妻", sex="2"), member(3))
    base = MoveOutCertificateSheet(
        issuer=ISSUER,
        mark=MARK,
        kind=MoveOutCertificateKind.CERTIFICATE,
        members=tuple(MoveOutMember(person=person(record), residence=1) for record in chosen),
        householder_name="葛󠄂城　髙𠮷",
        address=ADDRESS,
        destination="大阪府大阪市北区中之島一丁目3番20号",
        planned_on="2026-12-01",
    )
    return replace(base, **parts)


def code_notice(name: str = "葛󠄂城　髙𠮷", address: str = ADDRESS) -> CodeNoticeSheet:
    return CodeNoticeSheet(
        issuer=ISSUER,
        mark=MARK,
        kind=NoticeKind.NEW,
        addressee=Addressee(name=name, address=address, postal_code="1540017"),
        resident_record_code=code(1),
        birth_date="1926-12-25@T",
    )


def glyph_letter() -> LetterSheet:
    """Return a letter that sets the shapes a name may be registered in beside the plain ones."""
    shapes = (("葛", "葛󠄂"), ("辻", "辻󠄂"), ("邉", "邉󠄐"), ("高", "髙"), ("吉", "𠮷"))
    return LetterSheet(
        issuer=ISSUER,
        mark=MARK,
        title="字形の対照",
        addressee=Addressee(name="葛󠄂城　髙𠮷", address=ADDRESS, postal_code="1540017"),
        paragraphs=("左は普通の字形、右は住民票に記載された字形です。",),
        legal_ground="",
        items=tuple(
            LetterItem(
                label=" ".join(f"U+{ord(point):04X}" for point in after),
                before="　".join([before] * 6),
                after="　".join([after] * 6),
            )
            for before, after in shapes
        ),
    )


def letter() -> LetterSheet:
    words = (
        "あなたの住民票の記載について、住民基本台帳法第８条の規定により、次のとおり職権で修正しましたので、"
        "住民基本台帳法施行令第１２条第４項の規定により通知します。"
    )
    return LetterSheet(
        issuer=ISSUER,
        mark=MARK,
        title="住民票の職権修正について（通知）",
        addressee=Addressee(name=LONGEST_FOREIGN_NAME, address=LONGEST_ADDRESS, postal_code="1540017"),
        paragraphs=(words,),
        legal_ground="住民基本台帳法第８条、住民基本台帳法施行令第１２条",
        items=(
            LetterItem(label="住所", before=PREVIOUS, after=LONGEST_ADDRESS),
            LetterItem(label="通称", before="", after="世田谷　マックス"),
        ),
        review_text=appeal_instruction(ISSUER.municipality, issued_on=MARK.issued_on),
    )


def refusal() -> LetterSheet:
    """Return the answer to a request nothing is issued for."""
    asked = RecordedRequest(
        request_number=7,
        request=DocumentRequest(
            kind=DocumentKind.PARTIAL_COPY, ground=RequestGround.JUSTIFIED_INTEREST, resident_numbers=(1,)
        ),
        versions=(1,),
        fee_yen=300,
        requested_at=NOW,
        requested_by="clerk",
    )
    return refusal_letter(
        asked, name="株式会社　試験信用金庫　債権管理部", address="東京都港区芝一丁目１番１号", issuer=ISSUER, mark=MARK
    )


def use_log() -> Sheet:
    """Return the uses of somebody's information on paper: on two pages, one of them asked for at the counter."""
    pension = DisclosedUse(
        ordinal=1,
        used_at=ISSUED_AT,
        organ="日本年金機構",
        office="世田谷年金事務所",
        method="一括提供（ファイルによる照会）",
        affair="1-74-2",
        affair_text="厚生年金保険法による年金である保険給付の支給に係る事実についての審査",
        purpose="年金受給権者の生存及び住所の確認",
        matter_number="年金-2026-現況-04",
        items="氏名、住所、変更情報",
        ground="住民基本台帳法第30条の9、別表第1の74の項",
        is_found=True,
    )
    counter = msgspec.structs.replace(
        pension,
        ordinal=None,
        organ="東京都世田谷区",
        office=None,
        method="本人への提供状況の開示",
        affair="提供状況の開示",
        affair_text="提供状況の開示",
        purpose="本人の求めによる提供状況の開示（市町村の窓口）",
        matter_number="131121-U0000001",
        items="なし",
        ground="個人情報の保護に関する法律第７６条",
    )
    uses = (counter, *(msgspec.structs.replace(pension, ordinal=number) for number in range(9, 0, -1)))
    answer = UseLogAnswer(use_log_id="1", total=1_234, uses=uses)
    mark = DocumentMark(number="131121-U0000001", issued_on=MARK.issued_on)
    return sheet_of_uses(answer, head(), request="131121-U0000001（本人）", issuer=ISSUER, mark=mark)


def enrolment() -> Sheet:
    """Return the letter that opens the resident's page."""
    secret = EnrolmentSecret("123456789012", "ABCD-EFGH-JKLM-NPQR-STUV", date(2026, 12, 24))
    mark = DocumentMark(number="131121-E0000001", issued_on=MARK.issued_on)
    return enrolment_letter(secret, head(), page="https://pages.example/", issuer=ISSUER, mark=mark)


def every_sheet() -> dict[str, Sheet]:
    """Return one of each document, with what is hard to draw, by the name of its picture."""
    return {
        "copy-household": copy_sheet(items=frozenset({SheetItem.HOUSEHOLDER, SheetItem.REGISTERED_DOMICILE})),
        "copy-individual": copy_sheet(head(), scope=CopyScope.PART),
        "copy-foreign-resident": copy_sheet(foreigner(), items=ALL_ITEMS, scope=CopyScope.PART),
        "copy-household-of-twelve": copy_sheet(head(), *map(member, range(2, 13)), items=ALL_ITEMS),
        "removed-copy": removed_sheet(frozenset({SheetItem.REGISTERED_DOMICILE})),
        "item-certificate": item_certificate(
            frozenset({SheetItem.NAME, SheetItem.BIRTH_DATE, SheetItem.ADDRESS, SheetItem.ADDRESS_SINCE_ON})
        ),
        "move-out-certificate": move_out_sheet(),
        "move-out-certificate-equivalent": move_out_sheet(head(), kind=MoveOutCertificateKind.EQUIVALENT),
        "code-notice": code_notice(),
        "code-notice-longest": code_notice(LONGEST_FOREIGN_NAME, LONGEST_ADDRESS),
        "letter": letter(),
        "letter-refusal": refusal(),
        "glyphs": glyph_letter(),
        "use-log": use_log(),
        "enrolment-letter": enrolment(),
        **letters(),
    }


def texts_of(pdf: bytes) -> list[str]:
    """Return the text of each page without the spaces and breaks of its lines."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    return ["".join(text.split()) for text in pages]


def gray_picture(pdf: bytes, page: int, *, resolution: int) -> bytes:
    """Return a page as a PNG of sixteen greys: small enough to be kept."""
    scale: Any = resolution / 72  # the library says int and takes any number
    bitmap = pypdfium2.PdfDocument(pdf)[page].render(scale=scale, grayscale=True)
    content, width = bytes(bitmap.buffer), bitmap.width // 2 * 2
    rows = bytearray()
    for start in range(0, bitmap.height * bitmap.stride, bitmap.stride):
        left, right = content[start : start + width : 2], content[start + 1 : start + width : 2]
        rows += b"\0" + bytes((a & 0xF0) | (b >> 4) for a, b in zip(left, right, strict=True))
    header = struct.pack(">IIBBBBB", width, bitmap.height, 4, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


@dataclass(frozen=True)
class Keys:
    """A municipality's signer, and the authority that vouches for it."""

    signer: Signer
    authority: x509.Certificate


def municipal_keys(directory: Path, municipality: str = ISSUER.municipality) -> Keys:
    """Make a root, a network's authority and a municipality's key below `directory`."""
    root = create_root(directory / "root", clock=lambda: ISSUED_AT)
    network = create_network_authority(directory / "network", root, clock=lambda: ISSUED_AT)
    name = NodeName.parse(f"municipal/{municipality}")
    made = create_request(name)
    certificate = network.enrol(made.request, name)
    key_path, certificate_path = directory / "key.pem", directory / "certificate.pem"
    key_path.write_bytes(key_bytes(made.key))
    certificate_path.write_bytes(pem(certificate, network.certificate))
    return Keys(load_signer(key_path, certificate_path), network.certificate)
