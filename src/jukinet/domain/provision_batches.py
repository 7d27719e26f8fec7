"""Batch provision (一括提供): a file of keys goes in, a file of results comes out, on the same ground as one query.

What a file may ask by is decided by the law of provision: whoever states a resident record code or an Individual
Number must be one who may be given it. So a file by resident record code is refused from 2015-10-05.

Source: Order (–2015) art. 30-7 to 30-10; Act (–2015) art. 30-7(3); Act (2015–) art. 30-9.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Final

from jukinet.domain.errors import DateOutOfOrderError, ItemNotGrantedError
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import Grant
from jukinet.domain.rules import Rule, enforces

#: A file may have so many lines, and its lines so many bytes.
MOST_LINES: Final = 10_000_000
MOST_BYTES: Final = 2 * 1024**3


class BatchKey(Enum):
    """What the persons of a file are named by (照会の鍵)."""

    RESIDENT_RECORD_CODE = "resident_record_code"
    INDIVIDUAL_NUMBER = "individual_number"
    FOUR_ITEMS = "four_items"

    @property
    def items(self) -> frozenset[ProvisionItem]:
        """Return the items a line states."""
        return _STATED[self]


_STATED: Final[Mapping[BatchKey, frozenset[ProvisionItem]]] = {
    BatchKey.RESIDENT_RECORD_CODE: frozenset({ProvisionItem.RESIDENT_RECORD_CODE}),
    BatchKey.INDIVIDUAL_NUMBER: frozenset({ProvisionItem.INDIVIDUAL_NUMBER}),
    BatchKey.FOUR_ITEMS: frozenset(
        {ProvisionItem.NAME, ProvisionItem.BIRTH_DATE, ProvisionItem.SEX, ProvisionItem.ADDRESS}
    ),
}


class BatchLayout(Enum):
    """How the lines of a file are written (docs/batch.md)."""

    FIXED_WIDTH = "fixed_width"
    CSV = "csv"
    JSONL = "jsonl"


class BatchPriority(Enum):
    """In which order files are matched (優先度)."""

    LOW = "low"
    NORMAL = "normal"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Return the order: the higher goes first."""
        return {BatchPriority.LOW: 0, BatchPriority.NORMAL: 1, BatchPriority.URGENT: 2}[self]


class BatchState(Enum):
    """How far a file has come (処理の状態)."""

    #: Parts of it are arriving.
    RECEIVING = "receiving"
    #: It is whole and waits for its turn.
    WAITING = "waiting"
    #: Its lines are being read.
    CHECKING = "checking"
    MATCHING = "matching"
    #: Its results may be fetched.
    READY = "ready"
    #: Nothing of it was matched: its problems say why.
    REFUSED = "refused"
    CANCELLED = "cancelled"
    #: Lines and results were deleted at the end of their retention.
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _STATES[self]

    @property
    def is_over(self) -> bool:
        """Return whether nothing more happens to it by itself, but its deletion."""
        return self in _OVER


_STATES: Final = {
    BatchState.RECEIVING: "受信中",
    BatchState.WAITING: "処理待ち",
    BatchState.CHECKING: "検査中",
    BatchState.MATCHING: "照合中",
    BatchState.READY: "結果あり",
    BatchState.REFUSED: "受付不可",
    BatchState.CANCELLED: "取消し",
    BatchState.EXPIRED: "保存期間満了",
}
_OVER: Final = frozenset({BatchState.READY, BatchState.REFUSED, BatchState.CANCELLED, BatchState.EXPIRED})


class LineResult(Enum):
    """What became of one line (照会結果コード)."""

    FOUND = "found"
    #: Found, and nothing changed since the day the file names: no item is given.
    UNCHANGED = "unchanged"
    #: Somebody has this name, birth date and sex and another address: only which items agree is told.
    DIFFERS = "differs"
    #: More than one person is meant: nobody is shown.
    SEVERAL = "several"
    NOT_FOUND = "not_found"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _RESULTS[self]


_RESULTS: Final = {
    LineResult.FOUND: "該当あり",
    LineResult.UNCHANGED: "該当あり（変更なし）",
    LineResult.DIFFERS: "一部不一致",
    LineResult.SEVERAL: "複数該当",
    LineResult.NOT_FOUND: "該当なし",
}


@enforces(Rule.PROVISION_ONLY_OF_GRANTED_ITEMS)
def require_batch_key(grant: Grant, key: BatchKey) -> None:
    """Refuse a file whose lines state what this organ may not be given.

    Raises:
        ItemNotGrantedError: the code from 2015-10-05, or an Individual Number for an affair that may not use it.
    """
    if not key.items <= grant.items:
        raise ItemNotGrantedError(f"A file for this affair may not be by {key.value} on this day.", field="key")


def require_changes_since(since: date | None, *, items: frozenset[ProvisionItem], today: date) -> None:
    """Refuse a day since which changes are asked for that lies ahead, or without the item `change`.

    Raises:
        DateOutOfOrderError: the day lies in the future.
        ItemNotGrantedError: whether something changed is told by the item `change`, which is not asked for.
    """
    if since is None:
        return
    if since > today:
        raise DateOutOfOrderError("The day lies in the future.", field="changes_since")
    if ProvisionItem.CHANGE not in items:
        raise ItemNotGrantedError("Changes since a day need the item change.", field="changes_since")
