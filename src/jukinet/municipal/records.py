"""What goes up of a resident record (住民票): the statutory items, nothing else (I1)."""

from __future__ import annotations

from jukinet.domain.resident_record import ResidentRecord
from jukinet.protocol.identification import IdentificationNotice


def notice_of(record: ResidentRecord, update_sequence: int) -> IdentificationNotice:
    """Return the notice of this version."""
    return IdentificationNotice(
        resident_record_code=record.resident_record_code,
        individual_number=record.individual_number,
        name=record.name,
        kana=record.kana,
        former_surname=record.former_surname,
        alias=record.alias,
        birth_date=record.birth_date,
        sex=record.sex,
        municipality=record.municipality,
        address=record.address,
        postal_code=record.postal_code,
        reason=record.change_reason,
        changed_on=record.changed_on,
        previous_resident_record_code=record.previous_resident_record_code,
        update_sequence=update_sequence,
    )
