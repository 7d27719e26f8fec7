"""M13, real-time confirmation of one person (本人確認情報照会・即時提供): an agency asks, the national node answers.

Source: Act (–2015) art. 30-7(3); Act (2015–) art. 30-9.
"""

from __future__ import annotations

import msgspec


class ConfirmationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for one person by resident record code or by Individual Number: exactly one of the two."""

    #: 住民票コード, 11 digits.
    resident_record_code: str | None = None
    #: 個人番号, 12 digits.
    individual_number: str | None = None
    #: 事務: an affair of the Appended Tables, such as `1-77-3`.
    affair: str
    #: 利用事由: why this person is looked up, in words the person will read.
    purpose: str
    #: 依頼管理番号: the organ's own number of the matter.
    matter_number: str
    #: The official who asks, as the organ identifies him or her.
    official: str

    def __repr__(self) -> str:
        return "ConfirmationQuery(***)"


class ConfirmedPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is given: the four basic items, and the change information. Nothing else."""

    name: str
    kana: str
    former_surname: str | None = None
    alias: str | None = None
    birth_date: str
    sex: str
    address: str
    #: 異動事由 of the latest change.
    reason: str
    #: 異動年月日 of the latest change.
    changed_on: str
    #: Whether the resident record was removed (消除): death, move-out or ex officio; `reason` says which.
    is_removed: bool

    def __repr__(self) -> str:
        return "ConfirmedPerson(***)"


class ConfirmationAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answer to one query. The use log holds it before it leaves (I4)."""

    #: `found` or `not_found`.
    result: str
    #: Id of the use-log entry: the query's message id.
    use_log_id: str
    person: ConfirmedPerson | None = None
