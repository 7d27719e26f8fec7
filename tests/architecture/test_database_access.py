"""SQL stands in store modules as whole constants; the driver is known only to those who store."""

from __future__ import annotations

import ast
import re
from typing import Final

import pytest

from tests.architecture.source_tree import (
    PACKAGE,
    SourceModule,
    docstrings_of,
    imports_of,
    offences,
    planted,
)

#: Packages that are about storing, or that measure and operate what is stored.
STORING_PACKAGES: Final = frozenset({"postgres", "delivery", "audit", "bench", "devnet"})
_STATEMENT: Final = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+[\w.]+\s|DELETE\s+FROM\s|WITH\s+\w+\s|COPY\s+[\w.(]|MERGE\s+INTO\s|TRUNCATE\s)"
)
_MIGRATION: Final = re.compile(r"\d{4}_[a-z]+(?:_[a-z0-9]+)+\.sql")


def may_store(module: SourceModule) -> bool:
    """Tell whether SQL may stand here: a storing package, or a module or folder named store."""
    names = module.place.with_suffix("").parts
    return module.package in STORING_PACKAGES or any(name == "store" or name.endswith("_store") for name in names)


def stray_sql(module: SourceModule) -> list[str]:
    if may_store(module):
        return []
    documentation = docstrings_of(module.tree)
    return [
        f"line {node.lineno}: SQL outside a store"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documentation
        and _STATEMENT.match(node.value)
    ]


def assembled_sql(module: SourceModule) -> list[str]:
    """Find SQL put together from pieces, the way injections begin."""
    found: list[str] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr) and node.values and _is_sql(node.values[0]):
            found.append(f"line {node.lineno}: SQL in an f-string")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod) and _is_sql(node.left):
            found.append(f"line {node.lineno}: SQL put together by an operator")
        elif isinstance(node, ast.Attribute) and node.attr in {"format", "replace"} and _is_sql(node.value):
            found.append(f"line {node.lineno}: SQL changed by .{node.attr}()")
    return found


def _is_sql(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_STATEMENT.match(node.value))


def stray_driver(module: SourceModule) -> list[str]:
    if may_store(module):
        return []
    return [
        f"line {line}: imports {name} outside a store"
        for line, name in imports_of(module.tree)
        if name.split(".")[0] in {"psycopg", "psycopg_pool"}
    ]


def starred_columns(module: SourceModule) -> list[str]:
    """Find `*` for a table's columns. For rows whose columns the same statement names, `*` hides nothing."""
    documentation = docstrings_of(module.tree)
    return [
        f"line {node.lineno}: {match.group(0)} hides which columns are read"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
        for match in re.finditer(r"\bSELECT\s+\*\s+FROM\s+(?!unnest\b)\S+|\b(?P<rows>\w+)\.\*", node.value)
        if not (match["rows"] and re.search(rf"\b{match['rows']} AS \(|\bAS {match['rows']} \(", module.text))
    ]


def misnumbered(names: list[str]) -> list[str]:
    """Return what is wrong with the file names of one migrations folder."""
    found = [f"{name}: not NNNN_verb_noun.sql" for name in names if not _MIGRATION.fullmatch(name)]
    numbers = [name[:4] for name in sorted(names)]
    expected = [f"{number:04}" for number in range(1, len(names) + 1)]
    if numbers != expected:
        found.append(f"numbers are {numbers}, not {expected}")
    return found


def migration_folders() -> dict[str, list[str]]:
    folders = sorted({path.parent for path in PACKAGE.rglob("migrations/*.sql")})
    return {
        folder.relative_to(PACKAGE).as_posix(): sorted(path.name for path in folder.glob("*.sql")) for folder in folders
    }


def test_sql_stands_in_stores_only() -> None:
    assert offences(stray_sql) == []


def test_sql_is_never_put_together_from_pieces() -> None:
    assert offences(assembled_sql) == []


def test_every_column_that_is_read_is_named() -> None:
    assert offences(starred_columns) == []


def test_only_stores_know_the_driver() -> None:
    assert offences(stray_driver) == []


def test_migrations_are_numbered_without_gaps() -> None:
    folders = migration_folders()

    assert {"audit/migrations", "delivery/migrations"} <= folders.keys()
    assert {folder: wrong for folder, names in folders.items() if (wrong := misnumbered(names))} == {}


def uncommented_tables(text: str) -> list[str]:
    """Return the tables and schemas of a migration that have no comment in Japanese."""
    sql = re.sub(r"--[^\n]*", "", text)
    made = re.findall(r"(?i)\bCREATE\s+(?:UNLOGGED\s+)?(TABLE|SCHEMA)\s+(?:IF NOT EXISTS\s+)?([\w.]+)", sql)
    told = {
        (kind.upper(), name)
        for kind, name, comment in re.findall(r"(?i)\bCOMMENT\s+ON\s+(TABLE|SCHEMA)\s+([\w.]+)\s+IS\s+'([^']*)'", sql)
        if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", comment)
    }
    return [f"{kind.lower()} {name}" for kind, name in made if (kind.upper(), name) not in told]


def test_every_table_says_in_japanese_what_it_holds() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): missing
        for path in sorted(PACKAGE.rglob("migrations/*.sql"))
        if (missing := uncommented_tables(path.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_a_table_without_a_japanese_comment_is_found() -> None:
    made = "CREATE TABLE a.b (c text);\n"

    assert uncommented_tables(made) == ["table a.b"]
    assert uncommented_tables(made + "COMMENT ON TABLE a.b IS 'things';") == ["table a.b"]
    assert uncommented_tables(made + "-- COMMENT ON TABLE a.b IS '物';") == ["table a.b"]
    assert uncommented_tables(made + "COMMENT ON TABLE a.b IS '物';") == []


def test_no_migration_creates_a_role() -> None:
    creating = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("migrations/*.sql")
        if re.search(r"(?im)^\s*CREATE\s+(ROLE|USER|DATABASE|EXTENSION)\b", path.read_text(encoding="utf-8"))
    ]

    assert creating == [], "roles belong to the cluster, not to a database (CONTRIBUTING.md)"


@pytest.mark.parametrize(
    "text",
    ['Q = "SELECT name FROM register.resident"', 'Q = """\n  INSERT INTO a (b)\n"""', 'Q = "COPY a.b (c) FROM STDIN"'],
)
def test_stray_sql_is_found(text: str) -> None:
    assert stray_sql(planted("national/usecases/provide.py", text)) != []
    assert stray_sql(planted("national/store.py", text)) == []
    assert stray_sql(planted("national/store/use_log.py", text)) == []


def test_words_that_only_look_like_sql_are_let_be() -> None:
    text = '"""WITH care this SELECT s."""\nLABEL = "Select a resident"\nTITLE = "UPDATE"'

    assert stray_sql(planted("national/web/search.py", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        'q = f"SELECT name FROM {table}"',
        "q = \"SELECT name FROM t WHERE n = '%s'\" % name",
        'q = "DELETE FROM t WHERE n = " + name',
        'q = "UPDATE t SET a = {}".format(name)',
    ],
)
def test_assembled_sql_is_found_even_in_a_store(text: str) -> None:
    assert assembled_sql(planted("national/store.py", text)) != []


def test_a_starred_column_is_found() -> None:
    assert starred_columns(planted("national/store.py", 'Q = "SELECT * FROM t"')) != []
    assert starred_columns(planted("national/store.py", 'Q = "SELECT t.* FROM t"')) != []
    assert starred_columns(planted("national/store.py", 'Q = "SELECT * FROM unnest(%(a)s) AS u (a)"')) == []
    assert starred_columns(planted("national/store.py", 'Q = "SELECT count(*) FROM t"')) == []


def test_a_driver_in_a_use_case_is_found() -> None:
    text = "from psycopg import AsyncConnection"

    assert stray_driver(planted("agency/usecases/confirm.py", text)) != []
    assert stray_driver(planted("delivery/outbox.py", text)) == []


@pytest.mark.parametrize(
    "names",
    [
        ["0001_create_register.sql", "0003_add_table.sql"],
        ["0002_create_register.sql"],
        ["0001.sql"],
        ["1_add_x.sql"],
    ],
)
def test_a_misnumbered_migration_is_found(names: list[str]) -> None:
    assert misnumbered(names) != []
