"""What of a record leaves: the items asked for and allowed, and nothing else (I5)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_results import state_of
from jukinet.domain.stated_items import Compared, StatedPerson
from jukinet.protocol.confirmation import Agreements, ConfirmedPerson, StatedItems


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """The present record of somebody, as far as an answer may need it."""

    resident_record_code: str = field(repr=False)
    name: str = field(repr=False)
    kana: str = field(repr=False)
    former_surname: str | None = field(repr=False)
    alias: str | None = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    municipality: str = field(repr=False)
    address: str = field(repr=False)
    reason: str
    changed_on: str = field(repr=False)
    is_removed: bool
    individual_number: str | None = field(repr=False)
    #: Whether a change of this person is in quarantine, or waits behind one.
    is_stopped: bool


def provide_items(record: FoundRecord, items: AbstractSet[ProvisionItem]) -> ConfirmedPerson:
    """Return these items of the record."""
    has_name, has_change = ProvisionItem.NAME in items, ProvisionItem.CHANGE in items
    return ConfirmedPerson(
        name=record.name if has_name else None,
        kana=record.kana if has_name else None,
        former_surname=record.former_surname if has_name else None,
        alias=record.alias if has_name else None,
        birth_date=record.birth_date if ProvisionItem.BIRTH_DATE in items else None,
        sex=record.sex if ProvisionItem.SEX in items else None,
        address=record.address if ProvisionItem.ADDRESS in items else None,
        reason=record.reason if has_change else None,
        changed_on=record.changed_on if has_change else None,
        is_removed=record.is_removed if has_change else None,
        individual_number=record.individual_number if ProvisionItem.INDIVIDUAL_NUMBER in items else None,
        resident_record_code=record.resident_record_code if ProvisionItem.RESIDENT_RECORD_CODE in items else None,
    )


def state_to_tell(record: FoundRecord, items: AbstractSet[ProvisionItem]) -> str | None:
    """Return how the record stands: part of the change information, but that it may be out of date is always told."""
    if ProvisionItem.CHANGE not in items and not record.is_stopped:
        return None
    return state_of(is_removed=record.is_removed, reason=record.reason, is_stopped=record.is_stopped).value


def compared_items(stated: StatedItems) -> frozenset[ProvisionItem]:
    """Return which items a comparison is about."""
    found: set[ProvisionItem] = set()
    if stated.name is not None or stated.kana is not None:
        found.add(ProvisionItem.NAME)
    if stated.birth_date is not None:
        found.add(ProvisionItem.BIRTH_DATE)
    if stated.sex is not None:
        found.add(ProvisionItem.SEX)
    if stated.address is not None:
        found.add(ProvisionItem.ADDRESS)
    return frozenset(found)


def agreements_of(compared: Compared) -> Agreements:
    """Return a comparison as it is answered."""
    return Agreements(
        name=compared.name.value,
        kana=compared.kana.value,
        birth_date=compared.birth_date.value,
        sex=compared.sex.value,
        address=compared.address.value,
    )


def compare(stated: StatedPerson, record: FoundRecord) -> Agreements:
    """Return how what was stated agrees with the record as it stands."""
    return agreements_of(stated.compare(record))
