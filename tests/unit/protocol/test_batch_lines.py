"""Lines of batch files: what is good becomes the same row in every layout, what is bad is named and shown to nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet.domain.characters import to_juki_codes
from jukinet.domain.errors import FileFormatError
from jukinet.domain.provision_batches import BatchKey, BatchLayout
from jukinet.protocol import batch_items, batch_lines, batch_numbers
from jukinet.protocol.batch_lines import Lines, cut_whole_lines, parse_block, require_ended
from tests.builders import code, individual_number

LAYOUTS = list(BatchLayout)
NUMBER_KEYS = [BatchKey.RESIDENT_RECORD_CODE, BatchKey.INDIVIDUAL_NUMBER]
FOUR = ("r-1", "試験\u3000葵", "1990-05-06", "2", "東京都世田谷区太子堂一丁目1番1号")
references = st.text(alphabet="0123456789ABCxyz_-", min_size=1, max_size=20)


def written(texts: Sequence[str], lines: Lines) -> bytes:
    """Write one line as an organ would."""
    if lines.layout is BatchLayout.JSONL:
        names = [column.name for column in lines.columns]
        return json.dumps(dict(zip(names, texts, strict=True)), ensure_ascii=False).encode() + b"\n"
    if lines.layout is BatchLayout.CSV:
        return ",".join(texts).encode() + b"\n"
    padded = [text.encode().ljust(width) for text, width in zip(texts, lines.widths, strict=True)]
    return b"".join(padded) + b"\n"


def key_text(key: BatchKey, number: int) -> str:
    return code(number) if key is BatchKey.RESIDENT_RECORD_CODE else individual_number(number)


@pytest.mark.parametrize("key", NUMBER_KEYS)
@given(people=st.lists(st.tuples(references, st.integers(0, 99_999)), min_size=1, max_size=30))
def test_a_good_line_gives_the_same_row_in_every_layout(key: BatchKey, people: list[tuple[str, int]]) -> None:
    rows = {
        parse_block(
            b"".join(written((reference, key_text(key, number)), Lines(layout, key)) for reference, number in people),
            Lines(layout, key),
            first_line=7,
        ).rows
        for layout in LAYOUTS
    }

    expected = "".join(
        f"{7 + at:010d}\t{reference:<20}\t{key_text(key, number)}\n" for at, (reference, number) in enumerate(people)
    )
    assert rows == {expected.encode()}


@pytest.mark.parametrize("layout", [BatchLayout.CSV, BatchLayout.FIXED_WIDTH])
@pytest.mark.parametrize("key", NUMBER_KEYS)
@given(content=st.binary(max_size=80), changes=st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=3))))
def test_reading_all_at_once_gives_what_reading_line_by_line_gives(
    layout: BatchLayout, key: BatchKey, content: bytes, changes: list[tuple[int, bytes]]
) -> None:
    lines = Lines(layout, key)
    block = b"".join(written((f"r{number}", key_text(key, number)), lines) for number in range(5)) + content
    for place, change in changes:
        block = block[:place] + change + block[place + len(change) :]
    block += b"" if block.endswith(b"\n") else b"\n"

    slow = batch_lines._parse_line_by_line(block, lines, 1)
    fast = batch_numbers.plain_rows(block, layout, key, first_line=1)

    if fast is not None:
        assert (fast, 0) == (slow.rows, slow.bad)
    assert slow.good + slow.bad == block.count(b"\n")


@pytest.mark.parametrize("layout", [BatchLayout.CSV, BatchLayout.FIXED_WIDTH])
def test_a_plain_block_is_read_all_at_once(layout: BatchLayout) -> None:
    lines = Lines(layout, BatchKey.INDIVIDUAL_NUMBER)
    block = b"".join(written((f"r{number}", individual_number(number)), lines) for number in range(50))

    assert batch_numbers.plain_rows(block, layout, lines.key, first_line=1) is not None


@settings(deadline=None, max_examples=50)
@given(
    texts=st.lists(st.text(alphabet="試葵\u3000 \"',-1\t\\葛\U000e0100鿿", max_size=12), min_size=1, max_size=8),
    content=st.binary(max_size=30),
)
def test_four_items_read_all_at_once_are_those_read_line_by_line(texts: list[str], content: bytes) -> None:
    lines = Lines(BatchLayout.CSV, BatchKey.FOUR_ITEMS)
    names = [f"試{text}葵" if place % 2 else text for place, text in enumerate(texts)]
    rows = [f"r{place},{name},1990-05-06,2,{FOUR[4]}" for place, name in enumerate(names)]
    for block in ("\n".join(rows).encode() + b"\n", "\n".join(rows).encode() + b"\n" + content + b"\n"):
        slow = batch_lines._parse_line_by_line(block, lines, 1)
        fast = batch_items.plain_item_rows(block, first_line=1)

        if fast is not None:
            assert (fast, 0) == (slow.rows, slow.bad)
        assert (fast is None) or slow.good == block.count(b"\n")


def test_plain_lines_by_four_items_are_read_all_at_once() -> None:
    lines = "".join(f'r{number},"{FOUR[1]}",{",".join(FOUR[2:])}\n' for number in range(50)).encode()

    assert batch_items.plain_item_rows(lines, first_line=1) is not None
    assert batch_items.plain_item_rows(lines + f"r,葛\U000e0100,{','.join(FOUR[2:])}\n".encode(), first_line=1) is None


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_four_items_are_read_in_every_layout(layout: BatchLayout) -> None:
    lines = Lines(layout, BatchKey.FOUR_ITEMS)

    block = parse_block(written(FOUR, lines), lines, first_line=1)

    assert block.rows.decode() == "0000000001\t" + "\t".join((f"{FOUR[0]:<20}", *FOUR[1:])) + "\n"
    assert block.problems == ()


@pytest.mark.invariant("I10")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_and_addresses_in_juki_characters_are_converted(layout: BatchLayout) -> None:
    lines = Lines(layout, BatchKey.FOUR_ITEMS, is_juki=True)
    texts = (FOUR[0], to_juki_codes(FOUR[1]).text, *FOUR[2:4], to_juki_codes(FOUR[4]).text)

    block = parse_block(written(texts, lines), lines, first_line=1)

    assert block.rows.decode().split("\t")[2:] == [*FOUR[1:4], FOUR[4] + "\n"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("place", "text", "item", "error"),
    [
        (0, "", "reference", "value.missing"),
        (0, "a b", "reference", "value.file.format"),
        (1, "", "name", "value.name"),
        (2, "1990-02-30", "birth_date", "value.date.impossible"),
        (2, "6.5.1990", "birth_date", "value.date.format"),
        (3, "3", "sex", "value.code_list"),
        (4, "", "address", "value.address"),
        (1, "試\u0007験", "name", "value.character.repertoire"),
    ],
)
def test_a_bad_item_is_named_with_its_line_column_and_rule(
    layout: BatchLayout, place: int, text: str, item: str, error: str
) -> None:
    lines = Lines(layout, BatchKey.FOUR_ITEMS)
    bad = tuple(text if at == place else good for at, good in enumerate(FOUR))

    block = parse_block(written(FOUR, lines) + written(bad, lines) + written(FOUR, lines), lines, first_line=1)

    (problem,) = block.problems
    column = 1 + sum(lines.widths[:place]) if layout is BatchLayout.FIXED_WIDTH else place + 1
    assert (problem.line, problem.column, problem.item, problem.code) == (2, column, item, error)
    assert (block.good, block.bad) == (2, 1)
    assert problem.rule
    assert FOUR[1] not in repr(problem)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"r1,\xff\xfe\n", "value.file.encoding"),
        (b"r1\n", "value.file.format"),
        (b"r1,2,3\n", "value.file.format"),
        (b'"r1,90000000011\n', "value.file.format"),
        (b"\n", "value.file.format"),
        (b"r1,12345678901\n", "value.individual_number.format"),
        (b"r1,900000000009\n", "value.individual_number.check_digit"),
    ],
)
def test_a_line_that_is_no_line_of_the_layout_is_refused_alone(line: bytes, error: str) -> None:
    lines = Lines(BatchLayout.CSV, BatchKey.INDIVIDUAL_NUMBER)
    good = written(("r0", individual_number(1)), lines)

    block = parse_block(good + line + good, lines, first_line=1)

    assert [problem.code for problem in block.problems] == [error]
    assert block.good == 2


@pytest.mark.parametrize("line", [b"[]\n", b"{\n", b'{"reference": 1}\n', b'{"reference": "a", "x": "1"}\n', b"\xff\n"])
def test_a_line_that_is_not_json_of_the_layout_is_refused(line: bytes) -> None:
    block = parse_block(line, Lines(BatchLayout.JSONL, BatchKey.INDIVIDUAL_NUMBER), first_line=1)

    assert (block.good, block.bad) == (0, 1)


@given(content=st.binary(max_size=300))
def test_whole_lines_are_cut_anywhere_and_lose_nothing(content: bytes) -> None:
    whole, rest = cut_whole_lines(content)

    assert whole + rest == content
    assert b"\n" not in rest


def test_a_line_without_an_end_is_not_waited_for() -> None:
    with pytest.raises(FileFormatError):
        cut_whole_lines(b"x" * 5000)
    with pytest.raises(FileFormatError):
        require_ended(b"r1,1")
    require_ended(b"")


@given(content=st.binary(max_size=400), key=st.sampled_from(list(BatchKey)), layout=st.sampled_from(LAYOUTS))
def test_no_content_whatsoever_does_more_than_be_refused(content: bytes, key: BatchKey, layout: BatchLayout) -> None:
    block = parse_block(content + b"\n", Lines(layout, key), first_line=1)

    assert block.good + block.bad == (content + b"\n").count(b"\n")
    assert block.rows.count(b"\n") == block.good
