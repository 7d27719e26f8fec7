"""Our own questions beside the foreign contract: a person's uses, their proof, and the own record, for a portal."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any, Final

import msgspec
from litestar import Request

from jukinet.audit.events import AuditEvent
from jukinet.audit.proof_file import make_proof_file
from jukinet.audit.store import Entry, append
from jukinet.audit.use_page import list_uses_page
from jukinet.audit.wording import Describer
from jukinet.domain.errors import (
    InvalidValueError,
    MediaTypeNotReadError,
    PeerNotPermittedError,
    ResidentNotFoundError,
    UnknownParameterError,
)
from jukinet.domain.resident_record_code import ResidentRecordCode
from jukinet.national.tracker.disclosure_contract import disclosure_contract
from jukinet.national.usecases.provide_use_log import disclosed_use
from jukinet.national.usecases.show_own_record import tell_own_record
from jukinet.node_process.process import Node
from jukinet.protocol.disclosure_api import ProofQuestion, RecordAnswer, RecordQuestion, UsesAnswer, UsesQuestion
from jukinet.protocol.envelope import new_message_id, read_body
from jukinet.protocol.node_names import NodeName

_JSON: Final = "application/json"
_RANDOM_BYTES: Final = 10
_uses: Final = msgspec.json.Decoder(UsesQuestion)
_proof: Final = msgspec.json.Decoder(ProofQuestion)
_record: Final = msgspec.json.Decoder(RecordQuestion)

_Request = Request[Any, Any, Any]
_Question = UsesQuestion | ProofQuestion | RecordQuestion


@dataclass(frozen=True, slots=True)
class DisclosureDesk:
    """Answers portals; that anything was told is on a log before it leaves."""

    node: Node
    describer: Describer

    async def tell_uses(self, request: _Request, portal: NodeName) -> UsesAnswer:
        """Return a page of a person's uses."""
        asked: UsesQuestion = await _read(request, _uses)
        code = self._person(asked, portal)
        async with self.node.database.transaction() as unit:
            page = await list_uses_page(unit, code, describer=self.describer, after=asked.after, limit=asked.limit)
            await append(unit, [self._entry(AuditEvent.USES_TOLD, portal, asked, code, len(page.uses))])
        return UsesAnswer(total=page.total, uses=tuple(disclosed_use(use) for use in page.uses), after=page.after)

    async def give_proof(self, request: _Request, portal: NodeName) -> msgspec.Raw:
        """Return the proof file of a person's uses."""
        asked: ProofQuestion = await _read(request, _proof)
        code = self._person(asked, portal)
        database, now = self.node.database, self.node.clock()
        file = await make_proof_file(database, code, log=self.node.name.text, now=now)
        async with database.transaction() as unit:
            await append(unit, [self._entry(AuditEvent.USES_PROVED, portal, asked, code, file.entries)])
        return msgspec.Raw(file.content)

    async def tell_record(self, request: _Request, portal: NodeName) -> RecordAnswer:
        """Return a person's own identification information."""
        asked: RecordQuestion = await _read(request, _record)
        code = self._person(asked, portal)
        now = self.node.clock()
        message_id = new_message_id(now, secrets.token_bytes(_RANDOM_BYTES))
        record = await tell_own_record(
            resident_record_code=code,
            consents=asked.consents,
            agency=portal.text,
            actor=portal.text,
            message_id=message_id,
            database=self.node.database,
            now=now,
        )
        if record is None:
            raise ResidentNotFoundError(field="resident_record_code")
        return RecordAnswer(use_log_id=message_id, **asdict(record))

    async def tell_contract(self, request: _Request, portal: NodeName) -> dict[str, Any]:
        """Return the document of these questions."""
        del portal
        if request.scope["query_string"]:
            raise UnknownParameterError(field="query")
        return disclosure_contract()

    def _person(self, asked: _Question, portal: NodeName) -> str:
        """Return whose information it is; refuse a portal that asks for another person and may not."""
        try:
            code = ResidentRecordCode.parse(asked.resident_record_code).value
        except InvalidValueError as error:
            raise type(error)(field="resident_record_code") from None
        is_other = asked.signed_in is not None and asked.signed_in != code
        if is_other and not self.node.config.usage_portals[portal.text].may_represent:
            raise PeerNotPermittedError("This portal asks only for who is signed in to it.", field="signed_in")
        return code

    def _entry(self, event: AuditEvent, portal: NodeName, asked: _Question, code: str, uses: int) -> Entry:
        is_represented = asked.signed_in not in {None, code}
        detail: dict[str, Any] = {"uses": uses}
        if event is AuditEvent.USES_TOLD:
            detail["is_represented"] = is_represented
        return Entry(
            event=event,
            occurred_at=self.node.clock(),
            actor=portal.text,
            resident_record_code=code,
            detail=detail,
        )


async def _read(request: _Request, decoder: msgspec.json.Decoder[Any]) -> Any:  # noqa: ANN401 - the decoder's type
    if request.scope["query_string"]:
        raise UnknownParameterError(field="query")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _JSON:
        raise MediaTypeNotReadError(field="Content-Type")
    return read_body(msgspec.Raw(await request.body()), decoder)
