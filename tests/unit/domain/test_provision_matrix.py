"""Every affair × every user × every item × the days around every boundary: granted exactly where the tables say.

What should be granted is read here independently: from the table of the law text as it was converted (tools/sources),
from the two lists of dates and grounds, and from the rules of the law written once more in a few lines. Nothing of the
code under test takes part in it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from jukinet.domain.errors import NotPermittedError
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import ProvisionLaw, bundled_law
from jukinet.domain.provision_users import ProvisionUser

ROOT = Path(__file__).parents[3]
ROWS: list[dict[str, Any]] = json.loads((ROOT / "tools/sources/appended_tables_2013.json").read_text(encoding="utf-8"))
DATA = ROOT / "src/jukinet/domain/data"
ONE_DAY = timedelta(days=1)
ERAS = ("2002-08-05", "2003-08-25", "2012-07-09", "2015-10-05", "2016-01-01", "2023-02-06", "2025-05-26")
ITEMS = ("name", "birth_date", "sex", "address", "individual_number", "resident_record_code", "change")
USERS: dict[str, Callable[[str], ProvisionUser]] = {
    "organ": ProvisionUser.organ,
    "municipality": lambda office: ProvisionUser.municipality("011002", further=[office]),
    "prefecture": lambda office: ProvisionUser.prefecture("130001", further=[office]),
}


@dataclass(frozen=True)
class Listed:
    """One affair as the sources list it."""

    affair: str
    table: int
    cell: str
    begins_on: date
    ends_on: date
    number_from: date | None


def _lines(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _of(lines: list[dict[str, str]], affair: str, column: str) -> str:
    row = affair.rsplit("-", 1)[0]
    found = [line[column] for place in (affair, row) for line in lines if line["place"] == place]
    return found[0] if found else ""


def list_expected() -> Iterator[Listed]:
    dates, numbers = _lines("provision_dates.csv"), _lines("individual_number_grounds.csv")
    for row in ROWS:
        for item in range(1, len(row["sub_affairs"]) + 1):
            affair = f"{row['table']}-{row['no'].replace('-', '.')}-{item}"
            number_from = _of(numbers, affair, "begins_on")
            yield Listed(
                affair,
                row["table"],
                row["organ"],
                date.fromisoformat(_of(dates, affair, "begins_on") or "2002-08-05"),
                date.fromisoformat(_of(dates, affair, "ends_on") or "9999-12-31"),
                date.fromisoformat(number_from) if number_from else None,
            )


EXPECTED = tuple(list_expected())


def expected_items(listed: Listed, day: date) -> set[str]:
    """Return what the law gives for an affair on a day, written once more."""
    if not max(date(2002, 8, 5), listed.begins_on) <= day <= listed.ends_on:
        return set()
    items = {"name", "birth_date", "sex", "address", "change"}
    if day < date(2015, 10, 5):
        items.add("resident_record_code")
    if listed.number_from is not None and day >= listed.number_from:
        items.add("individual_number")
    return items


def granted_items(law: ProvisionLaw, user: ProvisionUser, affair: str, day: date) -> set[str]:
    """Return the items of which each is granted when it is asked for alone."""
    granted = set()
    for item in ProvisionItem:
        try:
            grant = law.find_grant(user=user, affair=affair, day=day)
            granted |= {one.value for one in grant.require_items([item])}
        except NotPermittedError:
            continue
    return granted


def days_around(listed: Listed) -> set[date]:
    """Return both sides of every boundary that concerns an affair, and days well inside and outside."""
    boundaries = {date.fromisoformat(era) for era in ERAS} | {listed.begins_on, listed.number_from or listed.begins_on}
    if listed.ends_on.year < 9999:
        boundaries.add(listed.ends_on + ONE_DAY)
    days = {day for boundary in boundaries for day in (boundary - ONE_DAY, boundary, boundary + ONE_DAY)}
    return days | {date(1999, 8, 18), date(2010, 6, 15), date(2026, 11, 27), date(2100, 1, 1)}


def offices_of(cell: str) -> tuple[str, ...]:
    """Return the organs a cell of the table names, read with patience rather than with a parser."""
    return CELLS.get(cell, (cell,))


#: Every cell that names more than one organ, written out by hand.
CELLS: dict[str, tuple[str, ...]] = {
    "金融庁又は財務省": ("金融庁", "財務省"),
    "金融庁若しくは財務省又は厚生労働省": ("金融庁", "財務省", "厚生労働省"),
    "金融庁若しくは財務省又は農林水産省": ("金融庁", "財務省", "農林水産省"),
    "地方公務員共済組合及び全国市町村職員共済組合連合会": ("地方公務員共済組合", "全国市町村職員共済組合連合会"),
    "厚生労働省及び日本年金機構": ("厚生労働省", "日本年金機構"),
    "厚生労働省及び日本年金機構並びに全国健康保険協会": ("厚生労働省", "日本年金機構", "全国健康保険協会"),
    "農林水産省又は経済産業省": ("農林水産省", "経済産業省"),
    "経済産業省又は環境省": ("経済産業省", "環境省"),
    "国土交通省又は小型船舶検査機構": ("国土交通省", "小型船舶検査機構"),
    "広島市又は長崎市の長": ("広島市の長", "長崎市の長"),
    "独立行政法人産業技術総合研究所又は日本電気計器検定所": ("独立行政法人産業技術総合研究所", "日本電気計器検定所"),
    "厚生労働省又は独立行政法人高齢・障害・求職者雇用支援機構": (
        "厚生労働省",
        "独立行政法人高齢・障害・求職者雇用支援機構",
    ),
    "指定都市又は地方自治法第二百五十二条の二十二第一項の中核市の長": (
        "指定都市の長",
        "地方自治法第二百五十二条の二十二第一項の中核市の長",
    ),
    "人事院若しくは国家公務員災害補償法（昭和二十六年法律第百九十一号）第三条第一項に規定する実施機関又は防衛省": (
        "人事院",
        "国家公務員災害補償法（昭和二十六年法律第百九十一号）第三条第一項に規定する実施機関",
        "防衛省",
    ),
    "厚生年金保険法等の一部を改正する法律（平成八年法律第八十二号）附則第三十二条第二項に規定する存続組合"
    "又は同法附則第四十八条第一項に規定する指定基金": (
        "厚生年金保険法等の一部を改正する法律（平成八年法律第八十二号）附則第三十二条第二項に規定する存続組合",
        "厚生年金保険法等の一部を改正する法律（平成八年法律第八十二号）附則第四十八条第一項に規定する指定基金",
    ),
    "消防団員等公務災害補償等共済基金"
    "又は消防団員等公務災害補償等責任共済等に関する法律（昭和三十一年法律第百七号）第二条第三項に規定する指定法人": (
        "消防団員等公務災害補償等共済基金",
        "消防団員等公務災害補償等責任共済等に関する法律（昭和三十一年法律第百七号）第二条第三項に規定する指定法人",
    ),
}
#: A ministry, or else the body that a law designates: 国土交通省又は建設業法第二十七条の二第一項に規定する指定試験機関.
_DESIGNATED = re.compile("(文部科学省|文化庁|厚生労働省|国土交通省|観光庁)又は(.*(?:機関|旅行業協会))")
for _row in ROWS:
    _found = _DESIGNATED.fullmatch(_row["organ"])
    if _found:
        CELLS[_row["organ"]] = (_found[1], _found[2])


def kind_of(table: int) -> str:
    return {1: "organ", 2: "municipality", 4: "municipality", 3: "prefecture", 5: "prefecture"}[table]


def wrong_grants(law: ProvisionLaw, of: Iterable[Listed] = EXPECTED) -> list[str]:
    """Return every affair, user, day and set of items on which the law and the sources differ."""
    wrong = []
    for listed in of:
        for office in offices_of(listed.cell):
            user = USERS[kind_of(listed.table)](office)
            for day in days_around(listed):
                expected = expected_items(listed, day)
                granted = granted_items(law, user, listed.affair, day)
                if granted != expected:
                    wrong.append(f"{listed.affair} {office} {day}: {sorted(granted)} instead of {sorted(expected)}")
    return wrong


def test_every_affair_gives_every_item_exactly_when_the_sources_say() -> None:
    assert len(EXPECTED) == 796
    assert {item.value for item in ProvisionItem} == set(ITEMS)
    assert wrong_grants(bundled_law()) == []


def test_every_affair_is_refused_to_every_organ_the_table_does_not_name() -> None:
    law, day = bundled_law(), date(2014, 4, 1)
    named = {(listed.affair, office) for listed in EXPECTED for office in offices_of(listed.cell)}
    everybody = {(kind_of(listed.table), office) for listed in EXPECTED for office in offices_of(listed.cell)}
    # Offices alone, without the others that a place has too.
    users = {
        (kind, office): ProvisionUser(user.kind, frozenset({office}), user.place)
        for kind, office in everybody
        for user in (USERS[kind](office),)
    }

    granted = {
        (listed.affair, office)
        for listed in EXPECTED
        for (_, office), user in users.items()
        if granted_items(law, user, listed.affair, day)
    }

    assert len(everybody) == len(users) > 70
    assert granted == {(affair, office) for affair, office in named if _is_in_force(affair, day)}


def _is_in_force(affair: str, day: date) -> bool:
    return any(listed.affair == affair and listed.begins_on <= day <= listed.ends_on for listed in EXPECTED)


def test_a_user_of_one_kind_is_never_served_by_the_tables_of_another() -> None:
    law, day = bundled_law(), date(2026, 11, 27)
    for listed in EXPECTED:
        for kind in set(USERS) - {kind_of(listed.table)}:
            for office in offices_of(listed.cell):
                assert granted_items(law, USERS[kind](office), listed.affair, day) == set()


def test_deleted_rows_and_rows_without_affairs_grant_nothing() -> None:
    ids = {affair.id for affair in bundled_law().affairs}
    empty = [f"{row['table']}-{row['no'].replace('-', '.')}-" for row in ROWS if not row["sub_affairs"]]

    assert len(empty) == 8
    assert not [affair for affair in ids if affair.startswith(tuple(empty))]


@pytest.mark.parametrize("name", ["provision_dates.csv", "individual_number_grounds.csv"])
def test_every_line_of_the_lists_names_something_the_tables_have_and_says_what_it_rests_on(name: str) -> None:
    rows = {listed.affair.rsplit("-", 1)[0] for listed in EXPECTED}
    places = [line["place"] for line in _lines(name)]

    assert set(places) <= rows | {listed.affair for listed in EXPECTED}
    assert len(places) == len(set(places))
    for line in _lines(name):
        assert line["source"]
        assert line["confidence"] in {"sourced", "derived", "unverified"}


def test_a_wrong_row_would_be_found() -> None:
    bundled = {affair.id: affair for affair in bundled_law().affairs}
    other = bundled["1-41-1"]
    wrongs: dict[str, dict[str, Any]] = {
        "1-77-3": {"organs": ("日本年金機構",)},
        "1-41-1": {"item_terms": bundled["1-77-3"].item_terms},
        "1-78-1": {"begins_on": other.begins_on},
        "1-16-1": {"item_terms": bundled["1-16-1"].item_terms[1:]},
        "2-8-1": {"channel": other.channel},
    }
    for affair_id, wrong in wrongs.items():
        law = ProvisionLaw({**bundled, affair_id: _replaced(bundled[affair_id], wrong)})
        assert wrong_grants(law, [listed for listed in EXPECTED if listed.affair == affair_id]) != []


def _replaced(affair: Any, wrong: dict[str, Any]) -> Any:  # noqa: ANN401 - an affair with anything wrong
    return type(affair)(**{name: getattr(affair, name) for name in affair.__slots__} | wrong)
