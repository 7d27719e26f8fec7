"""Messages of the connected resident system. Who may send them stands in the message catalogue: it alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from jukinet.delivery.inbox import accept
from jukinet.domain.errors import ResidentSystemNotConnectedError
from jukinet.municipal.resident_system.settling import Linking
from jukinet.municipal.usecases.accept_resident_changes import (
    Source,
    accept_resident_changes,
    digest_of,
    read_row,
)
from jukinet.municipal.usecases.answer_resident_system import check_residents, report_changes
from jukinet.municipal.usecases.resend_notice import Resend, resend_last_notice
from jukinet.node_process.process import Node
from jukinet.transport.message_server import Endpoint, Received


def resident_changes(node: Node) -> Endpoint:
    """Take in an array of records: one transaction, each record by itself."""

    async def answer(received: Received[Any]) -> msgspec.Struct:
        linking = _linking(node, received)
        rows = [read_row(number, raw) for number, raw in enumerate(received.body.records, start=1)]
        async with node.database.transaction() as unit:
            await accept(unit, received, now=linking.now)
            source = Source(sha256=digest_of(received.content))
            return await accept_resident_changes(unit, rows=rows, source=source, linking=linking)

    return answer


def resident_changes_status(node: Node) -> Endpoint:
    """Say how records stand."""

    async def answer(received: Received[Any]) -> msgspec.Struct:
        _linking(node, received)
        async with node.database.connection() as unit:
            return await report_changes(unit, request=received.body)

    return answer


def resend_request(node: Node) -> Endpoint:
    """Send the last notice of a resident again."""

    async def answer(received: Received[Any]) -> msgspec.Struct:
        linking, body = _linking(node, received), received.body
        resend = Resend(request_id=body.request_id, resident_number=body.resident_number, reason=body.reason)
        async with node.database.transaction() as unit:
            await accept(unit, received, now=linking.now)
            return await resend_last_notice(unit, resend=resend, linking=linking)

    return answer


def resident_consistency_check(node: Node) -> Endpoint:
    """Compare what the resident system has with what was taken in."""

    async def answer(received: Received[Any]) -> msgspec.Struct:
        linking = _linking(node, received)
        async with node.database.transaction() as unit:
            return await check_residents(unit, check=received.body, linking=linking)

    return answer


def _linking(node: Node, received: Received[Any]) -> Linking:
    """Return on whose behalf this is done; raise ResidentSystemNotConnectedError where none is connected."""
    if node.config.resident_system is None:
        raise ResidentSystemNotConnectedError
    return Linking(node=node.name, now=node.clock(), actor=received.peer.name.text)


ENDPOINTS: Final[Mapping[str, Callable[[Node], Endpoint]]] = {
    "resident_changes": resident_changes,
    "resident_changes_status": resident_changes_status,
    "resend_request": resend_request,
    "resident_consistency_check": resident_consistency_check,
}
