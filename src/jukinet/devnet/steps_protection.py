"""The story's second half: what is not allowed is refused, what is bad is set apart, what breaks loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final

import msgspec
from psycopg import errors as postgres_errors

from jukinet.delivery.quarantine import HeldNotice, list_held_notices
from jukinet.devnet.acts import PENSION_AFFAIR, confirm, meet_resident, report_relocation
from jukinet.devnet.federation import Federation, wait_until
from jukinet.devnet.plan import PlannedNode
from jukinet.devnet.steps_changes import tiers_are_equal
from jukinet.devnet.store import count_refusals, damage_parcel
from jukinet.devnet.story import MATSUMOTO, MUSASHINO, PASSPORT, SETAGAYA, Scene, Step, StepFailed
from jukinet.domain.errors import JukinetError, PeerRefusedError
from jukinet.domain.resident_record import ResidentRecord
from jukinet.identification.release import Settlement, release_notice
from jukinet.node_process.process import Node
from jukinet.postgres.database import DatabaseConfig, connect, open_database
from jukinet.prefectural.endpoints import FORWARDING, require_competent
from jukinet.protocol.confirmation import ConfirmationQuery
from jukinet.protocol.errors import Refusal
from jukinet.protocol.node_names import NATIONAL, NodeName, prefecture_of
from jukinet.transport.enrolment import enrol_node
from jukinet.transport.identity import IdentityPaths
from jukinet.transport.pki import load_network_authority
from jukinet.transport.tls import client_context

_PATIENCE_SECONDS: Final = 60.0
_MOVES: Final = 20
_TOKYO: Final = "prefectural/130001"


async def an_unlisted_affair_is_refused(scene: Scene) -> None:
    """The passport desk asks for an affair of the pension organ: refused, and on the log."""
    before = await _count_refusals(scene.federation, "permission.affair_not_listed")
    code = await _refusal_code(
        confirm(
            scene.federation,
            PASSPORT,
            resident_record_code=scene.known["child"].resident_record_code,
            affair=PENSION_AFFAIR,
            purpose="別の目的",
            matter_number="旅券-2026-000043",
        )
    )
    scene.require(code == "permission.affair_not_listed", f"the answer was {code}")
    after = await _count_refusals(scene.federation, "permission.affair_not_listed")
    scene.require(after == before + 1, "the refusal is not on the log")
    scene.tell(PASSPORT, f"別表にない事務での照会は拒否された（{code}）")
    scene.tell(NATIONAL.text, "拒否を監査証跡に残した")


async def a_wrong_peer_is_refused(scene: Scene) -> None:
    """A municipality asks as if it were an agency: refused by its certificate, before the body is read."""
    plan = scene.federation.plan
    code = await _knock(plan.find_node(MUSASHINO), plan.find_node(NATIONAL.text), "confirmation_query")
    scene.require(code == "permission.peer", f"the answer was {code}")
    scene.tell(MUSASHINO, f"市町村の証明書では本人確認情報の照会はできない（{code}）")


async def a_revoked_certificate_is_refused(scene: Scene) -> None:
    """The passport desk's certificate is revoked; within a minute nobody listens to it. Then it is enrolled anew."""
    plan = scene.federation.plan
    authority = load_network_authority(plan.authority / "network", clock=scene.federation.clock)
    desk = plan.find_node(PASSPORT)
    for certificate in authority.find_issued(PASSPORT):
        authority.revoke(certificate.serial_number)
    scene.tell(PASSPORT, "証明書を失効させた")

    async def is_refused() -> bool:
        async with scene.federation.open(PASSPORT) as node:
            query = ConfirmationQuery(
                resident_record_code=scene.known["child"].resident_record_code,
                affair="1-41-1",
                purpose="失効の確認",
                matter_number="0",
                official="official",
            )
            code = await _refusal_code(node.client.send(NATIONAL, "confirmation_query", query, deadline=5))
            return code == "permission.certificate"

    loop = asyncio.get_running_loop()
    started = loop.time()
    try:
        scene.require(await wait_until(is_refused, 60.0), "the certificate is still accepted after a minute")
        scene.tell(NATIONAL.text, f"{loop.time() - started:.1f} 秒後に失効を知り、照会を拒否した")
    finally:
        enrol_node(authority, desk.name, desk.identity)
    await scene.federation.kill(PASSPORT)
    await scene.federation.start(PASSPORT)
    scene.tell(PASSPORT, "新しい証明書で登録し直し、再び業務ができる")


async def a_bad_record_blocks_nobody_else(scene: Scene) -> None:
    """A damaged record reaches the prefecture: it alone is set apart; the others flow; an operator corrects it."""
    federation = scene.federation
    await federation.kill(SETAGAYA)  # so that the fault happens between the register and the line, as in 2013
    async with federation.open(SETAGAYA) as node:
        residents = await _meet_many(node, scene.offset + 100)
        for index, resident in enumerate(residents):
            residents[index] = await report_relocation(node, resident, scene.offset + index)
    damaged, *sound = residents
    async with connect(await _owner(federation, SETAGAYA)) as unit:
        await damage_parcel(unit, damaged.resident_record_code)
    await federation.start(SETAGAYA)
    scene.tell(SETAGAYA, f"{len(residents)} 件の転居を通知した。うち一件は氏名が送信前に文字化けしていた")
    for one in sound:
        seconds = await _await_change(federation, one)
        scene.require(seconds is not None, "a sound record did not flow")
    held = await _find_held(federation, damaged.resident_record_code)
    if held is None:
        raise StepFailed("the bad record is not in quarantine")
    scene.tell(
        _TOKYO, f"一件だけを保留（{held.error_code}、項目 {held.error_field}）。他の {len(sound)} 件は全国まで流れた"
    )
    await _correct(federation, held.arrival, damaged.name)
    seconds = await _await_change(federation, damaged)
    scene.require(seconds is not None, "the corrected record did not flow")
    scene.tell(_TOKYO, "操作者が氏名を訂正して保留を解き、全国まで届いた")


async def a_killed_node_loses_nothing(scene: Scene) -> None:
    """The prefecture is killed while clerks work on; after its restart everything arrives once, in order."""
    federation = scene.federation
    prefecture = prefecture_of(NodeName.parse(MATSUMOTO)).text
    await federation.kill(prefecture)
    scene.tell(prefecture, "電源断（kill -9）")
    async with federation.open(MATSUMOTO) as node:
        residents = await _meet_many(node, scene.offset + 200)
        for round_number in range(2):
            for index, resident in enumerate(residents):
                moved = await report_relocation(node, resident, scene.offset + 31 * round_number + index)
                residents[index] = moved
    scene.tell(MATSUMOTO, f"回線断のまま {2 * len(residents)} 件の転居を記載し続けた（送信待ちに残る）")
    await federation.start(prefecture)
    for resident in residents:
        seconds = await _await_change(federation, resident)
        scene.require(seconds is not None, "a change was lost")
    scene.tell(prefecture, "復旧後、すべて順番どおり一度だけ届いた")


async def the_log_takes_no_correction(scene: Scene) -> None:
    """The node's own database role can append to the audit log, and nothing else."""
    refused = 0
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        for statement in _TAMPERING:
            try:
                async with unit.transaction():
                    await unit.execute(statement)
            except postgres_errors.InsufficientPrivilege:
                refused += 1
    scene.require(refused == len(_TAMPERING), "the log can be changed")
    scene.tell(NATIONAL.text, "監査証跡の変更・削除・全消去をデータベースが拒否した（追記だけができる）")


_TAMPERING: Final = (
    "UPDATE audit.use_log SET purpose = ''",
    "DELETE FROM audit.use_log",
    "TRUNCATE audit.event",
)


async def _await_change(federation: Federation, record: ResidentRecord) -> float | None:
    """Wait until the nation has this version; return after how many seconds, None if it did not come."""
    return await federation.await_nationally(
        record.resident_record_code, record.update_sequence or 0, _PATIENCE_SECONDS
    )


async def _meet_many(node: Node, offset: int) -> list[ResidentRecord]:
    """Return residents of different households: a household moves together."""
    met: dict[int, ResidentRecord] = {}
    while len(met) < _MOVES:
        one = await meet_resident(node, offset=offset, born_from="1950-01-01", born_until="2005-12-31")
        met.setdefault(one.household_number, one)
        offset += 1
    return [*met.values()]


async def _owner(federation: Federation, name: str) -> DatabaseConfig:
    owner = federation.config(name).owner
    if owner is None:
        raise StepFailed("the configuration names no owner")
    return owner


async def _knock(caller: PlannedNode, receiver: PlannedNode, message_type: str) -> str:
    """Send a bare request with the caller's certificate, past its own client's checks; return the refusal's code."""
    context = client_context(IdentityPaths.under(caller.identity), lambda _name, _certificate: None)
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", receiver.message_port, ssl=context, server_hostname=receiver.name.host
    )
    writer.write(f"POST /messages/{message_type} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{{}}".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    refusal = msgspec.json.decode(await reader.readexactly(length), type=Refusal)
    writer.close()
    return refusal.code


async def _find_held(federation: Federation, resident_record_code: str) -> HeldNotice | None:
    async with connect(federation.config(_TOKYO).database) as unit:
        held = await list_held_notices(unit, limit=1000)
    return next((one for one in held if one.resident_record_code == resident_record_code), None)


async def _correct(federation: Federation, arrival: int, name: str) -> None:
    database = await open_database(federation.config(_TOKYO).database)
    settlement = Settlement(
        arrival=arrival,
        operator_id="operator",
        now=federation.clock(),
        forwarding=FORWARDING,
        require_competent=require_competent,
    )
    try:
        await release_notice(settlement=settlement, corrections={"name": name}, database=database)
    finally:
        await database.close()


async def _count_refusals(federation: Federation, error_code: str) -> int:
    async with connect(federation.config(NATIONAL.text).database) as unit:
        return await count_refusals(unit, error_code)


async def _refusal_code(asking: Awaitable[object]) -> str:
    try:
        await asking
    except PeerRefusedError as refusal:
        return refusal.peer_code
    except JukinetError as error:
        return error.code
    return "none"


STEPS: Final = (
    Step("別表にない事務は拒否される", an_unlisted_affair_is_refused),
    Step("市町村は照会できない", a_wrong_peer_is_refused),
    Step("失効した証明書は一分以内に通用しなくなる", a_revoked_certificate_is_refused),
    Step("壊れた一件が他の人の通知を止めない", a_bad_record_blocks_nobody_else),
    Step("県のサーバが落ちても、何も失われず重複しない", a_killed_node_loses_nothing),
    Step("監査証跡は書き換えられない", the_log_takes_no_correction),
    Step("最後に、三階層は再び等しい", tiers_are_equal),
)
