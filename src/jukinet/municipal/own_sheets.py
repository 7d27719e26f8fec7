"""What the counter hands a resident about his or her own information: the uses on paper, and the enrolment letter."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from jukinet.documents.sheets import Addressee, DocumentMark, Issuer, LetterSheet, UseLine, UseLogSheet
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.clock import JAPAN
from jukinet.domain.person_rights import ENROLMENT_DAYS, use_log_ground
from jukinet.domain.resident_record import ResidentRecord
from jukinet.protocol.person import DisclosedUse, UseLogAnswer

#: Nothing that could be taken for another letter or figure.
_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUPS: Final = 5
_GROUP: Final = 4
_HANDED_OVER: Final = "（窓口でお渡しします）"
_NOTHING: Final = "なし（該当なし）"


@dataclass(frozen=True, slots=True)
class EnrolmentSecret:
    """What a letter opens an account with. Only the paper has the code."""

    account_number: str
    code: str = field(repr=False)
    valid_until: date

    @property
    def code_hash(self) -> str:
        """Return what the nation is told of the code."""
        return sha256(self.code.replace("-", "").encode()).hexdigest()


def draw_enrolment_secret(choice: random.Random, *, today: date) -> EnrolmentSecret:
    """Draw an account number and a code of a hundred bits."""
    groups = ("".join(choice.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return EnrolmentSecret(
        account_number=f"{choice.randrange(10**12):012}",
        code="-".join(groups),
        valid_until=today + timedelta(days=ENROLMENT_DAYS),
    )


def sheet_of_uses(
    answer: UseLogAnswer, record: ResidentRecord, *, request: str, issuer: Issuer, mark: DocumentMark
) -> UseLogSheet:
    """Return the uses of a resident's information as they are printed."""
    return UseLogSheet(
        issuer=issuer,
        mark=mark,
        name=record.name,
        birth_date=record.birth_date,
        is_foreign=record.is_foreign,
        request=request,
        total=answer.total,
        uses=tuple(_line(use) for use in answer.uses),
        legal_ground=use_log_ground(mark.issued_on),
    )


def _line(use: DisclosedUse) -> UseLine:
    local = use.used_at.astimezone(JAPAN)
    affair = use.affair_text if use.affair == use.affair_text else f"{use.affair_text}（{use.affair}）"
    return UseLine(
        number="" if use.ordinal is None else str(use.ordinal),
        used_at=f"{CivilDate.of(local.date()).wareki()}\n{local.hour}時{local.minute:02}分",
        organ=f"{use.organ}\n{use.office}" if use.office else use.organ,
        method=use.method,
        affair=affair,
        purpose=f"{use.purpose}［{use.matter_number}］" if use.matter_number else use.purpose,
        items=use.items if use.is_found else _NOTHING,
        ground=use.ground,
    )


def enrolment_letter(
    secret: EnrolmentSecret, record: ResidentRecord, *, page: str, issuer: Issuer, mark: DocumentMark
) -> LetterSheet:
    """Return the letter that opens the resident's page. It says nothing of where the person lives."""
    number = secret.account_number
    return LetterSheet(
        issuer=issuer,
        mark=mark,
        title="本人用ページ利用登録通知書",
        addressee=Addressee(name=record.name, address=_HANDED_OVER),
        paragraphs=(
            "お申出により、あなたの本人確認情報の提供の記録などを確かめる「本人用ページ」の利用登録をしました。",
            "次の利用者番号と登録用の符号で、パスワードを決めてください。",
        ),
        legal_ground="",
        facts=(
            ("ページの場所", page),
            ("利用者番号", f"{number[:4]}-{number[4:8]}-{number[8:]}"),
            ("符号の期限", CivilDate.of(secret.valid_until).wareki()),
        ),
        figure_label="登録用の符号",
        figure=secret.code,
        notes=(
            "符号は一度だけ使えます。期限を過ぎたときや、なくしたときは、窓口で新しい通知書をお受け取りください。",
            "この通知書をほかの人に渡さないでください。職員が符号やパスワードをお尋ねすることはありません。",
            "前に利用登録をしていた場合、前の利用者番号は使えなくなりました。",
        ),
    )
