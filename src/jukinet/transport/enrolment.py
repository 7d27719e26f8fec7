"""Enrolment on one machine (登録): a node's directory with its key, certificate, trust and revocation list.

Where authority and node are apart, the same happens in two halves: the node makes its key and request, the
authority's operator certifies the request, and only the certificate travels back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography import x509

from jukinet.protocol.node_names import NodeName
from jukinet.transport.certificates import create_key, create_request, key_bytes, pem, read_key, request_bytes
from jukinet.transport.files import SECRET, make_directory, read_public, read_secret, write_atomically
from jukinet.transport.identity import IdentityPaths
from jukinet.transport.pki import CERTIFICATE_FILE, KEY_FILE, REVOCATION_LIST_FILE, NetworkAuthority

REQUEST_FILE: Final = "request.pem"


def node_directory(directory: Path, name: NodeName) -> Path:
    """Return where the node `name` is kept under the directory of the whole infrastructure."""
    return directory / "nodes" / name.text.replace("/", "-")


def request_for(directory: Path, name: NodeName) -> x509.CertificateSigningRequest:
    """Return a request for the key in `directory`, which is made on first use, and keep the request beside it.

    Raises:
        SecretUnreadableError: there is a key, but it cannot be read.
    """
    place = directory / KEY_FILE
    made = create_request(name, read_key(read_secret(place), place=place) if place.exists() else None)
    if not place.exists():
        make_directory(directory, mode=0o700)
        write_atomically(place, key_bytes(made.key), mode=SECRET)
    write_atomically(directory / REQUEST_FILE, request_bytes(made.request))
    return made.request


def enrol_node(authority: NetworkAuthority, name: NodeName, directory: Path) -> IdentityPaths:
    """Enrol a node of this machine; raise as NetworkAuthority.enrol does."""
    return install(authority, authority.enrol(request_for(directory, name), name), directory)


def renew_node(authority: NetworkAuthority, name: NodeName, directory: Path) -> IdentityPaths:
    """Renew the certificate of a node of this machine, for the key it has, so that one file changes.

    Raises:
        CertificateNotFoundError: as NetworkAuthority.renew does.
    """
    return install(authority, authority.renew(request_for(directory, name), name), directory)


def install(authority: NetworkAuthority, certificate: x509.Certificate, directory: Path) -> IdentityPaths:
    """Put a certificate, what it trusts and the newest revocation list into a node's directory."""
    paths = IdentityPaths.under(directory)
    write_atomically(paths.authority, pem(authority.certificate))
    write_atomically(directory / REVOCATION_LIST_FILE, read_public(authority.revocation_list_path))
    write_atomically(paths.certificate, pem(certificate, authority.certificate))
    return paths


def enrol_screens(authority: NetworkAuthority, directory: Path, hosts: Sequence[str]) -> tuple[Path, Path]:
    """Make a key and certificate for screens under `hosts`; return the paths of the certificate and the key."""
    certificate, key = directory / CERTIFICATE_FILE, directory / KEY_FILE
    made = read_key(read_secret(key), place=key) if key.exists() else create_key()
    make_directory(directory, mode=0o700)
    write_atomically(key, key_bytes(made), mode=SECRET)
    issued = authority.issue_screens_certificate(made.public_key(), hosts)
    write_atomically(certificate, pem(issued, authority.certificate))
    return certificate, key


def enrol_documents(authority: NetworkAuthority, name: NodeName, directory: Path) -> tuple[Path, Path]:
    """Make a key and certificate for signing documents; return the paths of the certificate and the key."""
    certificate, key = directory / CERTIFICATE_FILE, directory / KEY_FILE
    made = read_key(read_secret(key), place=key) if key.exists() else create_key()
    make_directory(directory, mode=0o700)
    write_atomically(key, key_bytes(made), mode=SECRET)
    issued = authority.issue_document_certificate(made.public_key(), name)
    write_atomically(certificate, pem(issued, authority.certificate))
    return certificate, key
