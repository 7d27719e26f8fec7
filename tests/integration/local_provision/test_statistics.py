"""Statistics of a prefecture's residents: by age on the day, nobody small enough to be told, and on the log."""

from __future__ import annotations

import pytest

from jukinet.domain.errors import MissingItemError
from jukinet.identification.receive import Origin, apply_notices
from jukinet.prefectural.app import MIGRATIONS
from jukinet.prefectural.usecases.make_statistics import make_statistics
from tests.builders import MUSASHINO, NOW, SETAGAYA, list_rows, notice, opened
from tests.fixtures_postgres import MakeDatabase

_MADE = "SELECT actor, detail->>'matter_number' FROM audit.event WHERE event = 'statistics:made'"


async def test_residents_are_counted_by_municipality_sex_and_age(embedded_database: MakeDatabase) -> None:
    node = await embedded_database(MIGRATIONS)
    # Fifteen on the day, and fifteen a day later; women of working age; a town with three old men.
    born = ["2011-04-01"] * 12 + ["2011-04-02"] * 14 + ["1990-05-06"] * 20 + ["19XX-XX-XX"]
    people = [notice(number, birth_date=day, changed_on="2020-01-01") for number, day in enumerate(born, start=1)]
    people += [
        notice(number, birth_date="1940-01-01", changed_on="2020-01-01", sex="1", municipality=MUSASHINO.code,
               address="東京都武蔵野市緑町二丁目2番28号")
        for number in range(100, 103)
    ]  # fmt: skip
    async with opened(node) as database:
        origin = Origin(sender=SETAGAYA, message_id="m", require_competent=lambda _: None)
        async with database.transaction() as unit:
            await apply_notices(unit, notices=people, origin=origin, forwarding=None, now=NOW)
        with pytest.raises(MissingItemError):
            await make_statistics(purpose=" ", matter_number="1", operator_id="clerk", database=database, now=NOW)
        made = await make_statistics(
            purpose="計画の資料", matter_number="統計-1", operator_id="clerk", database=database, now=NOW
        )

    rows = {row.affair: (row.months, row.total) for row in made.rows}
    # The sum of both towns would tell the small one: both totals are hidden, and all that makes them up.
    assert rows["武蔵野市"] == ((0, 0, 0, None, 0, 0, 0, 0), None)
    assert rows["世田谷区"] == ((0, 0, 0, 0, None, None, 0, 0), None)
    assert made.total == 49
    assert await list_rows(node, _MADE) == [("clerk", "統計-1")]
