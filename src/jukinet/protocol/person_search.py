"""M13 by the four basic items (4情報による照会): an agency states what it holds of a person, and finds one or nobody.

A list of people never leaves: those who are not meant are no business of the organ. Where several agree, the answer
says which further item would tell them apart. Source: Act (–2015) art. 30-7(3); Act (2015–) art. 30-9.
"""

from __future__ import annotations

import msgspec

from jukinet.protocol.confirmation import Agreements, ConfirmedPerson, IdempotencyKey, StatedItems


class PersonSearchQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask for one person by at least two of name, birth date and address. Name is kanji, kana or both."""

    stated: StatedItems
    #: Whether the kana stated is only how the name begins (前方一致).
    is_kana_prefix: bool = False
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
    #: Verification (照合): only whether somebody agrees is answered, and no item is given.
    is_verification: bool = False
    #: Under the same key the same query is answered with the same answer for some minutes, and logged once.
    idempotency_key: IdempotencyKey | None = None

    def __repr__(self) -> str:
        return "PersonSearchQuery(***)"


class PersonSearchAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The answer to one search. The use log holds it before it leaves (I4)."""

    #: A value of `ResultCategory`.
    result: str
    #: Id of the use-log entry: the query's message id.
    use_log_id: str
    person: ConfirmedPerson | None = None
    #: The items given, or compared in a verification, as the use log has them.
    items: tuple[str, ...] = ()
    #: How the record stands, a value of `RecordState`: told with the item `change`, and where it is `stopped`.
    state: str | None = None
    #: How what was stated agrees with the one person found.
    agreements: Agreements | None = None
    #: Of `several` and `too_many`: which items to state, or to state in full, best first, such as `birth_date`.
    refine: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"PersonSearchAnswer({self.result}, ***)"
