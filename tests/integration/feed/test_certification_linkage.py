"""M15: the certification side is told what makes certificates void, of everybody, and not of minor corrections."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from jukinet.domain.rules import Rule
from jukinet.protocol.node_names import NATIONAL
from tests.builders import PENSION, code, individual_number, list_rows
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import person
from tests.integration.feed.follower import Follower, open_follower


def appoint(follower: Follower) -> None:
    """Let the agency of these tests be the certification linkage server."""
    follower.certification_linkage = PENSION.code
    config = msgspec.structs.replace(follower.parties.nation.config, certification_linkage=PENSION.code)
    object.__setattr__(follower.parties.nation, "config", config)


@pytest.mark.rule(Rule.CERTIFICATION_LINKAGE_WITHOUT_MINOR_CORRECTIONS)
async def test_what_makes_certificates_void_is_told_of_everybody_with_code_reason_and_date_alone(
    tmp_path: Path, embedded_database: MakeDatabase
) -> None:
    async with open_follower(tmp_path, embedded_database) as follower:
        appoint(follower)
        await follower.apply(person(5), person(1, 2))
        await follower.apply(
            person(1, 3, reason="minor_correction", address="東京都世田谷区太子堂一丁目1番2の1号"),
            person(2, 2, reason="ex_officio_modification", name="試験\u3000楓", address=person(2).address),
            person(3, 2, reason="death", changed_on="2026-03-01", address=person(3).address),
        )
        await follower.apply(
            person(2, 3, reason="ex_officio_modification", name="試験\u3000楓", address=person(2).address,
                   individual_number=individual_number(77))
        )  # fmt: skip

        events = await follower.read()
        uses = await follower.uses("certification_linkage")

        assert [(one.sequence, one.kind, one.person.resident_record_code, one.person.reason) for one in events] == [
            (1, "certificates_void", code(1), "relocation"),
            (2, "certificates_void", code(2), "ex_officio_modification"),
            (3, "certificates_void", code(3), "death"),
        ]
        given = {name for one in events for name in msgspec.to_builtins(one.person)}
        assert given == {"resident_record_code", "reason", "changed_on", "is_removed"}
        assert [(use[0], use[1]) for use in uses] == [
            (code(number), "resident_record_code,change") for number in (1, 2, 3)
        ]
        assert {use[7] for use in uses} == {"住民基本台帳法第30条の15"}


async def test_who_is_not_appointed_any_more_is_told_nothing(tmp_path: Path, embedded_database: MakeDatabase) -> None:
    async with open_follower(tmp_path, embedded_database) as follower:
        follower.certification_linkage = PENSION.code
        await follower.apply(person(1, 2))

        page = await follower.page()

        assert (page.events, page.scanned) == ((), 1)
        assert await list_rows(follower.database_of(NATIONAL), "SELECT FROM audit.use_log") == []
