#!/usr/bin/env python3
"""Rebuild the bundled tables of `jukinet.domain.data` from the originals in `tools/sources`.

    python tools/build_bundled_data.py

Only the shape changes: columns nothing reads are left out, rows are tab-separated so that they load quickly, and the
variant kanji are gathered into families. Compression carries no time stamp: the same originals give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = ROOT / "tools" / "sources"
DATA: Final = ROOT / "src" / "jukinet" / "domain" / "data"

#: The tables of the shrink map (縮退マップ), the most trustworthy first.
SHRINK_TABLES: Final = (
    "JIS包摂規準UCS統合規則",
    "法務省告示582号別表第四_一",
    "戸籍統一文字情報_親字正字",
    "民二5202号通知別表_正字俗字等対照表",
    "民一2842号通達別表_誤字俗字正字一覧表_無印",
    "民一2842号通達別表_誤字俗字正字一覧表_俗字",
    "民一2842号通達別表_誤字俗字正字一覧表_別字",
    "法務省告示582号別表第四_二",
    "読み字形による類推",
    "辞書類等による関連字",
)
#: The tables that say directly which character another is a form of. A character joins the family of one other only,
#: the first these tables name: joining all it may stand for would make one family of different names (橋 and 塙).
FAMILY_TABLES: Final = ("戸籍統一文字情報_親字正字", "法務省告示582号別表第四_一")
DIRECT: Final = frozenset({"", "1"})
COMPATIBILITY_IDEOGRAPHS: Final = (range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))

Row = dict[str, str]


def read(name: str) -> list[Row]:
    """Return the rows of a compressed original."""
    with gzip.open(SOURCES / name, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(name: str, content: bytes) -> None:
    """Write one compressed table."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, compresslevel=9) as compressed:
        compressed.write(content)
    (DATA / name).write_bytes(buffer.getvalue())


def write_rows(name: str, rows: list[list[str]]) -> None:
    """Write one table of tab-separated rows."""
    write(name, "".join("\t".join(row) + "\n" for row in rows).encode())


def is_compatibility(character: str) -> bool:
    """Return whether Unicode normalisation would replace the character by another."""
    return any(ord(character) in block for block in COMPATIBILITY_IDEOGRAPHS)


def own_text(row: Row) -> str:
    """Return the text that means this MJ character: plain where the plain code is its own, else with its selector.

    A compatibility ideograph is written with its selector: normalisation would silently change it.
    """
    implemented = row["implemented"]
    if implemented and not (row["ivs"] and is_compatibility(implemented)):
        return implemented
    return row["ivs"] or implemented or row["ucs"]


def character_rows(characters: list[Row]) -> list[list[str]]:
    """Return MJ id, text, other texts that mean it, Juki unified code. No text is given to two characters."""
    taken: set[str] = set()
    texts: dict[str, str] = {}
    for row in sorted(characters, key=lambda row: (not row["juki_unified_code"], not row["implemented"], row["mj"])):
        text = own_text(row)
        texts[row["mj"]] = "" if text in taken else text
        taken.add(text)
    rows: list[list[str]] = []
    for row in characters:
        others: list[str] = []
        for other in (row["implemented"], row["ivs"]):
            if other and other not in taken:
                others.append(other)
                taken.add(other)
        rows.append([row["mj"], texts[row["mj"]], " ".join(others), row["juki_unified_code"]])
    return rows


def shrink_rows(shrink: list[Row]) -> list[list[str]]:
    """Return MJ id and its shrunk characters in the order of trust."""
    candidates: defaultdict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
    for row in shrink:
        rank = int(row["rank"] or 0), int(row["hops"] or 0)
        candidates[row["mj"]].append((SHRINK_TABLES.index(row["table"]), *rank, row["shrunk_ucs"]))
    # Order within one table, rank and number of hops is the original's.
    return [
        [mj, "".join(dict.fromkeys(entry[3] for entry in sorted(entries, key=lambda entry: entry[:3])))]
        for mj, entries in sorted(candidates.items())
    ]


def family_rows(characters: list[Row], shrink: list[Row]) -> list[list[str]]:
    """Return every family of variant kanji with more than one member, its representative first."""
    parent: dict[str, str] = {}

    def head(character: str) -> str:
        while parent.setdefault(character, character) != character:
            character = parent[character]
        return character

    unicode_of = {row["mj"]: row["ucs"] for row in characters}
    first: dict[str, tuple[int, str]] = {}
    for row in shrink:
        plain, target = unicode_of[row["mj"]], row["shrunk_ucs"]
        is_direct = row["hops"] in DIRECT and row["rank"] in DIRECT and row["table"] in FAMILY_TABLES
        if plain and plain != target and is_direct:
            found = (FAMILY_TABLES.index(row["table"]), target)
            first[plain] = min(first.get(plain, found), found, key=lambda entry: entry[0])
    targets = Counter(target for _, target in first.values())
    for plain, (_, target) in first.items():
        parent[head(plain)] = head(target)
    families: defaultdict[str, list[str]] = defaultdict(list)
    for character in parent:
        families[head(character)].append(character)
    ordered = [sorted(family, key=lambda one: (-targets[one], one)) for family in families.values() if len(family) > 1]
    return [["".join(family)] for family in sorted(ordered)]


def town_rows(towns: list[Row]) -> list[list[str]]:
    """Return municipality, district and its towns, each with its koaza after a comma, parted by bars."""
    listed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in towns:
        name = f"{row['town']},{row['koaza']}" if row["koaza"] else row["town"]
        listed[row["local_government_code"], row["district"]].append(name)
    return [[code, district, "|".join(names)] for (code, district), names in sorted(listed.items())]


def main() -> None:
    """Write every rebuilt table."""
    characters, shrink = read("characters.csv.gz"), read("character_shrink_map.csv.gz")
    write_rows("characters.tsv.gz", character_rows(characters))
    write_rows("character_shrink_map.tsv.gz", shrink_rows(shrink))
    write_rows("character_families.tsv.gz", family_rows(characters, shrink))
    write_rows("towns.tsv.gz", town_rows(read("towns.csv.gz")))
    write("appended_tables_2013.json.gz", (SOURCES / "appended_tables_2013.json").read_bytes())


if __name__ == "__main__":
    main()
