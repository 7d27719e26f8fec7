"""A block of generated residents, column by column, and what it looks like as COPY text and as JSON lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jukinet.population.text_tables import Piece, joined_rows, optional

#: Columns of the national and prefectural tables, in the order of `Block.identification_copy`.
IDENTIFICATION_COLUMNS: Final = (
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "municipality",
    "address",
    "postal_code",
    "change_reason",
    "changed_on",
    "previous_resident_record_code",
    "update_sequence",
    "is_removed",
    "received_at",
)
#: Columns of the municipal register, in the order of `Block.register_copy`.
REGISTER_COLUMNS: Final = (
    "resident_number",
    "version",
    "household_number",
    "relationship",
    *(name for name in IDENTIFICATION_COLUMNS if name not in {"update_sequence", "received_at"}),
    "became_resident_on",
    "address_since_on",
    "nationality",
    "residence_status",
    "is_protected",
    "notified_on",
    "recorded_at",
    "recorded_by",
)
#: Columns of the municipal list of residents, in the order of `Block.resident_copy`.
RESIDENT_COLUMNS: Final = ("resident_number", "version", "resident_record_code", "update_sequence", "is_removed")

_NULL: Final = rb"\N"
_FALSE: Final = b"f"
_ONE: Final = b"1"


@dataclass(frozen=True, slots=True, repr=False)
class Column:
    """One item of every resident: pieces of text to be read one after the other, and who has it at all."""

    pieces: tuple[Piece, ...]
    #: None where every resident has the item.
    present: NDArray[np.bool_] | None = None
    #: What it is in JSON, where that is not a string of the same pieces.
    json: tuple[Piece, ...] | None = None

    def copy_pieces(self) -> tuple[Piece, ...]:
        """Return the pieces as COPY text."""
        return self.pieces if self.present is None else (*self.pieces, optional(self.present, b"", _NULL))

    def json_pieces(self) -> tuple[Piece, ...]:
        """Return the pieces as a JSON value."""
        if self.json is not None:
            return self.json
        if self.present is None:
            return (b'"', *self.pieces, b'"')
        return (optional(self.present, b'"', b"null"), *self.pieces, optional(self.present, b'"'))


_NOBODY: Final = Column((_NULL,))


@dataclass(frozen=True, slots=True, repr=False)
class Block:
    """Up to 10,000 generated residents of one municipality, whole households."""

    municipality: str
    #: Position of the block, from 0.
    number: int
    #: Resident number (宛名番号) of the first; they count upwards.
    first_resident_number: int
    size: int
    columns: Mapping[str, Column] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Show whose block it is, not who is in it."""
        return f"Block(municipality={self.municipality}, number={self.number}, size={self.size})"

    def identification_copy(self, *, received_at: datetime) -> bytes:
        """Return COPY text of the identification information (本人確認情報): `IDENTIFICATION_COLUMNS`."""
        return self._copy(IDENTIFICATION_COLUMNS, received_at=_instant(received_at))

    def register_copy(self, *, recorded_at: datetime, recorded_by: str) -> bytes:
        """Return COPY text of the municipal register, first versions: `REGISTER_COLUMNS`.

        Raises:
            ValueError: `recorded_by` is not plain ASCII letters, digits, hyphens and underscores.
        """
        if not recorded_by.replace("-", "").replace("_", "").isalnum() or not recorded_by.isascii():
            message = "recorded_by is a plain identifier"
            raise ValueError(message)
        return self._copy(REGISTER_COLUMNS, recorded_at=_instant(recorded_at), recorded_by=recorded_by.encode())

    def resident_copy(self) -> bytes:
        """Return COPY text of the municipal list of residents: `RESIDENT_COLUMNS`."""
        return self._copy(RESIDENT_COLUMNS)

    def json_lines(self) -> bytes:
        """Return one JSON object per line, with every item of the resident."""
        pieces: list[Piece] = []
        for position, (name, column) in enumerate(self.columns.items()):
            pieces.append(("," if position else "{").encode() + f'"{name}":'.encode())
            pieces.extend(column.json_pieces())
        alias = self.columns["alias"]
        present = np.ones(self.size, dtype=np.bool_) if alias.present is None else alias.present
        pieces.extend(
            (
                b',"alias_history":[',
                optional(present, b'{"alias":"'),
                *alias.pieces,
                optional(present, f'","municipality":"{self.municipality}","recorded_on":"'.encode()),
                np.where(present, self._values("became_resident_on"), b""),
                optional(present, b'"}'),
                b"]}\n",
            )
        )
        return joined_rows(pieces, self.size)

    def _values(self, name: str) -> NDArray[np.bytes_]:
        (piece,) = self.columns[name].pieces
        return np.asarray(piece, dtype=np.bytes_)

    def _copy(self, names: tuple[str, ...], **constants: bytes) -> bytes:
        """Return COPY text: what is neither a column of the block nor given is a first entry's."""
        known = {
            **self.columns,
            "version": Column((_ONE,)),
            "update_sequence": Column((_ONE,)),
            "is_removed": Column((_FALSE,)),
            **{name: Column((value,)) for name, value in constants.items()},
        }
        pieces: list[Piece] = []
        for name in names:
            pieces.extend((*known.get(name, _NOBODY).copy_pieces(), b"\t"))
        pieces[-1] = b"\n"
        return joined_rows(pieces, self.size)


def _instant(instant: datetime) -> bytes:
    if instant.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return instant.isoformat().encode()
