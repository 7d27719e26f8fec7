"""The API for an organ's own systems, a real national node behind it: whom it answers, what, and how it refuses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jukinet.agency.api.openapi import openapi_document
from jukinet.agency.api.openapi_examples import ANSWERS, BODIES
from jukinet.agency.api.operations import OPERATIONS
from jukinet.agency.api.problems import problem_of
from jukinet.domain.errors import error_classes
from tests.architecture.source_tree import ROOT
from tests.builders import PASSPORT_AFFAIR, PENSION, PENSION_AFFAIR, code, individual_number
from tests.fixtures_postgres import MakeDatabase
from tests.integration.agency.running import GROUND, HANAKO, OTHER_SYSTEM, SYSTEM, Offices, running_offices

KEY = "0123456789abcdef"


def body(**items: Any) -> dict[str, Any]:  # noqa: ANN401 - any item of it
    base = {"ground": msgspec.to_builtins(GROUND), "items": ["name", "change"], "resident_record_code": code(1)}
    return {name: value for name, value in {**base, **items}.items() if value is not None}


def ground(**items: str) -> dict[str, str]:
    return {**msgspec.to_builtins(GROUND), **items}


@pytest.fixture
async def offices(tmp_path: Path, embedded_database: MakeDatabase) -> AsyncIterator[Offices]:
    async with running_offices(tmp_path, embedded_database) as running:
        yield running


async def test_a_person_is_confirmed_with_the_items_asked_for_and_no_others(offices: Offices) -> None:
    reply = await offices.ask("POST", "/v1/confirmations", body())

    assert reply.status == 200
    assert reply.content["result"] == "found"
    assert reply.content["person"].keys() == {"name", "kana", "reason", "changed_on", "is_removed"}
    assert reply.content["person"]["name"] == HANAKO["name"]
    assert reply.content["state"] == "live"
    assert reply.headers["cache-control"] == "no-store"
    assert (await offices.uses())[-1] == ("real_time", "found", "name,change", "a1234", "支給課", "年金-1")
    (event,) = [row for row in await offices.events() if row[0] == "confirmation:asked"]
    assert event[3]["through"] == SYSTEM.text


async def test_the_answer_says_whether_somebody_was_found(offices: Offices) -> None:
    by_number = body(resident_record_code=None, individual_number=individual_number(1))
    known = body(resident_record_code=None, stated={"name": "渡辺花子", "birth_date": "1990-05-06"})
    unknown = body(resident_record_code=None, stated={"kana": "さとう", "birth_date": "1990-05-06"})

    replies = [
        await offices.ask("POST", "/v1/confirmations", by_number),
        await offices.ask("POST", "/v1/confirmations", body(resident_record_code=code(7))),
        await offices.ask("POST", "/v1/searches", known),
        await offices.ask("POST", "/v1/searches", unknown),
    ]

    assert [(reply.status, reply.content.get("result")) for reply in replies] == [
        (200, "found"), (200, "not_found"), (200, "found"), (200, "not_found"),
    ]  # fmt: skip


async def test_a_verification_tells_what_agrees_and_gives_nothing(offices: Offices) -> None:
    stated = {"name": "渡辺花子", "address": "東京都世田谷区太子堂1-2-3", "birth_date": "1990-05-07"}

    reply = await offices.ask("POST", "/v1/verifications", body(items=None, stated=stated))

    assert "person" not in reply.content
    assert reply.content["agreements"]["birth_date"] == "differs"
    assert reply.content["agreements"]["address"] == "agrees_folded"


async def test_somebody_dead_is_found_as_removed(offices: Offices) -> None:
    reply = await offices.ask("POST", "/v1/confirmations", body(resident_record_code=code(2)))

    assert (reply.content["state"], reply.content["person"]["is_removed"]) == ("dead", True)


async def test_the_affairs_of_today_are_listed_with_their_items(offices: Offices) -> None:
    reply = await offices.ask("GET", "/v1/affairs")

    listed = {one["affair"]: one for one in reply.content["affairs"]}
    assert reply.content["organ"] == "日本年金機構"
    assert PENSION_AFFAIR in listed
    assert PASSPORT_AFFAIR not in listed
    assert "resident_record_code" not in listed[PENSION_AFFAIR]["items"]
    assert "別表第1の74の項" in listed[PENSION_AFFAIR]["ground"]


async def test_a_repeated_request_is_answered_the_same_and_logged_once_on_both_nodes(offices: Offices) -> None:
    first = await offices.ask("POST", "/v1/confirmations", body(), idempotency_key=KEY)
    again = await offices.ask("POST", "/v1/confirmations", body(), idempotency_key=KEY)
    other = await offices.ask("POST", "/v1/confirmations", body(items=["name"]), idempotency_key=KEY)

    assert first.content == again.content
    assert len(await offices.uses()) == 1
    assert len([row for row in await offices.events() if row[0] == "confirmation:asked" and row[1] == "done"]) == 1
    assert (other.status, other.code, other.content["field"]) == (422, "conflict.idempotency_key", "Idempotency-Key")


WRONG_DIGIT = code(1)[:-1] + str((int(code(1)[-1]) + 1) % 10)
REFUSALS: list[tuple[dict[str, Any], int, str, str, str]] = [
    ({"ground": ground(affair=PASSPORT_AFFAIR)}, 403, "permission.affair_not_listed", "ground.affair",
     "PROVISION_ONLY_FOR_LISTED_AFFAIR"),
    ({"items": ["resident_record_code"]}, 403, "permission.item_not_granted", "items",
     "PROVISION_ONLY_OF_GRANTED_ITEMS"),
    ({"items": []}, 400, "value.request", "items", "length"),
    ({"items": ["shoe"]}, 400, "value.request", "items[0]", "enum"),
    ({"items": None}, 400, "value.request", "items", "required"),
    ({"shoe_size": 42}, 400, "value.request", "shoe_size", "unknown_field"),
    ({"渡邉": 42}, 400, "value.request", "body", "unknown_field"),
    ({"ground": ground(shoe_size="42")}, 400, "value.request", "ground.shoe_size", "unknown_field"),
    ({"ground": ground(purpose=" ")}, 400, "value.request", "ground.purpose", "pattern"),
    ({"ground": ground(matter_number="x" * 201)}, 400, "value.request", "ground.matter_number", "length"),
    ({"ground": 7}, 400, "value.request", "ground", "type"),
    ({"resident_record_code": "1" * 10}, 400, "value.request", "resident_record_code", "pattern"),
    ({"resident_record_code": WRONG_DIGIT}, 422, "value.resident_record_code.check_digit",
     "resident_record_code", "value.resident_record_code.check_digit"),
    ({"individual_number": individual_number(1)}, 422, "value.missing", "resident_record_code", "value.missing"),
    ({"resident_record_code": None}, 422, "value.missing", "resident_record_code", "value.missing"),
]  # fmt: skip


async def test_a_refusal_names_code_field_and_rule_in_both_languages_and_no_value(offices: Offices) -> None:
    for asked, status, refused, field, rule in REFUSALS:
        reply = await offices.ask("POST", "/v1/confirmations", body(**asked))

        problem = reply.content
        assert (reply.status, problem["code"], problem["field"], problem["rule"]) == (status, refused, field, rule)
        assert (problem["status"], reply.headers["content-type"]) == (status, "application/problem+json")
        assert problem["type"] == f"urn:jukinet:problem:{refused}"
        assert all(problem[name] for name in ("title", "detail", "sentence_ja", "advice_ja"))
        assert problem["request_id"] == reply.headers["x-request-id"]
        for personal in (code(1), WRONG_DIGIT, individual_number(1), "渡邉"):
            assert personal not in json.dumps(problem, ensure_ascii=False)
    assert await offices.uses() == []


STRANGE: list[tuple[str, str, bytes | None, dict[str, Any], int, str]] = [
    ("POST", "/v1/confirmations?trace=1", b"{}", {}, 400, "value.request.parameter"),
    ("GET", "/v1/affairs?affair=1", None, {}, 400, "value.request.parameter"),
    ("POST", "/v1/confirmations", b"{", {}, 400, "value.request"),
    ("POST", "/v1/confirmations", b"\xff\xfe", {}, 400, "value.request"),
    ("POST", "/v1/confirmations", b"[" * 9_000, {}, 400, "value.request"),
    ("POST", "/v1/confirmations", b"", {}, 400, "value.request"),
    ("POST", "/v1/confirmations", b"{}", {"content_type": "text/plain"}, 415, "value.request.media_type"),
    ("POST", "/v1/confirmations", b"{}", {"idempotency_key": "short"}, 400, "value.request"),
    ("POST", "/v1/confirmations", b" " * 20_000, {}, 413, "permission.too_large"),
    ("GET", "/v1/confirmations", None, {}, 405, "value.request.method"),
    ("DELETE", "/v1/affairs", None, {}, 405, "value.request.method"),
    ("GET", "/v1/batches", None, {}, 404, "not_found"),
    ("GET", "/", None, {}, 404, "not_found"),
]


async def test_what_is_no_request_of_this_api_is_refused_with_a_reason(offices: Offices) -> None:
    for method, path, content, headers, status, refused in STRANGE:
        reply = await offices.ask(method, path, content=content, **headers)

        assert (reply.status, reply.code) == (status, refused), path
        assert reply.headers["content-type"] == "application/problem+json"
        if status == 405:
            assert reply.headers["allow"] in {"GET", "POST"}


@pytest.mark.invariant("I5")
async def test_only_the_organs_own_systems_are_let_in_and_the_others_are_on_the_log(offices: Offices) -> None:
    replies = [await offices.ask("GET", "/v1/health", system=stranger) for stranger in (OTHER_SYSTEM, PENSION)]

    assert [(reply.status, reply.code) for reply in replies] == [(403, "permission.peer")] * 2
    refused = [row for row in await offices.events() if row[0] == "message:refused"]
    assert [(row[2], row[3]["type"]) for row in refused] == [
        (OTHER_SYSTEM.text, "agency_api"), (PENSION.text, "agency_api"),
    ]  # fmt: skip


async def test_a_revoked_system_is_let_in_no_longer(offices: Offices) -> None:
    assert (await offices.ask("GET", "/v1/health")).content == {
        "status": "ok", "database": "ok", "revocation_list": "ok",
    }  # fmt: skip
    authority = offices.network.authority
    (issued,) = authority.find_issued(SYSTEM.text)
    authority.revoke(issued.serial_number)
    offices.agency.revocations.replace_from(authority.revocation_list_path)

    reply = await offices.ask("GET", "/v1/health")

    assert (reply.status, reply.code) == (403, "permission.certificate")


async def test_the_rate_is_told_and_kept(tmp_path: Path, embedded_database: MakeDatabase) -> None:
    async with running_offices(tmp_path, embedded_database, api="per_second = 0.01\nburst = 2\n") as offices:
        replies = [await offices.ask("POST", "/v1/confirmations", body()) for _ in range(3)]

        assert [reply.status for reply in replies] == [200, 200, 429]
        assert [reply.headers["ratelimit-remaining"] for reply in replies] == ["1", "0", "0"]
        assert {reply.headers["ratelimit-limit"] for reply in replies} == {"2"}
        assert 1 <= int(replies[2].headers["retry-after"]) <= 100
        assert replies[2].content["retry_after_seconds"] == int(replies[2].headers["retry-after"])
        assert (await offices.ask("GET", "/v1/health")).status == 200


async def test_the_rate_of_the_national_node_reaches_the_organ(tmp_path: Path, embedded_database: MakeDatabase) -> None:
    limit = "per_second = 0.01\nburst = 1\n"
    async with running_offices(tmp_path, embedded_database, national_limit=limit) as offices:
        replies = [await offices.ask("POST", "/v1/confirmations", body()) for _ in range(2)]

    assert [reply.status for reply in replies] == [200, 429]
    assert replies[1].code == "operation.rate_limit"
    assert int(replies[1].headers["retry-after"]) > 1


def test_the_document_is_current() -> None:
    kept = ROOT / "docs" / "openapi" / "agency.json"

    assert json.loads(kept.read_text(encoding="utf-8")) == json.loads(json.dumps(openapi_document())), (
        "run `make tables`"
    )


def test_every_example_of_the_document_is_what_its_operation_reads_and_answers() -> None:
    for operation in OPERATIONS:
        for example in ANSWERS[operation.id].values():
            msgspec.convert(example, operation.answer)
        for example in BODIES.get(operation.id, {}).values():
            assert operation.body is not None
            msgspec.convert(example, operation.body)


def test_every_error_has_a_problem_in_both_languages() -> None:
    for known in error_classes():
        if "begins_on" in known.__init__.__annotations__ or "ended_on" in known.__init__.__annotations__:
            continue
        problem = problem_of(known("What happened."), request_id="0" * 32)

        assert problem.sentence_ja
        assert problem.rule
        assert 400 <= problem.status <= 599
