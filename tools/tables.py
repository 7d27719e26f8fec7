"""Write the tables in docs/ that repeat what the code says; with --check, only tell which are stale.

Also add new error codes to the list of those ever published.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; the text around it is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import RETIRED_CODES, error_classes
from jukinet.domain.rules import Rule
from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.node_names import NODE_KINDS, NodeKind

ROOT: Final = Path(__file__).resolve().parents[1]
ERROR_CODES: Final = ROOT / "tests" / "architecture" / "error_codes.txt"
_INVARIANT: Final = re.compile(r"(?m)^(?!\s*#).*pytest\.mark\.invariant\(\"(I\d+)\"\)")
_TABLE: Final = re.compile(r"(<!-- table: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def table(*columns: str, rows: Iterator[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def eras() -> str:
    """Return the eras and their first days."""
    return table("era", "from", rows=((f"`{era.name}`", era.begins_on.isoformat()) for era in LegalEra))


def rules() -> str:
    """Return the rules of law with their articles."""
    rows = ((f"`{r.name}`", r.value.until_2015, r.value.from_2015, r.value.sentence) for r in Rule)
    return table("rule", "until 2015-10-04", "from 2015-10-05", "規定", rows=rows)


def events() -> str:
    """Return the catalogue of audit events."""
    rows = ((f"`{e.tag}`", e.value.japanese, ", ".join(f"`{d}`" for d in e.value.details) or "–") for e in AuditEvent)
    return table("event", "日本語", "details", rows=rows)


def errors() -> str:
    """Return every error code with its sentence."""
    rows = ((f"`{error.code}`", (error.__doc__ or "").strip().splitlines()[0]) for error in error_classes())
    retired = "".join(f"\nRetired: `{code}`.\n" for code in sorted(RETIRED_CODES))
    return table("code", "meaning", rows=rows) + retired


def messages() -> str:
    """Return the message catalogue."""

    def kinds(some: frozenset[NodeKind]) -> str:
        return "any" if some == NODE_KINDS else ", ".join(sorted(kind.value for kind in some))

    rows = (
        (
            f"`{row.name}`",
            row.japanese,
            f"{kinds(row.senders)} → {kinds(row.receivers)}",
            row.assurance.value,
            f"{row.maximum_bytes // 1024:,} KiB",
        )
        for row in CATALOGUE.values()
    )
    return table("message", "日本語", "from → to", "assured by", "at most", rows=rows)


def invariants() -> str:
    """Return which test modules show which invariant, by their marks."""
    shown: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in _INVARIANT.findall(path.read_text(encoding="utf-8")):
            shown.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    rows = ((name, ", ".join(f"`{place}`" for place in sorted(shown[name]))) for name in sorted(shown, key=_number))
    return table("invariant", "shown by", rows=rows)


def _number(name: str) -> int:
    return int(name[1:])


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "eras": eras,
    "rules": rules,
    "events": events,
    "errors": errors,
    "messages": messages,
    "invariants": invariants,
}


def refreshed(text: str) -> str:
    """Return the document with every table as the code has it now."""
    return _TABLE.sub(lambda match: f"{match[1]}{TABLES[match[2]]()}{match[4]}", text)


def published(text: str) -> str:
    """Return the list of error codes with the new ones added; nothing ever leaves it (tests/architecture)."""
    lines = text.splitlines()
    codes = {line for line in lines if line and not line.startswith("#")} | {error.code for error in error_classes()}
    comments = [line for line in lines if line.startswith("#")]
    return "\n".join([*comments, *sorted(codes | RETIRED_CODES)]) + "\n"


def main(arguments: list[str]) -> int:
    """Refresh or check every document; return 1 when one is stale."""
    documents = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    stale = 0
    for path in [*documents, ERROR_CODES]:
        text = path.read_text(encoding="utf-8")
        new = published(text) if path == ERROR_CODES else refreshed(text)
        if new == text:
            continue
        print(path.relative_to(ROOT))
        stale += 1
        if "--check" not in arguments:
            path.write_text(new, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
