"""The story on paper: a child's code is told in writing, and a household is given a copy of its record."""

from __future__ import annotations

import asyncio
from typing import Final

from jukinet.devnet.acts import CLERK
from jukinet.devnet.story import SETAGAYA, Scene, Step
from jukinet.documents.glyphs import FAMILY, PACKAGE
from jukinet.documents.signing import verify_signed
from jukinet.domain.code_notices import NoticeDelivery, NoticeState
from jukinet.domain.document_requests import DocumentKind, DocumentRequest, RequestGround
from jukinet.domain.errors import FontMissingError
from jukinet.domain.notifications import IdentityCheck
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.code_notice_store import list_notices_of
from jukinet.municipal.document_office import DocumentOffice, open_office
from jukinet.municipal.store import list_household
from jukinet.municipal.usecases.issue_code_notice import NoticeIssue, issue_code_notice
from jukinet.municipal.usecases.issue_document import issue_document
from jukinet.municipal.usecases.open_document import open_document
from jukinet.municipal.usecases.print_code_notice import print_code_notice
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.usecases.request_document import request_document
from jukinet.municipal.usecases.settle_document import confirm_print
from jukinet.node_process.process import Node

_PDF: Final = b"%PDF"


async def the_child_s_code_is_told(scene: Scene) -> None:
    """The child's code notice is printed, signed, and sent."""
    child: ResidentRecord = scene.known["child"]
    async with scene.federation.open(SETAGAYA) as node:
        office = open_office(node.config)
        if not await can_print(scene, office):
            return
        act = Act(operator_id=CLERK, node=node.name, now=node.clock())
        async with node.database.connection() as connection:
            waiting = [
                notice
                for notice in await list_notices_of(connection, child.resident_number)
                if notice.state is NoticeState.WAITING
            ]
        scene.require(len(waiting) == 1, "the child has not one code notice")
        number = waiting[0].notice_number
        content = await print_code_notice(notice_number=number, act=act, office=office, database=node.database)
        await _require_genuine(scene, node, office, content)
        issue = NoticeIssue(notice_number=number, delivery=NoticeDelivery.REGISTERED_MAIL)
        await issue_code_notice(issue=issue, act=act, database=node.database)
    size = len(content)
    scene.tell(SETAGAYA, f"子の住民票コード通知票を印刷し（PDF {size:,} バイト、電子署名は真正）、簡易書留で送った")


async def a_household_is_given_a_copy(scene: Scene) -> None:
    """A copy of the household's record is asked for, issued, printed and handed over."""
    child: ResidentRecord = scene.known["child"]
    async with scene.federation.open(SETAGAYA) as node:
        office = open_office(node.config)
        if not await can_print(scene, office):
            return
        act = Act(operator_id=CLERK, node=node.name, now=node.clock())
        async with node.database.connection() as connection:
            household = await list_household(connection, child.household_number)
        request = _copy_for(household)
        recorded = await request_document(request=request, act=act, office=office, database=node.database)
        scene.tell(SETAGAYA, f"世帯全員の住民票の写しの請求を受け付けた（手数料 {recorded.fee_yen} 円）")
        issued = await issue_document(
            request_number=recorded.request_number, act=act, office=office, database=node.database
        )
        content = await open_document(document_number=issued.document_number, act=act, database=node.database)
        await _require_genuine(scene, node, office, content)
        await confirm_print(document_number=issued.document_number, act=act, database=node.database)
    people = len(issued.resident_numbers)
    scene.tell(SETAGAYA, f"証明書番号 {issued.document_number}：{people} 人を記載し、電子署名を確かめて交付した")


def _copy_for(household: list[ResidentRecord]) -> DocumentRequest:
    asker = next(member for member in household if not member.is_removed)
    return DocumentRequest(
        kind=DocumentKind.HOUSEHOLD_COPY,
        ground=RequestGround.OWN_HOUSEHOLD,
        resident_numbers=(asker.resident_number,),
        requester_number=asker.resident_number,
        identity_check=IdentityCheck.PHOTO_DOCUMENT,
    )


async def can_print(scene: Scene, office: DocumentOffice) -> bool:
    """Return whether this machine has the document font; tell what to do where it has not."""
    try:
        await asyncio.to_thread(office.font)
    except FontMissingError:
        scene.tell(SETAGAYA, f"文書用フォント {FAMILY} がないので、ここでは印刷できない。この段を飛ばす")
        scene.tell(SETAGAYA, f"印刷するには sudo apt-get install {PACKAGE} を行ってから、もう一度始める")
        return False
    return True


async def _require_genuine(scene: Scene, node: Node, office: DocumentOffice, content: bytes) -> None:
    scene.require(content.startswith(_PDF), "what was printed is no PDF")
    authorities = office.require_signer().chain[-1:]
    verdict = await asyncio.to_thread(verify_signed, content, authorities, at=node.clock())
    scene.require(verdict.is_intact and verdict.is_whole, "the signature is broken")
    scene.require(verdict.signer == node.name.text, "another signed it")


STEPS: Final = (
    Step("子の住民票コード通知票を印刷して送る", the_child_s_code_is_told),
    Step("世帯全員の住民票の写しを交付する", a_household_is_given_a_copy),
)
