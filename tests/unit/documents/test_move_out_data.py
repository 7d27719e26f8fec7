from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jukinet.documents import base45
from jukinet.documents.move_out_data import read_move_out_data, write_move_out_data
from jukinet.documents.move_out_items import data_of
from jukinet.documents.sheets import MoveOutCertificateSheet
from jukinet.domain.alias_history import AliasHistory
from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import (
    BadSignatureError,
    CertificateNotTrustedError,
    DocumentCodePartsError,
    DocumentCodeVersionError,
    InvalidValueError,
    JukinetError,
    MalformedDocumentCodeError,
)
from jukinet.domain.further_items import FurtherItems
from tests.builders_documents import ISSUER, Keys, foreigner, head, member, move_out_sheet

_several = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.binary(max_size=300))
def test_base45_gives_back_what_it_was_given(content: bytes) -> None:
    assert base45.decode(base45.encode(content)) == content


def test_base45_writes_as_the_standard_says() -> None:
    assert base45.encode(b"AB") == "BB8"
    assert base45.encode(b"Hello!!") == "%69 VD92EX0"
    assert base45.decode("QED8WEX0") == b"ietf!"


@pytest.mark.parametrize("text", ["A", "::", ":::", "bb8", "GGWA"])
def test_base45_refuses_what_is_no_text_of_any_bytes(text: str) -> None:
    assert base45.decode(text) is None


@_several
@given(
    names=st.lists(st.sampled_from(["葛󠄂城　髙𠮷", "邉󠄐　𠮷雄", "試験　葵", "GARCIA LOPEZ"]), min_size=1, max_size=12),
    seed=st.integers(0, 1000),
)
def test_a_family_reads_back_in_any_order_of_the_codes(keys: Keys, names: list[str], seed: int) -> None:
    data = data_of(move_out_sheet(*(member(number + 1, name=name) for number, name in enumerate(names))))
    texts = list(write_move_out_data(data, keys.signer))
    random.Random(seed).shuffle(texts)

    read = read_move_out_data([*texts, texts[0]], authorities=[keys.authority])

    assert read.data == data
    assert read.certificate == keys.signer.certificate


def test_every_item_of_a_foreign_resident_travels(keys: Keys) -> None:
    data = data_of(move_out_sheet(foreigner()))

    (person,) = read_move_out_data(write_move_out_data(data, keys.signer), authorities=[keys.authority]).data.members

    assert person.residence_card_number == "ZZ12345678ZZ"
    assert person.residence == 1
    assert person.pension_kind == "第１号被保険者"


@_several
@given(part=st.integers(0, 9), place=st.integers(0, 2000), character=st.sampled_from(base45.ALPHABET))
def test_any_altered_character_is_refused(keys: Keys, part: int, place: int, character: str) -> None:
    texts = list(write_move_out_data(data_of(move_out_sheet()), keys.signer))
    chosen = part % len(texts)
    position = place % len(texts[chosen])
    if texts[chosen][position] == character:
        return
    texts[chosen] = texts[chosen][:position] + character + texts[chosen][position + 1 :]

    with pytest.raises(JukinetError):
        read_move_out_data(texts, authorities=[keys.authority])


def _large_family() -> MoveOutCertificateSheet:
    draw_letter = random.Random("family").choice
    names = ["".join(draw_letter("葵試験城髙𠮷邉辻雄子美") for _ in range(60)) for _ in range(12)]
    return move_out_sheet(*(member(number, name=name) for number, name in enumerate(names, start=1)))


def test_a_missing_code_is_named(keys: Keys) -> None:
    texts = write_move_out_data(data_of(_large_family()), keys.signer)

    assert len(texts) > 2
    with pytest.raises(DocumentCodePartsError, match=r"missing: 2\."):
        read_move_out_data([texts[0], *texts[2:]], authorities=[keys.authority])


def test_codes_of_two_certificates_do_not_mix(keys: Keys) -> None:
    one = write_move_out_data(data_of(move_out_sheet()), keys.signer)
    other = write_move_out_data(data_of(move_out_sheet(head())), keys.signer)

    with pytest.raises(DocumentCodePartsError):
        read_move_out_data([one[0], *other[1:], *other[:1]], authorities=[keys.authority])
    with pytest.raises(DocumentCodePartsError):
        read_move_out_data([], authorities=[keys.authority])


def test_a_truncated_code_is_refused(keys: Keys) -> None:
    texts = write_move_out_data(data_of(move_out_sheet(head())), keys.signer)

    with pytest.raises(MalformedDocumentCodeError):
        read_move_out_data([*texts[:-1], texts[-1][:-9]], authorities=[keys.authority])


def test_another_version_is_named_as_such(keys: Keys) -> None:
    texts = [re.sub("^JM1", "JM2", text) for text in write_move_out_data(data_of(move_out_sheet()), keys.signer)]

    with pytest.raises(DocumentCodeVersionError):
        read_move_out_data(texts, authorities=[keys.authority])
    with pytest.raises(MalformedDocumentCodeError):
        read_move_out_data(["https://example.org"], authorities=[keys.authority])


def test_a_signer_of_another_network_is_not_trusted(keys: Keys, elsewhere: Keys) -> None:
    texts = write_move_out_data(data_of(move_out_sheet()), elsewhere.signer)

    with pytest.raises(CertificateNotTrustedError):
        read_move_out_data(texts, authorities=[keys.authority])


def test_a_municipality_cannot_sign_for_another(keys: Keys) -> None:
    sheet = move_out_sheet(issuer=replace(ISSUER, municipality="131130"))

    with pytest.raises(BadSignatureError):
        read_move_out_data(write_move_out_data(data_of(sheet), keys.signer), authorities=[keys.authority])


def test_a_certificate_of_another_signer_does_not_fit_the_signature(keys: Keys, elsewhere: Keys) -> None:
    mixed = replace(elsewhere.signer, certificate=keys.signer.certificate)

    with pytest.raises(BadSignatureError):
        read_move_out_data(write_move_out_data(data_of(move_out_sheet()), mixed), authorities=[keys.authority])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("resident_record_code", "90000000019"),
        ("individual_number", "900000000011"),
        ("name", ""),
        ("kana", "abc"),
        ("birth_date", "1985-13-01"),
        ("relationship", "孫"),
        ("sex", "3"),
    ],
)
def test_an_item_no_register_holds_is_refused_whoever_signed_it(keys: Keys, field: str, value: str) -> None:
    texts = write_move_out_data(data_of(move_out_sheet(head(**{field: value}))), keys.signer)

    with pytest.raises(InvalidValueError):
        read_move_out_data(texts, authorities=[keys.authority])


@pytest.mark.parametrize(
    "parts", [{"planned_on": "2026-12-XX"}, {"address": ""}, {"members": ()}, {"householder_name": ""}]
)
def test_a_certificate_that_is_none_is_refused_whoever_signed_it(keys: Keys, parts: dict[str, Any]) -> None:
    texts = write_move_out_data(data_of(move_out_sheet(**parts)), keys.signer)

    with pytest.raises(InvalidValueError):
        read_move_out_data(texts, authorities=[keys.authority])


def test_the_longest_history_of_aliases_fits_the_codes(keys: Keys) -> None:
    aliases = AliasHistory()
    for year in range(2013, 2023):
        alias, day = f"世田谷　試験{year}", CivilDate.from_wire(f"{year}-04-01")
        aliases = aliases.entered(alias, municipality="東京都世田谷区", day=day)
        aliases = aliases.removed(alias, municipality="東京都世田谷区", day=CivilDate.from_wire(f"{year}-12-01"))
    text = FurtherItems(aliases=aliases).text
    data = data_of(move_out_sheet(*(foreigner(further_items=text) for _ in range(12))))

    texts = write_move_out_data(data, keys.signer)

    read = read_move_out_data(texts, authorities=[keys.authority]).data
    assert [one.further_items for one in read.members] == [text] * 12


def test_a_history_that_cannot_be_is_refused_whoever_signed_it(keys: Keys) -> None:
    data = data_of(move_out_sheet())
    bad = msgspec.structs.replace(data.members[0], further_items='{"alias_history": [{}]}')
    texts = write_move_out_data(msgspec.structs.replace(data, members=(bad,)), keys.signer)

    with pytest.raises(JukinetError):
        read_move_out_data(texts, authorities=[keys.authority])


def test_the_items_do_not_show_when_printed() -> None:
    assert "葛" not in repr(data_of(move_out_sheet()))
