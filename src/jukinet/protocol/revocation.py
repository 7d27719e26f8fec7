"""The list of revoked certificates, handed on by the national node to every node that asks (RFC 5280 CRL, PEM)."""

from __future__ import annotations

import msgspec


class RevocationListRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for the newest list."""


class RevocationListAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The newest list, signed by the network's certification authority."""

    revocation_list: str
