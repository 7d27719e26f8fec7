"""The story of local governments: a municipality and a prefecture ask over their own nodes, within their own tables."""

from __future__ import annotations

from typing import Final

from jukinet.devnet.acts import CLERK, meet_resident
from jukinet.devnet.story import MATSUMOTO, MUSASHINO, SETAGAYA, Scene, Step
from jukinet.municipal.usecases.ask_prefecture import ask_prefecture
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.node_names import NATIONAL, NodeName, prefecture_of

_OWN_PREFECTURE: Final = "2-1-1"
_OTHER_PREFECTURES: Final = "4-1-1"


async def a_municipality_asks(scene: Scene) -> None:
    """A clerk asks for a resident of the prefecture, answered there, and for one of another, by another table."""
    tokyo = prefecture_of(NodeName.parse(SETAGAYA)).text
    inside = await _code_of(scene, MUSASHINO)
    outside = await _code_of(scene, MATSUMOTO)
    found = await _ask(scene, _OWN_PREFECTURE, inside)
    scene.require(found.result == "found", "the prefecture did not know its own resident")
    scene.tell(tokyo, "世田谷区の照会（別表第2）に、武蔵野市の住民について答えた。提供の記録は都のサーバに残る")
    beyond = await _ask(scene, _OWN_PREFECTURE, outside)
    scene.require(beyond.result == "not_found", "a table gave beyond its reach")
    scene.tell(tokyo, "同じ事務では、長野県の住民は求められない（該当なし）")
    elsewhere = await _ask(scene, _OTHER_PREFECTURES, outside)
    scene.require(elsewhere.result == "found", "the nation did not know the resident")
    scene.tell(NATIONAL.text, "別表第4の事務では、都を経て全国サーバが答えた")


async def _code_of(scene: Scene, municipality: str) -> str:
    async with scene.federation.open(municipality) as node:
        person = await meet_resident(node, offset=scene.offset, born_from="1950-01-01", born_until="2000-01-01")
    return person.resident_record_code


async def _ask(scene: Scene, affair: str, code: str) -> ConfirmationAnswer:
    query = ConfirmationQuery(
        resident_record_code=code,
        items=("change",),
        affair=affair,
        purpose="申請の審査",
        matter_number="世田谷-2026-000001",
        official=CLERK,
    )
    async with scene.federation.open(SETAGAYA) as node:
        return await ask_prefecture(
            query=query, node=node.name, client=node.client, database=node.database, now=node.clock()
        )


STEPS: Final = (Step("市区町村が、都道府県の窓口を通じて別表の範囲で照会する", a_municipality_asks),)
