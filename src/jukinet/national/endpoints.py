"""Messages the national node answers. Who may send them stands in the message catalogue."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from jukinet.audit.wording import Describer
from jukinet.domain import individual_number
from jukinet.domain.errors import PeerNotPermittedError, SecretUnreadableError
from jukinet.domain.individual_number_derivation import NumberDerivation
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.resident_record_code import TRIAL_ALLOTMENT_PREFIX
from jukinet.identification.receive import receive_notices
from jukinet.national.batch_endpoints import BATCH_ENDPOINTS
from jukinet.national.feed_endpoints import FEED_ENDPOINTS
from jukinet.national.feed_writing import follow_changes
from jukinet.national.node import NationalNode
from jukinet.national.usecases.allot_individual_numbers import allot_individual_numbers
from jukinet.national.usecases.allot_resident_record_codes import allot_resident_record_codes
from jukinet.national.usecases.answer_local_government import answer_local_government, asker_of
from jukinet.national.usecases.confirm_person import ConfirmationDesk
from jukinet.national.usecases.enrol_resident import enrol_resident
from jukinet.national.usecases.list_former_records import list_former_records
from jukinet.national.usecases.list_grants import list_grants
from jukinet.national.usecases.provide_use_log import provide_use_log
from jukinet.national.usecases.receive_doubt_answers import receive_doubt_answers
from jukinet.national.usecases.receive_doubt_reports import receive_doubt_reports
from jukinet.national.usecases.search_person import PersonSearchDesk
from jukinet.national.usecases.tell_doubt_statuses import tell_doubt_statuses
from jukinet.node_process.process import Node
from jukinet.protocol.code_allotment import CodeAllotment
from jukinet.protocol.confirmation import ConfirmationAnswer
from jukinet.protocol.doubts import DoubtStatusAnswer
from jukinet.protocol.former_record import FormerRecordAnswer
from jukinet.protocol.grants import GrantsAnswer
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.individual_number import IndividualNumberAllotment
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeName
from jukinet.protocol.person import ResidentEnrolmentAnswer, UseLogAnswer
from jukinet.protocol.person_search import PersonSearchAnswer
from jukinet.protocol.revocation import RevocationListAnswer
from jukinet.transport.files import read_secret
from jukinet.transport.message_server import Endpoint, Received


def identification_forwarding(node: Node) -> Endpoint:
    """Answer what a prefecture hands on of M01."""
    follow = follow_changes(clock=node.clock, certification_linkage=node.config.certification_linkage)

    async def answer(received: Received[Any]) -> IdentificationAnswer:
        sender = received.peer.name
        return await receive_notices(
            received=received,
            require_competent=lambda notice: require_competent(sender, notice),
            forwarding=None,
            database=node.database,
            now=node.clock(),
            follow=follow,
        )

    return answer


def require_competent(sender: NodeName, notice: IdentificationNotice) -> None:
    """Raise PeerNotPermittedError unless the resident is of a municipality of the sending prefecture."""
    if _prefecture_of(notice.municipality) != sender.code:
        raise PeerNotPermittedError("A prefecture hands on only its own residents.", field="municipality")


@lru_cache(maxsize=4096)
def _prefecture_of(municipality: str) -> str:
    return LocalGovernmentCode(municipality).prefecture_code.value


def confirmation_query(node: NationalNode) -> Endpoint:
    """Answer M13 from an agency."""
    desk = ConfirmationDesk(database=node.database, clock=node.clock, gate=node.gate)

    async def answer(received: Received[Any]) -> ConfirmationAnswer:
        return await desk.confirm_person(
            received.body, agency=received.peer.name, message_id=received.envelope.message_id
        )

    return answer


def person_search(node: NationalNode) -> Endpoint:
    """Answer M13 by the four basic items from an agency."""
    desk = PersonSearchDesk(database=node.database, clock=node.clock, gate=node.gate)

    async def answer(received: Received[Any]) -> PersonSearchAnswer:
        return await desk.search_person(
            received.body, agency=received.peer.name, message_id=received.envelope.message_id
        )

    return answer


def provision_grants(node: NationalNode) -> Endpoint:
    """Answer an agency that asks what it may ask for today."""

    async def answer(received: Received[Any]) -> GrantsAnswer:
        return await list_grants(
            sender=received.peer.name, organs=node.config.organs, keeper=node.law, now=node.clock()
        )

    return answer


def local_grants_forwarding(node: NationalNode) -> Endpoint:
    """Answer a prefecture that asks what it, or a municipality of its own, may ask for today."""

    async def answer(received: Received[Any]) -> GrantsAnswer:
        asker = asker_of(received.body.municipality, received.peer.name)
        return await list_grants(sender=asker, organs=node.config.organs, keeper=node.law, now=node.clock())

    return answer


def local_confirmation_forwarding(node: NationalNode) -> Endpoint:
    """Answer M13 of a local government about a resident of another prefecture."""

    async def answer(received: Received[Any]) -> ConfirmationAnswer:
        return await answer_local_government(
            asked=received.body,
            sender=received.peer.name,
            message_id=received.envelope.message_id,
            gate=node.gate,
            database=node.database,
            now=node.clock(),
        )

    return answer


def doubt_report(node: Node) -> Endpoint:
    """Answer M16 of an organ that doubts what it was given."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await receive_doubt_reports(
            received=received, organs=node.config.organs, database=node.database, now=node.clock()
        )

    return answer


def doubt_answer_forwarding(node: Node) -> Endpoint:
    """Answer a prefecture that hands on what its municipalities answer to M16."""

    async def answer(received: Received[Any]) -> NoticesAnswer:
        return await receive_doubt_answers(received=received, database=node.database, now=node.clock())

    return answer


def doubt_status(node: Node) -> Endpoint:
    """Answer an organ that asks how far its reports are."""

    async def answer(received: Received[Any]) -> DoubtStatusAnswer:
        return await tell_doubt_statuses(query=received.body, agency=received.peer.name, database=node.database)

    return answer


def former_record_query(node: Node) -> Endpoint:
    """Answer a municipality that looks for a person's earlier record."""

    async def answer(received: Received[Any]) -> FormerRecordAnswer:
        return await list_former_records(
            query=received.body,
            municipality=received.peer.name,
            message_id=received.envelope.message_id,
            database=node.database,
            now=node.clock(),
        )

    return answer


def code_allotment_forwarding(node: Node) -> Endpoint:
    """Answer M10 from a prefecture, for one of its municipalities."""
    prefix = "" if node.config.is_production else TRIAL_ALLOTMENT_PREFIX

    async def answer(received: Received[Any]) -> CodeAllotment:
        return await allot_resident_record_codes(
            received=received,
            prefix=prefix,
            quota=node.config.daily_code_quota,
            database=node.database,
            choice=random.SystemRandom(),
            now=node.clock(),
        )

    return answer


def individual_number_request(node: Node) -> Endpoint:
    """Answer M17 from a municipality; a node without the secret key refuses until it has one."""
    derivation = _load_derivation(node)

    async def answer(received: Received[Any]) -> IndividualNumberAllotment:
        if derivation is None:
            raise SecretUnreadableError("individual_number_key is not configured on the national node.")
        return await allot_individual_numbers(
            received=received, derivation=derivation, database=node.database, now=node.clock()
        )

    return answer


def _load_derivation(node: Node) -> NumberDerivation | None:
    path = node.config.individual_number_key
    if path is None:
        return None
    prefix = "" if node.config.is_production else individual_number.TRIAL_ALLOTMENT_PREFIX
    return NumberDerivation(key=read_secret(path), prefix=prefix)


def use_log_request(node: NationalNode) -> Endpoint:
    """Answer a municipality's counter with the uses of one of its residents."""
    describer = Describer(node.config.organs)

    async def answer(received: Received[Any]) -> UseLogAnswer:
        return await provide_use_log(
            request=received.body,
            municipality=received.peer.name,
            message_id=received.envelope.message_id,
            log=node.name.text,
            describer=describer,
            database=node.database,
            now=node.clock(),
        )

    return answer


def resident_enrolment(node: NationalNode) -> Endpoint:
    """Keep a resident whom a municipality enrolled at the resident's page."""

    async def answer(received: Received[Any]) -> ResidentEnrolmentAnswer:
        return await enrol_resident(received=received, database=node.database, now=node.clock())

    return answer


def revocation_list_request(node: Node) -> Endpoint:
    """Hand on the newest revocation list."""

    async def answer(received: Received[Any]) -> RevocationListAnswer:
        del received
        return RevocationListAnswer(revocation_list=node.revocations.content.decode())

    return answer


ENDPOINTS: Final[Mapping[str, Callable[[NationalNode], Endpoint]]] = {
    "identification_forwarding": identification_forwarding,
    "confirmation_query": confirmation_query,
    "person_search": person_search,
    "provision_grants": provision_grants,
    "local_grants_forwarding": local_grants_forwarding,
    "local_confirmation_forwarding": local_confirmation_forwarding,
    "doubt_report": doubt_report,
    "doubt_answer_forwarding": doubt_answer_forwarding,
    "doubt_status": doubt_status,
    "former_record_query": former_record_query,
    "code_allotment_forwarding": code_allotment_forwarding,
    "individual_number_request": individual_number_request,
    "use_log_request": use_log_request,
    "resident_enrolment": resident_enrolment,
    "revocation_list_request": revocation_list_request,
    **BATCH_ENDPOINTS,
    **FEED_ENDPOINTS,
}
