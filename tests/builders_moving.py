"""Notices of moving, as municipalities say them."""

from __future__ import annotations

from typing import Any

from jukinet.protocol.moving import AnnexNotice, MoveInNotice, MoveOutConfirmation
from tests.builders import MUSASHINO, code, message_id

MUSASHINO_ADDRESS = "東京都武蔵野市緑町二丁目2番28号"


def move_in_notice(number: int = 1, **items: Any) -> MoveInNotice:  # noqa: ANN401 - any item of it
    """Return what Musashino says of the Setagaya resident of this number, who moved in there yesterday."""
    defaults: dict[str, Any] = {
        "notice_number": message_id(9000 + number),
        "resident_record_code": code(number),
        "name": "試験\u3000葵",
        "birth_date": "1990-05-06",
        "municipality": MUSASHINO.code,
        "address": MUSASHINO_ADDRESS,
        "moved_in_on": "2026-03-31",
        "residence": 1,
    }
    return MoveInNotice(**{**defaults, **items})


def move_out_confirmation(number: int = 1, **items: Any) -> MoveOutConfirmation:  # noqa: ANN401 - any item of it
    defaults: dict[str, Any] = {
        "notice_number": message_id(9100 + number),
        "resident_record_code": code(number),
        "confirmed_on": "2026-04-01",
        "moved_to": MUSASHINO.code,
        "update_sequence": 2,
    }
    return MoveOutConfirmation(**{**defaults, **items})


def annex_notice(number: int = 1, **items: Any) -> AnnexNotice:  # noqa: ANN401 - any item of it
    """Return what is said of a person whose registered domicile is in Setagaya."""
    defaults: dict[str, Any] = {
        "notice_number": message_id(9200 + number),
        "name": "試験\u3000葵",
        "birth_date": "1990-05-06",
        "registered_domicile": "東京都世田谷区太子堂一丁目1番",
        "first_listed_person": "試験\u3000一郎",
        "address": MUSASHINO_ADDRESS,
        "address_since_on": "2026-03-31",
        "reason": "move_in",
        "changed_on": "2026-03-31",
    }
    return AnnexNotice(**{**defaults, **items})
