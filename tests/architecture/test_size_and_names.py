from __future__ import annotations

import ast
from typing import Final

import pytest

from tests.architecture.source_tree import ROOT, SourceModule, functions_of, has_decorator, offences, planted

LONGEST_MODULE: Final = 400
LONGEST_FUNCTION: Final = 40
#: A catalogue is one list in one place, however long it grows.
CATALOGUES: Final = frozenset({"domain/errors.py"})
VAGUE_VERBS: Final = frozenset({"get", "process", "handle", "manage"})
VAGUE_MODULES: Final = frozenset({"common", "helper", "helpers", "misc", "util", "utils"})
VAGUE_CLASS_ENDINGS: Final = ("Manager", "Helper", "Util", "Utils", "Handler", "Processor")


def too_long(module: SourceModule) -> list[str]:
    found: list[str] = []
    length = len(module.text.splitlines())
    if length > LONGEST_MODULE and module.place.as_posix() not in CATALOGUES:
        found.append(f"{length} lines, more than {LONGEST_MODULE}: split it by what its parts are about")
    for function in functions_of(module.tree):
        first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
        length = (function.end_lineno or first) - first + 1
        if length > LONGEST_FUNCTION:
            found.append(f"{function.name} has {length} lines, more than {LONGEST_FUNCTION}")
    return found


def vague_names(module: SourceModule) -> list[str]:
    found = [f"a part of the path named {part}" for part in module.place.with_suffix("").parts if part in VAGUE_MODULES]
    found += [
        f"line {node.lineno}: class {node.name} says nothing about what it is"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(VAGUE_CLASS_ENDINGS)
    ]
    for function in functions_of(module.tree):
        verb = function.name.lstrip("_").split("_")[0]
        # A library's own method keeps the library's name, and says so with @override.
        if verb in VAGUE_VERBS and not has_decorator(function, "override"):
            found.append(f"line {function.lineno}: {function.name}: say what it does instead of {verb}")
    return found


def test_modules_and_functions_stay_short() -> None:
    assert offences(too_long) == []


def test_names_say_what_a_thing_does() -> None:
    assert offences(vague_names) == []


def test_an_overlong_module_is_found() -> None:
    assert too_long(planted("domain/long.py", "x = 1\n" * 401)) != []
    assert too_long(planted("domain/long.py", "x = 1\n" * 400)) == []


def test_an_overlong_function_is_found() -> None:
    def source(lines: int) -> str:
        return "class Thing:\n    def grow(self) -> None:\n" + "        pass\n" * (lines - 1)

    assert too_long(planted("domain/long.py", source(41))) == ["grow has 41 lines, more than 40"]
    assert too_long(planted("domain/long.py", source(40))) == []


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("utils.py", ""),
        ("municipal/helpers/text.py", ""),
        ("domain/codes.py", "def get_code(): ..."),
        ("domain/codes.py", "class A:\n    async def _process_code(self): ..."),
        ("domain/codes.py", "class CodeManager: ..."),
    ],
)
def test_a_vague_name_is_found(place: str, text: str) -> None:
    assert vague_names(planted(place, text)) != []


def test_a_method_that_a_library_names_is_let_be() -> None:
    text = "class A(Protocol):\n    @override\n    def handle_event(self): ..."

    assert vague_names(planted("transport/server.py", text)) == []


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}

    assert [str(folder.relative_to(ROOT)) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
