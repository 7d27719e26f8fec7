"""Search keys: readings, written names, addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.addresses import fold_address
from jukinet.domain.bundled import surname_rows
from jukinet.domain.errors import MalformedKanaError
from jukinet.domain.kana import DASHES, fold_kana, fold_kanji, require_kana

KANA = st.text(alphabet=[chr(code) for code in range(0x30A1, 0x30FD)] + [" ", "\u3000"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ヂ", "ジ"),
        ("ズ", "ヅ"),
        ("ワ", "ハ"),
        ("ヴァ", "バ"),
        ("ヴィ", "ビ"),
        ("ヴ", "ブ"),
        ("ヴェ", "ベ"),
        ("ヴォ", "ボ"),
        ("オ", "ヲ"),
        ("ヒ", "ピ"),
        ("チ", "ヂ"),
        ("ツ", "ヅ"),
        ("ッ", "ツ"),
        ("ャ", "ヤ"),
        ("ュ", "ユ"),
        ("ョ", "ヨ"),
        ("コウノ", "コオノ"),
        ("ショウジ", "シヨオジ"),
        ("オーノ", "オノ"),
        ("ヤマダ タロウ", "ヤマダ\u3000タロウ"),
        ("ヤマダ タロウ", "ヤマダタロウ"),
        ("ﾜﾀﾅﾍﾞ", "ワタナベ"),
        ("わたなべ", "ワタナベ"),
        ("ゔぃくとる", "ビクトル"),
        ("ｳﾞｧﾝ", "バン"),
        ("Smith", "ＳＭＩＴＨ"),
    ],
)
def test_readings_that_the_specification_takes_for_one_have_one_key(one: str, other: str) -> None:
    assert fold_kana(one) == fold_kana(other)


@pytest.mark.parametrize(
    ("one", "other"), [("サトウ", "カトウ"), ("ウノ", "オノ"), ("ヤマダ", "ヤマタニ"), ("イウ", "イオ")]
)
def test_other_readings_have_other_keys(one: str, other: str) -> None:
    assert fold_kana(one) != fold_kana(other)


@pytest.mark.parametrize("dash", DASHES)
def test_every_dash_counts_as_the_long_vowel_mark(dash: str) -> None:
    assert fold_kana(f"オ{dash}ノ") == fold_kana("オーノ") == "オノ"


@given(KANA)
def test_a_key_does_not_change_when_voicing_size_or_script_of_the_reading_does(text: str) -> None:
    hiragana = "".join(chr(ord(kana) - 0x60) if 0x30A1 <= ord(kana) <= 0x30F6 else kana for kana in text)

    assert fold_kana(hiragana) == fold_kana(text)
    assert fold_kana(fold_kana(text)) == fold_kana(text)


@pytest.mark.parametrize("variant", ["辺", "邊", "邉", "边", "邉\U000e0119"])
def test_variants_of_a_kanji_have_one_key(variant: str) -> None:
    assert fold_kanji(f"渡{variant}") == fold_kanji("渡辺")


@pytest.mark.parametrize(
    ("one", "other"), [("浜", "濱"), ("浜", "濵"), ("高", "髙"), ("崎", "﨑"), ("島", "嶋"), ("桜", "櫻")]
)
def test_common_variants_of_surnames_have_one_key(one: str, other: str) -> None:
    assert fold_kanji(one) == fold_kanji(other)


def test_only_variants_of_one_surname_share_a_key() -> None:
    surnames = [row[0] for row in surname_rows()]
    keys: dict[str, list[str]] = {}
    for surname in surnames:
        keys.setdefault(fold_kanji(surname), []).append(surname)

    assert len(surnames) == 1999
    assert fold_kanji("斎藤") != fold_kanji("斉藤")
    assert fold_kanji("橋本") != fold_kanji("塙本")
    assert len(keys) > 1900
    assert max(map(len, keys.values())) <= 4


def test_a_reading_is_kana_and_nothing_else() -> None:
    require_kana("ヤマダ　タロウ・ジョー")
    require_kana("やまだ たろう")

    for text in ("", "山田", "Yamada", "ﾔﾏﾀﾞ", "ヤマダ1", "ア" * 151):
        with pytest.raises(MalformedKanaError):
            require_kana(text, field="kana")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("飯田橋一丁目1番1号", "飯田橋１－１－１"),
        ("本町十二丁目3番地の4", "本町12-3-4"),
        ("大字亀尾５番", "亀尾5番地"),
        ("神田 淡路町二丁目", "神田淡路町2丁目"),
        ("中央二十一条", "中央21条"),
        ("龍ケ崎市", "竜ヶ崎市"),
    ],
)
def test_addresses_that_mean_one_place_have_one_key(one: str, other: str) -> None:
    assert fold_address(one) == fold_address(other)


def test_other_lots_have_other_keys() -> None:
    assert fold_address("飯田橋一丁目1番1号") != fold_address("飯田橋一丁目11番")
    assert fold_address("千代田区一番町") != fold_address("千代田区二番町")
