"""The repertoire, the Juki unified codes, the shrink map."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.bundled import character_rows
from jukinet.domain.characters import (
    canonical_text,
    find_mj_id,
    find_text_of_mj_id,
    from_juki_codes,
    list_juki_codes,
    list_shrunk_forms,
    shrink,
    to_juki_codes,
)
from jukinet.domain.errors import CharacterOutsideRepertoireError, LossyCharacterConversionError
from jukinet.domain.repertoire import find_outside_repertoire, require_repertoire, units

OLD_KUZU = "葛\U000e0102"


@pytest.mark.invariant("I10")
def test_all_19563_unified_characters_return_exactly_from_unicode() -> None:
    codes = list_juki_codes()

    texts = [from_juki_codes(code) for code in codes]

    assert len(codes) == len({text.text for text in texts}) == 19_563
    assert not any(text.loses for text in texts)
    assert [to_juki_codes(text.text).require_lossless() for text in texts] == list(codes)


@pytest.mark.invariant("I10")
def test_a_text_of_unified_characters_returns_exactly_even_after_normalisation() -> None:
    text = "".join(from_juki_codes(code).text for code in list_juki_codes())

    converted = to_juki_codes(unicodedata.normalize("NFC", text))

    assert from_juki_codes(converted.require_lossless()).require_lossless() == text


def test_no_text_means_two_mj_characters() -> None:
    texts = [text for _, text, _, _ in character_rows() if text]

    assert len(character_rows()) == 58_862
    assert len(texts) == len(set(texts)) == 58_862 - 19
    assert all(find_text_of_mj_id(str(find_mj_id(text))) == text for text in texts)


def test_every_mj_character_with_a_text_is_in_the_repertoire() -> None:
    for _, text, others, _ in character_rows():
        for form in (text, *others.split()):
            require_repertoire(form)


def test_two_shapes_of_one_kanji_have_two_codes() -> None:
    assert to_juki_codes("葛").text == "J+B9D5"
    assert to_juki_codes(OLD_KUZU).text == "J+845B"
    assert from_juki_codes("J+845B J+B9D5").text == OLD_KUZU + "葛"


def test_kana_letters_and_signs_keep_the_code_of_their_unicode() -> None:
    converted = to_juki_codes("さくらー A・Ａ")

    assert converted.text == "J+3055 J+304F J+3089 J+30FC J+0020 J+0041 J+30FB J+FF21"
    assert from_juki_codes(converted.text).text == "さくらー A・Ａ"


def test_what_has_no_unified_code_is_reported_and_never_dropped() -> None:
    without_code = next(text for _, text, _, code in character_rows() if text and not code)

    converted = to_juki_codes(f"山{without_code}川")

    assert converted.loses
    assert converted.lost_positions == (1,)
    assert converted.text == "J+5C71 J+3013 J+5DDD"
    with pytest.raises(LossyCharacterConversionError) as refusal:
        converted.require_lossless(field="name")
    assert refusal.value.field == "name"
    assert without_code not in str(refusal.value)


@pytest.mark.parametrize("code", ["J+D7FF", "J+XXXX", "J+110000", "J+0007", "4E00"])
def test_an_unknown_unified_code_is_reported(code: str) -> None:
    converted = from_juki_codes(f"J+5C71 {code}")

    assert (converted.text, converted.lost_positions) == ("山〓", (1,))


def test_an_unknown_mj_id_has_no_text() -> None:
    with pytest.raises(LossyCharacterConversionError):
        find_text_of_mj_id("MJ999999")


def test_a_compatibility_ideograph_is_written_so_that_normalisation_keeps_it() -> None:
    text = canonical_text("\uf91d")

    assert unicodedata.normalize("NFC", text) == text
    assert find_mj_id(text) == find_mj_id("\uf91d") == "MJ030183"


def test_an_idle_selector_goes() -> None:
    assert canonical_text("葛\U000e0103城") == "葛城"
    assert canonical_text(OLD_KUZU) == OLD_KUZU


def test_shrinking_reports_each_shape_it_loses() -> None:
    shrunk = shrink("渡邉\U000e0119 髙さ")

    assert shrunk.text == "渡邉 高さ"
    assert shrunk.lost_positions == (1, 3)
    assert list_shrunk_forms("﨑") == ("﨑", "崎")
    assert list_shrunk_forms("さ") == ()


def test_a_conversion_hides_the_name() -> None:
    assert repr(shrink("山田")) == "Conversion(***, loses=False)"


@pytest.mark.parametrize(
    "text",
    [
        "山田　太郎",
        "渡邉\U000e0119",
        OLD_KUZU,
        "SMITH JOHN",
        "ヴィクトル・ユゴー",
        "ﾔﾏﾀﾞ",
        "1丁目2番3-4号",
        "々〆〇",
        "Ⅱ号棟①",
    ],
)
def test_names_and_addresses_as_people_have_them_are_inside_the_repertoire(text: str) -> None:
    require_repertoire(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("山\t田", 2),
        ("\ud55c", 1),
        ("山田😀", 3),
        ("漢\U000e01ee", 1),
        ("山" + OLD_KUZU + "\U000e0102", 2),
        ("\U000e0102", 1),
        ("山\ue000", 2),
        ("é", 1),
        ("山\x00", 2),
    ],
)
def test_a_character_outside_is_refused_by_its_position(text: str, position: int) -> None:
    with pytest.raises(CharacterOutsideRepertoireError) as refusal:
        require_repertoire(text, field="name")

    assert refusal.value.field == "name"
    assert f"Character {position} " in str(refusal.value)
    assert not any(ord(character) > 0x2FFF and character in str(refusal.value) for character in text)


def test_hangul_is_refused_though_its_numbers_are_unified_codes() -> None:
    assert find_outside_repertoire(chr(0xB9D5)) == (0,)


@given(st.text())
def test_the_characters_of_a_text_make_up_the_text(text: str) -> None:
    parts = list(units(text))

    assert "".join(parts) == text
    assert all(parts)
