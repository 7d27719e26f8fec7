"""The message catalogue: every message, who may send it to whom, how long it may be. Nothing else is spoken.

A server looks the type up here, with the sender its client certificate names and its own name, before it
reads the body (I5). A direction that is not listed does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jukinet.domain.errors import PeerNotPermittedError, UnknownMessageTypeError
from jukinet.protocol.code_allotment import CodeAllotment, CodeAllotmentForwarding, CodeAllotmentRequest
from jukinet.protocol.consistency import (
    IdentificationConsistencyAnswer,
    IdentificationConsistencyCheck,
    ResidentConsistencyAnswer,
    ResidentConsistencyCheck,
)
from jukinet.protocol.former_record import FormerRecordAnswer, FormerRecordQuery
from jukinet.protocol.hand_over import RegisterHandOver
from jukinet.protocol.identification import IdentificationAnswer, IdentificationNotice
from jukinet.protocol.individual_number import IndividualNumberAllotment, IndividualNumberRequest
from jukinet.protocol.message_types import Assurance, MessageType, Relation, to_the_nation
from jukinet.protocol.moving import AnnexNotice, MoveInNotice, MoveOutConfirmation, NoticesAnswer
from jukinet.protocol.node_names import NODE_KINDS, NodeKind, NodeName, prefecture_of, resident_system_of
from jukinet.protocol.person import (
    ResidentEnrolment,
    ResidentEnrolmentAnswer,
    UseLogAnswer,
    UseLogRequest,
)
from jukinet.protocol.provision_rows import PROVISION_ROWS
from jukinet.protocol.resident_changes import (
    ChangesStatus,
    ChangesStatusRequest,
    ResendAnswer,
    ResendRequest,
    ResidentChanges,
    ResidentChangesAnswer,
)
from jukinet.protocol.revocation import RevocationListAnswer, RevocationListRequest

_MEBIBYTE: Final = 1024 * 1024
_EVERYONE: Final = NODE_KINDS


_ROWS: Final = (
    MessageType(
        name="identification_notice",
        japanese="本人確認情報（更新）通知（市町村から都道府県へ）",
        body=tuple[IdentificationNotice, ...],
        answer=IdentificationAnswer,
        senders=frozenset({NodeKind.MUNICIPAL}),
        receivers=frozenset({NodeKind.PREFECTURAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
        relation=Relation.OWN_PREFECTURE,
    ),
    MessageType(
        name="identification_forwarding",
        japanese="本人確認情報通知（都道府県から全国へ）",
        body=tuple[IdentificationNotice, ...],
        answer=IdentificationAnswer,
        senders=frozenset({NodeKind.PREFECTURAL}),
        receivers=frozenset({NodeKind.NATIONAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
    ),
    MessageType(
        name="move_in_notice",
        japanese="転入通知（転入地から前住所地へ）",
        body=tuple[MoveInNotice, ...],
        answer=NoticesAnswer,
        senders=frozenset({NodeKind.MUNICIPAL}),
        receivers=frozenset({NodeKind.MUNICIPAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
    ),
    MessageType(
        name="move_out_confirmation",
        japanese="転出確定通知（前住所地から都道府県へ）",
        body=tuple[MoveOutConfirmation, ...],
        answer=NoticesAnswer,
        senders=frozenset({NodeKind.MUNICIPAL}),
        receivers=frozenset({NodeKind.PREFECTURAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
        relation=Relation.OWN_PREFECTURE,
    ),
    MessageType(
        name="annex_notice",
        japanese="戸籍の附票記載事項通知（住所地から本籍地へ）",
        body=tuple[AnnexNotice, ...],
        answer=NoticesAnswer,
        senders=frozenset({NodeKind.MUNICIPAL}),
        receivers=frozenset({NodeKind.MUNICIPAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
    ),
    MessageType(
        name="register_hand_over",
        japanese="廃置分合による住民基本台帳の引継ぎ",
        body=tuple[RegisterHandOver, ...],
        answer=NoticesAnswer,
        senders=frozenset({NodeKind.MUNICIPAL}),
        receivers=frozenset({NodeKind.MUNICIPAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
    ),
    to_the_nation(
        "former_record_query",
        "従前の住民票の検索",
        FormerRecordQuery,
        FormerRecordAnswer,
        Assurance.CHANNEL,
        sender=NodeKind.MUNICIPAL,
    ),
    *PROVISION_ROWS,
    MessageType(
        name="code_allotment_request",
        japanese="住民票コード空きコード要求（市町村から都道府県へ）",
        body=CodeAllotmentRequest,
        answer=CodeAllotment,
        senders=frozenset({NodeKind.MUNICIPAL}),
        receivers=frozenset({NodeKind.PREFECTURAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * 1024,
        relation=Relation.OWN_PREFECTURE,
    ),
    MessageType(
        name="code_allotment_forwarding",
        japanese="住民票コード空きコード要求（都道府県から全国へ）",
        body=CodeAllotmentForwarding,
        answer=CodeAllotment,
        senders=frozenset({NodeKind.PREFECTURAL}),
        receivers=frozenset({NodeKind.NATIONAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * 1024,
    ),
    to_the_nation(
        "individual_number_request",
        "個人番号とすべき番号の要求",
        IndividualNumberRequest,
        IndividualNumberAllotment,
        Assurance.SIGNED,
        64,
        sender=NodeKind.MUNICIPAL,
    ),
    MessageType(
        name="identification_consistency_check",
        japanese="本人確認情報整合性確認（市町村から都道府県へ）",
        body=IdentificationConsistencyCheck,
        answer=IdentificationConsistencyAnswer,
        senders=frozenset({NodeKind.MUNICIPAL}),
        receivers=frozenset({NodeKind.PREFECTURAL}),
        assurance=Assurance.CHANNEL,
        maximum_bytes=4 * _MEBIBYTE,
        relation=Relation.OWN_PREFECTURE,
    ),
    MessageType(
        name="resident_changes",
        japanese="異動情報（既存住基システムから）",
        body=ResidentChanges,
        answer=ResidentChangesAnswer,
        senders=frozenset({NodeKind.RESIDENT_SYSTEM}),
        receivers=frozenset({NodeKind.MUNICIPAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * _MEBIBYTE,
        relation=Relation.OWN_MUNICIPALITY,
    ),
    MessageType(
        name="resident_changes_status",
        japanese="異動情報の処理状況の照会",
        body=ChangesStatusRequest,
        answer=ChangesStatus,
        senders=frozenset({NodeKind.RESIDENT_SYSTEM}),
        receivers=frozenset({NodeKind.MUNICIPAL}),
        assurance=Assurance.CHANNEL,
        maximum_bytes=512 * 1024,
        relation=Relation.OWN_MUNICIPALITY,
    ),
    MessageType(
        name="resend_request",
        japanese="本人確認情報の再送の求め",
        body=ResendRequest,
        answer=ResendAnswer,
        senders=frozenset({NodeKind.RESIDENT_SYSTEM}),
        receivers=frozenset({NodeKind.MUNICIPAL}),
        assurance=Assurance.SIGNED,
        maximum_bytes=8 * 1024,
        relation=Relation.OWN_MUNICIPALITY,
    ),
    MessageType(
        name="resident_consistency_check",
        japanese="整合性確認（既存住基システムから）",
        body=ResidentConsistencyCheck,
        answer=ResidentConsistencyAnswer,
        senders=frozenset({NodeKind.RESIDENT_SYSTEM}),
        receivers=frozenset({NodeKind.MUNICIPAL}),
        assurance=Assurance.CHANNEL,
        maximum_bytes=8 * _MEBIBYTE,
        relation=Relation.OWN_MUNICIPALITY,
    ),
    to_the_nation(
        "use_log_request",
        "提供状況の開示の求め（市町村の窓口から）",
        UseLogRequest,
        UseLogAnswer,
        Assurance.CHANNEL,
        sender=NodeKind.MUNICIPAL,
    ),
    to_the_nation(
        "resident_enrolment",
        "本人用ページの利用登録",
        ResidentEnrolment,
        ResidentEnrolmentAnswer,
        Assurance.SIGNED,
        sender=NodeKind.MUNICIPAL,
    ),
    MessageType(
        name="revocation_list_request",
        japanese="証明書失効リスト要求",
        body=RevocationListRequest,
        answer=RevocationListAnswer,
        senders=_EVERYONE,
        receivers=frozenset({NodeKind.NATIONAL}),
        assurance=Assurance.CHANNEL,
        maximum_bytes=8 * 1024,
    ),
)

#: Every message type by name.
CATALOGUE: Final[Mapping[str, MessageType]] = MappingProxyType({row.name: row for row in _ROWS})


def find_message_type(name: str) -> MessageType:
    """Return the row; raise UnknownMessageTypeError."""
    try:
        return CATALOGUE[name]
    except KeyError:
        raise UnknownMessageTypeError(field="type") from None


def require_listed(message: MessageType, *, sender: NodeName, receiver: NodeName) -> None:
    """Raise PeerNotPermittedError unless the catalogue lists this direction between these two nodes."""
    if sender.kind not in message.senders or receiver.kind not in message.receivers:
        raise PeerNotPermittedError(field="sender")
    if message.relation is Relation.OWN_PREFECTURE and prefecture_of(sender) != receiver:
        raise PeerNotPermittedError("A municipality notifies only its own prefecture.", field="receiver")
    if message.relation is Relation.WITHIN_PREFECTURE and prefecture_of(receiver) != sender:
        raise PeerNotPermittedError("A prefecture speaks only to its own municipalities.", field="receiver")
    if message.relation is Relation.OWN_MUNICIPALITY and resident_system_of(receiver) != sender:
        raise PeerNotPermittedError("A resident system speaks only to its own municipality's node.", field="receiver")
