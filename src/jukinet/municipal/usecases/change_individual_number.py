"""Change an Individual Number (個人番号の変更) that may be misused: on request, or ex officio.

The nation makes the new number before anything is recorded. Should the answer or the recording fail, the same act is
answered with the same number: the request names the one it gives up.

Source: Individual Number Act art. 7(2); its Order art. 3, 4.
"""

from __future__ import annotations

from jukinet.domain.acts.numbers import NumberChange, plan_number_change, require_no_move_out
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ImpossibleChangeError, PeerRefusedError, ResidentRemovedError
from jukinet.domain.identification import require_individual_number_in_force
from jukinet.domain.individual_number import IndividualNumber
from jukinet.domain.notifications import Notification
from jukinet.domain.procedures import Procedure
from jukinet.domain.record_change import require_dates_in_order
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.store import find_resident, lock_resident
from jukinet.municipal.usecases.proceedings import open_proceeding
from jukinet.municipal.usecases.receive_individual_numbers import ask_for_numbers
from jukinet.municipal.usecases.recording import Act, record_steps
from jukinet.postgres.database import Database
from jukinet.protocol.individual_number import IndividualNumberChange, IndividualNumberRequest
from jukinet.transport.message_client import MessageClient


async def change_individual_number(
    *, change: NumberChange, notification: Notification, act: Act, client: MessageClient, database: Database
) -> ResidentRecord:
    """Record another number and return the new version.

    Raises:
        NotInForceError: before 2015-10-05.
        ResidentNotFoundError, ResidentRemovedError: there is no live record.
        ChangedMeanwhileError: another operator changed the record since this one looked.
        ImpossibleChangeError, MoveOutPendingError: the resident has no number, or has notified a move-out.
        IdentityNotCheckedError, AuthorityNotShownError, DocumentMissingError: the request is not one to accept.
        PeerError: the nation cannot be reached or refuses; nothing was recorded.
    """
    today = civil_day(act.now)
    require_individual_number_in_force(is_given=True, day=today)
    day = CivilDate.of(today)
    require_dates_in_order(changed_on=day, notified_on=notification.notified_on, today=today)
    procedure = Procedure.INDIVIDUAL_NUMBER_CORRECTION if change.is_ex_officio else Procedure.INDIVIDUAL_NUMBER_CHANGE
    proceeding = open_proceeding(procedure, notification=notification, changed_on=day)
    async with database.transaction() as unit:
        await lock_resident(unit, change.resident_number, expected_version=change.expected_version)
        before = await find_resident(unit, change.resident_number)
    number = await _ask(client, before)
    async with database.transaction() as unit:
        await lock_resident(unit, change.resident_number, expected_version=before.version)
        steps = plan_number_change(
            change,
            current=before,
            number=number,
            acted_on=day,
            notified_on=None if notification.is_ex_officio else notification.notified_on,
        )
        (changed,) = await record_steps(unit, steps=steps, proceeding=proceeding, act=act)
    return changed


async def _ask(client: MessageClient, resident: ResidentRecord) -> IndividualNumber:
    if resident.is_removed:
        raise ResidentRemovedError(field="resident_number")
    if resident.individual_number is None:
        raise ImpossibleChangeError("The resident has no number yet.", field="individual_number")
    require_no_move_out(resident)
    request = IndividualNumberRequest(
        changes=(
            IndividualNumberChange(
                resident_record_code=resident.resident_record_code,
                replaced_individual_number=resident.individual_number,
            ),
        )
    )
    (answer,) = await ask_for_numbers(client=client, request=request)
    if answer.individual_number is None:
        raise PeerRefusedError(
            "The nation gives no other number to this resident now.", peer_code=answer.error_code or "peer"
        )
    return IndividualNumber(answer.individual_number)
