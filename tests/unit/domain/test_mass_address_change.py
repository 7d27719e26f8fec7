"""The rule of a mass change: which address becomes which, and which only looks alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.acts.mass_address_change import (
    AddressRow,
    AddressRule,
    MassChangeKind,
    plan_mass_address_change,
    sort_rows,
)
from jukinet.domain.changes import ChangeReason
from jukinet.domain.errors import MalformedAddressError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.rules import Rule
from tests.builders import SETAGAYA, resident

CODE = LocalGovernmentCode.parse(SETAGAYA.code)


def renaming(old: str, new: str = "新町名") -> AddressRule:
    return AddressRule(CODE, MassChangeKind.TOWN_RENAMED, [AddressRow(1, old, new)])


def table(*pairs: tuple[str, str]) -> AddressRule:
    rows = [AddressRow(place, old, new) for place, (old, new) in enumerate(pairs, 1)]
    return AddressRule(CODE, MassChangeKind.RESIDENTIAL_INDICATION, rows)


def rewritten(rule: AddressRule, address: str) -> str | None:
    found = rule.rewrite(SETAGAYA.code, address)
    return None if found is None else found.address


@pytest.mark.parametrize(
    "rest",
    ["1番1号", "１番１号", "12番地3", "1番1号\u3000太子堂ハイツ101", "甲12番地", "字本村3番地", "三百番地", "無番地"],
)
def test_a_town_is_renamed_and_what_follows_it_stays(rest: str) -> None:
    assert rewritten(renaming("太子堂一丁目"), f"東京都世田谷区太子堂一丁目{rest}") == f"東京都世田谷区新町名{rest}"


@pytest.mark.parametrize(
    "address",
    [
        "東京都世田谷区太子堂一丁目北1番1号",
        "東京都世田谷区太子堂十一丁目1番1号",
        "東京都世田谷区太子堂二丁目1番1号",
        "東京都世田谷区北太子堂一丁目1番1号",
        "東京都武蔵野市太子堂一丁目1番1号",
    ],
)
def test_a_name_that_only_looks_alike_is_another_town(address: str) -> None:
    assert rewritten(renaming("太子堂一丁目"), address) is None


@pytest.mark.parametrize("rest", ["一丁目1番1号", "1丁目1番1号", "１丁目1番"])
def test_a_town_without_chome_is_not_those_with_one(rest: str) -> None:
    assert rewritten(renaming("太子堂"), f"東京都世田谷区太子堂{rest}") is None


def test_prefecture_and_district_may_be_left_out() -> None:
    assert rewritten(renaming("太子堂一丁目"), "世田谷区太子堂一丁目1番1号") == "世田谷区新町名1番1号"
    assert rewritten(renaming("東京都世田谷区太子堂一丁目"), "世田谷区太子堂一丁目1番1号") == "世田谷区新町名1番1号"


def test_a_table_gives_each_address_its_own_and_a_building_keeps_its_name() -> None:
    rule = table(("太子堂百番地1", "太子堂六丁目1番1号"), ("太子堂101番地", "太子堂六丁目1番2号"))
    assert rewritten(rule, "東京都世田谷区太子堂101番地") == "東京都世田谷区太子堂六丁目1番2号"
    assert rewritten(rule, "東京都世田谷区太子堂１０１番地\u3000緑荘2") == "東京都世田谷区太子堂六丁目1番2号\u3000緑荘2"
    assert rewritten(rule, "東京都世田谷区太子堂101番地2") is None


def test_a_row_with_the_building_goes_before_one_without() -> None:
    rule = table(("太子堂1番地", "太子堂六丁目1番1号"), ("太子堂1番地\u3000緑荘", "太子堂六丁目1番9号\u3000緑荘"))
    assert rewritten(rule, "東京都世田谷区太子堂1番地\u3000緑荘") == "東京都世田谷区太子堂六丁目1番9号\u3000緑荘"


def test_towns_that_swap_their_names_do_not_end_up_as_one() -> None:
    rule = AddressRule(
        CODE, MassChangeKind.TOWN_RENAMED, [AddressRow(1, "東町", "西町"), AddressRow(2, "西町", "東町")]
    )
    assert rewritten(rule, "東京都世田谷区東町1番") == "東京都世田谷区西町1番"
    assert rewritten(rule, "東京都世田谷区西町1番") == "東京都世田谷区東町1番"


@pytest.mark.rule(Rule.MASS_CHANGE_IS_A_MINOR_CORRECTION)
def test_only_the_wording_of_the_address_changes_and_it_is_a_minor_correction() -> None:
    before = resident(1, planned_move_out_on="2026-05-01")
    (step,) = plan_mass_address_change(renaming("太子堂一丁目"), [before], effective_on="2026-04-01")
    after = step.record
    assert (after.act_reason, step.notified_reason) == (ActReason.MINOR_CORRECTION.value, ChangeReason.MINOR_CORRECTION)
    assert (after.address, after.changed_on) == ("東京都世田谷区新町名1番1号", "2026-04-01")
    assert after.address_since_on == before.address_since_on
    assert after.previous_address == before.previous_address
    assert after.is_moving_out
    assert after.postal_code == before.postal_code


def test_a_removed_record_stays_as_it_was() -> None:
    assert plan_mass_address_change(renaming("太子堂一丁目"), [resident(1, is_removed=True)], effective_on="x") == ()


def test_an_address_that_would_be_too_long_is_refused() -> None:
    before = resident(1, address="東京都世田谷区太子堂一丁目1番1号\u3000" + "長" * 170)
    with pytest.raises(MalformedAddressError):
        plan_mass_address_change(renaming("太子堂一丁目", "新" * 30), [before], effective_on="2026-04-01")


def test_rows_that_cannot_be_used_say_why_and_the_others_are_used() -> None:
    rows = [
        AddressRow(1, "太子堂一丁目", "新太子堂"),
        AddressRow(2, "", "新"),
        AddressRow(3, "太子堂一丁目", "もう一つ"),
        AddressRow(4, "三軒茶屋", "三軒茶屋"),
        AddressRow(5, "若林", "新若林", "12345"),
    ]
    good, refused = sort_rows(CODE, rows)
    assert [row.row_number for row in good] == [1]
    assert [(one.row.row_number, one.error.code, one.error.field) for one in refused] == [
        (2, "value.missing", "old_place"),
        (3, "value.change", "old_place"),
        (4, "value.change", "new_place"),
        (5, "value.address", "postal_code"),
    ]


@given(st.text(st.sampled_from("太子堂一二十丁目北123番地号"), max_size=12))
def test_whatever_is_rewritten_keeps_what_follows_the_town(rest: str) -> None:
    found = rewritten(renaming("太子堂一丁目"), f"東京都世田谷区太子堂一丁目{rest}")
    assert found in {None, f"東京都世田谷区新町名{rest}"}
