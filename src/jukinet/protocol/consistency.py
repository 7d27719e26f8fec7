"""M12, consistency checks (整合性確認): digests by block first, then only what differs, by the names of its items.

Digests are those of `domain.record_digest`. A block is a range of resident record codes, both ends included.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

#: Blocks, and residents, in one message at most.
MOST_BLOCKS: Final = 5_000
MOST_RESIDENTS: Final = 10_000

_Code = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{11}\Z")]
_Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_Text = Annotated[str, msgspec.Meta(max_length=2_000)]
_Short = Annotated[str, msgspec.Meta(max_length=100)]


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A range of resident record codes, how many residents are in it, and the digest over them in ascending order."""

    first: _Code
    last: _Code
    count: Annotated[int, msgspec.Meta(ge=0)]
    digest: _Digest


class ResidentDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One resident of a block that differs."""

    resident_record_code: _Code
    update_sequence: int
    digest: _Digest

    def __repr__(self) -> str:
        return "ResidentDigest(***)"


class BlockOfResidents(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every live resident of a range, one by one."""

    first: _Code
    last: _Code
    residents: Annotated[tuple[ResidentDigest, ...], msgspec.Meta(max_length=MOST_RESIDENTS)]

    def __repr__(self) -> str:
        return f"BlockOfResidents({len(self.residents)} residents)"


class IdentificationConsistencyCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A municipality asks its prefecture: which of these blocks differ, and who in those that are given one by one."""

    blocks: Annotated[tuple[Block, ...], msgspec.Meta(max_length=MOST_BLOCKS)] = ()
    residents: tuple[BlockOfResidents, ...] = ()


class IdentificationDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A resident whom the two hold differently."""

    resident_record_code: str
    #: What the prefecture's own record has come to; none where it has no such resident.
    update_sequence: int | None = None
    #: Whether the prefecture holds a live record of the sending municipality.
    is_live: bool

    def __repr__(self) -> str:
        return "IdentificationDifference(***)"


class IdentificationConsistencyAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Positions of the blocks that differ, and the residents that do."""

    differing_blocks: tuple[int, ...] = ()
    differences: tuple[IdentificationDifference, ...] = ()


class ResidentItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One live resident as the resident system has him or her, each item written as in a `ChangeRecord`."""

    resident_number: _Short
    resident_record_code: _Short
    individual_number: _Short | None = None
    name: _Text
    kana: _Text = ""
    former_surname: _Text | None = None
    alias: _Text | None = None
    birth_date: _Short
    sex: _Short
    address: _Text
    postal_code: _Short | None = None
    municipality: _Short | None = None
    characters: str = "unicode"

    def __repr__(self) -> str:
        return "ResidentItems(***)"


class ListedRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All live residents of a range; `is_sample` where some were left out, so that nobody is missing for it."""

    first: _Code
    last: _Code
    is_sample: bool = False
    residents: Annotated[tuple[ResidentItems, ...], msgspec.Meta(max_length=MOST_RESIDENTS)]

    def __repr__(self) -> str:
        return f"ListedRange({len(self.residents)} residents)"


class ResidentConsistencyCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The resident system asks: which of these blocks differ from what was taken in, and which of these residents."""

    blocks: Annotated[tuple[Block, ...], msgspec.Meta(max_length=MOST_BLOCKS)] = ()
    listed: tuple[ListedRange, ...] = ()


class ResidentDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A resident whom the two hold differently: `missing_here`, `missing_there` or `different`, in which items."""

    resident_number: str
    resident_record_code: str
    kind: str
    #: Names of the items that differ; never what stands in them.
    items: tuple[str, ...] = ()
    #: Why an item that was sent could not be compared.
    code: str | None = None

    def __repr__(self) -> str:
        return f"ResidentDifference(***, kind={self.kind!r})"


class ResidentConsistencyAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Positions of the blocks that differ, the residents that do, and how many records are still open."""

    differing_blocks: tuple[int, ...] = ()
    differences: tuple[ResidentDifference, ...] = ()
    #: Records not applied yet (kept, waiting, refused): a difference may be theirs.
    open_records: int = 0
