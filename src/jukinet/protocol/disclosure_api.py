"""What portals that show people their own information ask the national node: the bodies of its JSON API (`/v1/…`).

Closed forms: an unknown field is refused. Personal data stands in bodies alone, never in an address or a header.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from jukinet.protocol.person import DisclosedUse

_Code: TypeAlias = Annotated[
    str, Meta(pattern="^[0-9]{11}$", description="住民票コード, 11 digits.", examples=["90000000018"])
]
_SignedIn: TypeAlias = Annotated[
    str | None,
    Meta(description="住民票コード of who is signed in to the portal; absent: the person, and nobody for him or her."),
]
_Place: TypeAlias = Annotated[
    str | None, Meta(description="`after` of the page before; absent: from the newest use on.")
]


class UsesQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask who used a person's information (提供状況)."""

    resident_record_code: _Code
    signed_in: _SignedIn = None
    after: _Place = None
    limit: Annotated[int, Meta(ge=1, le=200, description="The most uses on the page.")] = 50

    def __repr__(self) -> str:
        return "UsesQuestion(***)"


class UsesAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Uses, newest first. What is lawfully withheld is neither among them nor counted until its term ends."""

    total: int
    uses: tuple[DisclosedUse, ...]
    #: Leads to the next page; None on the last.
    after: str | None

    def __repr__(self) -> str:
        return "UsesAnswer(***)"


class ProofQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask for the proof file of a person's uses (証明用ファイル)."""

    resident_record_code: _Code
    signed_in: _SignedIn = None

    def __repr__(self) -> str:
        return "ProofQuestion(***)"


class RecordQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask for a person's own identification information (自己の本人確認情報の開示)."""

    resident_record_code: _Code
    signed_in: _SignedIn = None
    #: Whether the person consents to be told other than in writing (Act (2015–) art. 30-32(2)).
    consents: bool

    def __repr__(self) -> str:
        return "RecordQuestion(***)"


class RecordAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A person's own identification information. That it was told stands on the use log before it leaves (I4)."""

    use_log_id: str
    name: str
    kana: str | None
    former_surname: str | None
    alias: str | None
    birth_date: str
    sex: str
    address: str
    individual_number: str | None
    resident_record_code: str
    change_reason: str
    changed_on: str
    is_removed: bool

    def __repr__(self) -> str:
        return "RecordAnswer(***)"
