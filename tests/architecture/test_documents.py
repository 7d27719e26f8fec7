"""Documents match the code: what they name exists, what they link resolves, and both READMEs say the same."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from tests.architecture.source_tree import ROOT, SourceModule, offences, planted

DOCUMENTS: Final = tuple(
    sorted(path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")) if ".venv" not in path.parts)
)
#: Only these say what is there now; a decision record may name what it rejected.
BINDING: Final = tuple(ROOT / name for name in ("README.md", "README.ja.md", "ARCHITECTURE.md", "CONTRIBUTING.md"))
_LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"`([^`\n]+)`")
_PATH: Final = re.compile(
    r"(?:\.ci|docs|requirements|src|tests|tools|LICENSES)/[\w./-]*|[A-Z][A-Za-z.]*\.md|Makefile|pyproject\.toml"
)
#: Folders that a run makes.
_MADE_LATER: Final = ("var/", ".venv/")


def code_blocks(text: str) -> list[str]:
    return [body for _, body in _FENCE.findall(text)]


def quoted(text: str) -> list[str]:
    """Return everything in `code` quotes, and each line of the shell blocks."""
    lines = [
        line.split("  #")[0].strip()
        for kind, body in _FENCE.findall(text)
        if kind == "sh"
        for line in body.splitlines()
    ]
    return [*_INLINE.findall(_FENCE.sub("", text)), *lines]


def anchors_of(text: str) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", _FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(document: Path, text: str) -> list[str]:
    found: list[str] = []
    for link in _LINK.findall(text):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        address, _, anchor = link.partition("#")
        target = (document.parent / address).resolve() if address else document
        if not target.exists():
            found.append(link)
        elif anchor and target.suffix == ".md":
            there = text if target == document else target.read_text(encoding="utf-8")
            if anchor not in anchors_of(there):
                found.append(link)
    return found


def missing_paths(text: str) -> list[str]:
    return [
        name
        for name in quoted(text)
        if _PATH.fullmatch(name) and not name.startswith(_MADE_LATER) and not (ROOT / name).exists()
    ]


def make_targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))


def missing_targets(text: str, *, targets: set[str]) -> list[str]:
    named = [match.group(1) for name in quoted(text) if (match := re.match(r"make ([a-z]+)\b", name))]
    return [name for name in named if name not in targets]


@dataclass(frozen=True)
class Command:
    """One command of the program: the options it knows and the commands below it."""

    options: frozenset[str] = frozenset()
    commands: Mapping[str, Command] = field(default_factory=dict)


def command_line() -> Command:
    """Return the program's commands; imported here, for the other checks need only the files."""

    def read(command: Any) -> Command:  # noqa: ANN401 - typer carries its own copy of click's classes
        options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        below = {name: read(child) for name, child in getattr(command, "commands", {}).items()}
        return Command(options=frozenset({"--help", *options}), commands=below)

    return read(typer.main.get_command(importlib.import_module("jukinet.cli.main").app))


def missing_commands(text: str, *, program: Command) -> list[str]:
    """Return the `jukinet …` commands whose words or options the program does not know."""
    found: list[str] = []
    for name in quoted(text):
        words = name.removeprefix(".venv/bin/").split()
        if words[:1] != ["jukinet"]:
            continue
        current = program
        for word in words[1:]:
            if word.startswith("--"):
                known = word.split("=")[0] in current.options
            elif current.commands:
                known = word in current.commands
                current = current.commands.get(word, current)
            else:
                known = True  # an argument, or the value of an option
            if not known:
                found.append(name)
                break
    return found


def misnumbered_decisions(files: dict[str, str]) -> list[str]:
    """Return the decision records whose number, title or parts are wrong; `files` maps names to texts."""
    found: list[str] = []
    for number, (name, text) in enumerate(sorted(files.items()), start=1):
        title = text.splitlines()[0] if text else ""
        slug = re.sub(r"[^a-z0-9]+", "-", title.partition(". ")[2].lower()).strip("-")
        if not name.startswith(f"{number:04}-"):
            found.append(f"{name} should have number {number:04}")
        if title.partition(".")[0] != f"# {number}" or name != f"{number:04}-{slug}.md":
            found.append(f"{name} is titled {title!r}")
        found += [
            f"{name} has no part {part}"
            for part in ("Status", "Context", "Decision", "Consequences")
            if f"\n## {part}\n" not in text
        ]
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_resolves(document: Path) -> None:
    assert broken_links(document, document.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("document", BINDING, ids=lambda path: path.name)
def test_every_path_and_target_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    assert missing_paths(text) == []
    assert missing_targets(text, targets=make_targets()) == []


@pytest.mark.parametrize("document", BINDING, ids=lambda path: path.name)
def test_every_command_a_document_names_exists(document: Path) -> None:
    assert missing_commands(document.read_text(encoding="utf-8"), program=command_line()) == []


def test_both_readmes_hold_the_same_code() -> None:
    english = (ROOT / "README.md").read_text(encoding="utf-8")
    japanese = (ROOT / "README.ja.md").read_text(encoding="utf-8")

    assert code_blocks(english)
    assert code_blocks(english) == code_blocks(japanese)
    assert english.count("\n## ") == japanese.count("\n## ")


def test_decision_records_are_numbered_without_gaps_and_titled_as_their_files() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}

    assert files
    assert misnumbered_decisions(files) == []


def test_every_document_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    listed = {(ROOT / "docs" / link.partition("#")[0]).resolve() for link in _LINK.findall(index)}

    assert [str(path.relative_to(ROOT)) for path in DOCUMENTS if path not in listed and path.name != "README.md"] == []


def test_the_machine_that_integrates_runs_make_test() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "set -euo pipefail" in script
    assert "make test" in script
    assert "test" in make_targets()


def test_offences_in_a_document_are_found() -> None:
    document = ROOT / "README.md"

    assert broken_links(document, "see [this](docs/nowhere.md)") == ["docs/nowhere.md"]
    assert broken_links(document, "# A b\nsee [this](#a-b) and [that](#c)") == ["#c"]
    assert missing_paths("read `docs/nowhere.md` and `docs/glossary.md`") == ["docs/nowhere.md"]
    assert missing_targets("run `make magic`", targets={"test"}) == ["magic"]
    assert missing_targets("```sh\nmake magic  # do\n```\n", targets={"test"}) == ["magic"]


def test_an_unknown_command_or_option_is_found() -> None:
    program = Command(commands={"db": Command(commands={"migrate": Command(options=frozenset({"--help"}))})})

    assert missing_commands("`jukinet db migrate --help`", program=program) == []
    assert missing_commands("`jukinet db destroy`", program=program) == ["jukinet db destroy"]
    assert missing_commands("`jukinet db migrate --force`", program=program) == ["jukinet db migrate --force"]


def test_a_misnumbered_decision_is_found() -> None:
    text = "# 1. One program\n\n## Status\n\n## Context\n\n## Decision\n\n## Consequences\n"

    assert misnumbered_decisions({"0001-one-program.md": text}) == []
    assert misnumbered_decisions({"0002-one-program.md": text}) != []
    assert misnumbered_decisions({"0001-another.md": text}) != []
    assert misnumbered_decisions({"0001-one-program.md": "# 1. One program\n"}) != []


def unshown_invariants(text: str) -> list[str]:
    """Return the invariants that are neither shown by a test nor marked as *later*, or wrongly both."""
    listed = dict(re.findall(r"(?m)^\| (I\d+) \| \*\*.* \|(.*)\|$", text))
    shown = set(re.findall(r"(?m)^\| (I\d+) \| `tests/", text))
    found = [f"{name} is not listed" for name in sorted(shown - listed.keys())]
    found += [
        f"{name} is shown by no test" for name, note in listed.items() if "*later*" not in note and name not in shown
    ]
    found += [
        f"{name} is called later and is shown" for name, note in listed.items() if "*later*" in note and name in shown
    ]
    return found


def test_every_invariant_is_shown_by_a_test_or_called_later() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    assert re.findall(r"(?m)^\| (I\d+) \| \*\*", text) == [f"I{number}" for number in range(1, 13)]
    assert unshown_invariants(text) == []


def test_an_invariant_that_nothing_shows_is_found() -> None:
    listed = "| I1 | **Closed.** x | |\n| I2 | **Later.** x | *later* |\n"

    assert unshown_invariants(listed) == ["I1 is shown by no test"]
    assert unshown_invariants(listed + "| I1 | `tests/a.py` |\n") == []
    assert unshown_invariants(listed + "| I1 | `tests/a.py` |\n| I3 | `tests/a.py` |\n") == ["I3 is not listed"]
    assert unshown_invariants(listed + "| I1 | `tests/a.py` |\n| I2 | `tests/a.py` |\n") != []


def test_the_tables_say_what_the_code_says() -> None:
    result = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "tables.py"), "--check"], capture_output=True, text=True, check=False
    )

    assert result.stdout == "", "stale: run `make tables`"
    assert result.returncode == 0, result.stderr


def missing_references(module: SourceModule) -> list[str]:
    """Return the documents that a comment or docstring sends the reader to in vain."""
    return [
        f"sends the reader to {name}"
        for name in re.findall(r"docs/[\w/-]+(?:\.md)?", module.text)
        if not (ROOT / name).exists() and not list((ROOT / "docs").glob(f"{name.removeprefix('docs/')}-*.md"))
    ]


def test_every_document_the_source_refers_to_exists() -> None:
    assert offences(missing_references) == []
    assert missing_references(planted("domain/a.py", "# see docs/nowhere.md")) != []
    assert missing_references(planted("domain/a.py", "# see docs/adr/0004 and docs/glossary.md")) == []


def unattributed(*, files: set[str], notice: str, licences: set[str]) -> list[str]:
    """Return the data files the notice does not name, and the licences it names without their text."""
    found = [f"{name} is not in NOTICE" for name in sorted(files) if name not in notice]
    found += [
        f"LICENSES/{name} is missing" for name in sorted(set(re.findall(r"LICENSES/([\w.-]+\.txt)", notice)) - licences)
    ]
    found += [f"LICENSES/{name} is not in NOTICE" for name in sorted(licences) if name not in notice]
    return found


def test_all_bundled_data_are_attributed_and_their_licences_are_here() -> None:
    data = {path.name for path in (ROOT / "src" / "jukinet").rglob("data/*") if path.is_file() and path.suffix != ".py"}
    licences = {path.name for path in (ROOT / "LICENSES").glob("*")}

    assert data
    assert unattributed(files=data, notice=(ROOT / "NOTICE").read_text(encoding="utf-8"), licences=licences) == []


def test_unattributed_data_are_found() -> None:
    notice = "a.csv: MIT, text in LICENSES/MIT.txt"

    assert unattributed(files={"a.csv"}, notice=notice, licences={"MIT.txt"}) == []
    assert unattributed(files={"b.csv"}, notice=notice, licences={"MIT.txt"}) == ["b.csv is not in NOTICE"]
    assert unattributed(files={"a.csv"}, notice=notice, licences=set()) == ["LICENSES/MIT.txt is missing"]


def commands_of_make(text: str) -> str:
    """Return the program's commands in a Makefile, quoted as a document quotes them, with every variable filled in."""
    plain = re.sub(r"\$\(if \$\(\w+\),([^)]*)\)", r"\1", text).replace("$(bin)/", "")
    return "".join(
        f"`{command}`\n" for command in re.findall(r"(?m)^\t(jukinet .*)$", re.sub(r"\$\(\w+\)", "1", plain))
    )


def test_every_command_that_make_runs_exists() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert commands_of_make(text).count("\n") >= 2
    assert missing_commands(commands_of_make(text), program=command_line()) == []


def test_the_commands_of_make_are_read_with_their_options() -> None:
    recipe = "demo:\n\t$(bin)/jukinet devnet demo --residents $(RESIDENTS) $(if $(ONCE),--once)\n"

    assert commands_of_make(recipe) == "`jukinet devnet demo --residents 1 --once`\n"
