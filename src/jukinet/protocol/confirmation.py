"""M13, real-time confirmation of one person (本人確認情報照会・即時提供): an agency asks, the national node answers.

A query states which items it asks for; the answer has those of them that the affair allows, and nothing else. A query
that states no items comes from a program of before items could be asked for: it is answered in the form of its time.
Source: Act (–2015) art. 30-7(3); Act (2015–) art. 30-9.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

#: Longer texts are nobody's name or address.
StatedText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
#: Chosen by the organ's system, afresh for every matter: a UUID or the like. Never made of a person's data.
IdempotencyKey = Annotated[str, msgspec.Meta(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$")]


class StatedItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the official holds of the person (申出事項): to compare, or to search by."""

    #: 氏名: the name, the alias or the former surname with the given name.
    name: StatedText | None = None
    #: ふりがな of the same.
    kana: StatedText | None = None
    #: 生年月日, CivilDate wire form; may be known in part.
    birth_date: StatedText | None = None
    #: 男女の別, Sex value.
    sex: StatedText | None = None
    #: 住所, beginning with the municipality or its prefecture.
    address: StatedText | None = None

    def __repr__(self) -> str:
        return "StatedItems(***)"


class Agreements(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How each stated item agrees with the record: a value of `domain.provision_results.Agreement`."""

    name: str = "not_stated"
    kana: str = "not_stated"
    birth_date: str = "not_stated"
    sex: str = "not_stated"
    address: str = "not_stated"

    def __repr__(self) -> str:
        return "Agreements(***)"


class ConfirmationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
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
    #: The office of the organ (課・事務所) the official belongs to.
    office: str = ""
    #: Which items are asked for: values of `ProvisionItem`. None: all the affair allows except the two numbers.
    items: tuple[str, ...] | None = None
    #: Verification (照合): only whether these agree is answered, and no item is given.
    stated: StatedItems | None = None
    #: Of the affair to which the person consented (prefectures alone): the day of the consent, CivilDate wire form.
    consented_on: str | None = None
    #: Under the same key the same query is answered with the same answer for some minutes, and logged once.
    idempotency_key: IdempotencyKey | None = None

    def __repr__(self) -> str:
        return "ConfirmationQuery(***)"


class ConfirmedPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is given of a person: the items asked for and allowed. What was not given is absent."""

    name: str | None = None
    kana: str | None = None
    former_surname: str | None = None
    alias: str | None = None
    birth_date: str | None = None
    sex: str | None = None
    address: str | None = None
    #: 異動事由 of the latest change.
    reason: str | None = None
    #: 異動年月日 of the latest change.
    changed_on: str | None = None
    #: Whether the resident record was removed (消除): death, move-out or ex officio; `reason` says which.
    is_removed: bool | None = None
    individual_number: str | None = None
    #: Until 2015-10-04 only.
    resident_record_code: str | None = None

    def __repr__(self) -> str:
        return "ConfirmedPerson(***)"


class ConfirmationAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The answer to one query. The use log holds it before it leaves (I4)."""

    #: A value of `ResultCategory`: `found` or `not_found`.
    result: str
    #: Id of the use-log entry: the query's message id.
    use_log_id: str
    person: ConfirmedPerson | None = None
    #: The items given, or compared in a verification, as the use log has them.
    items: tuple[str, ...] = ()
    #: How the record stands, a value of `RecordState`: told with the item `change`, and where it is `stopped`.
    state: str | None = None
    #: Of a verification only.
    agreements: Agreements | None = None
