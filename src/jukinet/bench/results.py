"""What a bench reports: a value beside its raw baseline, measured several times (測定結果)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured figure, as it stands on its JSON line. Without a baseline there is no ratio."""

    bench: str
    value: float
    unit: str
    baseline: str | None = None
    baseline_value: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """One run: what the system did, and what the baseline did right after it."""

    value: float
    baseline_value: float

    @property
    def ratio(self) -> float:
        """Return how many times the baseline the value is."""
        return self.value / self.baseline_value


def summarise_pairs(bench: str, unit: str, baseline: str, pairs: Sequence[Pair]) -> list[Figure]:
    """Return the median run, then the lowest and the highest, by their ratio; each figure is one real run's or median.

    The median line has the medians of values, baselines and ratios, so its ratio is not always their quotient.
    """
    middle = Figure(
        bench=bench,
        value=median(pair.value for pair in pairs),
        unit=unit,
        baseline=baseline,
        baseline_value=median(pair.baseline_value for pair in pairs),
        ratio=median(pair.ratio for pair in pairs),
    )
    ordered = sorted(pairs, key=lambda pair: pair.ratio)
    return [
        _rounded(middle),
        *[
            _rounded(
                Figure(
                    bench=f"{bench}.{name}",
                    value=pair.value,
                    unit=unit,
                    baseline=baseline,
                    baseline_value=pair.baseline_value,
                    ratio=pair.ratio,
                )
            )
            for name, pair in (("min", ordered[0]), ("max", ordered[-1]))
        ],
    ]


def summarise_values(bench: str, unit: str, values: Sequence[float]) -> list[Figure]:
    """Return median, lowest and highest of a figure that has no baseline."""
    named = ((bench, median(values)), (f"{bench}.min", min(values)), (f"{bench}.max", max(values)))
    return [_rounded(Figure(bench=name, value=value, unit=unit)) for name, value in named]


def find_percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the smallest of the `ordered` values that so many percent do not exceed (nearest rank)."""
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]


def _rounded(figure: Figure) -> Figure:
    return msgspec.structs.replace(
        figure,
        value=_round(figure.value),
        baseline_value=None if figure.baseline_value is None else _round(figure.baseline_value),
        ratio=None if figure.ratio is None else round(figure.ratio, 3),
    )


def _round(value: float) -> float:
    return round(value) if value >= 1000 else round(value, 2)  # noqa: PLR2004 - four figures are as many as it means
