"""Notices of changes to propagate: seven relocations to two deaths and a birth, of real rows (測定用の通知)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from jukinet.domain.changes import ChangeReason
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.resident_record_code import TRIAL_ALLOTMENT_PREFIX, ResidentRecordCode
from jukinet.protocol.identification import IdentificationNotice

#: Of ten changes in a row, so many are relocations and so many deaths; the rest are births.
_RELOCATIONS: Final = 7
_DEATHS: Final = 2
_ROUND: Final = 10
#: What is known of a resident here, in this order.
ITEMS: Final = (
    "resident_record_code",
    "individual_number",
    "name",
    "kana",
    "former_surname",
    "alias",
    "birth_date",
    "sex",
    "update_sequence",
)
_NULL: Final = "\\N"
#: Between family name and given name.
_SPACE: Final = "\u3000"


def make_notices(
    residents: Sequence[tuple[Any, ...]],
    *,
    count: int,
    municipality: LocalGovernmentCode,
    addresses: Sequence[str],
    today: date,
    choice: random.Random,
    taken: Iterable[str] = (),
) -> list[IdentificationNotice]:
    """Return `count` changes of different residents, in a random order of persons.

    A resident is code, individual number, name, kana, former surname, alias, birth date, sex, update sequence.
    The codes `taken` are given to nobody again. A birth gives the family name of the resident at whose turn it comes.
    """
    notices: list[IdentificationNotice] = []
    codes = set(taken)
    for position, resident in zip(range(count), residents, strict=False):
        turn = position % _ROUND
        if turn < _RELOCATIONS + _DEATHS:
            reason = ChangeReason.RELOCATION if turn < _RELOCATIONS else ChangeReason.DEATH
            items = _changed(resident)
        else:
            reason = ChangeReason.BIRTH
            items = _born(resident, _new_code(codes, choice), today, choice)
        notice = IdentificationNotice(
            **items,
            municipality=municipality.value,
            address=choice.choice(addresses),
            reason=reason.value,
            changed_on=today.isoformat(),
        )
        notices.append(notice)
    return notices


def _changed(resident: tuple[Any, ...]) -> dict[str, Any]:
    items = dict(zip(ITEMS, resident, strict=True))
    return items | {"update_sequence": items["update_sequence"] + 1}


def _born(parent: tuple[Any, ...], code: str, today: date, choice: random.Random) -> dict[str, Any]:
    of_parent = dict(zip(ITEMS, parent, strict=True))
    return {
        "resident_record_code": code,
        "name": of_parent["name"].partition(_SPACE)[0] + "\u3000葵",
        "kana": of_parent["kana"].partition(_SPACE)[0] + "\u3000あおい",
        "birth_date": today.isoformat(),
        "sex": choice.choice("12"),
        "update_sequence": 1,
    }


def encode_notices(notices: Sequence[IdentificationNotice]) -> list[bytes]:
    """Return each notice as the municipality queues it."""
    encode = msgspec.json.Encoder().encode
    return [encode(notice) for notice in notices]


def copy_text(notices: Sequence[IdentificationNotice], *, received_at: datetime) -> bytes:
    """Return the rows that these notices make of an upper tier's table, as COPY text."""
    instant = received_at.isoformat()
    lines: list[str] = []
    for notice in notices:
        values = (*msgspec.structs.astuple(notice), notice.reason == ChangeReason.DEATH.value, instant)
        lines.append("\t".join([_NULL if value is None else _text(value) for value in values]))
    return ("\n".join(lines) + "\n").encode()


def _text(value: str | int | bool) -> str:  # noqa: FBT001 - any column
    return str(value).replace("\\", "\\\\")


def _new_code(taken: set[str], choice: random.Random) -> str:
    while True:
        code = ResidentRecordCode.generate(choice, TRIAL_ALLOTMENT_PREFIX).value
        if code not in taken:
            taken.add(code)
            return code
