"""A file that waits for its turn is matched as the law of that day has it, and not as it was when it came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from jukinet.domain.clock import civil_day
from jukinet.domain.provision_changes import Act, EndOfAffair
from jukinet.domain.provision_withholding import UsesWithheld, WithheldReason
from jukinet.national.batch_runner import BatchRunner
from jukinet.national.usecases.decide_law_change import approve_law_change
from jukinet.national.usecases.propose_law_change import propose_law_change
from tests.builders import PENSION_AFFAIR
from tests.fixtures_postgres import MakeDatabase
from tests.integration.batch.parties import RETENTION, Parties, by_number, open_parties


async def enact(parties: Parties, act: Act, day: date) -> None:
    nation = parties.nation
    number = await propose_law_change(
        act=act,
        effective_on=day,
        source="法律第1号",
        operator_id="shirai",
        keeper=nation.law,
        database=nation.database,
        now=nation.clock(),
    )
    await approve_law_change(
        proposal_number=number,
        operator_id="kuroki",
        keeper=nation.law,
        database=nation.database,
        now=nation.clock(),
    )


WITHHELD = UsesWithheld(affair=PENSION_AFFAIR, reason=WithheldReason.INVESTIGATION, days=90)


@pytest.mark.invariant("I5")
@pytest.mark.invariant("I11")
@pytest.mark.parametrize(
    ("act", "code"),
    [
        (WITHHELD, "permission.only_real_time"),
        (EndOfAffair(affair=PENSION_AFFAIR), "permission.not_in_force.affair_ended"),
    ],
    ids=["its uses are withheld since", "its affair has ended"],
)
async def test_a_file_the_law_does_not_allow_any_more_is_not_matched(
    tmp_path: Path, embedded_database: MakeDatabase, act: Act, code: str
) -> None:
    async with open_parties(tmp_path, embedded_database) as parties:
        nation = parties.nation
        status = await parties.submit(parties.write(by_number(1, 2), items=["name"]))
        await enact(parties, act, civil_day(nation.clock()) + timedelta(days=1))
        tomorrow = replace(nation, clock=lambda: nation.clock() + timedelta(days=1))
        runner = BatchRunner(tomorrow, parties.pace, RETENTION, parties.runner.worker)
        while await runner.step():
            pass

        refused = await parties.status(status.batch_id)

        assert (refused.state, refused.code) == ("refused", code)
        assert await parties.uses() == []
