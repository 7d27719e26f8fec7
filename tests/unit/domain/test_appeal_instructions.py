"""What a disposition says of complaint and suit follows the law of its day."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.domain.appeal_instructions import appeal_instruction
from jukinet.domain.errors import UnknownLocalGovernmentError

SETAGAYA = "131121"
#: 札幌市中央区, a ward of a designated city.
SAPPORO_CHUO = "011011"


def test_since_2016_the_mayor_is_complained_to_within_three_months_or_sued_within_six() -> None:
    words = appeal_instruction(SETAGAYA, issued_on=date(2016, 4, 1))

    assert "３か月以内に、世田谷区長に対して審査請求" in words
    assert "６か月以内に、世田谷区を被告として（訴訟において世田谷区を代表する者は世田谷区長" in words
    assert "知事" not in words


def test_before_2016_the_governor_ruled_first_within_sixty_days() -> None:
    words = appeal_instruction(SETAGAYA, issued_on=date(2016, 3, 31))

    assert "６０日以内に、東京都知事に対して審査請求をすること、又は世田谷区長に対して異議申立て" in words
    assert "裁決を経た後に" in words
    assert "３か月" not in words


def test_before_2005_nobody_was_told_of_suits() -> None:
    assert "被告" not in appeal_instruction(SETAGAYA, issued_on=date(2005, 3, 31))
    assert "被告" in appeal_instruction(SETAGAYA, issued_on=date(2005, 4, 1))


def test_of_a_ward_of_a_designated_city_the_mayor_of_the_city_rules() -> None:
    words = appeal_instruction(SAPPORO_CHUO, issued_on=date(2026, 4, 1))
    before = appeal_instruction(SAPPORO_CHUO, issued_on=date(2010, 4, 1))

    assert "札幌市長に対して審査請求" in words
    assert "札幌市を被告" in words
    assert "北海道知事" in before
    assert "札幌市中央区長に対して異議申立て" in before


def test_a_prefecture_issues_no_such_disposition() -> None:
    with pytest.raises(UnknownLocalGovernmentError):
        appeal_instruction("130001", issued_on=date(2026, 4, 1))
