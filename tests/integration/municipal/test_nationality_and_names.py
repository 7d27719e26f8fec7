"""Nationality, residence status, aliases and former surnames on real PostgreSQL, up to the nation."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from jukinet.domain.acts.alias import AliasEntry, AliasRemoval
from jukinet.domain.acts.foreign_status import ForeignRelationshipChange, ResidenceStatusChange
from jukinet.domain.acts.former_surname import FormerSurnameAct, FormerSurnameChange
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.acts.nationality import NationalityLoss
from jukinet.domain.alias_history import AliasHistory
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    AliasRecordedError,
    ChangedMeanwhileError,
    DocumentMissingError,
    LateStatementMissingError,
    MoveOutPendingError,
    NationalityMismatchError,
    NotInForceError,
    ResidenceItemsError,
)
from jukinet.domain.further_items import FurtherItems, read_further_items
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from jukinet.municipal.store import add_resident, find_resident, list_versions
from jukinet.municipal.usecases.receive_individual_numbers import receive_individual_numbers
from jukinet.municipal.usecases.record_alias import record_alias
from jukinet.municipal.usecases.record_birth import record_birth
from jukinet.municipal.usecases.record_foreign_status import (
    ForeignStatus,
    NewForeignResident,
    record_foreign_status,
)
from jukinet.municipal.usecases.record_former_surname import record_former_surname
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn, record_move_in
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.record_nationality_change import record_nationality_change
from jukinet.postgres.database import connect
from tests.builders import (
    ADDRESS,
    SETAGAYA,
    TODAY,
    act,
    birth,
    code,
    list_rows,
    populate,
    report,
)
from tests.builders_foreign import (
    DAY,
    foreign_items,
    foreign_resident,
    naturalisation,
    shown,
)
from tests.builders_tiers import Tiers, open_tiers
from tests.fixtures_postgres import MakeDatabase

POOL = [code(number) for number in range(5000, 5010)]
STATUS = SeenDocument.RESIDENCE_CARD
MINISTER = Notification(
    notified_on=TODAY,
    notifier=Notifier.AUTHORITY,
    identity_check=IdentityCheck.NOT_REQUIRED,
    documents=frozenset({SeenDocument.IMMIGRATION_NOTICE}),
)
ALIAS = shown(SeenDocument.ALIAS_REQUEST, SeenDocument.PROOF_OF_ALIAS)
SURNAME = shown(SeenDocument.FORMER_SURNAME_REQUEST, SeenDocument.FAMILY_REGISTER)


@pytest.fixture
async def tiers(embedded_database: MakeDatabase) -> AsyncIterator[Tiers]:
    """Setagaya with one foreign resident whom the tiers above know: she came yesterday from abroad."""
    async with open_tiers(embedded_database) as found:
        await populate(found.municipal.node, codes=POOL)
        await enter(found)
        yield found


async def enter(tiers: Tiers, name: str = "NGUYEN THI LAN") -> ResidentRecord:
    person = Arriving(
        name=PersonName(name=name),
        birth_date=CivilDate.from_wire("1990-05-06"),
        sex=Sex.FEMALE,
        relationship="世帯主",
        foreign=foreign_items(became_foreign_resident_on=TODAY.isoformat()),
    )
    status = NewForeignResident(person=person, address=ADDRESS, changed_on=DAY, lived_here_since=DAY)
    recorded = await record_status(tiers, status, shown(STATUS))
    await tiers.carry()
    return recorded


async def record_status(
    tiers: Tiers, status: ForeignStatus, notification: Notification, *, now: datetime | None = None
) -> ResidentRecord:
    return await record_foreign_status(
        status=status,
        notification=notification,
        act=act() if now is None else act(now=now),
        database=tiers.municipal.database,
        choice=random.Random(3),
    )


async def present(tiers: Tiers, number: int = 1) -> ResidentRecord:
    async with tiers.municipal.database.connection() as connection:
        return await find_resident(connection, number)


async def above(tiers: Tiers) -> list[tuple[object, ...]]:
    """Return what prefecture and nation hold of everybody, which must be the same."""
    statement = (
        "SELECT name, alias, former_surname, change_reason, update_sequence, is_removed FROM identification.record"
        " ORDER BY update_sequence"
    )
    found = [await list_rows(tier.node, statement) for tier in (tiers.prefectural, tiers.national)]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.procedure("naturalisation")
@pytest.mark.rule(Rule.NATIONALITY_CHANGE_IS_REMOVAL_AND_ENTRY)
async def test_a_naturalised_person_keeps_code_household_and_history_on_all_tiers(tiers: Tiers) -> None:
    before = await present(tiers)

    entered = await record_nationality_change(
        change=naturalisation(), notification=report(), act=act(), database=tiers.municipal.database
    )
    await tiers.carry()

    assert (entered.resident_record_code, entered.household_number) == (
        before.resident_record_code,
        before.household_number,
    )
    assert (entered.is_foreign, entered.update_sequence) == (False, 65_537)
    assert await above(tiers) == [("試験\u3000安", None, None, "ex_officio_entry", 65_537, False)]
    assert await tiers.are_equal()
    async with tiers.municipal.database.connection() as connection:
        versions = await list_versions(connection, 1)
    assert [(one.act_reason, one.update_sequence, one.is_removed) for one in versions] == [
        ("move_in_from_abroad", 1, False),
        ("removal_after_naturalisation", 2, True),
        ("entry_after_naturalisation", 65_537, False),
    ]
    # The domicile is in Setagaya itself: the annex notice goes to the desk next door.
    rows = await list_rows(tiers.municipal.node, "SELECT reason FROM register.annex_notice")
    assert rows == [("entry_after_naturalisation",)]


async def test_the_number_of_a_naturalised_person_is_the_same_and_later_changes_go_on(tiers: Tiers) -> None:
    await receive_individual_numbers(
        client=tiers.client, database=tiers.municipal.database, clock=lambda: tiers.now, node=SETAGAYA
    )
    number = (await present(tiers)).individual_number

    await record_nationality_change(
        change=naturalisation(), notification=report(), act=act(), database=tiers.municipal.database
    )
    surname = FormerSurnameChange(
        act=FormerSurnameAct.ENTRY,
        resident_number=1,
        former_surname="検証",
        given_up_on=CivilDate.from_wire("2015-05-01"),
    )
    await record_former_surname(change=surname, notification=SURNAME, act=act(), database=tiers.municipal.database)
    await tiers.carry()

    assert number is not None
    assert (await present(tiers)).individual_number == number
    assert await above(tiers) == [("試験\u3000安", None, "検証", "ex_officio_modification", 65_538, False)]
    assert await tiers.are_equal()


@pytest.mark.procedure("loss_of_nationality")
async def test_who_loses_the_nationality_is_a_foreign_resident_from_then_on(tiers: Tiers) -> None:
    await record_nationality_change(
        change=naturalisation(), notification=report(), act=act(), database=tiers.municipal.database
    )
    foreign = foreign_items(
        became_foreign_resident_on=TODAY.isoformat(),
        residence_kind="国籍喪失による経過滞在者",
        residence_status=None,
        residence_period=None,
        residence_until=None,
        residence_card_number=None,
    )
    loss = NationalityLoss(resident_number=1, foreign=foreign, changed_on=DAY)

    lost = await record_nationality_change(
        change=loss, notification=report(), act=act(), database=tiers.municipal.database
    )
    await tiers.carry()

    assert (lost.nationality, lost.registered_domicile, lost.update_sequence) == ("ベトナム", None, 131_073)
    assert await tiers.are_equal()
    with pytest.raises(NationalityMismatchError):
        await record_nationality_change(
            change=loss, notification=report(), act=act(), database=tiers.municipal.database
        )


@pytest.mark.procedure("foreign_resident")
@pytest.mark.rule(Rule.FOREIGN_RESIDENT_ENTERS_ON_NOTIFICATION)
async def test_somebody_who_lives_here_becomes_a_foreign_resident_and_gets_a_number(tiers: Tiers) -> None:
    entered = await present(tiers)

    await receive_individual_numbers(
        client=tiers.client, database=tiers.municipal.database, clock=lambda: tiers.now, node=SETAGAYA
    )

    assert (entered.act_reason, entered.change_reason) == ("move_in_from_abroad", "move_in")
    assert entered.resident_record_code in POOL
    assert entered.became_foreign_resident_on == TODAY.isoformat()
    assert (await present(tiers)).individual_number is not None


async def test_a_transitional_stay_is_not_notified_and_a_late_notification_says_why(tiers: Tiers) -> None:
    born = Arriving(
        name=PersonName(name="NGUYEN VAN MINH"),
        birth_date=CivilDate.from_wire("1992-01-01"),
        sex=Sex.MALE,
        relationship="世帯主",
        foreign=foreign_items(
            residence_kind="出生による経過滞在者",
            residence_status=None,
            residence_period=None,
            residence_until=None,
            residence_card_number=None,
        ),
    )
    status = NewForeignResident(person=born, address=ADDRESS, changed_on=DAY, lived_here_since=DAY)
    with pytest.raises(ResidenceItemsError):
        await record_status(tiers, status, shown(STATUS))
    with pytest.raises(DocumentMissingError):
        await record_status(tiers, status, shown())
    with pytest.raises(LateStatementMissingError):
        late = NewForeignResident(
            person=born, address=ADDRESS, changed_on=CivilDate.from_wire("2026-03-01"), lived_here_since=DAY
        )
        await record_status(tiers, late, shown(STATUS))


@pytest.mark.procedure("residence_status_change")
async def test_the_minister_s_notice_stays_here_unless_the_name_changes(tiers: Tiers) -> None:
    longer = ResidenceStatusChange(
        resident_number=1,
        changed_on=DAY,
        foreign=foreign_items(became_foreign_resident_on=TODAY.isoformat(), residence_until="2030-03-31"),
    )

    local = await record_status(tiers, longer, MINISTER)
    renamed = ResidenceStatusChange(
        resident_number=1, changed_on=DAY, foreign=longer.foreign, name=PersonName(name="NGUYEN THI HOA")
    )
    notified = await record_status(tiers, renamed, MINISTER)
    await tiers.carry()

    assert (local.residence_until, local.update_sequence) == ("2030-03-31", None)
    assert (notified.residence_until, notified.update_sequence) == ("2030-03-31", 2)
    assert await above(tiers) == [("NGUYEN THI HOA", None, None, "ex_officio_modification", 2, False)]
    with pytest.raises(ChangedMeanwhileError):
        await record_status(
            tiers,
            ResidenceStatusChange(resident_number=1, expected_version=1, changed_on=DAY, foreign=longer.foreign),
            MINISTER,
        )


@pytest.mark.procedure("foreign_relationship_change")
async def test_another_relationship_to_a_foreign_householder_stays_here_with_its_translator(tiers: Tiers) -> None:
    householder = await present(tiers)
    async with connect(tiers.municipal.node.owner) as unit, unit.transaction():
        member = foreign_resident(
            2, household_number=householder.household_number, relationship="同居人", residence_card_number=None
        )
        await add_resident(unit, member)
    change = ForeignRelationshipChange(
        resident_number=2,
        changed_on=DAY,
        relationship="夫",
        is_in_foreign_language=True,
        translator="試験\u3000訳子",
    )

    with pytest.raises(DocumentMissingError):
        await record_status(tiers, change, shown())
    changed = await record_status(tiers, change, shown(SeenDocument.PROOF_OF_RELATIONSHIP))

    assert (changed.relationship, changed.update_sequence) == ("夫", None)
    rows = await list_rows(
        tiers.municipal.node,
        "SELECT statement FROM register.act WHERE procedure = 'foreign_relationship_change'",
    )
    assert rows == [("訳文の翻訳者\uff1a試験\u3000訳子",)]


@pytest.mark.procedure("alias_entry")
@pytest.mark.procedure("alias_removal")
@pytest.mark.rule(Rule.ONE_ALIAS_AT_A_TIME)
async def test_an_alias_goes_upward_and_its_history_stays_on_the_record(tiers: Tiers) -> None:
    entry = AliasEntry(resident_number=1, alias="試験\u3000蘭", kana="しけん\u3000らん")
    with pytest.raises(DocumentMissingError):
        await record_alias(
            change=entry,
            notification=shown(SeenDocument.ALIAS_REQUEST),
            act=act(),
            database=tiers.municipal.database,
        )

    await record_alias(change=entry, notification=ALIAS, act=act(), database=tiers.municipal.database)
    await tiers.carry()
    assert await above(tiers) == [("NGUYEN THI LAN", "試験\u3000蘭", None, "ex_officio_modification", 2, False)]
    with pytest.raises(AliasRecordedError):
        await record_alias(change=entry, notification=ALIAS, act=act(), database=tiers.municipal.database)
    removed = await record_alias(
        change=AliasRemoval(resident_number=1), notification=ALIAS, act=act(), database=tiers.municipal.database
    )
    await tiers.carry()

    assert await above(tiers) == [("NGUYEN THI LAN", None, None, "ex_officio_modification", 3, False)]
    (span,) = read_further_items(removed.further_items).aliases.spans
    assert (span.alias, span.entered_in, span.removed_in) == ("試験\u3000蘭", "世田谷区", "世田谷区")
    assert await tiers.are_equal()


@pytest.mark.procedure("former_surname_entry")
@pytest.mark.procedure("former_surname_change")
@pytest.mark.procedure("former_surname_removal")
@pytest.mark.rule(Rule.FORMER_SURNAME_ONLY_NEWER)
async def test_a_former_surname_is_entered_changed_and_removed_on_all_tiers(tiers: Tiers) -> None:
    await record_nationality_change(
        change=naturalisation(), notification=report(), act=act(), database=tiers.municipal.database
    )
    later = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)

    async def record(act_: FormerSurnameAct, surname: str | None, given_up_on: str | None, now: datetime) -> str | None:
        change = FormerSurnameChange(
            act=act_,
            resident_number=1,
            former_surname=surname,
            given_up_on=None if given_up_on is None else CivilDate.from_wire(given_up_on),
        )
        changed = await record_former_surname(
            change=change,
            notification=shown(*SURNAME.documents, notified_on=now.date()),
            act=act(now=now),
            database=tiers.municipal.database,
        )
        return changed.former_surname

    assert await record(FormerSurnameAct.ENTRY, "検証", "2010-06-01", act().now) == "検証"
    assert await record(FormerSurnameAct.CHANGE, "別名", "2026-05-01", later) == "別名"
    tiers.now = later
    await tiers.carry()
    assert (await above(tiers))[0][2] == "別名"
    assert await record(FormerSurnameAct.REMOVAL, None, None, later) is None
    await tiers.carry()
    assert await tiers.are_equal()


@pytest.mark.rule(Rule.ALIAS_HISTORY_IS_RECORDED)
async def test_the_history_of_aliases_comes_with_the_certificate(tiers: Tiers) -> None:
    history = AliasHistory().entered("試験\u3000蘭", municipality="千代田区", day=CivilDate.from_wire("2022-04-01"))
    items = FurtherItems(aliases=history, alias_kana="しけん\u3000らん").text
    person = Arriving(
        name=PersonName(name="NGUYEN THI HANH", alias="試験\u3000蘭"),
        birth_date=CivilDate.from_wire("1991-05-06"),
        sex=Sex.FEMALE,
        relationship="世帯主",
        former_code=code(77),
        residence=1,
        foreign=foreign_items(residence_card_number="ZZ00000077ZZ"),
        further_items=items,
    )
    move_in = MoveIn(people=(person,), address=ADDRESS, previous_address="東京都千代田区", moved_in_on=DAY)

    (entered,) = await record_move_in(
        move_in=move_in,
        notification=shown(SeenDocument.MOVE_OUT_CERTIFICATE),
        act=act(),
        database=tiers.municipal.database,
        choice=random.Random(4),
    )

    removed = await record_alias(
        change=AliasRemoval(resident_number=entered.resident_number),
        notification=ALIAS,
        act=act(),
        database=tiers.municipal.database,
    )
    (span,) = read_further_items(removed.further_items).aliases.spans
    assert (span.entered_in, span.entered_on, span.removed_in) == ("千代田区", "2022-04-01", "世田谷区")


async def test_nationality_does_not_change_while_a_move_out_is_notified(tiers: Tiers) -> None:
    move_out = MoveOut(resident_number=1, planned_on=CivilDate.from_wire("2026-04-10"), destination="東京都武蔵野市")
    await record_move_out(move_out=move_out, notification=shown(), act=act(), database=tiers.municipal.database)

    with pytest.raises(MoveOutPendingError):
        await record_nationality_change(
            change=naturalisation(), notification=report(), act=act(), database=tiers.municipal.database
        )


async def test_a_former_surname_does_not_exist_before_2019_11_05_nor_an_alias_before_2012_07_09(tiers: Tiers) -> None:
    before = date(2019, 11, 4)
    change = FormerSurnameChange(
        act=FormerSurnameAct.ENTRY,
        resident_number=1,
        former_surname="検証",
        given_up_on=CivilDate.from_wire("2010-06-01"),
    )
    with pytest.raises(NotInForceError):
        await record_former_surname(
            change=change,
            notification=shown(*SURNAME.documents, notified_on=before),
            act=act(now=datetime(2019, 11, 4, 1, 0, tzinfo=UTC)),
            database=tiers.municipal.database,
        )
    with pytest.raises(NotInForceError):
        await record_alias(
            change=AliasEntry(resident_number=1, alias="試験"),
            notification=shown(*ALIAS.documents, notified_on=date(2012, 7, 8)),
            act=act(now=datetime(2012, 7, 8, 1, 0, tzinfo=UTC)),
            database=tiers.municipal.database,
        )


async def test_a_newborn_does_not_have_the_parent_s_history_of_aliases(tiers: Tiers) -> None:
    await record_alias(
        change=AliasEntry(resident_number=1, alias="試験\u3000蘭"),
        notification=ALIAS,
        act=act(),
        database=tiers.municipal.database,
    )

    child = await record_birth(
        birth=birth(), notification=report(), act=act(), database=tiers.municipal.database, choice=random.Random(2)
    )

    assert child.further_items is None
