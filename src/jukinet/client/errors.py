"""How a request through the API fails: refused for a reason that has a code, a field and a rule; or not answered."""

from __future__ import annotations

from typing import Final

from jukinet.protocol.agency_api import Problem


class AgencyApiError(Exception):
    """The request was not answered as it was meant."""


class RefusedError(AgencyApiError):
    """The request was refused, and would be refused again: correct what `field` and `rule` name."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        #: The whole of what was answered (RFC 9457).
        self.problem: Final = problem

    @property
    def code(self) -> str:
        """Return the stable code, such as `permission.item_not_granted`."""
        return self.problem.code

    @property
    def field(self) -> str | None:
        """Return the field that is in the way, such as `ground.affair`."""
        return self.problem.field

    @property
    def rule(self) -> str:
        """Return the rule of law or of the form that is in the way."""
        return self.problem.rule

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return self.problem.status

    @property
    def request_id(self) -> str:
        """Return the id of the request, to tell the operator of the node."""
        return self.problem.request_id


class RateLimitedError(RefusedError):
    """The organ asks more often than is agreed, and went on doing so after every pause."""

    @property
    def retry_after_seconds(self) -> int:
        """Return how long to wait."""
        return self.problem.retry_after_seconds or 1


class UnavailableError(AgencyApiError):
    """There is no answer after every attempt: whether the last one was logged is unknown.

    Whoever repeats the request with the same `key` within five minutes is answered the same, and logged once.
    """

    def __init__(self, message: str, *, key: str | None = None, problem: Problem | None = None) -> None:
        super().__init__(message)
        #: The idempotency key to repeat it under.
        self.key: Final = key
        self.problem: Final = problem
