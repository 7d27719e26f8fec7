"""Who is meant by a line with four items (一括提供の4情報による照合): the rules of a search, for many lines at once.

A line that agrees with somebody to the letter is not judged here. Of every other one the keys are made, whoever may be
meant is gathered by them, and the law of a search says who is (`domain.person_search`). Pure: it runs in the process
beside the node.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

import msgspec

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.kana import fold_kanji
from jukinet.domain.person_search import Candidate, Verdict, judge, list_birth_dates, town_of
from jukinet.domain.provision_batches import LineResult
from jukinet.domain.provision_results import Agreement, ResultCategory
from jukinet.domain.search_keys import list_places
from jukinet.domain.stated_items import FormerKeys, StatedPerson

#: The ways to a person that four items open: name and birth date, birth date and place, name and place.
BY_NAME_AND_DATE: Final = 2
BY_DATE_AND_PLACE: Final = 3
BY_NAME_AND_PLACE: Final = 5


class AskedLine(msgspec.Struct, frozen=True, array_like=True):
    """One line as it was asked."""

    line_number: int
    reference: str
    name: str
    birth_date: str
    sex: str
    address: str

    def __repr__(self) -> str:
        return "AskedLine(***)"


class AskedKeys(msgspec.Struct, frozen=True):
    """What people are looked for by of one line."""

    line_number: int
    name_key: str
    birth_dates: list[str]
    municipalities: list[str]
    towns: list[str]

    def __repr__(self) -> str:
        return "AskedKeys(***)"


class GatheredPerson(msgspec.Struct, frozen=True, array_like=True):
    """Somebody who may be meant by a line, or nobody. `cut_off` are the ways that were not read to their end."""

    line_number: int
    cut_off: list[int]
    resident_record_code: str | None
    name: str
    kana: str
    former_surname: str | None
    alias: str | None
    birth_date: str
    sex: str
    municipality: str
    address: str
    ever: list[list[str]]

    def __repr__(self) -> str:
        return "GatheredPerson(***)"


class NamedLine(msgspec.Struct, frozen=True, array_like=True):
    """Who a line names."""

    line_number: int
    reference: str
    result: str
    person: str | None
    name_agreement: str
    address_agreement: str

    def __repr__(self) -> str:
        return "NamedLine(***)"


def make_keys(lines: Iterable[AskedLine]) -> list[AskedKeys]:
    """Return what people are looked for by of each line."""
    return [_keys_of(line.line_number, _read(line)) for line in lines]


def judge_lines(lines: Sequence[AskedLine], gathered: Iterable[GatheredPerson]) -> list[NamedLine]:
    """Return who each line names, of those who were gathered for it, in the order of lines."""
    persons = {number: list(group) for number, group in groupby(gathered, key=attrgetter("line_number"))}
    return [_judge(line, persons.get(line.line_number, [])) for line in lines]


def _judge(line: AskedLine, gathered: Sequence[GatheredPerson]) -> NamedLine:
    stated = _read(line)
    people = [person for person in gathered if person.resident_record_code is not None]
    cut_off = {way for person in gathered for way in person.cut_off}
    verdict = judge(
        stated,
        [Candidate(person, [FormerKeys(*keys) for keys in person.ever]) for person in people],
        is_complete=not cut_off,
        is_strictly_complete=not _ways_of(stated) <= cut_off,
    )
    if verdict.found is None or verdict.compared is None:
        return NamedLine(line.line_number, line.reference, _result_of(verdict).value, None, "", "")
    compared = verdict.compared
    return NamedLine(
        line.line_number,
        line.reference,
        _result_of(verdict).value,
        people[verdict.found].resident_record_code,
        compared.name.value,
        compared.address.value,
    )


def _result_of(verdict: Verdict) -> LineResult:
    if verdict.compared is not None:
        return LineResult.DIFFERS if Agreement.DIFFERS in verdict.compared else LineResult.FOUND
    return LineResult.NOT_FOUND if verdict.category is ResultCategory.NOT_FOUND else LineResult.SEVERAL


def _read(line: AskedLine) -> StatedPerson:
    # Each item was found to be one when the file was checked. An address that begins with no municipality lies nowhere.
    return StatedPerson(
        name=line.name,
        name_key=fold_kanji(line.name),
        birth_date=CivilDate.from_wire(line.birth_date, may_be_irregular=True),
        sex=line.sex,
        address=line.address,
        places=tuple(list_places(line.address)),
    )


def _keys_of(line_number: int, stated: StatedPerson) -> AskedKeys:
    return AskedKeys(
        line_number,
        stated.name_key or "",
        [] if stated.birth_date is None else list_birth_dates(stated.birth_date),
        [place.municipality for place in stated.places],
        [town_of(place.key) for place in stated.places],
    )


def _ways_of(stated: StatedPerson) -> frozenset[int]:
    has_date = stated.birth_date is not None and stated.birth_date.year is not None
    has_name, has_place = bool(stated.name_key), bool(stated.places)
    ways = {
        BY_NAME_AND_DATE: has_name and has_date,
        BY_DATE_AND_PLACE: has_date and has_place,
        BY_NAME_AND_PLACE: has_name and has_place,
    }
    return frozenset(way for way, is_open in ways.items() if is_open)
