"""`jukinet municipal mass-change`, as an operator types it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from jukinet.municipal.usecases.change_addresses import change_addresses
from jukinet.postgres.database import open_database
from jukinet.protocol.node_names import NodeName
from tests.builders import NOW, list_rows, populate, resident
from tests.builders_mass_change import NEW_TOWN, OLD_TOWN, in_town, town
from tests.integration.cli.offices import Network, Terminal

SETAGAYA = "municipal/131121"
OPTIONS = (
    "--kind",
    "town_renamed",
    "--public-notice",
    "世田谷区告示第9号",
    "--noticed-on",
    "令和8年4月1日",
    "--effective-on",
    "2026-04-01",
)


@pytest.fixture
async def here(network: Network) -> tuple[str, ...]:
    made = await network.add(SETAGAYA)
    hidden = resident(92, is_protected=True, address=in_town(f"{OLD_TOWN}8番8号"))
    await populate(network.databases[SETAGAYA], *town(2), hidden)
    return ("--config", str(made))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(f"旧町名,新町名\n{OLD_TOWN},{NEW_TOWN}\nひとつだけ\n".encode("cp932"))
    return path


async def test_a_table_is_prepared_looked_at_approved_by_another_and_watched_to_its_end(
    terminal: Terminal, here: tuple[str, ...], table: Path, network: Network
) -> None:
    words = ("municipal", "mass-change")
    made = await terminal.result(*words, "prepare", str(table), *OPTIONS, "--operator", "maker", *here, "--json")
    assert made.exit_code == 0, made.output
    assert '{"mass_change_number":1,"lines":2,"refused_lines":1}' in made.stdout
    assert "line 3 left out (columns) [value.file.format]" in made.stderr
    (seen,) = await terminal.rows(*words, "preview", "1", "--operator", "chief", *here)
    assert (seen["residents"], seen["households"], seen["refused_lines"]) == (
        5,
        3,
        [[3, "columns", "value.file.format"]],
    )
    assert [in_town(f"{OLD_TOWN}1番1号"), in_town(f"{NEW_TOWN}1番1号")] in seen["samples"]
    assert "8番8号" not in str(seen)
    assert "[permission.self_review]" in await terminal.refusal(*words, "approve", "1", "--operator", "maker", *here)
    assert "[conflict.mass_change]" in await terminal.refusal(*words, "watch", "1", *here)
    approved = await terminal.result(*words, "approve", "1", "--operator", "chief", *here)
    assert approved.exit_code == 0, approved.output

    watching = asyncio.create_task(terminal.rows(*words, "watch", "1", *here))
    database = await open_database(network.databases[SETAGAYA].app)
    try:
        await change_addresses(
            mass_change_number=1, node=NodeName.parse(SETAGAYA), database=database, clock=lambda: NOW
        )
    finally:
        await database.close()
    steps = await watching

    assert steps[-1] == {
        "state": "finished",
        "households": 3,
        "settled": 3,
        "refused": 0,
        "residents": 5,
        "held": 0,
        "remaining_seconds": None,
    }
    bar = await terminal.result(*words, "watch", "1", *here)
    assert bar.exit_code == 0, bar.output
    assert "100%" in bar.stderr
    (listed,) = await terminal.rows(*words, "list", *here)
    assert (listed["state"], listed["made_by"], listed["approved_by"]) == ("finished", "maker", "chief")
    log = await list_rows(
        network.databases[SETAGAYA], "SELECT event, actor FROM audit.event WHERE event = 'mass_change:previewed'"
    )
    assert log == [("mass_change:previewed", "chief")]


async def test_a_person_reads_the_preview_as_tables(terminal: Terminal, here: tuple[str, ...], table: Path) -> None:
    await terminal.rows("municipal", "mass-change", "prepare", str(table), *OPTIONS, "--operator", "maker", *here)

    result = await terminal.result("municipal", "mass-change", "preview", "1", "--operator", "chief", *here)

    assert result.exit_code == 0, result.output
    assert in_town(f"{NEW_TOWN}1番1号") in result.stdout
    assert "value.file.format" in result.stdout


async def test_it_is_given_up(terminal: Terminal, here: tuple[str, ...], table: Path) -> None:
    words = ("municipal", "mass-change")
    await terminal.rows(*words, "prepare", str(table), *OPTIONS, "--operator", "maker", *here)

    assert (await terminal.result(*words, "discard", "1", "--operator", "maker", *here)).exit_code == 0
    assert (await terminal.rows(*words, "watch", "1", *here))[-1]["state"] == "discarded"
    assert "[conflict.mass_change]" in await terminal.refusal(*words, "approve", "1", "--operator", "chief", *here)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "value.file.format"),
        (b"", "value.file.format"),
        (b"a\0b,c", "value.file.encoding"),
        ("太子堂一丁目".encode(), "value.file.format"),
        (",新しい町".encode(), "value.missing"),
    ],
)
async def test_a_table_nothing_can_be_made_of_is_refused_in_one_line(
    terminal: Terminal, here: tuple[str, ...], tmp_path: Path, content: bytes | None, expected: str
) -> None:
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content)

    line = await terminal.refusal(
        "municipal", "mass-change", "prepare", str(path), *OPTIONS, "--operator", "maker", *here
    )

    assert f"[{expected}]" in line
    assert "太子堂" not in line
