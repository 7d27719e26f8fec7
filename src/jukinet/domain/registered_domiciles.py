"""Where a family register is kept: the municipality that a registered domicile (本籍) names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jukinet.domain.addresses import list_beginnings
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import list_municipalities, list_wards, municipality_of


def find_domicile_municipality(text: str) -> LocalGovernmentCode | None:
    """Return the municipality that keeps the annex of this family register; None where the text does not tell.

    A name that two prefectures have tells nothing without the prefecture.
    """
    beginnings = _by_beginning()
    lengths = sorted({len(beginning) for beginning in beginnings if len(beginning) <= len(text)}, reverse=True)
    found = next((beginnings[text[:length]] for length in lengths if text[:length] in beginnings), None)
    return None if found is None or len(found) != 1 else next(iter(found))


@cache
def _by_beginning() -> Mapping[str, frozenset[LocalGovernmentCode]]:
    found: dict[str, set[LocalGovernmentCode]] = {}
    for government in (*list_municipalities(), *list_wards()):
        keeper = municipality_of(government.code).code
        for beginning in list_beginnings(government.code):
            found.setdefault(beginning, set()).add(keeper)
    return {beginning: frozenset(keepers) for beginning, keepers in found.items()}
