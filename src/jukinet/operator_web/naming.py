"""How people call nodes, days and instants on the screens."""

from __future__ import annotations

from datetime import datetime

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import JAPAN
from jukinet.domain.errors import InvalidValueError
from jukinet.domain.local_governments import find_local_government
from jukinet.operator_web.language import Language
from jukinet.protocol.node_names import NodeKind, NodeName


def node_title(name: NodeName, language: Language) -> str:
    """Return what people call a node: 千代田区, 東京都サーバ, 全国サーバ; an agency by its short name."""
    is_english = language is Language.ENGLISH
    if name.kind is NodeKind.NATIONAL:
        return "National server" if is_english else "全国サーバ"
    if name.kind is NodeKind.AGENCY:
        return f"Agency {name.code}" if is_english else f"利用機関 {name.code}"
    title = find_local_government(name.code).full_name
    if name.kind is NodeKind.PREFECTURAL:
        return f"{title} server" if is_english else f"{title}サーバ"
    return title


def receiver_title(text: str, language: Language) -> str:
    """Return what people call the node with this name; the text itself where it is no node's name."""
    try:
        return node_title(NodeName.parse(text), language)
    except InvalidValueError:
        return text


def day_text(wire: str | None, language: Language, *, western: bool = False) -> str:
    """Return a date for people: 昭和60年3月12日, or 1985-03-12 in English. What is no date is shown as it stands.

    Where it is `western` it is 1985年3月12日, as a residence card and a foreign resident's record write it.
    """
    if not wire:
        return ""
    try:
        day = CivilDate.from_wire(wire, may_be_irregular=True)
    except InvalidValueError:
        return wire
    if language is Language.ENGLISH:
        return day.wire
    return day.western() if western else day.wareki()


def instant_text(instant: datetime | None, language: Language) -> str:
    """Return an instant in Japan for people: 令和8年11月1日 9時05分."""
    if instant is None:
        return ""
    local = instant.astimezone(JAPAN)
    if language is Language.ENGLISH:
        return local.strftime("%Y-%m-%d %H:%M")
    return f"{CivilDate.of(local.date()).wareki()} {local.hour}時{local.minute:02}分"


def clock_time(instant: datetime) -> str:
    """Return an instant of today in Japan as a clock shows it: 9:05."""
    local = instant.astimezone(JAPAN)
    return f"{local.hour}:{local.minute:02}"
