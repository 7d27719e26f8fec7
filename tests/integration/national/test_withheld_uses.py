"""A use the person is not told of yet is on the log at once, with the day on which it is shown (I4, I11)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from jukinet.audit.use_store import NEWEST, list_logged_uses
from jukinet.domain.errors import MissingItemError, OnlyRealTimeError, UnknownCodeListValueError
from jukinet.domain.provision_law import bundled_law
from jukinet.domain.provision_users import ProvisionUser
from jukinet.domain.provision_withholding import UsesWithheld, WithheldReason, require_shown_at_once
from jukinet.domain.rules import Rule
from jukinet.national.app import MIGRATIONS
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.usecases.decide_law_change import approve_law_change
from jukinet.national.usecases.propose_law_change import propose_law_change
from jukinet.national.usecases.search_person import PersonSearchDesk
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.person_search import PersonSearchQuery
from tests.builders import NOW, ORGANS, PENSION, PENSION_AFFAIR, TODAY, code, list_rows, message_id, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.national.test_confirm_person import Nation, ask, person, query

TOMORROW = TODAY + timedelta(days=1)
LATER = NOW + timedelta(days=1)
LOG = "SELECT method, withheld_reason, withheld_until FROM audit.use_log ORDER BY message_id"
INVESTIGATED = UsesWithheld(affair=PENSION_AFFAIR, reason=WithheldReason.INVESTIGATION, days=90)


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Nation(node, database)


async def enact(nation: Nation, act: UsesWithheld, day: date = TOMORROW) -> LawKeeper:
    keeper = LawKeeper(nation.database)
    number = await propose_law_change(
        act=act,
        effective_on=day,
        source="刑事訴訟法第197条第2項",
        operator_id="shirai",
        keeper=keeper,
        database=nation.database,
        now=NOW,
    )
    await approve_law_change(
        proposal_number=number, operator_id="kuroki", keeper=keeper, database=nation.database, now=NOW
    )
    return keeper


@pytest.mark.invariant("I4")
@pytest.mark.invariant("I11")
async def test_from_its_day_on_every_use_for_the_affair_is_logged_and_not_shown_before_its_term(nation: Nation) -> None:
    known = person(1)
    await nation.know(known)
    await enact(nation, INVESTIGATED)
    before = await ask(nation.desk(), query(1), 1)
    after = await ask(nation.desk(lambda: LATER), query(1), 2)
    searching = PersonSearchDesk(database=nation.database, clock=lambda: LATER, gate=nation.gate(lambda: LATER))
    asked = PersonSearchQuery(
        affair=PENSION_AFFAIR,
        purpose="年金の支給",
        matter_number="年金-1",
        official="official",
        stated=StatedItems(name=known.name, birth_date=known.birth_date, address=known.address),
    )
    found = await searching.search_person(asked, agency=PENSION, message_id=message_id(3))
    async with nation.database.connection() as unit:
        shown = await list_logged_uses(unit, code(1), before=NEWEST, limit=10)

    assert [one.result for one in (before, after, found)] == ["found"] * 3
    until = TOMORROW + timedelta(days=90)
    assert await list_rows(nation.node, LOG) == [
        ("real_time", None, None),
        ("real_time", "investigation", until),
        ("search", "investigation", until),
    ]
    assert [use.message_id for use, _ in shown] == [message_id(1)]


@pytest.mark.rule(Rule.WITHHELD_USES_ONE_BY_ONE)
async def test_such_an_affair_is_asked_for_person_by_person_until_it_is_withheld_no_longer(nation: Nation) -> None:
    await enact(nation, INVESTIGATED)
    keeper = await enact(nation, UsesWithheld(affair=PENSION_AFFAIR), TOMORROW + timedelta(days=10))
    law, _ = await keeper.current()
    user = ProvisionUser.organ(ORGANS[PENSION.code])

    def withholding(days: int) -> object:
        return law.find_grant(user=user, affair=PENSION_AFFAIR, day=TODAY + timedelta(days=days)).withholding

    with pytest.raises(OnlyRealTimeError):
        require_shown_at_once(law.find_affair(PENSION_AFFAIR).withholding_on(TOMORROW))
    assert [withholding(days) is not None for days in (0, 1, 10, 11)] == [False, True, True, False]
    assert bundled_law().find_affair(PENSION_AFFAIR).withheld == ()


async def test_nothing_is_withheld_of_what_local_governments_ask(nation: Nation) -> None:
    act = UsesWithheld(affair="2-5-1", reason=WithheldReason.THIRD_PARTY, days=30)
    with pytest.raises(UnknownCodeListValueError):
        await enact(nation, act)


@pytest.mark.parametrize(
    "act",
    [
        UsesWithheld(affair=PENSION_AFFAIR, reason=WithheldReason.INVESTIGATION),
        UsesWithheld(affair=PENSION_AFFAIR, reason=WithheldReason.THIRD_PARTY, days=1828),
        UsesWithheld(affair=PENSION_AFFAIR, days=30),
    ],
)
async def test_nothing_is_withheld_for_ever(nation: Nation, act: UsesWithheld) -> None:
    with pytest.raises(MissingItemError) as refused:
        await enact(nation, act)
    assert refused.value.field == "withheld_days"
