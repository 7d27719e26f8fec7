"""Generated residents as a test reads them: one dict per JSON line."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from typing import Any, Final

from jukinet.population.generator import generate_blocks

AS_OF: Final = date(2026, 4, 1)
SETAGAYA: Final = "131121"
NAKASHIBETSU: Final = "016926"
YOKOHAMA: Final = "141003"

Person = dict[str, Any]


def people_of(
    *, municipality: str = SETAGAYA, residents: int = 2000, seed: int = 7, as_of: date = AS_OF
) -> list[Person]:
    blocks = generate_blocks(municipality=municipality, residents=residents, seed=seed, as_of=as_of)
    return [json.loads(line) for block in blocks for line in block.json_lines().splitlines()]


def households_of(people: list[Person]) -> list[list[Person]]:
    found: defaultdict[int, list[Person]] = defaultdict(list)
    for person in people:
        found[person["household_number"]].append(person)
    return list(found.values())


def age_of(person: Person, *, on: date = AS_OF) -> int:
    year, month, day = (int(part.replace("XX", "01")) for part in person["birth_date"].split("-"))
    return on.year - year - ((on.month, on.day) < (month, day))
