"""Every procedure of the law has a use case and a test; what is still missing is listed here and can only shrink."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from typing import Final

from jukinet.domain.procedures import Procedure
from jukinet.protocol.catalogue import CATALOGUE
from tests.architecture.source_tree import PACKAGE, ROOT

#: STILL MISSING. Who adds a use case or a test takes its line out; no line is ever added.
WITHOUT_USE_CASE: Final[frozenset[str]] = frozenset()
#: STILL MISSING, likewise.
WITHOUT_TEST: Final[frozenset[str]] = frozenset()
_USE_CASES: Final = PACKAGE / "municipal" / "usecases"
_MARK: Final = re.compile(r"(?m)^(?!\s*#).*pytest\.mark\.procedure\(\"(\w+)\"\)")


def is_performed_by(name: str) -> bool:
    """Return whether there is a module of this name with the asynchronous function of this name."""
    path = _USE_CASES / f"{name}.py"
    if not path.exists():
        return False
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.AsyncFunctionDef) and node.name == name for node in tree.body)


def marks() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    return {value for text in texts for value in _MARK.findall(text)}


def differences(*, missing: Collection[str], listed: Collection[str]) -> list[str]:
    """Return how what is missing differs from what is listed as missing."""
    found = [f"{name} is missing" for name in sorted(set(missing) - set(listed))]
    return found + [f"{name} is there: take it off the list" for name in sorted(set(listed) - set(missing))]


def test_every_procedure_has_a_use_case() -> None:
    names = {procedure.row.use_case for procedure in Procedure}
    missing = {name for name in names if not is_performed_by(name)}

    assert differences(missing=missing, listed=WITHOUT_USE_CASE) == []


def test_every_procedure_has_a_test() -> None:
    missing = {procedure.value for procedure in Procedure} - marks()

    assert differences(missing=missing, listed=WITHOUT_TEST) == []


def test_every_mark_names_a_procedure() -> None:
    # The marks that the tables' own tests plant name what exists too.
    assert marks() <= {procedure.value for procedure in Procedure}


def test_every_message_of_a_procedure_is_in_the_catalogue() -> None:
    assert {message for procedure in Procedure for message in procedure.row.messages} <= CATALOGUE.keys()


def test_what_is_missing_or_listed_in_vain_is_found() -> None:
    assert differences(missing={"a"}, listed={"a"}) == []
    assert differences(missing={"a"}, listed=set()) == ["a is missing"]
    assert differences(missing=set(), listed={"a"}) == ["a is there: take it off the list"]
    assert not is_performed_by("dance")
    assert is_performed_by("record_birth")
