"""How a check that fails says so."""

from __future__ import annotations

from typing import Any

from jukinet.domain.errors import ProofRefusedError


def require(holds: object, detail: str, field: str) -> None:
    """Raise ProofRefusedError with this detail unless it holds."""
    if not holds:
        raise ProofRefusedError(detail, field=field)


def read_hash(value: object, field: str) -> bytes:
    """Return 32 bytes written as 64 hexadecimal digits."""
    require(isinstance(value, str) and len(value) == 64, "A hash has 64 hexadecimal digits.", field)  # noqa: PLR2004 - it says so
    return read_hex(value, field)


def read_hex(value: object, field: str) -> bytes:
    """Return bytes written in hexadecimal digits."""
    try:
        return bytes.fromhex(str(value))
    except ValueError:
        raise ProofRefusedError("Not hexadecimal digits.", field=field) from None


def read_item(value: object, name: str, kind: type | tuple[type, ...]) -> Any:  # noqa: ANN401 - of the kind asked for
    """Return the item `name` of an object; raise ProofRefusedError if it is missing or of another kind."""
    found = value.get(name) if isinstance(value, dict) else None
    is_right = isinstance(found, kind) and not (isinstance(found, bool) and kind is int)
    require(is_right, "The item is missing or of the wrong kind.", name)
    return found
