"""Who signed: a node's certificate, issued by the authority that whoever checks trusts."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.audit.verifier.refusing import require
from jukinet.domain.errors import ProofRefusedError

_FIELD = "certificates"
_SCHEME = "jukinet://"


@dataclass(frozen=True, slots=True)
class Trust:
    """The authority of the network, by the SHA-256 fingerprint of its certificate, or of the root above it."""

    fingerprint: str

    @classmethod
    def of_certificate(cls, content: bytes) -> Trust:
        """Return trust in the first certificate of a PEM file."""
        return cls(_fingerprint(_read_chain(content.decode("ascii", errors="replace"))[0]))

    @classmethod
    def of_fingerprint(cls, text: str) -> Trust:
        """Return trust in the certificate with this fingerprint: 64 hexadecimal digits, however they are parted."""
        digits = "".join(letter for letter in text.lower() if letter not in ": \t\n-")
        require(len(digits) == 64 and set(digits) <= set("0123456789abcdef"), "Not a fingerprint.", "fingerprint")  # noqa: PLR2004 - of SHA-256, in hexadecimal digits
        return cls(digits)


def list_fingerprints(certificates: str) -> list[str]:
    """Return the fingerprints of what stands above the signer in a chain."""
    return [_fingerprint(certificate) for certificate in _read_chain(certificates)[1:]]


def require_signed(content: bytes, signature: str, certificates: str, *, at: datetime, trust: Trust) -> str:
    """Return the name of the node that signed; raise ProofRefusedError unless a trusted one did, at that time."""
    chain = _read_chain(certificates)
    require(len(chain) > 1, "The certificate of the authority is missing.", _FIELD)
    for certificate, issuer in pairwise(chain):
        _require_issued(certificate, issuer)
    require(trust.fingerprint in map(_fingerprint, chain[1:]), "The authority is not the trusted one.", _FIELD)
    signer = chain[0]
    valid = all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in chain)
    require(valid, "A certificate was not valid when this was signed.", _FIELD)
    key = signer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ProofRefusedError("The key is not ECDSA P-256.", field=_FIELD)
    try:
        key.verify(base64.b64decode(signature, validate=True), content, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise ProofRefusedError("The signature does not fit.", field="signature") from None
    return _node_name(signer)


def _require_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(issuer)
        is_authority = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        raise ProofRefusedError("The certificates do not belong together.", field=_FIELD) from None
    require(is_authority, "The issuer is not an authority.", _FIELD)


def _node_name(certificate: x509.Certificate) -> str:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        raise ProofRefusedError("The certificate names no node.", field=_FIELD) from None
    found = names.get_values_for_type(x509.UniformResourceIdentifier)
    is_node = x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH in usages
    require(is_node and len(found) == 1 and found[0].startswith(_SCHEME), "The certificate names no node.", _FIELD)
    return found[0].removeprefix(_SCHEME)


def _read_chain(certificates: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(certificates.encode())
    except ValueError:
        raise ProofRefusedError("There is no certificate in PEM.", field=_FIELD) from None


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()
