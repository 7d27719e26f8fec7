"""What a resident record holds beside its columns, as JSON text: readings of names, the history of aliases, and others.

Source: Act art. 7(xiv); Order (–2015) art. 30-25 to 30-27, (2015–) art. 30-13 to 30-17; the readings from 2025-05-26.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jukinet.domain.alias_history import AliasHistory, read_alias_history
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import MalformedRequestError
from jukinet.domain.kana import require_kana

_ALIASES: Final = "alias_history"
_ALIAS_KANA: Final = "alias_kana"
_FORMER_SURNAME_KANA: Final = "former_surname_kana"
_FORMER_SURNAME_SETTLED_ON: Final = "former_surname_settled_on"
_OWN: Final = frozenset({_ALIASES, _ALIAS_KANA, _FORMER_SURNAME_KANA, _FORMER_SURNAME_SETTLED_ON})
_FIELD: Final = "further_items"


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherItems:
    """The further items of one record."""

    aliases: AliasHistory = field(default_factory=AliasHistory, repr=False)
    alias_kana: str | None = field(default=None, repr=False)
    former_surname_kana: str | None = field(default=None, repr=False)
    #: The day the former surname was last entered, changed or removed: only a surname given up later may follow.
    former_surname_settled_on: str | None = field(default=None, repr=False)
    #: Items of others, kept as they are.
    others: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse a reading that is none, and a day that is none."""
        if self.alias_kana is not None:
            require_kana(self.alias_kana, field=_ALIAS_KANA)
        if self.former_surname_kana is not None:
            require_kana(self.former_surname_kana, field=_FORMER_SURNAME_KANA)
        if self.former_surname_settled_on is not None:
            CivilDate.from_wire(self.former_surname_settled_on).require_exact()

    @property
    def text(self) -> str | None:
        """Return the JSON text; None where there is nothing."""
        items: dict[str, Any] = {**self.others}
        if self.aliases.spans:
            items[_ALIASES] = self.aliases.as_items()
        for name in (_ALIAS_KANA, _FORMER_SURNAME_KANA, _FORMER_SURNAME_SETTLED_ON):
            if getattr(self, name) is not None:
                items[name] = getattr(self, name)
        return json.dumps(items, ensure_ascii=False, sort_keys=True) if items else None


def read_further_items(text: str | None) -> FurtherItems:
    """Return the items of a JSON text.

    Raises:
        MalformedRequestError: it is no JSON object, or an item has the wrong type.
        InvalidValueError: an item cannot be.
    """
    if text is None:
        return FurtherItems()
    try:
        items = json.loads(text)
    except ValueError:
        raise MalformedRequestError("The further items are no JSON.", field=_FIELD) from None
    if not isinstance(items, dict):
        raise MalformedRequestError("The further items are no JSON object.", field=_FIELD)
    return FurtherItems(
        aliases=read_alias_history(items.get(_ALIASES, [])),
        alias_kana=_text(items, _ALIAS_KANA),
        former_surname_kana=_text(items, _FORMER_SURNAME_KANA),
        former_surname_settled_on=_text(items, _FORMER_SURNAME_SETTLED_ON),
        others={name: item for name, item in items.items() if name not in _OWN},
    )


def _text(items: Mapping[str, Any], name: str) -> str | None:
    text = items.get(name)
    if text is not None and not isinstance(text, str):
        raise MalformedRequestError("A further item is no text.", field=name)
    return text
