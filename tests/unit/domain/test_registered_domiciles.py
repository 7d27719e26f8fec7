"""The municipality that keeps a family register is read from the registered domicile, or not at all."""

from __future__ import annotations

import pytest

from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.registered_domiciles import find_domicile_municipality


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("東京都世田谷区太子堂一丁目1番", "131121"),
        ("世田谷区太子堂一丁目1番", "131121"),
        ("北海道札幌市中央区北一条西二丁目", "011002"),
        ("神奈川県横浜市港北区大豆戸町1番", "141003"),
        ("長野県北佐久郡軽井沢町大字長倉1番", "203211"),
        ("東京都府中市宮町一丁目1番", "132063"),
    ],
)
def test_a_domicile_begins_with_its_municipality(text: str, code: str) -> None:
    assert find_domicile_municipality(text) == LocalGovernmentCode(code)


@pytest.mark.parametrize("text", ["府中市宮町一丁目1番", "無", "", "不明", "ハワイ州ホノルル"])
def test_what_does_not_tell_is_not_guessed(text: str) -> None:
    assert find_domicile_municipality(text) is None
