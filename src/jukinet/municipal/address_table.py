"""Read the table of a mass change (新旧対照表): old place, new place and, where there is one, postal code.

No place has a line break in its name: every line is a row of its own, so an open quotation mark spoils one row only.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from jukinet.domain.acts.mass_address_change import AddressRow, RefusedRow
from jukinet.domain.errors import FileEncodingError, FileFormatError, JukinetError

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_ENCODINGS: Final = ("utf-8", "cp932")
_HEADINGS: Final = frozenset({"旧住所", "旧町名", "旧", "old"})
_COLUMNS: Final = (2, 3)
_IN_POSTAL_CODE: Final = re.compile("[-‐‑‒–—―−ー〒\\s]")
#: Longer files are not somebody's table of one change.
MOST_ROWS: Final = 200_000
#: Of a line that is no row, so much is kept to be mended.
_MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class AddressTable:
    """The rows of a table, and the lines that are none with the reason."""

    rows: list[AddressRow] = field(repr=False)
    refused: list[RefusedRow] = field(repr=False)


def read_address_table(content: bytes) -> AddressTable:
    """Return the rows, numbered by their lines. Spreadsheets write UTF-8 or Shift_JIS: both are read.

    A line that cannot be decoded, is no CSV or has too few or too many columns is refused by itself.

    Raises:
        FileEncodingError: it is no text.
        FileFormatError: there is no row, or there are too many.
    """
    content = content.removeprefix(_BYTE_ORDER_MARK)
    if b"\0" in content:
        raise FileEncodingError("The file is neither UTF-8 nor Shift_JIS text.", field="rows")
    lines = re.split(rb"\r\n|\r|\n", content)
    encoding = max(_ENCODINGS, key=lambda one: _decodable(content, lines, one))
    table = AddressTable([], [])
    for number, line in enumerate(lines, 1):
        _read_line(table, number, line, encoding)
    if not 0 < len(table.rows) + len(table.refused) <= MOST_ROWS:
        raise FileFormatError(f"A table has 1 to {MOST_ROWS} rows.", field="rows")
    return table


def _decodable(content: bytes, lines: list[bytes], encoding: str) -> int:
    """Return how many lines this encoding can read; the first of two that read as many is taken."""
    if _decoded(content, encoding) is not None:
        return len(lines)
    return sum(_decoded(line, encoding) is not None for line in lines)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _read_line(table: AddressTable, number: int, line: bytes, encoding: str) -> None:
    text = _decoded(line, encoding)
    if text is None:
        error = FileEncodingError("This line is neither UTF-8 nor Shift_JIS.", field="encoding")
        _refuse(table, number, line.decode(encoding, errors="replace"), error)
        return
    try:
        # What is copied from a spreadsheet has tabs between the cells.
        cells = next(csv.reader([text], delimiter="\t" if "\t" in text else ",", strict=True), [])
    except csv.Error:
        what = "A quotation mark is not closed, or stands in the middle."
        _refuse(table, number, text, FileFormatError(what, field="quotation"))
        return
    cells = [cell.strip() for cell in cells]
    is_first = not table.rows and not table.refused
    if not any(cells) or (is_first and cells[0] in _HEADINGS):
        return
    while len(cells) > max(_COLUMNS) and not cells[-1]:
        cells.pop()
    if len(cells) not in _COLUMNS:
        _refuse(table, number, text, FileFormatError(f"It has {len(cells)} columns, not 2 or 3.", field="columns"))
        return
    table.rows.append(AddressRow(number, cells[0], cells[1], _postal_code(cells)))


def _refuse(table: AddressTable, number: int, line: str, error: JukinetError) -> None:
    table.refused.append(RefusedRow(AddressRow(number, line[:_MOST_KEPT], ""), error))


def _postal_code(cells: list[str]) -> str | None:
    if len(cells) < max(_COLUMNS):
        return None
    return _IN_POSTAL_CODE.sub("", unicodedata.normalize("NFKC", cells[2])) or None


def write_row(row: AddressRow, error_field: str | None = None) -> str:
    """Return a row as a line of the table, to be mended; a line that was none as it stood."""
    if error_field in {"encoding", "quotation", "columns"}:
        return row.old
    cells = [row.old, row.new, *([row.postal_code] if row.postal_code else [])]
    return ",".join('"' + cell.replace('"', '""') + '"' if re.search('[",\t]', cell) else cell for cell in cells)
