"""Error codes are promises to peers: unique, committed to a list, and never given to another meaning."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from jukinet.domain import errors
from tests.architecture.source_tree import SourceModule, offences, planted, source_modules
from tests.architecture.test_database_access import may_store

COMMITTED: Final = Path(__file__).with_name("error_codes.txt")


def committed_codes() -> list[str]:
    return [line for line in COMMITTED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def broken_promises(*, committed: list[str], current: list[str], retired: frozenset[str]) -> list[str]:
    """Return how the codes in the code differ from the codes once published."""
    found = [f"{code} is given to two errors" for code in sorted({code for code in current if current.count(code) > 1})]
    found += [f"{code} is retired and in use" for code in sorted(retired.intersection(current))]
    found += [
        f"{code} was published and is gone: put it into RETIRED_CODES"
        for code in committed
        if code not in current and code not in retired
    ]
    found += [f"{code} is new: add it to error_codes.txt" for code in sorted({*current, *retired} - {*committed})]
    return found


def test_codes_are_unique_and_as_published() -> None:
    current = [error.code for error in errors.error_classes()]

    assert broken_promises(committed=committed_codes(), current=current, retired=errors.RETIRED_CODES) == []


def test_the_published_list_is_sorted_and_has_no_doubles() -> None:
    codes = committed_codes()

    assert codes == sorted(set(codes))


def test_every_error_has_its_own_code_below_its_family_and_says_what_is_wrong() -> None:
    for error in errors.error_classes():
        assert "code" in vars(error), f"{error.__name__} inherits its code"
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", error.code), error.code
        assert (error.__doc__ or "").strip().endswith("."), f"{error.__name__} has no sentence"
        family = error.__mro__[1]
        if issubclass(family, errors.JukinetError) and family is not errors.JukinetError:
            assert error.code.startswith(f"{family.code}."), f"{error.code} is not below {family.code}"


def test_the_drawing_names_the_families() -> None:
    drawn = re.findall(r"[├└]── (\w+)", errors.__doc__ or "")

    assert drawn == [family.__name__ for family in errors.JukinetError.__subclasses__()]


def leaked_causes(module: SourceModule) -> list[str]:
    """Find database errors quoted in a message: PostgreSQL's text holds the value that offended."""
    if not may_store(module) or "psycopg" not in module.text:
        return []
    return [
        f"line {module.text[: match.start()].count(chr(10)) + 1}: {match.group(0)} may hold personal data"
        for match in re.finditer(
            r"\bstr\((error|exc|exception|cause)\)|\{(error|exc|exception|cause)[!:}]|\.message_(detail|primary)\b",
            module.text,
        )
    ]


def test_no_message_quotes_what_the_database_said() -> None:
    assert offences(leaked_causes) == []


def test_every_refusal_that_is_raised_is_of_the_tree_or_of_the_language() -> None:
    ours = {error.__name__ for error in errors.error_classes()}
    strangers = [
        f"{module.place}: class {match.group(1)}"
        for module in source_modules()
        for match in re.finditer(r"(?m)^class (\w+)\((?:Exception|[A-Za-z]*Error)\):(?!.*# noqa: N818 - )", module.text)
        # What the client of an organ's own system raises is of that system's side, and crosses no wire.
        if match.group(1) not in ours and module.place.parts[0] != "client"
    ]

    assert strangers == []


def test_a_broken_promise_is_found() -> None:
    nothing: frozenset[str] = frozenset()

    assert broken_promises(committed=["a"], current=["a", "a"], retired=nothing) != []
    assert broken_promises(committed=["a", "b"], current=["a"], retired=nothing) != []
    assert broken_promises(committed=["a"], current=["a", "b"], retired=nothing) != []
    assert broken_promises(committed=["a", "b"], current=["a", "b"], retired=frozenset({"b"})) != []
    assert broken_promises(committed=["a", "b"], current=["a"], retired=frozenset({"b"})) == []


def test_a_quoted_database_error_is_found() -> None:
    assert leaked_causes(planted("national/store.py", "import psycopg\nraise Duplicate(str(error))")) != []
    assert leaked_causes(planted("national/store.py", 'import psycopg\nraise Duplicate(f"again: {error}")')) != []
