"""Review (審査) of provisional entries (仮登録): nobody approves or returns what he or she submitted."""

from __future__ import annotations

from typing import Final

from jukinet.domain.errors import MissingItemError, NotPermittedError, SelfReviewError

#: The longest reason of a return, in characters.
REASON_MAX_LENGTH: Final = 500


def require_other_operator(*, submitted_by: str, reviewer: str) -> None:
    """Refuse a review by the operator who submitted the entry; raise SelfReviewError."""
    if submitted_by == reviewer:
        raise SelfReviewError(field="reviewer")


def require_own(*, submitted_by: str, operator_id: str) -> None:
    """Refuse to withdraw what another operator submitted; raise NotPermittedError."""
    if submitted_by != operator_id:
        raise NotPermittedError("Only who submitted an entry withdraws it.", field="operator_id")


def require_reason(reason: str) -> None:
    """Refuse a return that does not say what to mend; raise MissingItemError."""
    if not reason.strip() or len(reason) > REASON_MAX_LENGTH:
        message = f"A reason has 1 to {REASON_MAX_LENGTH} characters."
        raise MissingItemError(message, field="reason")
