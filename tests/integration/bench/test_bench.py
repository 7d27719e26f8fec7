"""The benches measure what they say, on tiny sizes: no time is asserted, only what was counted and compared."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Final

import msgspec
import pytest
from typer.testing import CliRunner

from jukinet.bench.batch import BatchSettings, measure_batch
from jukinet.bench.feed import FeedSettings, measure_feed
from jukinet.bench.lookup import LookupSettings, measure_lookup
from jukinet.bench.population import measure_population
from jukinet.bench.propagation import PropagationSettings, measure_propagation
from jukinet.bench.register import RegisterSettings, measure_register
from jukinet.bench.register_day import SEARCH_KINDS, count_of_day
from jukinet.bench.results import Figure
from jukinet.bench.setup import BenchSettings, open_bench
from jukinet.bench.uselog import UselogSettings, measure_uselog
from jukinet.cli.bench import app
from jukinet.cli.console import machine_clock
from jukinet.cli.kinds import KINDS

_KEYS: Final = ("bench", "value", "unit", "baseline", "baseline_value", "ratio")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> BenchSettings:
    return BenchSettings(
        directory=tmp_path_factory.mktemp("bench"),
        first_port=_free_port(),
        residents=2000,
        municipal_residents=400,
        runs=1,
        migrations=lambda kind: tuple(KINDS[kind].migrations),
        clock=machine_clock,
        progress=lambda _what, _done, _total: None,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1]) % 20_000 + 40_000


def _require_complete(figures: list[Figure], name: str) -> Figure:
    main = figures[0]
    assert main.bench == name
    assert main.value > 0
    assert main.baseline
    assert main.baseline_value is not None
    assert main.ratio == pytest.approx(main.value / main.baseline_value, rel=0.05)
    assert {figure.bench for figure in figures} >= {name, f"{name}.min", f"{name}.max"}
    return main


async def test_the_use_log_bench_seals_what_it_wrote_and_its_proof_holds(settings: BenchSettings) -> None:
    async with open_bench(settings) as bench:
        figures = await measure_uselog(bench, UselogSettings(entries=1_000, persons=100))

    _require_complete(figures, "uselog.seal")
    assert {"uselog.page.p95", "uselog.proof.make", "uselog.proof.verify"} <= {figure.bench for figure in figures}


async def test_batches_find_and_log_everybody(settings: BenchSettings) -> None:
    async with open_bench(settings) as bench:
        figures = await measure_batch(bench, BatchSettings(lines=1000, seconds=0.5, labelled=90))

    for at, name in enumerate(("batch.by_code", "batch.by_number", "batch.by_items")):
        _require_complete(figures[3 * at :][:3], name)
    assert figures[-1].bench == "batch.lookup_p99"
    assert {figure.bench: figure.value for figure in figures}["batch.items.precision"] == 1


async def test_lookup_counts_answers_that_were_all_logged(settings: BenchSettings) -> None:
    wanted = LookupSettings(seconds=1.0, warm_up_seconds=0.2, connections=4, baseline_clients=2)

    async with open_bench(settings) as bench:
        figures = await measure_lookup(bench, wanted)

    _require_complete(figures, "lookup")
    assert {"lookup.p50", "lookup.p99", "lookup.verification"} <= {figure.bench for figure in figures}


async def test_propagation_ends_with_what_the_raw_merge_has(settings: BenchSettings) -> None:
    async with open_bench(settings) as bench:
        figures = await measure_propagation(bench, PropagationSettings(changes=100, single_changes=3))

    _require_complete(figures, "propagation")
    assert {"propagation.delay.p50", "propagation.delay.p99"} <= {figure.bench for figure in figures}


async def test_every_event_of_the_feed_is_read_logged_and_timed(settings: BenchSettings) -> None:
    wanted = FeedSettings(changes=100, rate=50, seconds=1.0, burst_seconds=0.2)

    async with open_bench(settings) as bench:
        figures = await measure_feed(bench, wanted)

    _require_complete(figures, "feed")
    assert {"feed.apply", "feed.delay.p50", "feed.delay.p99", "feed.burst"} <= {figure.bench for figure in figures}


async def test_the_register_finds_everybody_looked_for_and_records_every_act(settings: BenchSettings) -> None:
    async with open_bench(settings) as bench:
        figures = await measure_register(bench, RegisterSettings(clerks=3, pause_seconds=0.0))

    _require_complete(figures, "register")
    named = {figure.bench for figure in figures}
    assert {f"register.search.{kind}.p99" for kind in SEARCH_KINDS} <= named
    assert {"register.p50", "register.p99", "register.search.p99"} <= named


def test_a_day_at_the_end_of_march_in_a_city_of_400_000() -> None:
    counts = count_of_day(400_000)

    assert counts == {"move_in": 290, "move_out": 290, "relocation": 211, "birth": 45, "death": 97}


async def test_population_loads_every_resident_on_both_ways(settings: BenchSettings) -> None:
    figures = await measure_population(settings, residents=1500)

    _require_complete(figures, "population")


def test_the_command_prints_one_json_object_a_line(tmp_path: Path) -> None:
    arguments = ["population", "--directory", str(tmp_path), "--residents", "1000", "--runs", "1", "--json"]

    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [tuple(line) for line in lines] == [_KEYS] * 3
    assert lines[0]["bench"] == "population"
    assert msgspec.convert(lines[0], Figure).ratio
