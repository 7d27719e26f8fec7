"""The form of a query: its fields for one affair, and the query that was typed into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import InvalidValueError, MissingItemError
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.provision_channels import Channel
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.operator_web.fields import Choice, Field, FieldKind, read_fields, shown_when
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.language import Words
from jukinet.protocol.confirmation import ConfirmationQuery, StatedItems
from jukinet.protocol.grants import GrantedAffair
from jukinet.protocol.person_search import PersonSearchQuery

NUMBER: Final = "number"
SEARCH: Final = "search"
VERIFICATION: Final = "verification"
_WAYS: Final = (NUMBER, SEARCH, VERIFICATION)
_WAYS_BY_NUMBER: Final = (NUMBER, VERIFICATION)
_LONGEST_TEXT: Final = 200
_SEXES: Final = ("1", "2")
_ITEMS_OF_A_SEARCH: Final = 2
_NUMBERS: Final = ("resident_record_code", "individual_number")


def fields_of(affair: GrantedAffair, words: Words, *, can_search: bool = True) -> list[Field]:
    """Return the fields of a query for this affair: only its items and its offices are there to choose."""
    ways = _WAYS if can_search else _WAYS_BY_NUMBER
    return [*_who(words, ways), *_stated(words), *_what(affair, words), *_why(affair, words)]


def fresh_form(affair: GrantedAffair) -> Form:
    """Return the form as it is first shown: the fewest items ticked, and what follows from the affair filled in."""
    least = ProvisionItem.CHANGE.value if ProvisionItem.CHANGE.value in affair.items else affair.items[0]
    typed = {"way": NUMBER, "affair": affair.affair, f"items-{least}": "on", "purpose": affair.text[:_LONGEST_TEXT]}
    if len(affair.offices) == 1:
        typed["office"] = affair.offices[0]
    return Form(typed)


def read_query(
    fields: Sequence[Field], form: Form, affair: GrantedAffair, official: str
) -> ConfirmationQuery | PersonSearchQuery | None:
    """Return the query that was typed; None, and problems of the form, where it is none."""
    values = read_fields(fields, form)
    way = values["way"]
    can_search = any(choice.value == SEARCH for one in fields if one.name == "way" for choice in one.choices)
    _require_enough(values, form, way, can_search=can_search)
    if form.problems:
        return None
    ground: dict[str, Any] = {
        "affair": affair.affair,
        "purpose": values["purpose"],
        "matter_number": values["matter_number"],
        "office": values["office"] or "",
        "official": official,
    }
    if values.get("consented_on") is not None:
        ground["consented_on"] = values["consented_on"].isoformat()
    numbers = {name: values[name] for name in _NUMBERS}
    is_by_number = any(numbers.values())
    items = None if way == VERIFICATION else values["items"]
    if way == SEARCH or not is_by_number:
        return PersonSearchQuery(
            stated=_stated_items(values),
            is_kana_prefix=bool(values["is_kana_prefix"]),
            items=items,
            is_verification=way == VERIFICATION,
            **ground,
        )
    stated = _stated_items(values) if way == VERIFICATION else None
    return ConfirmationQuery(**numbers, items=items, stated=stated, **ground)


def _who(words: Words, ways: Sequence[str]) -> list[Field]:
    by_number = shown_when("way", NUMBER, VERIFICATION)
    return [
        Field(
            name="way",
            label=words("ask.way"),
            kind=FieldKind.CHOICE,
            choices=[Choice(way, words(f"ask.way.{way}"), words(f"ask.way.{way}.note")) for way in ways],
            begins=words("ask.who"),
            has_focus=True,
        ),
        Field(
            name="resident_record_code",
            label=words("ask.code"),
            hint=words("ask.code.hint"),
            is_needed=False,
            is_short=True,
            is_numeric=True,
            shown_when=by_number,
            read=lambda text: ResidentRecordCode.parse(text).value,
        ),
        Field(
            name="individual_number",
            label=words("ask.number"),
            hint=words("ask.number.hint"),
            is_needed=False,
            is_short=True,
            is_numeric=True,
            shown_when=by_number,
            read=lambda text: IndividualNumber.parse(text).value,
        ),
    ]


def _stated(words: Words) -> list[Field]:
    when = shown_when("way", SEARCH, VERIFICATION)
    sexes = [Choice(sex, words(f"sex.{sex}")) for sex in _SEXES]
    return [
        Field(name="name", label=words("item.name"), hint=words("ask.name.hint"), is_needed=False, shown_when=when,
              read=_short),
        Field(name="kana", label=words("item.kana"), hint=words("ask.kana.hint"), is_needed=False, shown_when=when,
              read=_short),
        Field(name="is_kana_prefix", label=words("ask.kana_prefix"), kind=FieldKind.TICK, is_needed=False,
              shown_when=when),
        Field(name="birth_date", label=words("item.birth_date"), hint=words("ask.birth_date.hint"),
              kind=FieldKind.CIVIL_DATE, is_needed=False, is_short=True, shown_when=when),
        Field(name="sex", label=words("item.sex"), kind=FieldKind.SELECT, choices=sexes, is_needed=False,
              is_short=True, shown_when=when),
        Field(name="address", label=words("item.address"), hint=words("ask.address.hint"), is_needed=False,
              shown_when=when, read=_short),
    ]  # fmt: skip


def _what(affair: GrantedAffair, words: Words) -> list[Field]:
    return [
        Field(
            name="items",
            label=words("ask.items"),
            hint=words("ask.items.hint"),
            kind=FieldKind.CHOICES,
            choices=[Choice(item, words(f"ask.item.{item}")) for item in affair.items],
            shown_when=shown_when("way", NUMBER, SEARCH),
            begins=words("ask.what"),
        )
    ]


def _why(affair: GrantedAffair, words: Words) -> list[Field]:
    office = Field(
        name="office",
        label=words("ask.office"),
        hint=words("ask.office.hint" if affair.offices else "ask.office.any"),
        kind=FieldKind.SELECT if affair.offices else FieldKind.TEXT,
        choices=[Choice(name, name) for name in affair.offices],
        is_needed=bool(affair.offices),
        read=_short,
        begins=words("ask.why"),
    )
    purpose = Field(name="purpose", label=words("ask.purpose"), hint=words("ask.purpose.hint"), read=_short,
                    suggestions=(affair.text[:_LONGEST_TEXT],))  # fmt: skip
    matter = Field(name="matter_number", label=words("ask.matter_number"), hint=words("ask.matter_number.hint"),
                   is_short=True, read=_short)  # fmt: skip
    if affair.affair != Channel.CONSENT.value:
        return [office, purpose, matter]
    consent = Field(name="consented_on", label=words("ask.consented_on"), hint=words("ask.consented_on.hint"),
                    kind=FieldKind.DAY, is_short=True)  # fmt: skip
    return [office, consent, purpose, matter]


def _require_enough(values: dict[str, Any], form: Form, way: str | None, *, can_search: bool) -> None:
    """Note as a problem what does not name one person, or states nothing to compare."""
    typed = [name for name in _NUMBERS if form.text(name)]
    stated = [bool(values["name"] or values["kana"]), values["birth_date"] is not None, bool(values["address"])]
    needs_one = way == NUMBER or not can_search
    if (needs_one and len(typed) != 1) or (way == VERIFICATION and len(typed) > 1):
        _refuse(form, "resident_record_code", "ask.which")
    elif way == VERIFICATION and typed and not (any(stated) or values["sex"]):
        _refuse(form, "name", "ask.nothing_stated")
    elif (way == SEARCH or (way == VERIFICATION and not typed)) and sum(stated) < _ITEMS_OF_A_SEARCH:
        _refuse(form, "name", "ask.two_needed")


def _refuse(form: Form, name: str, text: str) -> None:
    # A field that could not be read has said so already.
    if not form.problems or name == "resident_record_code":
        form.problems.append(Problem(name, MissingItemError(field=name), text))


def _stated_items(values: dict[str, Any]) -> StatedItems:
    birth_date: CivilDate | None = values["birth_date"]
    return StatedItems(
        name=values["name"],
        kana=values["kana"],
        birth_date=None if birth_date is None else birth_date.wire,
        sex=values["sex"],
        address=values["address"],
    )


def _short(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise InvalidValueError
    return text
