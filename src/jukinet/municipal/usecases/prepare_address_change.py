"""Prepare a mass change of addresses (一括住所変更の作成と事前確認): keep what changes, and say whom it will concern.

Another operator than the one who made it approves it; nothing of the register changes before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from jukinet.audit.events import AuditEvent
from jukinet.audit.store import Entry, append
from jukinet.domain.acts.mass_address_change import (
    AddressRow,
    AddressRule,
    MassChangeKind,
    NewPlace,
    RefusedRow,
    find_mass_change_kind,
    sort_rows,
)
from jukinet.domain.addresses import list_beginnings, require_address_in
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import (
    DateOutOfOrderError,
    JukinetError,
    MassChangeStateError,
    MissingItemError,
    SelfReviewError,
)
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import wards_of
from jukinet.domain.registered_domiciles import find_domicile_municipality
from jukinet.domain.repertoire import require_repertoire
from jukinet.municipal.desk_store import remove_draft
from jukinet.municipal.mass_change_store import (
    Lived,
    MassChange,
    NotApplied,
    add_mass_change,
    approve_mass_change,
    discard_mass_change,
    find_mass_change,
    find_mass_change_of_form,
    list_refused_households,
    list_refused_rows,
    list_rows,
    lock_mass_change,
    stream_residents,
)
from jukinet.municipal.moving_notices import node_of
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import Database, Unit

#: So many old and new addresses are shown of those that change, and of those beside them that do not.
_SAMPLES: Final = 10
_MOST_REFUSED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChange:
    """What the public notice says, and the rows to carry out."""

    kind: MassChangeKind
    public_notice: str
    noticed_on: date
    effective_on: date
    rows: Sequence[AddressRow] = field(repr=False)
    #: Lines of the table that are no rows: they are kept with the reason, like rows that cannot be used.
    refused: Sequence[RefusedRow] = field(default=(), repr=False)
    #: A mass change this one stands for, mended: that one is given up.
    replaces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Whom a mass change would concern as the register stands, and what of it did not or cannot be applied."""

    change: MassChange
    residents: int
    households: int
    #: Old and new addresses, none of anybody whose household is protected.
    samples: list[tuple[str, str]] = field(repr=False)
    #: Addresses in the same towns that no row speaks of: how many residents, and some of them.
    beside: int
    beside_samples: list[str] = field(repr=False)
    #: Rows nobody lives at.
    empty_rows: list[int]
    #: Whom the new address would be refused of: these would be left out.
    left_out: Sequence[NotApplied]
    #: How many annex notices would go to each node, and of how many residents the domicile tells no municipality.
    annex_notices: Sequence[tuple[str, int]]
    annex_untold: int
    refused_rows: Sequence[NotApplied] = ()
    refused_households: Sequence[NotApplied] = ()


async def prepare_address_change(*, change: AddressChange, act: Act, database: Database) -> int:
    """Keep a mass change and return its number. Rows that cannot be used are kept with the reason.

    Raises:
        MissingItemError: there is no public notice, or no row can be used.
        DateOutOfOrderError: it takes effect before it was given notice of, or the notice lies in the future.
    """
    if not change.public_notice.strip():
        raise MissingItemError("Say which public notice changes the addresses.", field="public_notice")
    require_repertoire(change.public_notice, field="public_notice")
    if change.noticed_on > civil_day(act.now):
        raise DateOutOfOrderError("The public notice lies in the future.", field="noticed_on")
    if change.effective_on < change.noticed_on:
        raise DateOutOfOrderError("It takes effect after its public notice.", field="effective_on")
    rows, unusable = sort_rows(LocalGovernmentCode.parse(act.node.code), change.rows)
    refused = sorted([*change.refused, *unusable], key=lambda one: one.row.row_number)
    if not rows:
        raise refused[0].error if refused else MissingItemError("There is no row.", field="rows")
    async with database.transaction() as unit:
        if act.form_number is not None:
            await remove_draft(unit, act.form_number, operator_id=act.operator_id)
        number = await add_mass_change(
            unit,
            kind=change.kind,
            public_notice=change.public_notice,
            noticed_on=change.noticed_on,
            effective_on=change.effective_on,
            rows=rows,
            refused=refused,
            made_at=act.now,
            made_by=act.operator_id,
            form_number=act.form_number,
        )
        if number is None:
            return await find_mass_change_of_form(unit, act.form_number)
        await _note(unit, number, "made", act)
        if change.replaces is not None:
            await _discard(unit, change.replaces, act)
    return number


async def approve_address_change(*, mass_change_number: int, act: Act, database: Database) -> None:
    """Approve a mass change: from its day on it is carried out.

    Raises:
        MassChangeNotFoundError, MassChangeStateError: there is none, or it does not wait for approval.
        SelfReviewError: whoever made it does not approve it.
    """
    async with database.transaction() as unit:
        if await lock_mass_change(unit, mass_change_number) != "made":
            raise MassChangeStateError(field="mass_change_number")
        if (await find_mass_change(unit, mass_change_number)).made_by == act.operator_id:
            raise SelfReviewError(field="approved_by")
        await approve_mass_change(unit, mass_change_number, operator_id=act.operator_id, now=act.now)
        await _note(unit, mass_change_number, "approved", act)


async def discard_address_change(*, mass_change_number: int, act: Act, database: Database) -> None:
    """Give up a mass change that has not begun.

    Raises:
        MassChangeNotFoundError, MassChangeStateError: there is none, or it has begun or is over.
    """
    async with database.transaction() as unit:
        await _discard(unit, mass_change_number, act)


async def _discard(unit: Unit, mass_change_number: int, act: Act) -> None:
    if await lock_mass_change(unit, mass_change_number) not in {"made", "approved"}:
        raise MassChangeStateError(field="mass_change_number")
    await discard_mass_change(unit, mass_change_number)
    await _note(unit, mass_change_number, "discarded", act)


async def preview_address_change(*, mass_change_number: int, act: Act, database: Database) -> Preview:
    """Return whom the change concerns as the register stands now; that it was looked at is on the log.

    Raises:
        MassChangeNotFoundError: there is none.
    """
    async with database.transaction() as unit:
        change = await find_mass_change(unit, mass_change_number)
        rule, beginnings, rows = await open_rule(unit, change=change, municipality=act.node.code)
        lived = [one async for one in stream_residents(unit, beginnings)]
        refused_rows = await list_refused_rows(unit, mass_change_number)
        refused = await list_refused_households(unit, mass_change_number, limit=_MOST_REFUSED)
        preview = _summarise(change, rule, rows, lived)
        event = Entry(
            event=AuditEvent.MASS_CHANGE_PREVIEWED,
            occurred_at=act.now,
            actor=act.operator_id,
            detail={"mass_change_number": mass_change_number, "residents": preview.residents},
        )
        await append(unit, [event])
    return replace(preview, refused_rows=refused_rows, refused_households=refused)


async def open_rule(
    unit: Unit, *, change: MassChange, municipality: str
) -> tuple[AddressRule, list[str], list[AddressRow]]:
    """Return the rule of a mass change, how the addresses begin that it may speak of, and its rows."""
    code = LocalGovernmentCode.parse(municipality)
    rows = await list_rows(unit, change.mass_change_number)
    rule = AddressRule(code, find_mass_change_kind(change.kind), rows)
    codes = (code, *(ward.code for ward in wards_of(code)))
    beginnings = sorted(
        {beginning + town for one in codes for beginning in list_beginnings(one) for town in rule.towns}
    )
    return rule, beginnings, rows


@dataclass(frozen=True, slots=True)
class _Tally:
    """What is counted and shown of those who live where the rows speak of."""

    #: Addresses somebody of whose household is protected: none of them is shown, whoever else lives there.
    hidden: frozenset[str] = field(repr=False)
    by_row: Counter[int] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict, repr=False)
    beside: Counter[str] = field(default_factory=Counter, repr=False)
    refused: dict[int, JukinetError] = field(default_factory=dict)
    domiciles: Counter[str] = field(default_factory=Counter, repr=False)
    changed: Counter[int] = field(default_factory=Counter)

    @property
    def residents(self) -> int:
        """Return how many would be changed: of a household left out, nobody."""
        return sum(count for number, count in self.changed.items() if number not in self.refused)

    def add(self, one: Lived, found: NewPlace | None) -> None:
        """Count one resident."""
        is_shown = one.address not in self.hidden
        if found is None:
            self.beside[one.address if is_shown else ""] += 1
            return
        self.by_row[found.row_number] += 1
        try:
            require_address_in(LocalGovernmentCode(one.municipality), found.address)
        except JukinetError as error:
            self.refused[one.household_number] = error
            return
        self.changed[one.household_number] += 1
        if one.registered_domicile is not None:
            self.domiciles[one.registered_domicile] += 1
        if is_shown and len(self.samples) < _SAMPLES:
            self.samples[one.address] = found.address


def _summarise(change: MassChange, rule: AddressRule, rows: Sequence[AddressRow], lived: Sequence[Lived]) -> Preview:
    protected = {one.household_number for one in lived if one.is_protected}
    tally = _Tally(frozenset(one.address for one in lived if one.household_number in protected))
    for one in lived:
        tally.add(one, rule.rewrite(one.municipality, one.address))
    notices, untold = _annex_notices(tally.domiciles)
    return Preview(
        change=change,
        residents=tally.residents,
        households=len(tally.changed.keys() - tally.refused.keys()),
        samples=[*tally.samples.items()],
        beside=tally.beside.total(),
        beside_samples=sorted(filter(None, tally.beside))[:_SAMPLES],
        empty_rows=[row.row_number for row in rows if not tally.by_row[row.row_number]],
        left_out=[NotApplied(number, error.code, error.field) for number, error in tally.refused.items()],
        annex_notices=notices,
        annex_untold=untold,
    )


def _annex_notices(domiciles: Counter[str]) -> tuple[list[tuple[str, int]], int]:
    """Return how many annex notices go to each node, the most first, and how many residents' domicile tells none."""
    receivers: Counter[str] = Counter()
    untold = 0
    for domicile, count in domiciles.items():
        keeper = find_domicile_municipality(domicile)
        if keeper is None:
            untold += count
        else:
            receivers[node_of(keeper).text] += count
    return receivers.most_common(), untold


async def _note(unit: Unit, number: int, state: str, act: Act) -> None:
    event = Entry(
        event=AuditEvent.MASS_CHANGE_MOVED,
        occurred_at=act.now,
        actor=act.operator_id,
        detail={"mass_change_number": number, "state": state},
    )
    await append(unit, [event])
