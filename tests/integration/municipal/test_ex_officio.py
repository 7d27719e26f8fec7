"""What the municipality does without a notification: entry, removal, correction, the late move-out, and the letters."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from jukinet.domain.acts.correction import Correction
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.acts.removal import ExOfficioRemoval
from jukinet.domain.changes import ChangeReason
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.corrections import MinorGround
from jukinet.domain.errors import (
    DateOutOfOrderError,
    DocumentMissingError,
    FormerResidentError,
    HouseholderNeededError,
    ImpossibleChangeError,
    LateStatementMissingError,
    MinorCorrectionError,
    NothingCorrectedError,
    OwnProcedureError,
    PersonNoticeStateError,
    ResidentRemovedError,
    UnsoundHouseholdError,
)
from jukinet.domain.households import Succession
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.person_notices import PersonNoticeEvent, PersonNoticeState, ToldItem
from jukinet.domain.procedures import Procedure
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.rules import Rule
from jukinet.domain.update_sequence import first_of_residence
from jukinet.municipal.app import MIGRATIONS
from jukinet.municipal.person_notice_store import PersonNotice, list_person_notices
from jukinet.municipal.store import find_resident
from jukinet.municipal.usecases.complete_move_outs import complete_move_outs
from jukinet.municipal.usecases.record_correction import record_correction
from jukinet.municipal.usecases.record_ex_officio_entry import ExOfficioEntry, record_ex_officio_entry
from jukinet.municipal.usecases.record_ex_officio_removal import record_ex_officio_removal
from jukinet.municipal.usecases.record_move_in import Arriving
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.settle_person_notice import settle_person_notice
from jukinet.postgres.database import Database
from jukinet.postgres.provisioning import NodeDatabase
from jukinet.protocol.identification import IdentificationNotice
from jukinet.protocol.moving import AnnexNotice
from tests.builders import ADDRESS, TODAY, act, code, list_rows, notification, opened, populate, resident
from tests.fixtures_postgres import MakeDatabase

HOME = "東京都世田谷区三軒茶屋二丁目2番2号"
DOMICILE = "長野県松本市丸の内3番"
FOUND = frozenset({SeenDocument.INVESTIGATION_REPORT})
SINCE = CivilDate.of(TODAY - timedelta(days=60))
FOLLOWS = Succession(householder=2, relationships={3: "子"})


def decided(*documents: SeenDocument, day: date = TODAY) -> Notification:
    return Notification.ex_officio(day, documents=frozenset(documents))


@dataclass
class Register:
    node: NodeDatabase
    database: Database

    async def correct(
        self,
        procedure: Procedure,
        items: dict[str, str | None],
        told: Notification | None = None,
        **details: Any,  # noqa: ANN401 - any item of a correction
    ) -> ResidentRecord:
        defaults: dict[str, Any] = {"resident_number": 1, "arose_on": CivilDate.of(TODAY)}
        return await record_correction(
            correction=Correction(procedure=procedure, items=items, **{**defaults, **details}),
            notification=told or decided(SeenDocument.INVESTIGATION_REPORT),
            act=act(),
            database=self.database,
        )

    async def remove(self, told: Notification | None = None, **items: Any) -> ResidentRecord:  # noqa: ANN401 - any item
        defaults: dict[str, Any] = {"resident_number": 1, "gone_since": SINCE, "succession": FOLLOWS}
        return await record_ex_officio_removal(
            removal=ExOfficioRemoval(**{**defaults, **items}),
            notification=told or decided(SeenDocument.INVESTIGATION_REPORT),
            act=act(),
            database=self.database,
        )

    async def enter(self, *people: Arriving, told: Notification | None = None, **items: Any) -> list[ResidentRecord]:  # noqa: ANN401 - any item
        defaults: dict[str, Any] = {"people": people, "address": HOME, "lives_here_since": SINCE}
        return await record_ex_officio_entry(
            entry=ExOfficioEntry(**{**defaults, **items}),
            notification=told or decided(SeenDocument.INVESTIGATION_REPORT),
            act=act(),
            database=self.database,
            choice=random.Random(1),
        )

    async def move_out(self, told: Notification, **items: Any) -> list[ResidentRecord]:  # noqa: ANN401 - any item
        defaults: dict[str, Any] = {
            "resident_number": 1,
            "companions": (2, 3),
            "planned_on": SINCE,
            "destination": "東京都武蔵野市緑町二丁目2番28号",
        }
        return await record_move_out(
            move_out=MoveOut(**{**defaults, **items}), notification=told, act=act(), database=self.database
        )

    async def parcels(self) -> list[tuple[str, str, bytes]]:
        return [
            (receiver, kind, bytes(notices))
            for receiver, kind, notices in await list_rows(
                self.node, "SELECT receiver, message_type, notices FROM delivery.outbox ORDER BY position"
            )
        ]

    async def notices(self) -> list[IdentificationNotice]:
        parcels = [parcel for _, kind, parcel in await self.parcels() if kind == "identification_notice"]
        return [one for parcel in parcels for one in _decoded(parcel, IdentificationNotice)]

    async def annexes(self) -> list[tuple[str, AnnexNotice]]:
        return [
            (receiver, one)
            for receiver, kind, parcel in await self.parcels()
            if kind == "annex_notice"
            for one in _decoded(parcel, AnnexNotice)
        ]

    async def letters(self, state: PersonNoticeState = PersonNoticeState.WAITING) -> list[PersonNotice]:
        async with self.database.connection() as unit:
            return await list_person_notices(unit, state, limit=10)

    async def settle(self, number: int, event: PersonNoticeEvent, day: date = TODAY) -> None:
        await settle_person_notice(
            notice_number=number, event=event, happened_on=day, act=act(), database=self.database
        )

    async def current(self, number: int) -> ResidentRecord:
        async with self.database.connection() as unit:
            return await find_resident(unit, number)


def _decoded(parcel: bytes, kind: Any) -> Any:  # noqa: ANN401 - a list of what `kind` says
    return msgspec.json.decode(b"[" + parcel + b"]", type=list[kind])


def found(**items: Any) -> Arriving:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {
        "name": PersonName(name="居住\u3000太郎", kana="きょじゅう\u3000たろう"),
        "birth_date": CivilDate.parse("1984-02-03"),
        "sex": Sex.MALE,
        "relationship": "世帯主",
    }
    return Arriving(**{**defaults, **items})


@pytest.fixture
async def register(embedded_database: MakeDatabase) -> AsyncIterator[Register]:
    node = await embedded_database(MIGRATIONS)
    domicile = {"registered_domicile": DOMICILE, "first_listed_person": "試験\u3000一郎"}
    family = (
        resident(1, name="渡邉\u3000葵", **domicile),
        resident(2, household_number=1, relationship="夫", sex="1", **domicile),
        resident(3, household_number=1, relationship="子", birth_date="2015-05-05", **domicile),
    )
    await populate(node, *family, codes=[code(number) for number in range(5000, 5010)])
    async with opened(node) as database:
        yield Register(node, database)


@pytest.mark.procedure("ex_officio_entry")
async def test_somebody_found_living_here_is_entered_with_a_new_code_and_told(register: Register) -> None:
    (entered,) = await register.enter(found(registered_domicile=DOMICILE, first_listed_person="居住\u3000太郎"))

    assert entered.resident_record_code in {code(number) for number in range(5000, 5010)}
    assert (entered.relationship, entered.act_reason) == ("世帯主", "ex_officio_entry")
    (notice,) = await register.notices()
    assert (notice.reason, notice.changed_on, notice.update_sequence) == ("ex_officio_entry", SINCE.wire, 1)
    assert [receiver for receiver, _ in await register.annexes()] == ["municipal/202029"]
    (letter,) = await register.letters()
    assert (letter.resident_number, letter.destination) == (entered.resident_number, HOME)
    assert ToldItem("address", None, HOME) in letter.items


async def test_who_is_known_elsewhere_keeps_the_code_joins_a_household_and_the_other_municipality_is_told(
    register: Register,
) -> None:
    known = found(former_code=code(70), residence=2, relationship="同居人")

    (entered,) = await register.enter(known, address=ADDRESS, joins=1, came_from=("132039",))

    assert (entered.resident_record_code, entered.household_number) == (code(70), 1)
    assert entered.update_sequence == first_of_residence(2)
    assert [kind for _, kind, _ in await register.parcels()] == ["identification_notice", "move_in_notice"]


async def test_a_former_resident_is_not_entered_as_somebody_new(register: Register) -> None:
    removed = await register.remove()

    with pytest.raises(FormerResidentError):
        await register.enter(
            found(
                name=PersonName(name=removed.name, kana=removed.kana),
                birth_date=CivilDate.parse(removed.birth_date),
                sex=Sex.FEMALE,
            )
        )


@pytest.mark.rule(Rule.EX_OFFICIO_ACT_RESTS_ON_A_VERIFIED_FACT)
async def test_nothing_is_done_ex_officio_that_nobody_looked_into(register: Register) -> None:
    with pytest.raises(DocumentMissingError):
        await register.enter(found(), told=decided())
    with pytest.raises(DocumentMissingError):
        await register.remove(decided())
    with pytest.raises(DocumentMissingError):
        await register.correct(Procedure.EX_OFFICIO_CORRECTION, {"sex": "1"}, decided())

    assert await register.parcels() == []


@pytest.mark.procedure("ex_officio_removal")
async def test_who_is_gone_is_removed_and_those_who_stay_have_a_householder(register: Register) -> None:
    with pytest.raises(HouseholderNeededError):
        await register.remove(succession=Succession())

    removed = await register.remove()

    husband = await register.current(2)
    assert (removed.resident_number, removed.is_removed, husband.relationship) == (1, True, "世帯主")
    (notice,) = await register.notices()
    assert (notice.reason, notice.changed_on) == ("ex_officio_removal", SINCE.wire)
    ((receiver, annex),) = await register.annexes()
    assert (receiver, annex.reason) == ("municipal/202029", "ex_officio_removal")
    assert {(one.resident_number, one.destination) for one in await register.letters()} == {(1, None), (2, ADDRESS)}


@pytest.mark.rule(Rule.EX_OFFICIO_ACT_TOLD_TO_THE_PERSON)
async def test_a_removal_after_a_notice_of_the_family_register_calls_for_no_letter(register: Register) -> None:
    await register.remove(decided(SeenDocument.FAMILY_REGISTER_NOTICE))

    assert await register.letters() == []


async def test_the_day_of_a_disappearance_may_be_known_in_part(register: Register) -> None:
    removed = await register.remove(gone_since=CivilDate.from_wire("2026-02-XX", may_be_irregular=True))

    assert removed.changed_on == "2026-02-XX"


@pytest.mark.procedure("ex_officio_correction")
async def test_a_correction_of_a_notified_item_goes_up_and_the_person_is_told_before_and_after(
    register: Register,
) -> None:
    corrected = await register.correct(Procedure.EX_OFFICIO_CORRECTION, {"birth_date": "1990-05-05"})

    assert (corrected.birth_date, corrected.version, corrected.notified_on) == ("1990-05-05", 2, None)
    (notice,) = await register.notices()
    assert (notice.reason, notice.birth_date) == ("ex_officio_modification", "1990-05-05")
    (letter,) = await register.letters()
    assert letter.items == (ToldItem("birth_date", "1990-05-06", "1990-05-05"),)
    assert letter.procedure == "ex_officio_correction"


async def test_the_registered_domicile_of_a_whole_household_is_corrected_at_once_and_stays_here(
    register: Register,
) -> None:
    await register.correct(
        Procedure.EX_OFFICIO_CORRECTION, {"registered_domicile": "長野県松本市城西9番"}, companions=(2, 3)
    )

    records = [await register.current(number) for number in (1, 2, 3)]
    assert {record.registered_domicile for record in records} == {"長野県松本市城西9番"}
    assert len({record.act_number for record in records}) == 1
    assert await register.parcels() == []


@pytest.mark.procedure("error_correction")
async def test_a_clerical_error_is_corrected_without_a_letter_and_the_wrong_version_stays(register: Register) -> None:
    corrected = await register.correct(Procedure.ERROR_CORRECTION, {"kana": "わたなべ\u3000あおい"}, decided())

    assert (corrected.version, corrected.act_reason) == (2, "error_correction")
    assert [one.reason for one in await register.notices()] == ["ex_officio_modification"]
    assert await register.letters() == []


async def test_an_error_in_a_local_item_concerns_nobody_above(register: Register) -> None:
    corrected = await register.correct(Procedure.ERROR_CORRECTION, {"first_listed_person": "試験\u3000二郎"}, decided())

    assert (corrected.first_listed_person, corrected.update_sequence) == ("試験\u3000二郎", None)
    assert await register.parcels() == []


async def test_what_changes_nothing_or_belongs_to_another_procedure_is_refused(register: Register) -> None:
    with pytest.raises(NothingCorrectedError):
        await register.correct(Procedure.ERROR_CORRECTION, {"sex": "2"}, decided())
    with pytest.raises(OwnProcedureError, match="code_correction") as caught:
        await register.correct(Procedure.ERROR_CORRECTION, {"resident_record_code": code(9)}, decided())
    with pytest.raises(ImpossibleChangeError):
        await register.correct(Procedure.ERROR_CORRECTION, {"sex": "1"}, decided(), companions=(2,))
    with pytest.raises(DateOutOfOrderError):
        await register.correct(Procedure.ERROR_CORRECTION, {"address_since_on": "1980-01-01"}, decided())
    with pytest.raises(UnsoundHouseholdError):
        await register.correct(Procedure.ERROR_CORRECTION, {"address": HOME}, decided())

    assert caught.value.field == "resident_record_code"
    assert await register.parcels() == []


@pytest.mark.procedure("minor_correction")
async def test_a_minor_correction_goes_up_as_one_so_that_nobodys_certificate_is_revoked(register: Register) -> None:
    corrected = await register.correct(
        Procedure.MINOR_CORRECTION, {"name": "渡辺\u3000葵"}, decided(), ground=MinorGround.PLAIN_CHARACTERS
    )

    (notice,) = await register.notices()
    assert (notice.name, notice.reason) == ("渡辺\u3000葵", "minor_correction")
    assert ChangeReason(corrected.change_reason).is_minor
    assert await list_rows(register.node, "SELECT statement FROM register.act") == [("常用平易な文字への変更",)]
    assert await register.letters() == []


async def test_the_wording_of_an_address_changes_for_the_whole_household(register: Register) -> None:
    new = f"{ADDRESS}\u3000太子堂ハイツ101"
    await register.correct(
        Procedure.MINOR_CORRECTION, {"address": new}, decided(), companions=(2, 3), ground=MinorGround.BUILDING_NAME
    )

    assert [(one.reason, one.address) for one in await register.notices()] == [("minor_correction", new)] * 3
    assert [annex.address for _, annex in await register.annexes()] == [new] * 3


@pytest.mark.rule(Rule.MINOR_CORRECTION_OF_WORDING_ONLY)
@pytest.mark.parametrize(
    ("items", "ground"),
    [
        ({"birth_date": "1990-05-05"}, MinorGround.OTHER),
        ({"name": "別人\u3000葵"}, MinorGround.SAME_CHARACTER),
        ({"name": "渡辺\u3000葵"}, MinorGround.LOT_NUMBER),
        ({"address": f"{HOME}\u3000太子堂ハイツ"}, MinorGround.BUILDING_NAME),
    ],
)
async def test_what_is_more_than_wording_is_no_minor_correction(
    register: Register, items: dict[str, str | None], ground: MinorGround
) -> None:
    with pytest.raises(MinorCorrectionError):
        await register.correct(Procedure.MINOR_CORRECTION, items, decided(), ground=ground)


async def test_a_removed_record_is_corrected_for_its_copies_and_nobody_above_hears_of_it(register: Register) -> None:
    removed = await register.remove(resident_number=1)
    told = await register.notices()
    letters = await register.letters()

    right = await register.correct(Procedure.ERROR_CORRECTION, {"name": "渡邊\u3000葵", "address": HOME})

    assert (right.name, right.is_removed, right.version) == ("渡邊\u3000葵", True, removed.version + 1)
    # What the copy says of the removal stays.
    assert (right.change_reason, right.changed_on) == (removed.change_reason, removed.changed_on)
    assert right.update_sequence is None
    assert await register.notices() == told
    assert await register.letters() == letters
    assert (await register.current(2)).address == ADDRESS
    with pytest.raises(ResidentRemovedError):
        await register.correct(
            Procedure.MINOR_CORRECTION, {"name": "渡辺\u3000葵"}, decided(), ground=MinorGround.SAME_CHARACTER
        )


@pytest.mark.procedure("move_out_late")
async def test_a_move_out_notified_after_its_period_removes_at_once_with_the_real_day(register: Register) -> None:
    with pytest.raises(LateStatementMissingError):
        await register.move_out(notification())

    gone = await register.move_out(notification(statement="失念していたため"))

    assert [(one.is_removed, one.planned_move_out_to) for one in gone] == [
        (True, "東京都武蔵野市緑町二丁目2番28号")
    ] * 3
    assert {(one.reason, one.changed_on) for one in await register.notices()} == {("ex_officio_removal", SINCE.wire)}
    acts = await list_rows(register.node, "SELECT procedure, is_late FROM register.act")
    assert acts == [("move_out_late", True)]
    # The person was at the counter: no letter.
    assert await register.letters() == []


@pytest.mark.procedure("move_out_abroad")
async def test_who_goes_abroad_leaves_on_the_day_and_the_family_register_hears_of_it(register: Register) -> None:
    leaves = CivilDate.of(TODAY + timedelta(days=7))
    await register.move_out(notification(), planned_on=leaves, destination="アメリカ合衆国", is_abroad=True)
    before = await register.parcels()
    await complete_move_outs(act=act(now=datetime(2026, 4, 8, 1, 0, tzinfo=UTC)), database=register.database)

    assert before == []
    assert await list_rows(register.node, "SELECT procedure FROM register.act ORDER BY act_number LIMIT 1") == [
        ("move_out_abroad",)
    ]
    assert {(one.reason, one.changed_on) for one in await register.notices()} == {("move_out", leaves.wire)}
    annexes = await register.annexes()
    assert {(receiver, one.address, one.address_since_on, one.reason) for receiver, one in annexes} == {
        ("municipal/202029", "アメリカ合衆国", leaves.wire, "move_out_abroad")
    }
    assert len(annexes) == 3


async def test_a_letter_is_sent_comes_back_and_is_replaced_by_public_notice(register: Register) -> None:
    await register.correct(Procedure.EX_OFFICIO_CORRECTION, {"sex": "1"})
    with pytest.raises(PersonNoticeStateError):
        await register.settle(1, PersonNoticeEvent.POSTED)
    with pytest.raises(DateOutOfOrderError):
        await register.settle(1, PersonNoticeEvent.SENT, TODAY + timedelta(days=1))

    for event in (PersonNoticeEvent.SENT, PersonNoticeEvent.RETURNED, PersonNoticeEvent.POSTED):
        await register.settle(1, event)

    (letter,) = await register.letters(PersonNoticeState.POSTED)
    assert (letter.happened_on, letter.recorded_by) == (TODAY, "clerk")
    with pytest.raises(PersonNoticeStateError):
        await register.settle(1, PersonNoticeEvent.SENT)


async def test_who_cannot_be_reached_is_told_by_public_notice_at_once(register: Register) -> None:
    await register.remove()
    letter = next(one for one in await register.letters() if not one.is_reachable)

    await register.settle(letter.notice_number, PersonNoticeEvent.POSTED)

    assert len(await register.letters(PersonNoticeState.POSTED)) == 1
