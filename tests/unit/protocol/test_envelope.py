"""The envelope: what is sealed is what is opened, and nothing else opens."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet.domain.errors import (
    BadSignatureError,
    JukinetError,
    MalformedRequestError,
    PeerNotPermittedError,
    StaleMessageError,
)
from jukinet.protocol.catalogue import CATALOGUE
from jukinet.protocol.envelope import (
    VERSION,
    Envelope,
    new_message_id,
    open_envelope,
    read_body,
    require_addressed,
    require_signature,
    seal,
    sign,
)
from jukinet.protocol.node_names import NATIONAL, NodeName

AGENCY = NodeName.parse("agency/nenkin")
NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
KEY, OTHER_KEY = (ec.derive_private_key(number, ec.SECP256R1()) for number in (7, 8))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
instants = st.datetimes(timezones=st.just(UTC))


def envelope(**replaced: object) -> Envelope:
    items: dict[str, Any] = {
        "version": VERSION,
        "message_id": new_message_id(NOW, bytes(10)),
        "type": "confirmation_query",
        "sender": AGENCY.text,
        "receiver": NATIONAL.text,
        "sent_at": NOW,
        "stream_sequence": 0,
        "body": msgspec.Raw(b"{}"),
    }
    items.update(replaced)
    return Envelope(**items)


@given(json_values, instants, st.integers(0, 2**63 - 1), st.binary(min_size=10, max_size=10))
def test_what_is_sealed_is_what_is_opened(
    body: object, sent_at: datetime, stream_sequence: int, randomness: bytes
) -> None:
    sealed = envelope(
        message_id=new_message_id(NOW, randomness),
        sent_at=sent_at,
        stream_sequence=stream_sequence,
        body=msgspec.Raw(msgspec.json.encode(body)),
    )

    opened = open_envelope(seal(sealed))

    assert msgspec.structs.replace(opened, body=sealed.body) == sealed
    assert msgspec.json.decode(opened.body) == body


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_open_or_are_refused(content: bytes) -> None:
    with pytest.raises(JukinetError):
        open_envelope(content)


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_envelope_opens_or_is_refused(data: st.DataObject) -> None:
    content = bytearray(seal(envelope(body=msgspec.Raw('{"name":"邊󠄂"}'.encode()))))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))

    with suppress(MalformedRequestError):
        opened = open_envelope(bytes(content))
        read_body(opened.body, msgspec.json.Decoder(dict[str, str]))


@settings(max_examples=200)
@given(st.sampled_from(sorted(CATALOGUE)), st.binary(max_size=100) | json_values.map(msgspec.json.encode))
def test_any_body_reads_or_is_refused(message_type: str, body: bytes) -> None:
    decoder = msgspec.json.Decoder(CATALOGUE[message_type].body)

    with suppress(MalformedRequestError):
        read_body(msgspec.Raw(body), decoder)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_bottomless_body_is_refused(opening: bytes) -> None:
    content = seal(envelope()).replace(b'"body":{}', b'"body":' + opening * 100_000)

    with pytest.raises(MalformedRequestError):
        open_envelope(content)


def test_a_bottomless_item_is_refused_by_the_body_s_type() -> None:
    deep = msgspec.Raw(b"[" * 100_000 + b"]" * 100_000)

    with pytest.raises(MalformedRequestError):
        read_body(deep, msgspec.json.Decoder(Any))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"message_id": "01977A4E-0000-7000-8000-000000000000"},
        {"message_id": "urn:uuid:01977a4e-0000-7000-8000-000000000000"},
        {"message_id": "01977a4e-0000-4000-8000-000000000000"},
        {"message_id": "01977a4e-0000-7000-8000-000000000000\n"},
        {"sent_at": "2026-04-01T09:00:00"},
        {"sent_at": 1775034000},
        {"stream_sequence": -1},
        {"stream_sequence": 2**63},
        {"stream_sequence": True},
        {"signature": "x"},
    ],
)
def test_an_envelope_of_another_form_is_refused(change: dict[str, object]) -> None:
    content = json.dumps({**json.loads(seal(envelope())), **change}).encode()

    with pytest.raises(MalformedRequestError):
        open_envelope(content)


@given(st.binary())
def test_a_signature_proves_these_bytes_of_this_key(content: bytes) -> None:
    signature = sign(content, KEY)

    require_signature(content, signature, KEY.public_key())

    with pytest.raises(BadSignatureError):
        require_signature(content + b" ", signature, KEY.public_key())
    with pytest.raises(BadSignatureError):
        require_signature(content, signature, OTHER_KEY.public_key())


@given(st.none() | st.text())
def test_any_text_for_a_signature_is_refused(signature: str | None) -> None:
    with pytest.raises(BadSignatureError):
        require_signature(b"content", signature, KEY.public_key())


@given(st.lists(instants.filter(lambda instant: instant.year >= 1970), min_size=2, max_size=2).map(sorted))
def test_message_ids_sort_by_time_to_the_millisecond(times: list[datetime]) -> None:
    earlier, later = (new_message_id(time, bytes(10)) for time in times)

    assert (earlier <= later) or (times[1] - times[0] < timedelta(milliseconds=1))


@given(st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_a_message_counts_for_five_minutes_either_way(distance: timedelta) -> None:
    sent = envelope(sent_at=NOW + distance)

    if abs(distance) <= timedelta(minutes=5):
        require_addressed(sent, message=sent.type, sender=AGENCY, receiver=NATIONAL, now=NOW)
    else:
        with pytest.raises(StaleMessageError):
            require_addressed(sent, message=sent.type, sender=AGENCY, receiver=NATIONAL, now=NOW)


@pytest.mark.parametrize(
    ("replaced", "error"),
    [
        ({"type": "identification_notice"}, MalformedRequestError),
        ({"sender": "agency/other"}, PeerNotPermittedError),
        ({"receiver": "prefectural/130001"}, PeerNotPermittedError),
    ],
)
def test_an_envelope_must_say_what_the_line_says(replaced: dict[str, str], error: type[JukinetError]) -> None:
    with pytest.raises(error):
        require_addressed(envelope(**replaced), message="confirmation_query", sender=AGENCY, receiver=NATIONAL, now=NOW)


def test_an_envelope_never_shows_its_body() -> None:
    assert "12345678901" not in repr(envelope(body=msgspec.Raw(b'"12345678901"')))


def test_a_refused_body_names_the_item_and_never_its_value() -> None:
    body = msgspec.Raw(b'{"resident_record_code":12345678901}')

    with pytest.raises(MalformedRequestError) as caught:
        read_body(body, msgspec.json.Decoder(CATALOGUE["confirmation_query"].body))

    assert caught.value.field == "resident_record_code"
    assert "12345678901" not in str(caught.value)
