from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from jukinet.bench.notices import copy_text, encode_notices, make_notices
from jukinet.bench.results import Pair, find_percentile, summarise_pairs, summarise_values
from jukinet.domain.identification import validate_identification
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.population.block import IDENTIFICATION_COLUMNS
from jukinet.population.generator import prepare_population

SETAGAYA = LocalGovernmentCode("131121")
TODAY = date(2026, 4, 1)


def test_the_first_line_has_the_medians_and_the_others_the_worst_and_the_best_run() -> None:
    pairs = [Pair(2000, 1000), Pair(9000, 3000), Pair(4000, 4000)]

    middle, lowest, highest = summarise_pairs("lookup", "queries/s", "pgbench", pairs)

    assert (middle.value, middle.baseline_value, middle.ratio) == (4000, 3000, 2.0)
    assert (lowest.bench, lowest.value, lowest.ratio) == ("lookup.min", 4000, 1.0)
    assert (highest.bench, highest.value, highest.ratio) == ("lookup.max", 9000, 3.0)


def test_a_figure_without_a_baseline_has_no_ratio() -> None:
    figures = summarise_values("lookup.p99", "ms", [3.0, 1.0, 2.0])

    assert [figure.value for figure in figures] == [2.0, 1.0, 3.0]
    assert {(figure.baseline, figure.baseline_value, figure.ratio) for figure in figures} == {(None, None, None)}


@pytest.mark.parametrize(("percent", "expected"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(percent: float, expected: int) -> None:
    assert find_percentile(range(1, 101), percent) == expected


def test_notices_are_valid_and_seven_in_ten_are_relocations() -> None:
    population = prepare_population(municipality=SETAGAYA, residents=1000, seed=1, as_of=TODAY)
    rows = population.generate_block(0).identification_copy(received_at=datetime(2026, 4, 1, tzinfo=UTC)).decode()
    residents = [_resident(line) for line in rows.splitlines()]

    notices = make_notices(
        residents,
        count=500,
        municipality=SETAGAYA,
        addresses=["東京都世田谷区太子堂一丁目1番1号"],
        today=TODAY,
        choice=random.Random(1),
    )

    for notice in notices:
        validate_identification(notice, day=TODAY)
    assert Counter(notice.reason for notice in notices) == {"relocation": 350, "death": 100, "birth": 50}
    assert len({notice.resident_record_code for notice in notices}) == 500
    assert len(encode_notices(notices)) == 500
    rows_of_notices = copy_text(notices, received_at=datetime(2026, 4, 1, tzinfo=UTC)).splitlines()
    assert {line.count(b"\t") for line in rows_of_notices} == {len(IDENTIFICATION_COLUMNS) - 1}


def _resident(line: str) -> tuple[object, ...]:
    texts = line.split("\t")
    row = dict(zip(IDENTIFICATION_COLUMNS, [None if text == r"\N" else text for text in texts], strict=True))
    names = (
        "resident_record_code",
        "individual_number",
        "name",
        "kana",
        "former_surname",
        "alias",
        "birth_date",
        "sex",
    )
    return (*[row[name] for name in names], 1)
