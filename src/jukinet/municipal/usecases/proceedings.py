"""How an act is opened: the rules that hold for every procedure, whatever it changes."""

from __future__ import annotations

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.deadlines import is_late, require_statement_when_late
from jukinet.domain.notifications import Notification, require_authority, require_identity_checked
from jukinet.domain.procedures import Procedure, require_documents, require_notifier, require_procedure_in_force
from jukinet.municipal.usecases.recording import Proceeding


def open_proceeding(
    procedure: Procedure, *, notification: Notification, changed_on: CivilDate, cancels: int | None = None
) -> Proceeding:
    """Return the proceeding of a notification that may be accepted.

    Raises:
        NotInForceError, NotifierNotPermittedError: not on that day, or not by this person.
        IdentityNotCheckedError, AuthorityNotShownError: nobody made sure who notifies, or for whom.
        MissingItemError: a document the procedure needs was not seen, or a late notification says no reason.
    """
    require_procedure_in_force(procedure, day=notification.notified_on)
    require_notifier(procedure, notification)
    require_identity_checked(notification)
    require_authority(notification)
    require_documents(procedure, notification)
    require_statement_when_late(procedure, notification, changed_on=changed_on)
    late = is_late(procedure, changed_on=changed_on, notified_on=notification.notified_on)
    return Proceeding(procedure=procedure.value, notification=notification, is_late=late, cancels=cancels)
