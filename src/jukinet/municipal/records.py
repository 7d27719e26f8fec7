"""One version of a resident record (住民票) as the register keeps it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from jukinet.protocol.identification import IdentificationNotice


@dataclass(frozen=True, slots=True)
class ResidentVersion:
    """One version, its columns in the order of the table. Texts are wire forms; what is personal is not in `repr`."""

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

    def as_parameters(self) -> dict[str, Any]:
        """Return the columns by name."""
        return asdict(self)

    def notice(self, update_sequence: int) -> IdentificationNotice:
        """Return what goes up of this version: the statutory items, nothing else (I1)."""
        return IdentificationNotice(
            resident_record_code=self.resident_record_code,
            individual_number=self.individual_number,
            name=self.name,
            kana=self.kana,
            former_surname=self.former_surname,
            alias=self.alias,
            birth_date=self.birth_date,
            sex=self.sex,
            municipality=self.municipality,
            address=self.address,
            postal_code=self.postal_code,
            reason=self.change_reason,
            changed_on=self.changed_on,
            previous_resident_record_code=self.previous_resident_record_code,
            update_sequence=update_sequence,
        )
