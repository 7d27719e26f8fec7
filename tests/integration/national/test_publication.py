"""The yearly publication: counted from the use log by the days of Japan, with what is small hidden, as files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

from jukinet.domain.provision_law import bundled_law
from jukinet.identification.publication_report import texts_of, write_publication
from jukinet.identification.publish_provisions import publish_provisions
from jukinet.national.app import MIGRATIONS
from jukinet.postgres.database import Database
from tests.builders import ORGANS, PENSION_AFFAIR, TODAY, code, list_rows, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.cli.offices import Network, Terminal

_USES = """
    INSERT INTO audit.use_log
           (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items)
    SELECT %(agency)s || %(used_at)s || %(result)s || %(method)s || n, %(agency)s, %(used_at)s::timestamptz,
           %(code)s, %(method)s, %(affair)s, 'p', 'm', 'o', 'resident_record_code', %(result)s, 'name'
      FROM generate_series(1, %(count)s) AS n
"""
NOW = datetime(2027, 6, 1, tzinfo=UTC)


async def use(
    database: Database, agency: str, day: str, count: int, *, method: str = "real_time", **items: str
) -> None:
    """Let somebody be given so often at an instant."""
    parameters = {
        "agency": agency,
        "used_at": f"{day}+09",
        "count": count,
        "method": method,
        "affair": PENSION_AFFAIR,
        "result": "found",
        "code": code(1),
        **items,
    }
    async with database.transaction() as unit:
        await unit.execute(_USES, parameters)


async def test_a_year_is_published_as_report_table_and_charts(embedded_database: MakeDatabase, tmp_path: Path) -> None:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        await use(database, "agency/nenkin", "2026-04-01 00:30", 120)
        await use(database, "agency/nenkin", "2027-03-31 23:30", 40)
        await use(database, "agency/nenkin", "2026-07-01 12:00", 3)
        await use(database, "agency/nenkin", "2027-04-01 00:30", 77)
        await use(database, "agency/nenkin", "2026-05-01 12:00", 50, result="not_found")
        await use(database, "agency/nenkin", "2026-05-02 12:00", 60, method="disclosure")
        await use(database, "municipal/131121", "2026-05-01 12:00", 25, affair="4-1-1")
        publication = await publish_provisions(
            year=2026, organs=ORGANS, operator_id="clerk", database=database, now=NOW
        )

    files = write_publication(publication, tmp_path / "out", texts_of(bundled_law()), giver="全国サーバ", made_on=TODAY)
    lines = list(csv.reader(io.StringIO((tmp_path / "out/provision-2026.csv").read_text(encoding="utf-8-sig"))))
    report = (tmp_path / "out/provision-2026.html").read_text(encoding="utf-8")

    assert (publication.total, publication.organ_totals) == (188, {"日本年金機構": 163, "東京都世田谷区": 25})
    assert [(line[1], line[2], line[-1]) for line in lines[1:]] == [
        ("2026-04", "日本年金機構", "120"),
        ("2026-07", "日本年金機構", "x"),
        ("2027-03", "日本年金機構", "x"),
        ("2026-05", "東京都世田谷区", "25"),
    ]
    assert "即時提供" in lines[1][5]
    assert {path.suffix for path in files} == {".html", ".csv", ".svg"}
    assert report.count("<svg ") == 2
    assert "年金" in report
    assert code(1) not in report
    made = "SELECT actor, detail->>'year' FROM audit.event WHERE event = 'use_log:published'"
    assert await list_rows(node, made) == [("clerk", "2026")]


async def test_a_year_without_provisions_is_published_too(embedded_database: MakeDatabase, tmp_path: Path) -> None:
    async with opened(await embedded_database(MIGRATIONS)) as database:
        publication = await publish_provisions(
            year=2025, organs=ORGANS, operator_id="clerk", database=database, now=NOW
        )

    write_publication(publication, tmp_path, texts_of(bundled_law()), giver="全国サーバ", made_on=TODAY)

    assert (publication.total, publication.rows) == (0, ())
    assert "提供はありませんでした" in (tmp_path / "provision-2025.html").read_text(encoding="utf-8")


async def test_either_server_publishes_from_the_command_line(tmp_path: Path, embedded_database: MakeDatabase) -> None:
    network, terminal = Network(tmp_path, embedded_database), Terminal()
    for name in ("national", "prefectural/130001"):
        config = await network.add(name)
        group = name.partition("/")[0]
        files = await terminal.rows(
            group, "publication", "2025", "--config", str(config), "--to", str(tmp_path / group)
        )
        refusal = await terminal.refusal(group, "publication", "1999", "--config", str(config))

        assert {Path(row["file"]).suffix for row in files} == {".html", ".csv", ".svg"}
        assert "[value.date.order]" in refusal
    assert "東京都サーバ" in (tmp_path / "prefectural/provision-2025.html").read_text(encoding="utf-8")
