"""An act that should not have been: what stood before it stands again on all three tiers; the history keeps both."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from jukinet.domain.acts.cancellation import Cancellation
from jukinet.domain.acts.correction import Correction
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.acts.relocation import Relocation
from jukinet.domain.acts.removal import Death
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    ActCancelledError,
    ActNotFoundError,
    CancellationStandsError,
    ChangedMeanwhileError,
    DocumentMissingError,
    EnteredElsewhereError,
    HouseholdChangedError,
    LaterActError,
    MoveOutToWithdrawError,
    NotifierNotPermittedError,
    NumbersNeverReturnError,
    PeerUnreachableError,
)
from jukinet.domain.households import Succession
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from jukinet.domain.update_sequence import first_of_residence
from jukinet.identification.receive import receive_notices
from jukinet.municipal.store import find_resident, list_versions
from jukinet.municipal.usecases.cancel_act import cancel_act
from jukinet.municipal.usecases.complete_move_outs import complete_move_outs
from jukinet.municipal.usecases.receive_individual_numbers import receive_individual_numbers
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.record_correction import record_correction
from jukinet.municipal.usecases.record_death import record_death
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn, record_move_in
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.record_relocation import record_relocation
from jukinet.protocol.node_names import NATIONAL
from tests.builders import (
    MUSASHINO,
    SETAGAYA,
    TODAY,
    act,
    birth,
    code,
    list_rows,
    notice,
    notification,
    populate,
    received,
    report,
)
from tests.builders_tiers import Tiers, open_tiers
from tests.fixtures_postgres import MakeDatabase

HOME = "東京都世田谷区三軒茶屋二丁目2番2号"
ELSEWHERE = "東京都世田谷区太子堂三丁目3番3号"
_DAY = CivilDate.of(TODAY)
DECISION = Notification.ex_officio(TODAY, documents=frozenset({SeenDocument.DECISION}))
PARENT, SPOUSE, CHILD = 1, 2, 3


def _person(name: str, relationship: str, birth_date: str) -> Arriving:
    return Arriving(
        name=PersonName(name=f"取消\u3000{name}"),
        birth_date=CivilDate.parse(birth_date),
        sex=Sex.MALE,
        relationship=relationship,
        registered_domicile="東京都世田谷区太子堂一丁目1番",
        first_listed_person="取消\u3000一",
    )


@pytest.fixture
async def tiers(embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    """Setagaya with a family of three, whom the tiers above know."""
    async with open_tiers(embedded_database) as found:
        await populate(found.municipal.node, codes=[code(number) for number in range(7000, 7020)])
        await record_move_in(
            move_in=MoveIn(
                procedure=Procedure.MOVE_IN_FROM_ABROAD,
                people=(
                    _person("一", "世帯主", "1980-01-01"),
                    _person("二", "妻", "1981-02-02"),
                    _person("三", "子", "2010-03-03"),
                ),
                address=HOME,
                previous_address="オーストラリア",
                moved_in_on=_DAY,
            ),
            notification=notification(documents=frozenset({SeenDocument.PASSPORT})),
            act=act(),
            database=found.municipal.database,
            choice=random.Random(1),
        )
        await found.carry()
        yield found


async def present(tiers: Tiers, number: int) -> ResidentRecord:
    async with tiers.municipal.database.connection() as connection:
        return await find_resident(connection, number)


async def history(tiers: Tiers, number: int) -> list[ResidentRecord]:
    async with tiers.municipal.database.connection() as connection:
        return await list_versions(connection, number)


async def die(tiers: Tiers, number: int = PARENT, householder: int = SPOUSE) -> int:
    """Record a death and return the number of the act."""
    recorded = await record_death(
        death=Death(
            resident_number=number,
            died_on=_DAY,
            succession=Succession(householder=householder, relationships={SPOUSE: "世帯主", CHILD: "子"}),
        ),
        notification=report(),
        act=act(),
        database=tiers.municipal.database,
    )
    return recorded.act_number or 0


async def test_what_is_corrected_in_the_record_of_the_dead_leaves_the_tiers_equal(tiers: Tiers) -> None:
    await die(tiers)
    await tiers.carry()
    await record_correction(
        correction=Correction(
            procedure=Procedure.ERROR_CORRECTION,
            resident_number=PARENT,
            arose_on=_DAY,
            items={"name": "取消\u3000壱"},
        ),
        notification=Notification.ex_officio(TODAY, documents=frozenset({SeenDocument.INVESTIGATION_REPORT})),
        act=act(),
        database=tiers.municipal.database,
    )
    await tiers.carry()

    assert (await present(tiers, PARENT)).name == "取消\u3000壱"
    assert await tiers.are_equal()


async def relocate(tiers: Tiers, number: int = PARENT, **items: Any) -> int:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {"companions": (SPOUSE, CHILD), "address": ELSEWHERE}
    recorded = await record_relocation(
        relocation=Relocation(resident_number=number, moved_on=_DAY, **{**defaults, **items}),
        notification=notification(),
        act=act(),
        database=tiers.municipal.database,
    )
    return recorded.act_number or 0


async def cancel(tiers: Tiers, act_number: int, **items: Any) -> list[ResidentRecord]:  # noqa: ANN401 - any item of it
    return await cancel_act(
        cancellation=Cancellation(act_number=act_number, decided_on=_DAY, **items),
        notification=DECISION,
        act=act(),
        client=tiers.client,
        database=tiers.municipal.database,
    )


async def nation_learns(tiers: Tiers, *, sequence: int, reason: str) -> None:
    """Let the nation hear from Musashino of the person who was PARENT here."""
    gone = await present(tiers, PARENT)
    told = notice(
        1,
        sequence,
        resident_record_code=gone.resident_record_code,
        municipality=MUSASHINO.code,
        address="東京都武蔵野市緑町二丁目2番28号",
        reason=reason,
        changed_on=TODAY.isoformat(),
    )
    await receive_notices(
        received=received((told,), sender=MUSASHINO, receiver=NATIONAL, number=5000 + sequence),
        require_competent=lambda _: None,
        forwarding=None,
        database=tiers.national.database,
        now=tiers.now,
    )


@pytest.mark.procedure("cancellation_entry")
@pytest.mark.rule(Rule.CANCELLATION_APPENDS)
async def test_a_death_of_the_wrong_person_is_cancelled_and_the_household_is_as_it_was(tiers: Tiers) -> None:
    dead = await die(tiers)
    await tiers.carry()

    written = await cancel(tiers, dead)
    await tiers.carry()

    before, removed, again = await history(tiers, PARENT)
    assert (removed.is_removed, again.is_removed, again.relationship) == (True, False, "世帯主")
    assert (again.act_reason, again.update_sequence) == ("cancellation_entry", first_of_residence(1))
    assert again.became_resident_on == before.became_resident_on
    assert [(one.resident_number, one.relationship) for one in written] == [(1, "世帯主"), (2, "妻")]
    assert await tiers.are_equal()


@pytest.mark.procedure("cancellation_removal")
async def test_a_birth_recorded_in_the_wrong_place_is_cancelled_though_the_number_came_meanwhile(tiers: Tiers) -> None:
    child = await record_birth(
        birth=birth(relationship="子"),
        notification=report(),
        act=act(),
        database=tiers.municipal.database,
        choice=random.Random(2),
    )
    await tiers.carry()
    await receive_individual_numbers(
        client=tiers.client, database=tiers.municipal.database, clock=lambda: tiers.now, node=SETAGAYA
    )

    await cancel(tiers, child.act_number or 0)
    await tiers.carry()

    gone = await present(tiers, child.resident_number)
    assert (gone.is_removed, gone.act_reason, gone.change_reason) == (
        True,
        "cancellation_removal",
        "ex_officio_removal",
    )
    assert gone.individual_number is not None
    assert await tiers.are_equal()


@pytest.mark.procedure("cancellation")
async def test_a_relocation_is_cancelled_for_all_who_moved_and_the_annex_is_told(tiers: Tiers) -> None:
    moved = await relocate(tiers)

    written = await cancel(tiers, moved)
    await tiers.carry()

    assert {(one.address, one.act_reason, one.change_reason) for one in written} == {
        (HOME, "cancellation", "ex_officio_modification")
    }
    annexes = await list_rows(
        tiers.municipal.node, "SELECT count(*), min(address) FROM register.annex_notice WHERE reason = 'cancellation'"
    )
    assert annexes == [(3, HOME)]
    acts = await list_rows(tiers.municipal.node, "SELECT procedure, cancels FROM register.act ORDER BY act_number")
    assert acts[-1] == ("cancellation", moved)
    assert await tiers.are_equal()


async def test_a_move_out_that_took_effect_is_cancelled_and_does_not_take_effect_again(tiers: Tiers) -> None:
    await record_move_out(
        move_out=MoveOut(
            resident_number=CHILD, planned_on=CivilDate.of(TODAY), destination="東京都武蔵野市緑町二丁目2番28号"
        ),
        notification=notification(),
        act=act(),
        database=tiers.municipal.database,
    )
    await complete_move_outs(act=act(), database=tiers.municipal.database)
    gone = await present(tiers, CHILD)

    await cancel(tiers, gone.act_number or 0)
    again = await complete_move_outs(act=act(now=tiers.now + timedelta(days=3)), database=tiers.municipal.database)
    await tiers.carry()

    assert (gone.is_removed, again.removed) == (True, 0)
    assert not (await present(tiers, CHILD)).is_moving_out
    assert await tiers.are_equal()


async def test_what_a_later_act_built_on_is_cancelled_after_it_and_the_later_one_is_named(tiers: Tiers) -> None:
    first = await relocate(tiers)
    second = await relocate(tiers, address=HOME)

    with pytest.raises(LaterActError) as refused:
        await cancel(tiers, first)
    await cancel(tiers, second)
    await cancel(tiers, first)

    assert refused.value.act_number == second
    assert [one.address for one in await history(tiers, CHILD)] == [HOME, ELSEWHERE, HOME, ELSEWHERE, HOME]


async def test_an_act_is_cancelled_once_and_a_cancellation_never(tiers: Tiers) -> None:
    dead = await die(tiers)
    written = await cancel(tiers, dead)

    with pytest.raises(ActCancelledError):
        await cancel(tiers, dead)
    with pytest.raises(CancellationStandsError):
        await cancel(tiers, written[0].act_number or 0)


async def test_of_two_who_cancel_at_once_one_does(tiers: Tiers) -> None:
    moved = await relocate(tiers)

    outcomes = await asyncio.gather(cancel(tiers, moved), cancel(tiers, moved), return_exceptions=True)

    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert [type(one) for one in refused] in ([ActCancelledError], [ChangedMeanwhileError])
    assert len(await history(tiers, CHILD)) == 3


async def test_who_was_entered_elsewhere_meanwhile_does_not_stand_again_until_that_is_undone(tiers: Tiers) -> None:
    dead = await die(tiers)
    await tiers.carry()
    await nation_learns(tiers, sequence=first_of_residence(1), reason="move_in")

    with pytest.raises(EnteredElsewhereError):
        await cancel(tiers, dead)
    await nation_learns(tiers, sequence=first_of_residence(1) + 1, reason="ex_officio_removal")
    await cancel(tiers, dead)

    assert (await present(tiers, PARENT)).update_sequence == first_of_residence(2)


async def test_a_record_stands_again_only_after_the_nation_was_asked(tiers: Tiers) -> None:
    dead = await die(tiers)

    with pytest.raises(PeerUnreachableError):
        await cancel_act(
            cancellation=Cancellation(act_number=dead, decided_on=_DAY),
            notification=DECISION,
            act=act(),
            client=None,
            database=tiers.municipal.database,
        )

    assert (await present(tiers, PARENT)).is_removed


async def test_a_household_that_goes_on_otherwise_is_not_broken_by_a_cancellation(tiers: Tiers) -> None:
    moved = await relocate(tiers, CHILD, companions=())
    newborn = await record_birth(
        birth=birth(parent_number=CHILD, relationship="子"),
        notification=report(),
        act=act(),
        database=tiers.municipal.database,
        choice=random.Random(2),
    )

    with pytest.raises(HouseholdChangedError):
        await cancel(tiers, moved)
    await cancel(tiers, newborn.act_number or 0)
    await cancel(tiers, moved)

    assert (await present(tiers, CHILD)).relationship == "子"


async def test_what_has_its_own_way_of_undoing_or_none_is_refused_with_that_way(tiers: Tiers) -> None:
    (moving,) = await record_move_out(
        move_out=MoveOut(resident_number=CHILD, planned_on=_DAY, destination="東京都武蔵野市緑町二丁目2番28号"),
        notification=notification(),
        act=act(),
        database=tiers.municipal.database,
    )
    await tiers.carry()
    await receive_individual_numbers(
        client=tiers.client, database=tiers.municipal.database, clock=lambda: tiers.now, node=SETAGAYA
    )
    numbered = await present(tiers, PARENT)

    with pytest.raises(MoveOutToWithdrawError):
        await cancel(tiers, moving.act_number or 0)
    with pytest.raises(NumbersNeverReturnError):
        await cancel(tiers, numbered.act_number or 0)
    with pytest.raises(ActNotFoundError):
        await cancel(tiers, 4711)


async def test_a_cancellation_is_the_municipalitys_own_act_on_the_record_it_saw(tiers: Tiers) -> None:
    moved = await relocate(tiers)

    with pytest.raises(ChangedMeanwhileError):
        await cancel(tiers, moved, resident_number=PARENT, expected_version=1)
    with pytest.raises(NotifierNotPermittedError):
        await cancel_act(
            cancellation=Cancellation(act_number=moved, decided_on=_DAY),
            notification=notification(documents=frozenset({SeenDocument.DECISION})),
            act=act(),
            client=tiers.client,
            database=tiers.municipal.database,
        )


async def test_a_cancellation_rests_on_something_somebody_looked_into(tiers: Tiers) -> None:
    moved = await relocate(tiers, CHILD, companions=())

    with pytest.raises(DocumentMissingError):
        await cancel_act(
            cancellation=Cancellation(act_number=moved, decided_on=_DAY),
            notification=Notification.ex_officio(TODAY),
            act=act(),
            client=tiers.client,
            database=tiers.municipal.database,
        )
