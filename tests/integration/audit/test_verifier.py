"""What was tampered with, cut short, put in another order or left out is refused (I11)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, Final

import pytest

from jukinet.audit.verifier.files import list_file_fingerprints, verify_file
from jukinet.audit.verifier.signers import Trust
from jukinet.domain.errors import ProofRefusedError
from jukinet.national.app import MIGRATIONS
from jukinet.postgres.database import Database
from jukinet.transport.certificates import pem
from tests.builders import NOW, TOKYO, code, execute, opened
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import (
    add_use,
    add_withheld_use,
    check,
    create_authority,
    file_of,
    network,
    seal_now,
)

LATER: Final = NOW + timedelta(days=2)


@pytest.fixture
async def database(embedded_database: MakeDatabase) -> AsyncIterator[Database]:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as found:
        yield found


async def fill(database: Database) -> None:
    """Write and seal entries of several persons: person 1 has eight, one of which was withheld at first."""
    async with database.transaction() as unit:
        for number in range(60):
            await add_use(unit, number, 1 if number % 10 == 0 else number)
        await add_withheld_use(unit, 100, 1, reason="investigation", until=date(2026, 4, 2))
    await seal_now(database)
    async with database.transaction() as unit:
        await add_use(unit, 200, 2)
    await seal_now(database, now=LATER)


async def good_file(database: Database) -> dict[str, Any]:
    await fill(database)
    content = await file_of(database, 1, now=LATER)
    assert len(check(content).uses) == 8
    return dict(json.loads(content))


def refused(file: Any) -> str:  # noqa: ANN401 - anything somebody may hand in
    with pytest.raises(ProofRefusedError) as refusal:
        check(json.dumps(file, ensure_ascii=False).encode())
    return refusal.value.detail


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    """Yield the path of every text and number in a file."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places_in(inner, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places_in(inner, (*path, number))
    else:
        yield path


def altered(file: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = deepcopy(file)
    inner: Any = changed
    for step in path[:-1]:
        inner = inner[step]
    old = inner[path[-1]]
    if isinstance(old, int):
        inner[path[-1]] = old + 1
    elif isinstance(old, str) and old:
        # One character somewhere in the middle, to another of its kind.
        middle = len(old) // 2
        inner[path[-1]] = old[:middle] + ("0" if old[middle] != "0" else "1") + old[middle + 1 :]
    else:
        inner[path[-1]] = "1"
    return changed


@pytest.mark.invariant("I11")
async def test_whatever_single_thing_is_altered_the_file_is_refused(database: Database) -> None:
    file = await good_file(database)

    for path in places_in(file):
        # When the file was made is said by nobody's signature; the head says up to when it is complete.
        if path != ("made_at",):
            refused(altered(file, path))


@pytest.mark.invariant("I11")
async def test_an_entry_left_out_is_noticed(database: Database) -> None:
    file = await good_file(database)

    for place in range(len(file["entries"])):
        refused({**file, "entries": file["entries"][:place] + file["entries"][place + 1 :]})
    refused({**file, "entries": []})


@pytest.mark.invariant("I11")
async def test_a_file_cut_short_is_noticed(database: Database) -> None:
    file = await good_file(database)
    content = json.dumps(file).encode()

    refused({**file, "entries": file["entries"][:-1]})
    refused({**file, "nodes": file["nodes"][:-1]})
    for length in (0, 1, len(content) // 2, len(content) - 1):
        with pytest.raises(ProofRefusedError):
            check(content[:length])
    for name in file:
        if name != "made_at":
            refused({key: value for key, value in file.items() if key != name})


@pytest.mark.invariant("I11")
async def test_entries_in_another_order_are_noticed(database: Database) -> None:
    file = await good_file(database)

    for first in range(len(file["entries"]) - 1):
        entries = list(file["entries"])
        entries[first], entries[first + 1] = entries[first + 1], entries[first]
        refused({**file, "entries": entries})


@pytest.mark.invariant("I11")
async def test_entries_twice_or_of_somebody_else_are_noticed(database: Database) -> None:
    file = await good_file(database)
    other = json.loads(await file_of(database, 2, now=LATER))

    refused({**file, "entries": [*file["entries"], file["entries"][-1]]})
    refused({**file, "entries": [*file["entries"], *other["entries"]]})
    refused({**file, "map": other["map"]})
    refused({**other, "entries": file["entries"], "nodes": file["nodes"]})


@pytest.mark.invariant("I11")
async def test_a_reveal_that_names_another_original_is_noticed(database: Database) -> None:
    file = await good_file(database)
    reveal = file["entries"][-1]
    ordinary = file["entries"][0]
    assert "original" in reveal

    refused({**file, "entries": [*file["entries"][:-1], {**reveal, "original": {**reveal["original"], **ordinary}}]})
    refused({**file, "entries": [*file["entries"][:-1], {name: reveal[name] for name in ("index", "salt", "text")}]})
    later = {**reveal["original"], "head": file["head"], "consistency": ["00" * 32]}
    refused({**file, "entries": [*file["entries"][:-1], {**reveal, "original": later}]})


@pytest.mark.invariant("I11")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.use_log SET purpose = '別の事由' WHERE message_id = (SELECT min(message_id) FROM audit.use_log)",
        "UPDATE audit.use_log SET used_at = used_at + interval '1 second'",
        "UPDATE audit.leaf SET ordinal = ordinal + 1 WHERE ordinal >= 3",
        "DELETE FROM audit.leaf WHERE ordinal = 2",
        "DELETE FROM audit.use_log WHERE message_id = (SELECT max(message_id) FROM audit.leaf WHERE ordinal = 3)",
        "UPDATE audit.leaf SET leaf_index = leaf_index + 1 WHERE ordinal = 1",
        "UPDATE audit.log_page SET nodes = repeat('x', 512)::bytea",
        "UPDATE sealing.map_page SET children = repeat('x', 512)::bytea",
        "DELETE FROM sealing.map_bucket",
        "UPDATE audit.head SET tree_size = tree_size - 1",
        "UPDATE audit.wording SET content = replace(content, '日本年金機構', '外務省')",
    ],
)
async def test_what_the_owner_of_the_database_changed_shows_in_the_next_file(
    embedded_database: MakeDatabase, statement: str
) -> None:
    node = await embedded_database(MIGRATIONS)
    async with opened(node) as database:
        await fill(database)
        await execute(node, statement)

        try:
            content = await file_of(database, 1, now=LATER)
        except (KeyError, IndexError):
            return  # not even a file can be made
        with pytest.raises(ProofRefusedError):
            check(content)


@pytest.mark.invariant("I11")
async def test_only_the_trusted_network_s_node_signs_its_own_log(database: Database) -> None:
    async with database.transaction() as unit:
        await add_use(unit, 1)
    await seal_now(database, signer=create_authority().signer())
    with pytest.raises(ProofRefusedError, match="not the trusted one"):
        check(await file_of(database, 1))

    wrong = network().signer(TOKYO)
    impostor = type(wrong)(name="national", sign=wrong.sign, certificates=wrong.certificates)
    await seal_now(database, signer=impostor, now=LATER)
    with pytest.raises(ProofRefusedError, match="Another node"):
        check(await file_of(database, 1))


async def test_the_authority_is_given_as_a_certificate_or_by_its_fingerprint(database: Database) -> None:
    await fill(database)
    content = await file_of(database, 1)
    (fingerprint,) = list_file_fingerprints(content)
    spaced = ":".join(fingerprint[at : at + 2].upper() for at in range(0, 64, 2))

    assert verify_file(content, Trust.of_fingerprint(spaced)) == check(content)
    assert Trust.of_certificate(pem(network().certificate)).fingerprint == fingerprint
    with pytest.raises(ProofRefusedError):
        verify_file(content, Trust.of_fingerprint("00" * 32))
    with pytest.raises(ProofRefusedError):
        Trust.of_fingerprint("zz" * 32)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"format":1,"version":1}',
        b'{"format":"jukinet-use-log-proof","version":2}',
        b'{"format":"jukinet-use-log-proof","version":true}',
        b'{"format":"jukinet-use-log-proof","version":1,"version":1}',
        b'{"format":"jukinet-use-log-proof","version":1,"head":{"text":"{}","signature":"","certificates":""}}',
        b'{"format":"jukinet-set-proof","version":1,"commitment":{},"proof":{}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_proof_file_is_refused(content: bytes) -> None:
    with pytest.raises(ProofRefusedError):
        check(content)


async def test_a_file_shows_no_name_of_an_official_and_no_printed_result_shows_a_person(database: Database) -> None:
    async with database.transaction() as unit:
        await add_use(unit, 1)
    await seal_now(database)
    content = await file_of(database, 1)

    assert b"official_hash" in content
    assert b'"official"' not in content
    assert code(1) not in repr(check(content))
