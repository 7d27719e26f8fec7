"""A use case is one act in one module: everything by keyword, nothing of the web, no clock of its own."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source_tree import (
    NODE_PACKAGES,
    PACKAGE,
    Function,
    SourceModule,
    imports_of,
    offences,
    planted,
)


def wrong_use_cases(module: SourceModule) -> list[str]:
    if "usecases" not in module.place.parts or module.place.name == "__init__.py":
        return []
    found = [
        f"line {line}: imports {name}: a use case knows nothing of the web"
        for line, name in imports_of(module.tree)
        if name.split(".")[0] in {"litestar", "starlette", "uvicorn", "jinja2"} or ".web." in f"{name}."
    ]
    public = [
        node for node in module.tree.body if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
    ]
    if not public:
        found.append("holds no use case")
    return found + [
        f"line {node.lineno}: {node.name} takes positional arguments"
        for node in public
        # Plain functions are rules, not acts.
        if isinstance(node, ast.AsyncFunctionDef) and _takes_positions(node)
    ]


def _takes_positions(function: ast.AsyncFunctionDef) -> bool:
    # The open transaction of the act may come first: a step of several use cases takes `unit` that way.
    return [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)] not in ([], ["unit"])


def missing_files(present: dict[str, set[str]]) -> list[str]:
    """Return what a node package lacks of the files that every node has."""
    return [
        f"{node} has no {name}"
        for node, names in present.items()
        for name in ("app.py", "endpoints.py", "usecases")
        if name not in names
    ]


def test_use_cases_take_everything_by_keyword_and_know_no_web() -> None:
    assert offences(wrong_use_cases) == []


def test_every_node_has_the_same_files() -> None:
    present = {node: {path.name for path in (PACKAGE / node).iterdir()} for node in NODE_PACKAGES}

    assert missing_files(present) == []


@pytest.mark.parametrize(
    "text",
    ["async def record_birth(resident): ...", "from litestar import Request\ndef a(*, b): ...", "def _private(): ..."],
)
def test_a_wrong_use_case_is_found(text: str) -> None:
    assert wrong_use_cases(planted("municipal/usecases/record_birth.py", text)) != []
    assert wrong_use_cases(planted("municipal/usecases/record_birth.py", "async def record_birth(*, a): ...")) == []


def test_a_missing_file_is_found() -> None:
    assert missing_files({"agency": {"app.py", "usecases"}}) == ["agency has no endpoints.py"]
