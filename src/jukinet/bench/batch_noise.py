"""How well lines by four items find whom they mean, by kind of noise: one file of labelled lines (照合の精度の測定)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from typing import Final

from jukinet.bench.batch_files import hand_in
from jukinet.bench.batch_store import empty_batches, list_named
from jukinet.bench.results import Figure
from jukinet.bench.search_noise import NOISES, Noise, Resident, Stated
from jukinet.bench.search_store import draw_residents
from jukinet.bench.setup import Bench
from jukinet.domain.errors import BenchFailedError
from jukinet.domain.provision_batches import BatchKey
from jukinet.national.batch_pace import BatchPace
from jukinet.national.batch_runner import BatchRunner
from jukinet.national.node import NationalNode
from jukinet.postgres.database import Unit

_SEED: Final = 20_240_402
#: A line has no reading, and always all four items: what noise leaves out is stated as it is recorded.
_NAMES: Final = (
    "none",
    "variant_kanji",
    "old_address",
    "unknown_address",
    "swapped_digits",
    "missing_town",
    "missing_building",
    "month_only",
    "unrecorded",
)
_KINDS: Final[Mapping[str, Noise]] = {name: NOISES[name] for name in _NAMES}
_ITEMS: Final = ("name", "birth_date", "sex", "address")


@dataclass(frozen=True, slots=True)
class _Labelled:
    noise: str
    resident: Resident
    stated: Stated


async def measure_noise(bench: Bench, owner: Unit, node: NationalNode, *, lines: int) -> list[Figure]:
    """Return, for each kind of noise, in how many lines the right person was named, and how often somebody else.

    Raises:
        BenchFailedError: a line has no result.
    """
    residents = await draw_residents(owner, limit=lines)
    labelled = _label(residents, lines)
    content = "".join(_write(number, one.stated) for number, one in enumerate(labelled, start=1)).encode()
    bench.settings.progress("一括提供の精度", 0, 1)
    await empty_batches(owner)
    file = await hand_in(node, BatchKey.FOUR_ITEMS, content)
    runner = BatchRunner(node, BatchPace(), timedelta(days=1))
    try:
        while await runner.step():
            pass
    finally:
        await runner.worker.close()
    named, answered = await list_named(owner, file.batch_id)
    if answered != len(labelled):
        raise BenchFailedError(f"{len(labelled)} lines, {answered} results.")
    return _figures(labelled, named)


def _label(residents: Sequence[Resident], lines: int) -> list[_Labelled]:
    choice = random.Random(_SEED)  # noqa: S311 - chance for a measurement
    each = -(-lines // len(_KINDS))
    labelled: list[_Labelled] = []
    for name, noise in _KINDS.items():
        drawn = cycle(choice.sample(list(residents), len(residents)))
        found = 0
        for _ in range(len(residents) * 3):
            if found >= each:
                break
            one = next(drawn)
            stated = noise.make(one, choice)
            if stated is not None:
                found += 1
                labelled.append(_Labelled(name, one, {**{item: getattr(one, item) for item in _ITEMS}, **stated}))
    return labelled


def _write(number: int, stated: Stated) -> str:
    name, birth_date, sex, address = (stated[item] for item in _ITEMS)
    return f'r{number},"{name}",{birth_date},{sex},"{address}"\n'


def _figures(labelled: Sequence[_Labelled], named: Mapping[int, str]) -> list[Figure]:
    asked, right, wrong = Counter[str](), Counter[str](), Counter[str]()
    for number, one in enumerate(labelled, start=1):
        asked[one.noise] += 1
        person = named.get(number)
        if person is not None:
            (right if person == one.resident.resident_record_code else wrong)[one.noise] += 1
    recorded = [name for name, noise in _KINDS.items() if noise.is_recorded]
    figures = [
        _share("batch.items.recall", _sum(right, recorded) / max(1, _sum(asked, recorded))),
        _share("batch.items.precision", right.total() / max(1, right.total() + wrong.total())),
    ]
    for name in _KINDS:
        figures.append(_share(f"batch.items.recall.{name}", right[name] / max(1, asked[name])))
        figures.append(_share(f"batch.items.wrong.{name}", wrong[name] / max(1, asked[name])))
    return figures


def _sum(counts: Counter[str], names: Sequence[str]) -> int:
    return sum(counts[name] for name in names)


def _share(name: str, value: float) -> Figure:
    return Figure(bench=name, value=round(value, 5), unit="share")
