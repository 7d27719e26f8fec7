from __future__ import annotations

from dataclasses import replace

import pytest

from jukinet.documents.sheets import SheetItem
from jukinet.documents.verification import create_verification, digest_of, parse_payload
from jukinet.domain.errors import DocumentCodeVersionError, MalformedDocumentCodeError
from tests.builders_documents import MARK, copy_sheet, head


def test_the_payload_reads_back() -> None:
    verification = create_verification(copy_sheet())

    assert parse_payload(verification.payload) == verification
    assert verification.number == MARK.number


def test_two_verifications_of_one_sheet_have_the_same_digest_and_other_codes() -> None:
    one, other = create_verification(copy_sheet()), create_verification(copy_sheet())

    assert one.digest == other.digest
    assert one.code != other.code


def test_whatever_the_document_says_changes_the_digest() -> None:
    sheet = copy_sheet()

    assert digest_of(sheet) != digest_of(copy_sheet(head(name="試験　葵")))
    assert digest_of(sheet) != digest_of(replace(sheet, items=frozenset({SheetItem.HOUSEHOLDER})))
    assert digest_of(sheet) != digest_of(replace(sheet, mark=replace(MARK, number="2")))


def test_the_payload_says_nothing_of_a_person() -> None:
    assert create_verification(copy_sheet()).payload.isascii()
    assert "葛" not in repr(create_verification(copy_sheet()))


@pytest.mark.parametrize(
    "text", ["", "JD1:131121:1:ABC:DEF", "https://example.org", "JD1:131121:1:OOOOOOOOOOOO:" + "0" * 32]
)
def test_what_is_no_such_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedDocumentCodeError):
        parse_payload(text)


def test_another_version_is_named_as_such() -> None:
    with pytest.raises(DocumentCodeVersionError):
        parse_payload(create_verification(copy_sheet()).payload.replace("JD1", "JD2"))


def test_a_number_that_does_not_fit_the_code_is_refused() -> None:
    with pytest.raises(MalformedDocumentCodeError):
        create_verification(copy_sheet(mark=replace(MARK, number="第1号")))
