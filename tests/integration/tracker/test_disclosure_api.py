"""Listed portals show people their uses, the proof and the own record: our own questions, by hand and schemathesis."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jukinet.domain.rules import Rule
from jukinet.national.tracker.disclosure_contract import DOCUMENT, PROOFS, RECORDS, USES, disclosure_contract
from tests.builders import code, list_rows
from tests.fixtures_postgres import MakeDatabase
from tests.integration.audit.sealed_log import check, seal_now
from tests.integration.national.test_confirm_person import Nation, ask, person, query
from tests.integration.tracker.running import FAMILY_PORTAL, PORTAL, STRANGER, Tracker, running_tracker
from tests.integration.tracker.test_tracker import EXAMPLES

ME, OTHER = code(1), code(2)
TOLD = "SELECT event, actor FROM audit.event WHERE event IN ('use_log:told', 'use_log:proved') ORDER BY event_id"
DISCLOSED = "SELECT agency, method, items FROM audit.use_log WHERE method = 'disclosure'"


@pytest.fixture
async def tracker(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Tracker]:
    async with running_tracker(tmp_path, embedded_database) as running:
        nation = Nation(running.network.databases["national"], running.node.database)
        await nation.know(person(1))
        for number in range(3):
            await ask(nation.desk(), query(1), number)
        yield running


def about(person_code: str = ME, **items: Any) -> dict[str, Any]:  # noqa: ANN401 - any item of a question
    return {"resident_record_code": person_code, **items}


@pytest.mark.invariant("I4")
@pytest.mark.rule(Rule.RECORD_BEFORE_ANSWER)
async def test_a_portal_shows_uses_page_by_page_their_proof_and_the_own_record(tracker: Tracker) -> None:
    unsealed = await tracker.post(PROOFS, about())
    await seal_now(tracker.node.database)
    first = await tracker.post(USES, about(limit=2))
    last = await tracker.post(USES, about(limit=2, after=first.content["after"]))
    proof = await tracker.post(PROOFS, about())
    unwilling = await tracker.post(RECORDS, about(consents=False))
    record = await tracker.post(RECORDS, about(consents=True))

    assert (unsealed.status, unsealed.content["code"]) == (503, "operation.not_sealed")
    assert (first.content["total"], len(first.content["uses"]), len(last.content["uses"])) == (3, 2, 1)
    assert first.content["uses"][0]["organ"] == "日本年金機構"
    assert last.content["after"] is None
    assert len(check(json.dumps(proof.content).encode()).uses) == 3
    assert (unwilling.status, unwilling.content["field"]) == (403, "consents")
    assert (record.status, record.content["name"]) == (200, person(1).name)
    database = tracker.network.databases["national"]
    assert await list_rows(database, TOLD) == [
        ("use_log:told", PORTAL.text),
        ("use_log:told", PORTAL.text),
        ("use_log:proved", PORTAL.text),
    ]
    disclosed = await list_rows(database, DISCLOSED)
    assert [(row[0], row[1]) for row in disclosed] == [(PORTAL.text, "disclosure")]


async def test_who_may_not_ask_and_what_is_malformed_gets_problem_details(tracker: Tracker) -> None:
    wrong = ME[:-1] + str((int(ME[-1]) + 1) % 10)
    replies = [
        (await tracker.post(USES, about(), portal=STRANGER), 403, "certificate"),
        (await tracker.post(USES, about(signed_in=OTHER)), 403, "signed_in"),
        (await tracker.post(USES, about(wrong)), 400, "resident_record_code"),
        (await tracker.post(USES, about(limit=0)), 400, "limit"),
        (await tracker.post(USES, about(after="nowhere")), 400, "after"),
        (await tracker.post(USES, about(shoe=42)), 400, "body"),
        (await tracker.post(USES + "?shoe=42", about()), 400, "query"),
        (await tracker.post(RECORDS, about(OTHER, consents=True)), 404, "resident_record_code"),
        (await tracker.ask(USES), 405, "method"),
    ]
    represented = await tracker.post(USES, about(signed_in=OTHER), portal=FAMILY_PORTAL)

    for reply, status, field in replies:
        assert (reply.status, reply.content.get("field")) == (status, field), reply.content
        assert wrong not in json.dumps(reply.content)
    assert {reply.headers["content-type"] for reply, *_ in replies[1:]} == {"application/problem+json"}
    assert replies[-1][0].headers["allow"] == "POST, OPTIONS"
    assert represented.status == 200


async def test_no_request_made_from_the_document_gets_an_undocumented_answer(tracker: Tracker, tmp_path: Path) -> None:
    # Until the first sealing a proof is answered 503, which is documented and yet no good answer.
    await seal_now(tracker.node.database)
    served = await tracker.ask(DOCUMENT)
    text = json.dumps(disclosure_contract()).replace("90000000018", ME)

    status, output = await tracker.fuzz(tmp_path, json.loads(text), EXAMPLES)

    assert served.content == disclosure_contract()
    assert status == 0, output
    assert {row[0] for row in await list_rows(tracker.network.databases["national"], TOLD)} >= {"use_log:told"}
