"""Rules of law: an id, the article that makes it, and the decorator that says which function enforces it.

Articles are cited per era because the numbers moved when the Individual Number came into force on
2015-10-05 (see docs/eras.md). `tests/architecture` fails when a rule has no enforcer or no test.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final, NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Citation(NamedTuple):
    """Where a rule is written: the article before and from 2015-10-05, and one Japanese sentence."""

    until_2015: str
    from_2015: str
    sentence: str


class Rule(Enum):
    """A rule of law that some function enforces."""

    CLOSED_DATA = Citation(
        "Act (–2015) art. 30-5(1)",
        "Act (2015–) art. 30-6(1)",
        "都道府県知事に通知するのは本人確認情報だけである。",
    )
    CHANGE_REASON_IS_LISTED = Citation(
        "Regulation (–2015) art. 11",
        "Regulation (2015–) art. 11",
        "変更の事由は省令に定めるものに限る。",
    )
    CODE_FORMAT = Citation(
        "Regulation (–2015) art. 1",
        "Regulation (2015–) art. 1",
        "住民票コードは無作為の十桁の数字と一桁の検査数字からなる。",
    )
    NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED = Citation(
        "Act (–2015) art. 30-2(2)",
        "Act (2015–) art. 30-3(2)",
        "いずれの市町村でも住民票に記載されたことのない者には、新たな住民票コードを記載する。",
    )
    PREVIOUS_CODE_WITH_CODE_CHANGE = Citation(
        "Order (–2015) art. 30-5(iv)",
        "Order (2015–) art. 30-5(iv)",
        "住民票コードの記載の修正を通知するときは、修正前の住民票コードをあわせて通知する。",
    )
    FIRST_NOTICE_IS_AN_ENTRY = Citation(
        "Act (–2015) art. 30-5(1)",
        "Act (2015–) art. 30-6(1)",
        "消除と修正の通知は、記載の通知があった者についてだけすることができる。",
    )
    PROVISION_ONLY_FOR_LISTED_AFFAIR = Citation(
        "Act (–2015) art. 30-7(3)",
        "Act (2015–) art. 30-9",
        "本人確認情報は、別表に掲げる機関に、別表に掲げる事務のためにだけ提供する。",
    )
    INDIVIDUAL_NUMBER_FROM_2015 = Citation(
        "—",
        "Act (2015–) art. 7(viii-2)",
        "個人番号は平成二十七年十月五日から住民票の記載事項である。",
    )
    NOTIFICATION_AFTER_THE_FACT = Citation(
        "Act (–2015) art. 22–25; Order (–2015) art. 12",
        "Act (2015–) art. 22–25; Order (2015–) art. 12",
        "届出は、異動があった日以後、その日までの事実についてする（転出を除く）。",
    )
    CHANGE_AFTER_BIRTH = Citation(
        "Act (–2015) art. 7(ii), 14",
        "Act (2015–) art. 7(ii), 14",
        "出生の年月日より前の異動を記載することはできない。",
    )
    FORMER_SURNAME_FROM_2019 = Citation(
        "—",
        "Order (2015–) art. 30-13",
        "旧氏は令和元年十一月五日から住民票の記載事項である。",
    )
    ALIAS_FROM_2012 = Citation(
        "Order (–2015) art. 30-26",
        "Order (2015–) art. 30-16",
        "外国人住民の通称は平成二十四年七月九日から住民票の記載事項である。",
    )
    RECORD_BEFORE_ANSWER = Citation(
        "Act (–2015) art. 30-29",
        "Act (2015–) art. 30-24",
        "提供の記録が残ってから本人確認情報を渡す。",
    )


_enforcers: Final[dict[Rule, list[str]]] = {rule: [] for rule in Rule}


def enforces(rule: Rule) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Note that the decorated function enforces `rule`; the function itself is returned unchanged."""

    def note(function: Callable[P, R]) -> Callable[P, R]:
        _enforcers[rule].append(f"{function.__module__}.{function.__qualname__}")
        return function

    return note


def enforcers_of(rule: Rule) -> tuple[str, ...]:
    """Return the dotted names of the functions that enforce `rule`, in the order they were imported."""
    return tuple(_enforcers[rule])
