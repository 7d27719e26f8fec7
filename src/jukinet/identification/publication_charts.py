"""The charts of the yearly publication, as SVG: drawn from published figures alone, so that no bar tells more."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from jukinet.domain.provision_publication import MONTHS, Publication

#: Colours that differ for the colour-blind as well (Okabe and Ito), dark enough on white.
_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56778F", "#7A5C00")
_MONTH_NAMES: Final = tuple(f"{(3 + month) % MONTHS + 1}月" for month in range(MONTHS))
_WIDTH: Final = 760
_LEFT: Final = 70
_TOP: Final = 16
_HEIGHT: Final = 240
_BAR: Final = 26
_NAME_WIDTH: Final = 260
_MOST_ORGANS: Final = 20
_LINES: Final = 4
_LONGEST_NAME: Final = 18
_NICE: Final = (1, 2, 2.5, 5, 10)


def chart_of_months(publication: Publication) -> str:
    """Return the months as stacked bars, one colour for each method."""
    methods = list(dict.fromkeys(row.method for row in publication.rows))
    sums = [
        [sum(row.months[month] or 0 for row in publication.rows if row.method == method) for month in range(MONTHS)]
        for method in methods
    ]
    top = _ceiling(max((sum(each[month] for each in sums) for month in range(MONTHS)), default=0))
    parts = _grid(top)
    step = (_WIDTH - _LEFT - 10) / MONTHS
    for month in range(MONTHS):
        base, left = float(_TOP + _HEIGHT), _LEFT + step * month + step * 0.15
        for number, each in enumerate(sums):
            height = _HEIGHT * each[month] / top
            base -= height
            parts.append(_rectangle(left, base, step * 0.7, height, number, f"{_MONTH_NAMES[month]} {each[month]:,}件"))
        parts.append(_text(left + step * 0.35, _TOP + _HEIGHT + 18, _MONTH_NAMES[month], "middle"))
    parts += _legend(methods, _TOP + _HEIGHT + 42)
    return _svg(parts, _TOP + _HEIGHT + 42 + 22 * len(methods), f"{publication.year}年度の月ごとの提供件数（方法別）")


def chart_of_organs(publication: Publication) -> str:
    """Return the organs with most provisions as bars; whose figure is hidden is not drawn."""
    known = [(organ, total) for organ, total in publication.organ_totals.items() if total]
    shown = sorted(known, key=lambda one: (-one[1], one[0]))[:_MOST_ORGANS]
    top = max((total for _, total in shown), default=1)
    parts: list[str] = []
    for place, (organ, total) in enumerate(shown):
        y = _TOP + place * _BAR
        width = (_WIDTH - _NAME_WIDTH - 100) * total / top
        parts.append(_text(_NAME_WIDTH - 8, y + 15, _short(organ), "end"))
        parts.append(_rectangle(_NAME_WIDTH, y, width, _BAR - 8, 0, f"{organ} {total:,}件"))
        parts.append(_text(_NAME_WIDTH + width + 6, y + 15, f"{total:,}", "start"))
    return _svg(parts, _TOP + len(shown) * _BAR + 8, f"{publication.year}年度の提供先ごとの提供件数")


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _ceiling(highest: int) -> float:
    if highest <= 0:
        return float(_LINES)
    power = 10.0 ** (len(str(highest)) - 1)
    return next(float(nice * power) for nice in _NICE if nice * power >= highest)


def _grid(top: float) -> list[str]:
    parts: list[str] = []
    for line in range(_LINES + 1):
        y = _TOP + _HEIGHT - _HEIGHT * line / _LINES
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - 10}" y2="{y:.1f}" stroke="#CCCCCC"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{top * line / _LINES:,.0f}", "end"))
    return parts


def _legend(methods: Sequence[str], y: float) -> list[str]:
    parts: list[str] = []
    for number, method in enumerate(methods):
        parts.append(_rectangle(_LEFT, y + 22 * number - 11, 14, 14, number, method))
        parts.append(_text(_LEFT + 22, y + 22 * number, method, "start"))
    return parts


def _rectangle(  # noqa: PLR0917 - a rectangle has all of these
    x: float, y: float, width: float, height: float, colour: int, title: str
) -> str:
    fill = _COLOURS[colour % len(_COLOURS)]
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{fill}"><title>{escape(title)}</title></rect>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(parts: Sequence[str], height: float, title: str) -> str:
    label = escape(title, quote=True)
    box = f'viewBox="0 0 {_WIDTH} {height:.0f}" width="{_WIDTH}" height="{height:.0f}"'
    font = 'font-family="Noto Sans JP, sans-serif" font-size="13" fill="#1A1A1A"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} {font} role="img" aria-label="{label}">'
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>", ""])
