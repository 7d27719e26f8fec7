"""What a relationship to the householder (続柄) may be written as."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jukinet.domain.errors import CharacterOutsideRepertoireError, InvalidValueError, MalformedNameError
from jukinet.domain.names import RELATIONSHIP_MAX_LENGTH, require_relationship
from tests.builders import birth


@pytest.mark.parametrize("text", ["子", "妻の子", "夫（未届）の連れ子", "子" * RELATIONSHIP_MAX_LENGTH])
def test_what_registers_write_is_a_relationship(text: str) -> None:
    require_relationship(text, field="relationship")


@pytest.mark.parametrize("text", ["", " 子", "子" * (RELATIONSHIP_MAX_LENGTH + 1)])
def test_an_empty_or_endless_text_is_none(text: str) -> None:
    with pytest.raises(MalformedNameError):
        require_relationship(text, field="relationship")


@pytest.mark.parametrize("text", ["子\x00", "子\n子", "\u202e子", "子\u200b"])
def test_a_character_that_nobody_sees_is_in_none(text: str) -> None:
    with pytest.raises(CharacterOutsideRepertoireError):
        require_relationship(text, field="relationship")


@pytest.mark.parametrize("text", ["子\x00", "子" * 5000, "\u202e子"])
def test_no_birth_is_reported_with_another(text: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        replace(birth(), relationship=text)

    assert caught.value.field == "relationship"
