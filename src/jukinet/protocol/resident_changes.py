"""The interface of a municipality's resident system (既存住基システム): its changes in, what became of each out.

Version "1". The fields are described in docs/resident-system.md, whose table is made from `ChangeRecord`. A message
is an array of records; each is read by itself, so that a bad one is refused and the others are taken in.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

VERSION: Final = "1"
#: Records in one message at most. A file may hold any number.
MOST_RECORDS: Final = 5_000

_Text = Annotated[str, msgspec.Meta(max_length=2_000)]
_Short = Annotated[str, msgspec.Meta(max_length=100)]
_Order = Annotated[int, msgspec.Meta(ge=1, le=2**62)]
#: What a vendor may name records and residents with: printable ASCII without spaces.
_Name = Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z_.:/-]{1,64}\Z")]


class ChangeRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One change (異動) of one resident, with the items as they are after it; for a removal, as they were."""

    #: 版。"1" に限る。
    version: Literal["1"]
    #: 異動の通番。既存住基システムの全住民を通じて、記録した順に増える番号（飛びがあってよい）。
    order_number: _Order
    #: 同じ住民の一つ前の異動の通番。その住民の初めての異動では空。
    previous_order_number: _Order | None = None
    #: 異動ごとの識別番号。同じ識別番号の異動は一度だけ反映する。
    record_id: _Name
    #: 同じ識別番号の異動を訂正して送り直すときに増やす番号。1から。
    revision: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] = 1
    #: 宛名番号（既存住基システムの住民の番号）。
    resident_number: _Name
    #: 住民票コード。11桁。
    resident_record_code: _Short
    #: 個人番号。12桁。ないときは空。
    individual_number: _Short | None = None
    #: 氏名。
    name: _Text
    #: 氏名の振り仮名。ひらがな、カタカナ、半角カタカナのいずれか。ないときは空文字。
    kana: _Text = ""
    #: 旧氏。ないときは空。
    former_surname: _Text | None = None
    #: 通称。ないときは空。
    alias: _Text | None = None
    #: 生年月日。1985-03-12、昭和60年3月12日、S60.3.12、又は不詳の14様式。
    birth_date: _Short
    #: 性別。1・男、2・女、0・空文字（空欄）、9。
    sex: _Short
    #: 住所。都道府県名から、又は市区町村名から。
    address: _Text
    #: 郵便番号。7桁（ハイフンがあってよい）。ないときは空。
    postal_code: _Short | None = None
    #: 全国地方公共団体コード。6桁。指定都市の区の住民のときに区のコードを入れる。空ならこの市区町村。
    municipality: _Short | None = None
    #: 異動事由。標準仕様書の用語、又はそのコード。
    reason: _Short
    #: 異動年月日。書き方は生年月日と同じ。
    changed_on: _Short
    #: 修正前の住民票コード。住民票コードを変えた異動に限る。
    previous_resident_record_code: _Short | None = None
    #: 転出証明書に書かれた在住回次。国内転入で前の市区町村から引き継ぐときに入れる。
    residence: Annotated[int, msgspec.Meta(ge=0, le=30_000)] | None = None
    #: 氏名・振り仮名・旧氏・通称・住所の文字の表し方。unicode（IVSを含む）、又は juki
    #: （統一文字 J+xxxx を空白で区切る）。
    characters: Literal["unicode", "juki"] = "unicode"

    def __repr__(self) -> str:
        return f"ChangeRecord(***, order_number={self.order_number})"


class ResidentChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Records in the order of their rows. Each is a `ChangeRecord`, read by itself."""

    records: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(max_length=MOST_RECORDS)]

    def __repr__(self) -> str:
        return f"ResidentChanges({len(self.records)} records)"


class RecordResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What became of one record.

    `state` is `accepted` (applied; `update_sequence` says as which notice, none where nothing is notified), `kept`
    (accepted and kept until an operator releases it), `already_accepted`, `superseded`, `waiting` (for an earlier
    record of the same resident) or `refused`.
    """

    #: Position in the message from 1, or the line of the file.
    row: int
    record_id: str | None = None
    state: str
    update_sequence: int | None = None
    #: Stable code of the refusal, the field, and what is the matter in Japanese.
    code: str | None = None
    field: str | None = None
    reason: str | None = None


class ResidentChangesAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of every record, in the order of the rows: durable before this answer leaves."""

    submission_number: int
    #: `automatic` or `manual`.
    mode: str
    results: tuple[RecordResult, ...]


class ChangesStatusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask how these records stand; without ids, which records are open (kept, waiting, refused)."""

    record_ids: Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_RECORDS)] = ()


class ChangesStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the connection stands."""

    mode: str
    #: The greatest order number ever received; 0 before the first.
    last_order_number: int
    #: How many records are in each state.
    counts: dict[str, int]
    #: At most as many as a message holds, oldest first; `row` is their row in the submission they came with.
    results: tuple[RecordResult, ...]


class ResendRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask that the last notice of a resident be sent again, perhaps with another reason."""

    #: The same request is carried out once.
    request_id: _Name
    resident_number: _Name
    #: 異動事由; as it was notified where it is left out.
    reason: _Short | None = None


class ResendAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which update sequence goes up again, or newly where the reason changed."""

    update_sequence: int
    is_new: bool
