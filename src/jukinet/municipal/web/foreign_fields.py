"""The fields of a foreign resident's items (法第30条の45の表): only those that the kind of residence has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jukinet.domain.acts.entry import ForeignItems
from jukinet.domain.repertoire import require_repertoire
from jukinet.domain.residence_kinds import ResidenceKind
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.web.cases import Asking, Case
from jukinet.operator_web.fields import Choice, Field, FieldKind, ShownWhen, shown_when
from jukinet.operator_web.typed_dates import read_typed_date

#: A day as the card writes it: 2027年3月31日, 2027/3/31.
_WESTERN: Final = re.compile("([0-9]{4})[年/.-]([0-9]{1,2})[月/.-]([0-9]{1,2})日?")
#: Statuses and periods that are written often: suggested while typing.
_STATUSES: Final = (
    "永住者",
    "日本人の配偶者等",
    "永住者の配偶者等",
    "定住者",
    "技術・人文知識・国際業務",
    "高度専門職１号",
    "高度専門職２号",
    "経営・管理",
    "特定技能",
    "技能実習",
    "技能",
    "介護",
    "教育",
    "教授",
    "家族滞在",
    "留学",
    "特定活動",
)
_PERIODS: Final = ("5年", "4年3月", "4年", "3年", "2年", "1年", "6月", "3月")
_NATIONALITIES: Final = ("中国", "ベトナム", "韓国", "フィリピン", "ブラジル", "ネパール", "台湾", "米国", "朝鮮")
_TAGS: Final = {kind.name.lower(): kind for kind in ResidenceKind}
_MID, _SPECIAL, _REFUGE, _PROVISIONAL = (
    kind.name.lower()
    for kind in (
        ResidenceKind.MID_TO_LONG_TERM,
        ResidenceKind.SPECIAL_PERMANENT,
        ResidenceKind.TEMPORARY_REFUGE,
        ResidenceKind.PROVISIONAL_STAY,
    )
)


def foreign_fields(case: Case, kinds: Sequence[ResidenceKind]) -> list[Field]:
    """Return the fields: nationality, kind of residence, and what this kind has."""
    ask = Asking(case, "foreign")
    choices = [Choice(kind.name.lower(), case.words(f"foreign.kind.{kind.name.lower()}")) for kind in kinds]
    return [
        ask("nationality", read=_read_plain, suggestions=_NATIONALITIES, begins=case.words("foreign.heading")),
        ask("residence_kind", FieldKind.CHOICE, choices=choices, read=_TAGS.__getitem__),
        ask("residence_status", read=_read_plain, suggestions=_STATUSES, shown_when=shown_when("residence_kind", _MID)),
        _optional(ask, "residence_period", _REFUGE, _PROVISIONAL, read=_read_plain, suggestions=_PERIODS),
        _optional(ask, "residence_until", read=_read_until),
        _optional(ask, "residence_card_number", _SPECIAL, read=_read_card_number),
    ]


def _optional(ask: Asking, name: str, *tags: str, **details: Any) -> Field:  # noqa: ANN401 - any item of a field
    when: ShownWhen = shown_when("residence_kind", _MID, *tags)
    return ask(name, is_needed=False, is_short=True, shown_when=when, **details)


def foreign_typed(values: Mapping[str, Any], *, became_on: str) -> ForeignItems:
    """Return the items that the fields say."""
    return ForeignItems(
        nationality=values["nationality"],
        became_foreign_resident_on=became_on,
        residence_kind=values["residence_kind"].value,
        residence_status=values.get("residence_status") or None,
        residence_period=values.get("residence_period") or None,
        residence_until=values.get("residence_until") or None,
        residence_card_number=values.get("residence_card_number") or None,
    )


def foreign_prefill(record: ResidentRecord) -> dict[str, str]:
    """Return what stands in the fields: what is recorded."""
    kind = next((tag for tag, kind in _TAGS.items() if kind.value == record.residence_kind), "")
    return {
        "nationality": record.nationality or "",
        "residence_kind": kind,
        "residence_status": record.residence_status or "",
        "residence_period": record.residence_period or "",
        "residence_until": record.residence_until or "",
        "residence_card_number": record.residence_card_number or "",
    }


def _read_until(text: str) -> str:
    found = _WESTERN.fullmatch("".join(text.split()))
    plain = text if found is None else f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}"
    return read_typed_date(plain).require_exact().isoformat()


def _read_card_number(text: str) -> str:
    return "".join(text.split()).upper()


def _read_plain(text: str) -> str:
    require_repertoire(text)
    return text
