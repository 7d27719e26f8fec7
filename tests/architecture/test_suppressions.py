"""A suppressed check says which one and why."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.architecture.source_tree import ROOT

_SUPPRESSION: Final = re.compile(r"#\s*(noqa|type:\s*ignore|pyright:\s*ignore)(?P<rest>[^\n]*)")
_CODES: Final = r"\s*:\s*[A-Z]+\d+(?:, ?[A-Z]+\d+)*|\[[\w-]+(?:, ?[\w-]+)*\]"
#: The codes, then after a dash or a new comment at least two words.
_REASONED: Final = re.compile(rf"(?P<codes>{_CODES})\s*(?P<reason>[-–#]\s*(?:likewise|\S+ \S+))?")
#: A run of the same suppression, at most this many lines apart, needs its reason once.
_RUN: Final = 2


def unreasoned(text: str) -> list[int]:
    """Return the lines with a suppression that lacks its code or its reason."""
    found: list[int] = []
    good: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        suppression = _SUPPRESSION.search(line)
        if suppression is None:
            continue
        parts = _REASONED.match(suppression["rest"])
        if parts and (parts["reason"] or number - good.get(parts["codes"], -_RUN - 1) <= _RUN):
            good[parts["codes"]] = number
        else:
            found.append(number)
    return found


def test_every_suppression_has_a_code_and_a_reason() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("src", "tests", "tools")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name != "test_suppressions.py"
        for line in unreasoned(path.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize(
    "line", ["x = 1  # noqa", "x = 1  # noqa: S105", "x = 1  # type: ignore[arg-type]", "x  # type: ignore"]
)
def test_a_suppression_without_a_reason_is_found(line: str) -> None:
    assert unreasoned(line) == [1]


@pytest.mark.parametrize(
    "line",
    ["x = 1  # noqa: S105 - a test opens nothing", "x = 1  # type: ignore[arg-type]  # the stub is wrong", "x = 1"],
)
def test_a_suppression_with_its_reason_is_let_be(line: str) -> None:
    assert unreasoned(line) == []


def test_a_run_of_the_same_suppression_needs_its_reason_once() -> None:
    assert unreasoned("a  # noqa: D102 - see above\n\nb  # noqa: D102\n\nc  # noqa: D102") == []
    assert unreasoned("a  # noqa: D102 - see above\n\n\n\nb  # noqa: D102") == [5]
    assert unreasoned("a  # noqa: D102 - see above\nb  # noqa: D103") == [2]
