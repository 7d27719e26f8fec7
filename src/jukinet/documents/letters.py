"""Letters as they leave: drawn, and signed by whoever issues them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from jukinet.documents.drawing import draw_letters
from jukinet.documents.glyphs import DocumentFont
from jukinet.documents.sheets import CodeNoticeSheet, LetterSheet
from jukinet.documents.signing import Signer, sign


async def draw_signed_letters(
    sheets: Sequence[CodeNoticeSheet | LetterSheet],
    *,
    signer: Signer,
    font: Callable[[], DocumentFont],
    is_specimen: bool,
    now: datetime,
) -> bytes:
    """Return the signed PDF of one or many, drawn beside the event loop; each begins on a page of its own.

    Raises:
        GlyphMissingError, FontMissingError, DrawingFailedError: as `drawing.draw_letters`.
    """

    def draw_and_sign() -> bytes:
        pdf = draw_letters(sheets, font=font(), is_specimen=is_specimen)
        reason = " ".join(dict.fromkeys((sheets[0].mark.number, sheets[-1].mark.number)))
        return sign(pdf, signer, signed_at=now, reason=reason)

    return await asyncio.to_thread(draw_and_sign)
