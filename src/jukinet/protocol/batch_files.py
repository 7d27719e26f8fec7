"""A batch file on a disk of the organ: one line of header, then the lines it announces."""

from __future__ import annotations

from typing import BinaryIO, Final

import msgspec

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import FileFormatError, UnknownCodeListValueError
from jukinet.domain.provision_batches import BatchKey, BatchLayout, BatchPriority
from jukinet.protocol.batch import BatchHeader
from jukinet.protocol.batch_lines import LONGEST_LINE, Lines

_decoder: Final = msgspec.json.Decoder(BatchHeader)


def read_header(file: BinaryIO) -> BatchHeader:
    """Read the header; the lines come next in `file`.

    Raises:
        FileFormatError: the first line is not a header.
        UnknownCodeListValueError: layout, key or priority is none there is.
    """
    line = file.readline(LONGEST_LINE)
    try:
        header = _decoder.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        message = "The first line of a batch file is its header, one JSON object (docs/batch.md)."
        raise FileFormatError(message, field="header") from None
    if not line.endswith(b"\n"):
        raise FileFormatError("The header has no end of line, or is longer than any can be.", field="header")
    read_lines(header)
    return header


def read_lines(header: BatchHeader) -> Lines:
    """Return how the lines are written.

    Raises:
        UnknownCodeListValueError: layout, key or priority is none there is.
    """
    for name, values in (("layout", BatchLayout), ("key", BatchKey), ("priority", BatchPriority)):
        if getattr(header, name) not in {one.value for one in values}:
            known = ", ".join(one.value for one in values)
            raise UnknownCodeListValueError(f"One of {known}.", field=name)
    if header.changes_since is not None:
        CivilDate.from_wire(header.changes_since)
    return Lines(BatchLayout(header.layout), BatchKey(header.key), header.characters == "juki")
