"""What every command shares: the machine's clock, output as a table or JSON, errors as one line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, NoReturn, TypeVar

import msgspec
import typer
import uvloop
from rich.console import Console
from rich.table import Column, Table

from jukinet.domain.errors import InternalError, JukinetError

_Result = TypeVar("_Result")
#: Exit status of a refused command.
REFUSED: Final = 1
_FILE_WIDTH: Final = 2_000


def machine_clock() -> datetime:
    """Return the present instant by the machine's clock."""
    return datetime.now(UTC)


def run(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Run asynchronous work to its end."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@contextmanager
def plain_errors() -> Generator[None]:
    """Turn a refusal into one line that says what to do, and exit status 1; never a stack trace."""
    try:
        yield
    except JukinetError as error:
        refuse(error)
    except BaseExceptionGroup as group:
        refuse(_first_refusal(group))
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise  # the command line's own ways to end
    except Exception as error:  # noqa: BLE001 - its text may hold personal data; its class and its place do not
        refuse(InternalError(f"An internal error occurred: {type(error).__name__} in {_place(error)}."))


def refuse(error: JukinetError) -> NoReturn:
    """Say why, on standard error, and leave."""
    sys.stderr.write(f"jukinet: {error.detail}{f' ({error.field})' if error.field else ''} [{error.code}]\n")
    raise typer.Exit(REFUSED) from None


def show(rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str], as_json: bool) -> None:
    """Print rows as a table, or as one JSON object per line."""
    if as_json:
        for row in rows:
            sys.stdout.write(msgspec.json.encode(row).decode() + "\n")
        return
    table = Table(*[Column(column, overflow="fold") for column in columns])
    for row in rows:
        table.add_row(*["" if row.get(column) is None else str(row[column]) for column in columns])
    # In a file or a pipe nothing is folded: every record is one line.
    Console(width=None if sys.stdout.isatty() else _FILE_WIDTH).print(table)


def _first_refusal(group: BaseExceptionGroup[BaseException]) -> JukinetError:
    for inner in group.exceptions:
        if isinstance(inner, JukinetError):
            return inner
        if isinstance(inner, BaseExceptionGroup):
            return _first_refusal(inner)
    raise group


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "an unknown place" if trace is None else f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}"
