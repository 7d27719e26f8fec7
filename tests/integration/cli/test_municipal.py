"""`jukinet municipal`, `quarantine` and `outbox`, as a clerk or an operator types them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jukinet.cli.console import machine_clock
from jukinet.delivery.outbox import set_parcel_aside
from jukinet.delivery.quarantine import Holding, hold_notices
from jukinet.domain.clock import civil_day
from jukinet.postgres.database import connect
from tests.builders import NOW, TOKYO, code, encoded, list_rows, notice, populate, resident
from tests.integration.cli.offices import Network, Terminal

CLERK = ("--operator", "clerk")
SETAGAYA = "municipal/131121"
NEW_ADDRESS = "東京都世田谷区三軒茶屋二丁目2番2号"


@pytest.fixture
async def config(network: Network) -> Path:
    made = await network.add(SETAGAYA)
    await populate(network.databases[SETAGAYA], resident(1), codes=[code(number) for number in range(100, 110)])
    return made


@pytest.fixture
def here(config: Path) -> tuple[str, ...]:
    return ("--config", str(config))


def birth(*replaced: str) -> list[str]:
    today = civil_day(machine_clock()).isoformat()
    words = dict(zip(replaced[::2], replaced[1::2], strict=True))
    options = {"--name": "試験\u3000凛", "--kana": "しけん\u3000りん", "--sex": "2", "--birth-date": today, **words}
    return ["municipal", "record-birth", "1", *[word for pair in options.items() for word in pair], *CLERK]


async def test_what_two_operators_record_is_not_recorded_from_the_command_line(
    terminal: Terminal, config: Path, network: Network
) -> None:
    text = config.read_text(encoding="utf-8")
    name = f'name = "{SETAGAYA}"'
    assert name in text
    config.write_text(text.replace(name, f'{name}\nreviewed_procedures = ["birth"]'), encoding="utf-8")

    line = await terminal.refusal(*birth(), "--config", str(config))
    (moved,) = await terminal.rows(*relocation(), "--config", str(config))

    assert "permission.review_required" in line
    assert moved["version"] == 2
    assert await list_rows(network.databases[SETAGAYA], "SELECT count(*) FROM register.resident") == [(1,)]


def relocation(*replaced: str) -> list[str]:
    today = civil_day(machine_clock()).isoformat()
    options = {"--address": NEW_ADDRESS, "--moved-on": today, **dict(zip(replaced[::2], replaced[1::2], strict=True))}
    return ["municipal", "record-relocation", "1", *[word for pair in options.items() for word in pair], *CLERK]


async def test_a_birth_a_relocation_and_a_death_are_recorded_and_looked_up(
    terminal: Terminal, here: tuple[str, ...]
) -> None:
    today = civil_day(machine_clock()).isoformat()

    (child,) = await terminal.rows(*birth(), *here)
    number = str(child["resident_number"])
    (moved,) = await terminal.rows(
        "municipal", "record-relocation", number, "--address", NEW_ADDRESS, "--moved-on", today, *CLERK, *here
    )
    (removed,) = await terminal.rows("municipal", "record-death", number, "--died-on", today, *CLERK, *here)
    history = await terminal.rows("municipal", "history", number, *CLERK, *here)
    found = await terminal.rows("municipal", "search", "--name", "試験\u3000凛", *CLERK, *here)
    by_code = await terminal.rows("municipal", "search", "--code", child["resident_record_code"], *CLERK, *here)

    assert history == [child, moved, removed]
    assert found == by_code == [removed]
    assert (moved["address"], removed["is_removed"]) == (NEW_ADDRESS, True)


async def test_looking_is_on_the_log_with_who_looked(
    terminal: Terminal, here: tuple[str, ...], network: Network
) -> None:
    await terminal.rows("municipal", "search", "--kana", "しけん", *CLERK, *here)
    await terminal.rows("municipal", "history", "1", *CLERK, *here)

    rows = await list_rows(network.databases[SETAGAYA], "SELECT event, actor, detail FROM audit.event ORDER BY 1")
    assert rows == [
        ("resident:searched", "clerk", {"hits": 1, "resident_numbers": [1]}),
        ("resident:viewed", "clerk", {"resident_number": 1}),
    ]


async def test_a_person_reads_a_table(terminal: Terminal, here: tuple[str, ...]) -> None:
    result = await terminal.result("municipal", "history", "1", *CLERK, *here)

    assert result.exit_code == 0
    assert "change_reason" in result.stdout


TOMORROW = (civil_day(machine_clock()) + timedelta(days=2)).isoformat()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (birth("--name", "葵\ufffd"), "value.character.repertoire"),
        (birth("--name", ""), "value.name"),
        (birth("--kana", "abc"), "value.kana"),
        (birth("--sex", "female"), "value.code_list"),
        (birth("--birth-date", "2026-02-30"), "value.date.impossible"),
        (birth("--birth-date", "平成32年1月1日"), "value.date"),
        (birth("--birth-date", "yesterday"), "value.date.format"),
        (birth("--birth-date", TOMORROW), "value.date.order"),
        (["municipal", "record-death", "1", "--died-on", "2026-02-30", *CLERK], "value.date.impossible"),
        (["municipal", "record-death", "99", "--died-on", "2026-02-03", *CLERK], "not_found.resident"),
        (relocation("--address", "大阪府"), "value.address"),
        (relocation("--moved-on", "2020-02-03"), "value.late_statement"),
        (relocation("--moved-on", "2020-02-03", "--statement", ""), "value.missing"),
        (["municipal", "history", "99", *CLERK], "not_found.resident"),
        (["municipal", "search", *CLERK], "value.missing"),
        (["municipal", "search", "--birth-date", "x", *CLERK], "value.date"),
        (["municipal", "search", "--name", "\udcff", *CLERK], "operation.internal"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value)[:40].encode("ascii", "replace").decode(),
)
async def test_what_cannot_be_is_refused_in_one_line_without_the_person(
    terminal: Terminal, here: tuple[str, ...], words: list[str], expected: str
) -> None:
    line = await terminal.refusal(*words, *here)

    assert f"[{expected}" in line
    for personal in ("試験", "しけん", "葵", code(1), "大阪府"):
        assert personal not in line


async def test_two_clerks_at_the_same_register_do_not_need_each_other(
    terminal: Terminal, here: tuple[str, ...]
) -> None:
    first = (await terminal.rows(*birth(), *here))[0]["resident_record_code"]
    second = (await terminal.rows(*birth(), *here))[0]["resident_record_code"]

    assert first != second


@pytest.fixture
async def prefecture(network: Network) -> tuple[str, ...]:
    made = await network.add(TOKYO.text)
    bad = notice(1, name="葵\ufffd")
    holding = Holding(
        resident_record_code=code(1),
        update_sequence=1,
        state="quarantined",
        notice=encoded([bad]),
        sender=SETAGAYA,
        message_id="m",
        error_code="value.character.repertoire",
        error_field="name",
        held_at=NOW,
    )
    async with connect(network.databases[TOKYO.text].app) as unit, unit.transaction():
        await hold_notices(unit, [holding])
    return ("--config", str(made))


async def test_a_quarantined_notice_is_listed_without_the_person_corrected_and_gone(
    terminal: Terminal, prefecture: tuple[str, ...], network: Network
) -> None:
    (listed,) = await terminal.rows("quarantine", "list", *prefecture)
    arrival = str(listed["arrival"])
    refused = await terminal.refusal("quarantine", "release", arrival, "--operator", "op", *prefecture)
    corrected = await terminal.result(
        "quarantine", "correct", arrival, "--operator", "op", "--set", "name=試験\u3000葵", *prefecture
    )

    assert (listed["state"], listed["error_code"], listed["error_field"]) == (
        "quarantined",
        "value.character.repertoire",
        "name",
    )
    assert code(1) not in str(listed)
    assert "[value.character.repertoire]" in refused
    assert corrected.exit_code == 0, corrected.output
    assert await terminal.rows("quarantine", "list", *prefecture) == []
    known = await list_rows(network.databases[TOKYO.text], "SELECT name FROM identification.record")
    assert known == [("試験\u3000葵",)]


async def test_a_quarantined_notice_is_dismissed(terminal: Terminal, prefecture: tuple[str, ...]) -> None:
    (listed,) = await terminal.rows("quarantine", "list", *prefecture)

    result = await terminal.result("quarantine", "dismiss", str(listed["arrival"]), "--operator", "op", *prefecture)

    assert result.exit_code == 0
    assert await terminal.rows("quarantine", "list", *prefecture) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("quarantine", "release", "999"), "not_found.quarantined_record"),
        (("quarantine", "dismiss", "999"), "not_found.quarantined_record"),
        (("quarantine", "correct", "1", "--set", "name"), "value.request"),
        (("quarantine", "correct", "1", "--set", "salary=1"), "value.request"),
        (("quarantine", "correct", "1", "--set", "update_sequence=²"), "value.request"),
        (("outbox", "requeue", "national", "1"), "not_found.quarantined_record"),
        (("outbox", "requeue", "nowhere", "1"), "value.node_name"),
    ],
)
async def test_what_cannot_be_settled_is_refused_in_one_line(
    terminal: Terminal, prefecture: tuple[str, ...], words: tuple[str, ...], expected: str
) -> None:
    assert f"[{expected}]" in await terminal.refusal(*words, "--operator", "op", *prefecture)


async def test_a_register_has_no_quarantine(terminal: Terminal, here: tuple[str, ...]) -> None:
    assert "value.configuration" in await terminal.refusal("quarantine", "dismiss", "1", "--operator", "op", *here)


async def test_a_refused_parcel_is_listed_and_queued_again_and_the_line_shows_it(
    terminal: Terminal, here: tuple[str, ...], network: Network
) -> None:
    today = civil_day(machine_clock()).isoformat()
    await terminal.rows("municipal", "record-death", "1", "--died-on", today, *CLERK, *here)
    node = network.databases[SETAGAYA]
    ((position,),) = await list_rows(node, "SELECT position FROM delivery.outbox")
    async with connect(node.app) as unit, unit.transaction():
        await set_parcel_aside(
            unit, receiver=TOKYO, position=position, error_code="value.request", error_field="[0].x", now=NOW
        )

    (refused,) = await terminal.rows("outbox", "refused", *here)
    result = await terminal.result("outbox", "requeue", TOKYO.text, str(position), "--operator", "op", *here)
    (line,) = await terminal.rows("node", "lines", *here)

    assert (refused["receiver"], refused["error_code"], refused["notice_count"]) == (TOKYO.text, "value.request", 1)
    assert result.exit_code == 0, result.output
    assert await terminal.rows("outbox", "refused", *here) == []
    assert (line["receiver"], line["waiting"], line["attempts"]) == (TOKYO.text, 1, None)
    log = await list_rows(node, "SELECT actor, detail FROM audit.event WHERE event = 'parcel:requeued'")
    assert log == [("op", {"receiver": TOKYO.text, "position": position})]
