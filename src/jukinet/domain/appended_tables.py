"""Appended Tables 1–5 of the Act (別表第一〜第五) of 2013-11-26: which organ may be given what for which affair.

An affair's id is table, row and item: `1-77-3` is item 3 of the ministerial ordinance for row 77 of Appended Table 1.
A row the law inserted later has its branch after a dot: row 1の2 is `1-1.2`, its first item `1-1.2-1`.

The tables were amended before and after; only this state is bundled, and it is applied on every day on which the
network existed (docs/eras.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from jukinet.domain import bundled
from jukinet.domain.errors import AffairNotListedError

_PARENTHESES: Final = re.compile("（[^）]*）")
#: 又は and 若しくは always part organs. 及び and 並びに do unless they stand in the name of a law.
_CONNECTIVES: Final = re.compile("又は|若しくは|、|(?:及び|並びに)(?!.*に関する法律)")
_LAW_WITH_NUMBER: Final = re.compile("^.*?法(?:律)?（[^）]*法律第[^）]*）")
_SAME_LAW: Final = "同法"
_HEAD_OF: Final = "の長"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of an Appended Table (別表の項)."""

    table: int
    #: As in the id: 77, or 1.2 for 1の2.
    number: str
    organs: tuple[str, ...]
    affair: str
    law: str
    is_deleted: bool
    sub_affairs: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return how the law's people say it: 別表第一の七十七の項 is 別表第1の77の項."""
        return f"別表第{self.table}の{self.number.replace('.', 'の')}の項"


@dataclass(frozen=True, slots=True)
class Affair:
    """An affair (事務) for which identification information may be provided, one item of the ordinance."""

    id: str
    row: TableRow
    text: str

    @property
    def organs(self) -> tuple[str, ...]:
        """Return the organs it is listed for."""
        return self.row.organs


def split_organs(text: str) -> tuple[str, ...]:
    """Return the organs that a cell of the table names: 金融庁若しくは財務省又は厚生労働省 names three.

    Text in parentheses is never split, 同法 is replaced by the law it means, and 広島市又は長崎市の長 means two heads.
    """
    spans = [found.span() for found in _PARENTHESES.finditer(text)]
    parts: list[str] = []
    start = 0
    for found in _CONNECTIVES.finditer(text):
        if not any(first <= found.start() < last for first, last in spans):
            parts.append(text[start : found.start()])
            start = found.end()
    parts.append(text[start:])
    law = _LAW_WITH_NUMBER.match(parts[0])
    if law:
        parts = [part.replace(_SAME_LAW, law[0]) if part.startswith(_SAME_LAW) else part for part in parts]
    if parts[-1].endswith(_HEAD_OF):
        parts = [part if part.endswith(_HEAD_OF) else part + _HEAD_OF for part in parts]
    return tuple(part for part in parts if part)


@cache
def list_rows() -> tuple[TableRow, ...]:
    """Return the 239 rows of the five tables, deleted ones (削除) included, in the order of the law."""
    return tuple(
        TableRow(
            table=row["table"],
            number=row["no"].replace("-", "."),
            organs=split_organs(row["organ"]),
            affair=row["affair"],
            law=row["law"],
            is_deleted=row["deleted"],
            sub_affairs=tuple(row["sub_affairs"]),
        )
        for row in bundled.appended_table_rows()
    )


@cache
def _by_id() -> dict[str, Affair]:
    affairs = (
        Affair(f"{row.table}-{row.number}-{item}", row, text)
        for row in list_rows()
        for item, text in enumerate(row.sub_affairs, start=1)
    )
    return {affair.id: affair for affair in affairs}


@cache
def _by_organ() -> dict[str, tuple[Affair, ...]]:
    listed: dict[str, tuple[Affair, ...]] = {}
    for affair in _by_id().values():
        for organ in affair.organs:
            listed[organ] = (*listed.get(organ, ()), affair)
    return listed


def find_affair(affair_id: str) -> Affair:
    """Return the affair with this id, such as 1-77-3.

    Raises:
        AffairNotListedError: no table lists it.
    """
    affair = _by_id().get(affair_id)
    if affair is None:
        raise AffairNotListedError(field="affair")
    return affair


def list_affairs(organ: str) -> tuple[Affair, ...]:
    """Return the affairs listed for an organ, named as `list_organs` names it; empty for an unlisted one."""
    return _by_organ().get(organ, ())


def list_organs() -> tuple[str, ...]:
    """Return every organ that some affair is listed for, in the order of the law."""
    return tuple(_by_organ())
