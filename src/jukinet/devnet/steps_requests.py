"""The story of a written request: the prefecture discloses, is asked for a correction, and asks the municipality."""

from __future__ import annotations

from typing import Final

from jukinet.devnet.acts import CLERK
from jukinet.devnet.federation import wait_until
from jukinet.devnet.steps_documents import can_print
from jukinet.devnet.story import MATSUMOTO, Scene, Step
from jukinet.disclosure.office import open_answer_office
from jukinet.disclosure.referral_store import Referral, list_referrals
from jukinet.disclosure.usecases.decide_request import approve_request, decide_request
from jukinet.disclosure.usecases.print_answer import print_answer
from jukinet.disclosure.usecases.receive_request import receive_request
from jukinet.disclosure.usecases.refer_correction import refer_correction
from jukinet.domain.clock import civil_day
from jukinet.domain.doubt_reports import DoubtState
from jukinet.domain.errors import SelfReviewError
from jukinet.domain.notifications import IdentityCheck, Notifier
from jukinet.domain.person_requests import PersonDecision, PersonRequest
from jukinet.domain.person_rights import PersonRight
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.document_office import open_office
from jukinet.municipal.doubt_store import list_open_doubts
from jukinet.municipal.usecases.answer_doubt import answer_doubt
from jukinet.node_process.process import Node
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.node_names import NodeName, prefecture_of

_OFFICER: Final = "operator"
_SECOND: Final = "second"
_REASON: Final = "住民票の記載と一致しているため。"
_PATIENCE_SECONDS: Final = 60.0
_MOST: Final = 1_000


async def a_person_writes_to_the_prefecture(scene: Scene) -> None:
    """A resident's information is disclosed by letter; a correction is put to the municipality, and refused by two."""
    person: ResidentRecord = scene.known["moved"]
    async with scene.federation.open(MATSUMOTO) as municipality:
        if not await can_print(scene, open_office(municipality.config)):
            return
    async with scene.federation.open(prefecture_of(NodeName.parse(MATSUMOTO)).text) as node:
        disclosed = await _receive(node, person, PersonRight.DISCLOSURE)
        await _decide(node, disclosed, PersonDecision.DISCLOSED)
        size = len(await _print(node, disclosed))
        scene.tell(node.name.text, f"開示の請求を受理し、通知書で開示した（PDF {size:,} バイト、提供の記録に残した）")
        number = await _receive(node, person, PersonRight.CORRECTION, disclosed)
        await refer_correction(
            request_number=number,
            stated=StatedItems(address=f"{person.address}　別棟"),
            operator_id=_OFFICER,
            node=node.name,
            database=node.database,
            now=node.clock(),
        )
        scene.tell(node.name.text, "住所の訂正の申出を受け、住民票のある松本市に照会した")
        (referral,) = await _referrals(node, number)
        await _answer(scene, referral.report_number)
        came = await wait_until(lambda: _has_come(node, number), _PATIENCE_SECONDS)
        scene.require(came, "the answer did not reach the prefecture")
        await _refuse(scene, node, number)


async def _receive(node: Node, person: ResidentRecord, right: PersonRight, disclosed: int | None = None) -> int:
    now = node.clock()
    request = PersonRequest(
        right=right,
        received_on=civil_day(now),
        name=person.name,
        birth_date=person.birth_date,
        resident_record_code=person.resident_record_code,
        reply_address=person.address,
        requester=Notifier.SELF,
        identity_check=IdentityCheck.LETTER,
        statement="住所の記録が誤っています。" if disclosed else "",
        disclosed_request=disclosed,
    )
    return await receive_request(request=request, operator_id=_OFFICER, database=node.database, now=now)


async def _decide(node: Node, number: int, decision: PersonDecision, reason: str = "") -> None:
    await decide_request(
        request_number=number,
        decision=decision,
        reason=reason,
        operator_id=_OFFICER,
        database=node.database,
        now=node.clock(),
    )


async def _print(node: Node, number: int) -> bytes:
    return await print_answer(
        request_number=number,
        operator_id=_OFFICER,
        node=node.name,
        office=open_answer_office(node.config),
        database=node.database,
        now=node.clock(),
    )


async def _referrals(node: Node, number: int) -> list[Referral]:
    async with node.database.connection() as connection:
        return await list_referrals(connection, number)


async def _has_come(node: Node, number: int) -> bool:
    return all(not one.is_open for one in await _referrals(node, number))


async def _answer(scene: Scene, report: str) -> None:
    """Let the municipality's clerk find the question and say that the record is right."""
    async with scene.federation.open(MATSUMOTO) as node:

        async def find() -> int | None:
            async with node.database.connection() as connection:
                found = await list_open_doubts(connection, limit=_MOST)
            return next((one.doubt_number for one in found if one.report_number == report), None)

        async def has_come() -> bool:
            return await find() is not None

        scene.require(await wait_until(has_come, _PATIENCE_SECONDS), "the question did not reach the municipality")
        await answer_doubt(
            doubt_number=await find() or 0,
            outcome=DoubtState.RECORD_IS_RIGHT,
            expected_on=None,
            operator_id=CLERK,
            node=node.name,
            database=node.database,
            now=node.clock(),
        )
    scene.tell(MATSUMOTO, "係員の一覧に届き、「住民票が正しい」と回答した")


async def _refuse(scene: Scene, node: Node, number: int) -> None:
    """Refuse the correction: what one officer proposes, only another lets stand."""
    await _decide(node, number, PersonDecision.NOT_CORRECTED, _REASON)
    seen = (PersonDecision.NOT_CORRECTED.tag, _REASON)
    try:
        await _approve(node, number, seen, _OFFICER)
    except SelfReviewError:
        await _approve(node, number, seen, _SECOND)
    else:
        scene.require(condition=False, otherwise="one officer refused alone")
    size = len(await _print(node, number))
    scene.tell(node.name.text, f"二人の職員で「訂正しない」と決定し、教示を付けて通知した（PDF {size:,} バイト）")


async def _approve(node: Node, number: int, seen: tuple[str, str], operator: str) -> None:
    await approve_request(
        request_number=number, seen=seen, operator_id=operator, database=node.database, now=node.clock()
    )


STEPS: Final = (Step("長野県に自己の情報の開示を請求し、訂正を申し出る", a_person_writes_to_the_prefecture),)
