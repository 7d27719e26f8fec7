"""Which items may be given for an affair on a day, and why or why not; and what changes on which day.

For people: the page of the national node and `jukinet law` show what this module says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from jukinet.domain.errors import JukinetError
from jukinet.domain.provision_affairs import Confidence, ItemTerm, ListedAffair
from jukinet.domain.provision_items import ProvisionItem
from jukinet.domain.provision_law import ProvisionLaw, require_in_force
from jukinet.domain.provision_users import ProvisionUser, UserKind


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """Whether an item is given on the day. Without a term nothing ever gives it: denied by default."""

    item: ProvisionItem
    is_given: bool
    #: The term that gives it, else the next one, else the last.
    term: ItemTerm | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What may be given for an affair on a day."""

    affair: ListedAffair
    day: date
    ground: str
    #: Why nothing is given, if so.
    refusal: JukinetError | None
    items: tuple[ItemExplanation, ...]

    @property
    def is_granted(self) -> bool:
        """Return whether anything may be given."""
        return self.refusal is None


def explain_affair(affair: ListedAffair, day: date, refusal: JukinetError | None = None) -> Explanation:
    """Return what an affair gives on a day, to whom it is listed for."""
    if refusal is None:
        try:
            require_in_force(affair, day)
        except JukinetError as error:
            refusal = error
    items = tuple(_explain_item(affair, item, day, is_open=refusal is None) for item in ProvisionItem)
    return Explanation(affair, day, affair.ground_on(day), refusal, items)


def explain_grant(law: ProvisionLaw, *, user: ProvisionUser, affair: str, day: date) -> Explanation:
    """Return what `user` may be given for `affair` on `day`.

    Raises:
        AffairNotListedError: there is no such affair at all.
    """
    listed = law.find_affair(affair)
    try:
        law.find_grant(user=user, affair=affair, day=day)
    except JukinetError as error:
        return explain_affair(listed, day, error)
    return explain_affair(listed, day)


def _explain_item(affair: ListedAffair, item: ProvisionItem, day: date, *, is_open: bool) -> ItemExplanation:
    terms = sorted((term for term in affair.item_terms if term.item is item), key=lambda term: term.begins_on)
    current = next((term for term in terms if term.is_in_force(day)), None)
    if current is not None:
        return ItemExplanation(item, is_open, current)
    following = next((term for term in terms if term.begins_on > day), None)
    return ItemExplanation(item, False, following or (terms[-1] if terms else None))


class Turn(Enum):
    """What happens on a day."""

    AFFAIR_BEGINS = "affair_begins"
    AFFAIR_ENDS = "affair_ends"
    ITEM_BEGINS = "item_begins"
    ITEM_ENDS = "item_ends"


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """What changes on a day, for which affairs, and what makes it. Of an end, the day is the first without."""

    day: date
    turn: Turn
    item: ProvisionItem | None
    confidence: Confidence
    source: str
    affairs: tuple[str, ...]


def list_turning_points(law: ProvisionLaw) -> tuple[TurningPoint, ...]:
    """Return every day on which the law changes, oldest first, with the affairs it changes for."""
    gathered: dict[tuple[date, Turn, ProvisionItem | None, Confidence, str], list[str]] = {}
    for affair in law.affairs:
        for key in _turns_of(affair):
            gathered.setdefault(key, []).append(affair.id)
    return tuple(
        TurningPoint(*key, tuple(affairs))
        for key, affairs in sorted(gathered.items(), key=lambda entry: (entry[0][0], entry[0][1].value, entry[0][4]))
    )


def _turns_of(affair: ListedAffair) -> Iterable[tuple[date, Turn, ProvisionItem | None, Confidence, str]]:
    begins, ends = affair.begins_on, affair.ends_on
    yield (begins.day, Turn.AFFAIR_BEGINS, None, begins.confidence, begins.source)
    if ends is not None:
        yield (ends.day + timedelta(days=1), Turn.AFFAIR_ENDS, None, ends.confidence, ends.source)
    for term in affair.item_terms:
        is_open = ends is None or term.begins_on <= ends.day
        # What an affair gives from its beginning is no change of its own.
        if term.begins_on > begins.day and is_open:
            yield (term.begins_on, Turn.ITEM_BEGINS, term.item, term.confidence, term.source)
        if term.ends_on is not None and begins.day <= term.ends_on and (ends is None or term.ends_on < ends.day):
            yield (term.ends_on + timedelta(days=1), Turn.ITEM_ENDS, term.item, term.confidence, term.source)


def search_affairs(law: ProvisionLaw, text: str, *, user: UserKind | None = None) -> Sequence[ListedAffair]:
    """Return the affairs whose id, organ, law or text holds every word of `text`; all of them for no words."""
    words = text.split()
    return [
        affair
        for affair in law.affairs
        if (user is None or affair.channel.user is user) and all(_holds(affair, word) for word in words)
    ]


def _holds(affair: ListedAffair, word: str) -> bool:
    row = affair.row.affair if affair.row is not None else ""
    ordinance = affair.ordinance.number if affair.ordinance is not None else ""
    return affair.id == word or any(word in part for part in (*affair.organs, affair.law, affair.text, row, ordinance))
