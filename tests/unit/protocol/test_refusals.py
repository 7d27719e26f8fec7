"""Refusals on the wire: every error of the tree crosses it and comes back as what it was."""

from __future__ import annotations

import msgspec
import pytest

from jukinet.domain.errors import InternalError, JukinetError, OperationError, PeerRefusedError, error_classes
from jukinet.protocol.errors import Refusal, error_of, refusal_of


@pytest.mark.parametrize("known", error_classes(), ids=lambda known: known.code)
def test_an_error_comes_back_as_itself(known: type[JukinetError]) -> None:
    status, refusal = refusal_of(known("Why.", field="name"))

    back = error_of(msgspec.json.decode(msgspec.json.encode(refusal), type=Refusal))

    assert 400 <= status < 600
    assert type(back) is known
    assert back.detail == "Why."
    assert back.field == (None if known is InternalError else "name")


def test_what_is_not_ours_keeps_its_text() -> None:
    status, refusal = refusal_of(ValueError("12345678901"))

    assert (status, refusal.code) == (500, "operation.internal")
    assert "12345678901" not in repr(refusal)


def test_a_code_of_a_newer_version_is_kept() -> None:
    error = error_of(Refusal(code="conflict.new", detail="Later."))

    assert type(error) is JukinetError
    assert "conflict.new" in error.detail


def test_a_refusal_longer_than_a_sentence_is_not_read() -> None:
    long = msgspec.json.encode({"code": "value", "detail": "x" * 501})

    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(long, type=Refusal)
    assert len(refusal_of(OperationError("x" * 501))[1].detail) == 500


@pytest.mark.parametrize(
    ("code", "is_temporary"), [("operation.busy", True), ("peer.unreachable", True), ("permission.peer", False)]
)
def test_a_caller_can_tell_later_from_never(code: str, is_temporary: bool) -> None:  # noqa: FBT001 - a parameter
    assert PeerRefusedError(peer_code=code).is_temporary is is_temporary
