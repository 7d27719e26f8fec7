"""What a change is to whoever follows a person, and what the certification side hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jukinet.domain.certification_linkage import linkage_ground, voids_certificates
from jukinet.domain.changes import ChangeReason
from jukinet.domain.errors import DateOutOfOrderError, ItemNotGrantedError, UnknownCodeListValueError
from jukinet.domain.feed_changes import FeedKind, RecordVersion, judge_change, parse_kinds, told_kind
from jukinet.domain.feed_terms import FollowedBy, is_in_term, require_number, require_term
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import bundled_law
from jukinet.domain.provision_users import ProvisionUser
from jukinet.domain.rules import Rule
from tests.builders import ORGANS, PENSION_AFFAIR, code, individual_number

BEFORE = RecordVersion(
    resident_record_code=code(1),
    individual_number=individual_number(1),
    name="試験\u3000葵",
    kana="しけん\u3000あおい",
    former_surname=None,
    alias=None,
    birth_date="1990-05-06",
    sex="2",
    address="東京都世田谷区太子堂一丁目1番1号",
    reason="move_in",
)
NAME, ADDRESS, CHANGE = ProvisionItem.NAME, ProvisionItem.ADDRESS, ProvisionItem.CHANGE
NUMBER, RECORD_CODE = ProvisionItem.INDIVIDUAL_NUMBER, ProvisionItem.RESIDENT_RECORD_CODE
CASES: list[tuple[str, dict[str, Any], FeedKind, set[ProvisionItem]]] = [
    ("relocation", {"address": "東京都"}, FeedKind.MOVE, {ADDRESS}),
    ("move_in", {"address": "東京都"}, FeedKind.MOVE, {ADDRESS}),
    ("death", {}, FeedKind.DEATH, set()),
    ("move_out", {}, FeedKind.REMOVAL, set()),
    ("ex_officio_removal", {}, FeedKind.REMOVAL, set()),
    ("ex_officio_modification", {"name": "別の\u3000名"}, FeedKind.NAME, {NAME}),
    ("ex_officio_modification", {"former_surname": "旧"}, FeedKind.NAME, {NAME}),
    ("ex_officio_modification", {"sex": "1"}, FeedKind.CORRECTION, {ProvisionItem.SEX}),
    ("ex_officio_modification", {"individual_number": None}, FeedKind.CODE_CHANGE, {NUMBER}),
    ("ex_officio_modification", {}, FeedKind.RECORD_CHANGED, set()),
    ("minor_correction", {"name": "別の\u3000名"}, FeedKind.CORRECTION, {NAME}),
    ("code_change_on_request", {"resident_record_code": code(2)}, FeedKind.CODE_CHANGE, {RECORD_CODE}),
    ("code_change_ex_officio", {"resident_record_code": code(2)}, FeedKind.CODE_CHANGE, {RECORD_CODE}),
    ("ex_officio_entry", {"address": "東京都"}, FeedKind.RECORD_CHANGED, {ADDRESS}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "changed", "kind", "items"), CASES)
def test_a_change_has_the_kind_of_its_reason_and_of_what_it_changed(
    reason: str, changed: dict[str, Any], kind: FeedKind, items: set[ProvisionItem]
) -> None:
    judged = judge_change(replace(BEFORE, reason=reason, **changed), [BEFORE])

    assert (judged.kind, judged.items) == (kind, frozenset(items | {CHANGE}))


def test_what_makes_the_record_stand_as_before_the_last_change_is_a_cancellation() -> None:
    dead = replace(BEFORE, reason="death")
    again = replace(BEFORE, reason="ex_officio_entry")
    moved = replace(BEFORE, reason="relocation", address="東京都")

    assert judge_change(again, [dead, BEFORE]).kind is FeedKind.CANCELLATION
    assert judge_change(replace(again, address="東京都"), [dead, BEFORE]).kind is FeedKind.RECORD_CHANGED
    back = replace(BEFORE, reason="ex_officio_modification")
    assert judge_change(back, [moved, BEFORE]).kind is FeedKind.CANCELLATION
    assert judge_change(back, [moved]).kind is FeedKind.CORRECTION
    assert judge_change(back, [BEFORE, BEFORE]).kind is FeedKind.RECORD_CHANGED


def test_a_kind_is_told_as_far_as_the_items_go() -> None:
    assert told_kind(FeedKind.MOVE, {ADDRESS}) is FeedKind.MOVE
    assert told_kind(FeedKind.MOVE, {CHANGE}) is FeedKind.MOVE
    assert told_kind(FeedKind.MOVE, {NAME}) is FeedKind.RECORD_CHANGED
    assert told_kind(FeedKind.DEATH, {ADDRESS, NAME}) is FeedKind.RECORD_CHANGED
    assert told_kind(FeedKind.CODE_CHANGE, {NUMBER}) is FeedKind.CODE_CHANGE


def test_kinds_are_of_the_closed_list_and_none_means_all() -> None:
    assert parse_kinds(["move", "death"]) == {FeedKind.MOVE, FeedKind.DEATH}
    assert len(parse_kinds([])) == len(FeedKind) - 1
    for unknown in ("birthday", "certificates_void", ""):
        with pytest.raises(UnknownCodeListValueError):
            parse_kinds([unknown])


def test_a_subscription_ends_within_a_year_and_on_its_last_day() -> None:
    today = date(2026, 4, 1)

    require_term(today, today=today)
    require_term(date(2027, 4, 2), today=today)
    for wrong in (date(2026, 3, 31), date(2027, 4, 3)):
        with pytest.raises(DateOutOfOrderError):
            require_term(wrong, today=today)
    assert is_in_term(today, today=today)
    assert not is_in_term(date(2026, 3, 31), today=today)


def test_nobody_is_followed_by_a_number_the_organ_may_not_have() -> None:
    organ = ProvisionUser.organ(ORGANS["nenkin"])
    after = bundled_law().find_grant(user=organ, affair=PENSION_AFFAIR, day=date(2026, 4, 1))
    before = bundled_law().find_grant(user=organ, affair=PENSION_AFFAIR, day=date(2014, 4, 1))

    require_number(after, {FollowedBy.INDIVIDUAL_NUMBER})
    require_number(before, {FollowedBy.RESIDENT_RECORD_CODE})
    for grant, by in ((after, FollowedBy.RESIDENT_RECORD_CODE), (before, FollowedBy.INDIVIDUAL_NUMBER)):
        with pytest.raises(ItemNotGrantedError):
            require_number(grant, {by})


@pytest.mark.rule(Rule.CERTIFICATION_LINKAGE_WITHOUT_MINOR_CORRECTIONS)
def test_the_certification_side_hears_of_modified_items_and_removals_and_of_no_minor_correction() -> None:
    everything = frozenset(ProvisionItem)
    told = {reason for reason in ChangeReason if voids_certificates(reason.value, everything)}

    assert told == {
        ChangeReason.MOVE_OUT, ChangeReason.DEATH, ChangeReason.EX_OFFICIO_REMOVAL,
        ChangeReason.RELOCATION, ChangeReason.EX_OFFICIO_MODIFICATION,
    }  # fmt: skip
    for item in ProvisionItem:
        is_certified = item in {NAME, ProvisionItem.BIRTH_DATE, ProvisionItem.SEX, ADDRESS}
        assert voids_certificates("ex_officio_modification", {item}) is is_certified
        assert voids_certificates("death", {item})
        assert not voids_certificates("minor_correction", {item})


def test_the_ground_of_the_certification_side_has_the_article_of_the_era() -> None:
    assert linkage_ground(date(2015, 10, 4)) == "住民基本台帳法第30条の11第9項"
    assert linkage_ground(date(2015, 10, 5)) == "住民基本台帳法第30条の15"
