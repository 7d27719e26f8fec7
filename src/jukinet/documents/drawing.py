"""Drawing documents: a sheet becomes a PDF by a Typst template, which is handed data and never text to interpret.

Nothing but the document font is used, so that a document looks the same everywhere, and every text is checked
against it before anything is drawn.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

import segno
import typst

from jukinet.documents.glyphs import FAMILY, DocumentFont, require_drawable
from jukinet.documents.layouts import content_of
from jukinet.documents.sheets import CodeNoticeSheet, LetterSheet, Sheet
from jukinet.documents.verification import Verification
from jukinet.documents.window import WINDOW
from jukinet.domain.errors import DrawingFailedError

#: Long-term archiving, with text that can be searched.
PDF_STANDARD: Final = "a-2u"
PICTURE_RESOLUTION: Final = 110
#: What the letters of one PDF have in common.
_SHARED: Final = frozenset({"family", "is_specimen", "window", "verification", "qr_pictures"})
_TEMPLATES: Final = Path(__file__).parent / "templates"


def draw(
    sheet: Sheet,
    *,
    font: DocumentFont,
    is_specimen: bool,
    verification: Verification | None = None,
    qr_texts: tuple[str, ...] = (),
) -> bytes:
    """Return the document as PDF. `qr_texts` become QR codes the destination scans.

    Raises:
        GlyphMissingError: the font cannot draw a character as it is registered.
        DrawingFailedError: the template could not be set; nothing was printed.
    """
    data = _data_of(sheet, font, is_specimen=is_specimen, verification=verification, qr_texts=qr_texts)
    issued_at = datetime.combine(sheet.mark.issued_on, time(), UTC)
    return _compile(data, font, format="pdf", pdf_standards=PDF_STANDARD, timestamp=int(issued_at.timestamp()))[0]


def draw_letters(sheets: Sequence[LetterSheet | CodeNoticeSheet], *, font: DocumentFont, is_specimen: bool) -> bytes:
    """Return letters and code notices as one PDF: each begins on a page of its own and counts its pages.

    Raises:
        GlyphMissingError: the font cannot draw a character of one of them; nothing is drawn.
        DrawingFailedError: as `draw`.
    """
    parts = [_data_of(sheet, font, is_specimen=is_specimen, verification=None, qr_texts=()) for sheet in sheets]
    data = {**parts[0], "sheets": [_own_of(part) for part in parts]}
    issued_at = datetime.combine(sheets[0].mark.issued_on, time(), UTC)
    return _compile(data, font, format="pdf", pdf_standards=PDF_STANDARD, timestamp=int(issued_at.timestamp()))[0]


def _own_of(part: dict[str, Any]) -> dict[str, Any]:
    return {name: part[name] for name in part if name not in _SHARED}


def draw_pictures(
    sheet: Sheet,
    *,
    font: DocumentFont,
    is_specimen: bool,
    verification: Verification | None = None,
    qr_texts: tuple[str, ...] = (),
    resolution: int = PICTURE_RESOLUTION,
) -> tuple[bytes, ...]:
    """Return each page as PNG, for previews; raise as draw does."""
    data = _data_of(sheet, font, is_specimen=is_specimen, verification=verification, qr_texts=qr_texts)
    return _compile(data, font, format="png", ppi=resolution)


def require_sheet_drawable(sheet: Sheet, font: DocumentFont) -> None:
    """Refuse a sheet with a character the font cannot draw, before anything else is done with it.

    Raises:
        GlyphMissingError: naming the item, the position and the code points.
    """
    for item, text in content_of(sheet).texts():
        for line in text.splitlines():
            require_drawable(line, font, field=item)


def _data_of(
    sheet: Sheet,
    font: DocumentFont,
    *,
    is_specimen: bool,
    verification: Verification | None,
    qr_texts: tuple[str, ...],
) -> dict[str, Any]:
    require_sheet_drawable(sheet, font)
    return {
        **content_of(sheet).as_data(),
        "family": FAMILY,
        "is_specimen": is_specimen,
        "window": asdict(WINDOW),
        "verification": None
        if verification is None
        else {"code": verification.code_in_groups, "picture": _qr_picture(verification.payload)},
        "qr_pictures": [_qr_picture(text) for text in qr_texts],
    }


def _qr_picture(text: str) -> str:
    picture = io.BytesIO()
    segno.make_qr(text, error="m").save(picture, kind="svg", border=4, light="white", xmldecl=False, svgns=True)
    return picture.getvalue().decode()


def _compile(data: dict[str, Any], font: DocumentFont, **options: Any) -> tuple[bytes, ...]:  # noqa: ANN401 - the library's own options
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font.path.parent])
    try:
        made = typst.compile(
            _TEMPLATES / f"{data['form']}.typ",
            root=_TEMPLATES,
            font_paths=fonts,
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            **options,
        )
    except RuntimeError:  # of which the library's own error is one
        # The library's message may quote the data: only the place in the template is told.
        raise DrawingFailedError(f"The template {data['form']}.typ failed.") from None
    return tuple(_pages(made))


def _pages(made: object) -> Iterator[bytes]:
    if isinstance(made, bytes):
        yield made
    elif isinstance(made, list):
        yield from (page for page in made if isinstance(page, bytes))
