"""Nationality, residence status, aliases and former surnames: what the planners record, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.acts.alias import AliasEntry, AliasRemoval, plan_alias_change
from jukinet.domain.acts.foreign_status import (
    ForeignRelationshipChange,
    ResidenceStatusChange,
    plan_foreign_relationship_change,
    plan_residence_status_change,
)
from jukinet.domain.acts.former_surname import FormerSurnameAct, FormerSurnameChange, plan_former_surname_change
from jukinet.domain.acts.nationality import NationalityLoss, plan_nationality_change
from jukinet.domain.alias_history import AliasHistory, read_alias_history
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    AliasHistoryContradictedError,
    AliasRecordedError,
    DateOutOfOrderError,
    FormerSurnameNotNewerError,
    FormerSurnameRecordedError,
    HouseholderNeededError,
    ImpossibleChangeError,
    MalformedCardNumberError,
    MalformedRequestError,
    MissingItemError,
    MoveOutPendingError,
    NationalityMismatchError,
    RelationshipNotNotifiedError,
    ResidenceItemsError,
    TranslatorMissingError,
    UnknownCodeListValueError,
)
from jukinet.domain.further_items import FurtherItems, read_further_items
from jukinet.domain.names import PersonName
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.residence_kinds import require_foreign_items
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from tests.builders import TODAY, resident
from tests.builders_foreign import DAY, foreign_items, foreign_resident, naturalisation


def naturalise(current: ResidentRecord, **items: Any) -> tuple[RecordStep, ...]:  # noqa: ANN401 - any item of it
    return plan_nationality_change(naturalisation(**items), notified_on=TODAY, current=current)


def change_alias(change: AliasEntry | AliasRemoval, current: ResidentRecord, day: str = "2026-04-01") -> ResidentRecord:
    (step,) = plan_alias_change(
        change, current=current, municipality_name="世田谷区", acted_on=CivilDate.from_wire(day), notified_on=TODAY
    )
    return step.after


def former_surname(
    current: ResidentRecord,
    act: FormerSurnameAct = FormerSurnameAct.ENTRY,
    surname: str = "検証",
    given_up_on: str = "2010-06-01",
    day: str = "2026-04-01",
) -> ResidentRecord:
    is_removal = act is FormerSurnameAct.REMOVAL
    change = FormerSurnameChange(
        act=act,
        resident_number=1,
        former_surname=None if is_removal else surname,
        kana=None if is_removal else "けんしょう",
        given_up_on=None if is_removal else CivilDate.from_wire(given_up_on),
    )
    (step,) = plan_former_surname_change(change, current=current, acted_on=CivilDate.from_wire(day), notified_on=TODAY)
    return step.after


@pytest.mark.rule(Rule.NATIONALITY_CHANGE_IS_REMOVAL_AND_ENTRY)
def test_naturalisation_removes_the_foreign_record_and_enters_a_japanese_one_of_the_same_person() -> None:
    before = foreign_resident(alias="試験\u3000太郎", individual_number="900000000001", household_number=7)

    removal, entry = naturalise(before)

    assert (removal.after.is_removed, removal.after.nationality) == (True, "ベトナム")
    after = entry.after
    assert (after.resident_record_code, after.individual_number) == (before.resident_record_code, "900000000001")
    assert (after.household_number, after.relationship, after.resident_number) == (7, "世帯主", 1)
    assert (after.is_foreign, after.alias, after.residence_until, after.residence_card_number) == (
        False,
        None,
        None,
        None,
    )
    assert after.first_listed_person == "試験\u3000安"
    assert [step.notified_reason and step.notified_reason.value for step in (removal, entry)] == [
        "ex_officio_removal",
        "ex_officio_entry",
    ]


def test_loss_of_nationality_is_the_mirror() -> None:
    before = resident(registered_domicile="東京都世田谷区", first_listed_person="試験\u3000葵", former_surname="検証")
    foreign = foreign_items(
        residence_kind="国籍喪失による経過滞在者",
        residence_status=None,
        residence_period=None,
        residence_until=None,
        residence_card_number=None,
    )
    loss = NationalityLoss(resident_number=1, name=PersonName(name="SHIKEN AOI"), foreign=foreign, changed_on=DAY)

    _, entry = plan_nationality_change(loss, notified_on=TODAY, current=before)

    assert (entry.after.nationality, entry.after.name) == ("ベトナム", "SHIKEN AOI")
    assert (entry.after.registered_domicile, entry.after.former_surname) == (None, None)


def test_a_nationality_is_not_gained_twice_nor_while_a_move_out_is_notified() -> None:
    with pytest.raises(NationalityMismatchError):
        naturalise(resident())
    with pytest.raises(MoveOutPendingError):
        naturalise(foreign_resident(planned_move_out_on="2026-04-10"))
    with pytest.raises(MissingItemError):
        naturalise(foreign_resident(), registered_domicile="")
    with pytest.raises(DateOutOfOrderError):
        naturalise(foreign_resident(), changed_on=CivilDate.from_wire("1980-01-01"))


@pytest.mark.rule(Rule.ITEMS_OF_THE_RESIDENCE_KIND)
@pytest.mark.parametrize(
    ("items", "error"),
    [
        ({"residence_status": None}, ResidenceItemsError),
        ({"residence_until": None}, ResidenceItemsError),
        ({"residence_card_number": None}, ResidenceItemsError),
        ({"residence_kind": "特別永住者"}, ResidenceItemsError),
        ({"residence_status": "永住者"}, ResidenceItemsError),
        ({"residence_card_number": "12345"}, MalformedCardNumberError),
        ({"residence_kind": "旅行者"}, UnknownCodeListValueError),
    ],
)
def test_items_that_do_not_belong_to_the_kind_of_residence_are_refused(
    items: dict[str, str | None], error: type[Exception]
) -> None:
    with pytest.raises(error):
        require_foreign_items(foreign_items(**items))


def test_the_card_may_follow_and_a_permanent_resident_has_no_period() -> None:
    require_foreign_items(foreign_items(residence_card_number=None), is_card_to_follow=True)
    require_foreign_items(foreign_items(residence_status="永住者", residence_period=None, residence_until=None))


def test_a_new_status_stays_in_the_municipality_and_a_new_name_goes_upward() -> None:
    longer = ResidenceStatusChange(
        resident_number=1, changed_on=DAY, foreign=foreign_items(residence_until="2030-03-31")
    )
    renamed = replace(longer, name=PersonName(name="NGUYEN THI AN"))

    (local,) = plan_residence_status_change(longer, current=foreign_resident(), notified_on=TODAY)
    (notified,) = plan_residence_status_change(renamed, current=foreign_resident(), notified_on=TODAY)

    assert (local.after.residence_until, local.notified_reason) == ("2030-03-31", None)
    assert notified.notified_reason is not None
    with pytest.raises(ImpossibleChangeError):
        plan_residence_status_change(longer, current=local.after, notified_on=TODAY)
    with pytest.raises(NationalityMismatchError):
        plan_residence_status_change(longer, current=resident(), notified_on=TODAY)


@pytest.mark.rule(Rule.RELATIONSHIP_AMONG_FOREIGN_RESIDENTS)
def test_a_relationship_is_notified_only_to_a_foreign_householder() -> None:
    member = foreign_resident(2, household_number=1, relationship="同居人")
    change = ForeignRelationshipChange(resident_number=2, changed_on=DAY, relationship="妻")

    (step,) = plan_foreign_relationship_change(change, household=[foreign_resident(), member], notified_on=TODAY)

    assert (step.after.relationship, step.notified_reason) == ("妻", None)
    with pytest.raises(RelationshipNotNotifiedError):
        plan_foreign_relationship_change(change, household=[resident(), member], notified_on=TODAY)
    with pytest.raises(RelationshipNotNotifiedError):
        plan_foreign_relationship_change(
            replace(change, resident_number=1), household=[foreign_resident(), member], notified_on=TODAY
        )
    with pytest.raises(HouseholderNeededError):
        plan_foreign_relationship_change(
            replace(change, relationship="世帯主"), household=[foreign_resident(), member], notified_on=TODAY
        )


@pytest.mark.rule(Rule.TRANSLATION_NAMES_ITS_TRANSLATOR)
def test_a_proof_in_a_foreign_language_names_its_translator() -> None:
    with pytest.raises(TranslatorMissingError):
        ForeignRelationshipChange(resident_number=2, changed_on=DAY, relationship="妻", is_in_foreign_language=True)


@pytest.mark.rule(Rule.ONE_ALIAS_AT_A_TIME)
@pytest.mark.rule(Rule.ALIAS_HISTORY_IS_RECORDED)
def test_an_alias_is_entered_once_removed_and_stays_in_the_history() -> None:
    entry = AliasEntry(resident_number=1, alias="試験\u3000太郎", kana="しけん\u3000たろう")

    entered = change_alias(entry, foreign_resident())
    with pytest.raises(AliasRecordedError):
        change_alias(entry, entered)
    removed = change_alias(AliasRemoval(resident_number=1), entered, "2026-04-02")

    assert (entered.alias, removed.alias) == ("試験\u3000太郎", None)
    assert read_further_items(removed.further_items).aliases.as_items() == [
        {
            "alias": "試験\u3000太郎",
            "entered_in": "世田谷区",
            "entered_on": "2026-04-01",
            "removed_in": "世田谷区",
            "removed_on": "2026-04-02",
        }
    ]
    with pytest.raises(MissingItemError):
        change_alias(AliasRemoval(resident_number=1), removed)
    with pytest.raises(NationalityMismatchError):
        change_alias(entry, resident())
    with pytest.raises(ImpossibleChangeError):
        change_alias(replace(entry, alias="NGUYEN VAN AN"), foreign_resident())


@pytest.mark.rule(Rule.ALIAS_HISTORY_IS_RECORDED)
def test_an_alias_is_the_one_its_history_ends_with() -> None:
    opened = AliasHistory().entered("試験\u3000太郎", municipality="世田谷区", day=CivilDate.of(TODAY))
    closed = opened.removed("試験\u3000太郎", municipality="世田谷区", day=CivilDate.of(TODAY))

    AliasHistory().require_present("どれでも\u3000よい")
    opened.require_present("試験\u3000太郎")
    closed.require_present(None)
    for history, alias in ((opened, "試験\u3000次郎"), (opened, None), (closed, "試験\u3000太郎")):
        with pytest.raises(AliasHistoryContradictedError):
            history.require_present(alias)


def test_an_alias_whose_entry_nobody_wrote_down_can_be_removed() -> None:
    removed = change_alias(AliasRemoval(resident_number=1), foreign_resident(alias="試験\u3000太郎"))

    (span,) = read_further_items(removed.further_items).aliases.spans
    assert (span.entered_on, span.removed_on) == (None, "2026-04-01")


@pytest.mark.parametrize(
    "items",
    [
        {},
        ["試験"],
        [{"entered_in": "世田谷区"}],
        [{"alias": "試験", "until": "2026-04-01"}],
        [{"alias": 1}],
        [{"alias": "試験", "entered_in": "世田谷区"}],
    ],
)
def test_a_malformed_history_of_aliases_is_refused(items: Any) -> None:  # noqa: ANN401 - what no history is
    with pytest.raises(MalformedRequestError):
        read_alias_history(items)


def test_two_open_aliases_and_a_wrong_order_are_refused() -> None:
    first = {"alias": "試験", "entered_in": "世田谷区", "entered_on": "2026-04-01"}

    with pytest.raises(AliasRecordedError):
        read_alias_history([first, first])
    with pytest.raises(DateOutOfOrderError):
        read_alias_history([{**first, "removed_in": "世田谷区", "removed_on": "2026-03-01"}])


@given(days=st.lists(st.integers(min_value=0, max_value=3000), min_size=0, max_size=8))
def test_a_history_of_aliases_is_read_as_it_was_written(days: list[int]) -> None:
    history = AliasHistory()
    for number, offset in enumerate(sorted(days)):
        day = CivilDate.of(TODAY.fromordinal(TODAY.toordinal() + offset))
        if number % 2 == 0:
            history = history.entered(f"試験{number}", municipality="世田谷区", day=day)
        else:
            history = history.removed(f"試験{number - 1}", municipality="千代田区", day=day)
    items = FurtherItems(aliases=history, alias_kana="しけん", others={"insurance": {"kind": "a"}})

    assert read_further_items(items.text) == items


@pytest.mark.parametrize("text", ["[]", "{", '{"alias_kana": 1}', '{"alias_history": {}}'])
def test_malformed_further_items_are_refused(text: str) -> None:
    with pytest.raises(MalformedRequestError):
        read_further_items(text)


@pytest.mark.rule(Rule.FORMER_SURNAME_ONLY_NEWER)
def test_after_the_first_former_surname_only_one_given_up_later_may_follow() -> None:
    entered = former_surname(resident())
    assert entered.former_surname == "検証"
    assert read_further_items(entered.further_items).former_surname_kana == "けんしょう"

    with pytest.raises(FormerSurnameRecordedError):
        former_surname(entered, surname="別名")
    with pytest.raises(FormerSurnameNotNewerError):
        former_surname(entered, FormerSurnameAct.CHANGE, "別名", "2015-01-01")
    changed = former_surname(entered, FormerSurnameAct.CHANGE, "別名", "2027-01-01", "2027-02-01")
    removed = former_surname(changed, FormerSurnameAct.REMOVAL, day="2027-03-01")
    assert (changed.former_surname, removed.former_surname) == ("別名", None)
    with pytest.raises(FormerSurnameNotNewerError):
        former_surname(removed, surname="検証")
    again = former_surname(removed, surname="再度", given_up_on="2028-01-01", day="2028-02-01")
    assert again.former_surname == "再度"


def test_a_former_surname_is_another_one_and_of_a_japanese_resident() -> None:
    with pytest.raises(ImpossibleChangeError):
        former_surname(resident(), surname="試験")
    with pytest.raises(NationalityMismatchError):
        former_surname(foreign_resident())
    with pytest.raises(MissingItemError):
        former_surname(resident(), FormerSurnameAct.REMOVAL)
    with pytest.raises(MissingItemError):
        FormerSurnameChange(act=FormerSurnameAct.ENTRY, resident_number=1, former_surname="検証")
