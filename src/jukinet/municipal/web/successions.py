"""Proposing how those who stay are related to their new householder (続柄の提案), for the clerk to confirm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import InvalidValueError
from jukinet.domain.identification import Sex
from jukinet.domain.relationship_proposals import Member, Proposal, propose_relationships
from jukinet.domain.resident_record import ResidentRecord
from jukinet.municipal.web.cases import Asking, Case, people_choices
from jukinet.municipal.web.people import relationship_field
from jukinet.operator_web.fields import Field, FieldKind, ShownWhen

#: For whom relationships were proposed last: carried, so that what the clerk typed over is not proposed again.
_PROPOSED: Final = "proposed_for"


def succession_fields(case: Case, candidates: Sequence[ResidentRecord], *, shown_when: ShownWhen) -> list[Field]:
    """Return who becomes householder of those who stay, and how each is related to that person, with proposals."""
    if len(candidates) <= 1:
        return []
    ask, words = Asking(case, "people"), case.words
    proposals = _proposals(case)
    fields = [
        ask(
            "householder",
            FieldKind.SELECT,
            is_needed=False,
            choices=people_choices(candidates, words),
            shown_when=shown_when,
            begins=words("people.succession"),
        ),
        ask(_PROPOSED, FieldKind.CARRIED, label=words("people.householder"), is_needed=False),
    ]
    for one in candidates:
        found = proposals.get(one.resident_number)
        hint = words("people.relationship_now", relationship=one.relationship)
        fields.append(
            relationship_field(
                ask,
                f"relationship-{one.resident_number}",
                is_needed=False,
                label=words("people.relationship_of", name=one.name),
                hint=hint if found is None else _hint(case, one, found),
                shown_when=shown_when,
            )
        )
    return fields


def propose(case: Case, staying: Sequence[ResidentRecord]) -> dict[str, str]:
    """Return what to put into the form: relationships to the householder chosen, where none was proposed for yet.

    Nothing where those who stay keep their householder, or nobody is chosen.
    """
    chosen = case.form.text("householder")
    if len(staying) <= 1 or any(one.is_householder for one in staying):
        return {}
    if not chosen or chosen == case.form.text(_PROPOSED):
        return {}
    proposals = _proposals(case, chosen)
    typed = {f"relationship-{one.resident_number}": one for one in staying}
    found = {
        name: proposals[one.resident_number].text
        for name, one in typed.items()
        if one.resident_number in proposals and str(one.resident_number) != chosen and not case.form.text(name)
    }
    return {**found, _PROPOSED: chosen} if found else {}


def _proposals(case: Case, chosen: str | None = None) -> dict[int, Proposal]:
    householder = chosen if chosen is not None else case.form.text(_PROPOSED)
    if not householder:
        return {}
    try:
        return propose_relationships([_member(one) for one in case.household], householder=int(householder))
    except (InvalidValueError, ValueError):
        return {}


def _member(record: ResidentRecord) -> Member:
    return Member(
        resident_number=record.resident_number,
        relationship=record.relationship,
        sex=Sex(record.sex),
        birth_date=CivilDate.from_wire(record.birth_date, may_be_irregular=True),
    )


def _hint(case: Case, one: ResidentRecord, found: Proposal) -> str:
    key = "people.proposed_certain" if found.is_certain else "people.proposed"
    others: Collection[str] = found.alternatives
    hint = case.words(key, relationship=one.relationship, proposal=found.text)
    return hint + (case.words("people.proposed_or", others="、".join(others)) if others else "")
