"""Identifiers use the words of docs/glossary.md: what stands there in bold is banned."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest

from tests.architecture.source_tree import PACKAGE, ROOT, SourceModule, offences, planted

GLOSSARY: Final = ROOT / "docs" / "glossary.md"
_HEADING: Final = "| 日本語 | English | identifier | not |"
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(identifier: str) -> tuple[str, ...]:
    """Split `HTTPClient_for2` into `http client for 2`."""
    return tuple(word.lower() for word in _WORD.findall(identifier))


def rows_of(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of every glossary table."""
    inside = False
    for line in text.splitlines():
        if line == _HEADING:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            yield tuple(cell.strip() for cell in line.strip("|").split("|"))


def banned_in(text: str) -> dict[tuple[str, ...], str]:
    """Return what is in bold in the last column, as words, with the identifier to use instead."""
    return {words_of(word): row[2] for row in rows_of(text) for word in re.findall(r"\*\*([a-z_]+)\*\*", row[3])}


@cache
def banned() -> dict[tuple[str, ...], str]:
    return banned_in(GLOSSARY.read_text(encoding="utf-8"))


def offence_in(identifier: str) -> str | None:
    words = words_of(identifier)
    for wrong, right in banned().items():
        if any(words[start : start + len(wrong)] == wrong for start in range(len(words))):
            return f"{identifier}: not {'_'.join(wrong)} but {right} (docs/glossary.md)"
    return None


def named_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every name this code gives (not the names it uses: those may be a library's)."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(value=ast.Name(id="self" | "cls"), ctx=ast.Store()):
                yield node.lineno, node.attr
            case ast.alias(asname=str(name)):
                yield 0, name
            case ast.ExceptHandler(name=str(name)):
                yield node.lineno, name
            case ast.Dict():
                yield from (
                    (node.lineno, key.value)
                    for key in node.keys
                    if isinstance(key, ast.Constant)
                    and isinstance(key.value, str)
                    and re.fullmatch(r"[A-Za-z_]\w*", key.value, re.ASCII)
                )
            case _:
                pass


def wrong_words(module: SourceModule) -> list[str]:
    in_path = [(0, part) for part in module.place.with_suffix("").parts]
    found = [(line, offence_in(name)) for line, name in [*in_path, *named_in(module.tree)]]
    return [f"line {line}: {offence}" for line, offence in found if offence]


def words_in_sql(text: str) -> set[str]:
    """Return every name in a migration, without comments and quoted text."""
    return set(re.findall(r"[A-Za-z_]\w*", re.sub(r"--[^\n]*|'(?:[^']|'')*'|\$\$", " ", text)))


def test_every_row_of_the_glossary_has_its_four_columns() -> None:
    rows = list(rows_of(GLOSSARY.read_text(encoding="utf-8")))

    assert len(rows) > 40
    assert [row for row in rows if len(row) != 4] == []


def test_a_banned_word_is_no_part_of_a_term() -> None:
    rows = list(rows_of(GLOSSARY.read_text(encoding="utf-8")))
    identifiers = [identifier for row in rows for identifier in re.findall(r"`([^`/]+)`", row[2])]

    assert [offence for identifier in identifiers if (offence := offence_in(identifier))] == []


def test_identifiers_use_the_words_of_the_glossary() -> None:
    assert offences(wrong_words) == []


def test_identifiers_are_ascii() -> None:
    def foreign(module: SourceModule) -> list[str]:
        return [f"line {line}: {name}" for line, name in named_in(module.tree) if not name.isascii()]

    assert offences(foreign) == []
    assert foreign(planted("domain/kana.py", "氏名 = 1")) != []


def test_tables_and_columns_use_the_words_of_the_glossary() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): wrong
        for path in sorted(PACKAGE.rglob("*.sql"))
        if (wrong := [o for name in sorted(words_in_sql(path.read_text(encoding="utf-8"))) if (o := offence_in(name))])
    }

    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "class MyNumber: ...",
        "def find(*, juminhyo: str) -> None: ...",
        "self.rrc = 1",
        "for cs in servers: ...",
        "import server as hub",
        "body = {'my_number': 1}",
        "def issue_resident_card() -> None: ...",
        "HONSEKI = 1",
    ],
)
def test_a_banned_word_is_found(text: str) -> None:
    assert wrong_words(planted("municipal/store.py", text)) != []


def test_a_banned_file_name_is_found() -> None:
    assert wrong_words(planted("national/jpki.py", "")) != []


def test_a_banned_column_is_found_and_comments_are_not() -> None:
    names = words_in_sql("CREATE TABLE a (dob date); -- not addr\nCOMMENT ON COLUMN a.dob IS 'juminhyo';")

    assert {name for name in names if offence_in(name)} == {"dob"}


@pytest.mark.parametrize(
    "name", ["ResidentRecordCode", "process", "user", "number", "card_holder_resident", "csv_path"]
)
def test_an_innocent_word_is_let_be(name: str) -> None:
    assert offence_in(name) is None


def test_names_are_split_into_their_words() -> None:
    assert words_of("HTTPClient_for2Cards") == ("http", "client", "for", "2", "cards")
