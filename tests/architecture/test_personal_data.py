"""Personal data hides itself: what holds it does not show it when printed (style: logs, errors and traces)."""

from __future__ import annotations

import ast
import re
from typing import Final

import pytest

from tests.architecture.source_tree import Function, SourceModule, offences, planted

#: An item with one of these names is a person's, wherever it stands.
PERSONAL: Final = frozenset(
    {
        "alias",
        "birth_date",
        "former_surname",
        "individual_number",
        "previous_resident_record_code",
        "resident_record_code",
    }
)
#: Beside one of those, these are a person's too.
PERSONAL_IN_COMPANY: Final = PERSONAL | {"address", "kana", "name", "postal_code", "sex"}
#: Types that mask their own repr.
MASKED_TYPES: Final = re.compile(r"\b(ResidentRecordCode|IndividualNumber|IdentificationInformation)\b")
_LOG_METHODS: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical", "bind"})


def _hides_field(statement: ast.AnnAssign) -> bool:
    value = statement.value
    if isinstance(value, ast.Call):
        return any(
            keyword.arg == "repr" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            for keyword in value.keywords
        )
    return bool(MASKED_TYPES.search(ast.unparse(statement.annotation)))


def _hides_itself(node: ast.ClassDef) -> bool:
    written = any(isinstance(item, Function) and item.name == "__repr__" for item in node.body)
    # An annotated `__repr__ = …` or a decorator that leaves the generated one out.
    return written or any("repr=False" in ast.unparse(decorator) for decorator in node.decorator_list)


def shown_items(module: SourceModule) -> list[str]:
    """Find dataclasses and structs whose repr would show an item of a person."""
    found: list[str] = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ClassDef) or _hides_itself(node):
            continue
        is_data = any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
        if not is_data and not any(
            ast.unparse(base).rsplit(".", 1)[-1] in {"Struct", "NamedTuple"} for base in node.bases
        ):
            continue
        items = [item for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
        names = {item.target.id for item in items if isinstance(item.target, ast.Name)}
        personal = PERSONAL_IN_COMPANY if names & PERSONAL else frozenset[str]()
        found += [
            f"line {item.lineno}: {node.name} shows {item.target.id} when printed"
            for item in items
            if isinstance(item.target, ast.Name) and item.target.id in personal and not _hides_field(item)
        ]
    return found


def logged_items(module: SourceModule) -> list[str]:
    """Find log calls that are given an item of a person, or a text put together on the spot."""
    found: list[str] = []
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        receiver = ast.unparse(node.func.value).split(".")[-1].strip("_")
        if node.func.attr not in _LOG_METHODS or receiver not in {"log", "logger"}:
            continue
        found += [f"line {node.lineno}: logs {k.arg}" for k in node.keywords if k.arg in PERSONAL_IN_COMPANY - {"name"}]
        found += [f"line {node.lineno}: logs an assembled text" for a in node.args if not isinstance(a, ast.Constant)]
    return found


def test_no_data_class_shows_a_person_when_printed() -> None:
    assert offences(shown_items) == []


def test_no_log_line_is_given_an_item_of_a_person() -> None:
    assert offences(logged_items) == []


@pytest.mark.parametrize(
    "text",
    [
        "@dataclass(frozen=True)\nclass A:\n    alias: str",
        "@dataclass\nclass A:\n    alias: str = field(repr=False)\n    kana: str",
        "class A(msgspec.Struct, frozen=True):\n    individual_number: str | None = None",
    ],
)
def test_a_class_that_shows_a_person_is_found(text: str) -> None:
    assert shown_items(planted("municipal/records.py", text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "@dataclass(repr=False)\nclass A:\n    alias: str",
        "@dataclass\nclass A:\n    alias: str = field(repr=False)\n    name: str = field(repr=False)",
        "@dataclass\nclass A:\n    resident_record_code: ResidentRecordCode",
        "@dataclass\nclass A:\n    name: str\n    kana: str",
        "class A(msgspec.Struct):\n    alias: str\n    def __repr__(self): return 'A(***)'",
    ],
)
def test_a_class_that_hides_or_holds_no_person_is_let_be(text: str) -> None:
    assert shown_items(planted("municipal/records.py", text)) == []


@pytest.mark.parametrize(
    "text", ['_log.info("found", kana=kana)', 'log.warning(f"lost {code}")', "_log.info(str(error))"]
)
def test_a_logged_person_is_found(text: str) -> None:
    assert logged_items(planted("municipal/jobs.py", text)) != []
    assert logged_items(planted("municipal/jobs.py", '_log.info("found", message_id=message_id)')) == []
