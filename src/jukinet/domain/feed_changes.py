"""What a change is to whoever follows a person (変更の継続提供): its kind, and which items it changed.

A notice says a reason of the closed list and how the record stands afterwards. What that means to a follower is judged
against the versions before it: a change of name comes as an ex officio modification, and so does what undoes an error.

An organ is told of a change only as far as its items go: the kind where an item of that kind is among them, else that
the record changed; and nothing at all where none of its items changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from jukinet.domain.changes import ENTRY_REASONS, REMOVAL_REASONS, ChangeReason
from jukinet.domain.errors import UnknownCodeListValueError
from jukinet.domain.provision_items import ProvisionItem


class FeedKind(Enum):
    """The kind of an event (変更の種別)."""

    MOVE = "move"
    DEATH = "death"
    NAME = "name"
    #: The resident record code or the Individual Number: the event maps the old one to the new one.
    CODE_CHANGE = "code_change"
    #: 消除 for another reason than death: a move-out, or ex officio.
    REMOVAL = "removal"
    CORRECTION = "correction"
    #: What undoes the change before it.
    CANCELLATION = "cancellation"
    RECORD_CHANGED = "record_changed"
    #: 異動等情報: to the certification linkage server alone.
    CERTIFICATES_VOID = "certificates_void"

    @property
    def label(self) -> str:
        """Return the Japanese term."""
        return _LABELS[self]


_LABELS: Final = {
    FeedKind.MOVE: "転入・転居",
    FeedKind.DEATH: "死亡",
    FeedKind.NAME: "氏名の変更",
    FeedKind.CODE_CHANGE: "番号の変更",
    FeedKind.REMOVAL: "消除（転出・職権）",
    FeedKind.CORRECTION: "修正",
    FeedKind.CANCELLATION: "取消し",
    FeedKind.RECORD_CHANGED: "記載の変更",
    FeedKind.CERTIFICATES_VOID: "異動等情報",
}
#: What an organ may ask to be told of.
FOLLOWED_KINDS: Final = tuple(kind for kind in FeedKind if kind is not FeedKind.CERTIFICATES_VOID)
_NUMBERS: Final = frozenset({ProvisionItem.INDIVIDUAL_NUMBER, ProvisionItem.RESIDENT_RECORD_CODE})
#: The items that let the kind of an event be told, beside the change information, which always does.
_TELLING: Final = {
    FeedKind.MOVE: frozenset({ProvisionItem.ADDRESS}),
    FeedKind.NAME: frozenset({ProvisionItem.NAME}),
    FeedKind.CODE_CHANGE: _NUMBERS,
}
_CODE_CHANGES: Final = frozenset({ChangeReason.CODE_CHANGE_ON_REQUEST.value, ChangeReason.CODE_CHANGE_EX_OFFICIO.value})
_EX_OFFICIO: Final = frozenset({ChangeReason.EX_OFFICIO_MODIFICATION.value, ChangeReason.EX_OFFICIO_ENTRY.value})


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """The identification information after one change, as far as followers may hear of it."""

    resident_record_code: str = field(repr=False)
    individual_number: str | None = field(repr=False)
    name: str = field(repr=False)
    kana: str = field(repr=False)
    former_surname: str | None = field(repr=False)
    alias: str | None = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    address: str = field(repr=False)
    reason: str

    @property
    def is_removed(self) -> bool:
        """Return whether the record is removed (消除)."""
        return self.reason in REMOVAL_REASONS

    def value_of(self, item: ProvisionItem) -> tuple[str | bool | None, ...]:
        """Return an item as it is compared; of the change information only whether the record is removed."""
        values: dict[ProvisionItem, tuple[str | bool | None, ...]] = {
            ProvisionItem.NAME: (self.name, self.kana, self.former_surname, self.alias),
            ProvisionItem.BIRTH_DATE: (self.birth_date,),
            ProvisionItem.SEX: (self.sex,),
            ProvisionItem.ADDRESS: (self.address,),
            ProvisionItem.INDIVIDUAL_NUMBER: (self.individual_number,),
            ProvisionItem.RESIDENT_RECORD_CODE: (self.resident_record_code,),
            ProvisionItem.CHANGE: (self.is_removed,),
        }
        return values[item]

    def is_as(self, other: RecordVersion) -> bool:
        """Return whether every item is the same, whatever the reasons."""
        return all(self.value_of(item) == other.value_of(item) for item in ProvisionItem)


@dataclass(frozen=True, slots=True)
class JudgedChange:
    """A change as a follower with every item would be told of it."""

    kind: FeedKind
    #: What differs from the version before. The change information (reason and date) always does.
    items: frozenset[ProvisionItem]

    @property
    def telling(self) -> frozenset[ProvisionItem]:
        """Return the items of which one is enough to be told the kind."""
        return telling_of(self.kind)


def telling_of(kind: FeedKind) -> frozenset[ProvisionItem]:
    """Return the items of which one is enough to be told this kind."""
    return _TELLING.get(kind, frozenset()) | {ProvisionItem.CHANGE}


def judge_change(after: RecordVersion, earlier: Sequence[RecordVersion]) -> JudgedChange:
    """Return what a change is, given up to two versions before it, the newest first."""
    before = earlier[0] if earlier else None
    items = frozenset(
        item
        for item in ProvisionItem
        if item is ProvisionItem.CHANGE or before is None or after.value_of(item) != before.value_of(item)
    )
    return JudgedChange(_kind_of(after, before, earlier[1] if len(earlier) > 1 else None, items), items)


def _kind_of(
    after: RecordVersion,
    before: RecordVersion | None,
    before_that: RecordVersion | None,
    items: AbstractSet[ProvisionItem],
) -> FeedKind:
    reason = after.reason
    if after.is_removed:
        return FeedKind.DEATH if reason == ChangeReason.DEATH.value else FeedKind.REMOVAL
    if reason in {ChangeReason.RELOCATION.value, ChangeReason.MOVE_IN.value}:
        return FeedKind.MOVE
    if reason in _CODE_CHANGES:
        return FeedKind.CODE_CHANGE
    if reason in _EX_OFFICIO and _is_undone(after, before, before_that):
        return FeedKind.CANCELLATION
    if reason in ENTRY_REASONS or before is None:
        return FeedKind.RECORD_CHANGED
    return _kind_of_modification(reason, items)


def _is_undone(after: RecordVersion, before: RecordVersion | None, before_that: RecordVersion | None) -> bool:
    # Nothing says so: it is told from the record, which stands again as it stood before the change before.
    if before is None or before_that is None:
        return False
    return after.is_as(before_that) and not after.is_as(before)


def _kind_of_modification(reason: str, items: AbstractSet[ProvisionItem]) -> FeedKind:
    if reason == ChangeReason.MINOR_CORRECTION.value:
        return FeedKind.CORRECTION
    if ProvisionItem.NAME in items:
        return FeedKind.NAME
    if items & _NUMBERS:
        return FeedKind.CODE_CHANGE
    return FeedKind.CORRECTION if items - {ProvisionItem.CHANGE} else FeedKind.RECORD_CHANGED


def told_kind(kind: FeedKind, allowed: AbstractSet[ProvisionItem]) -> FeedKind:
    """Return the kind as it is told to whoever is given these items."""
    return kind if telling_of(kind) & allowed else FeedKind.RECORD_CHANGED


def parse_kinds(names: Iterable[str]) -> frozenset[FeedKind]:
    """Return the kinds with these names; none means all.

    Raises:
        UnknownCodeListValueError: a name is not of a kind an organ may follow.
    """
    known = {kind.value: kind for kind in FOLLOWED_KINDS}
    try:
        return frozenset(known[name] for name in names) or frozenset(FOLLOWED_KINDS)
    except KeyError:
        raise UnknownCodeListValueError(f"A kind is one of {', '.join(known)}.", field="kinds") from None
