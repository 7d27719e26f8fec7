"""Blocks: the same from the same seed, in any order, in every form."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet.domain.errors import (
    LocalGovernmentCodeCheckDigitError,
    PopulationRequestError,
    UnknownLocalGovernmentError,
)
from jukinet.population.block import IDENTIFICATION_COLUMNS, REGISTER_COLUMNS, RESIDENT_COLUMNS, Block
from jukinet.population.generator import BLOCK_SIZE, generate_blocks, prepare_population
from jukinet.population.text_tables import joined_rows, text_table
from tests.unit.population.people import AS_OF, NAKASHIBETSU, SETAGAYA

NOW: Final = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def bytes_of(blocks: list[Block]) -> list[bytes]:
    return [
        b"".join(
            (
                block.json_lines(),
                block.identification_copy(received_at=NOW),
                block.register_copy(recorded_at=NOW, recorded_by="population"),
                block.resident_copy(),
            )
        )
        for block in blocks
    ]


def as_copy_text(value: object) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return r"\N" if value is None else str(value)


def blocks_of(residents: int, *, seed: int = 7, municipality: str = SETAGAYA) -> list[Block]:
    return list(generate_blocks(municipality=municipality, residents=residents, seed=seed, as_of=AS_OF))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(min_value=0), residents=st.integers(min_value=1, max_value=3000))
def test_the_same_seed_gives_the_same_bytes(seed: int, residents: int) -> None:
    assert bytes_of(blocks_of(residents, seed=seed)) == bytes_of(blocks_of(residents, seed=seed))


def test_another_seed_or_municipality_gives_other_people() -> None:
    one = bytes_of(blocks_of(100, seed=1))

    assert one != bytes_of(blocks_of(100, seed=2))
    assert one != bytes_of(blocks_of(100, seed=1, municipality=NAKASHIBETSU))


def test_blocks_come_out_the_same_in_any_order() -> None:
    def population() -> list[Block]:
        wanted = prepare_population(municipality=SETAGAYA, residents=35_000, seed=3, as_of=AS_OF)
        return [wanted.generate_block(number) for number in reversed(range(wanted.block_count))][::-1]

    assert bytes_of(population()) == bytes_of(blocks_of(35_000, seed=3))


def test_whole_blocks_do_not_depend_on_how_many_follow() -> None:
    assert bytes_of(blocks_of(25_000))[:2] == bytes_of(blocks_of(20_000))


def test_residents_are_numbered_from_one_and_households_do_not_mix() -> None:
    blocks = blocks_of(2 * BLOCK_SIZE + 5)
    people = [json.loads(line) for block in blocks for line in block.json_lines().splitlines()]

    assert [block.size for block in blocks] == [BLOCK_SIZE, BLOCK_SIZE, 5]
    assert [person["resident_number"] for person in people] == list(range(1, 2 * BLOCK_SIZE + 6))
    in_block = [
        {person["household_number"] for person in people[start : start + BLOCK_SIZE]} for start in (0, BLOCK_SIZE)
    ]
    assert not in_block[0] & in_block[1]


def test_copy_text_says_what_the_json_lines_say() -> None:
    (block,) = blocks_of(4000)
    people = [json.loads(line) for line in block.json_lines().splitlines()]

    for names, text in (
        (IDENTIFICATION_COLUMNS, block.identification_copy(received_at=NOW)),
        (REGISTER_COLUMNS, block.register_copy(recorded_at=NOW, recorded_by="population")),
        (RESIDENT_COLUMNS, block.resident_copy()),
    ):
        rows = [line.split("\t") for line in text.decode().splitlines()]
        assert len(rows) == len(people)
        for row, person in zip(rows, people, strict=True):
            record = dict(zip(names, row, strict=True))
            for name in person.keys() & record.keys():
                assert record[name] == as_copy_text(person[name])


def test_what_a_first_entry_does_not_have_is_null_or_one() -> None:
    (block,) = blocks_of(1)

    text = block.identification_copy(received_at=NOW).decode().rstrip("\n")

    record = dict(zip(IDENTIFICATION_COLUMNS, text.split("\t"), strict=True))
    assert record["postal_code"] == record["previous_resident_record_code"] == r"\N"
    assert (record["update_sequence"], record["is_removed"]) == ("1", "f")
    assert datetime.fromisoformat(record["received_at"]) == NOW


def test_a_block_keeps_its_people_out_of_its_repr() -> None:
    (block,) = blocks_of(10)

    assert repr(block) == "Block(municipality=131121, number=0, size=10)"


@pytest.mark.parametrize("residents", [0, -1, 1_000_001])
def test_a_number_of_residents_without_reserved_numbers_is_refused(residents: int) -> None:
    with pytest.raises(PopulationRequestError, match="1 to 1,000,000"):
        generate_blocks(municipality=SETAGAYA, residents=residents, seed=7, as_of=AS_OF)


@pytest.mark.parametrize(
    ("municipality", "error"),
    [
        ("131122", LocalGovernmentCodeCheckDigitError),
        ("999997", UnknownLocalGovernmentError),
        ("130001", PopulationRequestError),
        ("016951", PopulationRequestError),
    ],
)
def test_only_municipalities_and_wards_have_residents(municipality: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        generate_blocks(municipality=municipality, residents=1, seed=7, as_of=AS_OF)


def test_there_is_no_block_after_the_last() -> None:
    wanted = prepare_population(municipality=SETAGAYA, residents=1, seed=0, as_of=AS_OF)

    with pytest.raises(IndexError):
        wanted.generate_block(1)


def test_recorded_by_cannot_break_a_row() -> None:
    (block,) = blocks_of(1)

    with pytest.raises(ValueError, match="identifier"):
        block.register_copy(recorded_at=NOW, recorded_by="a\tb")


@pytest.mark.parametrize("value", ["a\tb", 'a"b', "a\\b", "a\nb", "a\0b"])
def test_a_value_that_would_need_escaping_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="quotation mark"):
        text_table([value])


@given(st.lists(st.tuples(st.text("あ𠮷ab", max_size=5), st.text("xい", max_size=3)), min_size=1, max_size=20))
def test_rows_are_their_pieces_one_after_the_other(values: list[tuple[str, str]]) -> None:
    left, right = text_table(one for one, _ in values), text_table(other for _, other in values)

    rows = joined_rows([left, b"|", right, b"\n"], len(values))

    assert rows.decode() == "".join(f"{one}|{other}\n" for one, other in values)
