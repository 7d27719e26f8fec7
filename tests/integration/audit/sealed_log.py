"""A use log with entries to seal, and the network whose key signs its heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from jukinet.audit.heads import SignedHead, Signer
from jukinet.audit.proof_file import make_proof_file
from jukinet.audit.sealing import seal
from jukinet.audit.verifier.files import VerifiedFile, verify_file
from jukinet.audit.verifier.signers import Trust
from jukinet.audit.wording import Describer
from jukinet.postgres.database import Database, Unit
from jukinet.protocol.envelope import sign
from jukinet.protocol.node_names import NATIONAL, NodeName
from jukinet.transport.certificates import Period, build_authority, build_node_certificate, create_key, pem
from tests.builders import NOW, ORGANS, PENSION_AFFAIR, code, message_id

#: What a writer that knows nothing of sealing says.
_INSERT = """
    INSERT INTO audit.use_log
           (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items)
    VALUES (%(message_id)s, %(agency)s, %(used_at)s, %(resident_record_code)s, 'real_time', %(affair)s, '年金の支給',
            %(matter_number)s, 'official', 'resident_record_code', 'found', 'name,birth_date,sex,address,change')
"""
_INSERT_WITHHELD = """
    INSERT INTO audit.use_log
           (message_id, agency, used_at, resident_record_code, method, affair, purpose, matter_number, official,
            asked_by, result, items, office, ground, withheld_reason, withheld_until)
    VALUES (%(message_id)s, %(agency)s, %(used_at)s, %(resident_record_code)s, 'real_time', %(affair)s, '照会',
            '非公開-1', 'officer', 'resident_record_code', 'found', 'name,address', '捜査第一課',
            '刑事訴訟法第197条第2項', %(reason)s, %(until)s)
"""


@dataclass(frozen=True)
class Authority:
    """A network's authority and its nodes."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def trust(self) -> Trust:
        return Trust.of_certificate(pem(self.certificate))

    def signer(self, name: NodeName = NATIONAL) -> Signer:
        key = create_key()
        period = Period.starting(NOW - timedelta(days=1), timedelta(days=365))
        own = build_node_certificate(name, key.public_key(), period, issuer=self.certificate, key=self.key)
        return Signer(
            name=name.text,
            sign=lambda content: sign(content, key),
            certificates=pem(own, self.certificate).decode(),
        )


def create_authority() -> Authority:
    key = create_key()
    period = Period.starting(NOW - timedelta(days=30), timedelta(days=3650))
    certificate = build_authority("jukinet network", key.public_key(), period, path_length=0, issuer=None, key=key)
    return Authority(certificate, key)


@cache
def network() -> Authority:
    return create_authority()


@cache
def national() -> Signer:
    return network().signer()


async def add_use(unit: Unit, number: int, person: int | None = 1, **items: Any) -> None:  # noqa: ANN401 - any column
    """Write an entry as the node does: the application's role, one INSERT."""
    defaults: dict[str, Any] = {
        "message_id": message_id(number),
        "agency": "agency/nenkin",
        "used_at": NOW,
        "resident_record_code": None if person is None else code(person),
        "affair": PENSION_AFFAIR,
        "matter_number": f"年金-{number}",
    }
    await unit.execute(_INSERT, {**defaults, **items})


async def add_withheld_use(unit: Unit, number: int, person: int, *, reason: str, until: date | None) -> None:
    names = {
        "message_id": message_id(number),
        "agency": "agency/gaimu",
        "used_at": NOW,
        "resident_record_code": code(person),
        "affair": "1-41-1",
        "reason": reason,
        "until": until,
    }
    await unit.execute(_INSERT_WITHHELD, names)


async def seal_now(database: Database, *, now: datetime = NOW, signer: Signer | None = None) -> SignedHead | None:
    async with database.transaction() as unit:
        return await seal(unit, signer=signer or national(), describer=Describer(ORGANS), now=now)


async def file_of(database: Database, person: int, *, now: datetime = NOW) -> bytes:
    return (await make_proof_file(database, code(person), log=NATIONAL.text, now=now)).content


def check(content: bytes) -> VerifiedFile:
    return verify_file(content, network().trust)


_INSERT_PORTION = """
    INSERT INTO audit.file_use
           (message_id, agency, portion, used_at, method, affair, purpose, matter_number, official, asked_by, office,
            ground, results, items, entries, unnamed, pages)
    VALUES (%(message_id)s, 'agency/nenkin', %(portion)s, %(used_at)s, 'batch', %(affair)s, '年金の"支給"', '年金-1',
            'official', 'individual_number', NULL, '住民基本台帳法第30条の9', '{found,found,found,not_found}',
            '{"name,address",change,"name,birth_date,sex,address",""}', %(entries)s, 0, %(pages)s)
"""
_INSERT_PAGE = """
    INSERT INTO audit.file_use_page (message_id, agency, portion, page, codes, places, kinds)
    VALUES (%(message_id)s, 'agency/nenkin', %(portion)s, %(page)s, %(codes)s, %(places)s, %(kinds)s)
"""


async def add_portion(unit: Unit, number: int, people: Sequence[int], *, portion: int = 0, pages: int = 3) -> None:
    """Write the entries of a portion of a file, one line a person, as the node does; the kinds of results in turn."""
    first = 1000 * portion + 1
    lines = [(code(person), first + line, line % 3) for line, person in enumerate(people)]
    kinds = [[kind for *_, kind in lines].count(kind) for kind in range(4)]
    named = {"message_id": message_id(number), "portion": portion, "pages": pages}
    await unit.execute(_INSERT_PORTION, {**named, "used_at": NOW, "affair": PENSION_AFFAIR, "entries": kinds})
    for page in range(pages):
        own = [line for line in lines if int(line[0][-6:]) % pages == page]
        if own:
            codes, places, kinds_of_page = map(list, zip(*own, strict=True))
            names = {"page": page, "codes": codes, "places": places, "kinds": kinds_of_page}
            await unit.execute(_INSERT_PAGE, {**named, **names})
