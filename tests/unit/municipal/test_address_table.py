"""The table of a mass change: whatever somebody's spreadsheet writes, each line is a row or is refused by itself."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.cli.mass_change import Kind
from jukinet.domain.acts.mass_address_change import AddressRow, MassChangeKind, sort_rows
from jukinet.domain.errors import FileEncodingError, FileFormatError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.municipal.address_table import MOST_ROWS, read_address_table, write_row
from tests.builders import SETAGAYA

OWN = LocalGovernmentCode(SETAGAYA.code)
#: What both encodings have, with what CSV trips over.
CELL = st.text(st.sampled_from('太子堂若林三軒茶屋一二丁目番号髙ー　 ,"1２'), max_size=12)
ROWS = st.lists(
    st.tuples(CELL, CELL, st.sampled_from(["", "154-0004", "１５４００２３", "x"])), min_size=1, max_size=20
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "cp932"])


def written(rows: list[tuple[str, str, str]], *, delimiter: str = ",", ending: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return text.getvalue()


@given(rows=ROWS, encoding=ENCODINGS, delimiter=st.sampled_from(",\t"), ending=st.sampled_from(["\r\n", "\n", "\r"]))
def test_what_a_spreadsheet_writes_is_read_as_it_stands(
    rows: list[tuple[str, str, str]], encoding: str, delimiter: str, ending: str
) -> None:
    rows = [("太子堂一丁目", "若林", ""), *rows]
    table = read_address_table(written(rows, delimiter=delimiter, ending=ending).encode(encoding))

    expected = [
        (line, old.strip(), new.strip())
        for line, (old, new, code) in enumerate(rows, 1)
        if old.strip() or new.strip() or code
    ]
    assert table.refused == []
    assert [(row.row_number, row.old, row.new) for row in table.rows] == expected
    assert {row.postal_code for row in table.rows} <= {None, "1540004", "1540023", "x"}


@given(content=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_whatever_the_bytes_are_each_line_is_a_row_or_is_refused_with_its_number(content: bytes) -> None:
    try:
        table = read_address_table(content)
    except (FileEncodingError, FileFormatError):
        return
    numbers = [row.row_number for row in table.rows] + [one.row.row_number for one in table.refused]
    assert len(set(numbers)) == len(numbers)
    usable, refused = sort_rows(OWN, table.rows)
    kept = [*usable, *(one.row for one in refused), *(one.row for one in table.refused)]
    assert sorted(row.row_number for row in kept) == sorted(numbers)
    # The database keeps every text but one with a NUL.
    assert not any("\0" in f"{row.old}{row.new}{row.postal_code}" for row in kept)


@given(rows=ROWS)
def test_a_row_that_is_written_again_to_be_mended_is_read_as_it_was(rows: list[tuple[str, str, str]]) -> None:
    table = read_address_table(written([("太子堂一丁目", "若林", ""), *rows]).encode())

    again = read_address_table("\n".join(write_row(row) for row in table.rows).encode())

    assert again.refused == []
    assert [(row.old, row.new, row.postal_code) for row in again.rows] == [
        (row.old, row.new, row.postal_code) for row in table.rows
    ]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("若林".encode("cp932") + b"\x81,x", "encoding"),
        ('"若林一丁目,新若林'.encode("cp932"), "quotation"),
        ('若"林"一丁目,"新"若林'.encode("cp932"), "quotation"),
        ("若林一丁目".encode("cp932"), "columns"),
        ("若林一丁目,新,1,2".encode("cp932"), "columns"),
    ],
)
def test_a_bad_line_spoils_only_itself(line: bytes, field: str) -> None:
    good = "太子堂一丁目,新太子堂".encode("cp932")

    table = read_address_table(b"\r\n".join([good, line, good]))

    assert [row.row_number for row in table.rows] == [1, 3]
    assert [(one.row.row_number, one.error.field) for one in table.refused] == [(2, field)]


def test_of_two_rows_for_a_town_the_first_counts_however_it_is_written() -> None:
    content = "太子堂１丁目,一\n太子堂1丁目,二\n東京都世田谷区太子堂1丁目,三\n世田谷区若林,四\n".encode()

    usable, refused = sort_rows(OWN, read_address_table(content).rows)

    assert [row.row_number for row in usable] == [1, 4]
    assert [(one.row.row_number, one.error.field) for one in refused] == [(2, "old_place"), (3, "old_place")]


def test_empty_cells_say_which_is_empty() -> None:
    _, refused = sort_rows(OWN, read_address_table("若林,\n,若林\n".encode()).rows)

    assert [(one.row.row_number, one.error.code, one.error.field) for one in refused] == [
        (1, "value.missing", "new_place"),
        (2, "value.missing", "old_place"),
    ]


def test_empty_columns_of_a_spreadsheet_and_empty_lines_are_passed_over() -> None:
    table = read_address_table("旧町名,新町名,郵便番号,,\n,,,,\n若林,新若林,〒154-0023,,\n\n".encode())

    assert table.rows == [AddressRow(3, "若林", "新若林", "1540023")]
    assert table.refused == []


def test_ten_thousand_rows_are_ten_thousand_rows() -> None:
    lines = [f"太子堂一丁目{n}番1号,太子堂一丁目{n + 1}番地" for n in range(10_000)]

    usable, refused = sort_rows(OWN, read_address_table("\n".join(lines).encode("cp932")).rows)

    assert (len(usable), refused) == (10_000, [])


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xef\xbb\xbf", "旧住所,新住所\n".encode(), b"a,b\n" * (MOST_ROWS + 1)]
)
def test_a_table_has_rows_and_not_too_many(content: bytes) -> None:
    with pytest.raises(FileFormatError):
        read_address_table(content)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_what_is_no_text_of_the_two_encodings_is_refused(encoding: str) -> None:
    with pytest.raises(FileEncodingError):
        read_address_table("若林,新若林\n".encode(encoding))


def test_the_command_knows_every_kind() -> None:
    assert [kind.value for kind in Kind] == [kind.tag for kind in MassChangeKind]
