"""Write the tables in docs/ that repeat what the code says; with --check, only tell which are stale.

Also add new error codes to the list of those ever published, and write the OpenAPI document of the agency's API.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; the text around it is written by hand.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from jukinet.agency.api.openapi import openapi_document
from jukinet.audit.events import AuditEvent
from jukinet.domain.act_reasons import ActReason
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import RETIRED_CODES, error_classes
from jukinet.domain.notifications import Notifier, SeenDocument
from jukinet.domain.procedure_rows import AT_COUNTER, MUNICIPALITY, REQUESTERS, ProcedureRow
from jukinet.domain.procedures import Procedure
from jukinet.domain.rules import Rule
from jukinet.municipal.resident_system.results import CHANGE_ERRORS
from jukinet.national.tracker.contract import contract
from jukinet.national.tracker.disclosure_contract import disclosure_contract
from jukinet.operator_web.messages import JAPANESE
from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.node_names import NODE_KINDS, NodeKind
from jukinet.protocol.resident_changes import ChangeRecord

ROOT: Final = Path(__file__).resolve().parents[1]
OPENAPI: Final = ROOT / "docs" / "openapi" / "agency.json"
TRACKER: Final = ROOT / "docs" / "openapi" / "data-tracker.json"
DISCLOSURE: Final = ROOT / "docs" / "openapi" / "disclosure.json"
ERROR_CODES: Final = ROOT / "tests" / "architecture" / "error_codes.txt"
_INVARIANT: Final = re.compile(r"(?m)^(?!\s*#).*pytest\.mark\.invariant\(\"(I\d+)\"\)")
_PROCEDURE: Final = re.compile(r"(?m)^(?!\s*#).*pytest\.mark\.procedure\(\"(\w+)\"\)")
_REPORTER: Final = frozenset({Notifier.FAMILY_REGISTER_REPORTER})
#: A field of a struct and the comment above it.
_DESCRIBED: Final = re.compile(r"(?m)^    #: (?P<text>.+)\n    (?P<name>\w+):")
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
    shown = _shown_by(_INVARIANT)
    rows = ((name, _places(shown[name])) for name in sorted(shown, key=_number))
    return table("invariant", "shown by", rows=rows)


def procedures() -> str:
    """Return what the law says of every procedure, what it sends, what performs it and which tests show it."""
    shown = _shown_by(_PROCEDURE)
    rows = (
        (
            f"{one.row.japanese}<br>`{one.value}`",
            _articles(one.row),
            one.row.deadline.description if one.row.deadline else "–",
            _notifiers(one.row),
            _documents(one.row),
            ", ".join(f"`{name}`" for name in one.row.messages) or "–",
            f"`{one.row.use_case}`",
            _places(shown.get(one.value, set())) or "–",
        )
        for one in Procedure
    )
    columns = ("procedure", "article", "deadline", "who notifies", "documents", "messages", "use case", "tests")
    return table(*columns, rows=rows)


def _articles(row: ProcedureRow) -> str:
    if row.until_2015 == row.from_2015:
        return row.from_2015
    return f"–2015: {row.until_2015}<br>2015–: {row.from_2015}"


def _notifiers(row: ProcedureRow) -> str:
    groups = {"本人・世帯主・世帯員・代理人": AT_COUNTER, "戸籍の届出人": _REPORTER, "職権": MUNICIPALITY}
    if not row.notifiers >= AT_COUNTER:
        groups = {"本人・代理人": REQUESTERS, **groups}
    return "、".join(label for label, group in groups.items() if group <= row.notifiers)


def _documents(row: ProcedureRow) -> str:
    texts = [_alternatives(group) for group in row.documents]
    if row.foreign_documents and row.foreign_documents not in row.documents:
        texts.append(f"外国人住民: {_alternatives(row.foreign_documents)}")
    return "<br>".join(texts) or "–"


def _alternatives(group: frozenset[SeenDocument]) -> str:
    return "／".join(document.label for document in SeenDocument if document in group)


def _shown_by(mark: re.Pattern[str]) -> dict[str, set[str]]:
    """Return the test modules by what their marks name."""
    shown: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in mark.findall(path.read_text(encoding="utf-8")):
            shown.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    return shown


def _places(paths: set[str]) -> str:
    return ", ".join(f"`{place}`" for place in sorted(paths))


def _number(name: str) -> int:
    return int(name[1:])


def change_fields() -> str:
    """Return the fields of a record of the resident system, with the comments of the struct as their description."""
    described = {name: text for text, name in _DESCRIBED.findall(inspect.getsource(ChangeRecord))}
    rows = (
        (
            str(place),
            f"`{field.name}`",
            "integer" if "integer" in str(_schema(field)) else "text",
            "✓" if field.required else "",
            described[field.name],
        )
        for place, field in enumerate(msgspec.structs.fields(ChangeRecord), start=1)
    )
    return table("", "field", "type", "required", "内容", rows=rows)


def _schema(field: msgspec.structs.FieldInfo) -> object:
    return msgspec.json.schema(field.type)


def act_reasons() -> str:
    """Return the reasons a resident system may give, and what goes up with each."""
    rows = (
        (r.label, f"`{r.value}`", r.kind.label, f"{r.change_reason.label} `{r.change_reason.value}`") for r in ActReason
    )
    return table("異動事由", "code", "記載・消除・修正", "notified as (変更の事由)", rows=rows)


def change_errors() -> str:
    """Return every code a record may be refused with, and what is said in Japanese."""
    families = ("value", "conflict", "not_found")
    rows = (
        (f"`{error.code}`", f"{JAPANESE[error.code].says}{JAPANESE[error.code].advice}")
        for error in CHANGE_ERRORS
        if error.code.partition(".")[0] in families
    )
    return table("code", "reason", rows=rows)


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "eras": eras,
    "rules": rules,
    "events": events,
    "errors": errors,
    "messages": messages,
    "invariants": invariants,
    "change_fields": change_fields,
    "act_reasons": act_reasons,
    "change_errors": change_errors,
    "procedures": procedures,
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


def openapi(_text: str) -> str:
    """Return the OpenAPI document of the agency's API."""
    return json.dumps(openapi_document(), ensure_ascii=False, indent=1) + "\n"


def tracker(_text: str) -> str:
    """Return the OpenAPI document of the data tracker."""
    return json.dumps(contract(), ensure_ascii=False, indent=1) + "\n"


def disclosure(_text: str) -> str:
    """Return the OpenAPI document of the questions of portals."""
    return json.dumps(disclosure_contract(), ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Refresh or check every document; return 1 when one is stale."""
    documents = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    stale = 0
    whole = {ERROR_CODES: published, OPENAPI: openapi, TRACKER: tracker, DISCLOSURE: disclosure}
    for path in [*documents, *whole]:
        text = path.read_text(encoding="utf-8")
        new = whole.get(path, refreshed)(text)
        if new == text:
            continue
        print(path.relative_to(ROOT))
        stale += 1
        if "--check" not in arguments:
            path.write_text(new, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
