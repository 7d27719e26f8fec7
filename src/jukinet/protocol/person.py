"""What a counter says to the nation for a resident: the use log, and the enrolment at the resident's page.

The counter makes sure who the person is; the nation has the use log, and keeps who may sign in to it (docs/adr/0013).
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class UseLogRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for the uses of one resident's information, whom the counter has identified (提供状況の開示)."""

    #: 住民票コード, 11 digits: of a resident of the municipality that asks.
    resident_record_code: str
    #: The number of the request at the counter.
    matter_number: str
    #: The operator who took the request.
    operator: str
    #: Whether the proof file is asked for too.
    with_proof: bool = False

    def __repr__(self) -> str:
        return "UseLogRequest(***)"


class DisclosedUse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One use, in plain Japanese. The official who asked is not named."""

    #: Its number in the sealed log; None for the first seconds.
    ordinal: int | None
    used_at: datetime
    organ: str
    office: str | None
    method: str
    #: The number of the affair, and its text.
    affair: str
    affair_text: str
    purpose: str
    matter_number: str
    items: str
    ground: str
    is_found: bool

    def __repr__(self) -> str:
        return "DisclosedUse(***)"


class UseLogAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The uses, newest first. That they were asked for is on the log before they leave (I4)."""

    #: Id of the use-log entry: the request's message id.
    use_log_id: str
    #: How many there are; the newest are listed.
    total: int
    uses: tuple[DisclosedUse, ...] = ()
    #: 証明用ファイル, where it was asked for.
    proof: bytes | None = None
    proof_name: str | None = None

    def __repr__(self) -> str:
        return f"UseLogAnswer({self.total} uses)"


class ResidentEnrolment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enrol a resident at the resident's page (利用登録). The nation never sees the code on the letter."""

    resident_record_code: str
    #: 利用者番号, twelve digits: what the resident signs in with.
    account_number: str
    #: SHA-256 of the enrolment code, hexadecimal.
    code_hash: str
    #: The last day on which the code opens the account.
    valid_until: date
    matter_number: str
    operator: str

    def __repr__(self) -> str:
        return "ResidentEnrolment(***)"


class ResidentEnrolmentAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The enrolment is kept. An account the resident had before is closed by it."""

    closed_accounts: int
