"""`jukinet municipal merger` and `jukinet merger`, as the operators of a merger type them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from jukinet.cli.console import machine_clock
from jukinet.domain.clock import civil_day
from tests.builders import list_rows, populate, resident
from tests.integration.cli.offices import Network, Terminal

OUTGOING = "municipal/131121"
SUCCESSOR = "municipal/132039"


def said(**replaced: str) -> list[str]:
    """Return the options that say what the public notice says: in effect tomorrow."""
    today = civil_day(machine_clock())
    options = {
        "outgoing": "131121",
        "successor": "132039",
        "public-notice": "総務省告示第100号",
        "noticed-on": today.isoformat(),
        "effective-on": (today + timedelta(days=1)).isoformat(),
        **replaced,
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


async def test_two_operators_make_and_approve_a_merger_and_see_what_is_in_the_way(
    network: Network, terminal: Terminal, tmp_path: Path
) -> None:
    here = ("--config", str(await network.add(OUTGOING)))
    there = ("--config", str(await network.add(SUCCESSOR)))
    await populate(network.databases[OUTGOING], resident(1, address="太子堂一丁目1番1号"))
    merger = ("municipal", "merger")
    table = tmp_path / "towns.csv"
    table.write_text("旧町名,新町名\n太子堂一丁目,旧太子堂\n", encoding="utf-8")

    nothing = await terminal.result(*merger, "show", "--operator", "maker", *here)
    made = await terminal.result(*merger, "prepare", *said(), "--operator", "maker", *here)
    alone = await terminal.result(*merger, "approve", "131121", "--operator", "maker", *here)
    approved = await terminal.result(*merger, "approve", "131121", "--operator", "chief", *here)
    shown = await terminal.result(*merger, "show", "--operator", "maker", *here)
    whole, problem = await terminal.rows(*merger, "show", "--operator", "maker", *here)
    for words in (("prepare", *said()), ("towns", "131121", str(table)), ("discard", "131121")):
        done = await terminal.result(*merger, *words, "--operator", "maker", *there)
        assert done.exit_code == 0, done.output
    unknown = await terminal.result(*merger, "approve", "131121", "--operator", "maker", *there)

    assert "登録されていません" in nothing.stdout
    assert "作成した人とは別の操作者" in made.stdout
    assert (alone.exit_code, "permission.self_review" in alone.stderr) == (1, True)
    assert (approved.exit_code, whole["state"], whole["approved_by"]) == (0, "approved", "chief")
    assert "東京都世田谷区（131121）" in shown.stdout
    assert "住所を改められない世帯" in shown.stdout
    assert "職権修正" in shown.stdout
    assert (problem["kind"], problem["household_number"], problem["error_code"]) == ("household", 1, "value.address")
    assert (unknown.exit_code, "not_found.merger" in unknown.stderr) == (1, True)


async def test_the_tiers_above_register_a_merger_by_two_operators(network: Network, terminal: Terminal) -> None:
    here = ("--config", str(await network.add("prefectural/130001")))

    await terminal.result("merger", "register", *said(), "--operator", "maker", *here)
    alone = await terminal.result("merger", "approve", "131121", "--operator", "maker", *here)
    approved = await terminal.result("merger", "approve", "131121", "--operator", "chief", *here)
    (found,) = await terminal.rows("merger", "list", *here)

    assert (alone.exit_code, "permission.self_review" in alone.stderr) == (1, True)
    assert approved.exit_code == 0
    assert (found["successor"], found["registered_by"], found["approved_by"]) == ("132039", "maker", "chief")
    events = "SELECT actor, detail ->> 'state' FROM audit.event WHERE event = 'merger:moved' ORDER BY occurred_at"
    rows = await list_rows(network.databases["prefectural/130001"], events)
    assert rows == [("maker", "registered"), ("chief", "approved")]


async def test_where_the_register_is_elsewhere_no_merger_is_made(
    network: Network, terminal: Terminal, tmp_path: Path
) -> None:
    made = await network.add(OUTGOING)
    with made.open("a", encoding="utf-8") as file:
        file.write(f'[resident_system]\nfiles = "{tmp_path}"\n')

    refused = await terminal.result(
        "municipal", "merger", "prepare", *said(), "--operator", "maker", "--config", str(made)
    )

    assert (refused.exit_code, "permission.register_elsewhere" in refused.stderr) == (1, True)
