"""The source as data: every module of src/ parsed once, for the architecture tests.

A check is a plain function from one module (or a text) to the offences in it, so that each test can also
plant an offence and see it found.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "src" / "jukinet"
NODE_PACKAGES: Final = ("municipal", "prefectural", "national", "agency")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class SourceModule:
    """One module: where it stands below src/jukinet/, and what it says."""

    place: PurePosixPath
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The first folder below jukinet/, or an empty text for jukinet/__init__.py."""
        return self.place.parts[0] if len(self.place.parts) > 1 else ""

    @property
    def dotted(self) -> str:
        """The name that imports it."""
        parts = ("jukinet", *self.place.with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


Check: TypeAlias = Callable[[SourceModule], list[str]]


def planted(place: str, text: str) -> SourceModule:
    """Return a module that exists only here, to see a check find the offence in it."""
    return SourceModule(place=PurePosixPath(place), text=text, tree=ast.parse(text))


@cache
def source_modules() -> tuple[SourceModule, ...]:
    """Return every module of the package, in the order of their paths."""
    found: list[SourceModule] = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        place = PurePosixPath(path.relative_to(PACKAGE).as_posix())
        found.append(SourceModule(place=place, text=text, tree=ast.parse(text, filename=str(path))))
    return tuple(found)


def offences(check: Check) -> list[str]:
    """Return what the check finds in the whole source."""
    return [f"src/jukinet/{module.place}: {offence}" for module in source_modules() for offence in check(module)]


def functions_of(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method, also nested ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of everything imported; `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{'.' * node.level}{node.module or ''}.{alias.name}"


def docstrings_of(tree: ast.AST) -> set[int]:
    """Return the identity of each constant that only documents: a docstring, or a text standing alone."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def has_decorator(function: Function, name: str) -> bool:
    """Tell whether the function carries the decorator, whatever module it comes from."""
    return any(ast.unparse(decorator).split("(")[0].split(".")[-1] == name for decorator in function.decorator_list)
