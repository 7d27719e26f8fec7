from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder

from jukinet.documents.contents import OMITTED
from jukinet.documents.drawing import draw, draw_pictures
from jukinet.documents.glyphs import PACKAGE, DocumentFont, load_font, require_drawable
from jukinet.domain.errors import FontMissingError, GlyphMissingError, MalformedNameError
from jukinet.domain.names import require_name
from jukinet.domain.repertoire import plain_characters, require_repertoire
from tests.builders_documents import ALL_ITEMS, copy_sheet, every_sheet, head


@pytest.mark.parametrize("text", ["葛󠄂城", "辻󠄂", "邉󠄐", "髙", "𠮷", "ヷヸ", "Ⅻ①", "﨑"])
def test_the_shapes_names_are_registered_in_can_be_drawn(font: DocumentFont, text: str) -> None:
    require_drawable(text, font, field="name")


@pytest.mark.parametrize(
    ("text", "place"), [("葛󠄀城", 1), ("試辻󠄀", 2), ("葛\U000e01ef", 1), ("試😀", 2), ("\U000e0102", 1)]
)
def test_a_shape_the_font_would_silently_replace_is_refused(font: DocumentFont, text: str, place: int) -> None:
    with pytest.raises(GlyphMissingError, match=rf"character {place} \(U\+") as refused:
        require_drawable(text, font, field="name")

    assert refused.value.field == "name"
    assert text not in str(refused.value)


def test_the_font_draws_whatever_the_register_may_hold(font: DocumentFont) -> None:
    missing = [hex(ord(character)) for character in plain_characters() if not font.can_draw(character)]

    assert missing == []


@pytest.mark.parametrize(
    "item", ["name", "kana", "previous_address", "registered_domicile", "first_listed_person", "address"]
)
def test_every_item_is_checked_before_anything_is_drawn(font: DocumentFont, item: str) -> None:
    sheet = copy_sheet(head(**{item: "試験葛󠄀"}), items=ALL_ITEMS)

    with pytest.raises(GlyphMissingError) as refused:
        draw(sheet, font=font, is_specimen=True)
    with pytest.raises(GlyphMissingError):
        draw_pictures(sheet, font=font, is_specimen=True)
    assert refused.value.field == item


def test_an_item_that_is_not_drawn_is_not_checked(font: DocumentFont) -> None:
    assert draw(copy_sheet(head(registered_domicile="葛󠄀")), font=font, is_specimen=True).startswith(b"%PDF")


def test_the_words_of_the_templates_can_be_drawn(font: DocumentFont) -> None:
    folder = Path(__file__).parents[3] / "src" / "jukinet" / "documents" / "templates"
    for template in folder.glob("*.typ"):
        words = "".join(character for character in template.read_text(encoding="utf-8") if not character.isascii())
        require_drawable(words, font, field=template.name)
    require_drawable(OMITTED, font, field="omitted")


def test_a_missing_font_says_which_package_brings_it(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match=PACKAGE):
        load_font(tmp_path / "ipamjm.ttf")


def test_what_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ipamjm.ttf").write_bytes(b"no font")

    with pytest.raises(FontMissingError):
        load_font(tmp_path / "ipamjm.ttf")


def test_another_font_does_not_do(tmp_path: Path) -> None:
    other = FontBuilder(1000)
    other.setupGlyphOrder([".notdef"])
    other.setupCharacterMap({})
    other.setupNameTable({"familyName": "Another"})
    other.save(tmp_path / "another.ttf")

    with pytest.raises(FontMissingError, match="Another, not IPAmjMincho"):
        load_font(tmp_path / "another.ttf")


def test_the_examples_are_names_the_register_takes() -> None:
    for sheet in every_sheet().values():
        for person in getattr(sheet, "people", ()):
            require_name(person.record.name, field="name")
            require_repertoire(person.record.address)
    with pytest.raises(MalformedNameError):
        require_name(replace(head(), name="").name, field="name")
