"""Draw the growth plots of docs/performance/ from the recorded lines of `jukinet bench … --json`.

Each file of docs/performance/runs/ is what one bench printed, after one line that says under which circumstances:
{"residents": 5000000, "lines": 1000000, "measured_on": "2026-11-28", "load": 0.4}. `python tools/plots.py` draws all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final, NamedTuple

import typst

_HOME: Final = Path(__file__).parents[1] / "docs" / "performance"
_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 220, 50, 60
_COLOURS: Final = ("#0b5cad", "#c2410c", "#15803d", "#7e22ce")
_MILLION: Final = 1_000_000


class Run(NamedTuple):
    """What one bench printed, and under which circumstances."""

    circumstances: dict[str, Any]
    figures: dict[str, dict[str, Any]]


class Series(NamedTuple):
    """One line of a plot: its name, its points, and whether it is a baseline."""

    name: str
    colour: str
    points: Sequence[tuple[float, float]]
    is_baseline: bool = False


class Plot(NamedTuple):
    """One plot: its title, what is on the vertical axis, the series."""

    title: str
    unit: str
    series: Sequence[Series]


def read_runs(prefix: str) -> list[Run]:
    """Return the runs whose file begins so, the smallest nation first."""
    runs: list[Run] = []
    for path in sorted((_HOME / "runs").glob(f"{prefix}-*.jsonl")):
        first, *lines = (json.loads(line) for line in path.read_text("utf-8").splitlines())
        runs.append(Run(first, {line["bench"]: line for line in lines}))
    return sorted(runs, key=lambda run: run.circumstances["residents"])


def draw(plot: Plot) -> str:
    """Return the plot as SVG: residents on a logarithmic axis, values from zero."""
    values = [value for one in plot.series for _, value in one.points]
    places = sorted({place for one in plot.series for place, _ in one.points})
    top = _round_up(max(values))
    x, y = _scales(places, top)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" font-family="Libertinus Serif">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_LEFT}" y="28" font-size="17" font-weight="bold">{escape(plot.title)}</text>',
    ]
    for step in range(5):
        value = top * step / 4
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#d4d4d4"/>'
            f'<text x="{_LEFT - 8}" y="{y(value) + 4:.1f}" font-size="13" text-anchor="end">{value:g}</text>'
        )
    foot = f'y="{_HEIGHT - _BOTTOM + 22}" font-size="13" text-anchor="middle"'
    parts += [f'<text x="{x(place):.1f}" {foot}>{_say(place)}</text>' for place in places]
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{_HEIGHT - 14}" font-size="13" text-anchor="middle">residents</text>')
    parts.append(
        f'<text x="20" y="{_HEIGHT / 2}" font-size="13" text-anchor="middle"'
        f' transform="rotate(-90 20 {_HEIGHT / 2})">{escape(plot.unit)}</text>'
    )
    parts += [_draw_series(one, number, x, y) for number, one in enumerate(plot.series)]
    return "\n".join([*parts, "</svg>"])


def _scales(places: Sequence[float], top: float) -> tuple[Callable[[float], float], Callable[[float], float]]:
    low, high = math.log(places[0]), math.log(places[-1])
    across, up = _WIDTH - _RIGHT - _LEFT - 60, _HEIGHT - _TOP - _BOTTOM
    return (
        lambda place: _LEFT + 30.0 + across * ((math.log(place) - low) / (high - low) if high > low else 0.5),
        lambda value: float(_HEIGHT - _BOTTOM - up * value / top),
    )


def _draw_series(one: Series, number: int, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    stroke = f'stroke="{one.colour}" stroke-width="2"' + (' stroke-dasharray="5 4"' if one.is_baseline else "")
    places = [(f"{x(place):.1f}", f"{y(value):.1f}") for place, value in one.points]
    path = " ".join(f"{across},{up}" for across, up in places)
    marks = "".join(f'<circle cx="{across}" cy="{up}" r="3.5" fill="{one.colour}"/>' for across, up in places)
    label, end = _TOP + 22 * number + 10, _WIDTH - _RIGHT
    return (
        f'<polyline points="{path}" fill="none" {stroke}/>{marks}'
        f'<line x1="{end + 12}" x2="{end + 40}" y1="{label - 4}" y2="{label - 4}" {stroke}/>'
        f'<text x="{end + 46}" y="{label}" font-size="13">{escape(one.name)}</text>'
    )


def _round_up(value: float) -> float:
    size = 10 ** math.floor(math.log10(value))
    return float(next(step * size for step in (1, 2, 4, 8, 10) if step * size >= value))


def _say(residents: float) -> str:
    return f"{residents / _MILLION:g} million" if residents >= _MILLION else f"{residents:,.0f}"


def list_series(
    runs: Iterable[Run], name: str, bench: str, *, colour: str, scale: Callable[[float], float] = float
) -> list[Series]:
    """Return a figure over the runs, and its baseline where it has one."""
    found = [(run.circumstances["residents"], run.figures[bench]) for run in runs if bench in run.figures]
    values = [(place, scale(figure["value"])) for place, figure in found]
    bare = [(place, scale(figure["baseline_value"])) for place, figure in found if figure.get("baseline_value")]
    series = (Series(name, colour, values), Series(f"{name}: baseline", colour, bare, is_baseline=True))
    return [one for one in series if one.points]


def list_plots() -> dict[str, Plot]:
    """Return the plots for which there are runs, by the name of their picture."""
    batch, search, lookup = read_runs("batch"), read_runs("search"), read_runs("lookup")
    plots: dict[str, Plot] = {}
    if batch:
        named = (("by code", "batch.by_code"), ("by number", "batch.by_number"), ("by 4 items", "batch.by_items"))
        series = [
            one
            for (name, bench), colour in zip(named, _COLOURS, strict=False)
            for one in list_series(batch, name, bench, colour=colour, scale=lambda rate: _MILLION / rate)
        ]
        plots["batch-growth"] = Plot("A batch file: time for each line", "microseconds a line", series)
    if search:
        named = (("median", "search.p50"), ("p99", "search.p99"), ("p99, bare statements", "search.bare.p99"))
        series = [
            one
            for (name, bench), colour in zip(named, _COLOURS, strict=False)
            for one in list_series(search, name, bench, colour=colour)
        ]
        plots["search-growth"] = Plot("A search by the four basic items, 16 clients", "milliseconds", series)
    if len(lookup) > 1:
        series = list_series(lookup, "look-ups", "lookup", colour=_COLOURS[0])
        plots["lookup-growth"] = Plot("Audited look-ups, 64 connections", "look-ups a second", series)
    return plots


def main() -> None:
    """Draw every plot there are runs for."""
    for name, plot in list_plots().items():
        picture = json.dumps(draw(plot), ensure_ascii=False)
        page = f"#set page(width: {_WIDTH}pt, height: {_HEIGHT}pt, margin: 0pt)\n"
        source = f'{page}#image(bytes({picture}), width: 100%, format: "svg")'
        (_HOME / f"{name}.png").write_bytes(typst.compile(source.encode(), format="png", ppi=110))
        print(_HOME / f"{name}.png")


if __name__ == "__main__":
    main()
