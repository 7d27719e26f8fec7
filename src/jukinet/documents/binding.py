"""The request a signed document belongs to, as its signature says: read right before it is handed over."""

from __future__ import annotations

from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from jukinet.documents.verification import Verification


def binding_text(verification: Verification, request_number: int) -> str:
    """Return what the signature says of a document: its number, its request, and the digest of what stands on it."""
    return f"{verification.number}/{request_number}/{verification.digest}"


def read_binding(content: bytes) -> str | None:
    """Return what the one signature of a PDF says; None of a file that is broken or not signed once."""
    try:
        signatures = PdfFileReader(BytesIO(content)).embedded_signatures
        reason = signatures[0].sig_object.get("/Reason") if len(signatures) == 1 else None
    except (PdfError, ValueError, KeyError, TypeError, IndexError):
        return None
    return None if reason is None else str(reason)
