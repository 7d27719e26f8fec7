"""A certified history says what changed among the items on the sheet, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from jukinet.documents.sheets import SheetItem
from jukinet.municipal.document_histories import history_lines
from tests.builders import code, resident

OLD: Final = "東京都世田谷区太子堂一丁目1番1号"
NEW: Final = "東京都世田谷区桜一丁目2番3号"
FIRST: Final = resident(1, address=OLD, change_reason="move_in", changed_on="2020-04-01")
VERSIONS: Final = (
    FIRST,
    replace(FIRST, version=2, is_protected=True, change_reason="ex_officio_modification"),
    replace(FIRST, version=3, is_protected=True, address=NEW, act_reason="relocation", acted_on="2022-05-06"),
    replace(FIRST, version=4, address=NEW, relationship="夫", act_reason="householder_change", acted_on="2023-01-02"),
    replace(
        FIRST,
        version=5,
        address=NEW,
        relationship="夫",
        resident_record_code=code(2),
        act_reason="code_change",
        acted_on="2024-01-02",
    ),
)
ALWAYS: Final = frozenset({SheetItem.NAME, SheetItem.ADDRESS})


def test_the_earlier_address_is_there_and_the_mark_of_support_measures_leaves_no_line() -> None:
    lines = history_lines(VERSIONS, ALWAYS)

    assert [(line.reason, line.acted_on, line.changes) for line in lines] == [
        ("国内転入", "2020-04-01", ()),
        ("転居", "2022-05-06", (("住所", OLD, NEW),)),
    ]


def test_an_item_that_was_not_asked_for_does_not_come_out_through_its_history() -> None:
    asked = history_lines(VERSIONS, ALWAYS | {SheetItem.HOUSEHOLDER, SheetItem.RESIDENT_RECORD_CODE})

    assert [line.reason for line in asked] == ["国内転入", "転居", "世帯主変更", "住民票コードの変更請求"]
    assert asked[2].changes == (("続柄", "世帯主", "夫"),)
    assert all(label in {"住所", "氏名"} for line in history_lines(VERSIONS, ALWAYS) for label, _, _ in line.changes)


def test_a_removal_and_the_return_are_lines_of_their_own() -> None:
    gone = replace(FIRST, version=2, is_removed=True, act_reason="move_out", acted_on="2021-03-03")
    back = replace(FIRST, version=3, act_reason="move_in", acted_on="2023-03-03")

    assert [line.reason for line in history_lines((FIRST, gone, back), ALWAYS)] == ["国内転入", "国内転出", "国内転入"]
