"""What random lives sent, carried upward through the prefectures to the nation."""

from __future__ import annotations

from jukinet.protocol.identification import IdentificationNotice
from tests.unit.municipal.life_histories import Tier, World


def deliver(world: World) -> tuple[dict[str, Tier], Tier]:
    """Carry everything upward, the senders' streams interleaved at random; return the prefectures and the nation."""
    prefectures = {number: Tier(holds_everyone=False) for number in ("13", "20")}
    nation = Tier(holds_everyone=True)
    below = [[*one.sent] for one in world.municipalities.values()]
    above: dict[str, list[IdentificationNotice]] = {number: [] for number in prefectures}
    while any(below) or any(above.values()):
        number = world.choice.choice([*above])
        if above[number] and world.choice.random() < 0.5:
            nation.receive(above[number].pop(0))
        stream = world.choice.choice(below)
        if stream:
            notice = stream.pop(0)
            tier = notice.municipality[:2]
            above[tier] += prefectures[tier].receive(notice)
    return prefectures, nation
