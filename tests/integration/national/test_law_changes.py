"""The law of provision changes by two people, in advance, logged; requests are held against the law of their day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from jukinet.domain.errors import (
    AffairEndedError,
    AffairNotListedError,
    AffairNotYetInForceError,
    ConstraintViolatedError,
    ItemNotGrantedError,
    JukinetError,
    LawChangeNotInAdvanceError,
    LawProposalDecidedError,
    LawProposalNotFoundError,
    MissingItemError,
    NotPermittedError,
    OfficeNotPermittedError,
    SelfReviewError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.provision_affairs import Ordinance
from jukinet.domain.provision_changes import (
    Act,
    BeginningOfAffair,
    EndOfAffair,
    EndOfOffice,
    ItemsOfAffair,
    NewAffair,
    NewOffice,
)
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import Grant
from jukinet.domain.rules import Rule
from jukinet.domain.stated_grounds import StatedGround
from jukinet.national.app import MIGRATIONS
from jukinet.national.law_keeper import LawKeeper
from jukinet.national.law_store import find_proposal, list_proposals
from jukinet.national.usecases.authorise_provision import Authorisation, authorise_provision
from jukinet.national.usecases.decide_law_change import approve_law_change, reject_law_change, withdraw_law_change
from jukinet.national.usecases.propose_law_change import propose_law_change
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.node_names import NodeName
from tests.builders import (
    MUSASHINO,
    NOW,
    ORGANS,
    PASSPORT,
    PASSPORT_AFFAIR,
    PENSION,
    PENSION_AFFAIR,
    SETAGAYA,
    TODAY,
    TOKYO,
    execute,
    list_rows,
    opened,
)
from tests.fixtures_postgres import MakeDatabase

NEXT_MONTH = date(2026, 5, 1)
TOMORROW = TODAY + timedelta(days=1)
SOURCE = "令和8年法律第1号"
REFUSALS = "SELECT actor, outcome, detail FROM audit.event WHERE event = 'provision:refused' ORDER BY event_id"
EVENTS = "SELECT event, actor FROM audit.event WHERE starts_with(event, 'law:') ORDER BY event DESC"
SCHOOL_MEALS = NewAffair(
    channel=Channel.ORDINANCE_MUNICIPALITIES,
    organs=("市町村長",),
    law="",
    text="学校給食費の助成",
    items=frozenset({ProvisionItem.NAME, ProvisionItem.ADDRESS}),
    ordinance=Ordinance(LocalGovernmentCode(TOKYO.code), "令和8年東京都条例第12号", date(2026, 3, 20)),
    ends_on=date(2026, 12, 31),
)


@dataclass
class Nation:
    node: NodeDatabase
    database: Database
    keeper: LawKeeper
    now: datetime = field(default=NOW)
    organs: Mapping[str, str] = field(default_factory=lambda: ORGANS)

    async def propose(
        self, act: Act, effective_on: date = NEXT_MONTH, *, by: str = "shirai", source: str = SOURCE
    ) -> int:
        return await propose_law_change(
            act=act,
            effective_on=effective_on,
            source=source,
            operator_id=by,
            keeper=self.keeper,
            database=self.database,
            now=self.now,
        )

    async def approve(self, number: int, *, by: str = "kuroki") -> None:
        await approve_law_change(
            proposal_number=number, operator_id=by, keeper=self.keeper, database=self.database, now=self.now
        )

    async def enact(self, act: Act, effective_on: date = NEXT_MONTH) -> int:
        number = await self.propose(act, effective_on)
        await self.approve(number)
        return number

    async def reject(self, number: int, *, by: str, reason: str = "誤り") -> None:
        await reject_law_change(
            proposal_number=number, reason=reason, operator_id=by, database=self.database, now=self.now
        )

    async def withdraw(self, number: int, *, by: str) -> None:
        await withdraw_law_change(proposal_number=number, operator_id=by, database=self.database, now=self.now)

    async def authorise(
        self,
        affair: str = PENSION_AFFAIR,
        *,
        sender: NodeName = PENSION,
        items: list[ProvisionItem] | None = None,
        day: date = TODAY,
        office: str = "",
        blank: str = "",
    ) -> Authorisation:
        texts = {"purpose": "年金の支給", "matter_number": "年金-1", "official": "official"}
        if blank:
            texts[blank] = " "
        return await authorise_provision(
            sender=sender,
            stated=StatedGround(affair=affair, office=office, **texts),
            items=items,
            organs=self.organs,
            keeper=self.keeper,
            database=self.database,
            now=NOW + (day - TODAY),
        )

    async def grant(self, affair: str, **asked: Any) -> Grant:  # noqa: ANN401 - as of `authorise`
        return (await self.authorise(affair, **asked)).grant


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> AsyncIterator[Nation]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Nation(node, database, LawKeeper(database))


async def test_an_affair_added_by_two_people_is_granted_from_its_day(nation: Nation) -> None:
    act = NewAffair(
        channel=Channel.ORGANS,
        organs=("外務省",),
        law="旅券法",
        text="旅券の電子申請",
        items=frozenset({ProvisionItem.NAME}),
        affair="1-41-6",
    )
    number = await nation.propose(act)
    with pytest.raises(AffairNotListedError):
        await nation.authorise("1-41-6", sender=PASSPORT, day=NEXT_MONTH)
    await nation.approve(number)

    with pytest.raises(AffairNotYetInForceError) as refused:
        await nation.authorise("1-41-6", sender=PASSPORT, day=NEXT_MONTH - timedelta(days=1))
    assert (NEXT_MONTH).isoformat() in refused.value.detail
    grant = await nation.grant("1-41-6", sender=PASSPORT, day=NEXT_MONTH)
    assert grant.items == {ProvisionItem.NAME}
    assert grant.ground == "住民基本台帳法第30条の9、別表第1の41の項（旅券法）"
    assert grant.affair.begins_on.source == SOURCE
    assert await list_rows(nation.node, EVENTS) == [("law:proposed", "shirai"), ("law:decided", "kuroki")]


async def test_an_ended_affair_is_granted_until_the_day_before(nation: Nation) -> None:
    await nation.enact(EndOfAffair(affair=PENSION_AFFAIR))

    assert (await nation.grant(PENSION_AFFAIR, day=NEXT_MONTH - timedelta(days=1))).items
    with pytest.raises(AffairEndedError):
        await nation.authorise(day=NEXT_MONTH)


async def test_items_change_on_their_day_and_not_before(nation: Nation) -> None:
    only = frozenset({ProvisionItem.NAME, ProvisionItem.CHANGE})
    before = (await nation.grant(PENSION_AFFAIR)).items
    await nation.enact(ItemsOfAffair(affair=PENSION_AFFAIR, items=only))

    assert (await nation.grant(PENSION_AFFAIR, day=NEXT_MONTH - timedelta(days=1))).items == before
    assert (await nation.grant(PENSION_AFFAIR, day=NEXT_MONTH)).items == only
    with pytest.raises(ItemNotGrantedError):
        await nation.authorise(items=[ProvisionItem.ADDRESS], day=NEXT_MONTH)


async def test_two_changes_of_items_have_effect_each_from_its_day_whichever_came_first(nation: Nation) -> None:
    later, sooner = frozenset({ProvisionItem.SEX}), frozenset({ProvisionItem.NAME})
    await nation.enact(ItemsOfAffair(affair=PENSION_AFFAIR, items=later), date(2026, 6, 1))
    await nation.enact(ItemsOfAffair(affair=PENSION_AFFAIR, items=sooner), NEXT_MONTH)

    assert (await nation.grant(PENSION_AFFAIR, day=date(2026, 5, 31))).items == sooner
    assert (await nation.grant(PENSION_AFFAIR, day=date(2026, 6, 1))).items == later


async def test_the_first_day_moves_while_it_lies_ahead(nation: Nation) -> None:
    number = await nation.enact(SCHOOL_MEALS)
    affair = f"ordinance-{TOKYO.code}-{number}"
    await nation.enact(BeginningOfAffair(affair=affair), TOMORROW)

    assert (await nation.grant(affair, sender=SETAGAYA, day=TOMORROW)).items == SCHOOL_MEALS.items
    with pytest.raises(LawChangeNotInAdvanceError):
        await nation.propose(BeginningOfAffair(affair=PENSION_AFFAIR))


async def test_an_ordinance_serves_whom_it_names_until_its_last_day(nation: Nation) -> None:
    number = await nation.enact(SCHOOL_MEALS)
    affair = f"ordinance-{TOKYO.code}-{number}"

    grant = await nation.grant(affair, sender=MUSASHINO, day=NEXT_MONTH)
    assert grant.ground == "住民基本台帳法第30条の13第1項、令和8年東京都条例第12号"
    assert grant.is_in_reach(LocalGovernmentCode(SETAGAYA.code))
    assert not grant.is_in_reach(LocalGovernmentCode("011029"))
    for elsewhere in (NodeName.parse("municipal/141003"), PENSION, TOKYO):
        with pytest.raises(AffairNotListedError):
            await nation.authorise(affair, sender=elsewhere, day=NEXT_MONTH)
    with pytest.raises(AffairEndedError):
        await nation.authorise(affair, sender=MUSASHINO, day=date(2027, 1, 1))


async def test_an_ordinance_for_other_executives_serves_those_the_configuration_names(nation: Nation) -> None:
    board = replace(SCHOOL_MEALS, channel=Channel.ORDINANCE_OWN_EXECUTIVES, organs=("教育委員会",))
    affair = f"ordinance-{TOKYO.code}-{await nation.enact(board)}"

    with pytest.raises(AffairNotListedError):
        await nation.authorise(affair, sender=TOKYO, day=NEXT_MONTH)
    nation.organs = {TOKYO.text: "教育委員会、公安委員会"}
    grant = await nation.grant(affair, sender=TOKYO, day=NEXT_MONTH)
    assert grant.ground == "住民基本台帳法第30条の15第2項第2号、令和8年東京都条例第12号"


@pytest.mark.rule(Rule.LAW_CHANGES_IN_ADVANCE)
async def test_nobody_approves_what_he_or_she_proposed(nation: Nation) -> None:
    number = await nation.propose(EndOfAffair(affair=PENSION_AFFAIR))

    with pytest.raises(SelfReviewError):
        await nation.approve(number, by="shirai")
    assert (await nation.grant(PENSION_AFFAIR, day=NEXT_MONTH)).items


DECIDE = """
    INSERT INTO law.decision (proposal_number, proposed_by, effective_on, is_approved, decided_by, decided_on,
                              decided_at)
    VALUES (%(number)s, %(proposed_by)s, %(effective_on)s, true, %(decided_by)s, %(decided_on)s, now())
"""


@pytest.mark.rule(Rule.LAW_CHANGES_IN_ADVANCE)
@pytest.mark.parametrize(
    ("proposed_by", "decided_by", "effective_on", "decided_on", "constraint"),
    [
        ("shirai", "shirai", NEXT_MONTH, TODAY, "decision_by_another"),
        # Saying that somebody else proposed it, or that it begins later, does not help.
        ("other", "shirai", NEXT_MONTH, TODAY, "decision_of_proposal"),
        ("shirai", "kuroki", date(2026, 8, 1), TODAY, "decision_of_proposal"),
        ("shirai", "kuroki", NEXT_MONTH, NEXT_MONTH, "decision_in_advance"),
    ],
)
async def test_the_database_refuses_one_person_and_hindsight_by_itself(  # noqa: PLR0917 - one table
    nation: Nation, proposed_by: str, decided_by: str, effective_on: date, decided_on: date, constraint: str
) -> None:
    number = await nation.propose(EndOfAffair(affair=PENSION_AFFAIR))
    parameters = {
        "number": number,
        "proposed_by": proposed_by,
        "decided_by": decided_by,
        "effective_on": effective_on,
        "decided_on": decided_on,
    }

    with pytest.raises(ConstraintViolatedError) as refused:
        async with nation.database.transaction() as unit:
            await unit.execute(DECIDE, parameters)
    assert refused.value.constraint_name == constraint


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE law.proposal SET effective_on = effective_on + 1",
        "DELETE FROM law.proposal",
        "UPDATE law.decision SET is_approved = true",
        "DELETE FROM law.decision",
        "TRUNCATE law.decision",
    ],
)
async def test_what_was_proposed_and_decided_is_never_edited(nation: Nation, statement: str) -> None:
    await nation.enact(EndOfAffair(affair=PENSION_AFFAIR))

    with pytest.raises(JukinetError):
        async with nation.database.transaction() as unit:
            await unit.execute(statement.encode())


@pytest.mark.rule(Rule.LAW_CHANGES_IN_ADVANCE)
@pytest.mark.parametrize("effective_on", [TODAY, TODAY - timedelta(days=1), date(2010, 1, 1)])
async def test_nothing_is_changed_for_today_or_the_past(nation: Nation, effective_on: date) -> None:
    with pytest.raises(LawChangeNotInAdvanceError):
        await nation.propose(EndOfAffair(affair=PENSION_AFFAIR), effective_on)


@pytest.mark.rule(Rule.LAW_CHANGES_IN_ADVANCE)
async def test_a_proposal_whose_day_has_come_is_approved_no_more(nation: Nation) -> None:
    number = await nation.propose(EndOfAffair(affair=PENSION_AFFAIR), TOMORROW)
    nation.now = NOW + timedelta(days=1)

    with pytest.raises(LawChangeNotInAdvanceError):
        await nation.approve(number)


async def test_a_proposal_is_decided_once(nation: Nation) -> None:
    number = await nation.enact(EndOfAffair(affair=PENSION_AFFAIR))

    with pytest.raises(LawProposalDecidedError):
        await nation.approve(number)
    with pytest.raises(LawProposalNotFoundError):
        await nation.approve(number + 1)


async def test_a_second_approval_is_held_against_the_law_the_first_made(nation: Nation) -> None:
    first = await nation.propose(EndOfAffair(affair=PENSION_AFFAIR), NEXT_MONTH)
    second = await nation.propose(EndOfAffair(affair=PENSION_AFFAIR), date(2026, 6, 1))
    await nation.approve(first)

    with pytest.raises(AffairEndedError):
        await nation.approve(second)


async def test_a_proposal_is_rejected_with_a_reason_or_withdrawn_by_its_author(nation: Nation) -> None:
    rejected = await nation.propose(EndOfAffair(affair=PENSION_AFFAIR))
    withdrawn = await nation.propose(EndOfAffair(affair=PASSPORT_AFFAIR))

    with pytest.raises(MissingItemError):
        await nation.reject(rejected, by="kuroki", reason=" ")
    with pytest.raises(SelfReviewError):
        await nation.reject(rejected, by="shirai")
    await nation.reject(rejected, by="kuroki")
    with pytest.raises(NotPermittedError):
        await nation.withdraw(withdrawn, by="kuroki")
    await nation.withdraw(withdrawn, by="shirai")

    async with nation.database.transaction() as unit:
        assert [one.state for one in await list_proposals(unit, limit=10)] == ["withdrawn", "rejected"]
        assert (await find_proposal(unit, rejected)).reason == "誤り"
    assert (await nation.grant(PENSION_AFFAIR, day=NEXT_MONTH)).items


async def test_another_process_of_the_node_hears_of_an_approval(nation: Nation) -> None:
    other = LawKeeper(nation.database)
    law, _ = await other.current()
    number = await nation.enact(EndOfAffair(affair=PENSION_AFFAIR))

    assert law.find_affair(PENSION_AFFAIR).ends_on is None
    assert await other.refresh()
    assert not await other.refresh()
    renewed, _ = await other.current()
    assert renewed.version == number
    assert renewed.find_affair(PENSION_AFFAIR).ends_on is not None


@pytest.mark.rule(Rule.PROVISION_BY_A_REGISTERED_OFFICE)
async def test_only_registered_offices_ask_once_an_organ_registers_one(nation: Nation) -> None:
    assert (await nation.authorise(office="どこかの課")).items
    await nation.enact(NewOffice(agency="nenkin", office="給付課", affairs=frozenset({PENSION_AFFAIR})))
    other = "1-77-3"

    assert (await nation.authorise(office="どこかの課")).items
    assert (await nation.authorise(office="給付課", day=NEXT_MONTH)).items
    for office, affair in (("どこかの課", PENSION_AFFAIR), ("", PENSION_AFFAIR), ("給付課", other)):
        with pytest.raises(OfficeNotPermittedError):
            await nation.authorise(affair, office=office, day=NEXT_MONTH)
    # Other agencies registered none.
    assert (await nation.authorise(PASSPORT_AFFAIR, sender=PASSPORT, office="旅券課", day=NEXT_MONTH)).items

    await nation.enact(EndOfOffice(agency="nenkin", office="給付課"), date(2026, 6, 1))
    with pytest.raises(OfficeNotPermittedError):
        await nation.authorise(office="給付課", day=date(2026, 6, 1))


@pytest.mark.invariant("I5")
async def test_a_refusal_is_on_the_log_with_its_inner_reason_which_the_answer_lacks(nation: Nation) -> None:
    with pytest.raises(AffairNotListedError) as refused:
        await nation.authorise(PASSPORT_AFFAIR, items=[ProvisionItem.NAME], office="給付課")

    assert "外務省" not in str(refused.value)
    ((actor, outcome, detail),) = await list_rows(nation.node, REFUSALS)
    assert (actor, outcome) == ("agency/nenkin", "refused")
    assert detail["error_code"] == "permission.affair_not_listed"
    assert "外務省" in detail["reason"]
    assert (detail["affair"], detail["office"], detail["items"]) == (PASSPORT_AFFAIR, "給付課", "name")


@pytest.mark.invariant("I5")
async def test_a_node_that_stands_for_no_organ_is_refused(nation: Nation) -> None:
    with pytest.raises(AffairNotListedError):
        await nation.authorise(sender=NodeName.parse("agency/nobody"))


async def test_without_a_list_of_items_the_numbers_are_not_given(nation: Nation) -> None:
    authorised = await nation.authorise()

    assert authorised.items == {
        ProvisionItem.NAME,
        ProvisionItem.BIRTH_DATE,
        ProvisionItem.SEX,
        ProvisionItem.ADDRESS,
        ProvisionItem.CHANGE,
    }
    assert ProvisionItem.INDIVIDUAL_NUMBER in authorised.grant.items
    assert (await nation.authorise(items=[ProvisionItem.SEX])).items == {ProvisionItem.SEX}


@pytest.mark.parametrize("name", ["purpose", "matter_number", "official"])
async def test_a_ground_that_is_not_stated_is_refused(nation: Nation, name: str) -> None:
    with pytest.raises(MissingItemError) as refused:
        await nation.authorise(blank=name)
    assert refused.value.field == name


async def test_a_law_that_was_never_loaded_grants_nothing(nation: Nation) -> None:
    await execute(nation.node, "ALTER TABLE law.decision RENAME TO decision_away")

    with pytest.raises(JukinetError):
        await nation.authorise()
