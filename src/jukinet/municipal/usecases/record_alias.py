"""Record an alias (通称の記載・削除) of a foreign resident; it goes upward, and its history stays on the record.

Source: Order (–2015) art. 30-26, 30-27, (2015–) art. 30-16, 30-17.
"""

from __future__ import annotations

from jukinet.domain.acts.alias import AliasChange, AliasEntry, plan_alias_change
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.domain.local_governments import municipality_of
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import find_resident, lock_resident
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database


async def record_alias(
    *, change: AliasChange, notification: Notification, act: Act, database: Database
) -> ResidentRecord:
    """Enter or remove the alias and return the new version.

    Raises:
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        NationalityMismatchError, AliasRecordedError, MissingItemError, ImpossibleChangeError: as the planner.
        DocumentMissingError: the request, or what proves that the alias is in use, was not seen.
    """
    today = civil_day(act.now)
    day = CivilDate.of(today)
    procedure = Procedure.ALIAS_ENTRY if isinstance(change, AliasEntry) else Procedure.ALIAS_REMOVAL
    require_dates_in_order(
        changed_on=CivilDate.of(notification.notified_on), notified_on=notification.notified_on, today=today
    )
    proceeding = open_proceeding(procedure, notification=notification, changed_on=day)
    async with database.transaction() as unit:
        await lock_resident(unit, change.resident_number, expected_version=change.expected_version)
        current = await find_resident(unit, change.resident_number)
        steps = plan_alias_change(
            change,
            current=current,
            municipality_name=municipality_of(LocalGovernmentCode.parse(act.node.code)).name,
            acted_on=day,
            notified_on=None if notification.is_ex_officio else notification.notified_on,
        )
        (changed,) = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return changed
