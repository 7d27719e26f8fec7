"""The lines of a batch file, read a block at a time: the same row for every layout, and what is wrong, line by line.

A row is tab-separated as PostgreSQL's COPY reads it: line number (10 digits), reference (20 bytes, padded with spaces),
then the key: 11 or 12 digits, or name, birth date, sex and address. A bad line gives a problem and no row; a problem
names line, column, item and rule, never the content. Nothing is read twice, and nothing of the file is kept.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from jukinet.domain.addresses import require_address
from jukinet.domain.characters import from_juki_codes
from jukinet.domain.civil_dates import require_civil_date_wire
from jukinet.domain.errors import (
    FileEncodingError,
    FileFormatError,
    InvalidValueError,
    MissingItemError,
    UnknownCodeListValueError,
)
from jukinet.domain.identification import Sex
from jukinet.domain.individual_number import require_individual_number
from jukinet.domain.names import require_name
from jukinet.domain.provision_batches import BatchKey, BatchLayout
from jukinet.domain.resident_record_code import require_resident_record_code
from jukinet.protocol.batch import BatchProblem
from jukinet.protocol.batch_items import plain_item_rows
from jukinet.protocol.batch_numbers import plain_rows

#: No line of any layout is longer.
LONGEST_LINE: Final = 4096
#: Lines whose problems a block tells; of the others only how many they are.
_MOST_TOLD: Final = 1000
_REFERENCE: Final = re.compile("[0-9A-Za-z_-]{1,20}")
_SEXES: Final = frozenset(sex.value for sex in Sex)
_CUT_OFF: Final = "The last line does not end: the file was cut off."


class Column(NamedTuple):
    """One item of a line: its name, and its width in bytes in the fixed-width layout, with Juki characters too."""

    name: str
    width: int
    juki_width: int | None = None

    def bytes_with(self, *, is_juki: bool) -> int:
        """Return the width where names and addresses are in Juki unified characters, or are not."""
        return self.juki_width if is_juki and self.juki_width is not None else self.width


#: 整理番号: the organ's own name of the line, by which it finds the result again.
_REFERENCE_COLUMN: Final = Column("reference", 20)
COLUMNS: Final = {
    BatchKey.RESIDENT_RECORD_CODE: (_REFERENCE_COLUMN, Column("resident_record_code", 11)),
    BatchKey.INDIVIDUAL_NUMBER: (_REFERENCE_COLUMN, Column("individual_number", 12)),
    BatchKey.FOUR_ITEMS: (
        _REFERENCE_COLUMN,
        Column("name", 240, 700),
        Column("birth_date", 12),
        Column("sex", 1),
        Column("address", 480, 1400),
    ),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """How the lines of a file are written."""

    layout: BatchLayout
    key: BatchKey
    is_juki: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the items of a line."""
        return COLUMNS[self.key]

    @property
    def widths(self) -> tuple[int, ...]:
        """Return the width of each, in bytes, in the fixed-width layout."""
        return tuple(column.bytes_with(is_juki=self.is_juki) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Block:
    """What a block of lines came to."""

    rows: bytes = field(repr=False)
    good: int
    bad: int
    problems: tuple[BatchProblem, ...] = ()


class _Wrong(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, column: int, item: str, error: InvalidValueError) -> None:
        self.column: Final = column
        self.item: Final = item
        self.error: Final = error


def parse_block(content: bytes, lines: Lines, *, first_line: int) -> Block:
    """Return the rows and problems of whole lines, the first of which has the number `first_line`."""
    if lines.key is BatchKey.FOUR_ITEMS:
        is_csv = lines.layout is BatchLayout.CSV and not lines.is_juki
        rows = plain_item_rows(content, first_line=first_line) if is_csv else None
    else:
        rows = plain_rows(content, lines.layout, lines.key, first_line=first_line)
    if rows is not None:
        return Block(rows, content.count(b"\n"), 0)
    return _parse_line_by_line(content, lines, first_line)


def cut_whole_lines(content: bytes) -> tuple[bytes, bytes]:
    """Return the whole lines at the beginning, and what is left of the last one.

    Raises:
        FileFormatError: a line is longer than any can be: this is no batch file.
    """
    end = content.rfind(b"\n") + 1
    rest = content[end:]
    if len(rest) > LONGEST_LINE:
        raise FileFormatError(f"A line is longer than {LONGEST_LINE} bytes.", field="line")
    return content[:end], rest


def require_ended(rest: bytes) -> None:
    """Refuse a file whose last line does not end; raise FileFormatError."""
    if rest:
        raise FileFormatError(_CUT_OFF, field="line")


def _parse_line_by_line(content: bytes, lines: Lines, first_line: int) -> Block:
    split = _SPLITTERS[lines.layout]
    rows: list[str] = []
    problems: list[BatchProblem] = []
    number, bad = first_line - 1, 0
    for number, line in enumerate(content.split(b"\n")[:-1], start=first_line):
        try:
            reference, *key = split(line.removesuffix(b"\r"), lines)
            _require_reference(reference)
            row = _read_key(key, lines)
        except _Wrong as wrong:
            bad += 1
            if len(problems) < _MOST_TOLD:
                problems.append(_problem(number, wrong))
        else:
            rows.append(f"{number:010d}\t{reference:<20}\t{row}\n")
    return Block("".join(rows).encode(), len(rows), bad, tuple(problems))


def _problem(number: int, wrong: _Wrong) -> BatchProblem:
    error = wrong.error
    return BatchProblem(line=number, column=wrong.column, item=wrong.item, code=error.code, rule=error.detail)


def _require_reference(text: str) -> None:
    if _REFERENCE.fullmatch(text) is None:
        message = "1 to 20 of the characters 0-9, A-Z, a-z, - and _."
        raise _Wrong(1, "reference", (FileFormatError if text else MissingItemError)(message))


def _read_key(texts: Sequence[str], lines: Lines) -> str:
    if lines.key is BatchKey.FOUR_ITEMS:
        return _read_four_items(texts, lines)
    column = lines.columns[1]
    is_code = lines.key is BatchKey.RESIDENT_RECORD_CODE
    require = require_resident_record_code if is_code else require_individual_number
    _check(lines, 1, lambda: require(texts[0], field=column.name))
    return texts[0]


def _read_four_items(texts: Sequence[str], lines: Lines) -> str:
    name, birth_date, sex, address = texts
    try:
        if lines.is_juki:
            name, address = _from_juki(name, "name"), _from_juki(address, "address")
        require_name(name, field="name")
        require_civil_date_wire(birth_date, "birth_date", may_be_irregular=True)
        if sex not in _SEXES:
            raise UnknownCodeListValueError(field="sex")
        require_address(address, field="address")
    except InvalidValueError as error:
        place = next((at for at, one in enumerate(lines.columns) if one.name == error.field), 0)
        raise _Wrong(_column_of(lines, place), error.field or "", error) from None
    return "\t".join([_escaped(name), birth_date, sex, _escaped(address)])


def _check(lines: Lines, place: int, require: Callable[[], None]) -> None:
    try:
        require()
    except InvalidValueError as error:
        raise _Wrong(_column_of(lines, place), lines.columns[place].name, error) from None


def _column_of(lines: Lines, place: int) -> int:
    if lines.layout is BatchLayout.FIXED_WIDTH:
        return 1 + sum(lines.widths[:place])
    return place + 1


def _from_juki(codes: str, item: str) -> str:
    return from_juki_codes(codes).require_lossless(field=item)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\") if "\\" in text else text


def _decode(content: bytes, column: int = 1, item: str = "") -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _Wrong(column, item, FileEncodingError("The text is not UTF-8.")) from None


def _split_fixed(line: bytes, lines: Lines) -> Iterable[str]:
    widths = lines.widths
    width = sum(widths)
    if len(line) != width:
        raise _Wrong(min(len(line), width) + 1, "", FileFormatError(f"A line has exactly {width} bytes."))
    texts: list[str] = []
    start = 0
    for column, length in zip(lines.columns, widths, strict=True):
        texts.append(_decode(line[start : start + length], start + 1, column.name).rstrip(" "))
        start += length
    return texts


def _split_csv(line: bytes, lines: Lines) -> Iterable[str]:
    text = _decode(line)
    try:
        # A line is an item list of its own: a quotation that does not end would else swallow those that follow.
        texts = text.split(",") if '"' not in text else next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise _Wrong(1, "", FileFormatError("A quotation does not end, or something follows it.")) from None
    if len(texts) != len(lines.columns):
        message = f"A line has exactly {len(lines.columns)} items."
        raise _Wrong(min(len(texts), len(lines.columns)), "", FileFormatError(message))
    return texts


_decoder: Final = msgspec.json.Decoder(dict[str, str])


def _split_jsonl(line: bytes, lines: Lines) -> Iterable[str]:
    _decode(line)
    try:
        found = _decoder.decode(line)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        raise _Wrong(1, "", FileFormatError("A line is one JSON object whose values are texts.")) from None
    texts: list[str] = []
    for place, column in enumerate(lines.columns):
        if column.name not in found:
            raise _Wrong(place + 1, column.name, MissingItemError())
        texts.append(found[column.name])
    if len(found) != len(texts):
        raise _Wrong(len(texts) + 1, "", FileFormatError("The line has an item that is not of this layout."))
    return texts


_SPLITTERS: Final = {
    BatchLayout.FIXED_WIDTH: _split_fixed,
    BatchLayout.CSV: _split_csv,
    BatchLayout.JSONL: _split_jsonl,
}
