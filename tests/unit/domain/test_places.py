"""Local governments, towns, addresses."""

from __future__ import annotations

import pytest

from jukinet.domain.addresses import (
    compose_address,
    list_towns,
    require_address,
    require_address_in,
    require_postal_code,
)
from jukinet.domain.bundled import town_rows
from jukinet.domain.errors import (
    CharacterOutsideRepertoireError,
    LocalGovernmentCodeCheckDigitError,
    MalformedAddressError,
    UnknownLocalGovernmentError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import (
    LocalGovernmentKind,
    find_local_government,
    list_municipalities,
    list_prefectures,
    list_wards,
    municipality_codes,
    municipality_of,
    wards_of,
)

CHIYODA = LocalGovernmentCode("131016")
SAPPORO = LocalGovernmentCode("011002")
SAPPORO_CENTRAL = LocalGovernmentCode("011011")


def test_there_are_47_prefectures_1741_municipalities_and_171_wards() -> None:
    assert (len(list_prefectures()), len(list_municipalities()), len(list_wards())) == (47, 1741, 171)
    assert len(municipality_codes()) == 1741 + 171


def test_lists_are_in_the_order_of_the_codes() -> None:
    for listed in (list_prefectures(), list_municipalities(), list_wards()):
        assert list(listed) == sorted(listed, key=lambda government: government.code)


def test_every_ward_belongs_to_one_of_twenty_designated_cities() -> None:
    cities = [city for city in list_municipalities() if city.kind is LocalGovernmentKind.DESIGNATED_CITY]

    assert len(cities) == 20
    assert sorted(ward.code for city in cities for ward in wards_of(city.code)) == [ward.code for ward in list_wards()]
    assert all(ward.name.startswith(find_local_government(ward.designated_city or "").name) for ward in list_wards())


def test_a_ward_sends_through_its_city() -> None:
    assert municipality_of(SAPPORO_CENTRAL).code == SAPPORO
    assert municipality_of(CHIYODA).code == CHIYODA
    assert wards_of(CHIYODA) == ()
    with pytest.raises(UnknownLocalGovernmentError):
        municipality_of(CHIYODA.prefecture_code)


def test_a_local_government_is_found_by_its_code() -> None:
    assert find_local_government("131016").full_name == "東京都千代田区"
    assert find_local_government("130001").name == "東京都"
    with pytest.raises(UnknownLocalGovernmentError):
        find_local_government(LocalGovernmentCode.from_body("99999"))
    with pytest.raises(LocalGovernmentCodeCheckDigitError):
        find_local_government("131017")


def test_the_northern_territories_can_be_found_but_keep_no_register() -> None:
    village = find_local_government("016951")

    assert village.kind is LocalGovernmentKind.NORTHERN_TERRITORIES_VILLAGE
    assert village not in list_municipalities()
    with pytest.raises(UnknownLocalGovernmentError):
        municipality_of(village.code)


def test_all_towns_of_the_address_data_are_there() -> None:
    assert sum(names.count("|") + 1 for _, _, names in town_rows()) == 277_149
    assert "飯田橋一丁目" in {town.name for town in list_towns(CHIYODA)}


def test_a_designated_city_has_the_towns_of_all_its_wards() -> None:
    of_wards = [town for ward in wards_of(SAPPORO) for town in list_towns(ward.code)]

    assert list(list_towns(SAPPORO)) == of_wards
    assert {town.municipality for town in of_wards} == {ward.code for ward in wards_of(SAPPORO)}


def test_an_address_is_composed_as_a_record_writes_it_and_lies_in_its_municipality() -> None:
    address = compose_address(municipality=CHIYODA, town="飯田橋一丁目", lot="1番1号", building="飯田橋ハイツ101")

    assert address == "東京都千代田区飯田橋一丁目1番1号　飯田橋ハイツ101"
    require_address_in(CHIYODA, address)
    require_address_in(CHIYODA, "千代田区飯田橋一丁目1番1号")


def test_a_district_stands_between_prefecture_and_town() -> None:
    town = next(town for town in list_towns(LocalGovernmentCode("243442")) if town.district)

    address = compose_address(municipality=town.municipality, town=town.name, lot="1番地")

    assert address.startswith("三重県三重郡川越町")
    require_address_in(town.municipality, address)
    require_address_in(town.municipality, address.replace("三重県三重郡", "三重県"))


@pytest.mark.parametrize("municipality", [SAPPORO, LocalGovernmentCode("131024")])
def test_an_address_elsewhere_is_refused(municipality: LocalGovernmentCode) -> None:
    with pytest.raises(MalformedAddressError) as refusal:
        require_address_in(municipality, "東京都千代田区飯田橋一丁目1番1号")

    assert refusal.value.field == "address"


def test_every_municipality_takes_an_address_of_its_own() -> None:
    for government in (*list_municipalities(), *list_wards()):
        require_address_in(government.code, compose_address(municipality=government.code, town="本町", lot="1番地"))


@pytest.mark.parametrize("text", ["", " 本町1番地", "本町1番地\u3000", "本" * 201])
def test_an_empty_padded_or_endless_address_is_refused(text: str) -> None:
    with pytest.raises(MalformedAddressError):
        require_address(text, field="address")


def test_an_address_outside_the_repertoire_is_refused() -> None:
    with pytest.raises(CharacterOutsideRepertoireError):
        require_address("本町\n1番地", field="address")


@pytest.mark.parametrize("text", ["100-0001", "100000", "10000011", "１００００００", ""])
def test_a_postal_code_has_seven_digits(text: str) -> None:
    require_postal_code("1000001", field="postal_code")

    with pytest.raises(MalformedAddressError):
        require_postal_code(text, field="postal_code")
