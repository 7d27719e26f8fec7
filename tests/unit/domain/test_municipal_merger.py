"""The rule of a merger of municipalities: what an address becomes, and which merger can be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.mass_address_change import AddressRow
from jukinet.domain.acts.municipal_merger import MergerRule, plan_municipal_merger
from jukinet.domain.changes import ChangeReason
from jukinet.domain.errors import (
    DateOutOfOrderError,
    ImpossibleChangeError,
    MalformedAddressError,
    MissingItemError,
    UnknownLocalGovernmentError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.mergers import is_continued, require_possible_merger
from jukinet.domain.rules import Rule
from tests.builders import MUSASHINO, SETAGAYA, TODAY, resident
from tests.builders_merger import merger

SETAGAYA_CODE = LocalGovernmentCode.parse(SETAGAYA.code)
MUSASHINO_CODE = LocalGovernmentCode.parse(MUSASHINO.code)
#: 東京都西多摩郡瑞穂町.
MIZUHO = LocalGovernmentCode.parse("133035")


def test_the_municipality_is_renamed_and_the_rest_of_the_address_stays() -> None:
    rule = MergerRule(SETAGAYA_CODE, MUSASHINO_CODE)
    assert (
        rule.rewrite("東京都世田谷区太子堂一丁目1番1号\u3000緑荘").address
        == "東京都武蔵野市太子堂一丁目1番1号\u3000緑荘"
    )
    assert rule.rewrite("世田谷区太子堂一丁目1番1号").address == "武蔵野市太子堂一丁目1番1号"


def test_a_district_goes_with_its_town_and_comes_with_it() -> None:
    leaving = MergerRule(MIZUHO, MUSASHINO_CODE)
    assert leaving.rewrite("東京都西多摩郡瑞穂町箱根ケ崎1番地").address == "東京都武蔵野市箱根ケ崎1番地"
    assert leaving.rewrite("瑞穂町箱根ケ崎1番地").address == "武蔵野市箱根ケ崎1番地"
    coming = MergerRule(MUSASHINO_CODE, MIZUHO)
    assert coming.rewrite("東京都武蔵野市境1番地").address == "東京都西多摩郡瑞穂町境1番地"


def test_a_town_may_be_called_otherwise_from_the_merger_on() -> None:
    rule = MergerRule(SETAGAYA_CODE, MUSASHINO_CODE, [AddressRow(1, "太子堂一丁目", "旧太子堂", "1800001")])
    found = rule.rewrite("東京都世田谷区太子堂一丁目1番1号")
    assert (found.address, found.postal_code) == ("東京都武蔵野市旧太子堂1番1号", "1800001")
    assert rule.rewrite("東京都世田谷区太子堂二丁目1番1号").address == "東京都武蔵野市太子堂二丁目1番1号"


@pytest.mark.rule(Rule.MERGER_MOVES_NOBODY)
def test_only_code_and_address_change_and_it_is_a_minor_correction() -> None:
    before = resident(1, planned_move_out_on="2026-05-01")
    (step,) = plan_municipal_merger(MergerRule(SETAGAYA_CODE, MUSASHINO_CODE), [before], effective_on="2026-04-01")
    after = step.record
    assert (after.act_reason, step.notified_reason) == (ActReason.MINOR_CORRECTION.value, ChangeReason.MINOR_CORRECTION)
    assert (after.municipality, after.changed_on) == (MUSASHINO.code, "2026-04-01")
    kept = ("address_since_on", "became_resident_on", "previous_address", "household_number", "postal_code")
    assert all(getattr(after, item) == getattr(before, item) for item in kept)
    assert after.is_moving_out


def test_who_is_removed_or_has_another_code_stays_as_it_was() -> None:
    household = [resident(1, is_removed=True), resident(2, municipality=MUSASHINO.code)]
    assert plan_municipal_merger(MergerRule(SETAGAYA_CODE, MUSASHINO_CODE), household, effective_on="x") == ()


@pytest.mark.parametrize("address", ["太子堂一丁目1番1号", "東京都世田谷区" + "長" * 193])
def test_an_address_of_another_form_or_too_long_is_refused(address: str) -> None:
    rule = MergerRule(SETAGAYA_CODE, MIZUHO)
    with pytest.raises(MalformedAddressError):
        plan_municipal_merger(rule, [resident(1, address=address)], effective_on="2026-04-01")


@pytest.mark.rule(Rule.MERGER_IS_GIVEN_NOTICE_OF)
@pytest.mark.parametrize(
    ("items", "error"),
    [
        ({"successor": SETAGAYA_CODE}, ImpossibleChangeError),
        ({"successor": LocalGovernmentCode.parse("141003")}, ImpossibleChangeError),
        ({"successor": LocalGovernmentCode.parse("202029")}, ImpossibleChangeError),
        ({"outgoing": LocalGovernmentCode.parse("130001")}, UnknownLocalGovernmentError),
        ({"public_notice": " "}, MissingItemError),
        ({"noticed_on": TODAY + timedelta(days=1)}, DateOutOfOrderError),
        ({"effective_on": date(2026, 1, 1)}, DateOutOfOrderError),
    ],
)
def test_a_merger_that_cannot_be_is_refused(items: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        require_possible_merger(merger(**items), today=TODAY)


@pytest.mark.rule(Rule.MERGER_IS_GIVEN_NOTICE_OF)
@pytest.mark.parametrize(
    ("recorded", "notified", "reason", "is_right"),
    [
        ("131121", "132039", "minor_correction", True),
        ("131121", "132039", "relocation", False),
        ("131121", "132047", "minor_correction", False),
        ("132039", "131121", "minor_correction", False),
    ],
)
def test_a_merger_lets_its_own_successor_go_on_with_the_minor_correction(
    *, recorded: str, notified: str, reason: str, is_right: bool
) -> None:
    known = {"131121": "132039"}
    assert is_continued(known, recorded=recorded, notified=notified, reason=reason) is is_right
    assert not is_continued({}, recorded=recorded, notified=notified, reason=reason)
