"""Read the table of a mass change (新旧対照表): CSV with old place, new place and, where there is one, postal code."""

from __future__ import annotations

import csv
import io
from typing import Final

from jukinet.domain.acts.mass_address_change import AddressRow
from jukinet.domain.errors import FileEncodingError, FileFormatError

_ENCODINGS: Final = ("utf-8-sig", "cp932")
_HEADINGS: Final = frozenset({"旧住所", "旧町名", "旧", "old"})
_COLUMNS: Final = (2, 3)
#: Longer files are not somebody's table of one change.
MOST_ROWS: Final = 200_000


def read_address_table(content: bytes) -> list[AddressRow]:
    """Return the rows, numbered by the line each begins on. Spreadsheets write UTF-8 or Shift_JIS: both are read.

    Raises:
        FileEncodingError: it is neither.
        FileFormatError: a line has too few or too many columns, or there is none, or are too many.
    """
    reader = csv.reader(io.StringIO(_decoded(content), newline=""))
    rows: list[AddressRow] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells) or (not rows and cells[0].strip() in _HEADINGS):
                continue
            if len(cells) not in _COLUMNS:
                raise FileFormatError(f"Line {reader.line_num} has {len(cells)} columns, not 2 or 3.", field="rows")
            postal_code = cells[2].strip().replace("-", "") if len(cells) > min(_COLUMNS) else ""
            rows.append(AddressRow(reader.line_num, cells[0].strip(), cells[1].strip(), postal_code or None))
    except csv.Error:
        raise FileFormatError(f"Line {reader.line_num} is not CSV.", field="rows") from None
    if not 0 < len(rows) <= MOST_ROWS:
        raise FileFormatError(f"A table has 1 to {MOST_ROWS} rows.", field="rows")
    return rows


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileEncodingError(field="rows")
