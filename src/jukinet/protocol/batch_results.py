"""The results of a batch file: as the national node gives them, and in the layout of the organ's file.

On the line a result is one tab-separated line with every column, empty where there is nothing; the agency node writes
the file its organ wants from it, a line at a time. Layouts: docs/batch.md.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from jukinet.domain.characters import to_juki_codes
from jukinet.domain.errors import PeerAnswerError
from jukinet.domain.provision_batches import BatchLayout
from jukinet.protocol.batch_lines import Column, Lines

#: Every column of a result, in order; widths are those of the fixed-width layout, in bytes.
RESULT_COLUMNS: Final = (
    Column("line", 10),
    Column("reference", 20),
    #: A value of `LineResult`.
    Column("result", 10),
    #: A value of `RecordState`.
    Column("state", 20),
    Column("name", 400, 700),
    Column("kana", 450),
    Column("former_surname", 400, 700),
    Column("alias", 400, 700),
    Column("birth_date", 12),
    Column("sex", 1),
    Column("address", 800, 1400),
    Column("individual_number", 12),
    Column("resident_record_code", 11),
    Column("reason", 24),
    Column("changed_on", 12),
    #: Of a file by the four items: values of `Agreement`.
    Column("name_agreement", 16),
    Column("address_agreement", 16),
)
#: Items of which characters were lost in the conversion to Juki characters; not on the line between the nodes.
LOST_COLUMN: Final = Column("lost_characters", 60)
FILE_COLUMNS: Final = (*RESULT_COLUMNS, LOST_COLUMN)
_IN_JUKI: Final = tuple(place for place, column in enumerate(RESULT_COLUMNS) if column.juki_width is not None)
_encoder: Final = msgspec.json.Encoder()


def render_results(rows: Iterable[str], lines: Lines) -> Iterator[bytes]:
    """Yield each row, without its line feed, as a line of the organ's file; CSV begins with the names of the columns.

    Raises:
        PeerAnswerError: a row has another number of columns than there are.
    """
    if lines.layout is BatchLayout.CSV:
        yield _csv_line([column.name for column in FILE_COLUMNS])
    for row in rows:
        texts = row.split("\t")
        if len(texts) != len(RESULT_COLUMNS):
            raise PeerAnswerError("A result has another number of columns than there are.")
        yield _render(_converted(texts) if lines.is_juki else [*texts, ""], lines)


def _converted(texts: list[str]) -> list[str]:
    lost: list[str] = []
    for place in _IN_JUKI:
        if texts[place]:
            conversion = to_juki_codes(texts[place])
            texts[place] = conversion.text
            if conversion.loses:
                lost.append(RESULT_COLUMNS[place].name)
    return [*texts, ",".join(lost)]


def _render(texts: list[str], lines: Lines) -> bytes:
    if lines.layout is BatchLayout.CSV:
        return _csv_line(texts)
    if lines.layout is BatchLayout.JSONL:
        given = {column.name: text for column, text in zip(FILE_COLUMNS, texts, strict=True) if text}
        return _encoder.encode(given) + b"\n"
    return b"".join(_padded(columns, lines) for columns in zip(FILE_COLUMNS, texts, strict=True)) + b"\n"


def _padded(item: tuple[Column, str], lines: Lines) -> bytes:
    column, text = item
    width = column.bytes_with(is_juki=lines.is_juki)
    content = text.encode()
    if len(content) > width:
        raise PeerAnswerError("A result is longer than its column.", field=column.name)
    return content.ljust(width)


def _csv_line(texts: list[str]) -> bytes:
    if not any(sign in text for text in texts for sign in ',"'):
        return ",".join(texts).encode() + b"\n"
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(texts)
    return line.getvalue().encode()
