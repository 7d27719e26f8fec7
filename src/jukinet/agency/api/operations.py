"""What the API offers: one row for each operation. The server and the OpenAPI document are both made of it."""

from __future__ import annotations

import asyncio
from typing import Final

from jukinet.agency.api.feed_operations import FEED_OPERATIONS
from jukinet.agency.api.operation import Asked, Operation
from jukinet.agency.api.translation import (
    affair_list_of,
    answer_of,
    doubt_list_of,
    doubt_of,
    query_of_confirmation,
    query_of_search,
    query_of_verification,
)
from jukinet.agency.doubt_store import Reporter, list_doubts
from jukinet.agency.usecases.ask_confirmation import ask_confirmation
from jukinet.agency.usecases.list_affairs import list_affairs
from jukinet.agency.usecases.report_doubt import report_doubt
from jukinet.agency.usecases.search_person import search_person
from jukinet.domain.errors import JukinetError
from jukinet.protocol.agency_api import (
    AffairList,
    ConfirmationRequest,
    DoubtList,
    DoubtReceipt,
    DoubtRequest,
    Health,
    PersonAnswer,
    SearchRequest,
    VerificationRequest,
)

#: Seconds a database has to say that it is there.
_HEALTH_SECONDS: Final = 2.0
_MOST_DOUBTS: Final = 1_000


async def _confirm(asked: Asked) -> PersonAnswer:
    node = asked.node
    return answer_of(
        await ask_confirmation(
            query=query_of_confirmation(asked.body, asked.idempotency_key),
            client=node.client,
            database=node.database,
            now=node.clock(),
            through=asked.system.text,
        )
    )


async def _verify(asked: Asked) -> PersonAnswer:
    node = asked.node
    return answer_of(
        await ask_confirmation(
            query=query_of_verification(asked.body, asked.idempotency_key),
            client=node.client,
            database=node.database,
            now=node.clock(),
            through=asked.system.text,
        )
    )


async def _search(asked: Asked) -> PersonAnswer:
    node = asked.node
    return answer_of(
        await search_person(
            query=query_of_search(asked.body, asked.idempotency_key),
            client=node.client,
            database=node.database,
            now=node.clock(),
            through=asked.system.text,
        )
    )


async def _list_affairs(asked: Asked) -> AffairList:
    return affair_list_of(await list_affairs(client=asked.node.client))


async def _report_doubt(asked: Asked) -> DoubtReceipt:
    body: DoubtRequest = asked.body
    reporter = Reporter(
        official=body.official,
        matter_number=body.matter_number,
        through=asked.system.text,
        idempotency_key=asked.idempotency_key,
    )
    number = await report_doubt(
        doubt=doubt_of(body), reporter=reporter, database=asked.node.database, now=asked.node.clock()
    )
    return DoubtReceipt(report_number=number)


async def _list_doubts(asked: Asked) -> DoubtList:
    async with asked.node.database.connection() as connection:
        return doubt_list_of(await list_doubts(connection, limit=_MOST_DOUBTS))


async def _tell_health(asked: Asked) -> Health:
    node = asked.node
    is_there = True
    try:
        async with asyncio.timeout(_HEALTH_SECONDS), node.database.connection() as connection:
            await connection.execute(b"SELECT 1")
    except (JukinetError, TimeoutError):
        is_there = False
    is_fresh = node.revocations.is_current(node.clock())
    return Health(
        status="ok" if is_there and is_fresh else "degraded",
        database="ok" if is_there else "unavailable",
        revocation_list="ok" if is_fresh else "stale",
    )


OPERATIONS: Final = (
    Operation(
        id="confirm",
        method="POST",
        path="/v1/confirmations",
        summary="コード・個人番号による照会（即時提供）",
        description="Confirm one person by resident record code or Individual Number. Only items asked for are given.",
        perform=_confirm,
        body=ConfirmationRequest,
        answer=PersonAnswer,
    ),
    Operation(
        id="verify",
        method="POST",
        path="/v1/verifications",
        summary="照合",
        description="Compare what is held of a person with the record. Answered is which items agree; none is given.",
        perform=_verify,
        body=VerificationRequest,
        answer=PersonAnswer,
    ),
    Operation(
        id="search",
        method="POST",
        path="/v1/searches",
        summary="4情報による照会",
        description=(
            "Find one person by at least two of name, birth date and address. Where several agree nobody is shown: "
            "`refine` says what to state more of."
        ),
        perform=_search,
        body=SearchRequest,
        answer=PersonAnswer,
    ),
    Operation(
        id="list_affairs",
        method="GET",
        path="/v1/affairs",
        summary="照会できる事務と項目",
        description="List the affairs this organ may ask for today, and the items each may be given.",
        perform=_list_affairs,
        answer=AffairList,
    ),
    Operation(
        id="report_doubt",
        method="POST",
        path="/v1/doubt-reports",
        summary="疑義の通報",
        description=(
            "Report that something this organ was given cannot be right. It is kept before this is answered, and "
            "reaches the municipality, which has 14 days to answer."
        ),
        perform=_report_doubt,
        body=DoubtRequest,
        answer=DoubtReceipt,
    ),
    Operation(
        id="list_doubts",
        method="GET",
        path="/v1/doubt-statuses",
        summary="疑義の通報の状況",
        description="List the reports of doubt of this organ, the newest first, and what was answered to each.",
        perform=_list_doubts,
        answer=DoubtList,
    ),
    Operation(
        id="health",
        method="GET",
        path="/v1/health",
        summary="稼働状況",
        description="Say whether this agency node can do its work. Not limited in rate.",
        perform=_tell_health,
        answer=Health,
        is_limited=False,
    ),
    *FEED_OPERATIONS,
)
