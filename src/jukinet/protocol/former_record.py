"""Search for a person's earlier record (従前の住民票の検索): a municipality asks before it enters somebody.

A person who was ever recorded keeps the resident record code. Who moves in without a certificate, from abroad, or is
entered ex officio, is looked for first. Source: Act (–2015) art. 30-2(1); Act (2015–) art. 30-3(1).
"""

from __future__ import annotations

import msgspec


class FormerRecordQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask by resident record code, or by name, birth date and sex together."""

    #: 住民票コード, 11 digits.
    resident_record_code: str | None = None
    #: 氏名, exactly as recorded.
    name: str | None = None
    #: 生年月日, CivilDate wire form.
    birth_date: str | None = None
    #: 男女の別, Sex value.
    sex: str | None = None
    #: The procedure the record is needed for (手続).
    procedure: str
    #: The operator who asks.
    operator: str

    def __repr__(self) -> str:
        return "FormerRecordQuery(***)"


class FormerRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The latest record of one person."""

    resident_record_code: str
    individual_number: str | None = None
    name: str
    address: str
    #: 全国地方公共団体コード of the municipality of this record.
    municipality: str
    #: Whether it is removed (消除). While it is not, the person must move out there first.
    is_removed: bool
    #: 更新順番号: the next entry begins the residence after this one.
    update_sequence: int

    def __repr__(self) -> str:
        return "FormerRecord(***)"


class FormerRecordAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answer. The use log holds it before it leaves (I4)."""

    #: Id of the use-log entry: the query's message id.
    use_log_id: str
    #: Whether more people were found than are listed: then none is, and another item is needed.
    is_too_many: bool = False
    records: tuple[FormerRecord, ...] = ()

    def __repr__(self) -> str:
        return f"FormerRecordAnswer({len(self.records)} records)"
