"""Passwords of operators are dear to guess."""

from __future__ import annotations

from tests.fixtures_passwords import production_hasher


def test_a_password_is_hashed_with_what_rfc_9106_recommends_where_memory_is_short() -> None:
    assert production_hasher().hash("correct horse").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
