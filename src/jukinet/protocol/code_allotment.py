"""M10, allotment of resident record codes (住民票コードの指定): municipality → prefecture → nation, which draws them.

The answer comes back the same way while the question waits. An answer that is lost leaves its codes unused.

Source: Act (–2015) art. 30-7(1)(2); Act (2015–) art. 30-2; Regulation (–2015) art. 14.
"""

from __future__ import annotations

import msgspec


class CodeAllotmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for codes to give to residents who never had one."""

    #: How many codes, 1 to 10,000.
    quantity: int


class CodeAllotmentForwarding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A prefecture hands on what a municipality of its area asks for."""

    #: 全国地方公共団体コード of the municipality, 6 digits.
    municipality: str
    #: How many codes, 1 to 10,000.
    quantity: int


class CodeAllotment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The codes this municipality may use from now on. No other municipality ever gets them (I7)."""

    resident_record_codes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"CodeAllotment({len(self.resident_record_codes)} codes)"
