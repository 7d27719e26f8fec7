"""Provision to local governments: who may ask for whom by which table, which node answers, and where it is logged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final

import pytest

from jukinet.domain.errors import (
    AffairNotListedError,
    ConsentUndatedError,
    ItemNotGrantedError,
    PeerNotPermittedError,
    PeerRefusedError,
    PeerUnreachableError,
    StatisticsOnlyError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_affairs import Ordinance
from jukinet.domain.provision_changes import NewAffair
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.rules import Rule
from jukinet.national.usecases.answer_local_government import asker_of
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.node_names import NATIONAL
from tests.builders import SETAGAYA, TOKYO
from tests.fixtures_postgres import MakeDatabase
from tests.integration.local_provision.parties import NAGANO, OF_NAGANO, OF_TOKYO, LocalParties, opened_local_parties

OWN_USE: Final = "5-1-1"
OTHER_PREFECTURES: Final = "3-1-1"
MUNICIPALITIES: Final = "2-1-1"
OTHER_MUNICIPALITIES: Final = "4-1-1"
_REFUSED: Final = "SELECT actor, detail->>'error_code' FROM audit.event WHERE event = 'provision:refused'"


@pytest.fixture
async def parties(embedded_database: MakeDatabase) -> AsyncIterator[LocalParties]:
    async with opened_local_parties(embedded_database) as opened:
        yield opened


def ordinance(channel: Channel, giver: str, organ: str) -> NewAffair:
    return NewAffair(
        channel=channel,
        organs=(organ,),
        law="",
        text="医療費の助成",
        items=frozenset({ProvisionItem.NAME, ProvisionItem.ADDRESS}),
        ordinance=Ordinance(LocalGovernmentCode(giver), "令和8年条例第12号", date(2026, 3, 20)),
    )


@pytest.mark.invariant("I4")
async def test_the_prefecture_answers_of_its_own_residents_and_logs_it_itself(parties: LocalParties) -> None:
    own = await parties.ask_as_prefecture(OWN_USE)
    of_municipality = await parties.ask_as_municipality(MUNICIPALITIES, items=("name",))
    stated = StatedItems(name="試験葵", birth_date="1990-05-07")
    compared = await parties.ask_as_prefecture(OWN_USE, items=None, stated=stated)

    assert compared.person is None
    assert compared.agreements is not None
    assert compared.agreements.birth_date == "differs"
    assert own.person is not None
    assert own.person.name == "試験\u3000葵"
    assert of_municipality.person is not None
    assert (of_municipality.person.name, of_municipality.person.address) == ("試験\u3000葵", None)
    first, second, _ = await parties.uses(TOKYO)
    assert first[:4] == (TOKYO.text, "found", "name,address", OF_TOKYO)
    assert second[:4] == (SETAGAYA.text, "found", "name", OF_TOKYO)
    assert "第30条の15" in first[4]
    assert "別表第2" in second[4]
    assert await parties.uses(NATIONAL) == []


@pytest.mark.invariant("I4")
async def test_the_nation_answers_of_others_residents_and_logs_it_itself(parties: LocalParties) -> None:
    of_prefecture = await parties.ask_as_prefecture(OTHER_PREFECTURES, resident_record_code=OF_NAGANO)
    of_municipality = await parties.ask_as_municipality(OTHER_MUNICIPALITIES, resident_record_code=OF_NAGANO)

    assert of_prefecture.person is not None
    assert of_municipality.person is not None
    assert of_municipality.person.name == "信濃\u3000太郎"
    assert [row[:4] for row in await parties.uses(NATIONAL)] == [
        (TOKYO.text, "found", "name,address", OF_NAGANO),
        (SETAGAYA.text, "found", "name,address", OF_NAGANO),
    ]
    assert await parties.uses(TOKYO) == []


async def test_whom_the_table_does_not_reach_is_not_found(parties: LocalParties) -> None:
    own_by_table_3 = await parties.ask_as_prefecture(OTHER_PREFECTURES, resident_record_code=OF_TOKYO)
    other_by_table_5 = await parties.ask_as_prefecture(OWN_USE, resident_record_code=OF_NAGANO)

    assert (own_by_table_3.result, own_by_table_3.person) == ("not_found", None)
    assert (other_by_table_5.result, other_by_table_5.person) == ("not_found", None)
    assert [row[1:3] for row in await parties.uses(NATIONAL)] == [("not_found", "")]


REFUSALS: Final[list[tuple[str, dict[str, Any], type[Exception]]]] = [
    (MUNICIPALITIES, {}, AffairNotListedError),
    ("1-74-2", {}, AffairNotListedError),
    (OWN_USE, {"items": ("individual_number",)}, ItemNotGrantedError),
    (OWN_USE, {"items": ("resident_record_code",)}, ItemNotGrantedError),
    (OWN_USE, {"consented_on": "2026-03-01"}, ConsentUndatedError),
]


@pytest.mark.invariant("I5")
async def test_what_is_not_listed_for_the_asker_is_refused_and_recorded(parties: LocalParties) -> None:
    for affair, items, error in REFUSALS:
        with pytest.raises(error):
            await parties.ask_as_prefecture(affair, **items)
    with pytest.raises(PeerRefusedError):
        await parties.ask_as_municipality(OWN_USE)

    assert await parties.uses(TOKYO) == []
    refused = await parties.rows(TOKYO, _REFUSED)
    assert [actor for actor, _ in refused] == [TOKYO.text] * len(REFUSALS) + [SETAGAYA.text]


@pytest.mark.rule(Rule.CONSENT_BEFORE_USE)
async def test_consent_is_stated_with_its_day_and_statistics_look_nobody_up(parties: LocalParties) -> None:
    with pytest.raises(ConsentUndatedError):
        await parties.ask_as_prefecture(Channel.CONSENT.value)
    with pytest.raises(ConsentUndatedError):
        await parties.ask_as_prefecture(Channel.CONSENT.value, consented_on="2027-01-01")
    with pytest.raises(StatisticsOnlyError):
        await parties.ask_as_prefecture(Channel.STATISTICS.value)

    answer = await parties.ask_as_prefecture(Channel.CONSENT.value, consented_on="2026-03-01")

    assert answer.result == "found"
    ((*_, ground),) = await parties.uses(TOKYO)
    assert ground.endswith("（本人の同意 2026-03-01）")


async def test_an_ordinance_gives_from_its_day_and_only_of_its_own_residents(parties: LocalParties) -> None:
    await parties.enact(ordinance(Channel.ORDINANCE_OTHER_PREFECTURES, NAGANO.code, "都道府県知事"))
    listed = await parties.grants.list_of(TOKYO)
    (affair,) = [one.affair for one in listed.affairs if one.giver == NAGANO.code]

    of_giver = await parties.ask_as_prefecture(affair, resident_record_code=OF_NAGANO)
    of_others = await parties.ask_as_prefecture(affair, resident_record_code=OF_TOKYO)

    assert (of_giver.result, of_others.result) == ("found", "not_found")
    assert "令和8年条例第12号" in (await parties.uses(NATIONAL))[0][4]


async def test_while_the_nation_is_away_what_it_told_today_stands(parties: LocalParties) -> None:
    with pytest.raises(PeerUnreachableError):
        parties.is_cut = True
        await parties.ask_as_prefecture(OWN_USE)
    parties.is_cut = False
    await parties.ask_as_prefecture(OWN_USE)
    parties.is_cut = True
    parties.now = parties.now.replace(hour=9)

    answer = await parties.ask_as_prefecture(OWN_USE)

    assert answer.result == "found"
    with pytest.raises(PeerUnreachableError):
        await parties.ask_as_prefecture(OTHER_PREFECTURES, resident_record_code=OF_NAGANO)


def test_a_prefecture_speaks_for_its_own_municipalities_alone() -> None:
    assert asker_of("", TOKYO) == TOKYO
    assert asker_of(SETAGAYA.code, TOKYO) == SETAGAYA
    with pytest.raises(PeerNotPermittedError):
        asker_of("202029", TOKYO)
