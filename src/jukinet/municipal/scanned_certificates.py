"""Reading the codes of a move-out certificate (転出証明書) that another municipality of this network signed."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography import x509

from jukinet.documents.move_out_data import read_move_out_data
from jukinet.documents.move_out_items import MoveOutData
from jukinet.domain.errors import CertificateNotTrustedError
from jukinet.transport.revocation import RevocationList


def read_certificate(texts: Sequence[str], *, authority: x509.Certificate, revocations: RevocationList) -> MoveOutData:
    """Return what the codes say.

    Raises:
        MalformedDocumentCodeError: or one of its kind, as `read_move_out_data`.
        BadSignatureError, CertificateNotTrustedError: it was not signed by the municipality it names.
    """
    found = read_move_out_data(texts, authorities=[authority])
    if revocations.is_revoked(found.certificate.serial_number):
        raise CertificateNotTrustedError("The signer's certificate is revoked.", field="document_code")
    return found.data
