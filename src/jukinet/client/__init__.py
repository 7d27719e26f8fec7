"""The client of an organ's own system (業務システム): confirm, verify and search persons through the agency node.

    async with AgencyClient(Connection(...)) as client:
        answer = await client.confirm(ground, items=["name", "change"], resident_record_code=code)

It carries nothing of a node: only the bodies of the API, and the line. docs/client.md is its guide.
"""

from jukinet.client.agency import AgencyClient, Outcome, Request
from jukinet.client.blocking import BlockingAgencyClient
from jukinet.client.connection import Connection
from jukinet.client.errors import AgencyApiError, RateLimitedError, RefusedError, UnavailableError
from jukinet.client.feed import FeedClient
from jukinet.protocol.agency_api import (
    AffairEntry,
    AffairList,
    ConfirmationRequest,
    DoubtEntry,
    DoubtList,
    DoubtReceipt,
    DoubtRequest,
    Ground,
    Health,
    PersonAnswer,
    SearchRequest,
    VerificationRequest,
)
from jukinet.protocol.agency_feed_api import FeedState, PersonToFollow, SubscriptionList, Unfollowed
from jukinet.protocol.confirmation import Agreements, ConfirmedPerson, StatedItems
from jukinet.protocol.feed import FeedEvent, FeedSubscribed

__all__ = [
    "AffairEntry",
    "AffairList",
    "AgencyApiError",
    "AgencyClient",
    "Agreements",
    "BlockingAgencyClient",
    "ConfirmationRequest",
    "ConfirmedPerson",
    "Connection",
    "DoubtEntry",
    "DoubtList",
    "DoubtReceipt",
    "DoubtRequest",
    "FeedClient",
    "FeedEvent",
    "FeedState",
    "FeedSubscribed",
    "Ground",
    "Health",
    "Outcome",
    "PersonAnswer",
    "PersonToFollow",
    "RateLimitedError",
    "RefusedError",
    "Request",
    "SearchRequest",
    "StatedItems",
    "SubscriptionList",
    "UnavailableError",
    "Unfollowed",
    "VerificationRequest",
]
