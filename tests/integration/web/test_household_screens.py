"""A clerk splits and merges households and changes who is householder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from jukinet.municipal.store import add_resident
from tests.fixtures_postgres import MakeDatabase
from tests.integration.web.browsing import Person, person_at
from tests.integration.web.municipality import HANAKO, TARO, Municipality, municipality_of, resident

CHILD, LODGER = 9, 10
STAND = "SELECT resident_number, household_number, relationship FROM register.current_record ORDER BY resident_number"
PARCELS = "SELECT count(*) FROM delivery.outbox"


@pytest.fixture
async def chiyoda(embedded_database: MakeDatabase) -> AsyncIterator[Municipality]:
    async with municipality_of(embedded_database) as municipality:
        async with municipality.database.transaction() as unit:
            child = resident(
                CHILD, household_number=HANAKO, relationship="子", name="山田　海", birth_date="2015-01-01"
            )
            await add_resident(unit, child)
            await add_resident(unit, resident(LODGER, name="間借　人"))
        yield municipality


@pytest.fixture
async def clerk(chiyoda: Municipality) -> AsyncIterator[Person]:
    async with person_at(chiyoda.app) as person:
        await person.sign_in()
        yield person


async def send(clerk: Person, number: int, kind: str, step: str = "record", **typed: str) -> None:
    path = f"/residents/{number}/{kind}"
    await clerk.open(path)
    fields = {
        "form_number": clerk.hidden("form_number"),
        "version": clerk.hidden("version"),
        "changed_on": "R8.11.20",
        "notified_on": "R8.11.20",
        "notifier": "self",
        "identity_check": "photo_document",
        **typed,
    }
    await clerk.send(path, step=step, **fields)


async def households(chiyoda: Municipality) -> dict[object, tuple[object, object]]:
    return {number: (household, relationship) for number, household, relationship in await chiyoda.rows(STAND)}


async def test_a_split_is_looked_at_first_and_does_not_call_the_old_number_new(
    chiyoda: Municipality, clerk: Person
) -> None:
    await send(clerk, TARO, "household_split", step="confirm")

    assert clerk.page.status_code == 200
    assert "山田　太郎 さん：世帯 1（世帯主 山田　花子） → 新しい世帯（世帯主 山田　太郎）" in clerk.text
    assert "登録の時に付きます" in clerk.text
    assert "通知されません" in clerk.text

    await send(clerk, TARO, "household_split")
    found = await households(chiyoda)
    assert found[TARO] != (HANAKO, "夫")
    assert found[TARO][1] == "世帯主"
    assert await chiyoda.rows(PARCELS) == [(0,)]


async def test_relationships_are_proposed_before_a_householder_changes(chiyoda: Municipality, clerk: Person) -> None:
    await send(clerk, HANAKO, "householder_change", step="confirm", householder=str(TARO))
    assert clerk.hidden(f"relationship-{HANAKO}") == "妻"
    assert clerk.hidden(f"relationship-{CHILD}") == "子"

    typed = {"householder": str(TARO), f"relationship-{HANAKO}": "妻", f"relationship-{CHILD}": "子"}
    await send(clerk, HANAKO, "householder_change", **typed)

    found = await households(chiyoda)
    assert [found[one][1] for one in (HANAKO, TARO, CHILD)] == ["妻", "世帯主", "子"]


async def test_a_household_joins_another_that_is_found_by_its_number(chiyoda: Municipality, clerk: Person) -> None:
    relationship = {f"relationship-{LODGER}": "同居人"}
    await send(clerk, LODGER, "household_merger", joins_search="3", **relationship)
    await join_found(clerk, LODGER, "household_merger", joins="3", **relationship)
    assert clerk.page.status_code == 422
    assert "転居" in clerk.text

    await send(clerk, LODGER, "household_merger", joins_search=str(HANAKO), **relationship)
    assert "山田　花子 さんの世帯" in clerk.text
    await join_found(clerk, LODGER, "household_merger", **relationship)

    assert (await households(chiyoda))[LODGER] == (HANAKO, "同居人")


async def test_a_child_is_offered_the_other_household_in_the_house_and_joins_it(
    chiyoda: Municipality, clerk: Person
) -> None:
    await send(clerk, CHILD, "household_change", **{f"relationship-{CHILD}": "縁故者"})
    assert "間借　人 さんの世帯" in clerk.text
    assert "山田　花子 さんの世帯" not in clerk.text
    await join_found(clerk, CHILD, "household_change", joins=str(LODGER), **{f"relationship-{CHILD}": "縁故者"})

    assert (await households(chiyoda))[CHILD] == (LODGER, "縁故者")


async def join_found(clerk: Person, number: int, kind: str, **typed: str) -> None:
    """Send the form again as it came back with the households that were found."""
    found = {name: clerk.hidden(name) for name in ("households_found", "joins_search")}
    chosen = typed.pop("joins", str(HANAKO))
    await send(clerk, number, kind, **found, joins=chosen, **typed)


async def test_only_what_applies_is_offered_in_groups_and_in_one_style(chiyoda: Municipality, clerk: Person) -> None:
    async with chiyoda.database.transaction() as unit:
        await add_resident(unit, resident(20, is_removed=True, change_reason="death"))
    await clerk.open(f"/households/{HANAKO}")
    assert f"/residents/{HANAKO}/householder_change" in clerk.page.text
    await clerk.open(f"/residents/{HANAKO}")
    assert "世帯分離" in clerk.text
    assert "<dt>外国人住民</dt>" not in clerk.text

    await clerk.open("/residents/20")
    assert "世帯分離" not in clerk.text
    assert "<dt>移動</dt>" not in clerk.text
