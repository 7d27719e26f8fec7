"""The story of the passport desk: an applicant without a number is found by what the application says."""

from __future__ import annotations

from typing import Final

from jukinet.client import AgencyClient, Connection, Ground
from jukinet.devnet.acts import PASSPORT_AFFAIR
from jukinet.devnet.store import find_use
from jukinet.devnet.story import PASSPORT, Scene, Step
from jukinet.postgres.database import connect
from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.node_names import NATIONAL

_GROUND: Final = Ground(
    affair=PASSPORT_AFFAIR,
    purpose="旅券の発給の申請に係る審査",
    matter_number="旅券-2026-000043",
    official="official",
)


async def an_applicant_is_found_by_four_items(scene: Scene) -> None:
    """The desk's own system asks the agency node's API by name, birth date and the address before the last move."""
    moved = scene.known["moved"]
    applicant = StatedItems(
        name=moved.name.replace("\u3000", ""),
        birth_date=moved.birth_date,
        sex=moved.sex,
        address=moved.previous_address,
    )
    desk = scene.federation.plan.find_node(PASSPORT)
    scene.require(desk.api_port is not None, "the agency node has no API")
    connection = Connection(
        agency=PASSPORT, host="127.0.0.1", port=desk.api_port or 0, identity=desk.organ_system_identity
    )
    async with AgencyClient(connection) as client:
        answer = await client.search(_GROUND, applicant, items=["name", "address", "change"])
    person = answer.person
    scene.require(person is not None, f"the applicant was not found: {answer.result}")
    scene.require(person and person.address == moved.address, "the desk got another address")
    scene.tell(PASSPORT, "業務システムが、番号のない申請者を氏名・生年月日・転居前の住所から探し、一人に特定した")
    async with connect(scene.federation.config(NATIONAL.text).database) as unit:
        use = await find_use(unit, answer.use_log_id)
    scene.require(use is not None, "the search is not on the log")
    scene.tell(NATIONAL.text, "求められた氏名・住所・変更情報だけを渡し、回答の前に提供の記録を残した")


STEPS: Final = (Step("外務省が申請者を4情報で探す", an_applicant_is_found_by_four_items),)
