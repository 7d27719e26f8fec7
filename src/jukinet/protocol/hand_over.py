"""What a municipality that ceases hands over to its successor (引継ぎ): its whole register, part by part.

The register leaves in this one case only, between the two municipalities of a merger that both have approved. Tables
and columns are listed here; nothing else is accepted (I1). Values are in PostgreSQL's text form, as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias

import msgspec

from jukinet.domain.resident_record import RECORD_COLUMNS
from jukinet.protocol.moving import NoticeNumber

#: The columns of each table that goes over, in their order; those of the key first.
HANDED_OVER: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "resident": (
            *("resident_number", "version", "resident_record_code", "update_sequence", "is_removed", "is_former"),
        ),
        "resident_record": RECORD_COLUMNS,
        "act": (
            *("act_number", "procedure", "acted_on", "notified_on", "notifier", "notifier_name", "identity_check"),
            *("documents", "is_late", "statement", "cancels", "recorded_at", "recorded_by", "approved_by"),
        ),
        "notified_identification": ("resident_record_code", "update_sequence", "notice", "queued_at"),
        "code_pool": ("resident_record_code", "allotted_at", "used_at"),
        "move_in_notice": (
            *("resident_record_code", "notice_number", "sender", "name", "birth_date", "municipality", "address"),
            *("moved_in_on", "residence", "received_at", "state", "resident_number", "error_code", "settled_at"),
            "settled_by",
        ),
        "annex_notice": (
            *("notice_number", "sender", "name", "birth_date", "registered_domicile", "first_listed_person"),
            *("address", "address_since_on", "reason", "changed_on", "received_at"),
        ),
        "code_notice": ("notice_number", "resident_number", "version", "kind", "resident_record_code", "made_at"),
        "code_notice_event": (
            *("notice_number", "event_number", "event", "happened_on", "delivery", "identity_check"),
            *("recorded_at", "recorded_by"),
        ),
        "person_notice": (
            *("notice_number", "act_number", "resident_number", "version", "procedure", "told_items"),
            *("destination", "made_at"),
        ),
        "person_notice_event": (
            *("notice_number", "event_number", "event", "happened_on", "recorded_at", "recorded_by"),
        ),
    }
)

_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
#: One row: the columns of its table, each in text form or null.
Row: TypeAlias = tuple[str | None, ...]


class HighestNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The highest numbers of the register that is handed over: the successor sets so many apart."""

    resident: _Count
    household: _Count
    act: _Count
    code_notice: _Count
    person_notice: _Count


class HandOverTotal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the whole comes to: the last part says it, and the successor counts."""

    parts: _Count
    rows: _Count


class RegisterHandOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One part of the register of a municipality that ceases (引継ぎ), or a notice that came there too late."""

    notice_number: NoticeNumber
    #: 全国地方公共団体コード of the municipality that ceases.
    outgoing: str
    #: From 1; 0 for what came after the hand-over.
    part_number: _Count
    highest: HighestNumbers
    #: A key of HANDED_OVER.
    table: str
    rows: tuple[Row, ...]
    #: With the last part only.
    total: HandOverTotal | None = None

    def __repr__(self) -> str:
        return "RegisterHandOver(***)"
