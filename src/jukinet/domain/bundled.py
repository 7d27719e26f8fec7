"""The bundled tables: the only place in `domain` that opens a file, and only files of this package.

Each table is read on first use and kept. Rows come back as plain tuples of text; the module that owns the
subject gives them a type. Sources and licences are in NOTICE.
"""

from __future__ import annotations

import csv
import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

_PACKAGE: Final = "jukinet.domain.data"


def _content(name: str) -> str:
    content = files(_PACKAGE).joinpath(name).read_bytes()
    if name.endswith(".gz"):
        content = gzip.decompress(content)
    return content.decode("utf-8")


def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    reader = csv.reader(_content(name).splitlines())
    return tuple(tuple(row) for row in reader)


def _tab_rows(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split("\t")) for line in _content(name).splitlines())


@cache
def local_government_rows() -> tuple[tuple[str, ...], ...]:
    """Return code, kind, prefecture, name, kana, latitude, longitude of each of the 1,965 local governments."""
    return _rows("local_governments.csv")[1:]


@cache
def town_rows() -> tuple[tuple[str, ...], ...]:
    """Return local government code, district, towns parted by bars: 277,149 towns (町字), koaza after a comma."""
    return _tab_rows("towns.tsv.gz")


@cache
def character_rows() -> tuple[tuple[str, ...], ...]:
    """Return MJ id, text, other texts that mean it, Juki unified code of each of the 58,862 MJ characters."""
    return _tab_rows("characters.tsv.gz")


@cache
def character_shrink_rows() -> tuple[tuple[str, ...], ...]:
    """Return MJ id and its shrunk characters, the preferred one first, of each MJ character that has any."""
    return _tab_rows("character_shrink_map.tsv.gz")


@cache
def character_families() -> tuple[str, ...]:
    """Return every family of variant kanji (異体字) as one text, its representative first."""
    return tuple(_content("character_families.tsv.gz").splitlines())


@cache
def surname_rows() -> tuple[tuple[str, ...], ...]:
    """Return kanji, estimated number of bearers, hiragana, romaji of each of 1,999 surnames."""
    return _rows("surnames.csv")


@cache
def given_name_rows(*, female: bool) -> tuple[tuple[str, ...], ...]:
    """Return hiragana, romaji, then the written forms, of each given-name reading of one sex."""
    return _rows("given_names_female.csv" if female else "given_names_male.csv")


@cache
def appended_table_rows() -> tuple[dict[str, Any], ...]:
    """Return each row of the Appended Tables (別表) of 2013 as the law text gives it."""
    return tuple(json.loads(_content("appended_tables_2013.json.gz")))


@cache
def code_lists() -> dict[str, Any]:
    """Return the code lists of the law and of the standard specification, by name."""
    lists: dict[str, Any] = json.loads(_content("code_lists.json"))
    return lists


@cache
def provision_date_rows() -> tuple[tuple[str, ...], ...]:
    """Return row or affair, first day, last day, confidence, source of each listed date of the Appended Tables."""
    return _rows("provision_dates.csv")[1:]


@cache
def individual_number_ground_rows() -> tuple[tuple[str, ...], ...]:
    """Return row or affair, first day, confidence, source of each permission to be given the Individual Number."""
    return _rows("individual_number_grounds.csv")[1:]
