"""The part of a form about one who comes onto the register, once per person (異動する人)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from jukinet.domain.acts.entry import ForeignItems
from jukinet.domain.addresses import require_address
from jukinet.domain.identification import Sex
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.kana import require_kana
from jukinet.domain.names import PersonName, require_name
from jukinet.domain.resident_record import HOUSEHOLDER
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.municipal.web.cases import Asking, Case, Repeat
from jukinet.municipal.web.desk import plain_kana, plain_name
from jukinet.municipal.web.people import relationship_field
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when

PERSON: Final = Repeat("person", most=30)
JAPANESE, FOREIGN = "japanese", "foreign"
#: Act art. 30-45, and those who are born or lose the nationality here.
RESIDENCE_KINDS: Final = (
    "中長期在留者",
    "特別永住者",
    "一時庇護許可者",
    "仮滞在許可者",
    "出生による経過滞在者",
    "国籍喪失による経過滞在者",
)
_KIND: Final = "newcomer"
#: So far ahead six figures without an era are still understood.
_LONGEST_STAY: Final = timedelta(days=3660)


def person_fields(case: Case, number: int, *, needs_code: bool, begins: str) -> list[Field]:
    """Return the fields of one person, all but what others know."""
    ask = Asking(case, _KIND, PERSON.prefix(number))
    words = case.words
    sexes = [Choice(sex.value, words(f"sex.{sex.value}")) for sex in (Sex.MALE, Sex.FEMALE)]
    kinds = [Choice(kind, words(f"newcomer.citizenship.{kind}")) for kind in (JAPANESE, FOREIGN)]
    return [
        ask("name", read=read_name, begins=begins),
        ask("kana", read=read_kana, is_needed=case.form.text(f"{ask.prefix}citizenship") != FOREIGN),
        ask("birth_date", FieldKind.CIVIL_DATE),
        ask("sex", FieldKind.CHOICE, choices=sexes, read=Sex),
        relationship_field(ask),
        ask("code", is_needed=needs_code, is_numeric=True, is_short=True, read=ResidentRecordCode.parse),
        ask(
            "individual_number",
            is_needed=False,
            is_numeric=True,
            is_short=True,
            is_secret=True,
            read=IndividualNumber.parse,
        ),
        ask("citizenship", FieldKind.CHOICE, choices=kinds),
        *_japanese_fields(ask),
        *_foreign_fields(ask),
    ]


def _japanese_fields(ask: Asking) -> list[Field]:
    only = shown_when(f"{ask.prefix}citizenship", JAPANESE)
    return [
        ask("former_surname", is_needed=False, read=read_name, shown_when=only, is_short=True),
        ask("registered_domicile", read=read_domicile, shown_when=only),
        ask("first_listed_person", read=read_name, shown_when=only),
    ]


def _foreign_fields(ask: Asking) -> list[Field]:
    only = shown_when(f"{ask.prefix}citizenship", FOREIGN)
    kinds = [Choice(kind, kind) for kind in RESIDENCE_KINDS]
    return [
        ask("alias", is_needed=False, read=read_name, shown_when=only),
        ask("nationality", shown_when=only),
        ask("residence_kind", FieldKind.SELECT, choices=kinds, shown_when=only),
        ask("residence_status", is_needed=False, shown_when=only, is_short=True),
        ask("residence_period", is_needed=False, shown_when=only, is_short=True),
        ask(
            "residence_until",
            FieldKind.EXACT_DATE,
            is_needed=False,
            shown_when=only,
            today=ask.case.today + _LONGEST_STAY,
        ),
        ask("residence_card_number", is_needed=False, shown_when=only, is_short=True),
        ask("became_foreign_resident_on", FieldKind.EXACT_DATE, is_needed=False, shown_when=only),
    ]


def person_prefill(number: int) -> dict[str, str]:
    """Return what stands in the fields of a person when the form is opened."""
    prefix = PERSON.prefix(number)
    return {f"{prefix}citizenship": JAPANESE, **({f"{prefix}relationship": HOUSEHOLDER} if number == 1 else {})}


def person_name_of(part: Mapping[str, Any]) -> PersonName:
    """Return the name that a part of the form says."""
    return PersonName(
        name=part["name"],
        kana=part.get("kana") or "",
        former_surname=part.get("former_surname"),
        alias=part.get("alias"),
    )


def foreign_items_of(part: Mapping[str, Any], *, since: str) -> ForeignItems | None:
    """Return what the part says of a foreign resident; None for a Japanese. `since`: for a part without that day."""
    if part["citizenship"] != FOREIGN:
        return None
    until, became = part.get("residence_until"), part.get("became_foreign_resident_on")
    return ForeignItems(
        nationality=part["nationality"],
        became_foreign_resident_on=since if became is None else became.wire,
        residence_kind=part["residence_kind"],
        residence_status=part.get("residence_status"),
        residence_period=part.get("residence_period"),
        residence_until=None if until is None else until.wire,
        residence_card_number=part.get("residence_card_number"),
    )


def read_name(text: str) -> str:
    """Return a name as the register writes it; raise MalformedNameError."""
    name = plain_name(text)
    require_name(name, field="name")
    return name


def read_kana(text: str) -> str:
    """Return a reading as the register writes it; raise MalformedKanaError."""
    kana = plain_kana(text)
    require_kana(kana, field="kana")
    return kana


def read_domicile(text: str) -> str:
    """Return a registered domicile; raise MalformedAddressError."""
    require_address(text, field="registered_domicile")
    return text
