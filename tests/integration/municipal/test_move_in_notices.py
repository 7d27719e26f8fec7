"""A move-in notice from another municipality: what it confirms, what it ends, and what a clerk must look into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec
import pytest

from jukinet.domain.acts.move_in_notice import MovedIn, plan_confirmation, require_confirmable
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.acts.removal import Death
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MoveInNoticeNotFoundError, MoveOutNotNotifiedError
from jukinet.domain.households import Succession
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.moving_notice_store import list_unmatched_move_in_notices
from jukinet.municipal.store import find_resident, list_versions
from jukinet.municipal.usecases.apply_move_in_notices import Applied, apply_move_in_notices
from jukinet.municipal.usecases.complete_move_outs import complete_move_outs
from jukinet.municipal.usecases.dismiss_move_in_notice import dismiss_move_in_notice
from jukinet.municipal.usecases.receive_move_in_notice import receive_move_in_notices
from jukinet.municipal.usecases.record_death import record_death
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.moving import MoveInNotice, MoveOutConfirmation
from jukinet.protocol.node_names import NodeName
from tests.builders import (
    MUSASHINO,
    NOW,
    SETAGAYA,
    TODAY,
    TOKYO,
    act,
    code,
    list_rows,
    message_id,
    notification,
    opened,
    populate,
    received,
    report,
    resident,
)
from tests.builders_moving import MUSASHINO_ADDRESS, move_in_notice
from tests.fixtures_postgres import MakeDatabase

IN_A_WEEK: Final = TODAY + timedelta(days=7)
#: The day after the planned one.
LATER: Final = datetime(2026, 4, 9, 1, 0, tzinfo=UTC)
STATES: Final = "SELECT resident_record_code, state, error_code FROM register.move_in_notice ORDER BY 1"


@dataclass
class Register:
    node: NodeDatabase
    database: Database
    said: int = 0

    async def notify_move_out(self, number: int = 1, **items: Any) -> None:  # noqa: ANN401 - any item of it
        defaults: dict[str, Any] = {
            "resident_number": number,
            "planned_on": CivilDate.of(IN_A_WEEK),
            "destination": "東京都武蔵野市吉祥寺本町一丁目1番1号",
        }
        await record_move_out(
            move_out=MoveOut(**{**defaults, **items}), notification=notification(), act=act(), database=self.database
        )

    async def hear(self, *notices: MoveInNotice, now: datetime = NOW, sender: NodeName = MUSASHINO) -> Applied:
        """Receive a message and apply it."""
        self.said += 1
        message = received(
            tuple(notices), sender=sender, receiver=SETAGAYA, message_type="move_in_notice", number=self.said
        )
        await receive_move_in_notices(received=message, node=SETAGAYA, database=self.database, now=now)
        return await self.apply(now)

    async def apply(self, now: datetime = NOW) -> Applied:
        return await apply_move_in_notices(node=SETAGAYA, database=self.database, now=now)

    async def current(self, number: int = 1) -> ResidentRecord:
        async with self.database.connection() as unit:
            return await find_resident(unit, number)

    async def versions(self, number: int = 1) -> list[ResidentRecord]:
        async with self.database.connection() as unit:
            return await list_versions(unit, number)

    async def states(self) -> list[tuple[Any, ...]]:
        return await list_rows(self.node, STATES)

    async def notified(self) -> list[IdentificationNotice]:
        return await self._queued("identification_notice", IdentificationNotice)

    async def confirmations(self) -> list[MoveOutConfirmation]:
        return await self._queued("move_out_confirmation", MoveOutConfirmation)

    async def _queued(self, message_type: str, kind: type[Any]) -> list[Any]:
        rows = await list_rows(
            self.node, "SELECT receiver, message_type, notices FROM delivery.outbox ORDER BY position"
        )
        assert {receiver for receiver, _, _ in rows} <= {TOKYO.text}
        arrays = [b"[" + bytes(parcel) + b"]" for _, name, parcel in rows if name == message_type]
        return [msgspec.convert(one, kind) for array in arrays for one in msgspec.json.decode(array)]


@pytest.fixture
async def register(embedded_database: MakeDatabase) -> AsyncIterator[Register]:
    node = await embedded_database(MIGRATIONS)
    family = (
        resident(1),
        resident(2, household_number=1, relationship="夫", sex="1"),
        resident(3, household_number=1, relationship="子", birth_date="2015-05-05"),
        resident(4),
    )
    await populate(node, *family)
    async with opened(node) as database:
        yield Register(node, database)


@pytest.mark.rule(Rule.CONFIRMED_MOVE_OUT_STANDS_BESIDE_THE_PLANNED)
@pytest.mark.rule(Rule.MOVE_IN_NOTICE_GOES_TO_THE_PREFECTURE)
@pytest.mark.procedure("move_in_notice")
async def test_an_earlier_move_in_ends_the_record_at_once_and_is_noted_beside_what_was_planned(
    register: Register,
) -> None:
    await register.notify_move_out(4)

    outcome = await register.hear(move_in_notice(4))

    assert outcome == Applied(1, 0)
    now = await register.current(4)
    assert (now.is_removed, now.change_reason, now.changed_on) == (True, "move_out", "2026-03-31")
    assert (now.planned_move_out_on, now.planned_move_out_to) == (
        IN_A_WEEK.isoformat(),
        "東京都武蔵野市吉祥寺本町一丁目1番1号",
    )
    assert (now.confirmed_move_out_on, now.confirmed_move_out_to) == ("2026-03-31", MUSASHINO_ADDRESS)
    assert now.move_in_noticed_on == TODAY
    (removal,) = await register.notified()
    assert (removal.reason, removal.changed_on, removal.update_sequence) == ("move_out", "2026-03-31", 2)
    (confirmation,) = await register.confirmations()
    assert (confirmation.resident_record_code, confirmation.moved_to) == (code(4), MUSASHINO.code)
    assert (confirmation.update_sequence, confirmation.confirmed_on) == (2, TODAY.isoformat())


async def test_a_later_move_in_removes_on_the_planned_day(register: Register) -> None:
    await register.notify_move_out(4)

    await register.hear(move_in_notice(4, moved_in_on="2026-04-09"), now=LATER)

    now = await register.current(4)
    assert (now.changed_on, now.confirmed_move_out_on) == (IN_A_WEEK.isoformat(), "2026-04-09")


async def test_one_who_is_removed_already_is_confirmed_and_nothing_goes_up_again(register: Register) -> None:
    await register.notify_move_out(4)
    await complete_move_outs(act=act(operator_id=SETAGAYA.text, now=LATER), database=register.database)
    before = await register.notified()

    await register.hear(move_in_notice(4, moved_in_on="2026-04-08"), now=LATER)

    now = await register.current(4)
    assert (now.is_removed, now.changed_on, now.confirmed_move_out_on) == (True, "2026-04-08", "2026-04-08")
    assert await register.notified() == before
    assert len(await register.confirmations()) == 1


async def test_a_family_that_moved_together_leaves_together_and_nobody_needs_to_be_householder(
    register: Register,
) -> None:
    await register.notify_move_out(1, companions=(2, 3))

    outcome = await register.hear(move_in_notice(1), move_in_notice(2), move_in_notice(3, birth_date="2015-05-05"))

    assert outcome == Applied(3, 0)
    assert [(await register.current(number)).is_removed for number in (1, 2, 3)] == [True, True, True]
    assert len(await register.confirmations()) == 3


async def test_the_rest_of_a_family_told_later_brings_along_what_waited_for_a_householder(register: Register) -> None:
    await register.notify_move_out(1, companions=(2, 3))

    first = await register.hear(move_in_notice(1))
    rest = await register.hear(move_in_notice(2), move_in_notice(3, birth_date="2015-05-05"))

    assert (first, rest) == (Applied(0, 1), Applied(3, 0))
    assert {state for _, state, _ in await register.states()} == {"applied"}


async def test_who_stays_goes_on_with_the_householder_that_was_said_at_the_counter(register: Register) -> None:
    await register.notify_move_out(1, succession=Succession(householder=2, relationships={3: "子"}))

    await register.hear(move_in_notice(1))

    assert (await register.current(2)).relationship == "世帯主"
    assert not (await register.current(3)).is_removed


@pytest.mark.rule(Rule.ONLY_NOTIFIED_MOVE_OUT_ENDS_BY_NOTICE)
async def test_one_who_notified_no_move_out_stays_until_a_clerk_has_looked_into_it(register: Register) -> None:
    outcome = await register.hear(move_in_notice(4))

    assert outcome == Applied(0, 1)
    assert not (await register.current(4)).is_removed
    assert await register.confirmations() == []
    async with register.database.connection() as unit:
        (waiting,) = await list_unmatched_move_in_notices(unit, limit=10)
    assert (waiting.resident_record_code, waiting.error_code) == (code(4), "conflict.move_out_not_notified")


async def test_after_the_clerk_has_removed_the_record_the_notice_confirms_by_itself(register: Register) -> None:
    await register.hear(move_in_notice(4))
    await register.notify_move_out(4, planned_on=CivilDate.of(TODAY))
    await complete_move_outs(act=act(operator_id=SETAGAYA.text), database=register.database)

    assert await register.apply() == Applied(1, 0)
    assert (await register.current(4)).confirmed_move_out_on == "2026-03-31"


async def test_what_waits_is_not_put_on_the_log_again_and_again(register: Register) -> None:
    await register.notify_move_out(1, companions=(2, 3))
    await register.hear(move_in_notice(1))
    events = "SELECT count(*) FROM audit.event WHERE event = 'resident:move_in_noticed'"

    for _ in range(3):
        await register.apply()

    assert await list_rows(register.node, events) == [(1,)]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"birth_date": "1991-05-06"}, "conflict.not_this_resident"),
        ({"residence": 0}, "conflict.not_this_resident"),
        ({"resident_record_code": code(77)}, "not_found.resident"),
    ],
)
async def test_a_notice_that_is_not_about_this_resident_goes_to_the_work_list(
    register: Register, items: dict[str, Any], expected: str
) -> None:
    await register.notify_move_out(4)

    assert await register.hear(move_in_notice(4, **items)) == Applied(0, 1)
    assert [error for _, _, error in await register.states()] == [expected]
    assert not (await register.current(4)).is_removed


async def test_the_dead_do_not_move_in(register: Register) -> None:
    await record_death(
        death=Death(resident_number=4, died_on=CivilDate.of(TODAY)),
        notification=report(),
        act=act(),
        database=register.database,
    )

    await register.hear(move_in_notice(4))

    assert [error for _, _, error in await register.states()] == ["conflict.not_this_resident"]


async def test_a_second_municipality_that_claims_the_same_person_is_looked_into(register: Register) -> None:
    matsumoto = NodeName.parse("municipal/202029")
    await register.notify_move_out(4)
    await register.hear(move_in_notice(4))

    other = move_in_notice(4, notice_number=message_id(1), municipality=matsumoto.code, address="長野県松本市丸の内3番")
    outcome = await register.hear(other, sender=matsumoto)

    assert outcome == Applied(0, 1)
    assert (await register.current(4)).confirmed_move_out_to == MUSASHINO_ADDRESS


async def test_one_notice_that_confirms_nothing_keeps_no_other_waiting(register: Register) -> None:
    await register.notify_move_out(4)

    assert await register.hear(move_in_notice(1), move_in_notice(4)) == Applied(1, 1)


@pytest.mark.invariant("I3")
async def test_applying_again_does_nothing(register: Register) -> None:
    await register.notify_move_out(4)
    await register.hear(move_in_notice(4))
    before = await register.versions(4)

    assert await register.apply() == Applied(0, 0)
    assert await register.versions(4) == before
    assert len(await register.confirmations()) == 1


async def test_a_mistaken_notice_is_dismissed_once(register: Register) -> None:
    await register.hear(move_in_notice(4))
    dismissing: dict[str, Any] = {
        "notice_number": move_in_notice(4).notice_number,
        "sender": MUSASHINO.text,
        "operator_id": "clerk",
        "database": register.database,
        "now": NOW,
    }

    await dismiss_move_in_notice(**dismissing)

    assert [state for _, state, _ in await register.states()] == ["dismissed"]
    with pytest.raises(MoveInNoticeNotFoundError):
        await dismiss_move_in_notice(**dismissing)


@pytest.mark.rule(Rule.ONLY_NOTIFIED_MOVE_OUT_ENDS_BY_NOTICE)
def test_the_law_refuses_to_confirm_what_nobody_notified() -> None:
    moved = MovedIn(
        birth_date="1990-05-06", moved_in_on=CivilDate.of(date(2026, 3, 31)), destination=MUSASHINO_ADDRESS, residence=1
    )

    with pytest.raises(MoveOutNotNotifiedError):
        require_confirmable(moved, resident=resident(4), update_sequence=1)

    removed = resident(4, is_removed=True, change_reason="ex_officio_removal")
    require_confirmable(moved, resident=removed, update_sequence=2)
    (step,) = plan_confirmation([(removed, moved)], household=[removed], noticed_on=TODAY)
    assert (step.after.confirmed_move_out_on, step.notified_reason) == ("2026-03-31", None)
