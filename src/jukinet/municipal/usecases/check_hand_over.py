"""Find out what stands in the way of handing a register over (引継ぎの事前確認), and what to do about it.

What is said before the hand-over must have arrived, and every household must be one the successor can write.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

from jukinet.delivery.outbox import count_queued, list_refused_parcels
from jukinet.domain.acts.municipal_merger import MergerRule, plan_municipal_merger
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import JukinetError
from jukinet.domain.households import require_sound_household
from jukinet.domain.identification import validate_identification
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import first_of_residence
from jukinet.municipal.merger_store import (
    KnownMerger,
    count_open_mass_changes,
    list_mergers,
    list_merging_households,
)
from jukinet.municipal.records import notice_of
from jukinet.municipal.review_store import count_waiting_entries
from jukinet.municipal.store import list_households
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.worklist_store import count_open_reports
from jukinet.postgres.database import Unit

_MOST: Final = 200
_AT_ONCE: Final = 1_000
_LAST: Final = 2**62
_LABELS: Final = {
    "outbox": "送信待ちの通知",
    "refused_parcels": "相手が拒否した送信分",
    "open_reports": "上位で保留になった通知",
    "provisional_entries": "審査待ちの仮登録",
    "mass_changes": "終わっていない一括住所変更",
    "household": "住所を改められない世帯",
    "refused_household": "住所を改められなかった世帯",
}


@dataclass(frozen=True, slots=True)
class HandOverProblem:
    """One thing that stands in the way: how many of it, where, and what to do, in Japanese for the operator."""

    kind: str
    count: int
    advice: str
    household_number: int | None = None
    error_code: str | None = None

    @property
    def label(self) -> str:
        """Return what it is called, in Japanese."""
        return _LABELS[self.kind]


async def check_hand_over(unit: Unit, *, act: Act) -> list[HandOverProblem]:
    """Return everything that stands in the way of handing the register of this municipality over; nothing elsewhere."""
    merger = next((one for one in await list_mergers(unit) if one.outgoing == act.node.code), None)
    if merger is None or merger.state == "handed_over":
        return []
    return [*await list_open_business(unit), *await list_unmergeable_households(unit, merger=merger, act=act)]


async def list_open_business(unit: Unit) -> list[HandOverProblem]:
    """Return what is under way or open at this municipality."""
    waiting = sum(count for _, count, _ in await count_queued(unit))
    found = [
        HandOverProblem(
            "outbox", waiting, "送信待ちの通知が届くまで待ってください（送信済み一覧で相手の状態を確かめる）。"
        ),
        HandOverProblem(
            "refused_parcels",
            len(await list_refused_parcels(unit, limit=_MOST)),
            "相手が拒否した送信分を直して再送してください（jukinet outbox refused）。",
        ),
        HandOverProblem(
            "open_reports",
            await count_open_reports(unit),
            "上位で保留になった通知を訂正し、処置を確かめてください（画面「保留の知らせ」）。",
        ),
        HandOverProblem(
            "provisional_entries",
            await count_waiting_entries(unit),
            "審査待ちの仮登録を承認、差戻し又は取下げしてください。",
        ),
        HandOverProblem(
            "mass_changes",
            await count_open_mass_changes(unit),
            "承認済みの一括住所変更が終わるまで待つか、取り下げてください。",
        ),
    ]
    return [problem for problem in found if problem.count]


async def list_unmergeable_households(unit: Unit, *, merger: KnownMerger, act: Act) -> list[HandOverProblem]:
    """Return the households the successor could not write, some of them where they are many."""
    rule = MergerRule(LocalGovernmentCode(merger.outgoing), LocalGovernmentCode(merger.successor))
    found: list[HandOverProblem] = []
    after = 0
    while len(found) < _MOST:
        numbers = await list_merging_households(unit, merger.outgoing, after=after, last=_LAST, limit=_AT_ONCE)
        if not numbers:
            break
        after = numbers[-1]
        members = await list_households(unit, numbers)
        for number, group in groupby(members, key=attrgetter("household_number")):
            error = _find_error(rule, list(group), merger, act)
            if error is not None:
                advice = "住民票を職権修正・誤記修正で直してください。"
                found.append(HandOverProblem("household", 1, advice, number, error.code))
    return found


def _find_error(
    rule: MergerRule, household: list[ResidentRecord], merger: KnownMerger, act: Act
) -> JukinetError | None:
    try:
        steps = plan_municipal_merger(rule, household, effective_on=merger.effective_on.isoformat())
        for step in steps:
            # Any number that continues a residence: which one it will be is the successor's to say.
            validate_identification(notice_of(step.record, first_of_residence(0) + 1), day=civil_day(act.now))
        changed = {step.after.resident_number: step.record for step in steps}
        require_sound_household(changed.get(member.resident_number, member) for member in household)
    except JukinetError as error:
        return error
    return None
