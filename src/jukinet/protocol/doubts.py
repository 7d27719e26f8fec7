"""M16 and its answer: a report of doubt goes from an organ over the nation and the prefecture to the municipality.

A report names an entry of the use log, never a person; the nation finds whom it is about. What the organ holds to be
right travels with it, and nothing else about anybody. The answer says what became of it, and has no data in it: who
wants the corrected record asks for it, on the log.
Source: Act (–2015) art. 12-5, 30-11(5); Act (2015–) art. 12-5, 30-8.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from jukinet.protocol.confirmation import StatedItems
from jukinet.protocol.moving import NoticeNumber

DoubtReasonName: TypeAlias = Literal["differs", "deceased", "not_resident", "duplicate", "wrongly_removed"]
DoubtEvidenceName: TypeAlias = Literal["statement", "document", "returned_mail", "visit", "other_organ"]
DoubtedItem: TypeAlias = Literal["name", "birth_date", "sex", "address"]
#: Where the office is reached: a telephone number or an extension. It is printed on the clerk's screen.
Contact: TypeAlias = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
_Items: TypeAlias = Annotated[tuple[DoubtedItem, ...], msgspec.Meta(max_length=4)]
_UseLogId: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Place: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
_Office: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]


class DoubtReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An organ doubts what it was given (疑義の通報)."""

    #: The number of the report, on every node.
    notice_number: NoticeNumber
    #: The use the doubt is about: the id of its entry on the use log.
    use_log_id: _UseLogId
    #: Of a batch file: the line. Else 0.
    place: _Place = 0
    reason: DoubtReasonName
    evidence: DoubtEvidenceName
    #: Which items differ; none where the doubt is of another kind.
    items: _Items = ()
    #: What the organ holds to be right, of these items.
    stated: StatedItems | None = None
    office: _Office = ""
    contact: Contact = ""
    #: The day it was reported, CivilDate wire form.
    reported_on: str

    def __repr__(self) -> str:
        return "DoubtReport(***)"


class DoubtReferral(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """M16: the municipality that holds the record is told of the doubt (誤りの通報)."""

    notice_number: NoticeNumber
    report_number: NoticeNumber
    #: 住民票コード, 11 digits.
    resident_record_code: str
    #: 全国地方公共団体コード of the municipality, or of its ward.
    municipality: str
    #: The organ, as the Appended Tables name it; and its office.
    organ: str
    office: str = ""
    contact: str = ""
    reason: DoubtReasonName
    evidence: DoubtEvidenceName
    items: _Items = ()
    stated: StatedItems | None = None
    #: When the organ was given what it doubts.
    provided_at: Annotated[datetime, msgspec.Meta(tz=True)]
    reported_on: str
    #: The last day for an answer, CivilDate wire form.
    due_on: str

    def __repr__(self) -> str:
        return "DoubtReferral(***)"


class DoubtAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What the municipality answers (通報への回答)."""

    notice_number: NoticeNumber
    report_number: NoticeNumber
    #: 全国地方公共団体コード of the municipality that answers.
    municipality: str
    outcome: Literal["corrected", "record_is_right", "under_investigation", "not_held"]
    #: CivilDate wire form.
    answered_on: str
    #: Of an investigation: by which day it ends, CivilDate wire form.
    expected_on: str | None = None


class DoubtStatusQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask how far this organ's own reports are."""

    report_numbers: Annotated[tuple[NoticeNumber, ...], msgspec.Meta(max_length=500)] = ()


class DoubtStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How far one report is. Where the person lives now is an item of the record, and not told."""

    report_number: str
    #: A value of `DoubtState`.
    state: str
    #: The day of the answer, CivilDate wire form.
    answered_on: str | None = None
    #: By when something more is to come, CivilDate wire form.
    due_on: str | None = None
    #: Of a report that was refused: the stable code.
    error_code: str | None = None


class DoubtStatusAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The reports of this organ that are known, of those asked for."""

    reports: tuple[DoubtStatus, ...] = ()
