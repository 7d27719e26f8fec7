"""The letter about an ex officio act says what changed, in plain Japanese, and goes only where it can be sent."""

from __future__ import annotations

import pytest

from jukinet.documents.drawing import draw
from jukinet.documents.glyphs import DocumentFont
from jukinet.documents.sheets import LetterItem
from jukinet.domain.errors import PersonNoticeStateError
from jukinet.domain.person_notices import ToldItem, write_told_items
from jukinet.municipal.person_letters import letter_of
from jukinet.municipal.person_notice_store import PersonNotice
from tests.builders import ADDRESS, NOW, resident
from tests.builders_documents import ISSUER, MARK

ITEMS = (
    ToldItem("birth_date", "1990-05-05", "1990-05-06"),
    ToldItem("sex", "1", "2"),
    ToldItem("household_number", "1", "2"),
    ToldItem("registered_domicile", None, "長野県松本市丸の内3番"),
)


def notice(destination: str | None = ADDRESS) -> PersonNotice:
    return PersonNotice(
        1, 1, 1, 2, "ex_officio_correction", write_told_items(ITEMS), destination, NOW, 0, "waiting", None, None
    )


def test_the_letter_says_each_item_before_and_after() -> None:
    letter = letter_of(notice(), resident(), issuer=ISSUER, mark=MARK)

    assert letter.items == (
        LetterItem(label="生年月日", before="平成2年5月5日", after="平成2年5月6日"),
        LetterItem(label="性別", before="男", after="女"),
        LetterItem(label="本籍", before="", after="長野県松本市丸の内3番"),
    )
    assert (letter.addressee.address, letter.addressee.postal_code) == (ADDRESS, "1540004")
    assert "職権修正" in letter.paragraphs[0]


def test_a_letter_to_another_place_has_no_postal_code_of_the_record() -> None:
    letter = letter_of(notice("東京都武蔵野市緑町二丁目2番28号"), resident(), issuer=ISSUER, mark=MARK)

    assert letter.addressee.postal_code is None


def test_there_is_no_letter_to_nowhere() -> None:
    with pytest.raises(PersonNoticeStateError):
        letter_of(notice(None), resident(), issuer=ISSUER, mark=MARK)


def test_the_letter_can_be_drawn(font: DocumentFont) -> None:
    letter = letter_of(notice(), resident(), issuer=ISSUER, mark=MARK)

    assert draw(letter, font=font, is_specimen=True).startswith(b"%PDF")
