from __future__ import annotations

import random
import re
from datetime import timedelta
from pathlib import Path

import pytest

from jukinet.documents.drawing import draw
from jukinet.documents.glyphs import DocumentFont
from jukinet.documents.signing import load_signer, sign, verify_signed
from jukinet.domain.errors import CertificateNotTrustedError, SecretUnreadableError
from tests.builders_documents import ISSUED_AT, Keys, copy_sheet, municipal_keys


@pytest.fixture(scope="session")
def signed(font: DocumentFont, keys: Keys) -> bytes:
    pdf = draw(copy_sheet(), font=font, is_specimen=True)
    return sign(pdf, keys.signer, signed_at=ISSUED_AT, reason="住民票の写しの交付")


def test_a_signed_document_is_genuine_and_names_the_municipality(signed: bytes, keys: Keys) -> None:
    verdict = verify_signed(signed, [keys.authority], at=ISSUED_AT)

    assert verdict.is_genuine
    assert verdict.signer == "municipal/131121"


def test_any_flipped_byte_of_the_document_shows(signed: bytes, keys: Keys) -> None:
    found = re.search(rb"/ByteRange ?\[(\d+) (\d+) (\d+) (\d+)", signed)
    assert found is not None
    start, length, rest, tail = map(int, found.groups())
    places = [*range(start, start + length), *range(rest, rest + tail)]
    for place in random.Random("documents").sample(places, 60):
        changed = bytearray(signed)
        changed[place] ^= 0x01

        assert not verify_signed(bytes(changed), [keys.authority], at=ISSUED_AT).is_genuine, place


def test_what_was_added_after_the_signature_shows(signed: bytes, keys: Keys) -> None:
    verdict = verify_signed(signed + b"\n% added\n", [keys.authority], at=ISSUED_AT)

    assert not verdict.is_whole
    assert not verdict.is_genuine


def test_another_networks_authority_does_not_vouch_for_it(signed: bytes, elsewhere: Keys) -> None:
    verdict = verify_signed(signed, [elsewhere.authority], at=ISSUED_AT)

    assert verdict.is_intact
    assert not verdict.is_trusted
    assert verdict.signer is None


def test_an_expired_certificate_is_not_trusted(signed: bytes, keys: Keys) -> None:
    assert not verify_signed(signed, [keys.authority], at=ISSUED_AT + timedelta(days=4000)).is_trusted


def test_an_unsigned_file_and_no_file_at_all_are_not_genuine(font: DocumentFont, keys: Keys) -> None:
    pdf = draw(copy_sheet(), font=font, is_specimen=False)

    assert not verify_signed(pdf, [keys.authority], at=ISSUED_AT).is_signed
    assert not verify_signed(b"not a PDF", [keys.authority], at=ISSUED_AT).is_genuine
    assert not verify_signed(b"", [keys.authority], at=ISSUED_AT).is_genuine


def test_a_key_needs_its_own_certificate(tmp_path: Path) -> None:
    municipal_keys(tmp_path / "a")
    municipal_keys(tmp_path / "b")

    with pytest.raises(CertificateNotTrustedError):
        load_signer(tmp_path / "a" / "key.pem", tmp_path / "b" / "certificate.pem")
    with pytest.raises(SecretUnreadableError):
        load_signer(tmp_path / "a" / "none.pem", tmp_path / "b" / "certificate.pem")
    with pytest.raises(SecretUnreadableError):
        load_signer(tmp_path / "a" / "certificate.pem", tmp_path / "a" / "certificate.pem")
