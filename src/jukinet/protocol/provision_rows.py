"""The rows of the message catalogue by which organs and local governments are given information, and doubt it."""

from __future__ import annotations

from typing import Final

from jukinet.protocol.batch import (
    BatchBegin,
    BatchCancel,
    BatchCommit,
    BatchPart,
    BatchPartAnswer,
    BatchResultPart,
    BatchResultQuery,
    BatchStatus,
    BatchStatusQuery,
)
from jukinet.protocol.confirmation import ConfirmationAnswer, ConfirmationQuery
from jukinet.protocol.doubts import DoubtAnswer, DoubtReferral, DoubtReport, DoubtStatusAnswer, DoubtStatusQuery
from jukinet.protocol.feed import (
    FeedFollowBatch,
    FeedPage,
    FeedRead,
    FeedSubscribe,
    FeedSubscribed,
    FeedUnfollow,
    FeedUnfollowed,
)
from jukinet.protocol.grants import GrantsAnswer, GrantsQuery
from jukinet.protocol.local_provision import LocalConfirmation, LocalGrantsQuery
from jukinet.protocol.message_types import Assurance, MessageType, Relation, to_the_nation
from jukinet.protocol.moving import NoticesAnswer
from jukinet.protocol.node_names import NodeKind
from jukinet.protocol.person_search import PersonSearchAnswer, PersonSearchQuery

_MEBIBYTE: Final = 1024 * 1024


def _of_doubt(  # noqa: PLR0917 - a row of the catalogue has all of these
    name: str, japanese: str, body: type, sender: NodeKind, receiver: NodeKind, relation: Relation = Relation.ANY
) -> MessageType:
    """Return a row of reports of doubt: notices that change what municipalities have to do, so they are signed."""
    return MessageType(
        name=name,
        japanese=japanese,
        body=tuple[body, ...],  # type: ignore[valid-type]  # a type that is known when the row is made
        answer=NoticesAnswer,
        senders=frozenset({sender}),
        receivers=frozenset({receiver}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
        relation=relation,
    )


def _of_local(name: str, japanese: str, body: type, answer: type, relation: Relation = Relation.ANY) -> MessageType:
    """Return a row of provision to local governments: to the own prefecture, or from a prefecture to the nation."""
    is_of_municipality = relation is _UP
    return MessageType(
        name=name,
        japanese=japanese,
        body=body,
        answer=answer,
        senders=frozenset({NodeKind.MUNICIPAL if is_of_municipality else NodeKind.PREFECTURAL}),
        receivers=frozenset({NodeKind.PREFECTURAL if is_of_municipality else NodeKind.NATIONAL}),
        assurance=Assurance.CHANNEL,
        maximum_bytes=8 * 1024,
        relation=relation,
    )


_UP: Final = Relation.OWN_PREFECTURE

PROVISION_ROWS: Final = (
    to_the_nation(
        "confirmation_query",
        "本人確認情報照会（即時提供）",
        ConfirmationQuery,
        ConfirmationAnswer,
        Assurance.CHANNEL,
        8,
    ),
    to_the_nation("batch_begin", "一括提供の開始", BatchBegin, BatchStatus, Assurance.SIGNED, 16),
    to_the_nation("batch_part", "一括提供のファイルの一部", BatchPart, BatchPartAnswer, Assurance.CHANNEL, 1536),
    to_the_nation("batch_commit", "一括提供の確定", BatchCommit, BatchStatus, Assurance.SIGNED, 8),
    to_the_nation("batch_status", "一括提供の状況照会", BatchStatusQuery, BatchStatus, Assurance.CHANNEL, 8),
    to_the_nation("batch_result", "一括提供の結果の受取り", BatchResultQuery, BatchResultPart, Assurance.CHANNEL, 8),
    to_the_nation("batch_cancel", "一括提供の取消し", BatchCancel, BatchStatus, Assurance.SIGNED, 8),
    to_the_nation("feed_subscribe", "変更の継続提供の登録", FeedSubscribe, FeedSubscribed, Assurance.SIGNED, 512),
    to_the_nation(
        "feed_follow_batch", "一括提供のファイルの全員の登録", FeedFollowBatch, FeedSubscribed, Assurance.SIGNED, 16
    ),
    to_the_nation("feed_unfollow", "変更の継続提供の終了", FeedUnfollow, FeedUnfollowed, Assurance.SIGNED, 128),
    to_the_nation("feed_read", "変更の受取り（異動等情報を含む）", FeedRead, FeedPage),
    to_the_nation(
        "person_search",
        "4情報による本人確認情報照会（即時提供）",
        PersonSearchQuery,
        PersonSearchAnswer,
        Assurance.CHANNEL,
        8,
    ),
    to_the_nation("provision_grants", "提供を受けられる事務の照会", GrantsQuery, GrantsAnswer, Assurance.CHANNEL, 8),
    _of_doubt("doubt_report", "疑義の通報（利用機関から全国へ）", DoubtReport, NodeKind.AGENCY, NodeKind.NATIONAL),
    _of_doubt(
        "doubt_referral", "誤りの通報（全国から都道府県へ）", DoubtReferral, NodeKind.NATIONAL, NodeKind.PREFECTURAL
    ),
    _of_doubt(
        "doubt_referral_forwarding",
        "誤りの通報（都道府県から市町村へ）",
        DoubtReferral,
        NodeKind.PREFECTURAL,
        NodeKind.MUNICIPAL,
        Relation.WITHIN_PREFECTURE,
    ),
    _of_doubt(
        "doubt_answer",
        "通報への回答（市町村から都道府県へ）",
        DoubtAnswer,
        NodeKind.MUNICIPAL,
        NodeKind.PREFECTURAL,
        Relation.OWN_PREFECTURE,
    ),
    _of_doubt(
        "doubt_answer_forwarding",
        "通報への回答（都道府県から全国へ）",
        DoubtAnswer,
        NodeKind.PREFECTURAL,
        NodeKind.NATIONAL,
    ),
    to_the_nation("doubt_status", "通報の状況照会", DoubtStatusQuery, DoubtStatusAnswer, Assurance.CHANNEL, 64),
    _of_local(
        "local_grants", "提供を受けられる事務の照会（市町村から都道府県へ）", LocalGrantsQuery, GrantsAnswer, _UP
    ),
    _of_local(
        "local_grants_forwarding", "提供を受けられる事務の照会（都道府県から全国へ）", LocalGrantsQuery, GrantsAnswer
    ),
    _of_local(
        "local_confirmation", "本人確認情報照会（市町村から都道府県へ）", ConfirmationQuery, ConfirmationAnswer, _UP
    ),
    _of_local(
        "local_confirmation_forwarding", "本人確認情報照会（都道府県から全国へ）", LocalConfirmation, ConfirmationAnswer
    ),
)
