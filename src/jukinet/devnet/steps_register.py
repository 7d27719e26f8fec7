"""The story's middle: numbers and codes, and a family that moves from one municipality to another on a certificate."""

from __future__ import annotations

import random
from typing import Final

from jukinet.devnet.acts import (
    CLERK,
    counter_notification,
    list_members,
    meet_resident,
    new_address,
)
from jukinet.devnet.federation import wait_until
from jukinet.devnet.steps_changes import await_known, tiers_are_equal
from jukinet.devnet.store import find_record
from jukinet.devnet.story import MATSUMOTO, SETAGAYA, Scene, Step
from jukinet.domain.acts.entry import ForeignItems
from jukinet.domain.acts.move_out import MoveOut
from jukinet.domain.acts.numbers import CodeChange
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.identification import Sex
from jukinet.domain.names import PersonName
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import residence_of
from jukinet.municipal.store import find_resident, list_residents
from jukinet.municipal.usecases.change_resident_record_code import change_resident_record_code
from jukinet.municipal.usecases.complete_move_outs import complete_move_outs
from jukinet.municipal.usecases.record_move_in import Arriving, MoveIn, record_move_in
from jukinet.municipal.usecases.record_move_out import record_move_out
from jukinet.municipal.usecases.recording import Act
from jukinet.postgres.database import connect
from jukinet.protocol.node_names import NATIONAL

_PATIENCE_SECONDS: Final = 60.0


async def the_child_gets_a_number(scene: Scene) -> None:
    """The nation derives the child's Individual Number; the municipality records it and notifies it."""
    child = scene.known["child"]
    async with scene.federation.open(SETAGAYA) as node:

        async def has_number() -> bool:
            async with node.database.connection() as connection:
                return (await find_resident(connection, child.resident_number)).individual_number is not None

        scene.require(await wait_until(has_number, _PATIENCE_SECONDS), "no Individual Number came")
        async with node.database.connection() as connection:
            numbered = await find_resident(connection, child.resident_number)
    scene.tell(SETAGAYA, "全国サーバから個人番号を受け、職権で記載して通知した。住民票コード通知票も送付待ちに入った")
    await await_known(scene, numbered.resident_record_code, numbered.update_sequence or 0, "個人番号の記載")


async def a_family_moves_out(scene: Scene) -> None:
    """A family notifies its move-out; on its day the records are removed."""
    async with scene.federation.open(SETAGAYA) as node:
        # Not the child's family: the story goes on with the child in Setagaya.
        one = await meet_resident(
            node,
            offset=scene.offset + 7,
            born_from="1960-01-01",
            born_until="1990-12-31",
            apart_from=scene.known["child"].household_number,
        )
        family = await list_members(node, one)
        now = node.clock()
        move_out = MoveOut(
            resident_number=one.resident_number,
            companions=tuple(m.resident_number for m in family if m.resident_number != one.resident_number),
            planned_on=CivilDate.of(civil_day(now)),
            destination=new_address(MATSUMOTO.partition("/")[2], scene.offset),
        )
        act = Act(operator_id=CLERK, node=node.name, now=now)
        notified = await record_move_out(
            move_out=move_out, notification=counter_notification(now), act=act, database=node.database
        )
        scene.require(all(m.is_moving_out for m in notified), "they are not about to move out")
        scene.tell(SETAGAYA, f"{len(family)} 人の転出届を受け、転出予定者とした（まだ通知しない）")
        await complete_move_outs(act=act, database=node.database)
        async with node.database.connection() as connection:
            left = [await find_resident(connection, member.resident_number) for member in family]
    scene.require(all(member.is_removed for member in left), "the records were not removed")
    scene.known["left"] = left
    scene.known["destination"] = move_out.destination
    scene.tell(SETAGAYA, "転出予定日が来たので、転出により消除して通知した")


async def the_family_moves_in(scene: Scene) -> None:
    """The destination enters them with the codes they always had; the nation hears of removal and entry in order."""
    left: list[ResidentRecord] = scene.known["left"]
    async with scene.federation.open(MATSUMOTO) as node:
        now = node.clock()
        entered = await record_move_in(
            move_in=MoveIn(
                people=tuple(_arriving(member) for member in left),
                address=scene.known["destination"],
                previous_address=left[0].address,
                moved_in_on=CivilDate.of(civil_day(now)),
                came_from=(left[0].municipality,),
            ),
            notification=counter_notification(now, SeenDocument.MOVE_OUT_CERTIFICATE),
            act=Act(operator_id=CLERK, node=node.name, now=now),
            database=node.database,
            choice=random.SystemRandom(),
        )
    codes = {member.resident_record_code for member in left}
    scene.require({one.resident_record_code for one in entered} == codes, "a code was not carried over")
    scene.tell(MATSUMOTO, f"転出証明書により {len(entered)} 人を記載した。住民票コードはそのまま引き継ぐ")
    for one in entered:
        await await_known(scene, one.resident_record_code, one.update_sequence or 0, "転入")
    await _is_confirmed(scene, left)
    await tiers_are_equal(scene)


async def _is_confirmed(scene: Scene, left: list[ResidentRecord]) -> None:
    async with scene.federation.open(SETAGAYA) as node:

        async def are_confirmed() -> bool:
            async with node.database.connection() as connection:
                records = await list_residents(connection, [member.resident_number for member in left])
            return all(record.confirmed_move_out_on is not None for record in records)

        scene.require(await wait_until(are_confirmed, _PATIENCE_SECONDS), "no move-in notice came")
    scene.tell(SETAGAYA, "転入通知を受け、転出先と転出年月日を確定し、都道府県に転出確定を通知した")


def _arriving(left: ResidentRecord) -> Arriving:
    """Return what the certificate says of one of them."""
    return Arriving(
        name=PersonName(name=left.name, kana=left.kana, former_surname=left.former_surname, alias=left.alias),
        birth_date=CivilDate.from_wire(left.birth_date, may_be_irregular=True),
        sex=Sex(left.sex),
        relationship=left.relationship,
        former_code=left.resident_record_code,
        residence=residence_of(left.update_sequence or 1) + 1,
        individual_number=left.individual_number,
        registered_domicile=left.registered_domicile,
        first_listed_person=left.first_listed_person,
        foreign=_foreign_items(left),
        further_items=left.further_items,
    )


def _foreign_items(left: ResidentRecord) -> ForeignItems | None:
    if left.nationality is None:
        return None
    return ForeignItems(
        nationality=left.nationality,
        became_foreign_resident_on=left.became_foreign_resident_on or left.became_resident_on,
        residence_kind=left.residence_kind or "中長期在留者",
        residence_status=left.residence_status,
        residence_period=left.residence_period,
        residence_until=left.residence_until,
        residence_card_number=left.residence_card_number,
    )


async def a_code_is_changed(scene: Scene) -> None:
    """A resident asks for another code; the old one ends on every tier."""
    async with scene.federation.open(MATSUMOTO) as node:
        one = await meet_resident(node, offset=scene.offset + 11, born_from="1960-01-01", born_until="1990-12-31")
        now = node.clock()
        changed = await change_resident_record_code(
            change=CodeChange(resident_number=one.resident_number, expected_version=one.version),
            notification=counter_notification(now, SeenDocument.CODE_CHANGE_REQUEST),
            act=Act(operator_id=CLERK, node=node.name, now=now),
            database=node.database,
            choice=random.SystemRandom(),
        )
    scene.require(changed.resident_record_code != one.resident_record_code, "the code is the same")
    scene.tell(MATSUMOTO, "変更の請求により、無作為に選んだ別の住民票コードに改め、変更通知票を送付待ちに入れた")
    await await_known(scene, changed.resident_record_code, changed.update_sequence or 0, "コードの変更")
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        scene.require(await find_record(unit, one.resident_record_code) is None, "the old code is still in use")
    await tiers_are_equal(scene)


STEPS: Final = (
    Step("生まれた子に個人番号が付き、通知票が用意される", the_child_gets_a_number),
    Step("世田谷区から一家が転出する", a_family_moves_out),
    Step("転出証明書により松本市に転入し、住民票コードは変わらない", the_family_moves_in),
    Step("松本市で住民票コードを変更する", a_code_is_changed),
)
