"""Two foreign residents of Chiyoda, one household."""

from __future__ import annotations

from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import add_resident
from tests.integration.web.municipality import Municipality, resident

FOREIGNER, SPOUSE = 21, 22


def foreigner(number: int = FOREIGNER, **items: object) -> ResidentRecord:
    """Return a foreign resident of Chiyoda whose period of stay ends in ten days."""
    defaults: dict[str, object] = {
        "household_number": FOREIGNER,
        "name": "NGUYEN VAN AN",
        "kana": "",
        "address": "東京都千代田区九段北一丁目2番3号",
        "nationality": "ベトナム",
        "became_foreign_resident_on": "2020-04-01",
        "residence_kind": "中長期在留者",
        "residence_status": "技術・人文知識・国際業務",
        "residence_period": "3年",
        "residence_until": "2026-11-30",
        "residence_card_number": "ZZ00000001ZZ",
    }
    return resident(number, **{**defaults, **items})


async def add_foreigners(municipality: Municipality) -> None:
    """Put them on the register."""
    spouse = foreigner(SPOUSE, name="NGUYEN THI LAN", relationship="同居人", residence_card_number="ZZ00000002ZZ")
    async with municipality.database.transaction() as unit:
        await add_resident(unit, foreigner())
        await add_resident(unit, spouse)
