"""Base45 (RFC 9285): bytes in the alphabet that QR codes hold most densely and scanners type without loss."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}
_BASE: Final = len(ALPHABET)
_PAIR: Final = 2
_TRIPLE: Final = 3
_BYTE: Final = 256


def encode(content: bytes) -> str:
    """Return the text of these bytes."""
    written: list[str] = []
    for start in range(0, len(content), _PAIR):
        chunk = content[start : start + _PAIR]
        value = int.from_bytes(chunk, "big")
        for _ in range(len(chunk) + 1):
            value, rest = divmod(value, _BASE)
            written.append(ALPHABET[rest])
    return "".join(written)


def decode(text: str) -> bytes | None:
    """Return the bytes of a text, or None if it is not the text of any."""
    content = bytearray()
    for start in range(0, len(text), _TRIPLE):
        chunk = text[start : start + _TRIPLE]
        length = len(chunk) - 1
        if length == 0 or any(character not in _VALUES for character in chunk):
            return None
        value = sum(_VALUES[character] * _BASE**place for place, character in enumerate(chunk))
        if value >= _BYTE**length:
            return None
        content += value.to_bytes(length, "big")
    return bytes(content)
