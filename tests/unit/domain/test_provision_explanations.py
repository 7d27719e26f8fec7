"""What the law gives and why, said to people; and what changes on which day."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.domain.errors import AffairNotListedError, AffairNotYetInForceError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_affairs import Confidence, Ordinance
from jukinet.domain.provision_changes import EndOfAffair, ItemsOfAffair, LawChange, NewAffair, changed_law
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_explanations import (
    Turn,
    explain_affair,
    explain_grant,
    list_turning_points,
    search_affairs,
)
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import bundled_law
from jukinet.domain.provision_users import ProvisionUser, UserKind

LAW = bundled_law()
PENSION = ProvisionUser.organ("日本年金機構")
TODAY = date(2026, 11, 27)
CODE = ProvisionItem.RESIDENT_RECORD_CODE
NUMBER = ProvisionItem.INDIVIDUAL_NUMBER


def test_a_grant_says_of_every_item_whether_and_why() -> None:
    found = explain_grant(LAW, user=PENSION, affair="1-77-3", day=TODAY)
    items = {one.item: one for one in found.items}

    assert found.is_granted
    assert list(items) == list(ProvisionItem)
    assert items[ProvisionItem.NAME].is_given
    assert not items[CODE].is_given
    ended = items[CODE].term
    assert ended is not None
    assert ended.ends_on == date(2015, 10, 4)
    number = items[NUMBER].term
    assert number is not None
    assert "番号法第9条第1項" in number.source
    assert number.confidence is Confidence.UNVERIFIED


def test_an_item_to_come_says_from_when_and_one_that_nothing_gives_says_so() -> None:
    before = explain_grant(LAW, user=PENSION, affair="1-77-3", day=date(2015, 12, 31))
    coming = next(one for one in before.items if one.item is NUMBER)
    passports = explain_affair(LAW.find_affair("1-41-1"), TODAY)
    never = next(one for one in passports.items if one.item is NUMBER)

    assert not coming.is_given
    assert coming.term is not None
    assert coming.term.begins_on == date(2016, 1, 1)
    assert (never.is_given, never.term) == (False, None)


def test_a_refusal_is_explained_with_nothing_given() -> None:
    others = explain_grant(LAW, user=PENSION, affair="1-41-1", day=TODAY)
    early = explain_affair(LAW.find_affair("1-78-1"), date(2002, 9, 29))

    assert isinstance(others.refusal, AffairNotListedError)
    assert isinstance(early.refusal, AffairNotYetInForceError)
    assert not [one for found in (others, early) for one in found.items if one.is_given]
    with pytest.raises(AffairNotListedError):
        explain_grant(LAW, user=PENSION, affair="9-9-9", day=TODAY)


def test_the_days_on_which_the_law_changes_are_told_with_what_they_rest_on() -> None:
    points = list_turning_points(LAW)
    by_day = {(point.day, point.turn): point for point in points}

    assert [point.day for point in points] == sorted(point.day for point in points)
    mutual_aid = by_day[date(2002, 9, 12), Turn.AFFAIR_BEGINS]
    assert mutual_aid.affairs == ("1-19-1", "1-19-2", "1-19-3", "1-19-4")
    assert mutual_aid.confidence is Confidence.SOURCED
    code_ends = by_day[date(2015, 10, 5), Turn.ITEM_ENDS]
    assert code_ends.item is CODE
    assert len(code_ends.affairs) == 798
    assumed = [point for point in points if point.confidence is Confidence.ASSUMED]
    assert {point.day for point in assumed} == {date(2002, 8, 5)}


def test_approved_changes_are_among_the_days() -> None:
    ordinance = NewAffair(
        channel=Channel.ORDINANCE_OWN_USE,
        organs=("都道府県知事",),
        law="",
        text="奨学金の貸与",
        items=frozenset({ProvisionItem.NAME}),
        ordinance=Ordinance(LocalGovernmentCode("130001"), "令和8年東京都条例第12号", date(2026, 3, 20)),
        ends_on=date(2028, 3, 31),
    )
    only = ItemsOfAffair(affair="1-77-3", items=frozenset({ProvisionItem.NAME, NUMBER}), number_ground="番号法")
    changes = [
        LawChange(number=1, effective_on=date(2027, 4, 1), act=ordinance, source="条例"),
        LawChange(number=2, effective_on=date(2027, 5, 1), act=EndOfAffair(affair="1-41-1"), source="告示"),
        LawChange(number=3, effective_on=date(2027, 6, 1), act=only, source="告示"),
    ]
    points = [point for point in list_turning_points(changed_law(LAW, changes)) if point.day.year >= 2027]

    told = [(point.day, point.turn, point.item, point.affairs) for point in points]
    assert told[:2] == [
        (date(2027, 4, 1), Turn.AFFAIR_BEGINS, None, ("ordinance-130001-1",)),
        (date(2027, 5, 1), Turn.AFFAIR_ENDS, None, ("1-41-1",)),
    ]
    assert {(turn, item) for day, turn, item, _ in told if day == date(2027, 6, 1)} == {
        (Turn.ITEM_ENDS, item)
        for item in (ProvisionItem.BIRTH_DATE, ProvisionItem.SEX, ProvisionItem.ADDRESS, ProvisionItem.CHANGE)
    }
    assert told[-1] == (date(2028, 4, 1), Turn.AFFAIR_ENDS, None, ("ordinance-130001-1",))


def test_affairs_are_found_by_id_organ_law_and_text() -> None:
    assert [affair.id for affair in search_affairs(LAW, "1-77-3")] == ["1-77-3"]
    assert {affair.law for affair in search_affairs(LAW, "旅券法")} == {"旅券法"}
    found = search_affairs(LAW, "日本年金機構 国民年金法", user=UserKind.ORGAN)
    assert len(found) >= 15
    assert all("日本年金機構" in affair.organs for affair in found)
    assert len(search_affairs(LAW, "")) == len(LAW.affairs)
    assert search_affairs(LAW, "猫") == []
