"""Signed documents: PAdES signatures with a municipality's key, and what became of a signed file.

A signature covers the whole file, so that one changed byte shows. The certificates up to the network's authority
are embedded; whoever checks gives the authorities to trust and the instant of the check. Both functions are plain
and run their own event loop within: call them in a thread from asynchronous code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from jukinet.domain.errors import CertificateNotTrustedError, MalformedNodeNameError, SecretUnreadableError
from jukinet.protocol.node_names import NodeName

FIELD_NAME: Final = "Issuer"
_URI: Final = x509.UniformResourceIdentifier
_USAGE: Final = KeyUsageConstraints(key_usage={"digital_signature"})


@dataclass(frozen=True, slots=True)
class Signer:
    """A municipality's key and its certificate, with those up to the authority that vouches for it."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: ec.EllipticCurvePrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of a file that says it was issued by a municipality."""

    #: It carries one signature.
    is_signed: bool
    #: The signature belongs to these bytes.
    is_intact: bool = False
    #: Nothing was added after the signature.
    is_whole: bool = False
    #: An authority that was given vouches for the signer.
    is_trusted: bool = False
    #: The name of the node that signed, such as municipal/131121; of a trusted signature only.
    signer: str | None = None

    @property
    def is_genuine(self) -> bool:
        """Return whether the file is as it was issued, by a municipality of the network."""
        return self.is_signed and self.is_intact and self.is_whole and self.is_trusted


def load_signer(key_path: Path, certificate_path: Path) -> Signer:
    """Return the signer whose key and certificates lie at these paths, in PEM.

    Raises:
        SecretUnreadableError: a file is missing or is not what it should be.
        CertificateNotTrustedError: key and certificate do not belong together.
    """
    try:
        key = serialization.load_pem_private_key(key_path.read_bytes(), password=None)
        certificate, *chain = x509.load_pem_x509_certificates(certificate_path.read_bytes())
    except (OSError, ValueError, TypeError):
        raise SecretUnreadableError(f"{key_path} or {certificate_path} cannot be read as PEM.") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SecretUnreadableError(f"{key_path} is not an ECDSA key.")
    if certificate.public_key() != key.public_key():
        raise CertificateNotTrustedError(f"{certificate_path} is not the certificate of the key {key_path}.")
    return Signer(certificate=certificate, chain=tuple(chain), key=key)


def sign(pdf: bytes, signer: Signer, *, signed_at: datetime, reason: str) -> bytes:
    """Return the document with the municipality's signature over all of it."""
    node = find_signer_name(signer.certificate)
    metadata = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        reason=reason,
        name=node,
        certify=True,
        subfilter=SigSeedSubFilter.PADES,
        signer_key_usage={"digital_signature"},
    )
    key = signer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library's class has no annotations
    registry.register_multiple([_asn1(part) for part in signer.chain])
    own = SimpleSigner(
        signing_cert=_asn1(signer.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=registry,
    )
    signed = BytesIO()
    _SignerAtInstant(metadata, own, signed_at).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=signed)
    return signed.getvalue()


def verify_signed(pdf: bytes, authorities: Sequence[x509.Certificate], *, at: datetime) -> Verdict:
    """Return what is known of a file, trusting these authorities at the instant `at`; a broken file is not intact.

    Whether the signer's certificate was revoked is for the caller to look up.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return Verdict(is_signed=False)
        context = ValidationContext(
            trust_roots=[_asn1(authority) for authority in authorities], moment=at, revocation_mode="soft-fail"
        )
        status = validate_pdf_signature(signatures[0], context, key_usage_settings=_USAGE)
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError):
        return Verdict(is_signed=True)
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    return Verdict(
        is_signed=True,
        is_intact=bool(status.intact and status.valid),
        is_whole=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        is_trusted=bool(status.trusted),
        signer=find_signer_name(certificate) if status.trusted else None,
    )


def find_signer_name(certificate: x509.Certificate) -> str | None:
    """Return the name of the node a certificate is for; None where it is no node's."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    try:
        return next((NodeName.from_uri(uri).text for uri in names.get_values_for_type(_URI)), None)
    except MalformedNodeNameError:
        return None


class _SignerAtInstant(PdfSigner):
    """Sign as of a given instant: the library would read the machine's clock."""

    def __init__(self, metadata: PdfSignatureMetadata, signer: SimpleSigner, signed_at: datetime) -> None:
        super().__init__(metadata, signer)
        self._signed_at: Final = signed_at

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002 - the library's signature
    ) -> PdfSigningSession:
        """Begin to sign at the given instant."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._signed_at
        return session


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
