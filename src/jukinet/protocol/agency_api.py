"""What an organ's own systems say to their agency node, and hear of it: the bodies of its JSON API (`/v1/…`).

Closed forms: an unknown field is refused. Personal data stands in bodies alone, never in an address or a header.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from jukinet.protocol.confirmation import Agreements, ConfirmedPerson, StatedItems
from jukinet.protocol.doubts import DoubtedItem, DoubtEvidenceName, DoubtReasonName

#: What a request states about itself has characters that can be shown, and at least one.
_SHOWN = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"

Affair: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]*$",
        max_length=100,
        description="事務: an affair as `/v1/affairs` lists it.",
        examples=["1-74-2"],
    ),
]
_Purpose: TypeAlias = Annotated[
    str,
    Meta(
        pattern=_SHOWN,
        max_length=200,
        description="利用事由: why this person is looked up, in words the person will read.",
        examples=["年金の受給者が存命か確かめるため"],
    ),
]
_MatterNumber: TypeAlias = Annotated[
    str,
    Meta(
        pattern=_SHOWN,
        max_length=200,
        description="依頼管理番号: the organ's own number of the matter.",
        examples=["2026-000123"],
    ),
]
_Official: TypeAlias = Annotated[
    str,
    Meta(
        pattern=_SHOWN,
        max_length=200,
        description="The official who asks, as the organ identifies him or her.",
        examples=["a1234"],
    ),
]
_Office: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f-\x9f]*$",
        max_length=200,
        description="The office (課・事務所) of the official; needed where the organ registered its offices.",
        examples=["支給課"],
    ),
]
Code: TypeAlias = Annotated[
    str, Meta(pattern="^[0-9]{11}$", description="住民票コード, 11 digits.", examples=["90000000018"])
]
Number: TypeAlias = Annotated[
    str, Meta(pattern="^[0-9]{12}$", description="個人番号, 12 digits.", examples=["900000000010"])
]
Item: TypeAlias = Literal["name", "birth_date", "sex", "address", "individual_number", "resident_record_code", "change"]
_Items: TypeAlias = Annotated[
    tuple[Item, ...],
    Meta(
        min_length=1,
        max_length=7,
        description="Which items are asked for: as few as the matter needs.",
        examples=[["name", "change"]],
    ),
]


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What every request states, and what stands on the log the person can read."""

    affair: Affair
    purpose: _Purpose
    matter_number: _MatterNumber
    official: _Official
    office: _Office = ""

    def __repr__(self) -> str:
        return "Ground(***)"


class ConfirmationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask for one person by exactly one of resident record code and Individual Number."""

    ground: Ground
    items: _Items
    resident_record_code: Code | None = None
    individual_number: Number | None = None

    def __repr__(self) -> str:
        return "ConfirmationRequest(***)"


class VerificationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """State what is held of a person (照合): answered is which of it agrees, and no item is given."""

    ground: Ground
    stated: StatedItems
    resident_record_code: Code | None = None
    individual_number: Number | None = None

    def __repr__(self) -> str:
        return "VerificationRequest(***)"


class SearchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Ask for one person by at least two of name (kanji or kana), birth date and address."""

    ground: Ground
    stated: StatedItems
    #: Absent: only whether somebody agrees is answered (照合), and no item is given.
    items: _Items | None = None
    #: Whether the kana stated is only how the name begins.
    is_kana_prefix: bool = False

    def __repr__(self) -> str:
        return "SearchRequest(***)"


class PersonAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What the national node answered. It stood on the use log before it left."""

    result: Literal["found", "not_found", "several", "too_many"]
    #: Id of the entry on the use log.
    use_log_id: str
    person: ConfirmedPerson | None = None
    #: The items given, or compared.
    items: tuple[Item, ...] = ()
    #: How the record stands: told with the item `change`, and always where it is `stopped`.
    state: Literal["live", "dead", "moved_out", "removed_ex_officio", "stopped", "protected"] | None = None
    agreements: Agreements | None = None
    #: Of `several` and `too_many`: which further items to state, best first.
    refine: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"PersonAnswer({self.result}, ***)"


class AffairEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An affair this organ may ask for today."""

    affair: Affair
    #: The affair in the words of the ordinance.
    text: str
    law: str
    #: 提供の根拠: with the article in force today.
    ground: str
    items: tuple[Item, ...]
    #: The offices that may ask for it. Empty: any office may be stated.
    offices: tuple[str, ...]


class AffairList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What this organ may ask for today, by the law in force."""

    organ: str
    #: The day it holds for, YYYY-MM-DD.
    day: str
    affairs: tuple[AffairEntry, ...]


class DoubtRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Report that something that was given cannot be right (疑義の通報). The municipality looks into it and answers."""

    #: The use: `use_log_id` of the answer that is doubted, or the id of the batch file.
    use_log_id: Annotated[
        str,
        Meta(pattern="^[0-9A-Za-z-]{1,64}$", description="`use_log_id` of the answer, or the id of the batch file."),
    ]
    #: Of a batch file: the number of the line.
    line: Annotated[int, Meta(ge=0, le=2_000_000_000)] = 0
    reason: DoubtReasonName
    evidence: DoubtEvidenceName
    #: With `differs`, and only then: which of the items given differ.
    items: Annotated[tuple[DoubtedItem, ...], Meta(max_length=4)] = ()
    #: What the organ holds to be right, of these items.
    stated: StatedItems | None = None
    matter_number: _MatterNumber
    official: _Official
    office: _Office = ""
    #: Where the office is reached; the clerk of the municipality sees it.
    contact: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f]*$", max_length=100)] = ""

    def __repr__(self) -> str:
        return "DoubtRequest(***)"


class DoubtReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The report is kept and on its way."""

    report_number: str


class DoubtEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How far one report is."""

    report_number: str
    #: When it was reported, ISO 8601.
    reported_at: str
    use_log_id: str
    line: int = 0
    reason: DoubtReasonName
    items: tuple[DoubtedItem, ...] = ()
    matter_number: str
    state: Literal["reported", "referred", "under_investigation", "corrected", "record_is_right", "not_held", "refused"]
    answered_on: str | None = None
    #: By when the municipality answers, while it has not.
    due_on: str | None = None
    #: Of `refused`: the stable code.
    code: str | None = None


class DoubtList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The reports of this organ, the newest 1,000."""

    reports: tuple[DoubtEntry, ...]


class Health(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether the agency node can do its work."""

    status: Literal["ok", "degraded"]
    database: Literal["ok", "unavailable"]
    #: Whether the list of revoked certificates is fresh: without it nothing is sent.
    revocation_list: Literal["ok", "stale"]


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was refused (RFC 9457). Never a value of the request, never a person's data."""

    #: `urn:jukinet:problem:` and the code.
    type: str
    #: What kind of refusal it is, in English.
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    #: What is the matter this time, in English.
    detail: str
    #: The stable code; docs/error-codes.md lists them all.
    code: str
    #: The rule that is in the way: of the law, or of the form.
    rule: str
    #: What is the matter, in Japanese.
    sentence_ja: str
    #: What to do next, in Japanese.
    advice_ja: str
    #: The id of this request, also in the header `X-Request-Id`.
    request_id: str
    #: The field that is in the way, as a path such as `ground.affair`.
    field: str | None = None
    #: How long to wait before the request may succeed, also in the header `Retry-After`.
    retry_after_seconds: int | None = None
