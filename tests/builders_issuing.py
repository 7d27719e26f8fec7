"""What tests of issued documents need: an office with a key of a network of its own, and requests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from jukinet.documents.signing import load_signer
from jukinet.domain.document_requests import DocumentKind, DocumentRequest, RequestGround
from jukinet.domain.notifications import IdentityCheck
from jukinet.municipal.document_office import DocumentOffice, issuer_of
from jukinet.protocol.node_names import NodeName
from jukinet.transport.enrolment import enrol_documents
from jukinet.transport.pki import create_network_authority, create_root
from tests.builders import NOW, SETAGAYA


def office_under(directory: Path, name: NodeName = SETAGAYA, **parts: Any) -> DocumentOffice:  # noqa: ANN401 - any part of it
    """Return the office of a municipality whose key was enrolled with a network of its own."""
    root = create_root(directory / "root", clock=lambda: NOW)
    authority = create_network_authority(directory / "network", root, clock=lambda: NOW)
    certificate, key = enrol_documents(authority, name, directory / "documents")
    return replace(DocumentOffice(issuer=issuer_of(name), signer=load_signer(key, certificate)), **parts)


def copy_request(number: int = 1, **items: Any) -> DocumentRequest:  # noqa: ANN401 - any item of it
    """Return a request for a copy of one person's record by that person, who showed a photo document."""
    base = DocumentRequest(
        kind=DocumentKind.PARTIAL_COPY,
        ground=RequestGround.OWN_HOUSEHOLD,
        resident_numbers=(number,),
        requester_number=number,
        identity_check=IdentityCheck.PHOTO_DOCUMENT,
    )
    return replace(base, **items)
