"""Who is a hit of a search by the four basic items, and what would tell several apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.person_search import Candidate, Verdict, is_near, judge, list_birth_dates, town_of
from jukinet.domain.provision_results import ResultCategory
from jukinet.domain.stated_items import read_stated_person
from tests.unit.domain.test_stated_items import Person

STATED = {
    "name": "渡辺葵",
    "kana": "ワタナベ\u3000アオイ",
    "birth_date": "1990-05-06",
    "sex": "2",
    "address": "世田谷区太子堂1-12-3",
}


def verdict(people: list[Person], *, is_complete: bool = True, **items: Any) -> Verdict:  # noqa: ANN401 - any item
    given: dict[str, Any] = {name: value for name, value in {**STATED, **items}.items() if value is not None}
    stated = read_stated_person(**given)
    return judge(stated, [Candidate(one, ()) for one in people], is_complete=is_complete, is_strictly_complete=True)


def test_who_agrees_in_everything_is_the_hit_whoever_else_agrees_in_less() -> None:
    found = verdict(
        [Person(birth_date="1990-06-05"), Person(), Person(name="渡邉\u3000楓", kana="ワタナベ\u3000カエデ")]
    )

    assert (found.category, found.found) == (ResultCategory.FOUND, 1)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"birth_date": "1990-06-05"}, ResultCategory.FOUND),
        ({"address": "世田谷区桜9-9-9"}, ResultCategory.FOUND),
        ({"sex": "1"}, ResultCategory.FOUND),
        ({"name": None, "kana": "ワタナベ\u3000アカイ"}, ResultCategory.FOUND),
        ({"name": "渡辺桜子", "kana": "ワタナベ\u3000サクラコ"}, ResultCategory.NOT_FOUND),
        ({"name": None, "kana": "ワタナベ\u3000アカイ", "sex": "1"}, ResultCategory.NOT_FOUND),
        ({"birth_date": "1990-06-05", "address": "世田谷区桜9-9-9"}, ResultCategory.NOT_FOUND),
        # The municipality alone is no item that could outweigh a wrong birth date.
        ({"birth_date": "1990-06-05", "address": "世田谷区"}, ResultCategory.NOT_FOUND),
        ({"birth_date": "1990-06-XX"}, ResultCategory.FOUND),
        ({"name": None, "kana": "ワタナベ\u3000アカイ", "birth_date": "1990-05-XX"}, ResultCategory.NOT_FOUND),
    ],
)
def test_one_wrong_item_is_borne_where_two_others_agree_in_full(
    items: dict[str, Any], expected: ResultCategory
) -> None:
    assert verdict([Person()], **items).category is expected


def test_where_not_everybody_could_be_read_nobody_is_taken_for_the_only_one() -> None:
    found = verdict([Person()], is_complete=False, birth_date="1990-06-05")

    assert found.category is ResultCategory.TOO_MANY


def test_ten_are_several_and_eleven_too_many() -> None:
    people = [Person(address=f"東京都世田谷区太子堂一丁目12番3号\u3000若葉荘{room}") for room in range(11)]

    assert verdict(people[:10]).category is ResultCategory.SEVERAL
    assert verdict(people[:10]).refine == ("address",)
    assert verdict(people).category is ResultCategory.TOO_MANY


def test_what_tells_several_apart_is_named_best_first_and_nothing_of_them() -> None:
    people = [Person(sex="1"), Person(birth_date="1990-05-07"), Person(birth_date="1990-05-08")]

    found = verdict(people, birth_date="1990-05-XX", sex=None)

    assert (found.category, found.refine) == (ResultCategory.SEVERAL, ("birth_date", "sex"))
    assert found.found is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ワタナヘアオイ", "ワタナヘアカイ", True),
        ("ワタナヘアオイ", "ワタナヘオアイ", True),
        ("ワタナヘアオイ", "ワタナヘアオ", True),
        ("ワタナヘアオイ", "スタナヘアオキ", False),
        ("ワタナヘアオイ", "ワタナヘサクラコ", False),
        ("渡邉葵", "渡部葵", True),
        ("林葵", "森葵", False),
        ("アイ", "アオ", False),
    ],
)
def test_names_are_near_that_differ_at_one_place(one: str, other: str, *, expected: bool) -> None:
    assert is_near(one, other) is expected
    assert is_near(other, one) is expected


def test_a_date_is_looked_for_as_it_may_be_recorded() -> None:
    assert list_birth_dates(CivilDate.from_wire("1990-05-06")) == ["1990-05-06", "1990-05-XX", "1990-XX-XX"]
    month = list_birth_dates(CivilDate.from_wire("1990-05-XX", may_be_irregular=True))
    assert len(month) == 31 + 2
    year = list_birth_dates(CivilDate.from_wire("1992-XX-XX", may_be_irregular=True))
    assert len(year) == 366 + 12 + 1
    assert list_birth_dates(CivilDate.from_wire("XXXX-XX-XX", may_be_irregular=True)) == []


@given(st.dates())
def test_an_exact_date_is_always_among_what_is_looked_for(day: Any) -> None:  # noqa: ANN401 - a date
    wire = CivilDate.of(day).wire

    assert wire in list_birth_dates(CivilDate.from_wire(wire))


@given(st.text(max_size=20))
def test_the_town_of_an_address_is_its_beginning_without_a_figure(key: str) -> None:
    town = town_of(key)

    assert key.startswith(town)
    assert not any(character in "0123456789" for character in town)
