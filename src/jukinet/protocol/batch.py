"""Batch provision (一括提供): how an agency hands in a file of lines, follows it and fetches its results.

A file is begun (signed: header, length and SHA-256 of the lines), sent in parts, each at its offset with its hash,
and committed. Every one of these may be repeated: what arrived already is not taken twice, and the answer says how far
it is. Results are fetched by offset in the same way. Layouts of the lines: docs/batch.md.

Source: Order (–2015) art. 30-7 to 30-10; Act (2015–) art. 30-9.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from jukinet.domain.provision_batches import MOST_BYTES
from jukinet.protocol.envelope import UUID_7

#: A part has at most so many bytes of lines; a part of the results too.
PART_BYTES: Final = 1024 * 1024
#: So many problems of a file are told, the first ones; their number is told in any case.
MOST_PROBLEMS: Final = 1000

BatchId = Annotated[str, msgspec.Meta(pattern=UUID_7)]
Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_Offset = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_Text = Annotated[str, msgspec.Meta(max_length=200)]


class BatchHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The first line of a file: what it asks, on which ground, and how its lines are written."""

    version: Literal[1]
    #: A value of `BatchLayout`: `fixed_width`, `csv` or `jsonl`.
    layout: str
    #: What the lines name persons by: `resident_record_code`, `individual_number` or `four_items`.
    key: str
    #: Names and addresses in lines and results: `unicode`, or `juki` for Juki unified characters (住基ネット統一文字).
    characters: Literal["unicode", "juki"] = "unicode"
    #: 事務: an affair of the Appended Tables, such as `1-77-3`.
    affair: _Text
    #: 利用事由, in words the persons will read.
    purpose: _Text
    #: 依頼管理番号: the organ's own number of the matter.
    matter_number: _Text
    #: The official who asks.
    official: _Text
    #: The office of the organ the official belongs to.
    office: _Text = ""
    #: Which items are asked for: values of `ProvisionItem`. None: all the affair allows except the two numbers.
    items: Annotated[tuple[str, ...], msgspec.Meta(max_length=7)] | None = None
    #: Only whose record changed on or after this day is given; of the others it is told that nothing changed.
    changes_since: _Text | None = None
    #: `low`, `normal` or `urgent`.
    priority: str = "normal"
    #: Whether good lines are matched although others are bad. Else one bad line refuses the file.
    keeps_good_lines: bool = False


class BatchBegin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Announce a file. Repeated, it is answered with how far the file is."""

    #: Chosen by the agency node, once for each file. The use log names the file by it.
    batch_id: BatchId
    header: BatchHeader
    #: Bytes of the lines, without the header.
    length: Annotated[int, msgspec.Meta(ge=1, le=MOST_BYTES)]
    #: SHA-256 of the lines.
    sha256: Digest


class BatchPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Hand in bytes of the lines: those that come next."""

    batch_id: BatchId
    offset: _Offset
    sha256: Digest
    content: Annotated[bytes, msgspec.Meta(min_length=1, max_length=PART_BYTES)]

    def __repr__(self) -> str:
        return f"BatchPart(batch_id={self.batch_id!r}, offset={self.offset}, ***)"


class BatchPartAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many bytes are durable: the next part begins there."""

    received: int


class BatchCommit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say that the file is whole. It then waits for its turn."""

    batch_id: BatchId
    sha256: Digest


class BatchStatusQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask how far a file is."""

    batch_id: BatchId


class BatchCancel(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Stop a file. What was matched already stands on the use log; no result is given."""

    batch_id: BatchId


class BatchProblem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is wrong with one line. Never its content."""

    #: Line of the file, from 1, the header not counted.
    line: int
    #: Column, from 1: the byte of a fixed-width line, else the number of the item.
    column: int
    item: str
    #: The stable code of the error.
    code: str
    #: The rule, in one sentence.
    rule: str


class BatchStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How far a file is."""

    batch_id: str
    #: A value of `BatchState`.
    state: str
    length: int
    #: Bytes that are durable: the next part begins there.
    received: int
    checked: int = 0
    lines: int = 0
    bad_lines: int = 0
    matched: int = 0
    #: Lines by `LineResult`, of those that are matched.
    results: dict[str, int] = msgspec.field(default_factory=dict[str, int])
    #: Files that come before it.
    ahead: int = 0
    #: Seconds until its results are there, as far as that can be told.
    estimate: float | None = None
    #: Bytes of the results.
    result_bytes: int = 0
    #: Why it was refused.
    code: str | None = None
    detail: str | None = None
    problems: tuple[BatchProblem, ...] = ()
    #: Lines and results are deleted on this day.
    deleted_on: str | None = None


class BatchResultQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Fetch results from an offset on."""

    batch_id: BatchId
    offset: _Offset


class BatchResultPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Bytes of the results, tab-separated (`protocol.batch_results`). The use log holds every person of them (I4)."""

    offset: int
    sha256: str
    content: bytes
    is_last: bool

    def __repr__(self) -> str:
        return f"BatchResultPart(offset={self.offset}, ***)"
