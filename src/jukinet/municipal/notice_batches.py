"""Many notices in one print (まとめ印刷): which of those that wait can be drawn, and which are left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from jukinet.documents.drawing import require_sheet_drawable
from jukinet.documents.glyphs import DocumentFont
from jukinet.documents.sheets import CodeNoticeSheet, LetterSheet
from jukinet.domain.errors import JukinetError, MissingItemError

#: As many are printed in one go: a box of envelopes, and a few seconds.
BATCH_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSheet:
    """One notice as it would be printed; an error where it cannot."""

    notice_number: int
    resident_number: int
    sheet: CodeNoticeSheet | LetterSheet | JukinetError = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A notice that is not printed with the others."""

    notice_number: int
    resident_number: int
    error: JukinetError


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBatch:
    """What would be printed now."""

    notice_numbers: tuple[int, ...]
    left_out: tuple[LeftOut, ...]


def sort_out(notices: Sequence[NoticeSheet], font: DocumentFont) -> NoticeBatch:
    """Return which notices can be drawn to the last character, and which are left out."""
    errors = [(one, _find_fault(one, font)) for one in notices]
    return NoticeBatch(
        notice_numbers=tuple(one.notice_number for one, error in errors if error is None),
        left_out=tuple(
            LeftOut(notice_number=one.notice_number, resident_number=one.resident_number, error=error)
            for one, error in errors
            if error is not None
        ),
    )


def require_drawable(notices: Sequence[NoticeSheet]) -> list[CodeNoticeSheet | LetterSheet]:
    """Return the sheets of all notices; raise the error of the first that has none."""
    sheets: list[CodeNoticeSheet | LetterSheet] = []
    for one in notices:
        if isinstance(one.sheet, JukinetError):
            raise one.sheet
        sheets.append(one.sheet)
    return sheets


def require_batch(notice_numbers: Sequence[int]) -> None:
    """Refuse a print of nothing and one that is too long; raise MissingItemError."""
    if not 1 <= len(set(notice_numbers)) <= BATCH_MOST:
        raise MissingItemError(f"Choose 1 to {BATCH_MOST} notices.", field="notice_numbers")


def _find_fault(notice: NoticeSheet, font: DocumentFont) -> JukinetError | None:
    if isinstance(notice.sheet, JukinetError):
        return notice.sheet
    try:
        require_sheet_drawable(notice.sheet, font)
    except JukinetError as error:
        return error
    return None
