"""What goes wrong with a file, by accident or on purpose: nothing is doubled, given away, or brought down by it."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from jukinet.agency.usecases.carry_batch import read_result_container, write_request_container
from jukinet.agency.usecases.fetch_batch import fetch_batch
from jukinet.agency.usecases.follow_batch import cancel_batch
from jukinet.agency.usecases.submit_batch import read_batch_file
from jukinet.devnet.federation import wait_until
from jukinet.domain.errors import (
    AlreadyExistsError,
    BatchContainerError,
    CertificateNotTrustedError,
    FileFormatError,
    MessageTooLargeError,
    PeerRefusedError,
)
from jukinet.domain.provision_batches import MOST_BYTES
from jukinet.national.usecases.carry_batch import take_in_container, write_result_container
from jukinet.national.usecases.delete_batches import delete_batches
from jukinet.protocol import batch
from jukinet.protocol.batch import BatchBegin, BatchCommit, BatchPart, BatchResultQuery, BatchStatusQuery
from jukinet.protocol.batch_files import read_header
from jukinet.protocol.envelope import new_message_id
from jukinet.protocol.node_names import NATIONAL
from tests.builders import PASSPORT, PENSION, execute, find_value, individual_number, list_rows
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import RETENTION, Parties, by_number, open_parties, person

_DOUBLED = "SELECT count(*) - count(DISTINCT resident_record_code) FROM audit.every_use WHERE method = 'batch'"
_COUNT_USES = "SELECT count(*) FROM audit.every_use WHERE method = 'batch'"
_MATCHED = "SELECT matched FROM batch.file"
_LEFT = """
    SELECT (SELECT count(*) FROM batch.part), (SELECT count(*) FROM batch.staged), (SELECT count(*) FROM batch.result)
"""
_DEADLINE = 30.0
_ROOT = Path(__file__).parents[3]


@pytest.fixture
async def parties(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Parties]:
    async with open_parties(tmp_path, embedded_database) as found:
        yield found


def begun(parties: Parties, content: bytes, number: int = 1, **replaced: object) -> BatchBegin:
    path = parties.write(content)
    with path.open("rb") as file:
        header = read_header(file)
    begin = BatchBegin(
        batch_id=new_message_id(parties.agency.clock(), bytes([number] * 10)),
        header=header,
        length=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return msgspec.structs.replace(begin, **replaced)


def part_of(begin: BatchBegin, content: bytes, offset: int = 0) -> BatchPart:
    digest = hashlib.sha256(content).hexdigest()
    return BatchPart(batch_id=begin.batch_id, offset=offset, sha256=digest, content=content)


async def refusal(parties: Parties, message_type: str, body: msgspec.Struct) -> str:
    with pytest.raises(PeerRefusedError) as refused:
        await parties.agency.client.send(NATIONAL, message_type, body, deadline=_DEADLINE)
    return refused.value.peer_code


@pytest.mark.invariant("I3")
async def test_parts_repeated_or_resumed_are_taken_once(parties: Parties) -> None:
    await parties.know(person(1), person(2))
    content = "".join(f"{line}\n" for line in by_number(1, 2)).encode()
    begin = begun(parties, content)
    send = parties.agency.client.send

    for _ in range(2):
        status = await send(NATIONAL, "batch_begin", begin, deadline=_DEADLINE)
        assert (status.state, status.received) == ("receiving", 0)
    for _ in range(2):
        answer = await send(NATIONAL, "batch_part", part_of(begin, content[:5]), deadline=_DEADLINE)
        assert answer.received == 5
    assert await refusal(parties, "batch_part", part_of(begin, content[4:8], 4)) == "value.batch.part"
    assert await refusal(parties, "batch_part", part_of(begin, b"x", 7)) == "value.batch.part"
    commit = BatchCommit(batch_id=begin.batch_id, sha256=begin.sha256)
    assert await refusal(parties, "batch_commit", commit) == "value.batch.part"
    await send(NATIONAL, "batch_part", part_of(begin, content[5:], 5), deadline=_DEADLINE)
    for _ in range(2):
        assert (await send(NATIONAL, "batch_commit", commit, deadline=_DEADLINE)).state == "waiting"
    await parties.work()
    assert (await send(NATIONAL, "batch_commit", commit, deadline=_DEADLINE)).state == "ready"
    assert len(await parties.uses()) == 2


async def test_an_altered_part_and_another_file_under_the_same_id_are_refused(parties: Parties) -> None:
    begin = begun(parties, b"r1,1\n")
    await parties.agency.client.send(NATIONAL, "batch_begin", begin, deadline=_DEADLINE)

    altered = msgspec.structs.replace(part_of(begin, b"r1,1\n"), content=b"r1,2\n")
    assert await refusal(parties, "batch_part", altered) == "value.batch.part"
    assert await refusal(parties, "batch_part", part_of(begin, b"r1,1\nmore")) == "value.batch.part"
    other = msgspec.structs.replace(begin, sha256="0" * 64)
    assert await refusal(parties, "batch_begin", other) == "conflict.batch"


async def test_lines_that_are_not_those_announced_are_not_matched(parties: Parties) -> None:
    await parties.know(person(1))
    content = f"{by_number(1)[0]}\n".encode()
    begin = begun(parties, content, sha256="0" * 64)
    send = parties.agency.client.send
    await send(NATIONAL, "batch_begin", begin, deadline=_DEADLINE)
    await send(NATIONAL, "batch_part", part_of(begin, content), deadline=_DEADLINE)
    await send(NATIONAL, "batch_commit", BatchCommit(batch_id=begin.batch_id, sha256="0" * 64), deadline=_DEADLINE)

    await parties.work()

    status = await send(NATIONAL, "batch_status", BatchStatusQuery(batch_id=begin.batch_id), deadline=_DEADLINE)
    assert (status.state, status.code) == ("refused", "value.batch.digest")
    assert await parties.uses() == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"r1," + individual_number(1).encode(), "value.file.format"),
        (b"x" * 9000, "value.file.format"),
        (b"\xff\xfe\x00\n", "value.batch.lines"),
        (b"\x00\n\n\n", "value.batch.lines"),
    ],
    ids=["cut off", "no end of line", "not UTF-8", "rubbish"],
)
async def test_a_file_that_is_none_is_refused_and_the_next_is_matched(
    parties: Parties, content: bytes, code: str
) -> None:
    await parties.know(person(1))
    bad = await parties.submit(parties.write(content))
    good = await parties.submit(parties.write(by_number(1)))

    await parties.work()

    bad = await parties.status(bad.batch_id)
    assert (bad.state, bad.code) == ("refused", code)
    assert (await parties.status(good.batch_id)).state == "ready"


def test_a_file_longer_than_any_may_be_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.write(b'{"version":1,"layout":"csv","key":"individual_number","affair":"a","purpose":"p",')
        file.write(b'"matter_number":"m","official":"o"}\n')
        file.truncate(10 * 1024**3)

    with pytest.raises(MessageTooLargeError):
        read_batch_file(path)
    assert MOST_BYTES < 10 * 1024**3


@pytest.mark.parametrize("first", [b"", b"r1,1\n", b'{"version":2}\n', b"{" * 5000, b"\xff\n"])
def test_a_file_without_its_header_is_refused(tmp_path: Path, first: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(first)

    with pytest.raises(FileFormatError):
        read_batch_file(path)


async def test_nobody_sees_or_fetches_the_file_of_another_organ(parties: Parties) -> None:
    status = await parties.submit(parties.write(by_number(1)))
    await parties.work()

    async with parties.tiers.client(PASSPORT) as other:
        for message_type, body in (
            ("batch_status", BatchStatusQuery(batch_id=status.batch_id)),
            ("batch_result", BatchResultQuery(batch_id=status.batch_id, offset=0)),
        ):
            with pytest.raises(PeerRefusedError) as refused:
                await other.send(NATIONAL, message_type, body, deadline=_DEADLINE)
            assert refused.value.peer_code == "not_found.batch"


async def test_a_cancelled_file_gives_nothing_and_says_who_was_matched(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jukinet.agency.usecases.submit_batch.PART_BYTES", 30)
    await parties.know(*[person(number) for number in range(1, 5)])
    status = await parties.submit(parties.write(by_number(1, 2, 3, 4)))
    await parties.runner.step()
    parties.pace.lookups += 1
    await parties.runner.step()

    status = await cancel_batch(
        batch_id=status.batch_id, client=parties.agency.client, database=parties.agency.database
    )
    await parties.work()

    assert status.state == "cancelled"
    assert 0 < status.matched < 4
    assert len(await parties.uses()) == status.matched
    query = BatchResultQuery(batch_id=status.batch_id, offset=0)
    assert await refusal(parties, "batch_result", query) == "conflict.batch"
    assert await list_rows(parties.tiers.databases[NATIONAL], _LEFT) == [(0, 0, 0)]


async def test_an_urgent_file_comes_before_one_that_is_being_matched(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jukinet.agency.usecases.submit_batch.PART_BYTES", 30)
    await parties.know(*[person(number) for number in range(1, 5)])
    slow = await parties.submit(parties.write(by_number(1, 2, 3, 4), priority="low"))
    await parties.runner.step()
    urgent = await parties.submit(parties.write(by_number(1), priority="urgent"))
    assert (await parties.status(slow.batch_id)).ahead == 1

    for _ in range(3):
        await parties.runner.step()

    assert (await parties.status(urgent.batch_id)).state == "ready"
    assert (await parties.status(slow.batch_id)).state == "matching"
    await parties.work()
    assert (await parties.status(slow.batch_id)).results["found"] == 4


async def test_results_are_fetched_on_from_where_they_were(parties: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jukinet.national.usecases.answer_batch.PART_BYTES", 50)
    await parties.know(*[person(number) for number in range(1, 5)])
    status = await parties.submit(parties.write(by_number(1, 2, 3, 4), items=["address"]))
    await parties.work()
    whole = await parties.fetch(status.batch_id)
    status = await parties.status(status.batch_id)
    target = parties.directory / "resumed"
    rows = await list_rows(parties.tiers.databases[NATIONAL], "SELECT content FROM batch.result")
    (parties.directory / "resumed.part").write_bytes(bytes(rows[0][0])[:60])

    lines = await fetch_batch(
        status=status, target=target, client=parties.agency.client, database=parties.agency.database
    )

    assert lines == 4
    assert target.read_text("utf-8").splitlines() == whole
    assert target.stat().st_mode & 0o077 == 0
    with pytest.raises(AlreadyExistsError):
        await fetch_batch(status=status, target=target, client=parties.agency.client, database=parties.agency.database)


async def test_lines_and_results_are_deleted_after_their_retention(parties: Parties) -> None:
    status = await parties.submit(parties.write(by_number(1)))
    await parties.work()
    nation, now = parties.nation.database, parties.nation.clock()

    assert await delete_batches(database=nation, now=now + RETENTION - timedelta(hours=1)) == 0
    assert await delete_batches(database=nation, now=now + RETENTION + timedelta(hours=1)) == 1

    assert (await parties.status(status.batch_id)).state == "expired"
    assert await list_rows(parties.tiers.databases[NATIONAL], _LEFT) == [(0, 0, 0)]


@pytest.mark.invariant("I3")
async def test_a_killed_node_goes_on_and_logs_and_answers_everybody_once(
    parties: Parties, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = 200
    monkeypatch.setattr("jukinet.agency.usecases.submit_batch.PART_BYTES", 100)
    await parties.know(*[person(number) for number in range(1, people + 1)])
    status = await parties.submit(parties.write(by_number(*range(1, people + 1)), items=["sex"]))
    nation = parties.tiers.databases[NATIONAL]

    for kill in range(1, 4):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.batch_process", str(parties.tiers.config(NATIONAL)), cwd=_ROOT
        )

        async def has_come_far(wanted: int = kill * 30) -> bool:
            return bool(await find_value(nation, _MATCHED) >= wanted)

        assert await wait_until(has_come_far, 60)
        process.kill()
        await process.wait()
    await parties.work()

    status = await parties.status(status.batch_id)
    assert (status.state, status.matched) == ("ready", people)
    assert await find_value(nation, _COUNT_USES) == people
    assert await find_value(nation, _DOUBLED) == 0
    results = await parties.fetch(status.batch_id)
    assert [line.split(",")[1] for line in results[1:]] == [f"p{number}" for number in range(1, people + 1)]
    content = msgspec.json.decode(await find_value(nation, "SELECT content FROM audit.set_commitment"))
    assert content["size"] == people


async def test_a_file_travels_on_a_medium_and_its_results_come_back(parties: Parties) -> None:
    await parties.know(person(1))
    request, answer = parties.directory / "request", parties.directory / "answer"
    nation, agency = parties.nation, parties.agency
    file = read_batch_file(parties.write(by_number(1, 2), items=["sex"]))

    batch_id = await write_request_container(
        file=file, path=request, receiver=nation.identity.paths.certificate, node=agency, now=agency.clock()
    )
    assert individual_number(1).encode() not in request.read_bytes()
    for _ in range(2):
        assert (await take_in_container(path=request, node=nation)).batch_id == batch_id
    await parties.work()
    await write_result_container(
        agency=PENSION, batch_id=batch_id, path=answer, receiver=agency.identity.paths.certificate, node=nation
    )
    lines = await read_result_container(path=answer, target=parties.directory / "results", node=agency)

    assert lines == 2
    assert "found" in (parties.directory / "results").read_text("utf-8")
    assert len(await parties.uses()) == 1
    with pytest.raises(BatchContainerError):
        await take_in_container(path=answer, node=nation)


async def test_a_container_that_was_touched_anywhere_changes_nothing(parties: Parties) -> None:
    nation, agency = parties.nation, parties.agency
    path = parties.directory / "container"
    file = read_batch_file(parties.write(by_number(*range(1, 4000))))
    await write_request_container(
        file=file, path=path, receiver=nation.identity.paths.certificate, node=agency, now=agency.clock()
    )
    whole = path.read_bytes()

    touched = [
        whole[:-1],
        whole[: len(whole) // 2],
        whole[:20],
        b"",
        whole + b"x",
        *[whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), len(whole) // 20)],
    ]
    for content in touched:
        path.write_bytes(content)
        with pytest.raises((BatchContainerError, CertificateNotTrustedError)):
            await take_in_container(path=path, node=nation)
    assert await find_value(parties.tiers.databases[NATIONAL], "SELECT count(*) FROM batch.file") == 0


async def test_a_container_for_another_node_or_of_a_revoked_one_is_refused(parties: Parties) -> None:
    nation, agency = parties.nation, parties.agency
    path = parties.directory / "container"
    file = read_batch_file(parties.write(by_number(1)))
    with pytest.raises(CertificateNotTrustedError):
        await write_request_container(
            file=file, path=path, receiver=agency.identity.paths.certificate, node=agency, now=agency.clock()
        )
    await write_request_container(
        file=file, path=path, receiver=nation.identity.paths.certificate, node=agency, now=agency.clock()
    )
    with pytest.raises(BatchContainerError):
        await read_result_container(path=path, target=parties.directory / "target", node=agency)


async def test_the_pace_makes_way_for_look_ups(parties: Parties) -> None:
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    pace = parties.pace
    assert pace.blocks == 4
    pace.lookups += 1
    assert pace.blocks == 1
    await pace.rest(0.5, sleep=rest)
    await pace.rest(0.5, sleep=rest)

    assert rests == [0.5, 0]
    assert pace.blocks == 4


def test_a_part_is_no_longer_than_its_message_allows() -> None:
    assert batch.PART_BYTES * 4 // 3 + 512 < 1536 * 1024


async def test_the_quota_of_open_files_is_kept(parties: Parties) -> None:
    for number in range(1, 9):
        await parties.agency.client.send(NATIONAL, "batch_begin", begun(parties, b"r1,1\n", number), deadline=_DEADLINE)

    assert await refusal(parties, "batch_begin", begun(parties, b"r1,1\n", 99)) == "permission.batch_quota"
    await execute(parties.tiers.databases[NATIONAL], "UPDATE batch.file SET state = 'cancelled'")
    await parties.agency.client.send(NATIONAL, "batch_begin", begun(parties, b"r1,1\n", 98), deadline=_DEADLINE)
