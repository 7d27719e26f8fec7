"""Identification information: what a record on the wire must be, and which law allows it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final

import pytest

from jukinet.domain.bundled import code_lists
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    CharacterOutsideRepertoireError,
    DateOutOfOrderError,
    ImpossibleChangeError,
    ImpossibleDateError,
    IndividualNumberCheckDigitError,
    InvalidValueError,
    JukinetError,
    MalformedAddressError,
    MalformedDateError,
    MalformedIndividualNumberError,
    MalformedKanaError,
    MalformedNameError,
    MalformedResidentRecordCodeError,
    NotInForceError,
    ResidentRecordCodeCheckDigitError,
    UnknownCodeListValueError,
    UnknownLocalGovernmentError,
)
from jukinet.domain.identification import (
    ChangeInformation,
    ChangeKind,
    ChangeReason,
    IdentificationInformation,
    Sex,
    find_change_reason,
    require_carried_over_code,
    validate_identification,
)
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.names import PersonName
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.domain.rules import Rule
from jukinet.domain.update_sequence import first_of_residence

CODE: Final = ResidentRecordCode.from_body("9123456789")
OTHER_CODE: Final = ResidentRecordCode.from_body("9123456780")
NUMBER: Final = IndividualNumber.from_body("91234567890")
CODE_CHANGES: Final = {ChangeReason.CODE_CHANGE_ON_REQUEST, ChangeReason.CODE_CHANGE_EX_OFFICIO}


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands on the wire: a birth in Chiyoda."""

    resident_record_code: str = CODE.value
    individual_number: str | None = NUMBER.value
    name: str = "渡邉\U000e0119　太郎"
    kana: str = "ワタナベ　タロウ"
    former_surname: str | None = None
    alias: str | None = None
    birth_date: str = "2016-03-12"
    sex: str = "1"
    municipality: str = "131016"
    address: str = "東京都千代田区飯田橋一丁目1番1号　飯田橋ハイツ101"
    postal_code: str | None = "1020072"
    reason: str = "birth"
    changed_on: str = "2016-03-12"
    previous_resident_record_code: str | None = None
    update_sequence: int = 1


def test_a_right_record_is_accepted_and_read_item_by_item() -> None:
    record = Record(former_surname="山田", alias="トム")

    read = IdentificationInformation.from_wire(record)

    assert read.resident_record_code == CODE
    assert read.individual_number == NUMBER
    assert (read.name, read.former_surname, read.alias) == (record.name, "山田", "トム")
    assert (read.birth_date.wire, read.sex, read.municipality.value) == ("2016-03-12", Sex.MALE, "131016")
    assert (read.change.reason, read.change.changed_on.wire) == (ChangeReason.BIRTH, "2016-03-12")
    assert read.update_sequence == 1


@pytest.mark.parametrize(
    ("item", "value", "refusal"),
    [
        ("resident_record_code", "9123456789", MalformedResidentRecordCodeError),
        ("resident_record_code", CODE.value[:-1] + str(9 - int(CODE.value[-1])), ResidentRecordCodeCheckDigitError),
        ("individual_number", "91234567890", MalformedIndividualNumberError),
        ("individual_number", NUMBER.value[:-1] + str(9 - int(NUMBER.value[-1])), IndividualNumberCheckDigitError),
        ("name", "", MalformedNameError),
        ("name", " 山田", MalformedNameError),
        ("name", "山" * 101, MalformedNameError),
        ("name", "山\ue000", CharacterOutsideRepertoireError),
        ("kana", "山田", MalformedKanaError),
        ("former_surname", "山田\n", MalformedNameError),
        ("alias", "\ud55c", CharacterOutsideRepertoireError),
        ("birth_date", "2016/03/12", MalformedDateError),
        ("birth_date", "2016-02-30", ImpossibleDateError),
        ("sex", "3", UnknownCodeListValueError),
        ("sex", "", UnknownCodeListValueError),
        ("municipality", "130001", UnknownLocalGovernmentError),
        ("municipality", "131017", UnknownLocalGovernmentError),
        ("municipality", "016951", UnknownLocalGovernmentError),
        ("address", "", MalformedAddressError),
        ("address", "千代田区\x00", CharacterOutsideRepertoireError),
        ("postal_code", "102-0072", MalformedAddressError),
        ("reason", "household_change", UnknownCodeListValueError),
        ("changed_on", "2016-13-01", ImpossibleDateError),
        ("changed_on", "2016-03-11", DateOutOfOrderError),
        ("previous_resident_record_code", "123", MalformedResidentRecordCodeError),
        ("previous_resident_record_code", OTHER_CODE.value, ImpossibleChangeError),
        ("update_sequence", 0, ImpossibleChangeError),
    ],
)
def test_a_wrong_item_is_refused_by_its_name_and_never_by_its_value(
    item: str, value: str | int, refusal: type[JukinetError]
) -> None:
    changed: dict[str, Any] = {item: value}
    record = replace(Record(), **changed)

    with pytest.raises(InvalidValueError) as refused:
        validate_identification(record)

    assert type(refused.value) is refusal
    assert refused.value.field == item
    assert not value or str(value).strip() not in str(refused.value)


@pytest.mark.parametrize("empty", [None, ""])
def test_an_item_that_is_not_there_may_be_none_or_empty(empty: str | None) -> None:
    record = Record(
        individual_number=empty,
        former_surname=empty,
        alias=empty,
        kana="",
        postal_code=empty,
        previous_resident_record_code=empty,
    )

    read = IdentificationInformation.from_wire(record)

    assert (read.individual_number, read.alias, read.postal_code) == (None, None, None)


@pytest.mark.rule(Rule.CHANGE_REASON_IS_LISTED)
def test_the_reasons_are_the_eleven_of_the_regulation_and_no_other() -> None:
    listed = code_lists()["honnin_kakunin_jiyu"]
    kinds = {
        "記載": "entry",
        "消除": "removal",
        "記載の修正": "modification",
        "住民票コードの修正": "code_modification",
    }

    ours = {(reason.kind.value, reason.label) for reason in ChangeReason}

    assert ours == {(kinds[kind], label) for kind, labels in listed.items() for label in labels}
    assert len(ours) == 11
    for text in ("household_change", "", "MOVE_IN", "転居"):
        with pytest.raises(UnknownCodeListValueError):
            find_change_reason(text)


def test_only_births_deaths_and_disappearances_may_have_a_date_known_in_part() -> None:
    for reason in ChangeReason:
        previous = OTHER_CODE.value if reason.kind is ChangeKind.CODE_MODIFICATION else None
        record = Record(
            reason=reason.value,
            changed_on="2017-XX-XX",
            previous_resident_record_code=previous,
            update_sequence=1 if reason.kind is ChangeKind.ENTRY else 2,
        )
        if reason in {ChangeReason.BIRTH, ChangeReason.DEATH, ChangeReason.EX_OFFICIO_REMOVAL}:
            validate_identification(record)
        else:
            with pytest.raises(ImpossibleDateError):
                validate_identification(record)


@pytest.mark.parametrize("birth_date", ["XXXX-XX-XX", "2016-XX-XX", "1985-02-29", "1912-07-30@M", "2016-03-XX~"])
def test_a_birth_date_may_be_irregular(birth_date: str) -> None:
    validate_identification(Record(birth_date=birth_date))


@pytest.mark.rule(Rule.PREVIOUS_CODE_WITH_CODE_CHANGE)
@pytest.mark.parametrize("reason", [reason.value for reason in ChangeReason if reason not in CODE_CHANGES])
def test_a_previous_code_is_refused_where_the_code_did_not_change(reason: str) -> None:
    record = Record(reason=reason, update_sequence=2, previous_resident_record_code=OTHER_CODE.value)

    with pytest.raises(ImpossibleChangeError) as refused:
        validate_identification(record)

    assert refused.value.field == "previous_resident_record_code"


@pytest.mark.rule(Rule.PREVIOUS_CODE_WITH_CODE_CHANGE)
def test_a_code_changed_on_request_tells_the_previous_one_and_differs_from_it() -> None:
    request = Record(reason="code_change_on_request", update_sequence=2)

    validate_identification(replace(request, previous_resident_record_code=OTHER_CODE.value))
    for previous in (None, CODE.value):
        with pytest.raises(ImpossibleChangeError):
            validate_identification(replace(request, previous_resident_record_code=previous))


def test_a_code_entered_ex_officio_may_replace_none() -> None:
    validate_identification(Record(reason="code_change_ex_officio", update_sequence=2))


@pytest.mark.rule(Rule.FIRST_NOTICE_IS_AN_ENTRY)
@pytest.mark.parametrize("reason", ["move_out", "death", "ex_officio_removal", "relocation", "minor_correction"])
def test_the_first_notice_of_a_resident_cannot_remove_or_modify(reason: str) -> None:
    validate_identification(Record(reason=reason, update_sequence=2))

    with pytest.raises(ImpossibleChangeError) as refused:
        validate_identification(Record(reason=reason, update_sequence=1))

    assert refused.value.field == "update_sequence"


@pytest.mark.rule(Rule.FIRST_NOTICE_IS_AN_ENTRY)
@pytest.mark.parametrize("reason", ["move_in", "ex_officio_entry"])
def test_an_entry_begins_a_residence_and_stands_nowhere_else(reason: str) -> None:
    for residence in (0, 1, 7):
        validate_identification(Record(reason=reason, update_sequence=first_of_residence(residence)))

    for sequence in (2, first_of_residence(1) + 1):
        with pytest.raises(ImpossibleChangeError):
            validate_identification(Record(reason=reason, update_sequence=sequence))


@pytest.mark.rule(Rule.FIRST_NOTICE_IS_AN_ENTRY)
@pytest.mark.parametrize("reason", ["birth", "relocation", "death", "code_change_ex_officio"])
def test_a_later_residence_begins_with_an_entry_and_never_with_a_birth(reason: str) -> None:
    with pytest.raises(ImpossibleChangeError):
        validate_identification(Record(reason=reason, update_sequence=first_of_residence(1)))


@pytest.mark.rule(Rule.NEW_CODE_ONLY_FOR_THE_NEVER_RECORDED)
def test_a_person_who_was_recorded_before_keeps_the_code() -> None:
    require_carried_over_code(former=None, entered=CODE)
    require_carried_over_code(former=CODE, entered=CODE)

    with pytest.raises(ImpossibleChangeError):
        require_carried_over_code(former=OTHER_CODE, entered=CODE)


@pytest.mark.rule(Rule.INDIVIDUAL_NUMBER_FROM_2015)
@pytest.mark.rule(Rule.FORMER_SURNAME_FROM_2019)
@pytest.mark.rule(Rule.ALIAS_FROM_2012)
@pytest.mark.parametrize(
    ("record", "item", "begins_on"),
    [
        (Record(), "individual_number", date(2015, 10, 5)),
        (Record(individual_number=None, former_surname="山田"), "former_surname", date(2019, 11, 5)),
        (Record(individual_number=None, alias="トム"), "alias", date(2012, 7, 9)),
    ],
)
def test_an_item_is_refused_before_the_day_its_law_came_into_force(record: Record, item: str, begins_on: date) -> None:
    validate_identification(record, day=begins_on)

    with pytest.raises(NotInForceError) as refused:
        validate_identification(record, day=date.fromordinal(begins_on.toordinal() - 1))

    assert refused.value.field == item


def test_identification_information_refuses_what_contradicts_itself() -> None:
    read = IdentificationInformation.from_wire(Record())
    previous = ChangeInformation(ChangeReason.BIRTH, read.birth_date, OTHER_CODE)
    early = ChangeInformation(ChangeReason.MOVE_IN, CivilDate.parse("2016-01-01"))

    with pytest.raises(ImpossibleChangeError):
        replace(read, change=previous)
    with pytest.raises(DateOutOfOrderError):
        replace(read, change=early)
    with pytest.raises(ImpossibleChangeError):
        replace(read, update_sequence=0)


def test_nothing_personal_is_shown_by_any_text_of_it() -> None:
    record = Record(former_surname="山田", alias="トム")
    read = IdentificationInformation.from_wire(record)
    name = PersonName(record.name, record.kana, "山田", "トム")

    shown = " ".join([repr(read), str(read), repr(read.change), str(read.change), repr(name), str(name), repr([read])])

    shared = {"sex", "update_sequence", "reason"}
    personal = [str(getattr(record, item.name)) for item in fields(record) if item.name not in shared]
    assert not [value for value in personal if value in shown and value != "None"]


def test_a_name_has_its_search_keys() -> None:
    name = PersonName("渡邉\U000e0119　太郎", "ワタナベ　タロウ")

    assert name.name_key == PersonName("渡辺太郎", "わたなべたろう").name_key
    assert name.kana_key == PersonName("渡辺太郎", "わたなべたろう").kana_key


def test_sex_and_kinds_have_their_japanese_labels() -> None:
    assert [sex.label for sex in (Sex.MALE, Sex.FEMALE, Sex.UNKNOWN)] == ["男", "女", ""]
    assert [kind.label for kind in ChangeKind] == ["記載", "消除", "記載の修正", "住民票コードの記載の修正"]
    assert [reason for reason in ChangeReason if reason.is_minor] == [ChangeReason.MINOR_CORRECTION]
