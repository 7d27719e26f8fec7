"""What a record holds beside its columns, as it is shown: readings of alias and former surname, the aliases so far."""

from __future__ import annotations

from jukinet.domain.alias_history import AliasSpan
from jukinet.domain.errors import InvalidValueError
from jukinet.domain.further_items import read_further_items
from jukinet.domain.resident_record import ResidentRecord
from jukinet.operator_web.language import Words
from jukinet.operator_web.naming import day_text


def further_texts(record: ResidentRecord, words: Words) -> dict[str, str]:
    """Return the further items that are there, by name; nothing of a text that nobody can read."""
    try:
        items = read_further_items(record.further_items)
    except InvalidValueError:
        return {}
    history = "、".join(span_text(span, words) for span in items.aliases.spans)
    texts = {
        "alias_kana": items.alias_kana,
        "former_surname_kana": items.former_surname_kana,
        "alias_history": history,
    }
    return {name: text for name, text in texts.items() if text}


def span_text(span: AliasSpan, words: Words) -> str:
    """Return an alias with where and when it was entered and removed."""
    given = {
        "alias": span.alias,
        "from_day": day_text(span.entered_on, words.language),
        "from_place": span.entered_in or "",
    }
    if span.removed_on is None:
        if span.entered_on is None:
            return words("alias_history.open", alias=span.alias)
        return words("alias_history.entered", alias=span.alias, day=given["from_day"], place=given["from_place"])
    closed = {"day": day_text(span.removed_on, words.language), "place": span.removed_in or ""}
    if span.entered_on is None:
        return words("alias_history.removed", alias=span.alias, **closed)
    return words("alias_history.both", **given, **closed)
