"""The Appended Tables: deny what no row lists for this organ."""

from __future__ import annotations

from datetime import date

import pytest

from jukinet.domain.appended_tables import (
    find_affair,
    list_affairs,
    list_organs,
    list_rows,
    split_organs,
)

DAY = date(2014, 4, 1)


def test_there_are_239_rows_and_796_affairs() -> None:
    assert len(list_rows()) == 239
    assert sum(len(row.sub_affairs) for row in list_rows()) == 796
    assert len({(row.table, row.number) for row in list_rows()}) == 239
    assert [sum(row.table == table for row in list_rows()) for table in range(1, 6)] == [141, 14, 33, 13, 38]


def test_every_affair_is_found_by_its_id_and_listed_for_each_of_its_organs() -> None:
    listed = {affair.id for organ in list_organs() for affair in list_affairs(organ)}

    assert len(listed) == 796
    for affair_id in listed:
        affair = find_affair(affair_id)
        assert affair.id == affair_id
        assert all(affair in list_affairs(organ) for organ in affair.organs)


def test_an_inserted_row_has_an_id_of_its_own() -> None:
    assert find_affair("1-1.2-1").row.label == "別表第1の1の2の項"
    assert find_affair("1-1.2-1").organs == ("金融庁", "財務省")
    assert find_affair("1-77-3").organs == ("厚生労働省", "日本年金機構")


def test_a_deleted_row_lists_nothing_for_nobody() -> None:
    deleted = [row for row in list_rows() if row.is_deleted]

    assert len(deleted) == 7
    assert all(row.organs == () and row.sub_affairs == () for row in deleted)


@pytest.mark.parametrize(
    ("cell", "organs"),
    [
        ("金融庁若しくは財務省又は厚生労働省", ("金融庁", "財務省", "厚生労働省")),
        ("厚生労働省及び日本年金機構並びに全国健康保険協会", ("厚生労働省", "日本年金機構", "全国健康保険協会")),
        ("日本私立学校振興・共済事業団", ("日本私立学校振興・共済事業団",)),
        ("広島市又は長崎市の長", ("広島市の長", "長崎市の長")),
        (
            "廃棄物の処理及び清掃に関する法律（昭和四十五年法律第百三十七号）第二十四条の二第一項の政令で定める市の長",
            (
                "廃棄物の処理及び清掃に関する法律（昭和四十五年法律第百三十七号）第二十四条の二第一項の政令で定める市の長",
            ),
        ),
        ("甲（乙又は丙を含む。）の長", ("甲（乙又は丙を含む。）の長",)),
        (
            "甲法（平成八年法律第八十二号）第一条の組合又は同法第二条の基金",
            ("甲法（平成八年法律第八十二号）第一条の組合", "甲法（平成八年法律第八十二号）第二条の基金"),
        ),
        ("", ()),
    ],
)
def test_a_cell_is_split_into_the_organs_it_names(cell: str, organs: tuple[str, ...]) -> None:
    assert split_organs(cell) == organs


def test_no_organ_is_half_a_name() -> None:
    organs = list_organs()

    assert len(organs) == 71
    assert not [organ for organ in organs if organ.startswith(("同法", "に", "の"))]
    assert not [organ for organ in organs if organ.count("（") != organ.count("）")]
