"""One version of a resident record (住民票): every item of Act art. 7 and art. 30-45, as the register keeps it.

A version is never changed: what happens next is the next version. Texts are wire forms, checked where they came in.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

#: The relationship of the householder.
HOUSEHOLDER: Final = "世帯主"


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """One version, its columns in the order of the table; what is personal is not in `repr`."""

    resident_number: int
    version: int
    household_number: int
    relationship: str = field(repr=False)
    resident_record_code: str = field(repr=False)
    individual_number: str | None = field(repr=False)
    name: str = field(repr=False)
    kana: str = field(repr=False)
    former_surname: str | None = field(repr=False)
    alias: str | None = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    municipality: str
    address: str = field(repr=False)
    postal_code: str | None = field(repr=False)
    #: 異動事由 and 異動年月日 as last notified upward (変更情報); a version that is only local carries them on.
    change_reason: str
    changed_on: str = field(repr=False)
    previous_resident_record_code: str | None = field(repr=False)
    is_removed: bool
    became_resident_on: str = field(repr=False)
    address_since_on: str = field(repr=False)
    nationality: str | None = field(repr=False)
    residence_status: str | None = field(repr=False)
    is_protected: bool = field(repr=False)
    notified_on: date | None
    recorded_at: datetime
    recorded_by: str
    #: The act this version came from; none for the initial load.
    act_number: int | None = None
    #: ActReason value and date of this version itself; none for the initial load.
    act_reason: str | None = None
    acted_on: str | None = field(default=None, repr=False)
    #: The update sequence this version went up with; none where it stayed local.
    update_sequence: int | None = None
    #: 本籍 and 筆頭者; 従前の住所.
    registered_domicile: str | None = field(default=None, repr=False)
    first_listed_person: str | None = field(default=None, repr=False)
    previous_address: str | None = field(default=None, repr=False)
    #: 転出予定年月日 and 転出先（予定）; what the move-in notice confirmed; the day that notice came (転入通知日).
    planned_move_out_on: str | None = field(default=None, repr=False)
    planned_move_out_to: str | None = field(default=None, repr=False)
    confirmed_move_out_on: str | None = field(default=None, repr=False)
    confirmed_move_out_to: str | None = field(default=None, repr=False)
    move_in_noticed_on: date | None = None
    is_moving_abroad: bool = False
    #: Who will be householder of those who stay once the move-out takes effect, as JSON text (`households.Succession`).
    planned_succession: str | None = field(default=None, repr=False)
    #: Art. 30-45: 外国人住民となった年月日, the kind of residence, 在留期間, its last day, the number of the card.
    became_foreign_resident_on: str | None = field(default=None, repr=False)
    residence_kind: str | None = field(default=None, repr=False)
    residence_period: str | None = field(default=None, repr=False)
    residence_until: str | None = field(default=None, repr=False)
    residence_card_number: str | None = field(default=None, repr=False)
    #: Items (ix) to (xiv) of art. 7 and the history of aliases, as JSON text (`domain.further_items`).
    further_items: str | None = field(default=None, repr=False)

    @property
    def is_householder(self) -> bool:
        """Return whether this is the householder (世帯主)."""
        return self.relationship == HOUSEHOLDER

    @property
    def is_moving_out(self) -> bool:
        """Return whether a move-out was notified and has not taken effect (転出予定者)."""
        return self.planned_move_out_on is not None and not self.is_removed

    @property
    def is_foreign(self) -> bool:
        """Return whether this is a foreign resident (外国人住民)."""
        return self.nationality is not None

    def as_parameters(self) -> dict[str, Any]:
        """Return the columns by name."""
        return asdict(self)


#: The columns of a version, in the order of its fields.
RECORD_COLUMNS: Final = tuple(item.name for item in fields(ResidentRecord))
