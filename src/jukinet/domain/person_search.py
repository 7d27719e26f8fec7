"""A search by the four basic items (4情報検索): what must be stated, who is a hit, and what would tell hits apart.

At least two of name, birth date and address must be stated, and two must agree: sex alone tells nobody apart. Where
everything stated agrees, nothing else is looked for. Else, where three were stated, one of them may be wrong, if the
other two agree in full. Source: rules of use of the network, domain facts in docs/provision.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.date_patterns import DatePattern
from jukinet.domain.errors import SearchTooBroadError, TooFewItemsError
from jukinet.domain.provision_results import Agreement, ResultCategory
from jukinet.domain.search_keys import list_name_keys
from jukinet.domain.stated_items import Compared, FormerKeys, RecordedItems, StatedPerson, has_lot

#: More people than this are never told apart: the official states more.
MOST_HITS: Final = 10
_ITEMS_NEEDED: Final = 2
#: A reading of one syllable is the beginning of thousands.
_SHORTEST_PREFIX: Final = 2
#: So many characters at one place may be wrong in a name that birth date and address vouch for.
_MOST_WRONG: Final = 2
_IN_FULL: Final = frozenset({Agreement.AGREES, Agreement.AGREES_FOLDED})
_TOWN: Final = re.compile("[^0-9]*")


def require_searchable(stated: StatedPerson) -> None:
    """Refuse a search that states too little to mean one person.

    Raises:
        TooFewItemsError: fewer than two of name (kanji or kana), birth date and address.
        SearchTooBroadError: a name of nothing but spaces and dashes, or a beginning of one syllable.
    """
    has_name = stated.name is not None or stated.kana is not None
    has_birth_date = stated.birth_date is not None and stated.birth_date.year is not None
    if [has_name, has_birth_date, stated.address is not None].count(True) < _ITEMS_NEEDED:
        raise TooFewItemsError(field="stated")
    if stated.name is not None and not stated.name_key:
        raise SearchTooBroadError(field="name")
    if stated.kana is not None and len(stated.kana_key or "") < (_SHORTEST_PREFIX if stated.is_kana_prefix else 1):
        raise SearchTooBroadError(field="kana")


def list_birth_dates(stated: CivilDate) -> list[str]:
    """Return every usual way the date may be recorded: each of its days, and its month or year alone.

    Empty for a date of which not even the year is known. What is recorded in a rarer way is found by the other items.
    """
    if stated.year is None:
        return []
    first, last = stated.span
    found: dict[str, None] = {stated.wire: None}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        found[day.isoformat()] = None
        found[CivilDate(DatePattern.MONTH_ONLY, day.year, day.month).wire] = None
        found[CivilDate(DatePattern.YEAR_ONLY, day.year).wire] = None
    return list(found)


def town_of(address_key: str) -> str:
    """Return the part of an address key before its first figure."""
    found = _TOWN.match(address_key)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant: the present record, and what he or she was ever found by."""

    record: RecordedItems = field(repr=False)
    ever: Sequence[FormerKeys] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a search comes to. `found` is the candidate's place, of exactly one hit; `refine` helps otherwise."""

    category: ResultCategory
    found: int | None = None
    compared: Compared | None = None
    refine: tuple[str, ...] = ()
    #: The places of all hits, however many; they stay inside.
    hits: tuple[int, ...] = ()


def judge(
    stated: StatedPerson, candidates: Sequence[Candidate], *, is_complete: bool, is_strictly_complete: bool
) -> Verdict:
    """Return which candidate is the one hit, or why none is.

    `is_complete` says that everybody with two agreeing items is among the candidates, `is_strictly_complete` that
    everybody is with whom all of it agrees.
    """
    compared = [compare_ever(stated, candidate) for candidate in candidates]
    hits = [place for place, one in enumerate(compared) if _agrees_in_all(one)]
    if not hits and is_complete:
        hits = [place for place, one in enumerate(compared) if _agrees_but_for_one(stated, one, candidates[place])]
    if (hits and not is_strictly_complete) or (not hits and not is_complete) or len(hits) > MOST_HITS:
        return Verdict(ResultCategory.TOO_MANY, refine=_list_missing(stated))
    if not hits:
        return Verdict(ResultCategory.NOT_FOUND)
    if len(hits) > 1:
        apart = _list_telling_apart(stated, [candidates[place].record for place in hits])
        return Verdict(ResultCategory.SEVERAL, refine=apart, hits=tuple(hits))
    return Verdict(ResultCategory.FOUND, found=hits[0], compared=compared[hits[0]], hits=tuple(hits))


def compare_ever(stated: StatedPerson, candidate: Candidate) -> Compared:
    """Return how each item agrees with the record, or with what was recorded of the person at any time."""
    present = stated.compare(candidate.record)
    if Agreement.DIFFERS not in present:
        return present
    former = [stated.compare_former(keys) for keys in candidate.ever]
    return Compared(
        *(
            Agreement.AGREES_FORMERLY if now is Agreement.DIFFERS and any(then) else now
            for now, then in zip(
                present,
                ([one[place].agrees for one in former] for place in range(len(present))),
                strict=True,
            )
        )
    )


def _agrees_in_all(compared: Compared) -> bool:
    return Agreement.DIFFERS not in compared


def _agrees_but_for_one(stated: StatedPerson, compared: Compared, candidate: Candidate) -> bool:
    """Return whether two of name, birth date and address agree in full, and nothing speaks for somebody else."""
    if compared.sex is Agreement.DIFFERS:
        return Agreement.DIFFERS not in compared._replace(sex=Agreement.AGREES)
    has_name = _agrees_by_name(compared)
    has_birth_date = compared.birth_date is Agreement.AGREES
    has_address = has_lot(compared.address, stated)
    if [has_name, has_birth_date, has_address].count(True) < _ITEMS_NEEDED:
        return False
    return has_name or _is_name_near(stated, candidate)


def _agrees_by_name(compared: Compared) -> bool:
    """Return whether the name agrees as it is written or as it is read, whole; now or formerly."""
    whole = {*_IN_FULL, Agreement.AGREES_FORMERLY}
    return compared.name in whole or compared.kana in whole


def _is_name_near(stated: StatedPerson, candidate: Candidate) -> bool:
    keys = [(one.kana_key, one.name_key) for one in candidate.ever]
    keys += [(one.kana_key, one.name_key) for one in list_name_keys(candidate.record)]
    return any(is_near(stated.kana_key, kana) or is_near(stated.name_key, name) for kana, name in keys)


def is_near(stated: str | None, recorded: str) -> bool:
    """Return whether two texts differ at one place only, by at most two characters and less than half of either."""
    if not stated or not recorded:
        return False
    before = _common(stated, recorded)
    shorter = min(len(stated), len(recorded)) - before
    behind = min(_common(stated[::-1], recorded[::-1]), shorter)
    wrong = max(len(stated), len(recorded)) - before - behind
    return wrong <= _MOST_WRONG and 2 * wrong < max(len(stated), len(recorded))


def _common(one: str, other: str) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _list_missing(stated: StatedPerson) -> tuple[str, ...]:
    """Return what was not stated, or not in full, best first."""
    has_whole_name = stated.name is not None or (stated.kana is not None and not stated.is_kana_prefix)
    is_whole_date = stated.birth_date is not None and stated.birth_date.is_exact
    has_whole_address = any(character.isdigit() for place in stated.places for character in place.key)
    known = {"birth_date": is_whole_date, "name": has_whole_name, "address": has_whole_address}
    return (*(item for item, is_known in known.items() if not is_known), *_list_not_stated(stated))


def _list_not_stated(stated: StatedPerson) -> tuple[str, ...]:
    return tuple(item for item in ("kana", "sex") if getattr(stated, item) is None)


def _list_telling_apart(stated: StatedPerson, records: Sequence[RecordedItems]) -> tuple[str, ...]:
    """Return which items, if stated in full, leave fewer of the hits; of all that could be stated, best first."""
    texts: dict[str, list[str]] = {
        "birth_date": [record.birth_date for record in records],
        "address": [record.address for record in records],
        "name": [record.name for record in records],
        "kana": [record.kana for record in records],
        "sex": [record.sex for record in records],
    }
    counts = {item: len(set(values)) for item, values in texts.items()}
    useful = [item for item, count in counts.items() if count > 1 and not _is_stated_in_full(stated, item)]
    return tuple(sorted(useful, key=lambda item: -counts[item]))


def _is_stated_in_full(stated: StatedPerson, item: str) -> bool:
    if item == "birth_date":
        return stated.birth_date is not None and stated.birth_date.is_exact
    if item == "kana":
        return stated.kana is not None and not stated.is_kana_prefix
    # A longer address may still tell two people in one house apart.
    return item != "address" and getattr(stated, item) is not None
