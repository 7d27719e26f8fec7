"""What an entry of the use log says in plain Japanese, and the exact text that its leaf commits to.

"Is that allowed?" is answered by the line itself: it names the legal ground, as the writer recorded it or as the law of
that day has it for the affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from hashlib import sha256
from typing import Final

import msgspec

from jukinet.audit.use_store import LoggedUse
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import bundled_law

#: How much of a salt is shown with its entry; the rest keeps the official's name from being guessed.
SHOWN_SALT_BYTES: Final = 16
_METHODS: Final = {
    "real_time": "即時提供（一人ずつの照会）",
    "search": "即時提供（４情報による検索）",
    "verification": "即時提供（申告された内容との照合）",
    "batch": "一括提供（ファイルによる照会）",
    "feed": "変更情報の継続した提供",
    "former_record": "従前の住民票の検索（市町村）",
    "disclosure": "本人への開示",
}
_ITEMS: Final = {
    ProvisionItem.NAME.value: "氏名",
    ProvisionItem.BIRTH_DATE.value: "生年月日",
    ProvisionItem.SEX.value: "性別",
    ProvisionItem.ADDRESS.value: "住所",
    ProvisionItem.INDIVIDUAL_NUMBER.value: "個人番号",
    ProvisionItem.RESIDENT_RECORD_CODE.value: "住民票コード",
    ProvisionItem.CHANGE.value: "変更情報",
}
_NOTHING_GIVEN: Final = "なし"
_MOST_REMEMBERED: Final = 10_000
_encoder: Final = msgspec.json.Encoder(order="sorted")


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in plain Japanese, without its date."""

    affair: str
    ground: str
    items: str
    method: str
    organ: str

    def encode(self) -> str:
        """Return the exact text whose hash stands in the leaf."""
        return _encoder.encode(self).decode()

    @classmethod
    def decode(cls, content: str) -> Wording:
        """Return the wording that `encode` wrote."""
        return msgspec.json.decode(content, type=cls)


@dataclass(slots=True)
class Describer:
    """Says in Japanese what an entry means. `organs` names the organ of each agency by its code."""

    organs: Mapping[str, str]
    _remembered: dict[tuple[str, str, str, str, str | None, date], Wording] = field(default_factory=dict, repr=False)

    def describe(self, use: LoggedUse) -> Wording:
        """Return the entry in plain Japanese."""
        day = civil_day(use.used_at)
        kind = (use.agency, use.method, use.affair, use.items, use.ground, day)
        found = self._remembered.get(kind)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            affair, ground = _say_affair(use.affair, day)
            found = self._remembered[kind] = Wording(
                affair=affair,
                ground=use.ground or ground,
                items="、".join(_ITEMS.get(item, item) for item in use.items.split(",") if item) or _NOTHING_GIVEN,
                method=_METHODS.get(use.method, use.method),
                organ=self.organs.get(use.agency.partition("/")[2], use.agency),
            )
        return found


def _say_affair(affair: str, day: date) -> tuple[str, str]:
    """Return the text of an affair and its ground that day; what the bundled law does not list keeps its id."""
    try:
        listed = bundled_law().find_affair(affair)
        return listed.text, listed.ground_on(day)
    except JukinetError:
        return affair, ""


def write_use(use: LoggedUse, *, ordinal: int | None, wording: bytes, salt: bytes) -> str:
    """Return the exact text of an entry's leaf. It never changes: it is written again from the entry for every proof.

    Whose question it was stands in it as a hash that the node alone can open.
    """
    official = sha256(salt[SHOWN_SALT_BYTES:] + use.official.encode()).hexdigest()
    content = {
        "affair": use.affair,
        "agency": use.agency,
        "asked_by": use.asked_by,
        "ground": use.ground,
        "items": use.items,
        "kind": "use",
        "matter_number": use.matter_number,
        "message_id": use.message_id,
        "method": use.method,
        "office": use.office,
        "official_hash": official,
        "ordinal": ordinal,
        "place": use.place,
        "purpose": use.purpose,
        "resident_record_code": use.resident_record_code,
        "result": use.result,
        "used_at": use.used_at.astimezone(UTC).isoformat(),
        "withheld_reason": use.withheld_reason,
        "withheld_until": None if use.withheld_until is None else use.withheld_until.isoformat(),
        "wording": wording.hex(),
    }
    return _encoder.encode(content).decode()


def write_reveal(use: LoggedUse, *, ordinal: int, leaf_index: int, leaf_hash: bytes, revealed_at: str) -> str:
    """Return the exact text of the leaf that takes a withheld entry into the person's chain when its term has ended."""
    content = {
        "kind": "reveal",
        "leaf_hash": leaf_hash.hex(),
        "leaf_index": leaf_index,
        "ordinal": ordinal,
        "reason": use.withheld_reason,
        "resident_record_code": use.resident_record_code,
        "revealed_at": revealed_at,
    }
    return _encoder.encode(content).decode()


def leaf_content(salt: bytes, text: str) -> bytes:
    """Return what is hashed as a leaf of the log."""
    return salt[:SHOWN_SALT_BYTES] + text.encode()
