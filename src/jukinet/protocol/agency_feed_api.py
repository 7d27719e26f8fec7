"""The change feed as an organ's own systems read it at their agency node: bodies of its JSON API (`/v1/feed/…`)."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from jukinet.protocol.agency_api import Code, Ground, Item, Number
from jukinet.protocol.feed import FeedEvent, Reference

#: So many people one request follows; there may be any number of requests.
MOST_PEOPLE_OF_A_REQUEST = 100
#: So many events one answer has.
MOST_EVENTS_OF_AN_ANSWER = 1_000

_Id = Annotated[
    str,
    Meta(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        description="A UUIDv7.",
        examples=["0193f3a0-0000-7000-8000-000000000001"],
    ),
]
_Items = Annotated[tuple[Item, ...], Meta(min_length=1, max_length=7, description="As few as the matter needs.")]
_Kinds = Annotated[
    tuple[str, ...], Meta(max_length=8, description="Kinds of events (変更の種別). Absent: all.", examples=[["death"]])
]
_Day = Annotated[str, Meta(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description="The last day, at most 366 days away.")]
_References = Annotated[tuple[Reference, ...], Meta(min_length=1, max_length=MOST_PEOPLE_OF_A_REQUEST)]


class PersonToFollow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Somebody to follow, by exactly one of resident record code and Individual Number."""

    #: 整理番号: how your system names the person. Its events say it; make it of no personal data.
    reference: Reference
    resident_record_code: Code | None = None
    individual_number: Number | None = None

    def __repr__(self) -> str:
        return "PersonToFollow(***)"


class SubscriptionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Follow people until a day. `subscription_id` is a UUIDv7 your system chose, once for each subscription."""

    subscription_id: _Id
    ground: Ground
    people: Annotated[tuple[PersonToFollow, ...], Meta(min_length=1, max_length=MOST_PEOPLE_OF_A_REQUEST)]
    items: _Items
    kinds: _Kinds = ()
    expires_on: _Day

    def __repr__(self) -> str:
        return "SubscriptionRequest(***)"


class BatchSubscriptionRequest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Follow everybody a batch file found, on the ground of that file."""

    subscription_id: _Id
    batch_id: _Id
    items: _Items
    kinds: _Kinds = ()
    expires_on: _Day


class UnfollowRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Stop following: these people, or without `references` the whole subscription."""

    subscription_id: _Id
    #: The official who decides it.
    official: Annotated[str, Meta(min_length=1, max_length=200)]
    references: _References | None = None

    def __repr__(self) -> str:
        return "UnfollowRequest(***)"


class Unfollowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many people are not followed any more."""

    subscription_id: str
    people: int
    is_ended: bool


class SubscriptionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A subscription of this organ."""

    subscription_id: str
    affair: str
    matter_number: str
    official: str
    office: str
    items: tuple[Item, ...]
    expires_on: str
    people: int
    is_ended: bool
    is_complete: bool
    batch_id: str | None = None


class SubscriptionList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The subscriptions of this organ, the newest first."""

    subscriptions: tuple[SubscriptionEntry, ...]


class EventsAfter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From where to read, and how much."""

    after: Annotated[int, Meta(ge=0, le=2**53, description="The number read last; 0 for the first.")] = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_EVENTS_OF_AN_ANSWER)] = MOST_EVENTS_OF_AN_ANSWER


class EventList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Events in order. Read on after the last one; none means that there is no more for now."""

    events: tuple[FeedEvent, ...]

    def __repr__(self) -> str:
        return f"EventList({len(self.events)} events)"


class FeedState(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How far this agency node has read the change feed."""

    #: The greatest number that is here.
    newest: int
    #: So many the national node has that are not here yet.
    behind: int
    #: Up to this number the events are not kept any more: reading before it is refused.
    deleted: int
    #: Where this node missed events, because it was away for longer than they are kept.
    missed_after: int | None = None
    missed_until: int | None = None
    read_at: str | None = None
