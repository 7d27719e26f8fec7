"""The data tracker: the contract of a foreign portal over our use log, by schemathesis and by hand."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from jukinet.national.tracker.contract import FIND_USAGE, HEARTBEAT, USAGE_PERIOD, contract
from tests.builders import code, list_rows
from tests.fixtures_postgres import MakeDatabase
from tests.integration.national.test_publication import use
from tests.integration.tracker.running import FAMILY_PORTAL, PORTAL, STRANGER, Tracker, running_tracker

#: Requests made up for each operation, beside those of the limits of every parameter.
EXAMPLES: Final = int(os.environ.get("JUKINET_FUZZ_EXAMPLES", "5"))
ME: Final = f"JP{code(1)}"
OTHER: Final = f"JP{code(2)}"
_WITHHELD: Final = (
    "INSERT INTO audit.use_log (message_id, agency, used_at, resident_record_code, method, affair, purpose,"
    " matter_number, official, asked_by, result, items, withheld_reason, withheld_until)"
    " VALUES ('withheld', 'agency/nenkin', now(), %(code)s, 'real_time', '1-74-2', 'p', 'm', 'o',"
    " 'resident_record_code', 'found', 'name', 'investigation', '2099-01-01')"
)
_LOG: Final = "SELECT actor, event, outcome, detail FROM audit.event ORDER BY event_id"


@pytest.fixture
async def tracker(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Tracker]:
    async with running_tracker(tmp_path, embedded_database) as running:
        database = running.node.database
        await use(database, "agency/nenkin", "2026-04-01 09:00", 3)
        await use(database, "agency/nenkin", "2026-05-01 09:00", 1, method="batch")
        await use(database, "municipal/131121", "2026-06-01 09:00", 1, affair="4-1-1", code=code(2))
        async with database.transaction() as unit:
            await unit.execute(_WITHHELD, {"code": code(1)})
        yield running


async def test_a_portal_is_told_a_persons_uses_and_nobody_elses(tracker: Tracker) -> None:
    reply = await tracker.ask(FIND_USAGE, ME, userCode=ME)
    paged = await tracker.ask(FIND_USAGE, ME, userCode=ME, offset="1", limit="1")
    of_april = await tracker.ask(
        FIND_USAGE, ME, userCode=ME, periodStart="2026-04-01T00:00:00Z", periodEnd="2026-04-02T00:00:00+09:00"
    )
    none = await tracker.ask(FIND_USAGE, ME, userCode=ME, limit="0")

    assert (reply.status, reply.content["totalUsages"]) == (200, 4)
    newest = reply.content["usages"][0]
    assert newest["logtime"] == "2026-05-01T00:00:00Z"
    assert (newest["receiverCode"], newest["receiverName"]) == ("nenkin", "日本年金機構")
    assert "一括提供" in newest["receiverSystem"]
    assert "根拠" in newest["action"]
    assert (paged.content["totalUsages"], len(paged.content["usages"])) == (4, 1)
    assert of_april.content["totalUsages"] == 3
    assert (none.content["totalUsages"], none.content["usages"]) == (4, [])
    assert code(2) not in json.dumps(reply.content)
    assert (await tracker.ask(USAGE_PERIOD)).content == {"periodStart": "2026-04-01T00:00:00Z"}
    assert (await tracker.ask(HEARTBEAT)).content["status"] == "OK"
    log = await list_rows(tracker.network.databases["national"], _LOG)
    assert [row[:2] for row in log if row[1] == "use_log:told"] == [(PORTAL.text, "use_log:told")] * 4


async def test_only_a_listed_portal_asks_and_for_others_only_where_it_may(tracker: Tracker) -> None:
    stranger = await tracker.ask(FIND_USAGE, ME, userCode=ME, portal=STRANGER)
    for_other = await tracker.ask(FIND_USAGE, ME, userCode=OTHER)
    represented = await tracker.ask(FIND_USAGE, ME, userCode=OTHER, portal=FAMILY_PORTAL)

    assert (stranger.status, stranger.content["code"]) == (403, "permission.peer")
    assert (for_other.status, for_other.content["field"]) == (403, "userCode")
    assert (represented.status, represented.content["usages"][0]["receiverName"]) == (200, "東京都世田谷区")
    log = await list_rows(tracker.network.databases["national"], _LOG)
    assert (STRANGER.text, "message:refused", "refused") in [row[:3] for row in log]
    assert [row[3]["is_represented"] for row in log if row[1] == "use_log:told"] == [True]


async def test_what_is_not_of_the_contract_is_refused_by_name_and_never_by_value(tracker: Tracker) -> None:
    wrong = code(1)[:-1] + str((int(code(1)[-1]) + 1) % 10)
    replies = [
        (await tracker.ask(FIND_USAGE, None, userCode=ME), "X-Road-UserId"),
        (await tracker.ask(FIND_USAGE, ME), "userCode"),
        (await tracker.ask(FIND_USAGE, ME, userCode=wrong), "userCode"),
        (await tracker.ask(FIND_USAGE, ME, userCode=ME, limit="many"), "limit"),
        (await tracker.ask(FIND_USAGE, ME, userCode=ME, offset="99999999999"), "offset"),
        (await tracker.ask(FIND_USAGE, ME, userCode=ME, periodStart="2026-02-30T00:00:00Z"), "periodStart"),
        (await tracker.ask(FIND_USAGE, ME, userCode=ME, shoe="42"), "query"),
        (await tracker.ask(HEARTBEAT, shoe="42"), "query"),
    ]

    for reply, field in replies:
        assert (reply.status, reply.content["field"]) == (400, field)
        assert wrong not in json.dumps(reply.content)
        assert reply.content["sentence_ja"]
    assert (await tracker.ask(FIND_USAGE, ME, method="POST")).headers["allow"] == "GET, OPTIONS"
    assert (await tracker.ask("/v2/nowhere")).status == 404


async def test_no_request_made_from_the_contract_gets_an_undocumented_answer(tracker: Tracker, tmp_path: Path) -> None:
    document = contract()
    for parameter in document["paths"][FIND_USAGE]["get"]["parameters"][:2]:
        # So that not all of it is refused at the door.
        parameter["example"] = ME
    status, output = await tracker.fuzz(tmp_path, document, EXAMPLES)
    log = await list_rows(tracker.network.databases["national"], _LOG)

    assert status == 0, output
    assert "use_log:told" in {row[1] for row in log}
