"""The block of every form that says who notifies, how the clerk made sure of it, and which documents were seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.notifications import IdentityCheck, Notification, Notifier, SeenDocument
from jukinet.domain.procedure_table import ROWS
from jukinet.municipal.web.cases import Asking, Case, NotificationBlock
from jukinet.operator_web.fields import Choice, Field, FieldKind, shown_when
from jukinet.operator_web.language import Language, Words

#: Who may be chosen, by the kind of the block.
_NOTIFIERS: Final[Mapping[str, Sequence[Notifier]]] = {
    "notify": [one for one in Notifier if one.is_at_counter],
    "request": [one for one in Notifier if one.is_at_counter],
    "report": [Notifier.FAMILY_REGISTER_REPORTER, Notifier.AUTHORITY],
    "decide": [Notifier.EX_OFFICIO, Notifier.OFFICIAL, Notifier.AUTHORITY],
    "either": [
        *(one for one in Notifier if one.is_at_counter),
        Notifier.EX_OFFICIO,
        Notifier.OFFICIAL,
        Notifier.AUTHORITY,
    ],
}
_AT_COUNTER: Final = tuple(one.tag for one in Notifier if one.is_at_counter)
_FOR_ANOTHER: Final = tuple(one.tag for one in Notifier if one.acts_for_another)
_NOT_ONESELF: Final = tuple(one.tag for one in Notifier if one.is_at_counter and one is not Notifier.SELF)
_PROOFS: Final = (
    SeenDocument.POWER_OF_ATTORNEY,
    SeenDocument.PROOF_OF_REPRESENTATION,
    SeenDocument.FAMILY_REGISTER,
    SeenDocument.OTHER_PROOF_OF_AUTHORITY,
)
#: Its fields by the names the domain's errors give them.
FIELDS_OF_ERRORS: Final = {
    "notified_on": "notified_on",
    "notifier": "notifier",
    "notifier_name": "notifier_name",
    "identity_check": "identity_check",
    "documents": "documents",
    "statement": "statement",
}


def notification_fields(case: Case, block: NotificationBlock, kind: str = "") -> list[Field]:
    """Return the fields of the block, for the procedure of this kind."""
    ask = Asking(case, block.kind)
    words, at_counter = case.words, block.kind in {"notify", "request", "either"}
    fields = [ask("notified_on", FieldKind.DAY, begins=words(f"{block.kind}.heading"))]
    notifiers = _choices(_notifiers(block, kind), "notifier", words)
    ask = Asking(case, "notify")
    # What is done ex officio nobody notified.
    label = words("decide.notifier" if block.kind == "decide" else "notify.notifier")
    fields.append(ask("notifier", FieldKind.CHOICE, choices=notifiers, label=label))
    if at_counter:
        checks = [one for one in IdentityCheck if one is not IdentityCheck.NOT_REQUIRED]
        fields += [
            ask("notifier_name", shown_when=shown_when("notifier", *_NOT_ONESELF)),
            ask(
                "identity_check",
                FieldKind.CHOICE,
                choices=_choices(checks, "identity_check", words),
                shown_when=shown_when("notifier", *_AT_COUNTER) if block.kind == "either" else None,
            ),
            ask(
                "proofs",
                FieldKind.CHOICES,
                is_needed=False,
                choices=_choices(_PROOFS, "document", words),
                shown_when=shown_when("notifier", *_FOR_ANOTHER),
            ),
        ]
    if block.documents:
        documents = _choices(block.documents, "document", words)
        fields.append(ask("documents", FieldKind.CHOICES, is_needed=False, choices=documents))
    if at_counter:
        fields.append(ask("statement", FieldKind.LONG_TEXT, is_needed=False))
    return fields


def _notifiers(block: NotificationBlock, kind: str) -> list[Notifier]:
    """Return who may be chosen: of the kind of block, those who may carry out the procedure, where it is one."""
    row = ROWS.get(kind)
    return [one for one in _NOTIFIERS[block.kind] if row is None or one in row.notifiers]


def notification_prefill(case: Case, block: NotificationBlock, kind: str = "") -> dict[str, str]:
    """Return what stands in the block when a form is opened."""
    notifier = _notifiers(block, kind)[0]
    return {"notified_on": today_typed(case), "notifier": notifier.tag}


def read_notification(values: Mapping[str, Any]) -> Notification:
    """Return the notification that the values of the block say.

    Raises:
        MissingItemError, MalformedNameError, CharacterOutsideRepertoireError: an item is not one.
    """
    notifier = _of_tag(Notifier, values["notifier"])
    check = values.get("identity_check")
    chosen = (*(values.get("documents") or ()), *(values.get("proofs") or ()))
    return Notification(
        notified_on=values["notified_on"],
        notifier=notifier,
        identity_check=IdentityCheck.NOT_REQUIRED if check is None else _of_tag(IdentityCheck, check),
        documents=frozenset(_of_tag(SeenDocument, tag) for tag in chosen),
        statement=values.get("statement") or None,
        notifier_name=values.get("notifier_name") or None,
    )


def error_fields(block: NotificationBlock) -> dict[str, str]:
    """Return which field stands for which item of an error: without documents to choose, the proofs do."""
    return {**FIELDS_OF_ERRORS, "documents": "documents" if block.documents else "proofs"}


def today_typed(case: Case) -> str:
    """Return today as it is typed: in the Japanese calendar, or as 2026-11-01."""
    today = CivilDate.of(case.today)
    return today.wire if case.visit.language is Language.ENGLISH else today.wareki()


def _choices(members: Iterable[Any], kind: str, words: Words) -> list[Choice]:
    return [
        Choice(one.tag, words(f"{kind}.{one.tag}") if words.has(f"{kind}.{one.tag}") else one.label) for one in members
    ]


def _of_tag(kind: type[Enum], tag: str) -> Any:  # noqa: ANN401 - a member of `kind`
    return next(one for one in kind if one.value[0] == tag)
