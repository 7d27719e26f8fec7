"""Parts of forms about several people: who goes too, who becomes householder, and how the others are related."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jukinet.domain.households import Succession
from jukinet.domain.names import require_relationship
from jukinet.domain.resident_record import HOUSEHOLDER, ResidentRecord
from jukinet.municipal.web.cases import Asking, Case, people_choices
from jukinet.municipal.web.desk import plain_name
from jukinet.operator_web.fields import Field, FieldKind, ShownWhen

#: Relationships that are written often: suggested while typing.
COMMON_RELATIONSHIPS: Final = (
    "世帯主",
    "夫",
    "妻",
    "子",
    "父",
    "母",
    "夫（未届）",
    "妻（未届）",
    "妻の子",
    "夫の子",
    "子の妻",
    "子の夫",
    "子の子",
    "父の父",
    "父の母",
    "兄",
    "弟",
    "姉",
    "妹",
    "縁故者",
    "同居人",
)


def read_relationship(text: str) -> str:
    """Return a relationship to the householder; raise MalformedNameError."""
    plain = plain_name(text)
    require_relationship(plain, field="relationship")
    return plain


def relationship_field(ask: Asking, name: str = "relationship", **details: Any) -> Field:  # noqa: ANN401 - any item of a field
    """Return the field of one person's relationship to the householder."""
    return ask(name, read=read_relationship, suggestions=COMMON_RELATIONSHIPS, is_short=True, **details)


def companion_field(case: Case, *, shown_when: ShownWhen | None = None, is_needed: bool = False) -> Field:
    """Return the field of those of the household who go too."""
    choices = people_choices(case.others, case.words)
    ask = Asking(case, "people")
    return ask("companions", FieldKind.CHOICES, is_needed=is_needed, choices=choices, shown_when=shown_when)


def succession_fields(
    case: Case, candidates: Sequence[ResidentRecord], *, shown_when: ShownWhen | None = None
) -> list[Field]:
    """Return who becomes householder of those who remain, and how each of them is related to that person.

    Nothing where no more than one candidate is left: that one is householder without a notification.
    """
    if len(candidates) <= 1:
        return []
    ask = Asking(case, "people")
    chosen = ask(
        "householder",
        FieldKind.CHOICE,
        is_needed=False,
        choices=people_choices(candidates, case.words),
        shown_when=shown_when,
        begins=case.words("people.succession"),
    )
    return [chosen, *relationship_fields(case, candidates, shown_when=shown_when)]


def relationship_fields(
    case: Case, people: Sequence[ResidentRecord], *, shown_when: ShownWhen | None = None
) -> list[Field]:
    """Return one field per person for the relationship to the householder; empty where it stays as it is."""
    ask = Asking(case, "people")
    return [
        relationship_field(
            ask,
            f"relationship-{one.resident_number}",
            is_needed=False,
            label=case.words("people.relationship_of", name=one.name),
            hint=case.words("people.relationship_now", relationship=one.relationship),
            shown_when=shown_when,
        )
        for one in people
    ]


def relationships_typed(case: Case) -> dict[int, str]:
    """Return the relationships that were typed, by resident number."""
    prefix = "relationship-"
    return {
        int(name.removeprefix(prefix)): value
        for name, value in case.values.items()
        if name.startswith(prefix) and value
    }


def read_succession(case: Case) -> Succession:
    """Return what the fields of the succession say."""
    chosen = case.values.get("householder")
    householder = int(chosen) if chosen else None
    relationships = relationships_typed(case)
    if householder is not None:
        relationships[householder] = HOUSEHOLDER
    return Succession(householder=householder, relationships=relationships)
