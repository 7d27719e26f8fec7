"""The alias (通称) of a foreign resident: entered where its use in society is proven, one at a time, and removed.

Source: Order (–2015) art. 30-26, 30-27, (2015–) art. 30-16, 30-17.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import AliasRecordedError, ImpossibleChangeError, MissingItemError, NationalityMismatchError
from jukinet.domain.further_items import FurtherItems, read_further_items
from jukinet.domain.kana import require_kana
from jukinet.domain.names import require_name
from jukinet.domain.record_steps import RecordStep, revise
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule, enforces


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasEntry:
    """The alias a foreign resident asks for, and its reading where there is one."""

    resident_number: int
    expected_version: int | None = None
    alias: str = field(repr=False)
    kana: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot be an alias or a reading."""
        require_name(self.alias, field="alias")
        if self.kana is not None:
            require_kana(self.kana, field="alias_kana")


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRemoval:
    """The alias is removed: asked for, or no longer needed for proof of residence."""

    resident_number: int
    expected_version: int | None = None


AliasChange: TypeAlias = AliasEntry | AliasRemoval


def plan_alias_change(
    change: AliasChange,
    *,
    current: ResidentRecord,
    municipality_name: str,
    acted_on: CivilDate,
    notified_on: date | None,
) -> tuple[RecordStep, ...]:
    """Return the one step; the alias goes upward with it, its history stays.

    Raises:
        NationalityMismatchError: the person is no foreign resident.
        AliasRecordedError: there is an alias; it is removed first.
        MissingItemError: there is none to remove.
        ImpossibleChangeError: the alias is the name.
        DateOutOfOrderError: the history has later events.
    """
    if not current.is_foreign:
        raise NationalityMismatchError(field="nationality")
    items = read_further_items(current.further_items)
    if isinstance(change, AliasEntry):
        reason, after = ActReason.ALIAS_ENTRY, _entered(change, current, items, municipality_name, acted_on)
    else:
        reason, after = ActReason.ALIAS_REMOVAL, _removed(current, items, municipality_name, acted_on)
    return (
        revise(
            current,
            reason=reason,
            acted_on=acted_on.wire,
            notified_on=notified_on,
            alias=change.alias if isinstance(change, AliasEntry) else None,
            further_items=after.text,
        ),
    )


@enforces(Rule.ONE_ALIAS_AT_A_TIME)
def _entered(
    change: AliasEntry, current: ResidentRecord, items: FurtherItems, municipality_name: str, day: CivilDate
) -> FurtherItems:
    if current.alias is not None:
        raise AliasRecordedError(field="alias")
    if change.alias == current.name:
        raise ImpossibleChangeError("An alias is another appellation than the name.", field="alias")
    aliases = items.aliases.entered(change.alias, municipality=municipality_name, day=day)
    return replace(items, aliases=aliases, alias_kana=change.kana)


def _removed(current: ResidentRecord, items: FurtherItems, municipality_name: str, day: CivilDate) -> FurtherItems:
    if current.alias is None:
        raise MissingItemError("There is no alias to remove.", field="alias")
    aliases = items.aliases.removed(current.alias, municipality=municipality_name, day=day)
    return replace(items, aliases=aliases, alias_kana=None)
