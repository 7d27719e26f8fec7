"""The earlier records of those who come (以前の住民票): looked for before they are entered; the clerk decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    AnotherPersonsCodeError,
    FormerRecordNotFoundError,
    MissingItemError,
    PeerError,
    PeerUnreachableError,
    TooManyFormerRecordsError,
)
from jukinet.domain.further_items import read_further_items
from jukinet.domain.identification import Sex
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.usecases.find_former_record import FoundRecord, Sought, find_former_record
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.cases import Asking, Case
from jukinet.municipal.web.desk import plain_name
from jukinet.municipal.web.newcomers import PERSON
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when
from jukinet.operator_web.naming import receiver_title

#: The choice that none of the records found is this person's.
SOMEBODY_ELSE: Final = "else"
_KIND: Final = "former_record"
_LONGEST_RESIDENCE: Final = 4


class KeptRecord(msgspec.Struct, frozen=True):
    """What the form carries of an earlier record; no Individual Number."""

    code: str
    name: str
    municipality: str
    is_removed: bool
    residence: int

    def __repr__(self) -> str:
        return "KeptRecord(***)"


class KeptSearch(msgspec.Struct, frozen=True):
    """What was looked for, and what was found."""

    sought: str
    records: tuple[KeptRecord, ...] = ()
    #: False where the nation could not be asked, and the certificate says enough.
    is_answered: bool = True

    def __repr__(self) -> str:
        return "KeptSearch(***)"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one person's earlier record."""

    record: KeptRecord | None = field(repr=False)
    #: Why none of those found is this person's.
    reason: str | None = field(default=None, repr=False)


def former_record_fields(case: Case, number: int) -> list[Field]:
    """Return what was found of a person, and the choice where the clerk has to decide."""
    ask = Asking(case, _KIND, PERSON.prefix(number))
    kept = _kept(case.form.text(f"{ask.prefix}found"))
    fields = [
        ask("found", FieldKind.CARRIED, is_needed=False),
        ask("residence_read", FieldKind.CARRIED, is_needed=False, read=_read_residence),
        ask("further_items", FieldKind.CARRIED, is_needed=False, read=_read_further),
    ]
    if kept is not None and not kept.is_answered:
        if case.form.text(f"{ask.prefix}residence_read"):
            return fields
        residence = ask("residence", is_numeric=True, is_short=True, read=_read_residence)
        return [*fields, residence]
    if kept is None or not kept.records or _is_plain(case, number, kept):
        return fields
    words = case.words
    choices = [
        Choice(
            one.code,
            words("former_record.same.choice", name=one.name, code=f"…{one.code[-4:]}"),
            words(
                "former_record.where" if one.is_removed else "former_record.where_live",
                municipality=receiver_title(f"municipal/{one.municipality}", words.language),
            ),
        )
        for one in kept.records
    ]
    choices.append(Choice(SOMEBODY_ELSE, words("former_record.else")))
    name = f"{ask.prefix}same"
    return [
        *fields,
        ask("same", FieldKind.CHOICE, choices=choices),
        ask("else_reason", shown_when=shown_when(name, SOMEBODY_ELSE)),
    ]


async def find_of(case: Case, number: int, *, procedure: Procedure, may_be_unanswered: bool) -> dict[str, str]:
    """Look for the person's earlier record, once for what is typed; return what to put into the form.

    Raises:
        AnotherPersonsCodeError, TooManyFormerRecordsError: naming the field to look at again.
        PeerError: the nation cannot be asked.
    """
    prefix = PERSON.prefix(number)
    part = case.part(PERSON, number)
    sought = _sought_text(part)
    kept = _kept(case.form.text(f"{prefix}found"))
    if kept is not None and kept.sought == sought:
        return {}
    try:
        found = await _ask(case, part, procedure)
    except FormerRecordNotFoundError:
        if part["code"] is not None:
            raise AnotherPersonsCodeError(field=f"{prefix}code") from None
        found = ()
    except TooManyFormerRecordsError:
        raise TooManyFormerRecordsError(field=f"{prefix}code") from None
    except PeerError:
        if part["code"] is None or not may_be_unanswered:
            raise
        return {f"{prefix}found": _text(KeptSearch(sought, is_answered=False)), f"{prefix}same": ""}
    search = KeptSearch(sought, tuple(_keep(one) for one in found))
    return {f"{prefix}found": _text(search), f"{prefix}same": ""}


def needs_decision(case: Case, number: int, found: Mapping[str, str]) -> bool:
    """Return whether what was just found of a person has to be looked at."""
    kept = _kept(found.get(f"{PERSON.prefix(number)}found", ""))
    if kept is not None and not kept.is_answered:
        return not case.form.text(f"{PERSON.prefix(number)}residence_read")
    return kept is not None and bool(kept.records) and not _is_plain(case, number, kept)


def decided_of(case: Case, number: int) -> Decided:
    """Return what was decided: the only record of the code typed, the one chosen, or none."""
    prefix = PERSON.prefix(number)
    kept = _kept(case.form.text(f"{prefix}found"))
    if kept is None or not kept.records:
        return Decided(None)
    if _is_plain(case, number, kept):
        return Decided(kept.records[0])
    chosen = case.form.text(f"{prefix}same")
    record = next((one for one in kept.records if one.code == chosen), None)
    if record is None and case.form.text(f"{prefix}code"):
        # It was mistyped, or the certificate is wrong.
        raise AnotherPersonsCodeError(field=f"{prefix}code")
    return Decided(record, None if record else case.form.text(f"{prefix}else_reason"))


async def find_again(case: Case, code: str, *, procedure: Procedure, act: Act) -> FoundRecord | None:
    """Return the record as it is at this moment, with its Individual Number; None where the nation cannot be asked."""
    if case.desk.client is None:
        return None
    sought = Sought(procedure=procedure, resident_record_code=ResidentRecordCode(code))
    try:
        found = await find_former_record(sought=sought, client=case.desk.client, database=case.desk.database, act=act)
    except PeerError:
        return None
    return found[0]


async def _ask(case: Case, part: Mapping[str, Any], procedure: Procedure) -> tuple[FoundRecord, ...]:
    client = case.desk.client
    if client is None:
        raise PeerUnreachableError
    code: ResidentRecordCode | None = part["code"]
    birth_date: CivilDate = part["birth_date"]
    sex: Sex = part["sex"]
    sought = (
        Sought(procedure=procedure, name=part["name"], birth_date=birth_date, sex=sex)
        if code is None
        else Sought(procedure=procedure, resident_record_code=code)
    )
    act = case.desk.act_of(case.visit, case.form.text("form_number"))
    return await find_former_record(sought=sought, client=client, database=case.desk.database, act=act)


def _is_plain(case: Case, number: int, kept: KeptSearch) -> bool:
    """Return whether nothing has to be decided: the code typed is of a person of this name."""
    prefix = PERSON.prefix(number)
    if not case.form.text(f"{prefix}code") or len(kept.records) != 1:
        return False
    return kept.records[0].name == plain_name(case.form.text(f"{prefix}name"))


def _sought_text(part: Mapping[str, Any]) -> str:
    code: ResidentRecordCode | None = part["code"]
    return code.value if code is not None else f"{part['name']}|{part['birth_date'].wire}|{part['sex'].value}"


def _keep(found: FoundRecord) -> KeptRecord:
    record = found.record
    return KeptRecord(
        code=record.resident_record_code,
        name=record.name,
        municipality=record.municipality,
        is_removed=record.is_removed,
        residence=found.next_residence,
    )


def _read_further(text: str) -> str | None:
    """Return the further items that the certificate carried; raise MalformedRequestError."""
    return read_further_items(text).text


def _read_residence(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_RESIDENCE:
        raise MissingItemError(field="residence")
    return int(text)


def _text(search: KeptSearch) -> str:
    return msgspec.json.encode(search).decode()


def _kept(text: str) -> KeptSearch | None:
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=KeptSearch)
    except msgspec.DecodeError:
        return None
