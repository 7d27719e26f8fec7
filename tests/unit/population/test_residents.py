"""What generated residents are: valid by the rules of the domain, in households that can be."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet.domain.addresses import require_address_in
from jukinet.domain.characters import canonical_text
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.identification import IdentificationInformation, validate_identification
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.names import PersonName
from jukinet.population.generator import ITEMS
from jukinet.protocol.identification import IdentificationNotice
from tests.unit.population.people import (
    AS_OF,
    NAKASHIBETSU,
    SETAGAYA,
    YOKOHAMA,
    Person,
    age_of,
    households_of,
    people_of,
)

MUNICIPALITIES: Final = (SETAGAYA, NAKASHIBETSU, YOKOHAMA, "133621", "221384", "011011", "472018")
# Standard specification of resident record systems 1.1.11, the forms that occur here.
RELATIONSHIPS: Final = re.compile("世帯主|(夫|妻)(（未届）)?|子|子の(夫|妻|子)|父|母|兄|姉|弟|妹|同居人")
seeds = st.integers(min_value=0, max_value=2**64)


def notice_of(person: Person) -> IdentificationNotice:
    items = {name: person[name] for name in IdentificationNotice.__struct_fields__ if name in person}
    return msgspec.convert({**items, "reason": person["change_reason"], "update_sequence": 1}, IdentificationNotice)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, municipality=st.sampled_from(MUNICIPALITIES))
def test_every_resident_is_lawful_identification_information(seed: int, municipality: str) -> None:
    for person in people_of(municipality=municipality, residents=300, seed=seed):
        notice = notice_of(person)

        validate_identification(notice, day=AS_OF)
        IdentificationInformation.from_wire(notice)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, municipality=st.sampled_from(MUNICIPALITIES))
def test_every_name_is_inside_the_repertoire_and_written_in_the_one_text_that_means_it(
    seed: int, municipality: str
) -> None:
    for person in people_of(municipality=municipality, residents=300, seed=seed):
        name = PersonName(person["name"], person["kana"], person["former_surname"], person["alias"])

        assert canonical_text(name.name) == name.name
        assert re.fullmatch("[ぁ-ゖー　]+", name.kana)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, municipality=st.sampled_from(MUNICIPALITIES))
def test_every_address_lies_in_the_municipality(seed: int, municipality: str) -> None:
    for person in people_of(municipality=municipality, residents=300, seed=seed):
        require_address_in(LocalGovernmentCode(municipality), person["address"])


@settings(max_examples=40, deadline=None)
@given(seed=seeds, residents=st.integers(min_value=1, max_value=400))
def test_every_household_has_one_householder_and_an_adult_one(seed: int, residents: int) -> None:
    people = people_of(seed=seed, residents=residents)

    assert len(people) == residents
    for household in households_of(people):
        assert [person["relationship"] for person in household].count("世帯主") == 1
        assert household[0]["relationship"] == "世帯主"
        assert age_of(household[0]) >= 18
        assert len(household) <= 7


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_people_of_a_household_can_be_related_as_they_say(seed: int) -> None:
    for household in households_of(people_of(seed=seed, residents=1000)):
        holder = age_of(household[0])
        for person in household:
            age, relationship = age_of(person), person["relationship"]
            assert RELATIONSHIPS.fullmatch(relationship)
            # A year either way: an age is drawn in years, the birthday within the year.
            if relationship == "子":
                assert holder - age >= 16
            if relationship == "子の子":
                assert holder - age >= 32
            if relationship in {"父", "母"}:
                assert age - holder >= 16 or age >= 105
            if relationship in {"夫", "妻"}:
                assert age >= 17
                assert person["sex"] != household[0]["sex"]
            assert person["sex"] == {"父": "1", "母": "2", "妻": "2", "夫": "1"}.get(relationship, person["sex"])


def test_a_household_shares_address_protection_and_surname() -> None:
    for household in households_of(people_of(residents=5000)):
        kin = [person for person in household if person["relationship"] not in {"同居人", "妻（未届）", "夫（未届）"}]
        separator = " " if kin[0]["nationality"] else "\u3000"

        assert len({person["address"] for person in household}) == 1
        assert len({person["is_protected"] for person in household}) == 1
        assert len({person["name"].split(separator)[0] for person in kin if person["nationality"] != "フィリピン"}) <= 1


def test_dates_follow_each_other() -> None:
    for person in people_of(residents=20_000):
        birth = CivilDate.from_wire(person["birth_date"], may_be_irregular=True)
        became = CivilDate.from_wire(person["became_resident_on"]).require_exact()

        assert birth.span[0] <= became <= AS_OF
        assert birth.span[0] < AS_OF
        assert person["address_since_on"] == person["changed_on"] == person["became_resident_on"]
        assert person["change_reason"] in {"birth", "move_in"}
        assert (person["change_reason"] == "birth") == (person["birth_date"] == person["changed_on"])


def test_only_foreign_residents_have_nationality_status_and_alias() -> None:
    for person in people_of(residents=20_000):
        is_foreign = person["nationality"] is not None

        assert (person["residence_status"] is not None) == is_foreign
        assert is_foreign == bool(re.fullmatch("[A-Z]+( [A-Z]+)+", person["name"]))
        assert is_foreign or person["alias"] is None
        assert not is_foreign or person["former_surname"] is None
        assert not is_foreign or person["became_resident_on"] >= "2012-07-09"
        expected = [{"alias": person["alias"], "municipality": SETAGAYA, "recorded_on": person["became_resident_on"]}]
        assert person["alias_history"] == (expected if person["alias"] else [])


def test_a_former_surname_is_not_the_present_one() -> None:
    for person in people_of(residents=20_000):
        if person["former_surname"]:
            assert person["former_surname"] != person["name"].split("\u3000")[0]


@pytest.mark.parametrize("as_of", [date(2003, 8, 25), date(2012, 7, 9), date(2016, 1, 1)])
def test_items_that_the_law_does_not_know_yet_are_not_given(as_of: date) -> None:
    people = people_of(residents=5000, as_of=as_of)

    for person in people:
        validate_identification(notice_of(person), day=as_of)
    assert all(person["became_resident_on"] <= as_of.isoformat() for person in people)
    assert any(person["nationality"] for person in people) == (as_of >= date(2012, 7, 9))
    assert any(person["individual_number"] for person in people) == (as_of >= date(2015, 10, 5))


def test_a_json_line_has_every_item_in_order() -> None:
    (person,) = people_of(residents=1)

    assert tuple(person) == (*ITEMS, "alias_history")
