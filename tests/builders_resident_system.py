"""A resident system to test with: its records, the three tiers it feeds, and a line to speak on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from jukinet.municipal.resident_system.settling import Linking
from jukinet.municipal.usecases.accept_resident_changes import (
    Row,
    Source,
    accept_resident_changes,
    digest_of,
    read_row,
)
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.node_names import resident_system_of
from jukinet.protocol.resident_changes import ResidentChangesAnswer
from tests.builders import ADDRESS, NOW, SETAGAYA, code, list_rows

SYSTEM = resident_system_of(SETAGAYA)
#: The packages of a municipal node's migrations.
MUNICIPAL = (
    "jukinet.audit.migrations",
    "jukinet.operator_web.migrations",
    "jukinet.delivery.migrations",
    "jukinet.municipal.migrations",
)
HERE = """
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, municipality,
           address, postal_code, change_reason, changed_on, previous_resident_record_code, update_sequence, is_removed
      FROM register.last_notified
     ORDER BY resident_record_code
"""
THERE = """
    SELECT resident_record_code, individual_number, name, kana, former_surname, alias, birth_date, sex, municipality,
           address, postal_code, change_reason, changed_on, previous_resident_record_code, update_sequence, is_removed
      FROM identification.record
     ORDER BY resident_record_code
"""
NOTIFIED = (
    "SELECT resident_record_code, update_sequence, notice FROM register.notified_identification"
    " ORDER BY resident_record_code, update_sequence"
)


def change(order: int = 1, number: int = 1, **items: Any) -> dict[str, Any]:  # noqa: ANN401 - any item of it
    """Return a record as the resident system writes it: the entry of the resident of this number, unless told else."""
    defaults: dict[str, Any] = {
        "version": "1",
        "order_number": order,
        "previous_order_number": None,
        "record_id": f"r-{order}",
        "resident_number": f"A{number:04d}",
        "resident_record_code": code(number),
        "name": "試験\u3000葵",
        "kana": "シケン アオイ",
        "birth_date": "平成2年5月6日",
        "sex": "女",
        "address": ADDRESS,
        "postal_code": "154-0004",
        "reason": "職権記載",
        "changed_on": "令和8年3月1日",
    }
    return {**defaults, **items}


def moved(order: int, previous: int, number: int = 1, **items: Any) -> dict[str, Any]:  # noqa: ANN401 - likewise
    """Return a relocation after the record `previous`, to an address of its own."""
    address = f"東京都世田谷区太子堂二丁目{order}番1号"
    return change(order, number, previous_order_number=previous, reason="転居", address=address, **items)


def rows_of(records: Sequence[dict[str, Any]]) -> list[Row]:
    return [read_row(place, json.dumps(record).encode()) for place, record in enumerate(records, start=1)]


def linking(**items: Any) -> Linking:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {"node": SETAGAYA, "now": NOW, "actor": SYSTEM.text}
    return Linking(**{**defaults, **items})


async def submit(
    database: Database,
    *records: dict[str, Any],
    **items: Any,  # noqa: ANN401 - any item of the linking
) -> ResidentChangesAnswer:
    """Take in records as one message, without the line."""
    async with database.transaction() as unit:
        source = Source(sha256=digest_of(json.dumps(records).encode()))
        return await accept_resident_changes(unit, rows=rows_of(records), source=source, linking=linking(**items))


def states(answer: ResidentChangesAnswer) -> list[str]:
    return [result.state for result in answer.results]


async def list_notified(database: NodeDatabase) -> list[tuple[str, int, dict[str, Any]]]:
    """Return every notice that was queued, by resident and update sequence."""
    return [(own, sequence, json.loads(bytes(notice))) for own, sequence, notice in await list_rows(database, NOTIFIED)]


def body_of(*records: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"records": list(records)})
