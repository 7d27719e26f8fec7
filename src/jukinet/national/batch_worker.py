"""What costs processor time of a batch file, in a process of its own: real-time look-ups go on undisturbed (一括提供).

The process reads lines and hashes persons. It talks over its standard input and output in frames, a length and then
MessagePack, and ends when its input does: a killed node leaves none behind. Nothing it holds is ever needed again.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final, TypeAlias

import msgspec

from jukinet.audit.commitments import MemberSet, SetCommitment
from jukinet.domain.errors import InternalError
from jukinet.domain.provision_batches import BatchKey, BatchLayout
from jukinet.national.batch_judging import (
    AskedKeys,
    AskedLine,
    GatheredPerson,
    NamedLine,
    judge_lines,
    make_keys,
)
from jukinet.protocol.batch import BatchProblem
from jukinet.protocol.batch_lines import Lines, parse_block

_FRAME: Final = struct.Struct(">I")
_CODE_LENGTH: Final = 11
#: Look-ups come first wherever both want a processor.
_NICENESS: Final = 10


class ParseLines(msgspec.Struct, frozen=True, tag=True):
    """Read a block of whole lines."""

    content: bytes
    layout: BatchLayout
    key: BatchKey
    is_juki: bool
    first_line: int

    def __repr__(self) -> str:
        return "ParseLines(***)"


class ParsedLines(msgspec.Struct, frozen=True):
    """What the block came to."""

    rows: bytes
    good: int
    bad: int
    problems: tuple[BatchProblem, ...]

    def __repr__(self) -> str:
        return "ParsedLines(***)"


class AddPersons(msgspec.Struct, frozen=True, tag=True):
    """Hash persons of a file: codes, one after another."""

    name: str
    secret: bytes
    persons: str

    def __repr__(self) -> str:
        return "AddPersons(***)"


class CommitPersons(msgspec.Struct, frozen=True, tag=True):
    """Make the commitment to all persons added under this name, and forget them."""

    name: str


class Commitment(msgspec.Struct, frozen=True):
    """The commitment."""

    size: int
    depth: int
    root: bytes


class ForgetPersons(msgspec.Struct, frozen=True, tag=True):
    """Forget the persons added under this name."""

    name: str


class MakeKeys(msgspec.Struct, frozen=True, tag=True):
    """Make what people are looked for by of lines with four items."""

    lines: list[AskedLine]

    def __repr__(self) -> str:
        return "MakeKeys(***)"


class JudgeLines(msgspec.Struct, frozen=True, tag=True):
    """Judge whom lines with four items mean, of those who may be meant."""

    lines: list[AskedLine]
    gathered: list[GatheredPerson]

    def __repr__(self) -> str:
        return "JudgeLines(***)"


_Order: TypeAlias = ParseLines | AddPersons | CommitPersons | ForgetPersons | MakeKeys | JudgeLines
_Answer: TypeAlias = msgspec.Struct | Sequence[msgspec.Struct] | None
_orders: Final = msgspec.msgpack.Decoder(_Order)
_encoder: Final = msgspec.msgpack.Encoder()


@dataclass(slots=True)
class BatchWorker:
    """The process as the node sees it; started when it is first asked, and again when it is gone."""

    _process: asyncio.subprocess.Process | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def parse_lines(self, content: bytes, lines: Lines, *, first_line: int) -> ParsedLines:
        """Return what a block of whole lines came to."""
        order = ParseLines(content, lines.layout, lines.key, lines.is_juki, first_line)
        return msgspec.msgpack.decode(await self._ask(order), type=ParsedLines)

    async def add_persons(self, persons: str, *, name: str, secret: bytes) -> None:
        """Hash persons for the commitment of this name."""
        await self._ask(AddPersons(name, secret, persons))

    async def commit_persons(self, name: str) -> SetCommitment:
        """Return the commitment to the persons that were added, and forget them."""
        found = msgspec.msgpack.decode(await self._ask(CommitPersons(name)), type=Commitment)
        return SetCommitment(name, found.size, found.depth, found.root)

    async def forget_persons(self, name: str) -> None:
        """Forget the persons that were added under this name."""
        await self._ask(ForgetPersons(name))

    async def make_keys(self, lines: Sequence[AskedLine]) -> list[AskedKeys]:
        """Return what people are looked for by of each line."""
        return msgspec.msgpack.decode(await self._ask(MakeKeys(list(lines))), type=list[AskedKeys])

    async def judge_lines(self, lines: Sequence[AskedLine], gathered: Sequence[GatheredPerson]) -> list[NamedLine]:
        """Return who each line names, of those who may be meant."""
        return msgspec.msgpack.decode(await self._ask(JudgeLines(list(lines), list(gathered))), type=list[NamedLine])

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def _ask(self, order: _Order) -> bytes:
        async with self._turn:
            process = await self._started()
            try:
                content = _encoder.encode(order)
                process.stdin.write(_FRAME.pack(len(content)) + content)  # type: ignore[union-attr] # it is a pipe
                await process.stdin.drain()  # type: ignore[union-attr] # likewise
                (length,) = _FRAME.unpack(await process.stdout.readexactly(_FRAME.size))  # type: ignore[union-attr] # likewise
                return await process.stdout.readexactly(length)  # type: ignore[union-attr,no-any-return,unused-ignore] # likewise
            except (OSError, asyncio.IncompleteReadError):
                await self.close()
                raise InternalError("The process that reads batch files ended.") from None
            except BaseException:
                # Cancelled half-way: what comes next on the pipe would be the answer to another order.
                await self.close()
                raise

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                __name__,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=2**20,
            )
        return self._process


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Do what is ordered until the orders end."""
    sets: dict[str, MemberSet] = {}
    while len(head := orders.read(_FRAME.size)) == _FRAME.size:
        order = _orders.decode(orders.read(_FRAME.unpack(head)[0]))
        content = _encoder.encode(_do(order, sets))
        answers.write(_FRAME.pack(len(content)) + content)
        answers.flush()


def _do(order: _Order, sets: dict[str, MemberSet]) -> _Answer:
    match order:
        case MakeKeys():
            return make_keys(order.lines)
        case JudgeLines():
            return judge_lines(order.lines, order.gathered)
        case ParseLines():
            lines = Lines(order.layout, order.key, order.is_juki)
            block = parse_block(order.content, lines, first_line=order.first_line)
            return ParsedLines(block.rows, block.good, block.bad, block.problems)
        case AddPersons():
            members = sets.setdefault(order.name, MemberSet(order.name, order.secret))
            text = order.persons
            members.add(text[at : at + _CODE_LENGTH] for at in range(0, len(text), _CODE_LENGTH))
            return None
        case ForgetPersons():
            sets.pop(order.name, None)
            return None
        case CommitPersons():
            members = sets.pop(order.name, MemberSet(order.name, b""))
            found = members.commit()
            return Commitment(found.size, found.depth, found.root)


if __name__ == "__main__":
    os.nice(_NICENESS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
