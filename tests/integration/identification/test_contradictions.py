"""Nobody's record is written over by somebody who is not competent, and nothing belongs to two people (I7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from jukinet.domain.update_sequence import first_of_residence
from jukinet.identification.receive import receive_notices
from jukinet.national.app import MIGRATIONS as NATIONAL_MIGRATIONS
from jukinet.national.endpoints import require_competent as require_prefecture_competent
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.prefectural.app import MIGRATIONS
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.node_names import NATIONAL, NodeName
from tests.builders import MUSASHINO, NOW, SETAGAYA, TOKYO, code, individual_number, list_rows, notice, opened, received
from tests.fixtures_postgres import MakeDatabase
from tests.integration.identification.test_receive import HELD, HISTORY, Prefecture, counts

NAGANO = NodeName.parse("prefectural/200000")
MATSUMOTO = "202029"
OWNERS = "SELECT resident_record_code FROM identification.record WHERE individual_number = %s AND NOT is_removed"
EVERY_RECORD = "SELECT * FROM identification.record ORDER BY resident_record_code"


@pytest.fixture
async def prefecture(embedded_database: MakeDatabase) -> AsyncIterator[Prefecture]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        yield Prefecture(node, database)


@pytest.fixture
async def nation(embedded_database: MakeDatabase) -> NodeDatabase:
    return await embedded_database(NATIONAL_MIGRATIONS)


async def tell_nation(
    nation: NodeDatabase, *notices: IdentificationNotice, sender: NodeName, number: int
) -> IdentificationAnswer:
    async with opened(nation) as database:
        return await receive_notices(
            received=received(
                tuple(notices),
                sender=sender,
                receiver=NATIONAL,
                message_type="identification_forwarding",
                number=number,
            ),
            require_competent=lambda one: require_prefecture_competent(sender, one),
            forwarding=None,
            database=database,
            now=NOW,
        )


def reasons(answer: IdentificationAnswer) -> list[tuple[int, str, str | None]]:
    return [(one.position, one.code, one.field) for one in answer.quarantined]


def changed(old: int, new: int, sequence: int, **items: Any) -> IdentificationNotice:  # noqa: ANN401 - any item of it
    """Return the change of the code of resident `old` into that of `new`."""
    return notice(
        new, sequence, previous_resident_record_code=code(old), **{"reason": "code_change_on_request", **items}
    )


@pytest.mark.invariant("I7")
@pytest.mark.parametrize("reason", ["relocation", "minor_correction", "ex_officio_modification", "death", "move_out"])
async def test_a_municipality_cannot_change_the_resident_of_another(prefecture: Prefecture, reason: str) -> None:
    await prefecture.tell(notice(1))
    before = await prefecture.rows(EVERY_RECORD)

    answer = await prefecture.tell(notice(1, 2, municipality=MUSASHINO.code, reason=reason), sender=MUSASHINO)

    assert reasons(answer) == [(0, "permission.peer", "municipality")]
    assert await prefecture.rows(EVERY_RECORD) == before
    assert await prefecture.forwarded() == [notice(1)]


@pytest.mark.invariant("I7")
async def test_a_prefecture_cannot_take_the_resident_of_another(nation: NodeDatabase) -> None:
    await tell_nation(nation, notice(1), sender=TOKYO, number=1)
    before = await list_rows(nation, EVERY_RECORD)

    answer = await tell_nation(
        nation,
        notice(1, 2, municipality=MATSUMOTO),
        changed(1, 9, 2, municipality=MATSUMOTO),
        notice(1, 2, municipality=MATSUMOTO, reason="move_in"),
        notice(1, first_of_residence(1), municipality=MATSUMOTO, reason="move_in"),
        sender=NAGANO,
        number=2,
    )

    assert reasons(answer) == [
        (2, "value.change", "update_sequence"),
        (0, "permission.peer", "municipality"),
        (1, "permission.peer", "municipality"),
    ]
    # Where a removal may be on its way, an entry waits for it: nobody's record is written over.
    assert answer.held == 1
    assert await list_rows(nation, EVERY_RECORD) == before


@pytest.mark.invariant("I2")
async def test_what_somebody_else_said_of_a_resident_holds_back_nothing_of_the_competent_one(
    prefecture: Prefecture,
) -> None:
    foreign = [notice(1, sequence, municipality=MUSASHINO.code) for sequence in (2, 3, 4)]
    await prefecture.tell(notice(1))
    await prefecture.tell(*foreign, sender=MUSASHINO)

    answer = await prefecture.tell(notice(1, 2), notice(1, 3))

    assert (counts(answer), reasons(answer)) == ((2, 0, 0, 0), [])
    assert await prefecture.rows("SELECT DISTINCT municipality FROM identification.record") == [("131121",)]
    held = "SELECT sender, update_sequence, error_code FROM delivery.held_notice WHERE state = 'quarantined' ORDER BY 2"
    # The second was overtaken by the right one; those whose turn came stand there under their own sender's name.
    assert await prefecture.rows(held) == [(MUSASHINO.text, sequence, "permission.peer") for sequence in (3, 4)]


@pytest.mark.invariant("I7")
async def test_after_a_move_out_the_resident_enters_elsewhere(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(1, 2, reason="move_out"))

    answer = await prefecture.tell(
        notice(1, first_of_residence(1), municipality=MUSASHINO.code, reason="move_in"),
        notice(1, first_of_residence(1) + 1, municipality=MUSASHINO.code),
        sender=MUSASHINO,
    )

    assert counts(answer) == (2, 0, 0, 0)


@pytest.mark.invariant("I7")
@pytest.mark.parametrize("removal", ["death", "move_out"])
async def test_nobody_is_born_again(prefecture: Prefecture, removal: str) -> None:
    await prefecture.tell(notice(1), notice(1, 2, reason=removal))

    answer = await prefecture.tell(notice(1, 3, reason="birth"), notice(1, first_of_residence(1), reason="birth"))

    assert reasons(answer) == [(0, "value.change", "update_sequence"), (1, "value.change", "update_sequence")]


async def test_wards_of_one_city_are_one_municipality(prefecture: Prefecture) -> None:
    sapporo = NodeName.parse("municipal/011002")
    await prefecture.tell(notice(1, municipality="011011"), sender=sapporo)

    answer = await prefecture.tell(notice(1, 2, municipality="011029"), sender=sapporo)

    assert counts(answer) == (1, 0, 0, 0)


@pytest.mark.parametrize("reason", ["relocation", "death", "ex_officio_modification", "minor_correction"])
async def test_a_removed_resident_takes_no_further_change(prefecture: Prefecture, reason: str) -> None:
    await prefecture.tell(notice(1), notice(1, 2, reason="death"))

    answer = await prefecture.tell(notice(1, 3, reason=reason))

    assert reasons(answer) == [(0, "conflict.resident_removed", "reason")]


@pytest.mark.invariant("I7")
async def test_a_code_is_never_changed_into_that_of_another(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(2), notice(2, 2), notice(3))
    before = await prefecture.rows(EVERY_RECORD)

    # The next of the one who changes, and the next of the one whose code it would be.
    answer = await prefecture.tell(changed(1, 2, 2), changed(8, 2, 3), changed(3, 4, 2), changed(4, 3, 3))

    assert counts(answer) == (1, 0, 1, 2)
    assert [reason for _, reason, _ in reasons(answer)] == ["conflict.resident_record_code"] * 2
    after = await prefecture.rows(EVERY_RECORD)
    assert after[:2] == before[:2]
    assert await prefecture.rows(HISTORY, code(2)) == [(1,)]


@pytest.mark.invariant("I7")
async def test_two_people_cannot_change_to_one_code_in_one_message(prefecture: Prefecture) -> None:
    await prefecture.tell(notice(1), notice(2))

    answer = await prefecture.tell(changed(1, 9, 2), changed(2, 9, 2))

    assert reasons(answer) == [(1, "conflict.resident_record_code", "resident_record_code")]
    assert [row[0] for row in await prefecture.rows(EVERY_RECORD)] == [code(2), code(9)]


@pytest.mark.invariant("I7")
async def test_a_number_that_another_resident_has_is_set_apart(prefecture: Prefecture) -> None:
    number = individual_number(5)
    await prefecture.tell(notice(1, individual_number=number), notice(2))

    entering = await prefecture.tell(notice(3, individual_number=number))
    receiving = await prefecture.tell(notice(2, 2, individual_number=number))

    assert reasons(entering) == reasons(receiving) == [(0, "conflict.individual_number", "individual_number")]
    assert await prefecture.rows(OWNERS, number) == [(code(1),)]
    assert await prefecture.rows(HELD) == [
        ("quarantined", sequence, "conflict.individual_number", "individual_number") for sequence in (1, 2)
    ]


@pytest.mark.invariant("I7")
async def test_of_two_with_one_number_in_one_message_the_second_is_set_apart(prefecture: Prefecture) -> None:
    number = individual_number(5)

    answer = await prefecture.tell(notice(1, individual_number=number), notice(2, individual_number=number))

    assert reasons(answer) == [(1, "conflict.individual_number", "individual_number")]
    assert await prefecture.rows(OWNERS, number) == [(code(1),)]


@pytest.mark.invariant("I7")
async def test_a_number_stays_with_its_resident_and_goes_on_only_when_it_is_given_up(prefecture: Prefecture) -> None:
    number, other = individual_number(5), individual_number(6)
    await prefecture.tell(notice(1, individual_number=number))

    kept = await prefecture.tell(
        notice(1, 2, individual_number=number), changed(1, 8, 3, individual_number=number), changed(8, 9, 4)
    )
    corrected = await prefecture.tell(
        notice(9, 5, individual_number=number), notice(9, 6, individual_number=other), notice(2)
    )
    freed = await prefecture.tell(notice(2, 2, individual_number=number))
    taken = await prefecture.tell(notice(9, 7, individual_number=number))

    assert [counts(one) for one in (kept, corrected, freed)] == [(3, 0, 0, 0), (3, 0, 0, 0), (1, 0, 0, 0)]
    assert reasons(taken) == [(0, "conflict.individual_number", "individual_number")]


@pytest.mark.invariant("I7")
async def test_the_nation_gives_nobody_a_number_that_another_has_in_whatever_residence(nation: NodeDatabase) -> None:
    number = individual_number(5)
    left = [notice(1, individual_number=number), notice(1, 2, individual_number=number, reason="move_out")]
    await tell_nation(nation, *left, sender=TOKYO, number=1)
    await tell_nation(nation, notice(2, individual_number=number), sender=TOKYO, number=2)
    entering = notice(1, first_of_residence(1), individual_number=number, reason="move_in")

    again = await tell_nation(nation, entering, sender=TOKYO, number=3)

    assert reasons(again) == [(0, "conflict.individual_number", "individual_number")]
    assert await list_rows(nation, OWNERS, [number]) == [(code(2),)]


def back_under_another_code() -> tuple[list[IdentificationNotice], list[IdentificationNotice]]:
    """Return what Setagaya tells of somebody who leaves, and what Musashino tells when the same person comes back.

    In between the person lived in another prefecture, where the code changed from 1 to 9.
    """
    own: dict[str, Any] = {"individual_number": individual_number(5)}
    there = {**own, "municipality": MUSASHINO.code}
    left = [notice(1), notice(1, 2, **own), notice(1, 3, reason="move_out", **own)]
    back = [notice(9, first_of_residence(2), reason="move_in", **there), notice(9, first_of_residence(2) + 1, **there)]
    return left, back


@pytest.mark.invariant("I2")
@pytest.mark.invariant("I6")
@pytest.mark.parametrize("heard", range(4))
async def test_who_comes_back_under_another_code_waits_for_no_operator(prefecture: Prefecture, heard: int) -> None:
    left, back = back_under_another_code()
    senders = [*left[:heard], *back, *left[heard:]]

    answers = [
        await prefecture.tell(one, sender=MUSASHINO if one.municipality == MUSASHINO.code else SETAGAYA)
        for one in senders
    ]

    assert [counts(answer) for answer in answers] == [(1, 0, 0, 0)] * len(senders)
    assert await prefecture.rows(HELD) == []
    assert await prefecture.rows(OWNERS, individual_number(5)) == [(code(9),)]
    assert await prefecture.forwarded() == senders


@pytest.mark.invariant("I7")
async def test_two_with_one_number_in_the_same_residence_are_two_people(prefecture: Prefecture) -> None:
    number = individual_number(5)
    _, back = back_under_another_code()
    await prefecture.tell(*back, sender=MUSASHINO)

    answer = await prefecture.tell(notice(3, first_of_residence(2), reason="move_in", individual_number=number))

    assert reasons(answer) == [(0, "conflict.individual_number", "individual_number")]


@pytest.mark.invariant("I3")
async def test_of_a_long_message_said_again_only_what_says_something_else_is_set_apart(prefecture: Prefecture) -> None:
    said = [notice(number, sequence) for number in range(300) for sequence in (1, 2)]
    await prefecture.tell(*said)
    other = [notice(7, 1, name="試験\u3000茜"), notice(8, 2, name="試験\u3000茜")]

    answer = await prefecture.tell(*said, *other)

    assert (counts(answer), reasons(answer)) == (
        (0, 600, 0, 2),
        [(600, "conflict.sequence", "update_sequence"), (601, "conflict.sequence", "update_sequence")],
    )
