"""What a procedure's screens are made of: the case at the counter, what the form asks, and the act that comes of it.

A procedure is one `ChangeScreen`: its fields, and a plan that makes an act of their values. The form, the check of a
single field while it is typed, the page that shows what will be sent to whom, the draft, the lock, the one recording
and the page afterwards are the same for all (`changing.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from jukinet.domain.clock import civil_day
from jukinet.domain.errors import ResidentNotFoundError
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.record_steps import RecordStep
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.usecases.recording import Act
from jukinet.municipal.web.desk import Desk, Item
from jukinet.municipal.web.resident import Viewed
from jukinet.operator_web.fields import Choice, Field, FieldKind, ShownWhen
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Words
from jukinet.operator_web.naming import day_text
from jukinet.operator_web.screens import Visit

_DATES: Final = frozenset({FieldKind.DAY, FieldKind.EXACT_DATE, FieldKind.CIVIL_DATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One form in the hands of one operator."""

    desk: Desk
    visit: Visit
    #: The resident from whose page the form was opened; None for a procedure that begins with nobody.
    viewed: Viewed | None
    form: Form = field(repr=False)
    #: What the fields say, by name; filled before the plan is made.
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    #: What the block of the notification says; filled before the plan is made.
    noted: Notification | None = field(default=None, repr=False)

    @property
    def words(self) -> Words:
        """Return the texts."""
        return self.visit.words

    @property
    def today(self) -> date:
        """Return the day in Japan."""
        return civil_day(self.visit.now)

    @property
    def resident(self) -> ResidentRecord:
        """Return the record of the resident the form is about; raise ResidentNotFoundError where there is none."""
        if self.viewed is None:
            raise ResidentNotFoundError(field="resident_number")
        return self.viewed.current

    @property
    def household(self) -> list[ResidentRecord]:
        """Return the live members of the resident's household, the householder first."""
        return [] if self.viewed is None else [one for one in self.viewed.household if not one.is_removed]

    @property
    def others(self) -> list[ResidentRecord]:
        """Return the live members of the household but the resident."""
        return [one for one in self.household if one.resident_number != self.resident.resident_number]

    @property
    def is_hidden(self) -> bool:
        """Return whether where the household lives may not be shown (支援措置)."""
        return self.viewed is not None and self.viewed.is_hidden

    @property
    def notification(self) -> Notification:
        """Return what the block of the notification says. Only in `plan`, of a screen that has the block."""
        if self.noted is None:
            message = "this screen has no notification block"
            raise LookupError(message)
        return self.noted

    def count_of(self, repeat: Repeat) -> int:
        """Return how many times a part of the form is repeated."""
        text = self.form.text(repeat.count_name)
        return min(max(int(text), repeat.least), repeat.most) if text.isdecimal() else repeat.least

    def part(self, repeat: Repeat, number: int) -> dict[str, Any]:
        """Return the values of one repetition, from 1, by the names they have in it."""
        prefix = repeat.prefix(number)
        return {name.removeprefix(prefix): value for name, value in self.values.items() if name.startswith(prefix)}

    def without_part(self, repeat: Repeat, number: int) -> dict[str, str]:
        """Return what was typed without one repetition: those behind it move up."""
        count = self.count_of(repeat)
        kept = {repeat.count_name: str(max(count - 1, repeat.least))}
        for name, text in self.form.typed.items():
            found = repeat.number_in(name)
            if found is None:
                kept.setdefault(name, text)
            elif found != number:
                place = found - 1 if found > number else found
                kept[repeat.prefix(place) + name.removeprefix(repeat.prefix(found))] = text
        return kept

    def numbers_chosen(self, name: str) -> tuple[int, ...]:
        """Return the resident numbers that were ticked in a field of people."""
        return tuple(int(value) for value in self.values.get(name) or ())


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part of a form that stands there several times, such as one per newcomer."""

    name: str
    least: int = 1
    most: int = 10

    @property
    def count_name(self) -> str:
        """Return the field that says how many times."""
        return f"{self.name}_count"

    def prefix(self, number: int) -> str:
        """Return what the names of its fields begin with."""
        return f"{self.name}-{number}-"

    def number_in(self, name: str) -> int | None:
        """Return which repetition a field belongs to; None for a field of none."""
        number, dash, _ = name.removeprefix(f"{self.name}-").partition("-")
        is_of_part = name.startswith(f"{self.name}-") and bool(dash) and number.isdecimal()
        return int(number) if is_of_part else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message other than the notice to the prefecture that the act will send."""

    #: Name of the node, or what people call the receiver.
    receiver: str
    title: str
    items: Sequence[Item] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAct:
    """An act that could be recorded: what it does to whom, and how to record it."""

    #: As the planner of the domain gives them; records that get their numbers later have blanks.
    steps: Sequence[RecordStep] = field(repr=False)
    #: Records it, and returns the new version to show.
    record: Callable[[Act], Awaitable[ResidentRecord]]
    messages: Sequence[SentMessage] = field(default=(), repr=False)
    #: Texts on papers that are printed afterwards.
    papers: Sequence[str] = ()
    #: Sentences on what comes next by itself or has to be done later.
    outlook: Sequence[str] = field(default=(), repr=False)
    #: True where the operator typed the new place: then it is shown even of a protected household.
    shows_new_place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationBlock:
    """Who notifies, and what the clerk has to see: which choices the block offers."""

    #: Prefix of the texts of its heading and date: notify (届出), report (戸籍の届出), decide (職権),
    #: either (届出 or 職権) or request (請求・申出). Of its notifiers those are offered whom the law lets.
    kind: str = "notify"
    #: Documents of this procedure; proofs of authority are asked for by themselves.
    documents: Sequence[SeenDocument] = ()


#: A notification at the counter (届出).
AT_COUNTER: Final = NotificationBlock()


def is_live(record: ResidentRecord) -> bool:
    """Return whether the record is not removed: what most procedures need."""
    return not record.is_removed


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found that only others know: it is put into the form."""

    typed: Mapping[str, str] = field(repr=False)
    #: Whether the clerk has to answer something about it before going on.
    has_question: bool


async def _not_looked(case: Case) -> Looked | None:
    del case
    return None


async def _nothing(case: Case) -> Mapping[str, str]:
    del case
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeScreen:
    """One procedure, as its screens need it."""

    #: Prefix of its texts (`kind.title`, `kind.lead`, `kind.<field>`, `kind.<field>.hint`), and last part of its path.
    kind: str
    #: What the form asks for, in order, after what is typed so far (`case.form`).
    fields: Callable[[Case], Sequence[Field]]
    #: Makes the act of `case.values` and `case.notification`; raises the refusals of the domain.
    plan: Callable[[Case], Awaitable[PlannedAct]]
    notification: NotificationBlock | None = AT_COUNTER
    #: Looks for what only others know, once every field is read. It runs again at each look: keep what was found in a
    #: field of the kind CARRIED, and return None where nothing is new.
    find: Callable[[Case], Awaitable[Looked | None]] = _not_looked
    #: Reads one field into others, at the button of a field that is read at once; raises InvalidValueError.
    read: Callable[[Case], Mapping[str, str]] | None = None
    #: What stands in the form when it is opened.
    prefill: Callable[[Case], Awaitable[Mapping[str, str]]] = _nothing
    #: Fields by the names errors of the domain give them, where those differ.
    fields_of_errors: Mapping[str, str] = field(default_factory=dict)
    #: Whether it begins on a resident's page; otherwise it is `/procedures/<kind>`.
    begins_with_resident: bool = True
    #: Whether it can be done to this record: it is offered on the resident's page only then.
    applies_to: Callable[[ResidentRecord], bool] = is_live
    repeats: Sequence[Repeat] = ()
    #: Id of the text that says who the resident at the top is.
    who: str = "change.who"
    template: str = "municipal/change_form.html"
    #: Whether the button that records is red.
    is_final: bool = False
    #: Alt and this letter on the resident's page.
    key: str = ""

    @property
    def title(self) -> str:
        """Return the id of its title."""
        return f"{self.kind}.title"

    @property
    def path(self) -> str:
        """Return the path its screens are served under."""
        return f"/residents/{{resident_number:int}}/{self.kind}" if self.begins_with_resident else self.place(None)

    def place(self, resident_number: int | None) -> str:
        """Return the path of its form."""
        if resident_number is None:
            return f"/procedures/{self.kind}"
        return f"/residents/{resident_number}/{self.kind}"


@dataclass(frozen=True, slots=True)
class Asking:
    """Makes fields: label and hint are the texts `kind.name` and `kind.name.hint`."""

    case: Case
    kind: str
    #: What names begin with inside a repeated part.
    prefix: str = ""

    def __call__(
        self,
        name: str,
        kind: FieldKind = FieldKind.TEXT,
        *,
        shown_when: ShownWhen | None = None,
        **details: Any,  # noqa: ANN401 - any item of a field
    ) -> Field:
        """Return a field. Dates are short, explain how they are typed, and know today."""
        words = self.case.words
        hint = f"{self.kind}.{name}.hint"
        given: dict[str, Any] = {"hint": words(hint) if words.has(hint) else ""}
        if kind in _DATES:
            given |= {"is_short": True, "today": self.case.today, "hint": given["hint"] or words("field.date_hint")}
        given |= details
        label = given.pop("label", None) or words(f"{self.kind}.{name}")
        return Field(name=f"{self.prefix}{name}", label=label, kind=kind, shown_when=shown_when, **given)


def people_choices(records: Iterable[ResidentRecord], words: Words) -> list[Choice]:
    """Return people to choose from, each with relationship and birth date."""
    return [
        Choice(str(one.resident_number), one.name, f"（{one.relationship}、{born}）")
        for one in records
        for born in [day_text(one.birth_date, words.language, western=one.is_foreign)]
    ]
