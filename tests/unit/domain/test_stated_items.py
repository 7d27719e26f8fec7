"""What an organ states agrees with a record by folding, in part or not at all; and nothing stated ever breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jukinet.domain.errors import InvalidValueError, MalformedAddressError
from jukinet.domain.provision_results import Agreement
from jukinet.domain.search_keys import address_key_of, list_places
from jukinet.domain.stated_items import FormerKeys, StatedPerson, read_stated_person

SETAGAYA = "131121"


@dataclass(frozen=True)
class Person:
    name: str = "渡邉\u3000葵"
    kana: str = "ワタナベ\u3000アオイ"
    former_surname: str | None = None
    alias: str | None = None
    birth_date: str = "1990-05-06"
    sex: str = "2"
    municipality: str = SETAGAYA
    address: str = "東京都世田谷区太子堂一丁目12番3号\u3000若葉荘101"

    def __repr__(self) -> str:
        return "Person(***)"


def agreement(item: str, text: str, person: Person | None = None) -> Agreement:
    stated: dict[str, Any] = {item: text}
    found: Agreement = getattr(read_stated_person(**stated).compare(person or Person()), item)
    return found


@pytest.mark.parametrize(
    ("item", "text", "expected"),
    [
        ("name", "渡邉\u3000葵", Agreement.AGREES),
        ("name", "渡辺葵", Agreement.AGREES_FOLDED),
        ("name", "渡部葵", Agreement.DIFFERS),
        ("kana", "ワタナベ\u3000アオイ", Agreement.AGREES),
        ("kana", "わたなへあおい", Agreement.AGREES_FOLDED),
        ("kana", "ワタナベ\u3000アオキ", Agreement.DIFFERS),
        ("birth_date", "1990-05-06", Agreement.AGREES),
        ("birth_date", "1990-05-XX", Agreement.AGREES_IN_PART),
        ("birth_date", "1990-XX-XX", Agreement.AGREES_IN_PART),
        ("birth_date", "1990-06-XX", Agreement.DIFFERS),
        ("birth_date", "1990-06-05", Agreement.DIFFERS),
        ("sex", "2", Agreement.AGREES),
        ("sex", "1", Agreement.DIFFERS),
        ("address", "東京都世田谷区太子堂一丁目12番3号\u3000若葉荘101", Agreement.AGREES),
        ("address", "世田谷区太子堂1-12-3 若葉荘101", Agreement.AGREES_FOLDED),
        ("address", "世田谷区太子堂1-12-3", Agreement.AGREES_IN_PART),
        ("address", "世田谷区太子堂", Agreement.AGREES_IN_PART),
        ("address", "世田谷区", Agreement.AGREES_IN_PART),
        ("address", "世田谷区1丁目12番3号", Agreement.AGREES_IN_PART),
        ("address", "世田谷区太子堂1-1", Agreement.DIFFERS),
        ("address", "世田谷区太子堂1-12-3 若葉荘1", Agreement.DIFFERS),
        ("address", "世田谷区桜1-12-3", Agreement.DIFFERS),
        ("address", "東京都杉並区太子堂1-12-3", Agreement.DIFFERS),
    ],
)
def test_an_item_agrees_as_far_as_it_says_the_same(item: str, text: str, expected: Agreement) -> None:
    assert agreement(item, text) is expected


def test_what_is_stated_beyond_the_record_still_agrees_in_part() -> None:
    person = Person(address="東京都世田谷区太子堂一丁目12番3号")

    assert agreement("address", "世田谷区太子堂1-12-3 若葉荘101", person) is Agreement.AGREES_IN_PART
    assert agreement("address", "世田谷区太子堂1-12-34", person) is Agreement.DIFFERS


def test_every_name_a_person_goes_by_agrees() -> None:
    person = Person(former_surname="鈴木", alias="山田\u3000花")

    assert agreement("name", "鈴木\u3000葵", person) is Agreement.AGREES
    assert agreement("name", "山田花", person) is Agreement.AGREES_FOLDED
    assert agreement("name", "鈴木\u3000花", person) is Agreement.DIFFERS


def test_a_date_known_in_part_on_the_record_agrees_in_part() -> None:
    person = Person(birth_date="1990-XX-XX")

    assert agreement("birth_date", "1990-05-06", person) is Agreement.AGREES_IN_PART
    assert agreement("birth_date", "1991-05-06", person) is Agreement.DIFFERS


def test_a_sex_the_record_leaves_open_agrees_in_part() -> None:
    assert agreement("sex", "1", Person(sex="9")) is Agreement.AGREES_IN_PART


def test_what_was_recorded_formerly_is_compared_by_its_keys() -> None:
    former = FormerKeys(
        "ススキアオイ", "鈴木葵", SETAGAYA, address_key_of(SETAGAYA, "東京都世田谷区桜1番1号"), "1990-05-06"
    )
    stated = read_stated_person(name="鈴木葵", address="世田谷区桜1-1", birth_date="1990-05-06", sex="2")

    compared = stated.compare_former(former)

    assert compared.name is Agreement.AGREES_FOLDED
    assert compared.address is Agreement.AGREES_FOLDED
    assert compared.sex is Agreement.NOT_STATED


@pytest.mark.parametrize(
    ("address", "places"),
    [
        ("府中市宮町1-24", {("132063", "宮町1-24"), ("342084", "宮町1-24")}),
        ("札幌市中央区北一条西2丁目", {("011011", "北1条西2"), ("011002", "中央區北1条西2")}),
        ("市川市八幡1-1-1", {("122033", "八幡1-1-1")}),
        ("太子堂1-1", set()),
    ],
)
def test_an_address_lies_in_every_municipality_whose_name_it_begins_with(
    address: str, places: set[tuple[str, str]]
) -> None:
    assert {tuple(place) for place in list_places(address)} == places


def test_a_designated_city_alone_means_its_wards() -> None:
    assert {"011002", "011011"} < {place.municipality for place in list_places("札幌市")}


def test_an_address_without_a_municipality_is_refused() -> None:
    with pytest.raises(MalformedAddressError) as caught:
        read_stated_person(address="太子堂1-1")

    assert caught.value.field == "address"


TEXT = st.text(max_size=40) | st.text(
    alphabet="一二三十丁目番号-1２ー\u3000 東京都世田谷区太子堂渡邉ワタﾜﾀ\U000e0101", max_size=40
)


@given(name=TEXT, kana=TEXT, birth_date=TEXT, sex=TEXT, address=TEXT)
def test_whatever_is_stated_is_read_or_refused_by_its_own_error(**items: str) -> None:
    for item, text in items.items():
        refused: InvalidValueError | None = None
        try:
            read_stated_person(**{item: text}).compare(Person())  # type: ignore[arg-type]  # one item of text
        except InvalidValueError as error:
            refused = error
        assert refused is None or refused.field == item


@given(st.text(alphabet="一二三四五六七八九十0123456789丁目番地号-の荘棟Ａ\u3000", max_size=30))
@example("十十丁目")
def test_an_address_always_agrees_with_itself_and_with_its_municipality(rest: str) -> None:
    address = f"東京都世田谷区太子堂{rest}".rstrip()
    person = Person(address=address)

    assert agreement("address", address, person) is Agreement.AGREES
    assert agreement("address", "世田谷区", person) in {Agreement.AGREES_IN_PART, Agreement.AGREES}


def test_what_is_stated_shows_nobody_in_its_repr() -> None:
    stated = read_stated_person(name="渡邉葵", address="世田谷区桜1-1")

    assert repr(stated) == "StatedPerson(***)"
    assert "渡" not in repr(stated.places)
    assert repr(StatedPerson()) == "StatedPerson(***)"
