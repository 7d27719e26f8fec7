"""A person's uses, page by page, newest first, in plain Japanese (提供状況の一覧)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from jukinet.audit.use_store import NEWEST, LoggedUse, count_logged_uses, list_logged_uses
from jukinet.audit.wording import Describer, Wording
from jukinet.domain.errors import MalformedRequestError
from jukinet.postgres.database import Unit

#: Entries on a page, unless somebody asks for another number.
PAGE_SIZE: Final = 50
_PARTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One provision of a person's identification information."""

    used_at: datetime
    agency: str
    office: str | None
    affair: str
    #: Method, organ, affair, items and legal ground, in Japanese.
    wording: Wording
    purpose: str = field(repr=False)
    matter_number: str
    official: str
    is_found: bool
    #: What number of the person's entries it has in the sealed log; None for the first seconds.
    ordinal: int | None
    #: Until when it had been withheld, for an entry whose term has ended.
    was_withheld_until: date | None


@dataclass(frozen=True, slots=True)
class UsePage:
    """Some uses of a person's information; `after` leads to the next page, and is None on the last."""

    uses: Sequence[Use]
    total: int
    after: str | None


async def list_uses_page(
    unit: Unit, resident_record_code: str, *, describer: Describer, after: str | None = None, limit: int = PAGE_SIZE
) -> UsePage:
    """Return a person's uses, newest first, from `after` on. Record the look before it is shown.

    What is withheld is not among them and not counted.

    Raises:
        MalformedRequestError: `after` is not of a page.
    """
    before = NEWEST if after is None else _read_place(after)
    rows = await list_logged_uses(unit, resident_record_code, before=before, limit=limit + 1)
    shown = rows[:limit]
    return UsePage(
        uses=[_use(use, ordinal, describer) for use, ordinal in shown],
        total=await count_logged_uses(unit, resident_record_code),
        after=_write_place(shown[-1][0]) if len(rows) > limit else None,
    )


def _use(use: LoggedUse, ordinal: int | None, describer: Describer) -> Use:
    return Use(
        used_at=use.used_at,
        agency=use.agency,
        office=use.office,
        affair=use.affair,
        wording=describer.describe(use),
        purpose=use.purpose,
        matter_number=use.matter_number,
        official=use.official,
        is_found=use.result == "found",
        ordinal=ordinal,
        was_withheld_until=use.withheld_until,
    )


def _write_place(use: LoggedUse) -> str:
    return f"{use.message_id} {use.agency} {use.place}"


def _read_place(after: str) -> tuple[str, str, int]:
    parts = after.split(" ")
    is_place = len(parts) == _PARTS and parts[2].isdecimal() and len(parts[2]) <= 9  # noqa: PLR2004 - an integer's digits
    if not is_place or not after.isprintable():
        raise MalformedRequestError("This is not where a page ended.", field="after")
    return parts[0], parts[1], int(parts[2])
