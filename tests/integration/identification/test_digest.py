"""Tiers are compared by a digest: equal for what is equal, and different for any single item (I6)."""

from __future__ import annotations

import pytest

from jukinet.devnet.store import digest_records, digest_register
from jukinet.municipal.app import MIGRATIONS as MUNICIPAL
from jukinet.municipal.records import notice_of
from jukinet.postgres.database import connect
from jukinet.prefectural.app import MIGRATIONS as PREFECTURAL
from tests.builders import SETAGAYA, execute, individual_number, opened, populate, resident
from tests.fixtures_postgres import MakeDatabase
from tests.integration.identification.test_receive import Prefecture


@pytest.mark.invariant("I6")
async def test_the_digest_of_two_tiers_is_equal_until_one_item_differs(fresh_database: MakeDatabase) -> None:
    people = [
        resident(1, individual_number=individual_number(1), former_surname="渡邉"),
        resident(2, alias="渡邉", postal_code=None),
    ]
    below, above = await fresh_database(MUNICIPAL), await fresh_database(PREFECTURAL)
    await populate(below, *people)
    async with opened(above) as database:
        await Prefecture(above, database).tell(*[notice_of(one, 1) for one in reversed(people)])
    async with connect(below.app) as municipal, connect(above.app) as prefectural:
        register = await digest_register(municipal)
        assert await digest_records(prefectural, SETAGAYA.code) == register
        assert register[0] == 2

        for change, undo in (
            ("former_surname = NULL, alias = former_surname", "former_surname = alias, alias = NULL"),
            ("address = address || 'x'", "address = left(address, -1)"),
            ("postal_code = ''", "postal_code = '1540004'"),
            ("individual_number = NULL", f"individual_number = '{individual_number(1)}'"),
            ("update_sequence = 2", "update_sequence = 1"),
            ("is_removed = true", "is_removed = false"),
        ):
            await execute(above, f"UPDATE identification.record SET {change} WHERE former_surname IS NOT NULL")  # noqa: S608 - our items
            different = await digest_records(prefectural, SETAGAYA.code)
            first = f"resident_record_code = '{people[0].resident_record_code}'"
            await execute(above, f"UPDATE identification.record SET {undo} WHERE {first}")  # noqa: S608 - likewise
            assert different != register, change
            assert await digest_records(prefectural, SETAGAYA.code) == register
