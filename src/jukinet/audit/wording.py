"""What an entry of the use log says in plain Japanese, and the exact text that its leaf commits to.

"Is that allowed?" is answered by the line itself: it names the legal ground, as the writer recorded it or as the law of
that day has it for the affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec

from jukinet.audit.use_store import LoggedUse
from jukinet.domain.certification_linkage import CERTIFICATION_LINKAGE, linkage_ground
from jukinet.domain.clock import civil_day
from jukinet.domain.eras import LegalEra
from jukinet.domain.errors import JukinetError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import find_local_government
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
    CERTIFICATION_LINKAGE: "認証業務連携（電子証明書の失効のため）",
    "former_record": "従前の住民票の検索（市町村）",
    "disclosure": "本人への開示",
    "use_log": "本人への提供状況の開示",
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
#: What the search for earlier records calls what it gives.
_FORMER_RECORD_ITEMS: Final = {"code": "住民票コード", "number": "個人番号", "municipality": "市区町村"}
#: Uses that no table lists: what they are for, and the articles until 2015-10-05 and since.
_BY_METHOD: Final = {
    "former_record": (
        "住民票の記載のための従前の住民票の確認",
        "住民基本台帳法第30条の2第1項",
        "住民基本台帳法第30条の3第1項",
    ),
}
_NOTHING_GIVEN: Final = "なし"
_MOST_REMEMBERED: Final = 10_000
_encoder: Final = msgspec.json.Encoder(order="sorted")
_plain_encoder: Final = msgspec.json.Encoder()


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
        day = _day_of(use.used_at)
        kind = (use.agency, use.method, use.affair, use.items, use.ground, day)
        found = self._remembered.get(kind)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            affair, ground = _say_affair(use.method, use.affair, day)
            found = self._remembered[kind] = Wording(
                affair=affair,
                ground=use.ground or ground,
                items="、".join(_say_item(item) for item in use.items.split(",") if item) or _NOTHING_GIVEN,
                method=say_method(use.method),
                organ=say_user(use.agency, self.organs),
            )
        return found


def _say_node(name: str) -> str:
    """Return what people call a node that is no organ's: 東京都千代田区."""
    kind, _, code = name.partition("/")
    if kind == "national":
        return "全国サーバ"
    if kind not in {"municipal", "prefectural"}:
        return name
    try:
        return find_local_government(LocalGovernmentCode(code)).full_name
    except JukinetError:
        return name


def say_method(method: str) -> str:
    """Return how somebody was given, in Japanese."""
    return _METHODS.get(method, method)


def say_user(agency: str, organs: Mapping[str, str]) -> str:
    """Return an organ or a local government by its name; whoever is not configured keeps its node's name."""
    return organs.get(agency.partition("/")[2]) or _say_node(agency)


def _say_item(item: str) -> str:
    return _ITEMS.get(item) or _FORMER_RECORD_ITEMS.get(item, item)


def _say_affair(method: str, affair: str, day: date) -> tuple[str, str]:
    """Return the text of an affair and its ground that day; what the bundled law does not list keeps its id."""
    if method in _BY_METHOD:
        text, until_2015, from_2015 = _BY_METHOD[method]
        return text, from_2015 if day >= LegalEra.INDIVIDUAL_NUMBER.begins_on else until_2015
    if affair == CERTIFICATION_LINKAGE:
        return "電子証明書の失効の管理に関する事務", linkage_ground(day)
    try:
        listed = bundled_law().find_affair(affair)
        return listed.text, listed.ground_on(day)
    except JukinetError:
        return affair, ""


class _UseText(msgspec.Struct, frozen=True, gc=False):
    """The text of an entry's leaf, its items in alphabetical order."""

    affair: str
    agency: str
    asked_by: str
    ground: str | None
    items: str
    kind: str
    matter_number: str
    message_id: str
    method: str
    office: str | None
    official_hash: str
    ordinal: int | None
    place: int
    purpose: str
    resident_record_code: str | None
    result: str
    used_at: str
    withheld_reason: str | None
    withheld_until: str | None
    wording: str

    def __repr__(self) -> str:
        return "_UseText(***)"


def write_use(use: LoggedUse, *, ordinal: int | None, wording: bytes, salt: bytes) -> str:
    """Return the exact text of an entry's leaf. It never changes: it is written again from the entry for every proof.

    Whose question it was stands in it as a hash that the node alone can open.
    """
    content = _UseText(
        use.affair,
        use.agency,
        use.asked_by,
        use.ground,
        use.items,
        "use",
        use.matter_number,
        use.message_id,
        use.method,
        use.office,
        _hash_official(use.official.encode(), salt),
        ordinal,
        use.place,
        use.purpose,
        use.resident_record_code,
        use.result,
        _write_instant(use.used_at),
        use.withheld_reason,
        None if use.withheld_until is None else use.withheld_until.isoformat(),
        wording.hex(),
    )
    return _plain_encoder.encode(content).decode()


@lru_cache(maxsize=4096)
def _write_instant(instant: datetime) -> str:
    # Whole batches of queries, and whole portions of files, are of one instant.
    return instant.astimezone(UTC).isoformat()


@lru_cache(maxsize=4096)
def _day_of(instant: datetime) -> date:
    return civil_day(instant)


def _hash_official(official: bytes, salt: bytes) -> str:
    return sha256(salt[SHOWN_SALT_BYTES:] + official).hexdigest()


@dataclass(frozen=True, slots=True)
class UseWriter:
    """Writes what `write_use` writes, for many entries that differ in person, place and number only."""

    official: bytes
    before_official: str = field(repr=False)
    before_person: str = field(repr=False)
    after_person: str = field(repr=False)

    @classmethod
    def of(cls, use: LoggedUse, wording: bytes) -> UseWriter:
        """Return the writer of entries like this one."""
        text = write_use(use, ordinal=None, wording=wording, salt=b"")
        # What somebody stated cannot be taken for these: a quotation mark in a JSON text is escaped.
        before, _, rest = text.partition('"official_hash":"')
        middle = rest.partition(',"purpose":')[2]
        stated, _, after = middle.partition('"resident_record_code":null')
        return cls(use.official.encode(), before, stated, after)

    def write(self, resident_record_code: str, *, place: int, ordinal: int, salt: bytes) -> str:
        """Return the exact text of the leaf of one entry."""
        return (
            f'{self.before_official}"official_hash":"{_hash_official(self.official, salt)}","ordinal":{ordinal}'
            f',"place":{place},"purpose":{self.before_person}"resident_record_code":"{resident_record_code}"'
            f"{self.after_person}"
        )


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
