"""Provision to local governments (Appended Tables 2 to 5): a municipality asks its prefecture, a prefecture the nation.

What lies in the prefecture's hand – residents of its own – the prefectural node answers and logs; of others' residents
the question goes on to the national node, which answers and logs.
Source: Act (–2015) art. 30-7(4)–(6), 30-8; Act (2015–) art. 30-10 to 30-15.
"""

from __future__ import annotations

import msgspec

from jukinet.protocol.confirmation import ConfirmationQuery


class LocalGrantsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask what a local government may be given today."""

    #: 全国地方公共団体コード of a municipality of the prefecture that asks; empty: the sender itself.
    municipality: str = ""


class LocalConfirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A question about a resident of another prefecture, handed on to the nation."""

    query: ConfirmationQuery
    #: 全国地方公共団体コード of the municipality that asks through this prefecture; empty: the prefecture itself.
    municipality: str = ""

    def __repr__(self) -> str:
        return "LocalConfirmation(***)"
