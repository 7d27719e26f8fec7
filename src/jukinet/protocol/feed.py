"""The change feed (変更の継続提供): an agency follows people it lawfully serves and is told of their changes, in order.

Every event of an organ has a number of its own sequence, one more than the event before it; the events of a change are
written in the transaction that applies the change. Whoever has read up to a number reads on from there, as often as
needed: the same number is the same event. What the law does not allow any more, or nobody follows any more, is not
given; `scanned` then lies beyond the last event of a page.

M15, what makes certificates void (異動等情報), goes the same way to the certification linkage server.

Source: Act (–2015) art. 30-7(3), 30-11(9); Act (2015–) art. 30-9.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from jukinet.protocol.batch import BatchId
from jukinet.protocol.confirmation import ConfirmedPerson
from jukinet.protocol.envelope import UUID_7

#: So many events a page has at most, and so many people one message adds.
MOST_EVENTS: Final = 1_000
MOST_PEOPLE: Final = 1_000

SubscriptionId = Annotated[str, msgspec.Meta(pattern=UUID_7)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Sequence = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
_Text = Annotated[str, msgspec.Meta(max_length=200)]
_Items = Annotated[tuple[str, ...], msgspec.Meta(max_length=7)]
_Kinds = Annotated[tuple[str, ...], msgspec.Meta(max_length=16)]


class FollowedPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Somebody to follow, by resident record code or by Individual Number: exactly one of the two."""

    #: 整理番号: how the organ itself names the person. Its events say it.
    reference: Reference
    resident_record_code: str | None = None
    individual_number: str | None = None

    def __repr__(self) -> str:
        return "FollowedPerson(***)"


class FeedSubscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Follow people on one ground until a day. Said again: adds people, or renews until a later day."""

    #: Chosen by the organ, once for each subscription.
    subscription_id: SubscriptionId
    people: Annotated[tuple[FollowedPerson, ...], msgspec.Meta(max_length=MOST_PEOPLE)]
    affair: _Text
    purpose: _Text
    matter_number: _Text
    official: _Text
    office: _Text = ""
    #: Values of `ProvisionItem`. None: all the affair allows except the two numbers.
    items: _Items | None = None
    #: Values of `FeedKind`. None: every kind.
    kinds: _Kinds = ()
    #: The last day, YYYY-MM-DD.
    expires_on: _Text

    def __repr__(self) -> str:
        return "FeedSubscribe(***)"


class FollowResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of one person: `following` or `not_found`."""

    reference: str
    result: str


class FeedSubscribed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The subscription stands. Of every later change of these people there is an event beyond `newest`."""

    subscription_id: str
    items: tuple[str, ...]
    expires_on: str
    newest: int
    people: tuple[FollowResult, ...] = ()
    #: Of a batch file: how many of its lines are followed by now, and whether that is all.
    lines: int = 0
    is_complete: bool = True


class FeedFollowBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Follow everybody a batch file found, on the ground of that file. Said again: tells how far it is, or renews."""

    subscription_id: SubscriptionId
    batch_id: BatchId
    items: _Items | None = None
    kinds: _Kinds = ()
    expires_on: _Text


class FeedUnfollow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Stop following: these people of a subscription, or all of it. Its events are not given any more."""

    subscription_id: SubscriptionId
    references: Annotated[tuple[Reference, ...], msgspec.Meta(max_length=MOST_PEOPLE)] | None = None

    def __repr__(self) -> str:
        return "FeedUnfollow(***)"


class FeedUnfollowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many people are not followed any more."""

    subscription_id: str
    people: int
    is_ended: bool


class FeedRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Read the events after a number of the sequence: from any point that is kept, as often as needed."""

    after: Sequence
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_EVENTS)] = MOST_EVENTS


class FeedEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One change of one person, as one subscription is told of it."""

    sequence: int
    #: The same however often it is read.
    event_id: str
    #: Empty on the certification linkage line, where everybody is followed.
    subscription_id: str = ""
    reference: str = ""
    #: A value of `FeedKind`.
    kind: str
    #: When the national node applied the change.
    recorded_at: str
    #: Which items changed: those given here.
    items: tuple[str, ...]
    #: They, as they stand after the change.
    person: ConfirmedPerson
    #: Of a number that changed and is given: the one before it, so that the organ maps the one to the other.
    previous_individual_number: str | None = None
    previous_resident_record_code: str | None = None
    #: Where the use log has that it was given: which entry, and which place in it. The agency node writes it down.
    use_log_id: str = ""
    place: int = 0

    def __repr__(self) -> str:
        return f"FeedEvent(sequence={self.sequence}, ***)"


class FeedPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Events in order. The use log holds every one of them before they leave (I4)."""

    events: tuple[FeedEvent, ...]
    #: Id of the entries of this page on the use log: the message id of the reading. Their places are those of the page.
    use_log_id: str = ""
    #: Read on from here. Beyond the last event of the page where later ones are not given any more.
    scanned: int
    #: The greatest number there is.
    newest: int
    #: Up to this number the events are deleted: whoever has read less has missed some.
    deleted: int = 0

    def __repr__(self) -> str:
        return f"FeedPage(scanned={self.scanned}, newest={self.newest}, ***)"
