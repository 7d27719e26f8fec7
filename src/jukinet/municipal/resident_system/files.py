"""Files of changes as the resident system drops them: JSON Lines (`.jsonl`) or CSV (`.csv`), in UTF-8. No I/O here.

CSV has the field names of `ChangeRecord` in its first row, in any order; an empty cell is an item that is not there.
Shift_JIS is refused as a whole: it has no variation selectors, and what it could not hold would be lost already.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from jukinet.domain.errors import FileEncodingError, FileFormatError, JukinetError, MalformedRequestError
from jukinet.municipal.resident_system.results import reason_of
from jukinet.municipal.usecases.accept_resident_changes import Row, read_row
from jukinet.protocol.resident_changes import ChangeRecord, RecordResult

#: The longest file.
MOST_BYTES: Final = 256 * 1024 * 1024
_MARK: Final = "\ufeff"
_COLUMNS: Final = ChangeRecord.__struct_fields__
_NUMBERS: Final = frozenset({"order_number", "previous_order_number", "revision", "residence"})
#: Texts that may be empty without being absent.
_EMPTY_TEXTS: Final = frozenset({"kana", "sex"})
_REPORT_HEADER: Final = ("行", "列", "項目", "識別番号", "結果", "更新順番号", "コード", "理由")
_STATES: Final = {
    "accepted": "反映した",
    "kept": "受け付けて送信を保留した",
    "already_accepted": "反映済み",
    "superseded": "後の行で置き換えられた",
    "waiting": "同じ住民の前の異動を待っている",
    "refused": "受け付けない",
}


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file says: its rows, and for CSV its columns. `error` where it cannot be read as a whole."""

    rows: Sequence[Row] = ()
    columns: Sequence[str] = ()
    error: JukinetError | None = None


def parse_file(name: str, content: bytes) -> ParsedFile:
    """Read a file by the ending of its name."""
    try:
        text = _decode(content)
        if name.lower().endswith(".csv"):
            return _parse_csv(text)
        if name.lower().endswith(".jsonl"):
            lines = enumerate(text.split("\n"), start=1)
            return ParsedFile([read_row(number, line.encode()) for number, line in lines if line.strip()])
        raise FileFormatError("The name of the file ends neither in .jsonl nor in .csv.", field="file_name")
    except (FileEncodingError, FileFormatError) as error:
        return ParsedFile(error=error)


def report_of(parsed: ParsedFile, results: Sequence[RecordResult]) -> bytes:
    """Return the report (結果報告) of a file: CSV in UTF-8 with a byte order mark, so that office programs read it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_REPORT_HEADER)
    if parsed.error is not None:
        code = parsed.error.code
        writer.writerow(("", "", parsed.error.field, "", "ファイルを受け付けない", "", code, reason_of(code)))
    for result in results:
        column = parsed.columns.index(result.field) + 1 if result.field in parsed.columns else ""
        writer.writerow(
            (
                result.row,
                column,
                result.field,
                result.record_id,
                _STATES[result.state],
                result.update_sequence,
                result.code,
                result.reason,
            )
        )
    return (_MARK + text.getvalue()).encode()


def _decode(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FileFormatError("The file is too long: part it.", field="file_name")
    try:
        return content.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError:
        message = "The file is Shift_JIS: save it as UTF-8." if _is_shift_jis(content) else None
        raise FileEncodingError(message) from None


def _is_shift_jis(content: bytes) -> bool:
    try:
        content.decode("cp932")
    except UnicodeDecodeError:
        return False
    return True


def _parse_csv(text: str) -> ParsedFile:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        unknown = [column for column in columns if column not in _COLUMNS]
        if not columns or unknown or len(set(columns)) != len(columns):
            place = len(columns) if not unknown else columns.index(unknown[0]) + 1
            raise FileFormatError(f"Column {place} of the header is not one of the documented.", field="header")
        return ParsedFile(list(_rows(reader, columns)), columns)
    except csv.Error:
        raise FileFormatError(f"Line {reader.line_num} is not CSV.", field=f"line {reader.line_num}") from None


def _rows(reader: Iterator[list[str]], columns: Sequence[str]) -> Iterator[Row]:
    line = 2
    for cells in reader:
        number, line = line, getattr(reader, "line_num", line) + 1
        if not any(cells):
            continue
        if len(cells) != len(columns):
            yield Row(number, error=MalformedRequestError("The row has another number of cells than the header."))
            continue
        pairs = zip(columns, cells, strict=True)
        items = {name: _cell(name, cell) for name, cell in pairs if cell or name in _EMPTY_TEXTS}
        yield read_row(number, msgspec.json.encode(items))


def _cell(name: str, cell: str) -> str | int:
    if name in _NUMBERS and cell.isascii() and cell.isdigit() and len(cell) <= 19:  # noqa: PLR2004 - what 64 bits hold
        return int(cell)
    return cell
