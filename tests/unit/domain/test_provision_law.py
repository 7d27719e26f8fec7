"""Who may be given what: granted exactly where the law lists it, refused with the rule everywhere else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jukinet.domain.errors import (
    AffairEndedError,
    AffairNotListedError,
    AffairNotYetInForceError,
    ItemNotGrantedError,
    NotInForceError,
    PersonOutOfReachError,
    UnknownCodeListValueError,
    UnknownLocalGovernmentError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_affairs import Confidence, ListedAffair, SourcedDate
from jukinet.domain.provision_items import ProvisionItem, items_text, parse_items
from jukinet.domain.provision_law import ProvisionLaw, bundled_law, require_in_force
from jukinet.domain.provision_users import ProvisionUser, UserKind
from jukinet.domain.rules import Rule

LAW = bundled_law()
PENSION = ProvisionUser.organ("日本年金機構")
MUTUAL_AID = ProvisionUser.organ("地方公務員共済組合")
CHIYODA = ProvisionUser.municipality("131016")
TOKYO = ProvisionUser.prefecture("130001")
SHINJUKU_CODE = LocalGovernmentCode("131041")
NAHA_CODE = LocalGovernmentCode("472018")
DAY = date(2014, 4, 1)
TODAY = date(2026, 11, 27)
CODE_ENDS = date(2015, 10, 4)


@pytest.mark.rule(Rule.PROVISION_ONLY_FOR_LISTED_AFFAIR)
def test_a_listed_affair_is_granted_with_its_ground_in_the_words_of_the_era() -> None:
    grant = LAW.find_grant(user=PENSION, affair="1-77-3", day=DAY)

    assert grant.ground == "住民基本台帳法第30条の7第3項、別表第1の77の項（国民年金法）"
    assert grant.row is not None
    assert grant.row.number == "77"
    later = LAW.find_grant(user=PENSION, affair="1-77-3", day=TODAY)
    assert later.ground == "住民基本台帳法第30条の9、別表第1の77の項（国民年金法）"


@pytest.mark.rule(Rule.PROVISION_ONLY_FOR_LISTED_AFFAIR)
@pytest.mark.parametrize(
    ("user", "affair"),
    [
        (PENSION, "1-16-1"),
        (PENSION, "1-77"),
        (PENSION, "1-77-99"),
        (PENSION, ""),
        (ProvisionUser.organ("日本年金"), "1-77-3"),
        (ProvisionUser.organ("民間株式会社"), "1-77-3"),
        # An organ by name only is never a municipality or a prefecture: nobody knows where it is.
        (ProvisionUser.organ("市町村長"), "2-8-1"),
        (ProvisionUser.organ("都道府県知事"), "5-9-1"),
        (CHIYODA, "1-77-3"),
        (CHIYODA, "5-9-1"),
        (CHIYODA, "2-5-1"),
        (CHIYODA, "2-6-1"),
        (TOKYO, "2-8-1"),
        (TOKYO, "3-29-1"),
        (ProvisionUser(UserKind.ORGAN, frozenset()), "1-77-3"),
    ],
)
def test_an_affair_listed_for_someone_else_or_for_nobody_is_refused(user: ProvisionUser, affair: str) -> None:
    with pytest.raises(AffairNotListedError):
        LAW.find_grant(user=user, affair=affair, day=DAY)


@pytest.mark.rule(Rule.PROVISION_ONLY_FOR_LISTED_AFFAIR)
def test_nothing_is_granted_before_the_network_existed() -> None:
    LAW.find_grant(user=PENSION, affair="1-77-3", day=date(2002, 8, 5))

    with pytest.raises(NotInForceError):
        LAW.find_grant(user=PENSION, affair="1-77-3", day=date(2002, 8, 4))


@pytest.mark.rule(Rule.PROVISION_WITHIN_ITS_DATES)
def test_an_affair_is_refused_the_day_before_it_begins_and_says_from_when() -> None:
    with pytest.raises(AffairNotYetInForceError) as refused:
        LAW.find_grant(user=MUTUAL_AID, affair="1-19-1", day=date(2002, 9, 11))

    assert (date(2002, 9, 12)).isoformat() in refused.value.detail
    assert "2002-09-12" in refused.value.detail
    assert LAW.find_grant(user=MUTUAL_AID, affair="1-19-1", day=date(2002, 9, 12)).items


@pytest.mark.rule(Rule.PROVISION_WITHIN_ITS_DATES)
def test_an_affair_is_refused_the_day_after_it_ended() -> None:
    listed = LAW.find_affair("1-77-3")
    last = SourcedDate(date(2020, 3, 31), Confidence.SOURCED, "告示")
    ended = ListedAffair(
        listed.id, listed.channel, listed.organs, listed.law, listed.text, listed.begins_on, listed.item_terms, last
    )
    law = ProvisionLaw({ended.id: ended})

    assert law.find_grant(user=PENSION, affair="1-77-3", day=last.day).items
    with pytest.raises(AffairEndedError) as refused:
        law.find_grant(user=PENSION, affair="1-77-3", day=last.day + timedelta(days=1))
    assert last.day.isoformat() in refused.value.detail
    require_in_force(ended, last.day)


@pytest.mark.rule(Rule.PROVISION_ONLY_OF_GRANTED_ITEMS)
def test_the_resident_record_code_is_given_to_organs_until_2015_10_04() -> None:
    code = ProvisionItem.RESIDENT_RECORD_CODE

    assert code in LAW.find_grant(user=PENSION, affair="1-77-3", day=CODE_ENDS).items
    grant = LAW.find_grant(user=PENSION, affair="1-77-3", day=CODE_ENDS + timedelta(days=1))
    with pytest.raises(ItemNotGrantedError) as refused:
        grant.require_items([ProvisionItem.NAME, code])
    assert refused.value.detail.endswith(": resident_record_code.")


@pytest.mark.rule(Rule.PROVISION_ONLY_OF_GRANTED_ITEMS)
def test_the_individual_number_is_given_only_where_the_number_act_allows_it() -> None:
    number = ProvisionItem.INDIVIDUAL_NUMBER

    assert number in LAW.find_grant(user=PENSION, affair="1-77-3", day=TODAY).items
    assert number not in LAW.find_grant(user=PENSION, affair="1-77-3", day=date(2015, 12, 31)).items
    passports = LAW.find_grant(user=ProvisionUser.organ("外務省"), affair="1-41-1", day=TODAY)
    with pytest.raises(ItemNotGrantedError):
        passports.require_items([number])


def test_an_answer_carries_only_what_was_asked_for() -> None:
    grant = LAW.find_grant(user=PENSION, affair="1-77-3", day=TODAY)

    assert grant.require_items([ProvisionItem.ADDRESS]) == {ProvisionItem.ADDRESS}
    assert grant.require_items([]) == frozenset()


@pytest.mark.rule(Rule.PROVISION_BY_THE_TABLE_OF_THE_PLACE)
def test_a_municipality_uses_table_2_for_its_own_prefecture_and_table_4_for_others() -> None:
    own = LAW.find_grant(user=CHIYODA, affair="2-8-1", day=TODAY)
    other = LAW.find_grant(user=CHIYODA, affair="4-7-1", day=TODAY)

    own.require_reach(SHINJUKU_CODE)
    other.require_reach(NAHA_CODE)
    with pytest.raises(PersonOutOfReachError):
        own.require_reach(NAHA_CODE)
    with pytest.raises(PersonOutOfReachError):
        other.require_reach(SHINJUKU_CODE)


@pytest.mark.rule(Rule.PROVISION_BY_THE_TABLE_OF_THE_PLACE)
def test_a_governor_uses_table_5_at_home_and_table_3_elsewhere() -> None:
    own = LAW.find_grant(user=TOKYO, affair="5-28-1", day=TODAY)
    other = LAW.find_grant(user=TOKYO, affair="3-23-1", day=TODAY)

    assert own.is_in_reach(SHINJUKU_CODE)
    assert not own.is_in_reach(NAHA_CODE)
    assert other.is_in_reach(NAHA_CODE)
    with pytest.raises(PersonOutOfReachError):
        other.require_reach(SHINJUKU_CODE)


def test_an_organ_is_served_nationwide() -> None:
    assert LAW.find_grant(user=PENSION, affair="1-77-3", day=TODAY).is_in_reach(NAHA_CODE)


def test_offices_that_the_tables_name_singly_follow_from_the_code() -> None:
    assert LAW.find_grant(user=ProvisionUser.municipality("341002"), affair="2-5-1", day=TODAY).items
    assert LAW.find_grant(user=ProvisionUser.municipality("341002"), affair="2-6-1", day=TODAY).items
    assert LAW.find_grant(user=ProvisionUser.municipality("422011"), affair="4-4-1", day=TODAY).items
    assert LAW.find_grant(user=ProvisionUser.prefecture("070009"), affair="3-29-1", day=TODAY).items
    assert LAW.find_grant(user=ProvisionUser.prefecture("470007"), affair="3-26.2-1", day=TODAY).items


def test_an_office_the_code_does_not_tell_is_stated_or_denied() -> None:
    core_city = "地方自治法第二百五十二条の二十二第一項の中核市の長"

    with pytest.raises(AffairNotListedError):
        LAW.find_grant(user=ProvisionUser.municipality("132012"), affair="2-9-1", day=TODAY)
    stated = ProvisionUser.municipality("132012", further=[core_city])
    assert LAW.find_grant(user=stated, affair="2-9-1", day=TODAY).items


def test_a_place_of_the_wrong_kind_is_no_user() -> None:
    for code in ("130001", "011011"):
        with pytest.raises(UnknownLocalGovernmentError):
            ProvisionUser.municipality(code)
    with pytest.raises(UnknownLocalGovernmentError):
        ProvisionUser.prefecture("131016")


def test_the_register_affairs_of_the_act_keep_the_code() -> None:
    for user, affair in ((CHIYODA, "register-2"), (TOKYO, "register-3"), (CHIYODA, "register-4")):
        assert ProvisionItem.RESIDENT_RECORD_CODE in LAW.find_grant(user=user, affair=affair, day=TODAY).items
    for affair in ("consent-5", "statistics-5"):
        items = LAW.find_grant(user=TOKYO, affair=affair, day=TODAY).items
        assert items.isdisjoint({ProvisionItem.RESIDENT_RECORD_CODE, ProvisionItem.INDIVIDUAL_NUMBER})


def test_items_are_written_in_the_order_of_the_law_and_read_back() -> None:
    text = items_text([ProvisionItem.CHANGE, ProvisionItem.NAME, ProvisionItem.SEX])

    assert text == "name,sex,change"
    assert parse_items(text.split(",")) == {ProvisionItem.CHANGE, ProvisionItem.NAME, ProvisionItem.SEX}
    with pytest.raises(UnknownCodeListValueError):
        parse_items(["name", "photo"])


def test_what_nothing_dates_is_marked_as_assumed() -> None:
    assert LAW.find_affair("1-19-1").begins_on.confidence is Confidence.SOURCED
    assumed = LAW.find_affair("1-77-3").begins_on
    assert assumed.confidence is Confidence.ASSUMED
    assert "確認できていない" in assumed.source
