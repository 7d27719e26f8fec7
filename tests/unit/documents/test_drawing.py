from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from jukinet.documents.drawing import _compile, draw, draw_pictures
from jukinet.documents.glyphs import DocumentFont
from jukinet.documents.move_out_data import write_move_out_data
from jukinet.documents.move_out_items import data_of
from jukinet.documents.sheets import (
    CopyScope,
    DocumentMark,
    HistoryLine,
    MoveOutCertificateSheet,
    Sheet,
    SheetItem,
    SheetPerson,
)
from jukinet.documents.verification import create_verification
from jukinet.documents.window import WINDOW
from jukinet.domain.errors import DrawingFailedError
from jukinet.domain.resident_record import ResidentRecord
from tests.builders import code, individual_number
from tests.builders_documents import (
    ADDRESS,
    ALL_ITEMS,
    DOMICILE,
    LONGEST_ADDRESS,
    LONGEST_FOREIGN_NAME,
    PREVIOUS,
    Keys,
    code_notice,
    copy_sheet,
    every_sheet,
    foreigner,
    gray_picture,
    head,
    item_certificate,
    letter,
    member,
    move_out_sheet,
    removed_sheet,
    texts_of,
)

#: Points of a millimetre.
MILLIMETRE = 72 / 25.4
JAPANESE_VALUES = {
    SheetItem.NAME: "葛󠄂城髙𠮷",
    SheetItem.KANA: "カツラギタカヨシ",
    SheetItem.BIRTH_DATE: "明治45年7月30日",
    SheetItem.SEX: "男",
    SheetItem.ADDRESS: "四丁目21番27号",
    SheetItem.BECAME_RESIDENT_ON: "昭和24年10月1日",
    SheetItem.ADDRESS_SINCE_ON: "令和8年5月1日",
    SheetItem.NOTIFIED_ON: "令和8年5月7日",
    SheetItem.PREVIOUS_ADDRESS: PREVIOUS,
    SheetItem.HOUSEHOLDER: "鬼瓦権三",
    SheetItem.REGISTERED_DOMICILE: DOMICILE,
    SheetItem.RESIDENT_RECORD_CODE: code(1),
    SheetItem.INDIVIDUAL_NUMBER: individual_number(1),
    SheetItem.FORMER_SURNAME: "旧氏見本",
    SheetItem.PLANNED_MOVE_OUT: "令和8年12月24日",
}
FOREIGN_VALUES = {
    SheetItem.NAME: "".join(LONGEST_FOREIGN_NAME.split()),
    SheetItem.ALIAS: "世田谷マックス",
    SheetItem.BIRTH_DATE: "1988年4月3日",
    SheetItem.BECAME_RESIDENT_ON: "令和2年1月15日",
    SheetItem.NATIONALITY: "グレートブリテン及び北アイルランド連合王国",
    SheetItem.RESIDENCE_STATUS: "高度専門職１号ロ",
    SheetItem.RESIDENCE_CARD_NUMBER: "ZZ12345678ZZ",
}


def japanese() -> ResidentRecord:
    return head(former_surname="旧氏見本", planned_move_out_on="2026-12-24", planned_move_out_to="大阪府大阪市北区")


def said(sheet: Sheet, font: DocumentFont) -> str:
    return "".join(texts_of(draw(sheet, font=font, is_specimen=False)))


@pytest.mark.parametrize(("values", "record"), [(JAPANESE_VALUES, japanese()), (FOREIGN_VALUES, foreigner())])
def test_a_certificate_says_each_item_asked_for_and_no_other(
    font: DocumentFont, values: dict[SheetItem, str], record: ResidentRecord
) -> None:
    for asked in values:
        sheet = item_certificate(frozenset({asked}), record, householder_name="鬼瓦　権三")
        text = said(sheet, font)
        found = {item for item, value in values.items() if value in text}

        assert found == {asked}, asked
        assert "省略" not in text


@pytest.mark.parametrize("asked", [item for item in SheetItem if item.is_on_request])
def test_a_copy_adds_only_what_was_asked_for(font: DocumentFont, asked: SheetItem) -> None:
    for values, record in ((JAPANESE_VALUES, japanese()), (FOREIGN_VALUES, foreigner())):
        sheet = copy_sheet(record, items=frozenset({asked}), householder_name="鬼瓦　権三", scope=CopyScope.PART)
        text = said(sheet, font)
        wanted = {item for item in values if item is asked or not item.is_on_request}

        assert {item for item, value in values.items() if value in text} == wanted
        assert ("異動事由" in text) == (asked is SheetItem.HISTORY)


def test_what_a_copy_leaves_out_reads_so(font: DocumentFont) -> None:
    bare = said(copy_sheet(head(), scope=CopyScope.PART), font)
    full = said(copy_sheet(head(), items=ALL_ITEMS), font)

    for label in ("世帯主", "続柄", "本籍", "筆頭者", "個人番号", "住民票コード"):
        assert f"{label}省略" in bare
    assert "省略" not in full


@pytest.mark.parametrize(
    ("wire", "written"),
    [
        ("1912-07-30@M", "明治45年7月30日"),
        ("1912-07-30", "大正元年7月30日"),
        ("1926-12-25@T", "大正15年12月25日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1985-XX-XX", "昭和60年月日不詳"),
        ("1985-03-XX", "昭和60年3月日不詳"),
        ("XXXX-XX-XX", "年月日不詳"),
        ("2019-05-01", "令和元年5月1日"),
        ("1985-03-12?/1985-03-20", "昭和60年3月推定12日から20日までの間"),
    ],
)
def test_birth_dates_are_written_in_the_japanese_calendar(font: DocumentFont, wire: str, written: str) -> None:
    assert f"生年月日{written}" in said(copy_sheet(head(birth_date=wire)), font)


def test_a_foreign_residents_dates_are_western_where_the_law_has_them_so(font: DocumentFont) -> None:
    text = said(copy_sheet(foreigner(), items=ALL_ITEMS), font)

    assert "生年月日1988年4月3日" in text
    assert "在留期間の満了の日2029年8月15日" in text
    assert "外国人住民となった年月日令和2年1月15日" in text
    assert "本籍" not in text


def test_items_that_were_none_yet_on_the_day_of_issue_are_not_there(font: DocumentFont) -> None:
    before_numbers = DocumentMark(number="1", issued_on=date(2015, 10, 4))
    before_kana = DocumentMark(number="1", issued_on=date(2025, 5, 25))

    assert "個人番号" in said(copy_sheet(items=ALL_ITEMS, mark=before_kana), font)
    assert "カツラギ" not in said(copy_sheet(items=ALL_ITEMS, mark=before_kana), font)
    assert individual_number(1) not in said(copy_sheet(items=ALL_ITEMS, mark=before_numbers), font)


def test_each_document_ends_with_what_it_certifies(font: DocumentFont) -> None:
    everyone = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"

    assert f"{everyone}令和8年11月24日東京都世田谷区世田谷区長見本太郎" in said(copy_sheet(), font)
    assert "世帯の一部の住民票の原本と相違ない" in said(copy_sheet(head(), scope=CopyScope.PART), font)
    assert "この写しは、除票の原本と相違ない" in said(removed_sheet(), font)
    assert "転出の届出があったことを証明する。" in said(move_out_sheet(), font)


def test_a_removed_record_says_why_and_when(font: DocumentFont) -> None:
    text = said(removed_sheet(), font)

    assert "除票の事由国内転出" in text
    assert "除票となった年月日令和8年11月1日" in text


def test_a_move_out_certificate_says_what_the_order_lists(font: DocumentFont) -> None:
    text = said(move_out_sheet(head()), font)

    for words in (
        "転出先大阪府大阪市北区中之島一丁目3番20号",
        "転出予定年月日令和8年12月1日",
        code(1),
        individual_number(1),
        DOMICILE,
        "国民健康保険・介護保険・児童手当",
        "第１号被保険者0000-000000",
    ):
        assert words in text, words


@pytest.mark.parametrize("name", sorted(every_sheet()))
def test_a_specimen_says_so_on_every_page_and_the_real_one_nowhere(font: DocumentFont, name: str) -> None:
    sheet = every_sheet()[name]

    for text in texts_of(draw(sheet, font=font, is_specimen=True)):
        # The letters of the watermark lie over others and are drawn last.
        assert text.count("見") > 0
        assert text.count("本") > 0
    pages = texts_of(draw(sheet, font=font, is_specimen=False))
    assert all("公印" not in text for text in pages)
    assert sum(text.count("見") for text in pages) == 1 + ("旧氏見本" in "".join(pages))  # the mayor's name alone


def test_a_household_of_twelve_repeats_its_head_on_every_page(font: DocumentFont) -> None:
    household = copy_sheet(head(), *map(member, range(2, 13)), items=ALL_ITEMS)
    pages = texts_of(draw(household, font=font, is_specimen=True))

    assert len(pages) > 1
    for place, text in enumerate(pages, start=1):
        assert "住民票の写し" in text
        assert f"{place}／{len(pages)}頁" in text
        assert "131121-2026-0000123" in text
    for text in pages[:-1]:
        assert f"住所{''.join(ADDRESS.split())}世帯主葛󠄂城髙𠮷" in text
    assert "【12／12人】" in "".join(pages)


@pytest.mark.parametrize("name", sorted(every_sheet()))
def test_nothing_leaves_the_page(font: DocumentFont, name: str) -> None:
    for page in pypdfium2.PdfDocument(draw(every_sheet()[name], font=font, is_specimen=True)):
        text = page.get_textpage()
        width, height = page.get_size()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            assert left >= 10 * MILLIMETRE, text.get_text_range()[:40]
            assert right <= width - 10 * MILLIMETRE
            assert bottom >= 8 * MILLIMETRE
            assert top <= height - 8 * MILLIMETRE


def test_the_longest_name_without_a_space_stays_in_its_cell(font: DocumentFont) -> None:
    sheet = copy_sheet(foreigner(name="W" * 100, alias="M" * 100), items=ALL_ITEMS, householder_name="W" * 100)
    (page,) = pypdfium2.PdfDocument(draw(sheet, font=font, is_specimen=False))
    text = page.get_textpage()
    rights = [text.get_charbox(place)[2] for place in range(text.count_chars())]

    # Where it may break stands a space of no width.
    assert texts_of(draw(sheet, font=font, is_specimen=False))[0].replace("\u200b", "").count("W" * 100) == 2
    assert max(rights) <= page.get_size()[0] - 18 * MILLIMETRE


def test_the_longest_address_fits_the_window_of_the_envelope(font: DocumentFont) -> None:
    for sheet in (code_notice(LONGEST_FOREIGN_NAME, LONGEST_ADDRESS), code_notice(), letter()):
        page = pypdfium2.PdfDocument(draw(sheet, font=font, is_specimen=False))[0]
        height = page.get_size()[1]
        seen = page.get_textpage().get_text_bounded(
            left=(WINDOW.left - 0.5) * MILLIMETRE,
            right=(WINDOW.left + WINDOW.width + 0.5) * MILLIMETRE,
            top=height - (WINDOW.top - 0.5) * MILLIMETRE,
            bottom=height - (WINDOW.top + WINDOW.height + 0.5) * MILLIMETRE,
        )
        whole = "".join(seen.split())
        assert whole == "".join(f"〒154-0017{sheet.addressee.address}{sheet.addressee.name}様".split())


def test_texts_are_never_read_as_markup(font: DocumentFont) -> None:
    text = said(copy_sheet(head(name="#panic() *x* $y$ ]", kana="")), font)

    assert "#panic()*x*$y$]" in text


def test_the_same_sheet_makes_the_same_file(font: DocumentFont) -> None:
    assert draw(copy_sheet(), font=font, is_specimen=True) == draw(copy_sheet(), font=font, is_specimen=True)


def test_what_cannot_be_drawn_is_refused_without_a_word_of_the_sheet(font: DocumentFont) -> None:
    with pytest.raises(DrawingFailedError) as refused:
        _compile({"form": "none", "name": "葛󠄂城"}, font, format="pdf")

    assert "葛" not in str(refused.value)


def test_previews_are_one_picture_a_page(font: DocumentFont) -> None:
    pictures = draw_pictures(copy_sheet(*map(member, range(1, 13))), font=font, is_specimen=True, resolution=40)

    assert len(pictures) > 1
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_pictures_of_every_document_are_small_enough_to_keep(font: DocumentFont, keys: Keys) -> None:
    folder = os.environ.get("JUKINET_PICTURES")
    for name, sheet in every_sheet().items():
        codes = write_move_out_data(data_of(sheet), keys.signer) if isinstance(sheet, MoveOutCertificateSheet) else ()
        pdf = draw(sheet, font=font, is_specimen=True, verification=create_verification(sheet), qr_texts=tuple(codes))
        for place in range(min(2, len(texts_of(pdf)))):
            picture = gray_picture(pdf, place, resolution=110)
            assert len(picture) < 150_000
            if folder:
                Path(folder, f"{name}{f'-{place + 1}' if place else ''}.png").write_bytes(picture)


def test_a_long_history_flows_over_pages_and_loses_nothing(font: DocumentFont) -> None:
    lines = tuple(
        HistoryLine(
            reason="転居", acted_on="2026-05-01", changes=(("住所", f"旧住所{place:03d}番地", LONGEST_ADDRESS),)
        )
        for place in range(60)
    )
    sheet = copy_sheet(items=ALL_ITEMS, people=(SheetPerson(record=head(), history=lines),))
    pages = texts_of(draw(sheet, font=font, is_specimen=False))

    assert len(pages) > 2
    assert all(f"旧住所{place:03d}番地" in "".join(pages) for place in range(60))
    assert all("異動事由" in text for text in pages[:-1])
