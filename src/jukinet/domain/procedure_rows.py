"""What the law says of a procedure: its article, its period, who may notify it, and which documents it needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from jukinet.domain.notifications import Notifier, SeenDocument


@dataclass(frozen=True, slots=True)
class Deadline:
    """A period of notification (届出期間), from the day of the event or from the day somebody learnt of it."""

    description: str
    days: int
    #: The day itself is the first day of the period (Family Register Act art. 43); else the day after (Civil Code 140).
    counts_first_day: bool = False
    #: It runs from the day the notifier learnt of the event.
    from_learning: bool = False
    #: Months instead of days where the event happened abroad.
    months_abroad: int | None = None


FOURTEEN_DAYS: Final = Deadline("14 days after the day of the event", 14)
MOVE_OUT_DEADLINE: Final = Deadline("beforehand; accepted until 14 days after the move", 14)
BIRTH_DEADLINE: Final = Deadline(
    "14 days, the day of birth counted; 3 months if abroad", 14, counts_first_day=True, months_abroad=3
)
DEATH_DEADLINE: Final = Deadline(
    "7 days from the day one learns of it; 3 months if abroad",
    7,
    counts_first_day=True,
    from_learning=True,
    months_abroad=3,
)

AT_COUNTER: Final = frozenset(one for one in Notifier if one.is_at_counter)
#: A request is the person's own: art. 26, which lets the householder notify, is for notifications.
REQUESTERS: Final = frozenset({Notifier.SELF, Notifier.LEGAL_REPRESENTATIVE, Notifier.AGENT})
MUNICIPALITY: Final = frozenset({Notifier.EX_OFFICIO, Notifier.OFFICIAL, Notifier.AUTHORITY})
FAMILY_REGISTER_OFFICE: Final = MUNICIPALITY | {Notifier.FAMILY_REGISTER_REPORTER}

#: What shows a foreign resident's status (Act art. 30-46; Regulation art. 47 for the passport).
STATUS_DOCUMENTS: Final = frozenset(
    {
        SeenDocument.RESIDENCE_CARD,
        SeenDocument.PASSPORT_CARD_TO_FOLLOW,
        SeenDocument.SPECIAL_PERMANENT_RESIDENT_CERTIFICATE,
        SeenDocument.TEMPORARY_PERMIT,
    }
)

UPWARD: Final = ("identification_notice",)
UPWARD_AND_ANNEX: Final = ("identification_notice", "annex_notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRow:
    """One row of the table."""

    japanese: str
    #: The articles before and from 2015-10-05.
    until_2015: str
    from_2015: str
    #: None where there is no period.
    deadline: Deadline | None = None
    notifiers: frozenset[Notifier]
    #: Of each group one is to be seen; of what is done ex officio, what it rests on.
    documents: tuple[frozenset[SeenDocument], ...] = ()
    #: Of these one is to be seen where the person is a foreign resident.
    foreign_documents: frozenset[SeenDocument] = frozenset()
    #: Message types of the catalogue that leave the municipality because of it.
    messages: tuple[str, ...] = ()
    #: Those whose records it changes are told in writing where it is done ex officio (Order art. 12(4)).
    tells_person: bool = False
    #: The first day it exists; None for as long as there is a register.
    begins_on: date | None = None
    #: The module under jukinet.municipal.usecases, and the function in it.
    use_case: str
