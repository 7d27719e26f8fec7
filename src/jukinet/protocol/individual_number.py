"""M17, Individual Numbers (個人番号とすべき番号): a municipality asks by resident record code, the nation answers.

Source: Individual Number Act art. 7(1)(2), 8; Individual Number Act Order art. 7, 8.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

#: The most residents one request may ask for.
MOST_RESIDENTS: int = 1000
_MOST_CHANGES: int = 100


class IndividualNumberChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for another number, because the present one is suspected of misuse (番号法第7条第2項)."""

    #: 住民票コード, 11 digits.
    resident_record_code: str
    #: The number that is given up. If the nation has replaced it already, it answers what it gave then.
    replaced_individual_number: str

    def __repr__(self) -> str:
        return "IndividualNumberChange(***)"


class IndividualNumberRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for the numbers of residents who have none yet, and for others in place of misused ones.

    Asking again for the same code is answered with the same number.
    """

    #: 住民票コード, 11 digits each.
    resident_record_codes: Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_RESIDENTS)] = ()
    changes: Annotated[tuple[IndividualNumberChange, ...], msgspec.Meta(max_length=_MOST_CHANGES)] = ()

    def __repr__(self) -> str:
        return f"IndividualNumberRequest({len(self.resident_record_codes)} codes, {len(self.changes)} changes)"


class AllottedIndividualNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answer for one resident: the number, or the stable code of why there is none."""

    resident_record_code: str
    #: 個人番号, 12 digits.
    individual_number: str | None = None
    error_code: str | None = None

    def __repr__(self) -> str:
        return "AllottedIndividualNumber(***)"


class IndividualNumberAllotment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answer per resident asked for: the codes in their order, then the changes in theirs."""

    answers: tuple[AllottedIndividualNumber, ...]

    def __repr__(self) -> str:
        return f"IndividualNumberAllotment({len(self.answers)} residents)"
