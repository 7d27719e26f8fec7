"""Files dropped by the resident system: taken in whole and once, reported by line, whatever happens to the node."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jukinet.municipal.resident_system.file_drop import pick_up_files
from jukinet.municipal.resident_system.files import parse_file
from jukinet.municipal.usecases.accept_resident_changes import Source, accept_resident_changes, digest_of
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from tests.builders import execute, find_value, opened
from tests.builders_resident_system import MUNICIPAL, change, linking, list_notified, moved, submit
from tests.fixtures_postgres import MakeDatabase

_ROOT = Path(__file__).resolve().parents[3]


def drop(directory: Path, name: str, content: bytes) -> None:
    (directory / "in").mkdir(parents=True, exist_ok=True)
    (directory / "in" / f".{name}").write_bytes(content)
    (directory / "in" / f".{name}").rename(directory / "in" / name)


def lines_of(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


async def pick_up(directory: Path, database: Database) -> int:
    return await pick_up_files(directory=directory, database=database, linking=linking)


def report(directory: Path) -> list[list[str]]:
    (path,) = (directory / "reports").iterdir()
    return _read(path)


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


async def test_good_rows_are_applied_and_bad_ones_reported_by_line_column_and_reason(
    fresh_database: MakeDatabase, tmp_path: Path
) -> None:
    made = await fresh_database(MUNICIPAL)
    columns = [*change(), "revision"]
    rows = [change(1, 1), change(2, 2, sex="?"), moved(3, 1)]
    text = "\n".join([",".join(columns), *(",".join(str(row.get(name) or "") for name in columns) for row in rows)])
    drop(tmp_path, "a.csv", text.encode())
    async with opened(made) as database:
        assert await pick_up(tmp_path, database) == 1
        assert await pick_up(tmp_path, database) == 0

    _, first, second, third = report(tmp_path)
    assert first[:6] == ["2", "", "", "r-1", "反映した", "1"]
    assert second[:5] == ["3", str(columns.index("sex") + 1), "sex", "r-2", "受け付けない"]
    assert second[7].endswith("。")
    assert third[:6] == ["4", "", "", "r-3", "反映した", "2"]
    assert (names_in(tmp_path / "in"), names_in(tmp_path / "working")) == ([], [])
    assert names_in(tmp_path / "done") == ["00000001-a.csv"]
    assert len(await list_notified(made)) == 2


async def test_a_file_that_cannot_be_read_is_put_aside_with_its_reason(
    embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    made = await embedded_database(MUNICIPAL)
    drop(tmp_path, "b.csv", "氏名".encode("cp932"))
    async with opened(made) as database:
        await pick_up(tmp_path, database)

    assert names_in(tmp_path / "failed") == ["00000001-b.csv"]
    assert report(tmp_path)[1][6] == "value.file.encoding"


async def test_what_is_still_being_written_is_let_be(embedded_database: MakeDatabase, tmp_path: Path) -> None:
    made = await embedded_database(MUNICIPAL)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c.jsonl.part").write_bytes(b"{")
    (tmp_path / "in" / ".c.jsonl").write_bytes(b"{")
    (tmp_path / "in" / "link.jsonl").symlink_to("/etc/hostname")
    async with opened(made) as database:
        assert await pick_up(tmp_path, database) == 0


async def test_the_same_file_dropped_again_changes_nothing(embedded_database: MakeDatabase, tmp_path: Path) -> None:
    made = await embedded_database(MUNICIPAL)
    async with opened(made) as database:
        for _ in range(2):
            drop(tmp_path, "d.jsonl", lines_of(change(1), moved(2, 1)))
            await pick_up(tmp_path, database)

    assert len(await list_notified(made)) == 2
    assert names_in(tmp_path / "done") == ["00000001-d.jsonl", "00000002-d.jsonl"]


async def test_a_file_whose_effect_is_recorded_is_only_reported_and_put_away(
    embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    made, content = await embedded_database(MUNICIPAL), lines_of(change(1), change(2, 2, sex="?"))
    (tmp_path / "working").mkdir()
    (tmp_path / "working" / "g.jsonl").write_bytes(content)
    async with opened(made) as database:
        async with database.transaction() as unit:
            rows = parse_file("g.jsonl", content).rows
            source = Source(sha256=digest_of(content), file_name="g.jsonl")
            await accept_resident_changes(unit, rows=rows, source=source, linking=linking())
        await pick_up(tmp_path, database)

    assert [line[4] for line in report(tmp_path)[1:]] == ["反映した", "受け付けない"]
    assert names_in(tmp_path / "done") == ["00000001-g.jsonl"]
    assert await find_value(made, "SELECT count(*) FROM resident_system.submission WHERE finished_at IS NOT NULL") == 1


async def test_a_file_that_was_put_away_just_before_the_end_is_noted_as_finished(
    embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    made = await embedded_database(MUNICIPAL)
    async with opened(made) as database:
        drop(tmp_path, "h.jsonl", lines_of(change(1)))
        await pick_up(tmp_path, database)
        await execute(made, "UPDATE resident_system.submission SET finished_at = NULL")
        drop(tmp_path, "h.jsonl", lines_of(change(1)))
        await pick_up(tmp_path, database)

    assert names_in(tmp_path / "done") == ["00000001-h.jsonl", "00000002-h.jsonl"]
    assert [line[4] for line in _read(tmp_path / "reports" / "00000002-h.jsonl.report.csv")[1:]] == ["反映済み"]


def many() -> list[dict[str, Any]]:
    entries = [change(number, number) for number in range(1, 401)]
    return entries + [moved(400 + number, number, number) for number in range(1, 401)]


async def test_a_file_is_applied_once_and_whole_however_often_the_node_is_killed(
    embedded_database: MakeDatabase, tmp_path: Path
) -> None:
    killed, plain = await embedded_database(MUNICIPAL), await embedded_database(MUNICIPAL)
    records = many()
    async with opened(plain) as database:
        await submit(database, *records)
    drop(tmp_path, "e.jsonl", lines_of(*records[:500]))
    drop(tmp_path, "f.jsonl", lines_of(*records[450:]))

    kills = 0
    for milliseconds in (0, 20, 60, 120, 250, 400, 600, 900, 1300, 1800):
        kills += await _pick_up_and_kill(killed, tmp_path, milliseconds / 1000)
        notified = await find_value(killed, "SELECT count(*) FROM register.notified_identification")
        assert notified in {0, 500, 800}
    async with opened(killed) as database:
        await pick_up(tmp_path, database)

    assert kills >= 3
    assert await list_notified(killed) == await list_notified(plain)
    assert await find_value(killed, "SELECT sum(notice_count) FROM delivery.outbox") == 800
    assert len(names_in(tmp_path / "done")) == len(names_in(tmp_path / "reports")) == 2
    assert names_in(tmp_path / "working") == names_in(tmp_path / "in") == []
    unfinished = "SELECT count(*) FROM resident_system.submission WHERE finished_at IS NULL"
    assert await find_value(killed, unfinished) == 0


async def _pick_up_and_kill(database: NodeDatabase, directory: Path, seconds: float) -> bool:
    """Pick up in a process of its own, and kill it some time after it began; return whether it was still at work."""
    process = await asyncio.create_subprocess_exec(
        *_command(database, directory), cwd=_ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        await asyncio.wait_for(process.wait(), seconds or 0.001)
    except TimeoutError:
        process.kill()
        await process.wait()
        return True
    return False


def _command(database: NodeDatabase, directory: Path) -> Sequence[str]:
    app = database.app
    module = "tests.integration.resident_system.picker"
    return [sys.executable, "-m", module, app.url, str(app.password_file), str(directory)]
