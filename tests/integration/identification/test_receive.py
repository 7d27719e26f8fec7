"""What becomes of notices on a real database: applied, already there, held or set apart, and always on the log."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from jukinet.domain.errors import ConstraintViolatedError, JukinetError, ReplayedMessageError
from jukinet.identification.receive import receive_notices
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.node_names import NodeName
from tests import builders
from tests.builders import MUSASHINO, NOW, SETAGAYA, code, execute, find_value, list_rows, notice, opened, received
from tests.fixtures_postgres import MakeDatabase
from tests.unit.identification.test_sorting import deliveries

RECORD = "SELECT update_sequence, address, name, is_removed FROM identification.record WHERE resident_record_code = %s"
HISTORY = """
    SELECT update_sequence FROM identification.superseded_record WHERE resident_record_code = %s ORDER BY 1
"""
HELD = "SELECT state, update_sequence, error_code, error_field FROM delivery.held_notice ORDER BY arrival"
NOTHING = (0, 0, 0, 0, 0, 0)
EVERYTHING = """
    SELECT (SELECT count(*) FROM identification.record), (SELECT count(*) FROM identification.superseded_record),
           (SELECT count(*) FROM delivery.received_message), (SELECT count(*) FROM delivery.held_notice),
           (SELECT count(*) FROM delivery.outbox), (SELECT count(*) FROM audit.event)
"""


@dataclass
class Prefecture:
    """The store of a prefectural node, and what a test tells it."""

    node: NodeDatabase
    database: Database
    said: int = 0

    async def tell(
        self, *notices: IdentificationNotice, sender: NodeName = SETAGAYA, number: int | None = None
    ) -> IdentificationAnswer:
        self.said += 1
        return await receive_notices(
            received=received(tuple(notices), sender=sender, number=number or self.said),
            require_competent=lambda one: require_competent(sender, one),
            forwarding=FORWARDING,
            database=self.database,
            now=NOW,
        )

    async def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        return await list_rows(self.node, statement, parameters)

    async def forwarded(self) -> list[IdentificationNotice]:
        parcels = await self.rows("SELECT notices FROM delivery.outbox ORDER BY position")
        return [one for (parcel,) in parcels for one in read_parcel(parcel)]


def read_parcel(parcel: bytes) -> list[IdentificationNotice]:
    return msgspec.json.decode(b"[" + parcel + b"]", type=list[IdentificationNotice])


@pytest.fixture
async def prefecture(fresh_database: MakeDatabase) -> AsyncIterator[Prefecture]:
    node = await fresh_database(MIGRATIONS)
    async with opened(node) as database:
        yield Prefecture(node, database)


def counts(answer: IdentificationAnswer) -> tuple[int, int, int, int]:
    return answer.applied, answer.already_applied, answer.held, len(answer.quarantined)


async def test_changes_in_order_are_applied_and_their_past_is_kept(prefecture: Prefecture) -> None:
    first = await prefecture.tell(notice(1))
    second = await prefecture.tell(notice(1, 2), notice(1, 3), notice(2))

    assert (counts(first), counts(second)) == ((1, 0, 0, 0), (3, 0, 0, 0))
    assert await prefecture.rows(RECORD, code(1)) == [(3, notice(1, 3).address, notice().name, False)]
    assert await prefecture.rows(HISTORY, code(1)) == [(1,), (2,)]
    assert await prefecture.rows(HISTORY, code(2)) == []


async def test_every_item_is_kept_as_it_came(prefecture: Prefecture) -> None:
    items = {
        "individual_number": builders.individual_number(5),
        "former_surname": "渡邉",
        "alias": "葛󠄂城",
        "postal_code": "1540004",
    }

    await prefecture.tell(notice(1), notice(1, 2, **items))

    columns = (*items, "name", "kana", "birth_date", "sex", "municipality", "address", "change_reason", "changed_on")
    ((*values,),) = await prefecture.rows(f"SELECT {', '.join(columns)} FROM identification.record")  # noqa: S608 - our names
    told = msgspec.structs.asdict(notice(1, 2, **items))
    assert values == [told["reason" if name == "change_reason" else name] for name in columns]


async def test_a_death_marks_the_record_as_removed(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(1, 2, reason="death"))

    assert (await prefecture.rows(RECORD, code(1)))[0][3] is True


@pytest.mark.invariant("I3")
async def test_what_is_said_again_changes_nothing(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(1, 2))
    before = await prefecture.rows(EVERYTHING)

    answer = await prefecture.tell(notice(1), notice(1, 2))

    ((*after,),) = await prefecture.rows(EVERYTHING)
    assert counts(answer) == (0, 2, 0, 0)
    # One more message is remembered, and one more is on the log.
    assert [new - old for new, old in zip(after, before[0], strict=True)] == [0, 0, 1, 0, 0, 1]


@pytest.mark.invariant("I3")
async def test_the_same_change_twice_in_one_message_is_one_change(prefecture: Prefecture) -> None:
    answer = await prefecture.tell(notice(1), notice(1, 2), notice(1), notice(1, 2))

    assert counts(answer) == (2, 2, 0, 0)
    assert await prefecture.rows(HISTORY, code(1)) == [(1,)]
    assert await prefecture.rows(HELD) == []


@pytest.mark.invariant("I3")
async def test_what_comes_early_is_held_once_and_applied_when_its_turn_comes(prefecture: Prefecture) -> None:
    early = await prefecture.tell(notice(1, 3), notice(1, 2))
    again = await prefecture.tell(notice(1, 3))
    first = await prefecture.tell(notice(1))

    assert [counts(one) for one in (early, again, first)] == [(0, 0, 2, 0), (0, 0, 1, 0), (1, 0, 0, 0)]
    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 3
    assert await prefecture.rows(HISTORY, code(1)) == [(1,), (2,)]
    assert await prefecture.rows("SELECT state, count(*) FROM delivery.held_notice GROUP BY 1") == [("applied", 2)]


@pytest.mark.invariant("I3")
async def test_what_is_handed_on_is_what_was_applied_in_the_order_of_application(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1, 2), notice(2))
    await prefecture.tell(notice(1), notice(3, name="\ufffd"), notice(2, 3), notice(2, 2))

    assert await prefecture.forwarded() == [notice(2), notice(1), notice(1, 2), notice(2, 2), notice(2, 3)]
    assert await prefecture.rows(
        "SELECT receiver, message_type, notice_count FROM delivery.outbox ORDER BY position"
    ) == [
        ("national", "identification_forwarding", 1),
        ("national", "identification_forwarding", 4),
    ]


@pytest.mark.invariant("I2")
async def test_a_bad_notice_is_set_apart_with_its_reason_and_everyone_else_flows(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(2))

    answer = await prefecture.tell(notice(1, 2, name="葵\ufffd"), notice(1, 3), notice(2, 2), notice(3))

    assert counts(answer) == (2, 0, 1, 1)
    (report,) = answer.quarantined
    assert (report.position, report.code, report.field) == (0, "value.character.repertoire", "name")
    assert await prefecture.rows(HELD) == [
        ("waiting", 3, None, None),
        ("quarantined", 2, "value.character.repertoire", "name"),
    ]
    assert [(await prefecture.rows(RECORD, code(number)))[0][0] for number in (1, 2, 3)] == [1, 2, 1]


@pytest.mark.invariant("I2")
async def test_a_bad_notice_said_again_is_set_apart_once(prefecture: Prefecture) -> None:
    for _ in range(3):
        answer = await prefecture.tell(notice(1, name="葵\ufffd"))
        assert counts(answer) == (0, 0, 0, 1)

    assert await prefecture.rows(HELD) == [("quarantined", 1, "value.character.repertoire", "name")]


@pytest.mark.invariant("I2")
async def test_no_text_of_a_notice_can_break_the_message(prefecture: Prefecture) -> None:
    bad: list[dict[str, Any]] = [
        {"resident_record_code": random.Random(1).randbytes(5000).hex()},
        {"resident_record_code": "9000000\x00001"},
        {"resident_record_code": ""},
        {"resident_record_code": "９００００００００１０"},
        {"name": "a\tb"},
        {"name": "a\nb"},
        {"address": "東京都世田谷区\r\n\\N"},
        {"address": "東京都\x00世田谷区"},
        {"kana": "しけん'; DROP TABLE identification.record; --"},
        {"postal_code": "\\N"},
        {"birth_date": "1990-05-06\t1"},
        {"sex": "1\n"},
        {"municipality": "130001"},
        {"reason": "birth\t"},
        {"changed_on": "\\."},
        {"previous_resident_record_code": "x"},
        {"update_sequence": 0},
        {"update_sequence": -(2**31)},
        {"individual_number": "123456789012\\"},
    ]

    answer = await prefecture.tell(*[notice(10 + number, **items) for number, items in enumerate(bad)], notice(2))

    assert counts(answer) == (1, 0, 0, len(bad))
    assert [report.field for report in answer.quarantined[4:]] == [next(iter(items)) for items in bad[4:]]
    assert await prefecture.rows("SELECT resident_record_code FROM identification.record") == [(code(2),)]
    assert await prefecture.rows("SELECT state, count(*) FROM delivery.held_notice GROUP BY 1") == [
        ("quarantined", len(bad))
    ]


@pytest.mark.parametrize("name", ["オ’ブライエン", "Ａ＼Ｂ", "O'Brien \\ Smith", "\\.", "\\N", '"quoted"'])
async def test_quotes_and_backslashes_of_a_name_are_kept_or_refused_never_changed(
    prefecture: Prefecture, name: str
) -> None:
    answer = await prefecture.tell(notice(1, name=name))

    names = [row[2] for row in await prefecture.rows(RECORD, code(1))]
    assert names == ([name] if answer.applied else [])
    assert answer.applied + len(answer.quarantined) == 1


@pytest.mark.invariant("I2")
async def test_another_change_under_the_same_sequence_is_a_conflict_and_changes_nothing(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(1, 2))
    before = await prefecture.rows(RECORD, code(1))

    answer = await prefecture.tell(notice(1, 2, address="東京都世田谷区三軒茶屋二丁目2番2号"))
    await prefecture.tell(notice(1, 2, address="東京都世田谷区三軒茶屋二丁目2番2号"))
    await prefecture.tell(notice(1, 2))

    assert [(one.code, one.field) for one in answer.quarantined] == [("conflict.sequence", "update_sequence")]
    assert await prefecture.rows(RECORD, code(1)) == before
    assert [row[1:3] for row in await prefecture.rows(HELD)] == [(2, "conflict.sequence")]


@pytest.mark.invariant("I2")
async def test_of_two_that_wait_under_one_sequence_the_first_counts_and_the_other_is_set_apart(
    prefecture: Prefecture,
) -> None:
    other = notice(1, 2, address="東京都世田谷区三軒茶屋二丁目2番2号")
    await prefecture.tell(notice(1, 2))
    await prefecture.tell(other)

    await prefecture.tell(notice(1))

    assert (await prefecture.rows(RECORD, code(1)))[0][:2] == (2, notice(1, 2).address)
    assert await prefecture.rows("SELECT state, error_code FROM delivery.held_notice ORDER BY arrival") == [
        ("applied", None),
        ("superseded", None),
        ("quarantined", "conflict.sequence"),
    ]


async def test_a_municipality_speaks_only_of_its_own_residents(prefecture: Prefecture) -> None:
    answer = await prefecture.tell(notice(1), notice(2, municipality=MUSASHINO.code), sender=MUSASHINO)

    assert [(one.position, one.code) for one in answer.quarantined] == [(0, "permission.peer")]
    assert await prefecture.rows(RECORD, code(1)) == []


@pytest.mark.invariant("I3")
async def test_a_message_id_that_was_seen_is_refused_and_nothing_changes(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), number=7)
    before = await prefecture.rows(EVERYTHING)

    with pytest.raises(ReplayedMessageError):
        await prefecture.tell(notice(1, 2), number=7)

    assert await prefecture.rows(EVERYTHING) == before


@pytest.mark.invariant("I3")
async def test_a_code_that_was_changed_away_never_comes_back(prefecture: Prefecture) -> None:
    changed = notice(
        1, 3, resident_record_code=code(9), previous_resident_record_code=code(1), reason="code_change_on_request"
    )
    await prefecture.tell(notice(1))

    # In one message with the change before it, and later repeated with the first of all.
    await prefecture.tell(notice(1, 2), changed, notice(9, 4))
    answer = await prefecture.tell(notice(1), changed, notice(1, 2), notice(9, 4))

    assert counts(answer) == (0, 4, 0, 0)
    assert await prefecture.rows("SELECT resident_record_code, update_sequence FROM identification.record") == [
        (code(9), 4)
    ]
    assert await prefecture.rows(HISTORY, code(1)) == [(1,), (2,)]
    assert await prefecture.rows(HISTORY, code(9)) == [(3,)]


@pytest.mark.invariant("I3")
async def test_a_change_of_code_that_waits_is_found_when_the_old_code_moves_on(prefecture: Prefecture) -> None:
    changed = notice(
        1, 3, resident_record_code=code(9), previous_resident_record_code=code(1), reason="code_change_on_request"
    )
    await prefecture.tell(notice(9, 4))
    await prefecture.tell(changed)
    await prefecture.tell(notice(1))

    await prefecture.tell(notice(1, 2))

    assert await prefecture.rows("SELECT resident_record_code, update_sequence FROM identification.record") == [
        (code(9), 4)
    ]
    assert await prefecture.rows("SELECT DISTINCT state FROM delivery.held_notice") == [("applied",)]


@pytest.mark.invariant("I3")
async def test_a_failure_at_the_end_leaves_nothing_at_all(prefecture: Prefecture) -> None:
    # The log refuses the entry that is written last.
    await execute(
        prefecture.node,
        "ALTER TABLE audit.event ADD CONSTRAINT broken CHECK (event <> 'identification:received')",
    )

    with pytest.raises(ConstraintViolatedError) as caught:
        await prefecture.tell(notice(1), notice(2, name="\ufffd"), notice(3, 2))

    assert await prefecture.rows(EVERYTHING) == [NOTHING]
    assert "試験" not in str(caught.value)


async def test_what_was_received_is_on_the_log_with_numbers_and_no_person(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(2, name="\ufffd"), notice(3, 2))

    rows = await prefecture.rows("SELECT event, outcome, actor, detail::text FROM audit.event ORDER BY event_id")
    by_event = {event: (outcome, actor, msgspec.json.decode(detail)) for event, outcome, actor, detail in rows}
    outcome, actor, detail = by_event["identification:received"]
    assert (outcome, actor) == ("done", SETAGAYA.text)
    assert {name: detail[name] for name in ("applied", "already_applied", "held", "quarantined")} == {
        "applied": 1,
        "already_applied": 0,
        "held": 1,
        "quarantined": 1,
    }
    assert by_event["identification:quarantined"][2] == {
        "sender": SETAGAYA.text,
        "error_code": "value.character.repertoire",
        "field": "name",
        "update_sequence": 1,
    }
    assert "試験" not in str(rows)


@pytest.mark.invariant("I1")
async def test_no_table_has_a_column_beyond_the_statutory_items(prefecture: Prefecture) -> None:
    rows = await prefecture.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'identification'"
    )

    items = {"change_reason" if name == "reason" else name for name in IdentificationNotice.__struct_fields__}
    beside_the_items = {column for _, column in rows} - items
    assert {table for table, _ in rows} == {"record", "superseded_record"}
    assert beside_the_items == {"is_removed", "received_at"}


def test_personal_data_stays_out_of_what_is_printed() -> None:
    message = received((notice(1),))

    printed = repr(message) + repr(message.body) + str(message)

    assert code(1) not in printed
    assert "試験" not in printed


@pytest.mark.invariant("I3")
async def test_two_streams_that_speak_of_one_resident_at_once_apply_each_change_once(prefecture: Prefecture) -> None:
    changes = [notice(1, sequence) for sequence in range(1, 21)]

    async def say(part: Sequence[IdentificationNotice], start: int) -> None:
        for number, one in enumerate(part):
            await prefecture.tell(one, number=start + number)

    await asyncio.gather(say(changes, 100), say(changes[::-1], 200), say(changes[::2], 300), say(changes[1::2], 400))

    assert (await prefecture.rows(RECORD, code(1)))[0][0] == 20
    assert await prefecture.rows(HISTORY, code(1)) == [(number,) for number in range(1, 20)]
    assert await prefecture.forwarded() == changes
    assert await prefecture.rows("SELECT count(*) FROM delivery.held_notice WHERE settled_at IS NULL") == [(0,)]


@pytest.mark.invariant("I2")
@pytest.mark.invariant("I3")
async def test_any_order_split_and_repetition_ends_in_the_same_tables(embedded_database: MakeDatabase) -> None:
    node = await embedded_database(MIGRATIONS)
    truncate = "TRUNCATE identification.record, identification.superseded_record, delivery.held_notice, delivery.outbox"

    async with opened(node) as database:
        prefecture = Prefecture(node, database)

        async def check(
            delivery: tuple[list[list[IdentificationNotice]], list[list[IdentificationNotice]]],
        ) -> None:
            histories, messages = delivery
            await execute(node, truncate)
            for message in messages:
                await prefecture.tell(*message)
            everything = {(one.resident_record_code, one.update_sequence) for changes in histories for one in changes}
            present = {(changes[-1].resident_record_code, changes[-1].update_sequence) for changes in histories}
            key = "SELECT resident_record_code, update_sequence FROM identification."
            assert set(await prefecture.rows(key + "record")) == present
            past = await prefecture.rows(key + "superseded_record")
            assert sorted(past) == sorted(everything - present)
            assert await find_value(node, "SELECT count(*) FROM delivery.held_notice WHERE settled_at IS NULL") == 0
            forwarded = await prefecture.forwarded()
            for changes in histories:
                own = {change.resident_record_code for change in changes}
                assert [one for one in forwarded if one.resident_record_code in own] == changes

        loop = asyncio.get_running_loop()

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(deliveries())
        def explore(
            delivery: tuple[list[list[IdentificationNotice]], list[list[IdentificationNotice]]],
        ) -> None:
            asyncio.run_coroutine_threadsafe(check(delivery), loop).result(60)

        await asyncio.to_thread(explore)


async def test_an_error_of_the_database_names_nobody(prefecture: Prefecture) -> None:
    await execute(prefecture.node, "ALTER TABLE identification.record ADD CHECK (kana = '')")

    with pytest.raises(JukinetError) as caught:
        await prefecture.tell(notice(1))

    shown = f"{caught.value!r} {caught.value} {caught.value.__context__!r} {caught.value.__cause__!r}"
    assert code(1) not in shown
    assert "試験" not in shown
