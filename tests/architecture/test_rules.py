"""Every rule of law has a function that enforces it and a test that shows it."""

from __future__ import annotations

import ast
import importlib
from typing import Final

from jukinet.domain.rules import Rule, enforcers_of
from tests.architecture.source_tree import NODE_PACKAGES, ROOT, source_modules

_LAW_AND_NODES: Final = frozenset({"domain", *NODE_PACKAGES})


def rules_shown_in(tree: ast.AST) -> set[str]:
    """Return the names of the rules in the `pytest.mark.rule(Rule.…)` decorators of tests."""
    shown: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.rule":
                shown.update(
                    argument.attr
                    for argument in decorator.args
                    if isinstance(argument, ast.Attribute) and ast.unparse(argument.value) == "Rule"
                )
    return shown


def unenforced(enforcers: dict[str, tuple[str, ...]]) -> list[str]:
    return sorted(rule for rule, functions in enforcers.items() if not functions)


def test_every_rule_has_an_enforcer() -> None:
    for module in source_modules():
        if module.package in _LAW_AND_NODES:
            importlib.import_module(module.dotted)

    assert unenforced({rule.name: enforcers_of(rule) for rule in Rule}) == []


def test_every_rule_is_shown_by_a_test() -> None:
    shown: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        shown |= rules_shown_in(ast.parse(path.read_text(encoding="utf-8")))

    assert sorted({rule.name for rule in Rule} - shown) == []
    assert sorted(shown - {rule.name for rule in Rule}) == []


def test_a_rule_is_cited_for_both_eras_and_in_japanese() -> None:
    for rule in Rule:
        assert rule.value.until_2015.startswith(("Act (–2015) ", "Order (–2015) ", "Regulation (–2015) ", "—")), rule
        assert rule.value.from_2015.startswith(("Act (2015–) ", "Order (2015–) ", "Regulation (2015–) ", "—")), rule
        assert rule.value.sentence.endswith("。"), rule


def test_a_rule_without_an_enforcer_is_found() -> None:
    assert unenforced({"CODE_FORMAT": ("jukinet.domain.parse",), "CLOSED_DATA": ()}) == ["CLOSED_DATA"]


def test_only_a_mark_on_a_test_shows_a_rule() -> None:
    marked = "@pytest.mark.rule(Rule.CODE_FORMAT)\ndef {name}(): ..."

    assert rules_shown_in(ast.parse(marked.format(name="test_a"))) == {"CODE_FORMAT"}
    assert rules_shown_in(ast.parse(marked.format(name="helper"))) == set()
    assert rules_shown_in(ast.parse("# pytest.mark.rule(Rule.CODE_FORMAT)\ndef test_a(): ...")) == set()
